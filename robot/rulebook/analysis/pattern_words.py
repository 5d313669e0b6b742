"""Words that a pattern matches, for examples. What is not understood gives no word."""

from __future__ import annotations

import re
from typing import Final

_CLASSES: Final = {"d": "1", "w": "a", "s": " ", "D": "A", "W": "-", "S": "a"}
_CONTROL: Final = {"t": "\t", "n": "\n", "r": "\r"}
_REPEAT: Final = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_MOST: Final = 200


class _NotUnderstoodError(Exception):
    pass


def words_of(pattern: str) -> tuple[str, ...]:
    """A few words that a pattern probably matches; the caller checks them with RE2 itself."""
    try:
        found = _Reader(pattern).words()
    except (_NotUnderstoodError, IndexError):
        return ()
    return tuple(dict.fromkeys(word[:_MOST] for word in found))


class _Reader:
    """Reads alternatives, sequences and repeats, and makes one word of each alternative."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def words(self) -> list[str]:
        found = self._alternatives()
        if self._at < len(self._pattern):
            raise _NotUnderstoodError
        return found

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._pattern[self._at - 1]

    def _alternatives(self) -> list[str]:
        found = [self._sequence()]
        while self._peek() == "|":
            self._take()
            found.append(self._sequence())
        return found

    def _sequence(self) -> str:
        parts: list[str] = []
        while self._peek() and self._peek() not in "|)":
            one = self._one()
            parts.append(one * self._times())
        return "".join(parts)

    def _one(self) -> str:
        mark = self._take()
        if mark == "(":
            return self._group()
        if mark == "[":
            return self._set()
        if mark == "\\":
            return self._escape()
        if mark in "^$":
            return ""
        return "a" if mark == "." else mark

    def _group(self) -> str:
        if self._peek() == "?":
            closing = re.compile(r"\?(?:P?<\w+>|[a-zA-Z]*:|[a-zA-Z]+\))").match(
                self._pattern, self._at
            )
            if closing is None:
                raise _NotUnderstoodError
            self._at = closing.end()
            if closing.group().endswith(")"):
                return ""
        found = self._alternatives()
        if self._take() != ")":
            raise _NotUnderstoodError
        return found[0]

    def _set(self) -> str:
        if self._peek() == "^":
            self._take()
            end = self._pattern.index("]", self._at + 1)
            excluded, self._at = self._pattern[self._at : end], end + 1
            return next(mark for mark in "a1A-0zZ " if mark not in excluded)
        first = self._take()
        if first == "\\":
            first = self._escape()
        if self._peek() == "]" and first == "]":
            raise _NotUnderstoodError
        while self._take() != "]":
            if self._pattern[self._at - 1] == "\\":
                self._take()
        return first

    def _escape(self) -> str:
        mark = self._take()
        if mark in "bBAzpPxQ":
            if mark in "bBAz":
                return ""
            raise _NotUnderstoodError
        return _CLASSES.get(mark) or _CONTROL.get(mark) or mark

    def _times(self) -> int:
        mark = self._peek()
        if mark in {"*", "?"}:
            times = 0
            self._take()
        elif mark == "+":
            times = 1
            self._take()
        elif mark == "{" and (match := _REPEAT.match(self._pattern, self._at)):
            times = int(match[1])
            self._at = match.end()
        else:
            return 1
        if self._peek() == "?":
            self._take()
        return min(times, _MOST)
