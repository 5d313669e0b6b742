"""Walks over lines of which everything that is asked is known: one plain condition on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from robot.domain.fields import FieldType
from robot.rulebook.conditions import AllOf, Condition, Test
from robot.rulebook.line_columns import SIZES, Columns, indented
from robot.rulebook.operator_code import COMPARISONS, OperatorCode, currency_of, flag_wanted
from robot.rulebook.vocabulary import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickWalk:
    """A walk over rows of known values.

    `rows` is the expression of the rows; `unknown` that of whether a value is not known, so that
    the walk can't be taken.
    """

    rows: str
    unknown: str
    names: tuple[str, ...]
    holds: str

    def statements(self) -> list[str]:
        """The walk over `b`, taken unless `u`."""
        return [
            "if not u:",
            *indented([f"for {', '.join(self.names)} in b:", f"    if {self.holds}: return 2"]),
            "    return 0",
        ]


def quick_walk(part: Condition, columns: Columns, operators: OperatorCode) -> QuickWalk | None:
    """The walk for what is asked of each line; None if that is too odd."""
    tests = part.parts if isinstance(part, AllOf) else (part,)
    given: dict[str, str] = {}
    unknown: list[str] = []
    asked: list[tuple[int, str]] = []
    for test in tests:
        if not isinstance(test, Test) or test.operator in COMPARISONS:
            return None
        column, gap = _column(test, columns)
        name = given.setdefault(column, f"x{len(given)}")
        unknown.append(gap)
        asked.append((_cost(test), _asked(test, name, operators)))
    asked.sort()
    return QuickWalk(
        rows=side_by_side([*given]),
        unknown=" or ".join(dict.fromkeys(unknown)),
        names=tuple(given.values()),
        holds=" and ".join(expression for _, expression in asked),
    )


def side_by_side(columns: Sequence[str]) -> str:
    """The expression of what a walk over columns goes over."""
    return columns[0] if len(columns) == 1 else f"zip({', '.join(columns)})"


def _asked(test: Test, name: str, operators: OperatorCode) -> str:
    if test.operator is Operator.MISSING:
        return f"{name} is None"
    if test.operator is Operator.PRESENT:
        return f"{name} is not None"
    if test.field.type is FieldType.FLAG:
        return f"{name} is {flag_wanted(test)}"
    return operators.expression(name, test.operator, test.operands)


def _column(test: Test, columns: Columns) -> tuple[str, str]:
    """The column to walk, and the expression that says whether something in it is unknown."""
    if test.operator in {Operator.MISSING, Operator.PRESENT}:
        return columns.column(test.field), f"U in {columns.distinct(test.field)}"
    if test.field.type in SIZES:
        currency = currency_of(test)
        return columns.sizes(test.field, currency), columns.size_unknown(test.field, currency)
    column = columns.column(test.field)
    if test.field.type is FieldType.FLAG:
        return column, f"not NOT_KNOWN.isdisjoint({column})"
    return column, columns.some_unknown(test.field)


def _cost(test: Test) -> int:
    """What asking takes: cheap tests come first."""
    if test.operator in {Operator.STARTS_WITH, Operator.MATCHES}:
        return 2
    return 1 if test.field.type in SIZES else 0
