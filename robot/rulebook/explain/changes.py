"""What can be changed so that a document is posted: its fields, or what the rules say."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from robot.domain.fields import UNKNOWN, FieldValues, LineValues
from robot.rulebook.conditions import LINES, FieldRef, Test, Value
from robot.rulebook.names import ParameterSpec
from robot.rulebook.parts import Address, SourcedRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A field of the document, or of one of its lines (by its place)."""

    field: FieldRef
    line: int | None = None

    def value(self, values: FieldValues) -> object:
        """What the field holds."""
        if self.line is None:
            return values.get(self.field.key, UNKNOWN)
        return lines_of(values)[self.line].get(self.field.key, UNKNOWN)

    def name(self, values: FieldValues) -> str:
        """The name as findings show it: `lines[10].account`."""
        if self.line is None:
            return self.field.name
        return f"lines[{number_of(lines_of(values)[self.line], self.line)}].{self.field.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """Another value of a field. `asked` is the test that called for it, `holds` how it comes out.

    Of ordered values `low` and `high` are the ends of the range in which any value does; None
    where it is open, `ranged` says whether they were looked for.
    """

    slot: Slot
    old: object
    new: object
    asked: Test | None = None
    holds: bool = True
    low: object = None
    high: object = None
    ranged: bool = False

    @property
    def target(self) -> Hashable:
        """What is changed."""
        return ("field", self.slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterChange:
    """Another value of a parameter in the customer's `set:`."""

    old: ParameterSpec
    values: tuple[Value, ...]

    @property
    def target(self) -> Hashable:
        """What is changed."""
        return ("parameter", self.old.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralChange:
    """Another value in a rule of the customer's own."""

    rule: SourcedRule
    address: Address
    bound: int
    place: int
    old: Value
    new: Value

    @property
    def target(self) -> Hashable:
        """What is changed."""
        return ("literal", self.rule.rule.id, self.address, self.bound, self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """A value that is put on a list, or taken off it. `where` is the list's file, or empty."""

    name: str
    value: str
    added: bool
    where: str = ""

    @property
    def target(self) -> Hashable:
        """What is changed."""
        return ("list", self.name, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOff:
    """A dispensation from a standard rule, or a rule of the customer's own that is taken out."""

    rule: SourcedRule

    @property
    def target(self) -> Hashable:
        """What is changed."""
        return ("rule", self.rule.rule.id)


RuleChange: TypeAlias = ParameterChange | LiteralChange | ListChange | SwitchOff
Change: TypeAlias = FieldChange | RuleChange


def lines_of(values: FieldValues) -> tuple[LineValues, ...]:
    """The lines; none when they are not known."""
    lines = values.get(LINES.key)
    return tuple(lines) if isinstance(lines, tuple | list) else ()


def number_of(line: LineValues, index: int) -> str:
    """A line's number as findings show it."""
    number = line.get("number")
    return number if isinstance(number, str) and number else str(index + 1)


def with_fields(values: FieldValues, changes: Iterable[Change]) -> FieldValues:
    """The values with the fields changed."""
    made: dict[str, Any] = dict(values)
    lines: list[Mapping[str, Any]] | None = None
    for change in changes:
        if not isinstance(change, FieldChange):
            continue
        slot = change.slot
        if slot.line is None:
            made[slot.field.key] = change.new
            continue
        lines = list(lines_of(values)) if lines is None else lines
        lines[slot.line] = {**lines[slot.line], slot.field.key: change.new}
    if lines is not None:
        made[LINES.key] = tuple(lines)
    return made


def rule_changes(changes: Iterable[Change]) -> tuple[RuleChange, ...]:
    """Those that change what the rules say."""
    return tuple(change for change in changes if not isinstance(change, FieldChange))
