r"""Reads patterns as RE2 does, into the languages that they describe.

Understood are letters, sets, `\d \w \s`, groups, alternatives, repeats and `(?i)`. What looks
around itself (`\b`, an anchor inside) or names classes of Unicode is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from robot.rulebook.analysis.languages import (
    EMPTY_WORD,
    HIGHEST,
    Language,
    Letter,
    Many,
    TooLargeError,
    either,
    then,
    words_of,
)

Ranges: TypeAlias = tuple[tuple[int, int], ...]
_DIGITS: Final[Ranges] = ((48, 57),)
_WORDS: Final[Ranges] = ((48, 57), (65, 90), (95, 95), (97, 122))
_BLANKS: Final[Ranges] = ((9, 10), (12, 13), (32, 32))
_LINE_FEED: Final[Ranges] = ((10, 10),)
_CONTROL: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "a": 7}
_GROUP: Final = re.compile(r"\?(?:P?<\w+>|(i?):)")
_REPEAT: Final = re.compile(r"\{(\d+)(,(\d*))?\}")
#: Letters with more forms than a capital and a small one, or with none that RE2 knows.
_FORMS: Final = {"k": (0x212A,), "s": (0x17F,), "å": (0x212B,), "ÿ": (0x178,)}
_NO_FORMS: Final = frozenset("µßẞ")
_LATIN: Final = 0xFF
#: Repeats are written out; longer ones are not understood.
_MOST_COPIES: Final = 60
_MOST_WORDS: Final = 8


class _NotUnderstoodError(Exception):
    pass


@lru_cache(maxsize=2048)
def language_of(pattern: str) -> Language | None:
    """The words that a pattern of RE2 matches whole; None when it is not understood."""
    try:
        return _Reader(pattern).language()
    except (_NotUnderstoodError, IndexError):
        return None


def matching_words(pattern: str) -> tuple[str, ...]:
    """A few words that a pattern matches, the shortest first; none when it is not understood."""
    language = language_of(pattern)
    found: list[str] = []
    if language is not None:
        with suppress(TooLargeError):
            found.extend(islice(words_of(language), _MOST_WORDS))
    return tuple(found)


class _Reader:
    """Reads one pattern that RE2 takes."""

    def __init__(self, pattern: str) -> None:
        self._both_cases = pattern.startswith("(?i)")
        self._text = pattern.removeprefix("(?i)")
        self._at = 0

    def language(self) -> Language:
        found = self._alternatives(top=True)
        if self._at < len(self._text):
            raise _NotUnderstoodError
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _takes(self, word: str) -> bool:
        found = self._text.startswith(word, self._at)
        self._at += len(word) if found else 0
        return found

    def _alternatives(self, *, top: bool = False) -> Language:
        found = [self._sequence(top=top)]
        while self._takes("|"):
            found.append(self._sequence(top=top))
        return either(found)

    def _sequence(self, *, top: bool) -> Language:
        if top and (self._takes("^") or self._takes(r"\A")):
            pass  # the whole value is matched in any case
        parts: list[Language] = []
        while self._peek() and self._peek() not in "|)":
            if top and (self._takes("$") or self._takes(r"\z")):
                if self._peek() not in {"", "|"}:
                    raise _NotUnderstoodError
                break
            parts.append(self._repeated(self._one()))
        found: Language = EMPTY_WORD
        for part in reversed(parts):
            found = then(part, found)
        return found

    def _one(self) -> Language:
        mark = self._take()
        if mark == "(":
            return self._group()
        if mark == "[":
            return Letter(self._set())
        if mark == "\\":
            return Letter(self._escape())
        if mark in "^$*+?":
            raise _NotUnderstoodError
        return Letter(_others(_LINE_FEED) if mark == "." else self._forms(mark))

    def _group(self) -> Language:
        before = self._both_cases
        if self._peek() == "?":
            opened = _GROUP.match(self._text, self._at)
            if opened is None:
                raise _NotUnderstoodError
            self._at = opened.end()
            self._both_cases = before or bool(opened[1])
        found = self._alternatives()
        self._both_cases = before
        if self._take() != ")":
            raise _NotUnderstoodError
        return found

    def _set(self) -> Ranges:
        excluded = self._takes("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or self._peek() != "]":
            first = False
            found.extend(self._member())
        self._take()
        ranges = _joined(found)
        return _others(ranges) if excluded else ranges

    def _member(self) -> Ranges:
        low = self._set_letter()
        if len(low) > 1 or low[0][0] != low[0][1]:
            return low
        if self._peek() != "-" or self._text[self._at + 1] == "]":
            return self._forms(chr(low[0][0]))
        self._take()
        high = self._set_letter()
        if len(high) > 1 or high[0][0] != high[0][1]:
            raise _NotUnderstoodError
        letters = range(low[0][0], high[0][1] + 1)
        if not self._both_cases:
            return ((letters[0], letters[-1]),)
        if letters[-1] > _LATIN:
            raise _NotUnderstoodError
        return tuple(form for letter in letters for form in self._forms(chr(letter)))

    def _set_letter(self) -> Ranges:
        mark = self._take()
        if mark == "[" and self._peek() == ":":
            raise _NotUnderstoodError
        return self._escape(alone=True) if mark == "\\" else ((ord(mark), ord(mark)),)

    def _escape(self, *, alone: bool = False) -> Ranges:
        mark = self._take()
        classes = {"d": _DIGITS, "w": _WORDS, "s": _BLANKS}
        if mark.lower() in classes:
            if self._both_cases and mark.lower() == "w":
                raise _NotUnderstoodError
            found = classes[mark.lower()]
            return found if mark.islower() else _others(found)
        if mark in _CONTROL:
            return ((_CONTROL[mark], _CONTROL[mark]),)
        if mark.isalnum() or mark == "_":
            raise _NotUnderstoodError
        return ((ord(mark), ord(mark)),) if alone else self._forms(mark)

    def _forms(self, letter: str) -> Ranges:
        """A letter, with its capital and small form when case does not count."""
        if not self._both_cases or not letter.isalpha():
            return ((ord(letter), ord(letter)),)
        small = letter.lower()
        extra = _FORMS.get(small, ())
        if letter in _NO_FORMS or len(small) > 1 or (ord(letter) > _LATIN and not extra):
            raise _NotUnderstoodError
        capital = {ord(small.upper())} if len(small.upper()) == 1 else set()
        return tuple((form, form) for form in sorted({ord(small), *capital, *extra}))

    def _repeated(self, part: Language) -> Language:
        while self._peek() and self._peek() in "*+?{":
            if self._peek() == "{":
                match = _REPEAT.match(self._text, self._at)
                if match is None:
                    break
                self._at = match.end()
                part = _copied(part, int(match[1]), match[2], match[3])
            else:
                mark = self._take()
                once = part if mark == "+" else EMPTY_WORD
                part = either((EMPTY_WORD, part)) if mark == "?" else then(once, Many(part))
            self._takes("?")  # a lazy repeat matches the same words
        return part


def _copied(part: Language, least: int, upto: str | None, most: str | None) -> Language:
    last = least if upto is None else int(most) if most else None
    if max(least, last or 0) > _MOST_COPIES:
        raise _NotUnderstoodError
    found: Language = Many(part) if last is None else EMPTY_WORD
    for _ in range((last or least) - least):
        found = either((EMPTY_WORD, then(part, found)))
    for _ in range(least):
        found = then(part, found)
    return found


def _joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges in order, none touching another."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def _others(ranges: Ranges) -> Ranges:
    """The letters that are in none of the ranges."""
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if start < low:
            found.append((start, low - 1))
        start = high + 1
    return (*found, (start, HIGHEST)) if start <= HIGHEST else tuple(found)
