"""Limits that almost meet: a post rule ends where a blocking rule begins, give or take an øre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from robot.domain.decision import Effect
from robot.domain.fields import FieldType
from robot.domain.money import CENT, Money
from robot.rulebook.analysis.compared_rules import Candidate
from robot.rulebook.analysis.formulas import Formula
from robot.rulebook.analysis.reasoning import Reasoner, conjuncts, impossible, written_order
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.analysis.value_sets import Wanted
from robot.rulebook.conditions import Condition, FieldRef, Literal, Operand, Test
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.vocabulary import Operator

_UPPER: Final = {Operator.BELOW: False, Operator.AT_MOST: True}
_LOWER: Final = {Operator.ABOVE: False, Operator.AT_LEAST: True}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """The end of what one rule covers of a field; `included` when it covers the end itself."""

    rule: Rule
    field: FieldRef
    currency: str
    end: Decimal
    included: bool
    at: Position
    fresh: bool


def near_misses(candidates: Iterable[Candidate], reasoner: Reasoner, remarks: Remarks) -> None:
    """Note pairs of limits between which exactly one value falls, or which both cover.

    Rules that no document can meet both, whatever the limits are, have nothing to do with each
    other.
    """
    rules = list(candidates)
    uppers: dict[tuple[FieldRef, str], list[_Limit]] = {}
    for candidate in rules:
        if candidate.rule.effect is Effect.POST:
            for limit in _limits(candidate, _UPPER):
                uppers.setdefault((limit.field, limit.currency), []).append(limit)
    for candidate in rules:
        if not candidate.rule.blocking:
            continue
        for lower in _limits(candidate, _LOWER):
            for upper in uppers.get((lower.field, lower.currency), ()):
                if (lower.fresh or upper.fresh) and _gap(upper, lower) is not None:
                    others = [*_others(upper, reasoner), *_others(lower, reasoner)]
                    if not impossible(others):
                        _tell(upper, lower, remarks)


def _others(limit: _Limit, reasoner: Reasoner) -> Iterator[Formula]:
    """What a rule asks besides the field of its limit."""
    for part in () if limit.rule.condition is None else conjuncts(limit.rule.condition):
        if not isinstance(part, Test) or part.field != limit.field:
            yield reasoner.of(part, Wanted.TRUE)


def _gap(upper: _Limit, lower: _Limit) -> tuple[Decimal, Decimal] | None:
    """The only value that falls between two limits, or that both cover, and the step to the next.

    The step is below zero when both cover the value; None when there is not just one.
    """
    step = CENT if upper.currency else Decimal(1)
    first_over = upper.end + step if upper.included else upper.end
    first_blocked = lower.end if lower.included else lower.end + step
    between = first_blocked - first_over
    if between == 0 or abs(between) > step:
        return None
    return (first_over, step) if between > 0 else (first_blocked, -step)


def _tell(upper: _Limit, lower: _Limit, remarks: Remarks) -> None:
    found = _gap(upper, lower)
    if found is None:
        return
    amount, between = found
    value = f"{amount:f} {upper.currency}".strip()
    post, block = f"'{upper.rule.id}' ({upper.at})", f"'{lower.rule.id}' ({lower.at})"
    if between > 0:
        message = f"exactly {value} of '{upper.field.name}' falls between {post} and {block}"
    else:
        message = f"exactly {value} of '{upper.field.name}' is covered by both {post} and {block}"
    later, other = sorted((upper, lower), key=lambda limit: written_order(limit.at), reverse=True)
    remarks.add("limits-almost-meet", later.at, message, related=(other.at,))


def _limits(candidate: Candidate, operators: dict[Operator, bool]) -> Iterator[_Limit]:
    condition = candidate.rule.when
    for test in _tests(condition):
        included = operators.get(test.operator)
        measured = None if included is None else _measured(test.operands[0])
        if measured is None or included is None:
            continue
        yield _Limit(
            rule=candidate.rule,
            field=test.field,
            currency=measured[1],
            end=measured[0],
            included=included,
            at=test.at,
            fresh=candidate.fresh,
        )


def _tests(condition: Condition | None) -> Iterator[Test]:
    for part in () if condition is None else conjuncts(condition):
        if isinstance(part, Test) and part.field.type in {FieldType.MONEY, FieldType.NUMBER}:
            yield part


def _measured(operand: Operand) -> tuple[Decimal, str] | None:
    value = operand.value if isinstance(operand, Literal) else None
    if isinstance(value, Money):
        return value.amount, value.currency
    return (value, "") if isinstance(value, Decimal) else None
