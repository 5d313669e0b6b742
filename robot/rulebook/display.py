"""Rules in words again: conditions as they would be written, effective sets with their origin."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from robot.domain.decision import Effect
from robot.domain.money import Money
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    ListName,
    Literal,
    Not,
    Operand,
    Parameter,
    SumLines,
    Test,
    Value,
)
from robot.rulebook.effective import EffectiveRule, EffectiveSet
from robot.rulebook.vocabulary import FLAG_WORDS, Operator

_INDENT = "  "


def literal_text(value: Value) -> str:
    """A value as it is written in a rule file."""
    if isinstance(value, bool):
        return FLAG_WORDS[0] if value else FLAG_WORDS[1]
    if isinstance(value, Money):
        return f"{value.amount:f} {value.currency}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def operand_text(operand: Operand) -> str:
    """What stands after an operator."""
    if isinstance(operand, Literal):
        return literal_text(operand.value)
    if isinstance(operand, Parameter):
        return f"${operand.name}"
    return operand.name if isinstance(operand, ListName) else operand.key


def text_of(test: Test) -> str:
    """One test on one line: `invoice.total at_most 5000 DKK`, `creditor.known yes`."""
    name = test.field.key
    if not test.operands:
        return f"{name} {test.operator}"
    first = test.operands[0]
    if isinstance(first, Literal) and isinstance(first.value, bool):
        return f"{name} {literal_text(first.value)}"
    return f"{name} {operator_text(test)}"


def operator_text(part: Test | Bound) -> str:
    """An operator with what stands after it."""
    texts = [operand_text(operand) for operand in part.operands]
    several = part.operator in {Operator.IN, Operator.NOT_IN, Operator.BETWEEN}
    inner = f"[{', '.join(texts)}]" if several or len(texts) > 1 else texts[0]
    return f"{part.operator} {inner}"


def condition_lines(condition: Condition, depth: int = 0) -> Iterator[str]:
    """A condition as indented lines, one for each test and each word that holds others."""
    pad = _INDENT * depth
    if isinstance(condition, Test):
        yield f"{pad}{text_of(condition)}"
        return
    if isinstance(condition, AllOf | AnyOf):
        yield f"{pad}{'all_of' if isinstance(condition, AllOf) else 'any_of'}:"
        for part in condition.parts:
            yield from condition_lines(part, depth + 1)
        return
    if isinstance(condition, Not):
        yield f"{pad}none_of:"
        yield from condition_lines(condition.part, depth + 1)
        return
    if isinstance(condition, CountLines | SumLines):
        yield from _measured(condition, depth)
        return
    yield f"{pad}lines {condition.quantifier}:"
    yield from condition_lines(condition.part, depth + 1)


def _measured(condition: CountLines | SumLines, depth: int) -> Iterator[str]:
    what = "count" if isinstance(condition, CountLines) else f"sum of {condition.field.key}"
    bounds = " and ".join(operator_text(bound) for bound in condition.bounds)
    where = " of those where" if condition.where is not None else ""
    yield f"{_INDENT * depth}lines {what} {bounds}{where}{':' if where else ''}"
    if condition.where is not None:
        yield from condition_lines(condition.where, depth + 1)


def effective_lines(effective: EffectiveSet) -> Iterator[str]:
    """An effective set for a reader: every rule with its values filled in and its origin."""
    customer = effective.customer
    yield f"{customer.name} ({customer.bogfoeringskreds}), rule set {effective.hash[:12]}"
    for part in effective.rules:
        yield ""
        yield from _rule_lines(part)
    if effective.repostings:
        yield ""
        yield "re-posting sheets"
    for part in effective.repostings:
        yield ""
        yield from _rule_lines(part)
    for name, values in effective.lists.items():
        yield ""
        yield f"list {name}: {len(values.rows)} rows"


def _rule_lines(part: EffectiveRule) -> Iterator[str]:
    rule = part.rule
    effect = rule.effect if rule.error_type is None else f"{rule.effect}: {rule.error_type}"
    origin = "standard" if part.standard else "own"
    marks = [origin, *(["mandatory"] if rule.mandatory else [])]
    yield f"{rule.id}  {effect}  [{', '.join(marks)}]  {rule.at}"
    if rule.why:
        yield f"{_INDENT}why {rule.why}"
    if rule.valid_from is not None or rule.valid_to is not None:
        yield f"{_INDENT}from {rule.valid_from or '–'} until {rule.valid_to or '–'}"
    if part.dispensation is not None:
        given = part.dispensation
        what = given.action or "switched off"
        yield (
            f"{_INDENT}dispensation: {what} until {given.valid_to} ({given.why}; "
            f"{given.approved_by})  {given.at}"
        )
    for word, condition in (("when", rule.when), ("unless", rule.unless)):
        if condition is not None:
            yield f"{_INDENT}{word}"
            yield from condition_lines(condition, 2)
    if rule.when is None and rule.effect is not Effect.POST:
        yield f"{_INDENT}always"


def effective_json(effective: EffectiveSet) -> dict[str, object]:
    """An effective set for machines."""
    return {
        "customer": effective.customer.name,
        "bogfoeringskreds": effective.customer.bogfoeringskreds,
        "hash": effective.hash,
        "rules": [_rule_json(part) for part in effective.rules],
        "repostings": [_rule_json(part) for part in effective.repostings],
        "lists": {
            name: [row.value for row in rows.rows] for name, rows in effective.lists.items()
        },
    }


def _rule_json(part: EffectiveRule) -> dict[str, object]:
    rule = part.rule
    given = part.dispensation
    return {
        "id": rule.id,
        "effect": rule.effect.value,
        "error_type": rule.error_type,
        "why": rule.why,
        "mandatory": rule.mandatory,
        "standard": part.standard,
        "path": rule.at.path,
        "line": rule.at.line,
        "when": None if rule.when is None else list(condition_lines(rule.when)),
        "unless": None if rule.unless is None else list(condition_lines(rule.unless)),
        "dispensation": None
        if given is None
        else {
            "action": given.action,
            "until": given.valid_to.isoformat(),
            "why": given.why,
            "approved_by": given.approved_by,
        },
    }
