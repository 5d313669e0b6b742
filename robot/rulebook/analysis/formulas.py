"""Conditions as formulas over cells: what must be so for a condition to come out as wanted.

Negation is gone, three-valued logic as well: that a condition is true, false, not true or not
false are four different formulas.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, TypeAlias

from robot.domain.money import Money
from robot.rulebook.analysis.domains import ALL_NUMBERS, Cell, Choices, End, Numbers
from robot.rulebook.analysis.value_sets import (
    Moment,
    NotOneDayError,
    ValueSets,
    Wanted,
    counts_from_today,
    numbers,
)
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Literal,
    Not,
    SumLines,
    Test,
)
from robot.rulebook.names import Fields
from robot.rulebook.vocabulary import Operator, Quantifier

#: A field of the document or of a line.
Key: TypeAlias = FieldRef | tuple[FieldRef, str]


@dataclass(frozen=True, slots=True)
class And:
    """All of them; nothing at all always holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them; of none, nothing can hold."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A field is in a cell."""

    field: Key
    cell: Cell


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can't be said of one field's values came out one of several ways."""

    what: Hashable
    ways: frozenset[bool | None]
    condition: Condition


@dataclass(frozen=True, slots=True)
class SomeLine:
    """At least one line is so."""

    part: Formula


@dataclass(frozen=True, slots=True)
class EveryLine:
    """Each line is so."""

    part: Formula


Formula: TypeAlias = And | Or | Atom | Fact | SomeLine | EveryLine
ALWAYS: Final = And(())
NEVER: Final = Or(())
_HAS_LINES: Final = Atom(LINES, Cell(Choices(frozenset({"some"}))))
_NO_LINES: Final = Atom(LINES, Cell(Choices(frozenset()), missing=True, unknown=True))
_WAYS: Final[dict[Wanted, frozenset[bool | None]]] = {
    Wanted.TRUE: frozenset({True}),
    Wanted.FALSE: frozenset({False}),
    Wanted.NOT_TRUE: frozenset({False, None}),
    Wanted.NOT_FALSE: frozenset({True, None}),
}


class Formulas:
    """Makes formulas for one moment."""

    def __init__(self, fields: Fields, moment: Moment) -> None:
        self._sets = ValueSets(fields, moment)
        self._timeless = moment.day is None

    def of(self, condition: Condition | None, wanted: Wanted) -> Formula:
        """What must be so for a condition to come out as wanted; None holds always."""
        if condition is None:
            return ALWAYS if wanted.leans_true else NEVER
        if isinstance(condition, Test):
            return self._test(condition, wanted)
        if isinstance(condition, Not):
            return self.of(condition.part, wanted.negated)
        if isinstance(condition, AllOf | AnyOf):
            parts = tuple(self.of(part, wanted) for part in condition.parts)
            return And(parts) if isinstance(condition, AllOf) is wanted.leans_true else Or(parts)
        if isinstance(condition, ForLines):
            return self._for_lines(condition.quantifier, condition.part, wanted)
        return self._measured(condition, wanted)

    def known(self, field: FieldRef) -> Atom:
        """The field is there and known."""
        return Atom(field, self._sets.known(field))

    def _test(self, test: Test, wanted: Wanted) -> Formula:
        if test.operator in {Operator.SAME_AS, Operator.DIFFERS_FROM}:
            return self._relation(test, wanted)
        try:
            cell = self._sets.cell(test, wanted)
        except NotOneDayError:
            return self._dated(test, wanted)
        if self._timeless and counts_from_today(test):
            return Atom((test.field, "from today"), cell)
        return Atom(test.field, cell)

    def _dated(self, test: Test, wanted: Wanted) -> Formula:
        """A test whose values change from day to day, read for every day."""
        opposite = test.operator is Operator.NOT_IN_LIST
        ways = _WAYS[wanted.negated if opposite else wanted]
        fact = Fact(("list", test.field, test.operands), ways, test)
        return fact if wanted.may_be_unknown else And((self.known(test.field), fact))

    def _relation(self, test: Test, wanted: Wanted) -> Formula:
        (other,) = test.operands
        opposite = test.operator is Operator.DIFFERS_FROM
        ways = _WAYS[wanted.negated if opposite else wanted]
        fact = Fact(("same", frozenset({test.field, other})), ways, test)
        if wanted.may_be_unknown or not isinstance(other, FieldRef):
            return fact
        # On a line only the line's own fields have cells here.
        sides = [f for f in (test.field, other) if f.of_line is test.field.of_line]
        return And((*(self.known(field) for field in sides), fact))

    def _for_lines(self, quantifier: Quantifier, part: Condition, wanted: Wanted) -> Formula:
        if quantifier is Quantifier.NONE:
            return self._for_lines(Quantifier.ANY, part, wanted.negated)
        inner = self.of(part, wanted)
        some = (quantifier is Quantifier.ANY) is wanted.leans_true
        lines: Formula = SomeLine(inner) if some else EveryLine(inner)
        if wanted.may_be_unknown:
            return Or((_NO_LINES, lines))
        return And((_HAS_LINES, lines))

    def _measured(self, condition: CountLines | SumLines, wanted: Wanted) -> Formula:
        allowed = allowed_sizes(condition)
        if isinstance(condition, CountLines):
            if condition.where is None and not allowed.meet(_ZERO).empty:
                # All lines are counted, and without any it is unknown: the count is never zero.
                allowed = allowed.meet(_SOME)
            simpler = self._counted(allowed, condition.where, wanted)
            if simpler is not None:
                return simpler
        if allowed.empty:
            return NEVER if wanted is Wanted.TRUE else ALWAYS
        fact = Fact(_measure_of(condition), _WAYS[wanted], condition)
        return fact if wanted.may_be_unknown else And((_HAS_LINES, fact))

    def _counted(
        self, allowed: Numbers, where: Condition | None, wanted: Wanted
    ) -> Formula | None:
        """`count` in simpler words when it says just that: any line, none, or whatever."""
        if allowed.parts == (_SOME if where is None else _ANY_COUNT).parts:
            if wanted is Wanted.FALSE:
                return NEVER
            known = _HAS_LINES if wanted is Wanted.TRUE else _NO_LINES
            return ALWAYS if wanted is Wanted.NOT_FALSE else known
        if where is not None and allowed.parts == _SOME.parts:
            return self._for_lines(Quantifier.ANY, where, wanted)
        if where is not None and allowed.parts == _ZERO.parts:
            return self._for_lines(Quantifier.NONE, where, wanted)
        return None


_ANY_COUNT: Final = numbers(Operator.AT_LEAST, [Decimal(0)])
_SOME: Final = numbers(Operator.AT_LEAST, [Decimal(1)])
_ZERO: Final = numbers(Operator.IS, [Decimal(0)])


def allowed_sizes(condition: CountLines | SumLines) -> Numbers:
    """The counts or sums that the bounds leave; all of them when the currencies differ."""
    found = ALL_NUMBERS
    for bound in condition.bounds:
        ends = _ends(bound)
        found = found.meet(numbers(bound.operator, ends) if ends else ALL_NUMBERS)
    currencies = {
        o.value.currency
        for bound in condition.bounds
        for o in bound.operands
        if isinstance(o, Literal) and isinstance(o.value, Money)
    }
    if isinstance(condition, CountLines):
        return _whole(found.meet(_ANY_COUNT))
    return found if len(currencies) <= 1 else ALL_NUMBERS


def _whole(found: Numbers) -> Numbers:
    """The whole numbers of intervals, as closed intervals."""
    parts: list[tuple[End, End]] = []
    for (low, above), (high, below) in found.parts:
        first = low if above <= 0 else low.to_integral_value(ROUND_FLOOR) + 1
        last = high if below >= 0 else high.to_integral_value(ROUND_CEILING) - 1
        ends = (first.to_integral_value(ROUND_CEILING), last.to_integral_value(ROUND_FLOOR))
        if ends[0] <= ends[1]:
            parts.append(((ends[0], 0), (ends[1], 0)))
    return Numbers(tuple(parts))


def _ends(bound: Bound) -> list[Decimal]:
    values = [o.value for o in bound.operands if isinstance(o, Literal)]
    amounts = [value.amount if isinstance(value, Money) else value for value in values]
    return [amount for amount in amounts if isinstance(amount, Decimal)]


def _measure_of(condition: CountLines | SumLines) -> Hashable:
    """The same measure with the same bounds is the same fact, wherever it is written."""
    what = condition.field if isinstance(condition, SumLines) else "count"
    where = None if condition.where is None else without_places(condition.where)
    return (what, where, tuple((bound.operator, bound.operands) for bound in condition.bounds))


def without_places(condition: Condition) -> Hashable:
    """A condition as what it says, wherever it stands."""
    if isinstance(condition, Test):
        return (condition.field, condition.operator, condition.operands)
    if isinstance(condition, AllOf | AnyOf):
        return (type(condition), tuple(without_places(part) for part in condition.parts))
    if isinstance(condition, Not):
        return (Not, without_places(condition.part))
    if isinstance(condition, ForLines):
        return (condition.quantifier, without_places(condition.part))
    return _measure_of(condition)
