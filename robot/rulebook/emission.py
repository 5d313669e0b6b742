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
from robot.rulebook.line_columns import Columns, indented
from robot.rulebook.operator_code import COMPARISONS, OperatorCode
from robot.rulebook.value_lists import ValueList


class Emitter:
    """Emits conditions into one function, with the walks over lines that it calls."""

    def __init__(self, lists: Mapping[str, ValueList]) -> None:
        self.constants = Constants()
        self.document = Scope(self.constants, "r")
        self._operators = OperatorCode(self.constants, lists)
        self._line_code = LineCode(self.constants, self._operators, self._on_line)
        self._columns: Columns | None = None

    def pair(self, condition: Condition, line: Scope | None = None) -> Pair:
        """The expressions of a condition; `line` when it is asked of one line."""
        return self._pair(condition, self.document, line)

    @property
    def walks(self) -> Mapping[str, str]:
        """The source of each walk over the lines -> the name under which it is called."""
        return self._line_code.walks

    def function(self, head: str, body: Sequence[str]) -> str:
        """The source of the function: it fetches what the conditions need, and does `body`."""
        columns = [] if self._columns is None else self._columns.fill()
        fetching = [*self.document.fetch("f"), *columns, *self._line_code.forget()]
        return "\n".join([head, *indented([*fetching, *body])]) + "\n"

    def _on_line(self, condition: Condition, document: Scope, line: Scope) -> Pair:
        return self._pair(condition, document, line)

    def _pair(self, condition: Condition, document: Scope, line: Scope | None) -> Pair:
        if isinstance(condition, Test):
            return self._test(condition, document, line)
        if isinstance(condition, AllOf | AnyOf):
            word = "and" if isinstance(condition, AllOf) else "or"
            # The lines come last: one look at a field often spares asking them.
            parts = sorted(condition.parts, key=_asks_lines)
            return joined([self._pair(part, document, line) for part in parts], word)
        if isinstance(condition, Not):
            return self._pair(condition.part, document, line).negated()
        if self._columns is None:
            self._columns = Columns(self.constants, self.document.lines())
        return self._line_code.pair(condition, self._columns)

    def _test(self, test: Test, document: Scope, line: Scope | None) -> Pair:
        scope = other = _scope(test.field, document, line)
        if test.operator in COMPARISONS:
            (field,) = test.operands
            if isinstance(field, FieldRef):
                other = _scope(field, document, line)
        return self._operators.pair(test, scope, other)


def _asks_lines(condition: Condition) -> bool:
    if isinstance(condition, Test):
        return False
    return isinstance(condition, ForLines | CountLines | SumLines) or any(
        map(_asks_lines, children(condition))
    )


def _scope(field: FieldRef, document: Scope, line: Scope | None) -> Scope:
    return line if field.of_line and line is not None else document
