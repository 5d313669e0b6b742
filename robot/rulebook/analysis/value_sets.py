"""The values of a field for which one test comes out as wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.analysis.domains import (
    ALL_NUMBERS,
    HIGHEST,
    LOWEST,
    NO_NUMBERS,
    Amounts,
    Cell,
    Choices,
    Numbers,
    Values,
    Words,
    from_to,
)
from robot.rulebook.conditions import FieldRef, ListName, Literal, Operand, Test
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.names import Fields
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator


class Wanted(Enum):
    """How a condition is to come out, by Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    NOT_TRUE = "false or unknown"
    NOT_FALSE = "true or unknown"

    @property
    def negated(self) -> Wanted:
        """What the opposite of the condition must then be."""
        return _NEGATED[self]

    @property
    def may_be_unknown(self) -> bool:
        """Whether unknown is good enough."""
        return self in {Wanted.NOT_TRUE, Wanted.NOT_FALSE}

    @property
    def leans_true(self) -> bool:
        """Whether true is good enough."""
        return self in {Wanted.TRUE, Wanted.NOT_FALSE}


_NEGATED: Final = {
    Wanted.TRUE: Wanted.FALSE,
    Wanted.FALSE: Wanted.TRUE,
    Wanted.NOT_TRUE: Wanted.NOT_FALSE,
    Wanted.NOT_FALSE: Wanted.NOT_TRUE,
}
#: Operators that ask the opposite of another.
_OPPOSITES: Final = {
    Operator.IS_NOT: Operator.IS,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_IN_LIST: Operator.IN_LIST,
}


class NotOneDayError(Exception):
    """A range between a calendar date and one that counts from today has no fixed values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The day on which conditions are read, with the lists; `day` None reads for every day.

    Without a day, dates that count from today are days from it (today is 0).
    """

    day: date | None
    lists: Mapping[str, ValueList]


class ValueSets:
    """Gives the cell of a test on one day, or on every day."""

    def __init__(self, fields: Fields, moment: Moment) -> None:
        self._fields = fields
        self._moment = moment
        self._flags = Choices(frozenset({True, False}))

    def everything(self, field: FieldRef) -> Values:
        """All values that a field can have."""
        kind = field.type
        if kind is FieldType.MONEY:
            return Amounts((), others=True)
        if kind in {FieldType.NUMBER, FieldType.DATE}:
            return ALL_NUMBERS
        if kind is FieldType.FLAG:
            return self._flags
        if kind is FieldType.CHOICE:
            return Choices(frozenset(self._fields.spec(field).choices))
        if kind is FieldType.LINES:
            return Choices(frozenset({"some"}))
        return Words()

    def known(self, field: FieldRef) -> Cell:
        """The field is there and known."""
        return Cell(self.everything(field))

    def cell(self, test: Test, wanted: Wanted) -> Cell:
        """The values for which a test other than `same_as` and `differs_from` is as wanted.

        Raises:
            NotOneDayError: The values depend on the day, and the moment has none.
        """
        if test.operator in {Operator.MISSING, Operator.PRESENT}:
            return self._presence(test, wanted)
        operator = _OPPOSITES.get(test.operator, test.operator)
        holds = wanted.leans_true is (operator is test.operator)
        lenient = wanted.may_be_unknown
        values = self._values(test.field, operator, test.operands, holds=holds, lenient=lenient)
        return Cell(values, missing=lenient, unknown=lenient)

    def _presence(self, test: Test, wanted: Wanted) -> Cell:
        missing = (test.operator is Operator.MISSING) is wanted.leans_true
        everything = self.everything(test.field)
        values = _nothing_of(everything) if missing else everything
        return Cell(values, missing=missing, unknown=wanted.may_be_unknown)

    def _values(
        self,
        field: FieldRef,
        operator: Operator,
        operands: Sequence[Operand],
        *,
        holds: bool,
        lenient: bool,
    ) -> Values:
        kind = field.type
        if kind is FieldType.MONEY:
            return _amounts(operator, operands, holds=holds, lenient=lenient)
        if kind is FieldType.NUMBER:
            found = _sided(numbers(operator, [_decimal(o) for o in operands]), holds=holds)
            return found.whole() if self._fields.spec(field).whole else found
        if kind is FieldType.DATE:
            return _sided(self._days(operator, operands), holds=holds).whole()
        if kind in {FieldType.FLAG, FieldType.CHOICE}:
            everything = self.everything(field)
            chosen = frozenset(o.value for o in operands if isinstance(o, Literal))
            possible = everything.values if isinstance(everything, Choices) else frozenset()
            return Choices(possible & chosen if holds else possible - chosen)
        return self._words(operator, operands, holds=holds)

    def _words(self, operator: Operator, operands: Sequence[Operand], *, holds: bool) -> Words:
        found = frozenset(self._texts(operands))
        if operator is Operator.STARTS_WITH:
            return Words(prefixes=found) if holds else Words(not_prefixes=found)
        if operator is Operator.MATCHES:
            return Words(patterns=found) if holds else Words(not_patterns=found)
        return Words(allowed=found) if holds else Words(excluded=found)

    def _texts(self, operands: Sequence[Operand]) -> list[str]:
        texts: list[str] = []
        for operand in operands:
            if isinstance(operand, ListName):
                if self._moment.day is None:
                    raise NotOneDayError(operand.name)
                texts.extend(self._moment.lists[operand.name].values(self._moment.day))
            elif isinstance(operand, Literal):
                texts.append(str(operand.value))
        return texts

    def _days(self, operator: Operator, operands: Sequence[Operand]) -> Numbers:
        values = [operand.value for operand in operands if isinstance(operand, Literal)]
        window = values[0]
        if isinstance(window, Window):
            first, last = -window.before, window.after
            if self._moment.day is not None:
                first, last = (end.toordinal() for end in window.on(self._moment.day))
            return numbers(Operator.BETWEEN, [Decimal(first), Decimal(last)])
        if self._moment.day is None and len({type(value) for value in values}) > 1:
            raise NotOneDayError
        days = [Decimal(self._ordinal(value)) for value in values]
        return _DAY_OPERATORS.get(operator, _other_days(operator))(days)

    def _ordinal(self, value: object) -> int:
        if isinstance(value, RelativeDate):
            return (
                value.days if self._moment.day is None else value.on(self._moment.day).toordinal()
            )
        if isinstance(value, date):
            return value.toordinal()
        raise TypeError(value)


def counts_from_today(test: Test) -> bool:
    """Whether a test compares with days that count from the decision's."""
    return any(
        isinstance(o, Literal) and isinstance(o.value, RelativeDate | Window)
        for o in test.operands
    )


def numbers(operator: Operator, ends: Sequence[Decimal]) -> Numbers:
    """The numbers for which an operator of sizes holds."""
    end = ends[0]
    if operator is Operator.BELOW:
        return from_to(LOWEST, (end, -1))
    if operator is Operator.AT_MOST:
        return from_to(LOWEST, (end, 0))
    if operator is Operator.ABOVE:
        return from_to((end, 1), HIGHEST)
    if operator is Operator.AT_LEAST:
        return from_to((end, 0), HIGHEST)
    return from_to((end, 0), (ends[-1], 0))


#: Days are whole: before the 5th is until the 4th.
_DAY_OPERATORS: Final[dict[Operator, Callable[[list[Decimal]], Numbers]]] = {
    Operator.BEFORE: lambda days: from_to(LOWEST, (days[0] - 1, 0)),
    Operator.ON_OR_BEFORE: lambda days: from_to(LOWEST, (days[0], 0)),
    Operator.AFTER: lambda days: from_to((days[0] + 1, 0), HIGHEST),
    Operator.ON_OR_AFTER: lambda days: from_to((days[0], 0), HIGHEST),
}


def _other_days(operator: Operator) -> Callable[[list[Decimal]], Numbers]:
    return lambda days: numbers(operator, days)


def _sided(found: Numbers, *, holds: bool) -> Numbers:
    return found if holds else found.rest()


def _amounts(
    operator: Operator, operands: Sequence[Operand], *, holds: bool, lenient: bool
) -> Amounts:
    amounts = [o.value for o in operands if isinstance(o, Literal) and isinstance(o.value, Money)]
    currencies = {amount.currency for amount in amounts}
    if len(currencies) != 1:
        # Two currencies in one test: it is never known.
        return Amounts((), others=lenient)
    found = _sided(numbers(operator, [amount.amount for amount in amounts]), holds=holds)
    kept = () if found.empty and not lenient else ((currencies.pop(), found),)
    return Amounts(kept, others=lenient)


def _decimal(operand: Operand) -> Decimal:
    if isinstance(operand, Literal) and isinstance(operand.value, Decimal):
        return operand.value
    raise TypeError(operand)


def _nothing_of(everything: Values) -> Values:
    if isinstance(everything, Amounts):
        return Amounts((), others=False)
    if isinstance(everything, Numbers):
        return NO_NUMBERS
    return Choices(frozenset()) if isinstance(everything, Choices) else Words(allowed=frozenset())
