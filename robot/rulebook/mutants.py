"""Small changes of rules, such as people make by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from robot.domain.decision import Effect
from robot.domain.fields import FieldType
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Literal,
    Not,
    Operand,
    SumLines,
    Test,
    Value,
    walk,
)
from robot.rulebook.display import condition_lines, literal_text, operator_text
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.parts import (
    Address,
    Asked,
    asked_by,
    conditions_of,
    parts_of,
    with_operands,
    with_operator,
    with_part,
)
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.sides import stepped
from robot.rulebook.vocabulary import Operator, Quantifier

_MOST_WORDS: Final = 12
_FLIPPED: Final = {
    one: other
    for pair in (
        (Operator.BELOW, Operator.AT_LEAST),
        (Operator.AT_MOST, Operator.ABOVE),
        (Operator.BEFORE, Operator.ON_OR_AFTER),
        (Operator.ON_OR_BEFORE, Operator.AFTER),
        (Operator.IS_NOT, Operator.IS),
        (Operator.IN, Operator.NOT_IN),
        (Operator.IN_LIST, Operator.NOT_IN_LIST),
        (Operator.MISSING, Operator.PRESENT),
        (Operator.SAME_AS, Operator.DIFFERS_FROM),
    )
    for one, other in (pair, pair[::-1])
}
_SWAPPED: Final = {
    Quantifier.ANY: Quantifier.ALL,
    Quantifier.ALL: Quantifier.ANY,
    Quantifier.NONE: Quantifier.ANY,
}
_OTHER_EFFECT: Final = {
    Effect.POST: Effect.NOTE,
    Effect.BOUNCE: Effect.HOLD,
    Effect.HOLD: Effect.NOTE,
    Effect.NOTE: Effect.HOLD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A rule with one small change. `key` is equal for the same change of the same rule.

    `limit` is the address and the number of the operator when it is a limit that is moved.
    """

    key: tuple[object, ...]
    what: str
    at: Position
    rule: Rule
    limit: tuple[Address, int] | None = None


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    """Every small change of a rule, in the file's order."""
    effect = _OTHER_EFFECT[rule.effect]
    # A note and a post need an error type to be told by; the rule's own name stands for it.
    changed = replace(rule, effect=effect, error_type=rule.error_type or rule.id)
    yield Mutant(key=("effect",), what=f"{rule.effect} becomes {effect}", at=rule.at, rule=changed)
    for address, condition in conditions_of(rule):
        if address[0] == 1:
            yield Mutant(
                key=("no unless",),
                what="the whole 'unless' is left out",
                at=_place(condition, rule),
                rule=with_part(rule, address, None),
            )
        elif not isinstance(condition, AllOf):
            yield Mutant(
                key=("no when",),
                what=f"'{_one_line(condition)}' is left out, so it always holds",
                at=_place(condition, rule),
                rule=with_part(rule, address, None),
            )
    for address, part, _ in parts_of(rule):
        yield from _of_part(rule, address, part)


def _of_part(rule: Rule, address: Address, part: Condition) -> Iterator[Mutant]:
    if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1:
        for place, child in enumerate(part.parts):
            yield Mutant(
                key=("drop", *address, place),
                what=f"'{_one_line(child)}' is left out",
                at=_place(child, rule),
                rule=with_part(rule, (*address, place), None),
            )
    elif isinstance(part, ForLines):
        other = _SWAPPED[part.quantifier]
        yield Mutant(
            key=("quantifier", *address),
            what=f"lines {part.quantifier} becomes lines {other}",
            at=part.at,
            rule=with_part(rule, address, replace(part, quantifier=other)),
        )
    elif isinstance(part, Test | CountLines | SumLines):
        for asked in asked_by(part):
            yield from _of_operator(rule, address, part, asked)


class _Make(Protocol):
    """Makes a mutant of the operator that is looked at."""

    def __call__(
        self, kind: str, what: str, changed: Condition, *, limit: bool = False
    ) -> Mutant: ...


def _of_operator(
    rule: Rule, address: Address, part: Test | CountLines | SumLines, asked: Asked
) -> Iterator[Mutant]:
    name = part.field.key if isinstance(part, Test | SumLines) else "count"

    def mutant(kind: str, what: str, changed: Condition, *, limit: bool = False) -> Mutant:
        return Mutant(
            key=(kind, *address, asked.bound),
            what=f"{name}: {what}",
            at=asked.at,
            rule=with_part(rule, address, changed),
            limit=(address, asked.bound) if limit else None,
        )

    yield _flipped(mutant, part, asked)
    for place, operand in enumerate(asked.operands):
        for kind, moved in _moved(operand):
            operands = (*asked.operands[:place], moved, *asked.operands[place + 1 :])
            yield mutant(
                f"{kind} {place}",
                f"{_text(operand)} becomes {_text(moved)}",
                with_operands(part, asked.bound, operands),
                limit=True,
            )
    if len(asked.operands) > 1 and asked.operator is not Operator.BETWEEN:
        for place, operand in enumerate(asked.operands[:_MOST_WORDS]):
            kept = (*asked.operands[:place], *asked.operands[place + 1 :])
            yield mutant(
                f"without {_text(operand)}",
                f"{_text(operand)} is taken out of {asked.operator}",
                with_operands(part, asked.bound, kept),
            )


def _flipped(mutant: _Make, part: Test | CountLines | SumLines, asked: Asked) -> Mutant:
    before = str(asked.operator) if not asked.operands else operator_text(_bare(part, asked))
    first = asked.operands[0] if asked.operands else None
    if isinstance(first, Literal) and isinstance(first.value, bool):
        other = Literal(not first.value)
        what = f"{_text(first)} becomes {_text(other)}"
        return mutant("flip", what, with_operands(part, asked.bound, (other,)))
    takes_is_not = isinstance(part, Test) and part.field.type in {
        FieldType.CODE,
        FieldType.TEXT,
        FieldType.CHOICE,
    }
    other_operator = _FLIPPED.get(asked.operator)
    if other_operator is not None and (other_operator is not Operator.IS_NOT or takes_is_not):
        changed = with_operator(part, asked.bound, other_operator)
        return mutant("flip", f"{before} becomes {other_operator}", changed)
    return mutant("flip", f"{before} becomes its opposite", Not(part=part))


def _moved(operand: Operand) -> Iterator[tuple[str, Literal]]:
    """A limit one smallest step up and down."""
    if not isinstance(operand, Literal) or isinstance(operand.value, bool | str):
        return
    for kind, steps in (("up", 1), ("down", -1)):
        moved = _step(operand.value, steps)
        if moved is not None and moved != operand.value:
            yield kind, Literal(moved)


def _step(value: Value, steps: int) -> Value | None:
    if isinstance(value, RelativeDate):
        return RelativeDate(value.days + steps)
    if isinstance(value, Window):
        before = max(value.before + steps, 0) if value.before else 0
        after = max(value.after + steps, 0) if value.after else 0
        return Window(before, after)
    if isinstance(value, str | bool):
        return None
    return stepped(value, steps)


def _bare(part: Test | CountLines | SumLines, asked: Asked) -> Test:
    """The operator alone, to be written down."""
    if isinstance(part, Test):
        return part
    field = FieldRef(key="", type=FieldType.NUMBER)
    return Test(field=field, operator=asked.operator, operands=asked.operands, at=asked.at)


def _text(operand: Operand) -> str:
    return literal_text(operand.value) if isinstance(operand, Literal) else str(operand)


def _one_line(condition: Condition) -> str:
    return " ".join(line.strip() for line in condition_lines(condition))


def _place(condition: Condition, rule: Rule) -> Position:
    """Where a condition begins: an `all_of` has no place of its own, its first part has."""
    for part in walk(condition):
        at = getattr(part, "at", None)
        if isinstance(at, Position):
            return at
    return rule.at
