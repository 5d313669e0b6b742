"""Reads `when` and `unless` blocks into conditions, and says what can't be understood."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Literal,
    Not,
    Operand,
    SumLines,
    Test,
)
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.literals import yes_or_no
from robot.rulebook.names import Names
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.operand_reader import OperandReader
from robot.rulebook.problem import Report, did_you_mean, listed
from robot.rulebook.signs import as_test
from robot.rulebook.vocabulary import (
    BLOCKS,
    BOUNDS,
    COMPARABLE,
    FLAG_WORDS,
    OPERATORS,
    STATES,
    SYNONYMS,
    TYPE_NAMES,
    Operator,
    Quantifier,
)

_BOUND_WORDS: Final = tuple(operator.value for operator in BOUNDS)
_LINE_WORDS: Final = (*(word.value for word in Quantifier), "count", "sum")
_DIMENSIONS: Final = "dimensions."
_BY_WORD: Final = {operator.value: operator for operator in Operator}


class ConditionReader:
    """Reads the conditions of one file.

    Each method gives None when what it was given can't be understood; the report then says why.
    """

    def __init__(self, names: Names, report: Report) -> None:
        self._names = names
        self._report = report
        self._operands = OperandReader(names, report)

    def block(self, node: YamlNode, what: str, *, of_line: bool = False) -> Condition | None:
        """A mapping of fields to conditions, all of which must hold; `what` names it."""
        if not isinstance(node, YamlMapping):
            self._error(
                "not-a-block",
                node,
                f"{what} must be fields with conditions, not {kind_of(node)}",
            )
            return None
        if not node.entries:
            self._error("empty-block", node, f"{what} is empty, so it would always hold")
            return None
        parts = [self._part(key, value, of_line=of_line) for key, value in node.entries]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        return good[0] if len(good) == 1 else AllOf(parts=good)

    def _part(self, key: YamlScalar, value: YamlNode, *, of_line: bool) -> Condition | None:
        if key.text in BLOCKS:
            return self._nested(key, value, of_line=of_line)
        if key.text == LINES.key and not of_line:
            return self._lines(value)
        reference = self.field(key, of_line=of_line)
        if reference is None:
            return None
        if isinstance(value, YamlMapping):
            return self._tests(reference, value)
        return self._state(reference, value)

    def _nested(self, key: YamlScalar, value: YamlNode, *, of_line: bool) -> Condition | None:
        if not isinstance(value, YamlSequence):
            self._error(
                "not-a-list",
                value,
                f"'{key.text}' takes a list of blocks, each beginning with '- ', "
                f"not {kind_of(value)}",
            )
            return None
        if not value.items:
            self._error("empty-block", value, f"'{key.text}' has no blocks")
            return None
        parts = [
            self.block(item, f"a block of '{key.text}'", of_line=of_line) for item in value.items
        ]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        if key.text == "all_of":
            return AllOf(parts=good)
        return AnyOf(parts=good) if key.text == "any_of" else Not(part=AnyOf(parts=good))

    def field(self, key: YamlScalar, *, of_line: bool) -> FieldRef | None:
        """The field that a key names."""
        reference = self._names.fields.find(key.text, of_line=of_line)
        if reference is not None:
            return reference if self._dimension_known(key, of_line=of_line) else None
        fields = self._names.fields
        if of_line and (key.text in fields.document or key.text == LINES.key):
            message = (
                f"'{key.text}' belongs to the document, not to a line; move it out of 'lines'"
            )
            self._error("field-out-of-place", key, message)
        elif not of_line and fields.find(key.text.removeprefix("lines."), of_line=True):
            own = key.text.removeprefix("lines.")
            message = f"'{own}' belongs to a line; write 'lines: {{any: {{{own}: ...}}}}'"
            self._error("field-out-of-place", key, message)
        else:
            known = [*(fields.line if of_line else fields.document), *BLOCKS]
            known += fields.prefixes(of_line=of_line) if of_line else (LINES.key,)
            where = "a line" if of_line else "a document"
            self._error(
                "unknown-field",
                key,
                f"'{key.text}' is not a field of {where}",
                did_you_mean(key.text, known),
            )
        return None

    def _dimension_known(self, key: YamlScalar, *, of_line: bool) -> bool:
        own = key.text.removeprefix(_DIMENSIONS)
        dimensions = self._names.dimensions
        if not of_line or own == key.text or dimensions is None or own in dimensions:
            return True
        self._error(
            "unknown-dimension",
            key,
            f"'{own}' is not one of the customer's dimensions ({listed(dimensions)})",
            did_you_mean(own, dimensions),
        )
        return False

    def _state(self, reference: FieldRef, value: YamlNode) -> Condition | None:
        words: tuple[str, ...] = tuple(STATES)
        if reference.type is FieldType.FLAG:
            words = (*FLAG_WORDS, *words)
        if not isinstance(value, YamlScalar):
            self._error(
                "not-a-condition",
                value,
                f"'{reference.name}' needs {self._how(reference)}, not a list",
            )
            return None
        if value.text in FLAG_WORDS and reference.type is FieldType.FLAG:
            operands = (Literal(value.text == "yes"),)
            return Test(field=reference, operator=Operator.IS, operands=operands, at=value.at)
        if value.text in words:
            return Test(field=reference, operator=Operator(value.text), at=value.at)
        if reference.type is FieldType.FLAG and self._operands.is_parameter(value):
            parameter = self._operands.parameter(value, FieldType.FLAG, f"'{reference.name}'")
            if parameter is None:
                return None
            return Test(field=reference, operator=Operator.IS, operands=(parameter,), at=value.at)
        return self._bad_state(reference, value, words)

    def _bad_state(
        self, reference: FieldRef, value: YamlScalar, words: tuple[str, ...]
    ) -> Condition | None:
        if value.empty:
            message = f"'{reference.name}' has no condition; it needs {self._how(reference)}"
            self._error("not-a-condition", value, message)
            return None
        suggestion = did_you_mean(value.text, words)
        if reference.type is FieldType.FLAG:
            suggestion = yes_or_no(value.text) or suggestion
        elif not suggestion and Operator.IS in OPERATORS[reference.type]:
            suggestion = as_test(reference.type, value.text)
        self._error(
            "not-a-condition",
            value,
            f"'{value.text}' is not a condition on '{reference.name}'; "
            f"it needs {self._how(reference)}",
            suggestion,
        )
        return None

    def _how(self, reference: FieldRef) -> str:
        operators = OPERATORS[reference.type]
        if reference.type is FieldType.FLAG:
            return "yes, no, missing or present"
        if not operators:
            return "missing or present"
        return f"missing, present or an operator ({listed(operators, most=20)})"

    def _tests(self, reference: FieldRef, value: YamlMapping) -> Condition | None:
        if not value.entries:
            self._error("empty-block", value, f"'{reference.name}' has no condition")
            return None
        tests = [self._test(reference, name, operand) for name, operand in value.entries]
        good = tuple(test for test in tests if test is not None)
        if len(good) < len(tests):
            return None
        return good[0] if len(good) == 1 else AllOf(parts=good)

    def _test(self, reference: FieldRef, name: YamlScalar, operand: YamlNode) -> Test | None:
        operator = self._operator(reference, name, operand)
        if operator is None:
            return None
        if operator in {Operator.SAME_AS, Operator.DIFFERS_FROM}:
            other = self._other_field(reference, operator, operand)
            operands: tuple[Operand, ...] | None = None if other is None else (other,)
        else:
            operands = self._operands.read(reference, operator, operand)
        if operands is None:
            return None
        return Test(field=reference, operator=operator, operands=operands, at=name.at)

    def _operator(
        self, reference: FieldRef, name: YamlScalar, operand: YamlNode
    ) -> Operator | None:
        takes = OPERATORS[reference.type]
        known = _BY_WORD.get(name.text)
        if known in takes:
            return known
        if name.text in STATES or not takes:
            words = [*FLAG_WORDS, *STATES] if reference.type is FieldType.FLAG else [*STATES]
            written = name.text if name.text in words else _text_of(operand)
            word = written if written in words else words[0]
            self._error(
                "operator-form",
                name,
                f"'{reference.name}' takes {listed(words)} and nothing after it"
                if name.text in words
                else f"'{name.text}' can't be used on '{reference.name}' "
                f"({TYPE_NAMES[reference.type]}); use {listed(words)}",
                f"write '{reference.key}: {word}'",
            )
            return None
        self._error(
            "unknown-operator",
            name,
            f"'{name.text}' can't be used on '{reference.name}' ({TYPE_NAMES[reference.type]}); "
            f"use {listed(takes, most=20)}",
            _meant(name.text, takes),
        )
        return None

    def _other_field(
        self, reference: FieldRef, operator: Operator, operand: YamlNode
    ) -> FieldRef | None:
        if not isinstance(operand, YamlScalar) or operand.empty:
            message = f"'{operator}' names another field, not {kind_of(operand)}"
            self._error("not-a-field", operand, message)
            return None
        fields = self._names.fields
        other = fields.find(operand.text, of_line=True) if reference.of_line else None
        other = other or fields.find(operand.text, of_line=False)
        comparable = COMPARABLE[reference.type]
        if other is None:
            known = [*fields.document, *(fields.line if reference.of_line else ())]
            self._error(
                "unknown-field",
                operand,
                f"'{operand.text}' is not a field that '{reference.name}' can be compared with",
                did_you_mean(operand.text, known),
            )
            return None
        if other == reference:
            self._error("same-field", operand, f"'{reference.name}' is compared with itself")
            return None
        if other.type not in comparable:
            self._error(
                "wrong-type",
                operand,
                f"'{reference.name}' is {TYPE_NAMES[reference.type]} and '{other.name}' is "
                f"{TYPE_NAMES[other.type]}; only like can be compared with like",
            )
            return None
        return other

    def _lines(self, value: YamlNode) -> Condition | None:
        if isinstance(value, YamlScalar) and value.text in STATES:
            return Test(field=LINES, operator=Operator(value.text), at=value.at)
        if not isinstance(value, YamlMapping) or not value.entries:
            self._error(
                "not-a-condition",
                value,
                f"'lines' needs {listed(_LINE_WORDS)} with conditions inside, "
                f"or missing or present, not {kind_of(value)}",
            )
            return None
        parts = [self._line_part(name, inner) for name, inner in value.entries]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        return good[0] if len(good) == 1 else AllOf(parts=good)

    def _line_part(self, name: YamlScalar, value: YamlNode) -> Condition | None:
        if name.text == "count":
            return self._count(value)
        if name.text == "sum":
            return self._sum(value)
        if name.text in tuple(Quantifier):
            part = self.block(value, f"'{name.text}'", of_line=True)
            if part is None:
                return None
            return ForLines(quantifier=Quantifier(name.text), part=part, at=name.at)
        self._error(
            "unknown-operator",
            name,
            f"'{name.text}' can't be used on 'lines'; use {listed(_LINE_WORDS)}",
            f"write 'lines: {{any: {{{name.text}: ...}}}}'"
            if self._names.fields.find(name.text, of_line=True)
            else _meant(name.text, _LINE_WORDS),
        )
        return None

    def _count(self, value: YamlNode) -> CountLines | None:
        entry = Entry(value, self._report, what="'count'", allowed=("where", *_BOUND_WORDS))
        whole = FieldRef(key="count", type=FieldType.NUMBER, of_line=True)
        where, bounds = self._where(entry), self._bounds(entry, whole)
        if not entry.valid or not bounds:
            return None
        return CountLines(where=where, bounds=bounds, at=entry.at)

    def _sum(self, value: YamlNode) -> SumLines | None:
        entry = Entry(
            value,
            self._report,
            what="'sum'",
            allowed=("field", "where", *_BOUND_WORDS),
            required=("field",),
        )
        named = entry.get("field")
        field = self.field(named, of_line=True) if isinstance(named, YamlScalar) else None
        if field is None:
            return None
        if field.type not in {FieldType.MONEY, FieldType.NUMBER}:
            entry.fail(
                "wrong-type",
                entry.key_at("field"),
                f"'{field.name}' is {TYPE_NAMES[field.type]}; only amounts and numbers add up",
            )
            return None
        where, bounds = self._where(entry), self._bounds(entry, field)
        if not entry.valid or not bounds:
            return None
        return SumLines(field=field, where=where, bounds=bounds, at=entry.at)

    def _where(self, entry: Entry) -> Condition | None:
        node = entry.get("where")
        if node is None:
            if "where" in entry:
                entry.fail("empty-block", entry.key_at("where"), "'where' is empty")
            return None
        where = self.block(node, "'where'", of_line=True)
        entry.valid = entry.valid and where is not None
        return where

    def _bounds(self, entry: Entry, measured: FieldRef) -> tuple[Bound, ...]:
        bounds: list[Bound] = []
        for word, node in entry.values.items():
            if word not in _BOUND_WORDS:
                continue
            operands = self._operands.read(measured, Operator(word), node)
            if operands is None:
                entry.valid = False
                continue
            at = entry.key_at(word)
            bounds.append(Bound(operator=Operator(word), operands=operands, at=at))
        if not bounds and entry.valid:
            entry.fail(
                "not-a-condition",
                entry.at,
                f"{entry.what} needs a bound: {listed(_BOUND_WORDS)}",
            )
        return tuple(bounds)

    def _error(self, code: str, node: YamlNode, message: str, suggestion: str = "") -> None:
        self._report.error(code, node.at, message, suggestion)


def _meant(word: str, known: Collection[str]) -> str:
    """The operator that was probably meant, also by what it means elsewhere."""
    other = SYNONYMS.get(word.casefold().replace(" ", "_").replace("-", "_"))
    return f"did you mean '{other}'?" if other in known else did_you_mean(word, known)


def _text_of(node: YamlNode) -> str:
    return node.text if isinstance(node, YamlScalar) else ""
