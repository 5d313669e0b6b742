"""The values of a field at which a rule set's answers can change, the nearest first.

Between two neighbouring values of what is tried every test of the rule set comes out the same, so
trying these is trying all. Of texts under several patterns and prefixes at once only some meetings
are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import Final

from robot.domain.fields import UNKNOWN, FieldType, FieldValues
from robot.domain.money import CENT, Money
from robot.rulebook.analysis.patterns import matching_words
from robot.rulebook.conditions import (
    Condition,
    FieldRef,
    ListName,
    Literal,
    SumLines,
    Test,
    walk,
)
from robot.rulebook.explain.changes import Slot, lines_of
from robot.rulebook.literals import RelativeDate, Window, compiled_pattern
from robot.rulebook.names import Fields
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator

#: A word that no rule is likely to name.
FRESH: Final = "x1"
_FRESH_ACCOUNT: Final = "00000000000000"
_MOST_ROWS: Final = 300
_FAR: Final = Decimal("1e30")
_ONE: Final = Decimal(1)


class Candidates:
    """Knows the borders that a set of rules draws.

    Args:
        rules: With their parameters filled in.
        lists: The lists that they use.
        fields: The catalogue, for choices.
        today: The decision's day, for dates that count from it.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        lists: Mapping[str, ValueList],
        fields: Fields,
        today: date,
    ) -> None:
        self._lists = lists
        self._fields = fields
        self._today = today
        self._asking: dict[FieldRef, list[Test | SumLines]] = {}
        for rule in rules:
            for condition in (rule.when, rule.unless):
                for part in walk(condition) if condition is not None else ():
                    self._note(part)

    def asking(self, field: FieldRef) -> Sequence[Test | SumLines]:
        """What the rules ask of a field."""
        return self._asking.get(field, ())

    def listed(self) -> Iterator[tuple[FieldRef, frozenset[str]]]:
        """The fields that are looked up in lists, with the lists' names."""
        for field, parts in self._asking.items():
            tests = (part for part in parts if isinstance(part, Test))
            yield (
                field,
                frozenset(o.name for t in tests for o in t.operands if isinstance(o, ListName)),
            )

    def of(self, slot: Slot, values: FieldValues) -> tuple[object, ...]:
        """Values to try, each once, the nearest to the present one first, missing last."""
        present = slot.value(values)
        found = dict.fromkeys(self._values(slot, values))
        found.pop(present, None)
        near = sorted(found, key=lambda value: _distance(value, present))
        return tuple(near) if present is None else (*near, None)

    def _note(self, part: Condition) -> None:
        if isinstance(part, Test):
            for field in (part.field, *(o for o in part.operands if isinstance(o, FieldRef))):
                self._asking.setdefault(field, []).append(part)
        elif isinstance(part, SumLines):
            self._asking.setdefault(part.field, []).append(part)

    def _values(self, slot: Slot, values: FieldValues) -> Iterator[object]:
        kind = slot.field.type
        if kind is FieldType.FLAG:
            yield from (True, False)
        elif kind is FieldType.CHOICE:
            yield from self._fields.spec(slot.field).choices
        elif kind is FieldType.ACCOUNTS:
            yield from self._account_sets(slot, values)
        elif kind in {FieldType.MONEY, FieldType.NUMBER, FieldType.DATE}:
            yield from self._sizes(slot, values)
        else:
            yield from self._words(slot, values)

    def _others(self, slot: Slot, values: FieldValues) -> Iterator[object]:
        """What the fields hold that this one is compared with."""
        for test in self.asking(slot.field):
            if not isinstance(test, Test):
                continue
            for other in (test.field, *test.operands):
                if isinstance(other, FieldRef) and other != slot.field:
                    for place in _slots(other, slot, values):
                        value = place.value(values)
                        if value is not None and value is not UNKNOWN:
                            yield value

    def _account_sets(self, slot: Slot, values: FieldValues) -> Iterator[object]:
        present = slot.value(values)
        known = present if isinstance(present, frozenset) else frozenset()
        accounts = frozenset(v for v in self._others(slot, values) if isinstance(v, str))
        yield from (known | accounts, known - accounts, accounts, frozenset({_FRESH_ACCOUNT}))
        yield frozenset()

    def _words(self, slot: Slot, values: FieldValues) -> Iterator[object]:
        for value in self._others(slot, values):
            yield from sorted(value) if isinstance(value, frozenset) else (value,)
        yield _FRESH_ACCOUNT if slot.field.type is FieldType.ACCOUNT else FRESH
        yield "12345678"
        yield from _met([test for test in self.asking(slot.field) if isinstance(test, Test)])
        for test in self.asking(slot.field):
            for operand in test.operands if isinstance(test, Test) else ():
                if isinstance(operand, ListName):
                    rows = self._lists[operand.name].rows
                    yield from (row.value for row in islice(rows, _MOST_ROWS))

    def _sizes(self, slot: Slot, values: FieldValues) -> Iterator[object]:
        present = slot.value(values)
        borders = [
            *chain.from_iterable(
                self._borders(part, slot, values) for part in self.asking(slot.field)
            ),
            *self._others(slot, values),
        ]
        if present is not None and present is not UNKNOWN:
            borders.append(present)
        if not borders:
            borders = [_usual(slot.field.type, self._today)]
        fine = any(isinstance(b, Decimal) and b != b.to_integral_value() for b in borders)
        for border in borders:
            yield from _around(border, fine=fine)

    def _borders(self, part: Test | SumLines, slot: Slot, values: FieldValues) -> Iterator[object]:
        if isinstance(part, Test):
            for operand in part.operands:
                if isinstance(operand, Literal):
                    yield from _days(operand.value, self._today)
            return
        rest = _rest_of_sum(slot, values)
        for bound in part.bounds:
            for operand in bound.operands:
                value = operand.value if isinstance(operand, Literal) else None
                if isinstance(value, Money):
                    yield Money(value.amount - rest, value.currency)
                elif isinstance(value, Decimal):
                    yield value - rest


def _slots(field: FieldRef, beside: Slot, values: FieldValues) -> Iterator[Slot]:
    """Where a field stands that is compared with the one in a slot."""
    if not field.of_line:
        yield Slot(field=field)
    elif beside.line is not None:
        yield Slot(field=field, line=beside.line)
    else:
        yield from (Slot(field=field, line=i) for i in range(len(lines_of(values))))


def _rest_of_sum(slot: Slot, values: FieldValues) -> Decimal:
    rest = Decimal(0)
    for index, line in enumerate(lines_of(values)):
        value = line.get(slot.field.key)
        if index != slot.line:
            rest += value.amount if isinstance(value, Money) else Decimal(0)
            rest += value if isinstance(value, Decimal) else Decimal(0)
    return rest


def _days(value: object, today: date) -> Iterator[object]:
    if isinstance(value, RelativeDate):
        yield value.on(today)
    elif isinstance(value, Window):
        yield from value.on(today)
    else:
        yield value


def _around(border: object, *, fine: bool) -> Iterator[object]:
    yield border
    if isinstance(border, Money):
        yield Money(border.amount - CENT, border.currency)
        yield Money(border.amount + CENT, border.currency)
    elif isinstance(border, Decimal):
        for step in (_ONE, CENT) if fine else (_ONE,):
            yield from (border - step, border + step)
    elif isinstance(border, date):
        day = timedelta(days=1)
        yield from (border - day, border + day) if date.min < border < date.max else ()


def _usual(kind: FieldType, today: date) -> object:
    if kind is FieldType.MONEY:
        return Money(Decimal(1), "DKK")
    return today if kind is FieldType.DATE else _ONE


def _met(tests: Sequence[Test]) -> Iterator[str]:
    """Words that the tests name, begin with or match, and some that do both."""
    named = [str(o.value) for t in tests for o in t.operands if isinstance(o, Literal)]
    matching = [
        word for test in tests if test.operator is Operator.MATCHES for word in _matching(test)
    ]
    starts = [
        str(operand.value)
        for test in tests
        if test.operator is Operator.STARTS_WITH
        for operand in test.operands
        if isinstance(operand, Literal)
    ]
    patterns = {Operator.MATCHES}
    yield from (
        str(o.value)
        for t in tests
        if t.operator not in patterns
        for o in t.operands
        if isinstance(o, Literal)
    )
    yield from matching
    yield from (f"{start}{FRESH}" for start in starts)
    yield from (f"{start}{word[len(start) :]}" for start in starts for word in (*matching, *named))


def _matching(test: Test) -> Iterator[str]:
    for operand in test.operands:
        if isinstance(operand, Literal):
            pattern = compiled_pattern(str(operand.value))
            words = matching_words(str(operand.value))
            yield from (word for word in words if pattern.fullmatch(word))


def _distance(value: object, present: object) -> Decimal:
    """How far a value is from the present one; values that can't be measured keep their order."""
    if isinstance(value, Money) and isinstance(present, Money):
        return abs(value.amount - present.amount) if value.currency == present.currency else _FAR
    if isinstance(value, date) and isinstance(present, date):
        return Decimal(abs((value - present).days))
    if isinstance(value, Decimal) and isinstance(present, Decimal):
        return abs(value - present)
    return Decimal(0)
