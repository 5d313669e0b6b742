"""The rule language once more, plainly: walks the tree, decides each node by Kleene's tables.

Only tests use it. It shares the tree with the compiler and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import re2

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import Money
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    ListName,
    Literal,
    Not,
    SumLines,
    Test,
)
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.rules import Rule

YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
Values = Mapping[str, Any]
Literal_ = Money | Decimal | date | str | bool | Window


def rule_truth(
    rule: Rule, values: Values, today: date, lists: Mapping[str, Sequence[tuple[Any, ...]]]
) -> Truth:
    """How a rule comes out; lists are rows of value, first and last day."""
    if rule.valid_from is not None and today < rule.valid_from:
        return NO
    if rule.valid_to is not None and today > rule.valid_to:
        return NO
    reader = Reference(values, today, lists)
    when = YES if rule.when is None else reader.truth(rule.when)
    unless = NO if rule.unless is None else reader.truth(rule.unless)
    return conjunction([when, negation(unless)])


def negation(value: Truth) -> Truth:
    return {YES: NO, NO: YES, OPEN: OPEN}[value]


def conjunction(values: Sequence[Truth]) -> Truth:
    if NO in values:
        return NO
    return OPEN if OPEN in values else YES


def disjunction(values: Sequence[Truth]) -> Truth:
    return negation(conjunction([negation(value) for value in values]))


class Reference:
    """Evaluates conditions on one document."""

    def __init__(
        self, values: Values, today: date, lists: Mapping[str, Sequence[tuple[Any, ...]]]
    ) -> None:
        self.values = values
        self.today = today
        self.lists = lists

    def truth(self, condition: Condition, line: Values | None = None) -> Truth:
        match condition:
            case AllOf():
                found = conjunction([self.truth(part, line) for part in condition.parts])
            case AnyOf():
                found = disjunction([self.truth(part, line) for part in condition.parts])
            case Not():
                found = negation(self.truth(condition.part, line))
            case Test():
                found = self.test(condition, line)
            case _:
                found = self.over_lines(condition)
        return found

    def over_lines(self, condition: ForLines | CountLines | SumLines) -> Truth:
        lines = self.values.get("lines", UNKNOWN)
        if not isinstance(lines, tuple) or not lines:
            return OPEN
        if isinstance(condition, CountLines):
            return self.count(condition, lines)
        if isinstance(condition, SumLines):
            return self.sum(condition, lines)
        parts = [self.truth(condition.part, one) for one in lines]
        if condition.quantifier == "all":
            return conjunction(parts)
        any_ = disjunction(parts)
        return any_ if condition.quantifier == "any" else negation(any_)

    def count(self, condition: CountLines, lines: Sequence[Values]) -> Truth:
        where = condition.where
        parts = [YES if where is None else self.truth(where, one) for one in lines]
        low, high = parts.count(YES), parts.count(YES) + parts.count(OPEN)
        truths = []
        for bound in condition.bounds:
            outcomes = {self.bound(bound, Decimal(n)) for n in range(low, high + 1)}
            truths.append(outcomes.pop() if len(outcomes) == 1 else OPEN)
        return conjunction(truths)

    def sum(self, condition: SumLines, lines: Sequence[Values]) -> Truth:
        currencies = {
            operand.value.currency
            for bound in condition.bounds
            for operand in bound.operands
            if isinstance(operand, Literal) and isinstance(operand.value, Money)
        }
        if len(currencies) > 1:
            return OPEN
        total = Decimal(0)
        for one in lines:
            inside = YES if condition.where is None else self.truth(condition.where, one)
            if inside is NO:
                continue
            amount = one.get(condition.field.key, UNKNOWN)
            if isinstance(amount, Money):
                amount = amount.amount if amount.currency in currencies else None
            if inside is OPEN or amount is None or amount is UNKNOWN:
                return OPEN
            total += amount
        return conjunction([self.bound(bound, total) for bound in condition.bounds])

    def bound(self, bound: Bound, total: Decimal) -> Truth:
        ends = [self.literal(operand) for operand in bound.operands]
        ends = [end.amount if isinstance(end, Money) else end for end in ends]
        return YES if COMPARED[bound.operator](total, *ends) else NO

    def test(self, test: Test, line: Values | None) -> Truth:
        value = self.value(test.field, line)
        opposite = OPPOSITES.get(test.operator)
        if opposite is not None:
            return negation(self.plain(opposite, test, value, line))
        return self.plain(test.operator, test, value, line)

    def plain(self, operator: str, test: Test, value: object, line: Values | None) -> Truth:
        if operator == "missing":
            return self.missing(test.field, value)
        if value is None or value is UNKNOWN:
            return OPEN
        operand = test.operands[0]
        if operator == "same_as":
            assert isinstance(operand, FieldRef)
            return self.same(value, self.value(operand, line))
        if operator == "in_list":
            assert isinstance(operand, ListName)
            return YES if value in self.in_force(operand.name) else NO
        return self.compared(operator, value, [self.literal(one) for one in test.operands])

    def compared(self, operator: str, value: object, operands: list[Any]) -> Truth:
        if isinstance(value, Money):
            if any(operand.currency != value.currency for operand in operands):
                return OPEN
            operands = [operand.amount for operand in operands]
            value = value.amount
        if operator == "within_days":
            (window,) = operands
            first = self.today - timedelta(days=window.before)
            operands = [first, self.today + timedelta(days=window.after)]
            operator = "between"
        return YES if COMPARED[operator](value, *operands) else NO

    def value(self, field: FieldRef, line: Values | None) -> object:
        source = line if field.of_line and line is not None else self.values
        return source.get(field.key, UNKNOWN)

    def missing(self, field: FieldRef, value: object) -> Truth:
        if value is UNKNOWN:
            return OPEN
        empty = field.type in {FieldType.LINES, FieldType.ACCOUNTS} and not value
        return YES if value is None or empty else NO

    def same(self, value: object, other: object) -> Truth:
        if other is None or other is UNKNOWN:
            return OPEN
        if isinstance(other, frozenset):
            return YES if value in other else NO
        if isinstance(value, Money) and isinstance(other, Money):
            return OPEN if value.currency != other.currency else self.equal(value, other)
        return self.equal(value, other)

    def equal(self, value: object, other: object) -> Truth:
        return YES if value == other else NO

    def literal(self, operand: object) -> Literal_:
        assert isinstance(operand, Literal)
        value = operand.value
        if isinstance(value, RelativeDate):
            return self.today + timedelta(days=value.days)
        assert isinstance(value, Money | Decimal | date | str | bool | Window)
        return value

    def in_force(self, name: str) -> set[str]:
        return {
            value
            for value, first, last in self.lists[name]
            if (first is None or first <= self.today) and (last is None or self.today <= last)
        }


OPPOSITES = {
    "present": "missing",
    "differs_from": "same_as",
    "not_in_list": "in_list",
    "is_not": "is",
    "not_in": "in",
}
COMPARED: dict[str, Callable[..., bool]] = {
    "below": lambda value, end: value < end,
    "at_most": lambda value, end: value <= end,
    "above": lambda value, end: value > end,
    "at_least": lambda value, end: value >= end,
    "is": lambda value, end: value == end,
    "between": lambda value, low, high: low <= value <= high,
    "before": lambda value, day: value < day,
    "on_or_before": lambda value, day: value <= day,
    "after": lambda value, day: value > day,
    "on_or_after": lambda value, day: value >= day,
    "in": lambda value, *others: value in others,
    "starts_with": lambda value, *prefixes: any(value[: len(p)] == p for p in prefixes),
    "matches": lambda value, pattern: re2.fullmatch(pattern, value) is not None,
}
