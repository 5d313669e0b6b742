"""Reads what stands after an operator, typed by the field on its left."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook import literals
from robot.rulebook.conditions import FieldRef, ListName, Literal, Operand, Parameter, Value
from robot.rulebook.keys import kind_of
from robot.rulebook.literals import LiteralError
from robot.rulebook.names import Names, ParameterType
from robot.rulebook.nodes import YamlNode, YamlScalar, YamlSequence
from robot.rulebook.problem import Report, did_you_mean, listed
from robot.rulebook.vocabulary import TYPE_NAMES, Operator

_SEVERAL: Final = frozenset({Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH})
_PARAMETER: Final = re.compile(r"\$([\w.-]+)")
_PARSERS: Final[dict[FieldType, Callable[[str], Value]]] = {
    FieldType.MONEY: literals.money,
    FieldType.NUMBER: literals.number,
    FieldType.DATE: literals.date_or_relative,
    FieldType.FLAG: literals.flag,
    FieldType.CODE: literals.text_value,
    FieldType.TEXT: literals.text_value,
    FieldType.CHOICE: literals.text_value,
    FieldType.ACCOUNT: literals.text_value,
}
_PARAMETER_TYPES: Final[dict[FieldType, ParameterType]] = {
    FieldType.MONEY: ParameterType.MONEY,
    FieldType.NUMBER: ParameterType.NUMBER,
    FieldType.DATE: ParameterType.DATE,
    FieldType.FLAG: ParameterType.FLAG,
    FieldType.CODE: ParameterType.CODE,
    FieldType.TEXT: ParameterType.CODE,
}
_ENDS: Final = 2


class OperandReader:
    """Reads the operands of one file's conditions; None when one can't be understood."""

    def __init__(self, names: Names, report: Report) -> None:
        self._names = names
        self._report = report

    def read(
        self, field: FieldRef, operator: Operator, node: YamlNode
    ) -> tuple[Operand, ...] | None:
        """The operands of an operator other than `same_as` and `differs_from`."""
        if operator in {Operator.IN_LIST, Operator.NOT_IN_LIST}:
            return self._list_name(operator, node)
        if operator is Operator.BETWEEN:
            return self._ends(field, node)
        if operator in _SEVERAL and not self._one(operator, node):
            return self._several(field, operator, node)
        if not isinstance(node, YamlScalar):
            shape = kind_of(node)
            self._error("not-a-value", node, f"'{operator}' takes one value, not {shape}")
            return None
        operand = self._value(field, operator, node)
        return None if operand is None else (operand,)

    def is_parameter(self, node: YamlNode) -> bool:
        """Whether a value refers to a parameter (`$name`, without quotes)."""
        return isinstance(node, YamlScalar) and node.plain and node.text.startswith("$")

    def parameter(
        self, node: YamlScalar, kind: FieldType, what: str, *, several: bool = False
    ) -> Parameter | None:
        """The parameter that a value refers to, if it fits."""
        wanted = _PARAMETER_TYPES.get(kind)
        return self._typed_parameter(node, wanted, what, several=several)

    def _one(self, operator: Operator, node: YamlNode) -> bool:
        return operator is Operator.STARTS_WITH and isinstance(node, YamlScalar)

    def _value(self, field: FieldRef, operator: Operator, node: YamlScalar) -> Operand | None:
        if node.empty:
            self._error(
                "value-missing", node, f"'{operator}' on '{field.name}' needs {self._a(field)}"
            )
            return None
        if self.is_parameter(node):
            wanted = _PARAMETER_TYPES.get(field.type)
            if operator is Operator.WITHIN_DAYS:
                wanted = ParameterType.DAYS
            elif operator is Operator.MATCHES:
                wanted = None
            return self._typed_parameter(node, wanted, f"'{operator}' on '{field.name}'")
        value = self._literal(field, self._parser(field, operator), node)
        return None if value is None else Literal(value)

    def _parser(self, field: FieldRef, operator: Operator) -> Callable[[str], Value]:
        if operator is Operator.MATCHES:
            return _pattern
        if operator is Operator.WITHIN_DAYS:
            return literals.window
        if operator is Operator.STARTS_WITH:
            return literals.beginning
        return _PARSERS[field.type]

    def _literal(
        self, field: FieldRef, parse: Callable[[str], Value], node: YamlScalar
    ) -> Value | None:
        try:
            value = parse(node.text)
        except LiteralError as error:
            self._error(error.code, node, error.message, error.suggestion)
            return None
        if field.type is FieldType.CHOICE:
            choices = self._names.fields.spec(field).choices
            if value not in choices:
                self._error(
                    "unknown-choice",
                    node,
                    f"'{node.text}' is not one of the choices of '{field.name}' "
                    f"({listed(choices, most=20)})",
                    did_you_mean(node.text, choices),
                )
                return None
        return value

    def _several(
        self, field: FieldRef, operator: Operator, node: YamlNode
    ) -> tuple[Operand, ...] | None:
        if isinstance(node, YamlScalar) and self.is_parameter(node):
            what = f"'{operator}' on '{field.name}'"
            found = self.parameter(node, field.type, what, several=True)
            return None if found is None else (found,)
        if not isinstance(node, YamlSequence):
            self._error(
                "not-a-list",
                node,
                f"'{operator}' takes a list of values, not {kind_of(node)}",
                f"write '[{node.text}]'" if isinstance(node, YamlScalar) and node.text else "",
            )
            return None
        if not node.items:
            self._error("empty-list", node, f"'{operator}' has an empty list")
            return None
        return self._all_values(field, operator, node)

    def _all_values(
        self, field: FieldRef, operator: Operator, node: YamlSequence
    ) -> tuple[Operand, ...] | None:
        found: list[Operand] = []
        for item in node.items:
            if not isinstance(item, YamlScalar):
                self._error("not-a-value", item, f"a value is needed here, not {kind_of(item)}")
                continue
            operand = self._value(field, operator, item)
            if operand is not None:
                found.append(operand)
        return tuple(found) if len(found) == len(node.items) else None

    def _ends(self, field: FieldRef, node: YamlNode) -> tuple[Operand, ...] | None:
        if not isinstance(node, YamlSequence) or len(node.items) != _ENDS:
            self._error("not-two-values", node, "'between' takes two values: [lowest, highest]")
            return None
        found = self._all_values(field, Operator.BETWEEN, node)
        if found is None:
            return None
        low, high = found
        if isinstance(low, Literal) and isinstance(high, Literal):
            if _currencies_differ(low.value, high.value):
                self._error("two-currencies", node, "'between' has two currencies")
                return None
            if _is_after(low.value, high.value):
                self._error(
                    "ends-swapped",
                    node,
                    "the lowest value stands first in 'between'; nothing lies in this range",
                )
                return None
        return found

    def _list_name(self, operator: Operator, node: YamlNode) -> tuple[Operand, ...] | None:
        if not isinstance(node, YamlScalar) or node.empty:
            self._error(
                "not-a-list-name",
                node,
                f"'{operator}' takes the name of a list, not {kind_of(node)}",
                f"for values written here use '{operator.removesuffix('_list')}'",
            )
            return None
        if node.text not in self._names.lists:
            known = listed(sorted(self._names.lists)) or "there are none"
            self._error(
                "unknown-list",
                node,
                f"there is no list '{node.text}' (known lists: {known})",
                did_you_mean(node.text, self._names.lists),
            )
            return None
        return (ListName(node.text),)

    def _typed_parameter(
        self, node: YamlScalar, wanted: ParameterType | None, what: str, *, several: bool = False
    ) -> Parameter | None:
        match = _PARAMETER.fullmatch(node.text)
        if match is not None and self._names.excused(match[1]):
            return Parameter(match[1])
        declared = self._names.parameters.get(match[1]) if match is not None else None
        if declared is None:
            self._error(
                "unknown-parameter",
                node,
                f"'{node.text}' is not a parameter that standard.yaml declares",
                did_you_mean(node.text, [f"${name}" for name in self._names.parameters]),
            )
            return None
        if wanted is None:
            self._error("wrong-type", node, f"a parameter can't stand after {what}")
            return None
        if declared.type is not wanted:
            self._error(
                "wrong-type",
                node,
                f"{what} needs a parameter of type {wanted}; "
                f"'{node.text}' is of type {declared.type}",
                f"declare it with 'type: {wanted}'",
            )
            return None
        if declared.several and not several:
            self._error("wrong-type", node, f"'{node.text}' is a list; {what} takes one value")
            return None
        return Parameter(declared.name)

    def _a(self, field: FieldRef) -> str:
        return TYPE_NAMES[field.type]

    def _error(self, code: str, node: YamlNode, message: str, suggestion: str = "") -> None:
        self._report.error(code, node.at, message, suggestion)


def _pattern(text: str) -> str:
    """A pattern for a whole value; an empty one would hold for none."""
    return literals.pattern(text) if text else literals.text_value(text)


def _currencies_differ(low: Value, high: Value) -> bool:
    return isinstance(low, Money) and isinstance(high, Money) and low.currency != high.currency


def _is_after(low: Value, high: Value) -> bool:
    if isinstance(low, Money) and isinstance(high, Money):
        return low.amount > high.amount
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low > high
    return isinstance(low, date) and isinstance(high, date) and low > high
