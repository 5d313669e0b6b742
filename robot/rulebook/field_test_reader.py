"""Reads what is asked of one field: a word alone, or operators with what stands after them."""

from __future__ import annotations

from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.conditions import (
    AllOf,
    Condition,
    FieldRef,
    Literal,
    Operand,
    Test,
)
from robot.rulebook.keys import kind_of
from robot.rulebook.literals import yes_or_no
from robot.rulebook.names import Names
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar
from robot.rulebook.operand_reader import OperandReader
from robot.rulebook.problem import Report, did_you_mean, listed
from robot.rulebook.signs import as_test, meant
from robot.rulebook.vocabulary import (
    COMPARABLE,
    FLAG_WORDS,
    OPERATORS,
    STATES,
    TYPE_NAMES,
    Operator,
)

_BY_WORD: Final = {operator.value: operator for operator in Operator}


class FieldTestReader:
    """Reads the conditions on single fields of one file.

    Each method gives None when what it was given can't be understood; the report then says why.
    """

    def __init__(self, names: Names, report: Report) -> None:
        self._names = names
        self._report = report
        self._operands = OperandReader(names, report)

    def read(self, reference: FieldRef, value: YamlNode) -> Condition | None:
        """What stands after a field: all of it must hold."""
        if isinstance(value, YamlMapping):
            return self._tests(reference, value)
        return self._state(reference, value)

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
            meant(name.text, takes),
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

    def _error(self, code: str, node: YamlNode, message: str, suggestion: str = "") -> None:
        self._report.error(code, node.at, message, suggestion)


def _text_of(node: YamlNode) -> str:
    return node.text if isinstance(node, YamlScalar) else ""
