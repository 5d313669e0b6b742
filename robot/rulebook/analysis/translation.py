"""From conditions to formulas: what must be so for a condition to come out as wanted."""

from __future__ import annotations

from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.analysis.domains import Cell
from robot.rulebook.analysis.formulas import (
    ALWAYS,
    HAS_LINES,
    NEVER,
    NO_LINES,
    And,
    Atom,
    EveryLine,
    Fact,
    Formula,
    Or,
    SomeLine,
)
from robot.rulebook.analysis.measures import Measures
from robot.rulebook.analysis.value_sets import (
    Moment,
    NotOneDayError,
    ValueSets,
    Wanted,
    counts_from_today,
)
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Not,
    SumLines,
    Test,
)
from robot.rulebook.names import Fields
from robot.rulebook.vocabulary import Operator, Quantifier

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
        self._measures = Measures(self.of, self.known)

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
        return self._of_lines(condition, wanted)

    def _of_lines(self, condition: ForLines | CountLines | SumLines, wanted: Wanted) -> Formula:
        if isinstance(condition, ForLines):
            return self._for_lines(condition.quantifier, condition.part, wanted)
        if isinstance(condition, CountLines):
            return self._measures.count(condition, wanted)
        return self._measures.sum(condition, wanted)

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
            dated = Atom((test.field, "from today"), cell)
            return dated if wanted.may_be_unknown else And((self.known(test.field), dated))
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
        return And((*(self._compared(field, ways) for field in sides), fact))

    def _compared(self, field: FieldRef, ways: frozenset[bool | None]) -> Atom:
        """A field that is known, as far as a comparison needs it."""
        known = self.known(field)
        if field.type is FieldType.ACCOUNTS and False in ways:
            # Every account differs from those of an empty set, which is as good as missing.
            return Atom(field, Cell(known.cell.values, missing=True))
        return known

    def _for_lines(self, quantifier: Quantifier, part: Condition, wanted: Wanted) -> Formula:
        if quantifier is Quantifier.NONE:
            return self._for_lines(Quantifier.ANY, part, wanted.negated)
        inner = self.of(part, wanted)
        some = (quantifier is Quantifier.ANY) is wanted.leans_true
        lines: Formula = SomeLine(inner) if some else EveryLine(inner)
        if wanted.may_be_unknown:
            return Or((NO_LINES, lines))
        return And((HAS_LINES, lines))
