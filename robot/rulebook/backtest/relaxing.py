"""What a `post` rule asks, condition by condition, and the rule without each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from robot.domain.decision import Effect
from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.backtest.judging import JudgedSet
from robot.rulebook.backtest.questions import Question, Questions
from robot.rulebook.conditions import AllOf, AnyOf, Condition, Literal, Not, Parameter, Test, walk
from robot.rulebook.display import condition_lines
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.vocabulary import Operator

_UPPER: Final = frozenset({Operator.BELOW, Operator.AT_MOST})
#: Operators whose bound admits more the lower it is.
LOWER: Final = frozenset({Operator.ABOVE, Operator.AT_LEAST})
_STRICT: Final = frozenset({Operator.BELOW, Operator.ABOVE})
_SIZED: Final = frozenset({FieldType.MONEY, FieldType.NUMBER})
#: Thresholds are proposed on this many steps within a power of ten.
_STEPS: Final = Decimal(20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A `post` rule without one of its conditions.

    `rest` asks everything else of the rule. `threshold` is the condition when it bounds one amount
    or number, so that another bound can be proposed; `parameter` is the one that sets it.
    """

    rule: str
    place: int
    number: int
    text: str
    rest: Question
    threshold: Test | None
    parameter: str = ""


def relaxations(
    rules: JudgedSet, questions: Questions, parameters: Mapping[Position, str]
) -> tuple[Relaxation, ...]:
    """Every single condition of every `post` rule but those that say what the rule is about.

    A rule with one condition has none to give.
    """
    found = []
    for asked in rules.rules:
        rule = asked.part.rule
        if rule.effect is not Effect.POST:
            continue
        conditions = list(conditions_of(rule))
        for number, condition in enumerate(conditions):
            others = tuple(one for place, one in enumerate(conditions) if place != number)
            if others and not _says_what_it_is_about(condition):
                found.append(
                    Relaxation(
                        rule=rule.id,
                        place=asked.place,
                        number=number,
                        text=text_of(condition),
                        rest=questions.of(AllOf(parts=others), rules.effective.lists),
                        threshold=_threshold(condition),
                        parameter=_parameter(condition, parameters),
                    )
                )
    return tuple(found)


def _says_what_it_is_about(condition: Condition) -> bool:
    """Whether it chooses a kind of document: a rule for credit notes is not one for invoices."""
    return (
        isinstance(condition, Test)
        and condition.field.type is FieldType.CHOICE
        and condition.operator in {Operator.IS, Operator.IN}
    )


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """What must hold for a rule, taken apart; together they are its condition."""
    if rule.when is not None:
        yield from _all_of(rule.when)
    if rule.unless is not None:
        yield from _none_of(rule.unless)


def parameters_by_place(loaded: LoadedRules) -> dict[Position, str]:
    """Where a test stands to the parameter that it uses, in the standard and own rules."""
    rules = [*(loaded.standard.rules if loaded.standard else ())]
    rules += [rule for file in loaded.customers.values() for rule in file.rules]
    found = {}
    for rule in rules:
        for condition in (rule.when, rule.unless):
            for part in walk(condition) if condition is not None else ():
                names = [o.name for o in getattr(part, "operands", ()) if isinstance(o, Parameter)]
                if isinstance(part, Test) and names:
                    found[part.at] = names[0]
    return found


def text_of(condition: Condition) -> str:
    """A condition on one line."""
    if isinstance(condition, Not):
        return f"not ({text_of(condition.part)})"
    return " ".join(line.strip() for line in condition_lines(condition))


def bound_that_admits(test: Test, value: object) -> Decimal | None:
    """The round number at which a bound would just let a value through; None when none can.

    An amount in another currency than the bound's is never let through.
    """
    (operand,) = test.operands
    bound = operand.value if isinstance(operand, Literal) else None
    if isinstance(bound, Money) and isinstance(value, Money):
        if bound.currency != value.currency:
            return None
        return _round_bound(value.amount, test.operator)
    if isinstance(bound, Decimal) and isinstance(value, Decimal):
        return _round_bound(value, test.operator)
    return None


def _round_bound(value: Decimal, operator: Operator) -> Decimal:
    size = Decimal(10) ** max(value.copy_abs().adjusted() + 1, 1) / _STEPS
    rounding = ROUND_CEILING if operator in _UPPER else ROUND_FLOOR
    bound = (value / size).to_integral_value(rounding) * size
    if operator in _STRICT and bound == value:
        bound += size if operator in _UPPER else -size
    return bound.quantize(Decimal(1), rounding) if size >= 1 else bound.normalize()


def _threshold(condition: Condition) -> Test | None:
    if not isinstance(condition, Test) or condition.field.type not in _SIZED:
        return None
    return condition if condition.operator in _UPPER | LOWER else None


def _parameter(condition: Condition, parameters: Mapping[Position, str]) -> str:
    return parameters.get(condition.at, "") if isinstance(condition, Test) else ""


def _all_of(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _all_of(part)
    elif isinstance(condition, Not):
        yield from _none_of(condition.part)
    else:
        yield condition


def _none_of(condition: Condition) -> Iterator[Condition]:
    """Not one of the parts may hold, so each is a condition of its own."""
    if isinstance(condition, AnyOf):
        for part in condition.parts:
            yield from _none_of(part)
    elif isinstance(condition, Not):
        yield from _all_of(condition.part)
    else:
        yield Not(part=condition)
