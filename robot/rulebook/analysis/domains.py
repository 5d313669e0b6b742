"""Sets of values that a field may still have: what is left when several conditions must hold.

A cell is the set of a field's known values that are possible, and whether the field may be missing
or not known. Sets only ever get smaller; one that is empty proves a contradiction. Where a set
can't be exact (a pattern that is not understood) it is larger than the truth, never smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from robot.rulebook.analysis.languages import (
    Language,
    beginning,
    both,
    either,
    has_no_word,
    without,
    word,
)
from robot.rulebook.analysis.patterns import language_of
from robot.rulebook.literals import compiled_pattern

#: A place on the number line: a value, and just below it (-1), on it (0) or just above it (1).
End: TypeAlias = tuple[Decimal, int]
LOWEST: Final[End] = (Decimal("-Infinity"), 0)
HIGHEST: Final[End] = (Decimal("Infinity"), 0)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers, amounts of one currency, or days: intervals in order, none touching another."""

    parts: tuple[tuple[End, End], ...]

    @property
    def empty(self) -> bool:
        """No number is left."""
        return not self.parts

    def meet(self, other: Numbers) -> Numbers:
        """The numbers in both."""
        both = (
            (max(low, other_low), min(high, other_high))
            for low, high in self.parts
            for other_low, other_high in other.parts
        )
        return Numbers(tuple((low, high) for low, high in both if low <= high))

    def rest(self) -> Numbers:
        """The numbers that are not in it."""
        parts: list[tuple[End, End]] = []
        start = LOWEST
        for low, high in self.parts:
            if low != LOWEST:
                parts.append((start, (low[0], low[1] - 1)))
            start = (high[0], high[1] + 1)
        if not self.parts or self.parts[-1][1] != HIGHEST:
            parts.append((start, HIGHEST))
        return Numbers(tuple(parts))

    def whole(self) -> Numbers:
        """The whole numbers in it, as closed intervals."""
        parts: list[tuple[End, End]] = []
        for (low, above), (high, below) in self.parts:
            first = _next_whole(low) if above > 0 else _rounded(low, ROUND_CEILING)
            last = -_next_whole(-high) if below < 0 else _rounded(high, ROUND_FLOOR)
            if first <= last:
                parts.append(((first, 0), (last, 0)))
        return Numbers(tuple(parts))


def _rounded(number: Decimal, way: str) -> Decimal:
    return number.to_integral_value(way) if number.is_finite() else number


def _next_whole(number: Decimal) -> Decimal:
    """The first whole number above one."""
    return _rounded(number, ROUND_FLOOR) + 1


ALL_NUMBERS: Final = Numbers(((LOWEST, HIGHEST),))
NO_NUMBERS: Final = Numbers(())


def from_to(low: End, high: End) -> Numbers:
    """One interval, both ends included; nothing when they are swapped."""
    return Numbers(((low, high),) if low <= high else ())


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts by currency; `others` are whole: all amounts of all other currencies, or none."""

    by_currency: tuple[tuple[str, Numbers], ...]
    others: bool

    @property
    def empty(self) -> bool:
        """No amount is left."""
        return not self.others and all(numbers.empty for _, numbers in self.by_currency)

    def of(self, currency: str) -> Numbers:
        """The amounts of one currency."""
        whole = ALL_NUMBERS if self.others else NO_NUMBERS
        return next((n for name, n in self.by_currency if name == currency), whole)

    def meet(self, other: Amounts) -> Amounts:
        """The amounts in both."""
        if self.by_currency == other.by_currency and self.others == other.others:
            return self
        names = sorted({name for name, _ in (*self.by_currency, *other.by_currency)})
        others = self.others and other.others
        found = ((name, self.of(name).meet(other.of(name))) for name in names)
        return Amounts(tuple((n, left) for n, left in found if others or not left.empty), others)


@dataclass(frozen=True, slots=True)
class Choices:
    """Words of a closed list, or yes and no."""

    values: frozenset[str | bool]

    @property
    def empty(self) -> bool:
        """No word is left."""
        return not self.values

    def meet(self, other: Choices) -> Choices:
        """The words in both."""
        return Choices(self.values & other.values)


_NONE: Final = frozenset[str]()
#: More single words than these are not kept out of a pattern's words.
_MOST_EXCLUDED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Codes and texts: those allowed (None: any), less what is excluded.

    `prefixes` are alternatives, one of which must begin the word (None: anything may); patterns
    must all match. Exact but for patterns that are not understood.
    """

    allowed: frozenset[str] | None = None
    excluded: frozenset[str] = _NONE
    prefixes: frozenset[str] | None = None
    not_prefixes: frozenset[str] = _NONE
    patterns: frozenset[str] = _NONE
    not_patterns: frozenset[str] = _NONE

    @property
    def empty(self) -> bool:
        """No word is left; of a pattern that is not understood, only if it must match and not."""
        if _NONE in (self.allowed, self.prefixes) or self.patterns & self.not_patterns:
            return True
        return bool(self.patterns or self.not_patterns) and has_no_word(self.language)

    @property
    def language(self) -> Language:
        """The words; more than those where a pattern is not understood or many are excluded."""
        return _language(self)

    def meet(self, other: Words) -> Words:
        """The words in both."""
        if self == other:
            return self
        not_prefixes = self.not_prefixes | other.not_prefixes
        both = Words(
            allowed=_both(self.allowed, other.allowed),
            excluded=self.excluded | other.excluded,
            prefixes=_begun(_longer(self.prefixes, other.prefixes), not_prefixes),
            not_prefixes=not_prefixes,
            patterns=self.patterns | other.patterns,
            not_patterns=self.not_patterns | other.not_patterns,
        )
        if both.allowed is None:
            return both
        # A few words that are known say everything: what else was asked of them is settled.
        return Words(allowed=frozenset(word for word in both.allowed if both.fits(word)))

    def fits(self, word: str) -> bool:
        """Whether a word meets every requirement."""
        return (
            (self.allowed is None or word in self.allowed)
            and word not in self.excluded
            and (self.prefixes is None or word.startswith(tuple(self.prefixes)))
            and not word.startswith(tuple(self.not_prefixes))
            and all(_matches(pattern, word) for pattern in self.patterns)
            and not any(_matches(pattern, word) for pattern in self.not_patterns)
        )


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _longer(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """The beginnings of words that begin with one of each: the longer where one begins another."""
    if one is None or other is None:
        return other if one is None else one
    pairs = ((p, q) for p in one for q in other)
    return frozenset(max(p, q, key=len) for p, q in pairs if p.startswith(q) or q.startswith(p))


def _begun(prefixes: frozenset[str] | None, without: frozenset[str]) -> frozenset[str] | None:
    if prefixes is None or not without:
        return prefixes
    return frozenset(prefix for prefix in prefixes if not prefix.startswith(tuple(without)))


@lru_cache(maxsize=4096)
def _language(words: Words) -> Language:
    read = (language_of(pattern) for pattern in words.patterns)
    parts = [one for one in read if one is not None]
    unread = (language_of(pattern) for pattern in words.not_patterns)
    parts += [without(one) for one in unread if one is not None]
    if words.allowed is not None:
        parts.append(either(map(word, words.allowed)))
    if words.prefixes is not None:
        parts.append(either(map(beginning, words.prefixes)))
    parts += [without(beginning(prefix)) for prefix in words.not_prefixes]
    near = [one for one in words.excluded if all(_matches(p, one) for p in words.patterns)]
    if len(near) <= _MOST_EXCLUDED:
        parts.append(without(either(map(word, near))))
    return both(parts)


@lru_cache(maxsize=4096)
def _matches(pattern: str, word: str) -> bool:
    return compiled_pattern(pattern).fullmatch(word) is not None


Values: TypeAlias = Numbers | Amounts | Choices | Words


class Cell(NamedTuple):
    """What one field may be: one of `values`, known to be missing, or not known."""

    values: Values
    missing: bool = False
    unknown: bool = False

    @property
    def empty(self) -> bool:
        """Nothing is left."""
        return not self.missing and not self.unknown and self.values.empty


def meet(one: Cell, other: Cell) -> Cell:
    """What is in both cells of one field."""
    return Cell(
        _meet_values(one.values, other.values),
        one.missing and other.missing,
        one.unknown and other.unknown,
    )


def _meet_values(one: Values, other: Values) -> Values:
    # One field has one kind of values, so both are of the same class.
    if isinstance(one, Choices) and isinstance(other, Choices):
        return one.meet(other)
    if isinstance(one, Words) and isinstance(other, Words):
        return one.meet(other)
    if isinstance(one, Amounts) and isinstance(other, Amounts):
        return one.meet(other)
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.meet(other)
    raise TypeError(f"{type(one).__name__} and {type(other).__name__} are of different fields")
