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
    Bound,
    Condition,
    CountLines,
    ForLines,
    Not,
    SumLines,
    Test,
    Value,
)
from robot.rulebook.danish_operators import DANISH, DANISH_LINES
from robot.rulebook.diff.tongue import Tongue
from robot.rulebook.diff.width import paired, parts_of
from robot.rulebook.display import literal_text, operand_text
from robot.rulebook.playbook.values import period_text as danish_period
from robot.rulebook.rules import Rule
from robot.rulebook.vocabulary import Operator, Quantifier

_EFFECTS: Final = {
    Effect.POST: ("bogfører", "posts"),
    Effect.BOUNCE: ("sender tilbage", "bounces"),
    Effect.HOLD: ("holder", "holds"),
    Effect.NOTE: ("noterer", "notes"),
}
_MOST_CHARACTERS: Final = 300
_DANISH_SIGNS: Final = str.maketrans(",.", ".,")


def amount_text(amount: Decimal, tongue: Tongue) -> str:
    """`5,000` or `12.50`; `5.000` or `12,50` in Danish."""
    whole = amount == amount.to_integral_value()
    text = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    return tongue.say(text.translate(_DANISH_SIGNS), text)


def value_text(value: Value, tongue: Tongue) -> str:
    """A value for a reader: `5,000 DKK`."""
    if isinstance(value, Money):
        return f"{amount_text(value.amount, tongue)} {value.currency}"
    if isinstance(value, bool):
        return tongue.flag(value)
    return literal_text(value)


def values_text(values: Iterable[Value], tongue: Tongue) -> str:
    """One value, or several in a row."""
    return ", ".join(value_text(value, tongue) for value in values)


def turned_into(old: tuple[Value, ...], new: tuple[Value, ...], tongue: Tongue) -> str:
    """`5,000 → 10,000 DKK`."""
    match old, new:
        case ((Money() as before,), (Money() as after,)) if before.currency == after.currency:
            return f"{amount_text(before.amount, tongue)} → {value_text(after, tongue)}"
    return f"{values_text(old, tongue)} → {values_text(new, tongue)}"


def inline(condition: Condition, tongue: Tongue) -> str:
    """A condition on one line, cut when it is very long."""
    text = _inline(condition, tongue)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _inline(condition: Condition, tongue: Tongue) -> str:
    if isinstance(condition, Test):
        return _test(condition, tongue)
    if isinstance(condition, AllOf | AnyOf):
        word = tongue.say(" og ", " and ")
        if isinstance(condition, AnyOf):
            word = tongue.say(" eller ", " or ")
        parts = word.join(_bracketed(part, tongue) for part in condition.parts)
        return parts if isinstance(condition, AllOf) else f"({parts})"
    if isinstance(condition, Not):
        return f"{tongue.say('ikke', 'not')} ({_inline(condition.part, tongue)})"
    if isinstance(condition, ForLines):
        lines = tongue.say(
            DANISH_LINES[Quantifier(condition.quantifier)], f"{condition.quantifier} line with"
        )
        return f"{lines} ({_inline(condition.part, tongue)})"
    return _measure(condition, tongue)


def _bracketed(condition: Condition, tongue: Tongue) -> str:
    text = _inline(condition, tongue)
    return f"({text})" if isinstance(condition, AllOf) else text


def _operator(part: Test | Bound, tongue: Tongue) -> str:
    operator = Operator(part.operator)
    return tongue.say(DANISH[operator], operator.replace("_", " "))


def _test(test: Test, tongue: Tongue) -> str:
    operator = _operator(test, tongue)
    if not test.operands:
        return f"{test.field.key} {operator}"
    texts = [
        value_text(operand.value, tongue) if hasattr(operand, "value") else operand_text(operand)
        for operand in test.operands
    ]
    if texts in ([tongue.flag(True)], [tongue.flag(False)]):
        return f"{test.field.key} {texts[0]}"
    return f"{test.field.key} {operator} {', '.join(texts)}"


def _measure(condition: CountLines | SumLines, tongue: Tongue) -> str:
    what = tongue.say("antallet af linjer", "number of lines")
    if isinstance(condition, SumLines):
        key = condition.field.key
        what = tongue.say(f"summen af {key} på linjer", f"sum of {key} of lines")
    where = ""
    if condition.where is not None:
        where = f" {tongue.say('med', 'with')} ({_inline(condition.where, tongue)})"
    bounds = tongue.say(" og ", " and ").join(
        f"{_operator(bound, tongue)} {', '.join(map(operand_text, bound.operands))}"
        for bound in condition.bounds
    )
    return f"{what}{where} {bounds}"


def effect_text(rule: Rule, tongue: Tongue) -> str:
    """`bounces with dimension-missing`, `posts`."""
    word = tongue.say(*_EFFECTS[rule.effect])
    return (
        word
        if rule.error_type is None
        else f"{word} {tongue.say('med', 'with')} {rule.error_type}"
    )


def rule_text(rule: Rule, tongue: Tongue) -> str:
    """A whole rule on one line."""
    told = [effect_text(rule, tongue)]
    if rule.when is not None:
        told += [tongue.say("når", "when"), inline(rule.when, tongue)]
    if rule.unless is not None:
        told += [tongue.say("medmindre", "unless"), inline(rule.unless, tongue)]
    return " ".join(told if len(told) > 1 else [*told, tongue.say("altid", "always")])


def condition_changes(
    old: Condition | None, new: Condition | None, word: str, tongue: Tongue
) -> Iterator[str]:
    """What changes between two conditions, a line for each part; `word` begins each."""
    for before, after in paired(parts_of(old), parts_of(new)):
        if before is None and after is not None:
            yield f"{word}: {tongue.say('også', 'also')} {inline(after, tongue)}"
        elif after is None and before is not None:
            yield f"{word}: {tongue.say('ikke længere', 'no longer')} {inline(before, tongue)}"
        elif before is not None and after is not None:
            yield f"{word}: {inline(before, tongue)} → {inline(after, tongue)}"


def period_text(first: date | None, last: date | None, tongue: Tongue) -> str:
    """`from 2026-01-01 until 2026-12-31`, `always`; `fra 1. januar 2026`, `altid`."""
    if tongue.language == "da":
        return danish_period(first, last, "da") or "altid"
    parts = [
        f"from {first}" if first is not None else "",
        f"until {last}" if last is not None else "",
    ]
    return " ".join(part for part in parts if part) or "always"
