"""Sets of words, as patterns and beginnings describe them: what several leave together.

A language is a tree. What may follow a letter is its derivative (Brzozowski 1964), which takes
intersections and complements as they come; looking at all derivatives finds the shortest words, or
that there are none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

#: The highest code point, and the range that no text contains.
HIGHEST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
#: Letters by which ranges are shown, the most usual first.
_SHOWN: Final = "1A0a-. xzZøØ9"
#: Derivatives that are looked at before a search is given up.
_MOST_STATES: Final = 400


@dataclass(frozen=True, slots=True)
class Letter:
    """Words of one letter: its code point is in one of the ranges (both ends included)."""

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Then:
    """A word of the one and then a word of the other."""

    first: Language
    rest: Language


@dataclass(frozen=True, slots=True)
class Either:
    """Words of at least one part; of none, there are no words."""

    parts: frozenset[Language]


@dataclass(frozen=True, slots=True)
class Both:
    """Words of every part."""

    parts: frozenset[Language]


@dataclass(frozen=True, slots=True)
class Without:
    """All words but those of the part."""

    part: Language


@dataclass(frozen=True, slots=True)
class Many:
    """Words of the part one after another, none at all included."""

    part: Language


Language: TypeAlias = Letter | Then | Either | Both | Without | Many
NO_WORD: Final = Either(frozenset())
EMPTY_WORD: Final = Many(NO_WORD)
ANY_WORD: Final = Without(NO_WORD)


class TooLargeError(Exception):
    """A search for words was given up; whether there are any is open."""


def then(first: Language, rest: Language) -> Language:
    """One after the other."""
    if NO_WORD in (first, rest):
        return NO_WORD
    if EMPTY_WORD in (first, rest):
        return rest if first == EMPTY_WORD else first
    return Then(first, rest)


def either(parts: Iterable[Language]) -> Language:
    """One of several."""
    found: set[Language] = set()
    for part in parts:
        found.update(part.parts if isinstance(part, Either) else (part,))
    if ANY_WORD in found:
        return ANY_WORD
    return found.pop() if len(found) == 1 else Either(frozenset(found))


def both(parts: Iterable[Language]) -> Language:
    """All of several at once."""
    found: set[Language] = set()
    for part in parts:
        found.update(part.parts if isinstance(part, Both) else (part,))
    found.discard(ANY_WORD)
    if NO_WORD in found:
        return NO_WORD
    if not found:
        return ANY_WORD
    return found.pop() if len(found) == 1 else Both(frozenset(found))


def without(part: Language) -> Language:
    """Everything else."""
    return part.part if isinstance(part, Without) else Without(part)


def word(text: str) -> Language:
    """Just one word."""
    found: Language = EMPTY_WORD
    for letter in reversed(text):
        found = then(Letter(((ord(letter), ord(letter)),)), found)
    return found


def beginning(text: str) -> Language:
    """All words that begin with a text."""
    return then(word(text), ANY_WORD)


def words_of(language: Language) -> Iterator[str]:
    """Some words of a language, the shortest first; all of its kinds of words are there.

    Raises:
        TooLargeError: There may be more words, or some at all; the search was given up.
    """
    letters = _letters(language)
    waiting: deque[tuple[Language, str]] = deque([(language, "")])
    seen = {language}
    while waiting:
        left, begun = waiting.popleft()
        if _takes_nothing(left):
            yield begun
        for letter in letters:
            following = _after(left, letter)
            if following != NO_WORD and following not in seen:
                seen.add(following)
                if len(seen) > _MOST_STATES:
                    raise TooLargeError
                waiting.append((following, begun + chr(letter)))


@lru_cache(maxsize=4096)
def has_no_word(language: Language) -> bool:
    """Whether it is certain that a language has no words."""
    try:
        return next(words_of(language), None) is None
    except TooLargeError:
        return False


def _takes_nothing(language: Language) -> bool:
    """Whether the empty word is of a language."""
    if isinstance(language, Then):
        return _takes_nothing(language.first) and _takes_nothing(language.rest)
    if isinstance(language, Either):
        return any(_takes_nothing(part) for part in language.parts)
    if isinstance(language, Both):
        return all(_takes_nothing(part) for part in language.parts)
    if isinstance(language, Without):
        return not _takes_nothing(language.part)
    return isinstance(language, Many)


def _after(language: Language, letter: int) -> Language:
    """What may follow a letter."""
    if isinstance(language, Letter):
        found = any(low <= letter <= high for low, high in language.ranges)
        return EMPTY_WORD if found else NO_WORD
    if isinstance(language, Then):
        following = [then(_after(language.first, letter), language.rest)]
        if _takes_nothing(language.first):
            following.append(_after(language.rest, letter))
        return either(following)
    if isinstance(language, Either | Both):
        following_each = (_after(part, letter) for part in language.parts)
        return either(following_each) if isinstance(language, Either) else both(following_each)
    if isinstance(language, Without):
        return without(_after(language.part, letter))
    return then(_after(language.part, letter), language)


def _letters(language: Language) -> list[int]:
    """One letter of each range that a language tells apart."""
    starts = {0}
    waiting = [language]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Letter):
            starts.update(end for low, high in part.ranges for end in (low, high + 1))
        elif isinstance(part, Then):
            waiting += (part.first, part.rest)
        elif isinstance(part, Either | Both):
            waiting += part.parts
        else:
            waiting.append(part.part)
    ordered = sorted(start for start in starts if start <= HIGHEST)
    ends = [*(start - 1 for start in ordered[1:]), HIGHEST]
    found = [_shown(low, high) for low, high in zip(ordered, ends, strict=True)]
    usual = [letter for letter in found if letter is not None]
    return sorted(usual, key=lambda one: (_SHOWN + chr(one)).index(chr(one)))


def _shown(low: int, high: int) -> int | None:
    """A letter of a range; None when no text contains any."""
    usual = (ord(letter) for letter in _SHOWN if low <= ord(letter) <= high)
    if low in _SURROGATES:
        low = _SURROGATES.stop
    return next(usual, low if low <= high else None)
