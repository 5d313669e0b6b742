"""Turns conditions into Python expressions, each as a pair.

Kleene's third value is carried by two plain booleans: a condition is *possible* when it is not
known to be false and *certain* when it is known to be true. True is both, false is neither,
unknown is possible only. `all_of` and `any_of` keep the pair apart (and, or), `not` swaps it:
not(c) is possible when c is not certain. So short-circuit evaluation stays exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from robot.rulebook.code_parts import Constants, Pair, Scope, joined
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Not,
    SumLines,
    Test,
    children,
)
from robot.rulebook.line_code import LineCode
from robot.rulebook.line_columns import Columns
from robot.rulebook.operator_code import OperatorCode
from robot.rulebook.value_lists import ValueList


class Emitter:
    """Emits conditions into one function of one module, with its helper functions."""

    def __init__(self, lists: Mapping[str, ValueList]) -> None:
        self.constants = Constants()
        self.document = Scope(self.constants, "r")
        self._functions: list[str] = []
        self._operators = OperatorCode(self.constants, lists)
        self._line_code = LineCode(self.constants, self._operators, self._on_line, self._functions)
        self._columns: Columns | None = None

    def pair(self, condition: Condition, line: Scope | None = None) -> Pair:
        """The expressions of a condition; `line` when it is asked of one line."""
        return self._pair(condition, self.document, line)

    def module(self, head: str, body: Sequence[str]) -> str:
        """The source of the module: the helpers, and one function that fetches and computes."""
        columns = [] if self._columns is None else self._columns.fill()
        fetching = [*self.document.fetch("f"), *columns, *self._line_code.forget()]
        statements = [*fetching, *body]
        function = f"{head}\n" + "\n".join(f"    {statement}" for statement in statements)
        return "\n\n\n".join([*self._functions, function]) + "\n"

    def _on_line(self, condition: Condition, document: Scope, line: Scope) -> Pair:
        return self._pair(condition, document, line)

    def _pair(self, condition: Condition, document: Scope, line: Scope | None) -> Pair:
        if isinstance(condition, AllOf | AnyOf):
            word = "and" if isinstance(condition, AllOf) else "or"
            # The lines come last: one look at a field often spares asking them.
            parts = sorted(condition.parts, key=_asks_lines)
            return joined((self._pair(part, document, line) for part in parts), word)
        if isinstance(condition, Not):
            return self._pair(condition.part, document, line).negated()
        if isinstance(condition, Test):
            scope = _scope(condition.field, document, line)
            others = [operand for operand in condition.operands if isinstance(operand, FieldRef)]
            other = _scope(others[0], document, line) if others else scope
            return self._operators.pair(condition, scope, other)
        if self._columns is None:
            self._columns = Columns(self.constants, self.document.lines())
        return self._line_code.pair(condition, self._columns)


def _asks_lines(condition: Condition) -> bool:
    return isinstance(condition, ForLines | CountLines | SumLines) or any(
        map(_asks_lines, children(condition))
    )


def _scope(field: FieldRef, document: Scope, line: Scope | None) -> Scope:
    return line if field.of_line and line is not None else document
