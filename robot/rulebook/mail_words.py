"""The words by which customers name an error type in mails of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import re2

from robot.rulebook.keys import Entry
from robot.rulebook.literals import LiteralError, pattern
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar
from robot.rulebook.pattern_tables import SOME_BLANKS, rows_of, sought
from robot.rulebook.problem import Report, did_you_mean
from robot.rulebook.source import RuleFile
from robot.rulebook.taxonomy import LANGUAGES

MAIL_WORDS: Final = "mail_words.yaml"
_LIST: Final = "mail-words"
_INSTEAD: Final = "instead-of"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsRow:
    """One entry: a pattern in any language in a mail means this error type."""

    code: str
    #: By language.
    patterns: Mapping[str, tuple[str, ...]]
    #: Error types that this one, when it is met, is meant instead of.
    instead_of: frozenset[str] = frozenset()
    compiled: tuple[re2._Regexp, ...] = field(repr=False, compare=False, default=())

    def matches(self, text: str) -> bool:
        """Whether one of the patterns is in the text."""
        return any(one.search(text) is not None for one in self.compiled)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """All entries."""

    rows: tuple[WordsRow, ...] = ()

    def codes_in(self, text: str) -> tuple[str, ...]:
        """The error types that a text speaks of, in the order of the entries."""
        met = [row for row in self.rows if row.matches(text)]
        hidden = frozenset[str]().union(*(row.instead_of for row in met))
        return tuple(row.code for row in met if row.code not in hidden)


def read_mail_words(file: RuleFile, codes: Collection[str] | None) -> MailWords:
    """Read the table; problems are in the file's report, and what has one is left out.

    Args:
        file: `mail_words.yaml`.
        codes: The error types that there are; None when they could not be read.
    """
    rows = rows_of(file, _LIST, what="the table of customers' words")
    taken: set[str] = set()
    found = [_row(row, file.report, codes, taken) for row in rows]
    return MailWords(rows=tuple(row for row in found if row is not None))


def _row(
    node: YamlNode, report: Report, codes: Collection[str] | None, taken: set[str]
) -> WordsRow | None:
    allowed = ("code", _INSTEAD, *LANGUAGES)
    entry = Entry(node, report, what="an entry", allowed=allowed, required=("code", *LANGUAGES))
    if not isinstance(node, YamlMapping):
        return None
    for scalar in (*entry.scalars("code"), *entry.scalars(_INSTEAD)):
        if codes is not None and scalar.text not in codes:
            message = f"there is no error type '{scalar.text}' in error_types.yaml"
            entry.fail("unknown-error-type", scalar.at, message, did_you_mean(scalar.text, codes))
    code = entry.text("code", required=True)
    if code is not None and code in taken:
        entry.fail("duplicate-entry", entry.at, f"'{code}' has an entry already; join the two")
    patterns = {language: _patterns(entry, language) for language in LANGUAGES}
    if code is None or not entry.valid:
        return None
    taken.add(code)
    return WordsRow(
        code=code,
        patterns=patterns,
        instead_of=frozenset(entry.texts(_INSTEAD)),
        compiled=tuple(
            sought(one, blank=SOME_BLANKS) for group in patterns.values() for one in group
        ),
    )


def _patterns(entry: Entry, language: str) -> tuple[str, ...]:
    if language in entry and not entry.scalars(language):
        entry.fail(
            "value-missing", entry.key_at(language), f"'{language}' must be a list of patterns"
        )
    return tuple(
        text for scalar in entry.scalars(language) if (text := _pattern(entry, scalar)) is not None
    )


def _pattern(entry: Entry, scalar: YamlScalar) -> str | None:
    try:
        text = pattern(scalar.text)
    except LiteralError as error:
        entry.fail(error.code, scalar.at, error.message, error.suggestion)
        return None
    if sought(text, blank=SOME_BLANKS).search("") is not None:
        entry.fail("bad-pattern", scalar.at, f"the pattern '{text}' matches every mail")
        return None
    return text
