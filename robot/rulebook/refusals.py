"""The ordered table of the ERP's texts when it refuses, and the error types that they mean."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import re2

from robot.errors import RuleFileError
from robot.flow.findings import ERP_UNMAPPED
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.literals import LiteralError, pattern
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.pattern_tables import ANY_BLANKS, rows_of, sought
from robot.rulebook.problem import Report, did_you_mean
from robot.rulebook.source import RuleFile, rule_file

ERP_REFUSALS: Final = "erp_refusals.yaml"
_KEYS: Final = ("code", "patterns", "why")
#: RE2 takes only ASCII's for white space, and a Danish client puts others into its texts, too.
_WHITE_SPACE: Final = re.compile(r"\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRow:
    """One entry: any of the patterns in the ERP's text means this error type."""

    code: str
    patterns: tuple[str, ...]
    compiled: tuple[re2._Regexp, ...] = field(repr=False, compare=False, default=())

    def matches(self, text: str) -> bool:
        """Whether one of the patterns is in the text."""
        plain = _WHITE_SPACE.sub(" ", text)
        return any(one.search(plain) is not None for one in self.compiled)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalTable:
    """All entries in their order."""

    rows: tuple[RefusalRow, ...] = ()

    def code_of(self, text: str) -> str:
        """The error type of the first entry that matches, else `erp-unmapped`."""
        return next((row.code for row in self.rows if row.matches(text)), ERP_UNMAPPED)


def read_refusals(file: RuleFile, codes: Collection[str] | None) -> RefusalTable:
    """Read the table; problems are in the file's report, and what has one is left out.

    Args:
        file: `erp_refusals.yaml`.
        codes: The error types that there are; None when they could not be read.
    """
    rows = rows_of(file, "refusals", what="the table of refusals")
    found = (_row(row, file.report, codes) for row in rows)
    return RefusalTable(rows=tuple(row for row in found if row is not None))


def checked_refusal(text: str, code: str, codes: Collection[str]) -> RefusalRow:
    """An entry of one pattern that a person gave.

    Raises:
        RuleFileError: The pattern is no RE2 or matches everything, or there is no such error type.
    """
    try:
        pattern(text)
    except LiteralError as error:
        raise RuleFileError(str(error)) from None
    if code not in codes:
        raise RuleFileError(f"there is no error type '{code}'", hint=did_you_mean(code, codes))
    row = _compiled(code, (text,))
    if row.matches(""):
        raise RuleFileError(f"the pattern '{text}' matches every text", hint="make it narrower")
    return row


def add_refusal(path: Path, row: RefusalRow, why: str, codes: Collection[str]) -> None:
    """Add an entry at the end of the file; all else in it stays as it was written.

    Raises:
        RuleFileError: The file can't be used or written.
    """
    try:
        before = path.read_text(encoding="utf-8")
        entry = [
            f"  - code: {row.code}",
            f"    why: {_quoted(' '.join(why.split()))}",
            "    patterns:",
            *(f"      - {_quoted(one)}" for one in row.patterns),
        ]
        after = before.rstrip("\n") + "\n\n" + "\n".join(entry) + "\n"
        checked = rule_file(path.name, str(path), after.encode())
        table = read_refusals(checked, codes)
        if checked.report.broken or table.rows[-1] != row:
            problem = next(iter(checked.report.problems), "the entry can't be read back")
            raise RuleFileError(str(problem))
        _replace(path, after)
    except OSError as error:
        raise RuleFileError(f"{path}: {error.strerror}") from error


def _replace(path: Path, content: str) -> None:
    """Write the file so that it is the old one or the new one at any moment."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, delete=False
    ) as fresh:
        fresh.write(content)
    written = Path(fresh.name)
    written.chmod(path.stat().st_mode & 0o777)
    written.replace(path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _row(node: YamlNode, report: Report, codes: Collection[str] | None) -> RefusalRow | None:
    entry = Entry(node, report, what="a refusal", allowed=_KEYS, required=("code", "patterns"))
    if not isinstance(node, YamlMapping):
        return None
    code = entry.text("code", required=True)
    patterns = _patterns(entry, report)
    if code is not None and codes is not None and code not in codes:
        at = entry.values["code"].at
        message = f"there is no error type '{code}' in error_types.yaml"
        report.error("unknown-error-type", at, message, did_you_mean(code, codes))
        return None
    if code is None or not patterns or not entry.valid:
        return None
    return _compiled(code, patterns)


def _patterns(entry: Entry, report: Report) -> tuple[str, ...]:
    node = entry.get("patterns")
    items: Sequence[YamlNode] = node.items if isinstance(node, YamlSequence) else ()
    if not items:
        at = entry.key_at("patterns")
        report.error("value-missing", at, "'patterns' must be a list of patterns")
    found = []
    for item in items:
        if not isinstance(item, YamlScalar) or not item.text:
            report.error("not-a-pattern", item.at, f"a pattern is text, not {kind_of(item)}")
            continue
        try:
            found.append(pattern(item.text))
        except LiteralError as error:
            report.error(error.code, item.at, str(error), error.suggestion)
    return tuple(found)


def _compiled(code: str, patterns: tuple[str, ...]) -> RefusalRow:
    # NAV cuts its texts in pieces, and blanks at a cut may be lost.
    compiled = tuple(sought(one, blank=ANY_BLANKS) for one in patterns)
    return RefusalRow(code=code, patterns=patterns, compiled=compiled)
