"""A decision as a tree: each rule with its conditions, what each saw and how it came out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from robot.domain.decision import Decision, Effect, Truth
from robot.domain.fields import FieldValues
from robot.rulebook.compiler import compile_set
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Literal,
    Not,
    Operand,
    Parameter,
    SumLines,
    Test,
)
from robot.rulebook.danish_operators import DANISH, DANISH_LINES
from robot.rulebook.decide import Decider
from robot.rulebook.diff.tongue import ENGLISH, Tongue
from robot.rulebook.diff.wording import value_text
from robot.rulebook.display import literal_text, operand_text
from robot.rulebook.explain.changes import Slot, lines_of, number_of
from robot.rulebook.loader import LoadedRules
from robot.rulebook.parts import (
    UNLESS,
    WHEN,
    Address,
    Asked,
    SourcedRule,
    asked_by,
    part_at,
    sourced,
)
from robot.rulebook.problem import Position
from robot.rulebook.rules import Dispensation
from robot.rulebook.shown import shown
from robot.rulebook.vocabulary import Operator, Quantifier

#: How a part comes out, on one of the lines (by its place) when it is asked of lines.
_TruthOf: TypeAlias = Callable[[Condition, int | None], Truth]
#: The text of a node whose children must all hold.
ALL_OF: Final = "all_of"
#: Lines of a document that are shown one by one; the rest is counted.
_MOST_LINES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One condition: as the file has it, how it came out, and the value that it saw.

    A node without a place stands for one line of the document.
    """

    text: str
    truth: Truth
    seen: str = ""
    at: Position | None = None
    children: tuple[Node, ...] = ()
    #: Lines that came out the same and are not shown.
    left_out: int = 0

    def as_json(self) -> dict[str, object]:
        """The node for machines."""
        return {
            "text": self.text,
            "truth": self.truth.value,
            "seen": self.seen,
            "path": None if self.at is None else self.at.path,
            "line": None if self.at is None else self.at.line,
            "children": [child.as_json() for child in self.children],
            "left_out": self.left_out,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRule:
    """One rule on one document. `dispensation` is the one that counted."""

    part: SourcedRule
    truth: Truth
    when: Node | None
    unless: Node | None
    in_force: bool
    dispensation: Dispensation | None

    def as_json(self) -> dict[str, object]:
        """The rule for machines."""
        rule = self.part.rule
        given = self.dispensation
        return {
            "rule": rule.id,
            "effect": rule.effect.value,
            "error_type": rule.error_type,
            "truth": self.truth.value,
            "why": rule.why,
            "path": rule.at.path,
            "line": rule.at.line,
            "in_force": self.in_force,
            "dispensation": None if given is None else given.valid_to.isoformat(),
            "when": None if self.when is None else self.when.as_json(),
            "unless": None if self.unless is None else self.unless.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A decision with its rules, in the set's order."""

    decision: Decision
    rules: tuple[ExplainedRule, ...]

    def telling(self) -> tuple[ExplainedRule, ...]:
        """The rules that had a say: all that were true or not known, and those that can post."""
        return tuple(
            rule
            for rule in self.rules
            if rule.truth is not Truth.FALSE
            or (rule.part.rule.effect is Effect.POST and rule.in_force)
        )


def explain(
    loaded: LoadedRules,
    stem: str | None,
    values: FieldValues,
    today: date,
    language: str,
    told: Tongue = ENGLISH,
) -> Explained:
    """Decide a document by its field values and keep how every condition came out.

    Args:
        loaded: The rules.
        stem: The customer file's name, None of nobody.
        values: The document's field values.
        today: The decision's day.
        language: `da` or `en`, for the values seen.
        told: In which language the conditions are told; English has them as the files do.

    Raises:
        KeyError: There is no such customer, or its rules can't be used.
    """
    loaded = loaded.met_by(values)
    effective = loaded.effective(stem)
    compiled = compile_set(effective)
    decision = Decider(effective, compiled).decide(values, today)
    true, unknown = compiled.evaluate(values, today)
    truths = dict.fromkeys(true, Truth.TRUE) | dict.fromkeys(unknown, Truth.UNKNOWN)

    def truth(condition: Condition, line: int | None) -> Truth:
        one = None if line is None else lines_of(values)[line]
        return compiled.truth(condition, values, one, today)

    grower = _Grower(truth, values, language, told)
    rules = tuple(
        ExplainedRule(
            part=part,
            truth=truths.get(part.index, Truth.FALSE),
            when=grower.grown(part, part.rule.when, WHEN),
            unless=grower.grown(part, part.rule.unless, UNLESS),
            in_force=part.rule.in_force(today),
            dispensation=part.effective.dispensed(today),
        )
        for part in sourced(loaded, stem)
    )
    return Explained(decision=decision, rules=rules)


class _Grower:
    """Makes the nodes of one document."""

    def __init__(self, truth: _TruthOf, values: FieldValues, language: str, told: Tongue) -> None:
        self._truth = truth
        self._values = values
        self._language = language
        self._told = told

    def grown(self, part: SourcedRule, condition: Condition | None, at: Address) -> Node | None:
        return None if condition is None else self._node(part, condition, at, None)

    def _node(
        self, part: SourcedRule, condition: Condition, address: Address, line: int | None
    ) -> Node:
        truth = self._truth(condition, line)
        source = part_at(part.source, address)
        if isinstance(condition, Test):
            text = f"{condition.field.key} {_asked(condition, source, self._told)}".rstrip()
            return Node(text=text, truth=truth, seen=self._seen(condition, line), at=condition.at)
        if isinstance(condition, ForLines):
            children, left_out = self._lines(part, condition, (*address, 0))
            return Node(
                text=self._told.say(
                    DANISH_LINES[Quantifier(condition.quantifier)],
                    f"lines {condition.quantifier}",
                ),
                truth=truth,
                at=condition.at,
                children=children,
                left_out=left_out,
            )
        if isinstance(condition, CountLines | SumLines):
            return self._measure(part, condition, source, address)
        words = {
            AllOf: self._told.say("alle disse", ALL_OF),
            AnyOf: self._told.say("mindst én af disse", "any_of"),
            Not: self._told.say("ingen af disse", "none_of"),
        }
        parts = (condition.part,) if isinstance(condition, Not) else condition.parts
        return Node(
            text=words[type(condition)],
            truth=truth,
            children=tuple(
                self._node(part, child, (*address, place), line)
                for place, child in enumerate(parts)
            ),
        )

    def _measure(
        self,
        part: SourcedRule,
        condition: CountLines | SumLines,
        source: Condition,
        address: Address,
    ) -> Node:
        what = self._told.say("antallet af linjer", "lines count")
        if isinstance(condition, SumLines):
            key = condition.field.key
            what = self._told.say(f"summen af {key} på linjer", f"lines sum of {key}")
        children: tuple[Node, ...] = ()
        left_out = 0
        if condition.where is not None:
            children, left_out = self._each_line(part, condition.where, (*address, 0), Truth.TRUE)
        seen = ""
        if isinstance(condition, SumLines):
            field = condition.field
            seen = ", ".join(
                shown(line.get(field.key), field, self._language)
                for line in lines_of(self._values)[:_MOST_LINES]
            )
        return Node(
            text=f"{what} {_asked(condition, source, self._told)}",
            truth=self._truth(condition, None),
            seen=seen,
            at=condition.at,
            children=children,
            left_out=left_out,
        )

    def _lines(
        self, part: SourcedRule, condition: ForLines, address: Address
    ) -> tuple[tuple[Node, ...], int]:
        telling = Truth.FALSE if condition.quantifier is Quantifier.ALL else Truth.TRUE
        return self._each_line(part, condition.part, address, telling)

    def _each_line(
        self, part: SourcedRule, condition: Condition, address: Address, telling: Truth
    ) -> tuple[tuple[Node, ...], int]:
        """The lines, those that tell most first when there are many."""
        lines = lines_of(self._values)
        truths = [self._truth(condition, index) for index in range(len(lines))]
        order = [telling, Truth.UNKNOWN, Truth.TRUE, Truth.FALSE]
        chosen = sorted(range(len(lines)), key=lambda i: order.index(truths[i]))[:_MOST_LINES]
        nodes = tuple(
            Node(
                text=f"{self._told.say('linje', 'line')} {number_of(lines[index], index)}",
                truth=truths[index],
                children=(self._node(part, condition, address, index),),
            )
            for index in sorted(chosen)
        )
        return nodes, len(lines) - len(nodes)

    def _seen(self, test: Test, line: int | None) -> str:
        fields = [test.field, *(o for o in test.operands if isinstance(o, FieldRef))]
        return ", ".join(self._value(field, line) for field in fields)

    def _value(self, field: FieldRef, line: int | None) -> str:
        if field == LINES:
            return str(len(lines_of(self._values)))
        slot = Slot(field=field, line=line if field.of_line else None)
        if field.of_line and line is None:
            return ""
        return shown(slot.value(self._values), field, self._language)


def _asked(condition: Condition, source: Condition, told: Tongue) -> str:
    """The operators as written, with the values of parameters after their names."""
    pairs = zip(asked_by(condition), asked_by(source), strict=True)
    return told.say(" og ", " and ").join(
        _one(filled.operands, written, told) for filled, written in pairs
    )


def _one(filled: tuple[Operand, ...], written: Asked, told: Tongue) -> str:
    operands = written.operands
    operator = told.say(DANISH[Operator(written.operator)], str(written.operator))
    if not operands:
        return operator
    first = filled[0] if filled else None
    if isinstance(first, Literal) and isinstance(first.value, bool):
        return told.say("ja" if first.value else "nej", literal_text(first.value))
    texts = list(_texts(filled, operands, told))
    inner = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return f"{operator} {inner}"


def _text(operand: Operand, told: Tongue) -> str:
    if isinstance(operand, Literal) and told.language == "da":
        return value_text(operand.value, told)
    return operand_text(operand)


def _texts(
    filled: tuple[Operand, ...], written: tuple[Operand, ...], told: Tongue
) -> Iterator[str]:
    rest = list(filled)
    for operand in written:
        if isinstance(operand, Parameter):
            taken = rest if len(written) == 1 else rest[:1]
            values = ", ".join(_text(value, told) for value in taken)
            yield f"{operand_text(operand)} ({values})"
            rest = rest[len(taken) :]
        else:
            rest = rest[1:]
            yield _text(operand, told)
