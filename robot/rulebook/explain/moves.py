"""Single changes that take a rule one step towards coming out as it must."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN, FieldType, FieldValues
from robot.domain.money import CENT, Money
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    ListName,
    Literal,
    Not,
    Operand,
    Parameter,
    SumLines,
    Test,
    Value,
)
from robot.rulebook.decide import NEXT_OPEN_DATE
from robot.rulebook.explain.candidates import Candidates
from robot.rulebook.explain.changes import (
    Change,
    FieldChange,
    ListChange,
    LiteralChange,
    ParameterChange,
    Slot,
    SwitchOff,
    lines_of,
    with_fields,
)
from robot.rulebook.explain.judging import Judge, State, Violation, opposite
from robot.rulebook.literals import RelativeDate
from robot.rulebook.parts import UNLESS, WHEN, Address, SourcedRule, asked_by, part_at
from robot.rulebook.vocabulary import Operator, Quantifier

_ONE: Final = Decimal(1)
_LOWER: Final = frozenset(
    {Operator.BELOW, Operator.AT_MOST, Operator.BEFORE, Operator.ON_OR_BEFORE}
)
_UPPER: Final = frozenset(
    {Operator.ABOVE, Operator.AT_LEAST, Operator.AFTER, Operator.ON_OR_AFTER}
)
#: Operators whose border itself does not hold.
_OPEN: Final = frozenset({Operator.BELOW, Operator.ABOVE, Operator.BEFORE, Operator.AFTER})


class Moves:
    """Finds what can be changed about a document, or about the rules, for one violated rule.

    Args:
        judge: The rules.
        candidates: The values that fields are tried with.
        fixed: Names of fields that stay as they are.
        of_fields: Whether the document may be changed.
        of_rules: Whether the rules may be changed.
    """

    def __init__(
        self,
        judge: Judge,
        candidates: Candidates,
        *,
        fixed: Collection[str],
        of_fields: bool = True,
        of_rules: bool = True,
    ) -> None:
        self._judge = judge
        self._candidates = candidates
        self._fixed = fixed
        self._of_fields = of_fields
        self._of_rules = of_rules
        #: How many values have been tried.
        self.tries = 0

    def of(self, state: State, violation: Violation) -> tuple[Change, ...]:
        """Every single change that can be part of a smallest answer, each target's nearest first.

        An answer makes the rule come out as wanted, so it makes at least one test come out so
        that does not now: a change that does neither is no part of it.
        """
        part, wanted = violation.part, violation.wanted
        rule = state.rule(part)
        found: dict[Change, None] = {}
        sides = ((rule.when, WHEN, wanted), (rule.unless, UNLESS, opposite(wanted)))
        for condition, address, needed in sides:
            if condition is not None:
                self._collect(_Here(state, part), condition, address, needed, found)
        if wanted is Truth.FALSE and self._of_rules and self._may_go(part):
            found[SwitchOff(rule=part)] = None
        if wanted is Truth.FALSE and part.effective.dispensed(self._judge.today) is not None:
            self._next_open(state, found)
        return tuple(found)

    def tried(self, slot: Slot, values: FieldValues, value: object) -> list[Any]:
        """The ordered values of a field that are tried, with one more, from low to high."""
        near = [*self._candidates.of(slot, values), slot.value(values), value]
        alike = [other for other in near if _alike(value, other)]
        return sorted(dict.fromkeys(alike), key=lambda other: _measured(other, self._judge.today))

    def _may_go(self, part: SourcedRule) -> bool:
        return self._judge.stem is not None and not self._judge.protected(part)

    def _next_open(self, state: State, found: dict[Change, None]) -> None:
        """A dispensation that moves the posting date needs a date to move it to."""
        field = self._judge.effective.fields.find(NEXT_OPEN_DATE, of_line=False)
        if field is not None and self._of_fields:
            slot = Slot(field=field)
            old = slot.value(state.values)
            found[FieldChange(slot=slot, old=old, new=self._judge.today)] = None

    def _collect(
        self,
        here: _Here,
        condition: Condition,
        address: Address,
        wanted: Truth,
        found: dict[Change, None],
    ) -> None:
        if here.truth(condition) is wanted:
            return
        if isinstance(condition, AllOf | AnyOf):
            for place, child in enumerate(condition.parts):
                self._collect(here, child, (*address, place), wanted, found)
        elif isinstance(condition, Not):
            self._collect(here, condition.part, (*address, 0), opposite(wanted), found)
        elif isinstance(condition, ForLines):
            none = condition.quantifier is Quantifier.NONE
            needed = opposite(wanted) if none else wanted
            for index in range(len(lines_of(here.state.values))):
                self._collect(here.on(index), condition.part, (*address, 0), needed, found)
        elif isinstance(condition, Test):
            found.update(dict.fromkeys(self._of_test(here, condition, address, wanted)))
        else:
            self._of_measure(here, condition, address, found)

    def _of_measure(
        self,
        here: _Here,
        measure: CountLines | SumLines,
        address: Address,
        found: dict[Change, None],
    ) -> None:
        """A count or sum can move either way, so its lines' conditions are tried both ways."""
        for index in range(len(lines_of(here.state.values))):
            for needed in (Truth.TRUE, Truth.FALSE) if measure.where is not None else ():
                condition = measure.where
                if condition is not None:
                    self._collect(here.on(index), condition, (*address, 0), needed, found)
            if isinstance(measure, SumLines):
                slot = Slot(field=measure.field, line=index)
                found.update(dict.fromkeys(self._of_slot(here, slot, measure, None)))

    def _of_test(
        self, here: _Here, test: Test, address: Address, wanted: Truth
    ) -> Iterator[Change]:
        others = [operand for operand in test.operands if isinstance(operand, FieldRef)]
        for field in (test.field, *others):
            if field.of_line and here.line is None:
                continue
            slot = Slot(field=field, line=here.line if field.of_line else None)
            yield from self._of_slot(here, slot, test, wanted)
        if self._of_rules and self._judge.stem is not None and not others:
            yield from self._of_operands(here, test, address, wanted)

    def _of_slot(
        self, here: _Here, slot: Slot, asked: Test | SumLines, wanted: Truth | None
    ) -> Iterator[FieldChange]:
        """Values that make the test come out as wanted, one for each way the other tests come out.

        Where a second field is not known, both must be changed, and no value does alone.
        """
        if not self._of_fields or slot.field.name in self._fixed:
            return
        old = slot.value(here.state.values)
        seen: set[tuple[Truth, ...]] = set()
        alone = wanted is not None and here.decides_alone(asked, slot)
        for value in self._candidates.of(slot, here.state.values):
            self.tries += 1
            change = FieldChange(
                slot=slot,
                old=old,
                new=value,
                asked=asked if isinstance(asked, Test) else None,
                holds=wanted is Truth.TRUE,
            )
            after = here.with_change(change)
            if alone and after.truth(asked) is not wanted:
                continue
            signature = tuple(after.plain(part) for part in self._candidates.asking(slot.field))
            if signature not in seen:
                seen.add(signature)
                yield change

    def _of_operands(
        self, here: _Here, test: Test, address: Address, wanted: Truth
    ) -> Iterator[Change]:
        value = here.value(test.field)
        if value is None or value is UNKNOWN or self._judge.protected(here.part):
            return
        written = asked_by(part_at(here.part.source, address))[0].operands
        if test.operator in {Operator.IN_LIST, Operator.NOT_IN_LIST}:
            yield from self._of_list(test, value, wanted)
        elif test.operator in {Operator.IN, Operator.NOT_IN}:
            yield from self._of_several(test, written, value, wanted)
        elif len(written) == len(test.operands):
            for place, new in _borders(test, value, wanted, self._judge.today):
                yield from self._put(here.part, address, written[place], place, new)

    def _of_list(self, test: Test, value: object, wanted: Truth) -> Iterator[Change]:
        (operand,) = test.operands
        if isinstance(operand, ListName) and operand.name not in self._judge.fixed_names:
            rows = self._judge.effective.lists[operand.name]
            yield ListChange(
                name=operand.name,
                value=str(value),
                added=(wanted is Truth.TRUE) is (test.operator is Operator.IN_LIST),
                where=rows.file or "",
            )

    def _of_several(
        self, test: Test, written: tuple[Operand, ...], value: object, wanted: Truth
    ) -> Iterator[Change]:
        """A parameter that holds several values gets one more, or one less."""
        if len(written) != 1 or not isinstance(written[0], Parameter):
            return
        spec = self._judge.parameters[written[0].name]
        if spec.name in self._judge.fixed_names or not spec.several:
            return
        add = (wanted is Truth.TRUE) is (test.operator is Operator.IN)
        kept = tuple(known for known in spec.values if known != value)
        values = (*kept, str(value)) if add else kept
        if values:
            yield ParameterChange(old=spec, values=values)

    def _put(
        self, part: SourcedRule, address: Address, written: Operand, place: int, new: Value
    ) -> Iterator[Change]:
        if isinstance(written, Parameter):
            spec = self._judge.parameters[written.name]
            if spec.name not in self._judge.fixed_names and not spec.several:
                yield ParameterChange(old=spec, values=(new,))
        elif isinstance(written, Literal) and not part.effective.standard:
            yield LiteralChange(
                rule=part, address=address, bound=0, place=place, old=written.value, new=new
            )


class _Here:
    """A rule being looked at, perhaps on one of the lines."""

    def __init__(self, state: State, part: SourcedRule, line: int | None = None) -> None:
        self.state = state
        self.part = part
        self.line = line
        self._changed: FieldChange | None = None

    def on(self, line: int) -> _Here:
        return _Here(self.state, self.part, line)

    def truth(self, condition: Condition) -> Truth:
        line = None if self.line is None else lines_of(self.state.values)[self.line]
        return self.state.truth(self.part, condition, line)

    def plain(self, condition: Test | SumLines) -> Truth:
        if self.line is None and isinstance(condition, Test) and _of_line(condition):
            return Truth.UNKNOWN
        line = None if self.line is None else lines_of(self.state.values)[self.line]
        return self.state.unedited(condition, line)

    def value(self, field: FieldRef) -> object:
        if field.of_line and self.line is None:
            return UNKNOWN
        return Slot(field=field, line=self.line if field.of_line else None).value(
            self.state.values
        )

    def with_change(self, change: FieldChange) -> _Here:
        changed = self.state.looked_at(with_fields(self.state.values, [change]))
        return _Here(changed, self.part, self.line)

    def decides_alone(self, asked: Test | SumLines, slot: Slot) -> bool:
        """Whether this field alone settles the test: every other one that it reads is known."""
        if isinstance(asked, SumLines):
            return False
        fields = [asked.field, *(o for o in asked.operands if isinstance(o, FieldRef))]
        others = [self.value(field) for field in fields if field != slot.field]
        return all(value is not None and value is not UNKNOWN for value in others)


def _of_line(test: Test) -> bool:
    others = (operand for operand in test.operands if isinstance(operand, FieldRef))
    return any(field.of_line for field in (test.field, *others))


def _borders(test: Test, value: object, wanted: Truth, today: date) -> Iterator[tuple[int, Value]]:
    """Which operand of an ordered test to put where, so that the value is on the wanted side."""
    holds, operator = wanted is Truth.TRUE, test.operator
    limits = [operand.value for operand in test.operands if isinstance(operand, Literal)]
    if len(limits) != len(test.operands) or not all(_alike(value, limit) for limit in limits):
        return
    if operator in _LOWER | _UPPER:
        up = (operator in _LOWER) is holds
        beside = holds is (operator in _OPEN)
        border = _step(value, 1 if up else -1) if beside else value
        yield 0, _as_written(border, limits[0], today)
    elif operator is Operator.BETWEEN:
        yield from _ends(value, limits, today, holds=holds)
    elif operator is Operator.IS and holds and test.field.type is not FieldType.FLAG:
        yield 0, _as_written(value, limits[0], today)


def _ends(
    value: object, limits: list[Value], today: date, *, holds: bool
) -> Iterator[tuple[int, Value]]:
    if holds:
        place = 0 if _measured(value, today) < _measured(limits[0], today) else 1
        yield place, _as_written(value, limits[place], today)
    else:
        yield 0, _as_written(_step(value, 1), limits[0], today)
        yield 1, _as_written(_step(value, -1), limits[1], today)


def _alike(value: object, limit: object) -> bool:
    if isinstance(value, Money):
        return isinstance(limit, Money) and limit.currency == value.currency
    if isinstance(value, date):
        return isinstance(limit, date | RelativeDate)
    return isinstance(value, Decimal) and isinstance(limit, Decimal)


def _measured(value: object, today: date) -> Decimal:
    if isinstance(value, RelativeDate):
        value = value.on(today)
    if isinstance(value, date):
        return Decimal(value.toordinal())
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else Decimal(0)


def _step(value: object, direction: int) -> object:
    if isinstance(value, Money):
        return replace(value, amount=value.amount + direction * CENT)
    if isinstance(value, date):
        return date.fromordinal(value.toordinal() + direction)
    if isinstance(value, Decimal):
        return value + direction * (_ONE if value == value.to_integral_value() else CENT)
    return value


def _as_written(value: object, before: Value, today: date) -> Value:
    """A border as the file has it: a date that counts from today stays one."""
    if isinstance(before, RelativeDate) and isinstance(value, date):
        return RelativeDate((value - today).days)
    if isinstance(value, Money | date | Decimal | str):
        return value
    raise TypeError(value)
