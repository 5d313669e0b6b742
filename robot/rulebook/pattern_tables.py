"""Tables of patterns for texts that others write: what Navision answers, what customers mail."""

from __future__ import annotations

from typing import Final

import re2

from robot.rulebook.keys import Entry
from robot.rulebook.nodes import YamlNode, read_yaml
from robot.rulebook.source import RuleFile

#: In a pattern, what a blank stands for.
ANY_BLANKS: Final = r"\s*"
SOME_BLANKS: Final = r"\s+"


def rows_of(file: RuleFile, key: str, *, what: str) -> tuple[YamlNode, ...]:
    """The rows of a file that holds one list; problems are in the file's report.

    Args:
        file: The table.
        key: The list's name in it.
        what: What messages call the table.
    """
    node = read_yaml(file)
    if node is None:
        return ()
    return Entry(node, file.report, what=what, allowed=(key,), required=(key,)).items(key)


def sought(pattern: str, *, blank: str) -> re2._Regexp:
    """A pattern that is looked for anywhere in a text, in any case and across its lines."""
    options = re2.Options()
    options.case_sensitive = False
    options.dot_nl = True
    options.log_errors = False
    return re2.compile(pattern.replace(" ", blank), options)
