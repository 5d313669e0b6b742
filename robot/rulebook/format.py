"""`rules format`: one look for all rule files, with comments and order kept.

Nothing is written that does not mean the same: every value, whether it was quoted, and every
comment is compared before and after, and a file that fails is left alone with the reason.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.util import RegExp

from robot.errors import RuleFileError
from robot.rulebook.layout import comments, freed, tidy
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, read_yaml
from robot.rulebook.source import RuleFile, rule_file

#: Wider than any line: ruamel.yaml breaks lists badly, so lines are broken afterwards.
_NO_BREAKS: Final = 1_000_000
_NULL: Final = "tag:yaml.org,2002:null"
#: Looks that are tried before a text is given up that does not come to rest.
_MOST_ROUNDS: Final = 4


class _AsWritten(VersionedResolver):
    """Leaves every scalar the text that it is; only nothing at all is nothing."""

    @property
    def versioned_resolver(self) -> dict[str, list[tuple[str, Any]]]:
        """Which plain scalars are no text, by their first character."""
        return {"": [(_NULL, RegExp(r"^$"))]}


def formatted(file: RuleFile) -> str:
    """The file's text in the usual look.

    Raises:
        RuleFileError: It is not YAML that rules may be written in, or can't be laid out without
            changing what it says; the message names file, line and column.
    """
    before = _nodes(file)
    if before is None:
        if file.text is not None and not file.report.broken:
            return file.text  # nothing but comments
        raise RuleFileError(str(file.report.problems[0]), path=file.path)
    text = file.text or ""
    for _ in range(_MOST_ROUNDS):
        fresh = _laid_out(text, file.path)
        if fresh == text:
            break
        text = fresh
    else:
        raise _unsafe(file.path, 1, "its layout does not come to rest")
    _refuse_change(file, before, text)
    return text


def meaning(file: RuleFile) -> str:
    """SHA-256 over what a file says: keys, values and whether they were quoted, in order.

    Raises:
        RuleFileError: It is not YAML that rules may be written in.
    """
    node = _nodes(file)
    if node is None and file.report.broken:
        raise RuleFileError(str(file.report.problems[0]), path=file.path)
    words = "\n".join(word for word, _ in _words(node)) if node is not None else ""
    return hashlib.sha256(words.encode()).hexdigest()


def _nodes(file: RuleFile) -> YamlNode | None:
    # A file of its own, so that a second reading adds no problem to the first one's report.
    again = rule_file(file.name, file.path, (file.text or "").encode())
    node = read_yaml(again)
    for problem in again.report.problems:
        if problem not in file.report.problems:
            file.report.problems.append(problem)
    return None if again.report.broken else node


def _laid_out(text: str, path: str) -> str:
    yaml = YAML(typ="rt")
    yaml.Resolver = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = _NO_BREAKS
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    try:
        yaml.dump(yaml.load(freed(text)), out)
        return tidy(out.getvalue())
    except (YAMLError, ValueError, TypeError, AttributeError) as error:
        mark = getattr(error, "problem_mark", None)
        words = str(getattr(error, "problem", "") or type(error).__name__)
        raise _unsafe(path, 1 if mark is None else mark.line + 1, words) from error


def _refuse_change(file: RuleFile, before: YamlNode, text: str) -> None:
    after = _nodes(rule_file(file.name, file.path, text.encode()))
    says = iter(()) if after is None else _words(after)
    for (word, line), (other, _) in zip_longest(_words(before), says, fillvalue=("", 1)):
        if word != other:
            raise _unsafe(file.path, line, "what is written here would change")
    kept = [found.text for found in comments(text)]
    for found in comments(file.text or ""):
        if found.text not in kept:
            line = (file.text or "").count("\n", 0, found.start) + 1
            raise _unsafe(file.path, line, "a comment would be lost")
        kept.remove(found.text)


def _unsafe(path: str, line: int, why: str) -> RuleFileError:
    return RuleFileError(
        f"{path}:{line}:1: left as it is: it can't be laid out safely, {why}", path=path
    )


def _words(node: YamlNode) -> Iterator[tuple[str, int]]:
    """What a node says, word by word, with the line of each."""
    line = node.at.line
    if isinstance(node, YamlScalar):
        yield f"{'plain' if node.plain else 'quoted'} {node.text!r}", line
        return
    if isinstance(node, YamlMapping):
        yield f"mapping of {len(node.entries)}", line
        for key, value in node.entries:
            yield from _words(key)
            yield from _words(value)
        return
    yield f"list of {len(node.items)}", line
    for item in node.items:
        yield from _words(item)
