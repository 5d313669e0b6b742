"""The words in which differences are told: values, conditions and rules on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.decision import Effect
from robot.domain.money import Money
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    ForLines,
    Not,
    SumLines,
    Test,
    Value,
)
from robot.rulebook.diff.width import paired, parts_of
from robot.rulebook.display import literal_text, operand_text
from robot.rulebook.rules import Rule

_EFFECTS: Final = {
    Effect.POST: "posts",
    Effect.BOUNCE: "bounces",
    Effect.HOLD: "holds",
    Effect.NOTE: "notes",
}
_MOST_CHARACTERS: Final = 300


def amount_text(amount: Decimal) -> str:
    """`5,000` or `12.50`."""
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount:,.2f}"


def value_text(value: Value) -> str:
    """A value for a reader: `5,000 DKK`."""
    if isinstance(value, Money):
        return f"{amount_text(value.amount)} {value.currency}"
    return literal_text(value)


def values_text(values: Iterable[Value]) -> str:
    """One value, or several in a row."""
    return ", ".join(map(value_text, values))


def turned_into(old: tuple[Value, ...], new: tuple[Value, ...]) -> str:
    """`5,000 → 10,000 DKK`."""
    match old, new:
        case ((Money() as before,), (Money() as after,)) if before.currency == after.currency:
            return f"{amount_text(before.amount)} → {value_text(after)}"
    return f"{values_text(old)} → {values_text(new)}"


def inline(condition: Condition) -> str:
    """A condition on one line, cut when it is very long."""
    text = _inline(condition)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _inline(condition: Condition) -> str:
    if isinstance(condition, Test):
        return _test(condition)
    if isinstance(condition, AllOf | AnyOf):
        word = " and " if isinstance(condition, AllOf) else " or "
        parts = word.join(_bracketed(part) for part in condition.parts)
        return parts if isinstance(condition, AllOf) else f"({parts})"
    if isinstance(condition, Not):
        return f"not ({_inline(condition.part)})"
    if isinstance(condition, ForLines):
        return f"{condition.quantifier} line with ({_inline(condition.part)})"
    return _measure(condition)


def _bracketed(condition: Condition) -> str:
    text = _inline(condition)
    return f"({text})" if isinstance(condition, AllOf) else text


def _test(test: Test) -> str:
    operator = test.operator.replace("_", " ")
    if not test.operands:
        return f"{test.field.key} {operator}"
    texts = [
        value_text(operand.value) if hasattr(operand, "value") else operand_text(operand)
        for operand in test.operands
    ]
    if texts in (["yes"], ["no"]):
        return f"{test.field.key} {texts[0]}"
    return f"{test.field.key} {operator} {', '.join(texts)}"


def _measure(condition: CountLines | SumLines) -> str:
    what = "number" if isinstance(condition, CountLines) else f"sum of {condition.field.key}"
    where = f" with ({_inline(condition.where)})" if condition.where is not None else ""
    bounds = " and ".join(
        f"{bound.operator.replace('_', ' ')} {', '.join(map(operand_text, bound.operands))}"
        for bound in condition.bounds
    )
    return f"{what} of lines{where} {bounds}"


def effect_text(rule: Rule) -> str:
    """`bounces with dimension-missing`, `posts`."""
    word = _EFFECTS[rule.effect]
    return word if rule.error_type is None else f"{word} with {rule.error_type}"


def rule_text(rule: Rule) -> str:
    """A whole rule on one line."""
    when = f" when {inline(rule.when)}" if rule.when is not None else ""
    unless = f" unless {inline(rule.unless)}" if rule.unless is not None else ""
    return f"{effect_text(rule)}{when}{unless or ('' if when else ' always')}"


def condition_changes(old: Condition | None, new: Condition | None, word: str) -> Iterator[str]:
    """What changes between two conditions, a line for each part; `word` is `when` or `unless`."""
    for before, after in paired(parts_of(old), parts_of(new)):
        if before is None and after is not None:
            yield f"{word}: also {inline(after)}"
        elif after is None and before is not None:
            yield f"{word}: no longer {inline(before)}"
        elif before is not None and after is not None:
            yield f"{word}: {inline(before)} → {inline(after)}"


def period_text(first: date | None, last: date | None) -> str:
    """`from 2026-01-01 until 2026-12-31`, `always`."""
    parts = [
        f"from {first}" if first is not None else "",
        f"until {last}" if last is not None else "",
    ]
    return " ".join(part for part in parts if part) or "always"
