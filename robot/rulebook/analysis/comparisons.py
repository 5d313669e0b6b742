"""What comparisons of fields with each other say of their values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

from robot.domain.fields import FieldType
from robot.rulebook.analysis.domains import Amounts, Cell, Choices, Numbers, Words, meet
from robot.rulebook.analysis.formulas import Fact, Key
from robot.rulebook.conditions import FieldRef, Test


def settled(
    cells: Mapping[Key, Cell], facts: Mapping[Hashable, Fact]
) -> Mapping[Key, Cell] | None:
    """Cells in which equal fields have the same values; None when a comparison can't be so.

    Fields that differ are told apart only where each is equal to the other or has one value left.
    """
    if not facts:
        return cells
    left = dict(cells)
    groups = _equals(left, facts.values())
    for group in groups:
        first, *others = group
        cell = left[first]
        for other in others:
            cell = meet(cell, left[other])
        if cell.empty:
            return None
        left.update(dict.fromkeys(group, cell))
    for one, other in compared(facts.values(), same=False):
        if any(one in group and other in group for group in groups):
            return None
        if one in left and other in left and _one_value(left[one], left[other]):
            return None
    return left


def compared(facts: Iterable[Fact], *, same: bool) -> Iterator[tuple[FieldRef, FieldRef]]:
    """Pairs of fields that must be the same, or must differ; without sets of accounts."""
    for fact in facts:
        if not isinstance(fact.condition, Test) or fact.ways != {same}:
            continue
        for operand in fact.condition.operands:
            if isinstance(operand, FieldRef) and operand.type is not FieldType.ACCOUNTS:
                yield fact.condition.field, operand


def _equals(cells: Mapping[Key, Cell], facts: Iterable[Fact]) -> list[set[FieldRef]]:
    """Fields with cells that are all the same, in groups."""
    groups: list[set[FieldRef]] = []
    for one, other in compared(facts, same=True):
        if one not in cells or other not in cells:
            continue
        touched = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in touched]
        groups.append({one, other}.union(*touched))
    return groups


def _one_value(one: Cell, other: Cell) -> bool:
    """Whether two cells have the same single value left."""
    if one != other or one.missing or one.unknown:
        return False
    values = one.values
    if isinstance(values, Words):
        return values.allowed is not None and len(values.allowed) == 1
    if isinstance(values, Choices):
        return len(values.values) == 1
    if isinstance(values, Amounts):
        return not values.others and [_is_point(n) for _, n in values.by_currency] == [True]
    return _is_point(values)


def _is_point(numbers: Numbers) -> bool:
    return len(numbers.parts) == 1 and numbers.parts[0][0] == numbers.parts[0][1]
