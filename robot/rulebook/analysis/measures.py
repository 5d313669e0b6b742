"""Counts and sums of lines as formulas, with what they say of the lines themselves.

How many lines meet a condition is open where it is unknown of some: between the lines that
certainly do and those that possibly do. `at least 3` is true when three certainly do, and false
when fewer than three possibly do.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal
from typing import Final, TypeAlias

from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.analysis.domains import (
    ALL_NUMBERS,
    HIGHEST,
    LOWEST,
    Amounts,
    Cell,
    End,
    Numbers,
    from_to,
)
from robot.rulebook.analysis.formulas import (
    ALWAYS,
    HAS_LINES,
    NEVER,
    NO_LINES,
    And,
    Atom,
    EveryLine,
    Formula,
    Measure,
    Or,
    SomeLine,
)
from robot.rulebook.analysis.value_sets import Wanted, numbers
from robot.rulebook.conditions import (
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
from robot.rulebook.vocabulary import Operator

CERTAINLY: Final = "certainly counted"
POSSIBLY: Final = "possibly counted"
LINES_IN_ALL: Final = Measure(what="lines in all")
SUM: Final = "sum"
_ONE: Final[End] = (Decimal(1), 0)
#: Operators that say the same whatever the order of what stands after them.
_UNORDERED: Final = frozenset({Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH})
_Of: TypeAlias = Callable[[Condition, Wanted], Formula]


class Measures:
    """Makes formulas of counts and sums; `of` makes those of what is asked of a line."""

    def __init__(self, of: _Of, known: Callable[[FieldRef], Atom]) -> None:
        self._of = of
        self._known = known

    def count(self, condition: CountLines, wanted: Wanted) -> Formula:
        """A count comes out as wanted."""
        if not _filled(condition):
            return ALWAYS
        parts: list[Formula] = []
        for bound in condition.bounds:
            parts.extend(self._halves(bound, condition.where, wanted))
        return _over_lines(And(tuple(parts)) if wanted.leans_true else Or(tuple(parts)), wanted)

    def _halves(self, bound: Bound, where: Condition | None, wanted: Wanted) -> Iterator[Formula]:
        found = numbers(bound.operator, list(_ends(bound))).whole()
        if found.empty:
            yield ALWAYS if wanted in {Wanted.FALSE, Wanted.NOT_TRUE} else NEVER
            return
        (((low, _), (high, _)),) = found.parts
        yield self._at_least(int(max(low, Decimal(0))), where, wanted)
        if high.is_finite():
            yield self._at_least(max(int(high) + 1, 0), where, wanted.negated)

    def _at_least(self, number: int, where: Condition | None, wanted: Wanted) -> Formula:
        """Whether so many lines meet a condition comes out as wanted."""
        if number == 0 or (number == 1 and where is None):
            return ALWAYS if wanted.leans_true else NEVER
        if wanted.leans_true:
            many = from_to((Decimal(number), 0), HIGHEST)
            parts = [Atom(LINES_IN_ALL, Cell(many))]
        else:
            many = from_to(LOWEST, (Decimal(number - 1), 0))
            parts = []
        if where is None:
            return Atom(LINES_IN_ALL, Cell(many.meet(from_to(_ONE, HIGHEST))))
        meaning = without_places(where)
        # More lines are possibly counted than certainly: what bounds the one bounds the other.
        counted = {
            Wanted.TRUE: (CERTAINLY, POSSIBLY),
            Wanted.NOT_FALSE: (POSSIBLY,),
            Wanted.NOT_TRUE: (CERTAINLY,),
            Wanted.FALSE: (POSSIBLY, CERTAINLY),
        }[wanted]
        parts += [Atom(Measure(what=what, where=meaning), Cell(many)) for what in counted]
        return And((*parts, *self._lines_of(number, where, wanted)))

    def _lines_of(self, number: int, where: Condition, wanted: Wanted) -> Iterator[Formula]:
        if wanted.leans_true:
            yield SomeLine(self._of(where, wanted))
        elif number == 1:
            yield EveryLine(self._of(where, wanted))

    def sum(self, condition: SumLines, wanted: Wanted) -> Formula:
        """A sum comes out as wanted."""
        currencies = set(_currencies(condition))
        if not _filled(condition):
            return ALWAYS
        if len(currencies) > 1:
            return ALWAYS if wanted.may_be_unknown else NEVER
        allowed = ALL_NUMBERS
        for bound in condition.bounds:
            allowed = allowed.meet(numbers(bound.operator, list(_ends(bound))))
        left = allowed if wanted.leans_true else allowed.rest()
        measure = Measure(
            what=SUM,
            field=condition.field,
            currency="".join(currencies),
            where=None if condition.where is None else without_places(condition.where),
        )
        atom = Atom(measure, Cell(left, unknown=wanted.may_be_unknown))
        if wanted.may_be_unknown:
            return _over_lines(atom, wanted)
        return _over_lines(And((atom, *self._added(condition, measure.currency, left))), wanted)

    def _added(self, condition: SumLines, currency: str, sums: Numbers) -> Iterator[Formula]:
        """What a sum that is known says of the lines."""
        amount = self._known(condition.field)
        if condition.field.type is FieldType.MONEY:
            amount = Atom(amount.field, Cell(Amounts(((currency, ALL_NUMBERS),), others=False)))
        if condition.where is None:
            yield EveryLine(amount)
            return
        inside = self._of(condition.where, Wanted.TRUE)
        yield EveryLine(Or((self._of(condition.where, Wanted.FALSE), And((inside, amount)))))
        if sums.meet(numbers(Operator.IS, [Decimal(0)])).empty:
            yield SomeLine(inside)


def _over_lines(formula: Formula, wanted: Wanted) -> Formula:
    if wanted.may_be_unknown:
        return Or((NO_LINES, formula))
    return And((HAS_LINES, formula))


def _filled(condition: CountLines | SumLines) -> bool:
    """Whether its bounds are values; nothing is said of parameters that can't be read."""
    operands = (operand for bound in condition.bounds for operand in bound.operands)
    return all(isinstance(operand, Literal) for operand in operands)


def _literals(bound: Bound) -> Iterator[object]:
    return (o.value for o in bound.operands if isinstance(o, Literal))


def _ends(bound: Bound) -> Iterator[Decimal]:
    for value in _literals(bound):
        amount = value.amount if isinstance(value, Money) else value
        if isinstance(amount, Decimal):
            yield amount


def _currencies(condition: SumLines) -> Iterator[str]:
    for bound in condition.bounds:
        yield from (value.currency for value in _literals(bound) if isinstance(value, Money))


def without_places(condition: Condition) -> Hashable:
    """A condition as what it says, wherever it stands and in whatever order."""
    if isinstance(condition, Test):
        unordered = condition.operator in _UNORDERED
        operands = frozenset(condition.operands) if unordered else condition.operands
        return (condition.field, condition.operator, operands)
    if isinstance(condition, AllOf | AnyOf):
        parts = frozenset(without_places(part) for part in condition.parts)
        return (type(condition), parts)
    if isinstance(condition, Not):
        return (Not, without_places(condition.part))
    if isinstance(condition, ForLines):
        return (condition.quantifier, without_places(condition.part))
    raise TypeError(f"{type(condition).__name__} can't stand inside 'where'")
