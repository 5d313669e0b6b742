"""What a rule asks of a document, as a tree of immutable values.

This is the one form that the compiler, the analysis, the schema and the documentation read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.problem import Position
from robot.rulebook.vocabulary import Operator, Quantifier

#: A value written in a rule, typed by its field.
Value: TypeAlias = Money | Decimal | date | RelativeDate | Window | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRef:
    """A field of the catalogue. `key` is its name in the values of a document or of a line."""

    key: str
    type: FieldType
    of_line: bool = False
    #: The name is the customer's own (`dimensions.<name>`), so the values may not have it.
    open_ended: bool = False

    @property
    def name(self) -> str:
        """The name in the catalogue."""
        return f"lines.{self.key}" if self.of_line else self.key


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written in the file, or put there by a parameter."""

    value: Value


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that standard.yaml declares and a customer may set."""

    name: str


@dataclass(frozen=True, slots=True)
class ListName:
    """The rows of a list that are in force on the decision's date."""

    name: str


Operand: TypeAlias = Literal | Parameter | ListName | FieldRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One operator on one field."""

    __test__ = False  # pytest would take it for a test class

    field: FieldRef
    operator: Operator
    operands: tuple[Operand, ...] = ()
    at: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One operator on a count or a sum."""

    operator: Operator
    operands: tuple[Operand, ...]
    at: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class ForLines:
    """Any, all or none of the lines meet the part; over no lines it is unknown."""

    quantifier: Quantifier
    part: Condition
    at: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLines:
    """How many lines meet `where` (all of them when None); over no lines it is unknown."""

    where: Condition | None
    bounds: tuple[Bound, ...]
    at: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLines:
    """The sum of a money or number field over the lines that meet `where`."""

    field: FieldRef
    where: Condition | None
    bounds: tuple[Bound, ...]
    at: Position


Condition: TypeAlias = Test | AllOf | AnyOf | Not | ForLines | CountLines | SumLines


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside one."""
    if isinstance(condition, AllOf | AnyOf):
        return condition.parts
    if isinstance(condition, Not | ForLines):
        return (condition.part,)
    if isinstance(condition, CountLines | SumLines) and condition.where is not None:
        return (condition.where,)
    return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything inside it, in the file's order."""
    yield condition
    for child in children(condition):
        yield from walk(child)


def operands_of(condition: Condition) -> Iterator[Operand]:
    """Every operand inside a condition."""
    for part in walk(condition):
        if isinstance(part, Test):
            yield from part.operands
        elif isinstance(part, CountLines | SumLines):
            for bound in part.bounds:
                yield from bound.operands


def fields_of(condition: Condition) -> tuple[FieldRef, ...]:
    """The fields that a condition reads, each once, in the file's order."""
    found: dict[FieldRef, None] = {}
    for part in walk(condition):
        if isinstance(part, Test):
            found[part.field] = None
            found.update({o: None for o in part.operands if isinstance(o, FieldRef)})
        elif isinstance(part, SumLines):
            found[part.field] = None
        elif isinstance(part, CountLines | ForLines):
            found[LINES] = None
    return tuple(found)


def parameters_of(condition: Condition) -> frozenset[str]:
    """The parameters that a condition uses."""
    return names_in(condition)[0]


def lists_of(condition: Condition) -> frozenset[str]:
    """The lists that a condition uses."""
    return names_in(condition)[1]


def names_in(condition: Condition) -> tuple[frozenset[str], frozenset[str]]:
    """The parameters and the lists that a condition uses."""
    parameters: set[str] = set()
    lists: set[str] = set()
    _gather_names(condition, parameters, lists)
    return frozenset(parameters), frozenset(lists)


def _gather_names(condition: Condition, parameters: set[str], lists: set[str]) -> None:
    """Asked of every rule that is loaded, so plainer than by `walk`."""
    if type(condition) is Test:
        _sort_names(condition.operands, parameters, lists)
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            _gather_names(part, parameters, lists)
    elif isinstance(condition, Not | ForLines):
        _gather_names(condition.part, parameters, lists)
    elif isinstance(condition, CountLines | SumLines):
        if condition.where is not None:
            _gather_names(condition.where, parameters, lists)
        for bound in condition.bounds:
            _sort_names(bound.operands, parameters, lists)


def _sort_names(operands: tuple[Operand, ...], parameters: set[str], lists: set[str]) -> None:
    for operand in operands:
        if type(operand) is Parameter:
            parameters.add(operand.name)
        elif type(operand) is ListName:
            lists.add(operand.name)


def substitute(condition: Condition, values: Callable[[str], tuple[Value, ...]]) -> Condition:
    """Put values in the place of parameters; what uses none is given back as it is."""
    if not parameters_of(condition):
        return condition
    if isinstance(condition, AllOf | AnyOf):
        return replace(condition, parts=tuple(substitute(p, values) for p in condition.parts))
    if isinstance(condition, Not | ForLines):
        return replace(condition, part=substitute(condition.part, values))
    if isinstance(condition, CountLines | SumLines):
        where = None if condition.where is None else substitute(condition.where, values)
        bounds = tuple(
            replace(bound, operands=_filled(bound.operands, values)) for bound in condition.bounds
        )
        return replace(condition, where=where, bounds=bounds)
    return replace(condition, operands=_filled(condition.operands, values))


def _filled(
    operands: tuple[Operand, ...], values: Callable[[str], tuple[Value, ...]]
) -> tuple[Operand, ...]:
    filled: list[Operand] = []
    for operand in operands:
        if isinstance(operand, Parameter):
            filled.extend(Literal(value) for value in values(operand.name))
        else:
            filled.append(operand)
    return tuple(filled)


#: The lines themselves, as a field.
LINES = FieldRef(key="lines", type=FieldType.LINES)
