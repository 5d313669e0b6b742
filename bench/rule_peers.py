"""The same conditions for two general rule engines, in the form in which each is fastest.

Both get what a reader would hand them: nested dicts of plain numbers, words and day numbers (zen
can't order texts), so their conversion of the document is inside the time, and so is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from robot.domain.money import Money
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
)
from robot.rulebook.literals import RelativeDate

_SYMBOLS: Final = {
    "below": "<",
    "at_most": "<=",
    "above": ">",
    "at_least": ">=",
    "is": "==",
    "is_not": "!=",
    "before": "<",
    "on_or_before": "<=",
    "after": ">",
    "on_or_after": ">=",
    "same_as": "==",
    "differs_from": "!=",
}


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A document's values as the engines take them."""
    nested: dict[str, Any] = {}
    for name, value in values.items():
        place = nested
        *path, last = _path(name)
        for part in path:
            place = place.setdefault(part, {})
        place[last] = (
            [plain(line) for line in value] if name == "lines" else _number_or_word(value)
        )
    return nested


@cache
def _path(name: str) -> tuple[str, ...]:
    """The parts of a field's name, the same objects in every document, as the names are."""
    return tuple(name.split("."))


def zen_expression(condition: Condition, today: date) -> str:
    """A condition in zen's expression language."""
    return _Zen(today).text(condition, "")


def json_logic(condition: Condition, today: date) -> Any:  # noqa: ANN401 - JSON
    """A condition in JSONLogic."""
    return _JsonLogic(today).tree(condition)


def _number_or_word(value: object) -> object:
    if isinstance(value, Money):
        return float(value.amount)
    if isinstance(value, Decimal):
        return float(value)
    return value.toordinal() if isinstance(value, date) else value


class Translator:
    """What all translations share."""

    def __init__(self, today: date) -> None:
        self._today = today

    def literal(self, operand: Operand) -> Any:  # noqa: ANN401 - JSON
        if not isinstance(operand, Literal):
            raise TypeError(operand)
        value = operand.value
        return _number_or_word(value.on(self._today) if isinstance(value, RelativeDate) else value)


class _Zen(Translator):
    def text(self, condition: Condition, line: str) -> str:
        if isinstance(condition, AllOf | AnyOf):
            word = " and " if isinstance(condition, AllOf) else " or "
            return f"({word.join(self.text(part, line) for part in condition.parts)})"
        if isinstance(condition, Not):
            return f"(not {self.text(condition.part, line)})"
        if isinstance(condition, ForLines):
            word = {"any": "some", "all": "all", "none": "none"}[condition.quantifier]
            return f"{word}(lines, {self.text(condition.part, '#.')})"
        if isinstance(condition, CountLines | SumLines):
            raise TypeError(condition)
        return self._test(condition, line)

    def _test(self, test: Test, line: str) -> str:
        name = f"{line}{test.field.key}"
        if test.operator in {"missing", "present"}:
            return f"{name} {'==' if test.operator == 'missing' else '!='} null"
        if test.operator in {"same_as", "differs_from"}:
            (other,) = test.operands
            assert isinstance(other, FieldRef)
            return f"{name} {_SYMBOLS[test.operator]} {line if other.of_line else ''}{other.key}"
        values = [self._written(operand) for operand in test.operands]
        if test.operator in {"in", "not_in"}:
            word = "in" if test.operator == "in" else "not in"
            return f"{name} {word} [{', '.join(values)}]"
        if test.operator == "starts_with":
            return f"startsWith({name}, {values[0]})"
        if test.operator == "between":
            return f"({name} >= {values[0]} and {name} <= {values[1]})"
        return f"{name} {_SYMBOLS[test.operator]} {values[0]}"

    def _written(self, operand: Operand) -> str:
        value = self.literal(operand)
        if isinstance(value, bool):
            return str(value).lower()
        return f'"{value}"' if isinstance(value, str) else str(value)


class _JsonLogic(Translator):
    def tree(self, condition: Condition) -> Any:  # noqa: ANN401 - JSON
        if isinstance(condition, AllOf | AnyOf):
            word = "and" if isinstance(condition, AllOf) else "or"
            return {word: [self.tree(part) for part in condition.parts]}
        if isinstance(condition, Not):
            return {"!": [self.tree(condition.part)]}
        if isinstance(condition, ForLines):
            word = {"any": "some", "all": "all", "none": "none"}[condition.quantifier]
            return {word: [{"var": "lines"}, self.tree(condition.part)]}
        if isinstance(condition, CountLines | SumLines):
            raise TypeError(condition)
        return self._test(condition)

    def _test(self, test: Test) -> Any:  # noqa: ANN401 - JSON
        name = {"var": test.field.key}
        if test.operator in {"missing", "present"}:
            return {"===" if test.operator == "missing" else "!==": [name, None]}
        if test.operator in {"same_as", "differs_from"}:
            (other,) = test.operands
            assert isinstance(other, FieldRef)
            return {_strict(test.operator): [name, {"var": other.key}]}
        values = [self.literal(operand) for operand in test.operands]
        if test.operator in {"in", "not_in"}:
            inside = {"in": [name, values]}
            return inside if test.operator == "in" else {"!": [inside]}
        if test.operator == "starts_with":
            return {"starts_with": [name, values[0]]}
        if test.operator == "between":
            return {"<=": [values[0], name, values[1]]}
        return {_strict(test.operator): [name, values[0]]}


def _strict(operator: str) -> str:
    return {"==": "===", "!=": "!=="}.get(_SYMBOLS[operator], _SYMBOLS[operator])
