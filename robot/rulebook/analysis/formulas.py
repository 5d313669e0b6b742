"""What must be so of a document: fields in cells, put together by *and* and *or*.

Negation is gone, three-valued logic as well: that a condition is true, false, not true or not
false are four different formulas.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, TypeAlias

from robot.rulebook.analysis.domains import Cell, Choices
from robot.rulebook.conditions import LINES, Condition, FieldRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number that is measured on the lines: a count of some of them, or a sum.

    What is not known of a line leaves a count open between two numbers, so those that are counted
    for certain and those that may be counted are two measures. `where` says which lines, by
    meaning; two measures are the same when all of this is.
    """

    what: str
    field: FieldRef | None = None
    currency: str = ""
    where: Hashable = None


#: A field of the document or of a line, what it is from today on, or what is measured on lines.
Key: TypeAlias = FieldRef | tuple[FieldRef, str] | Measure


def field_of(key: Key) -> FieldRef:
    """The field that a key is about."""
    if isinstance(key, Measure):
        return LINES
    return key if isinstance(key, FieldRef) else key[0]


@dataclass(frozen=True, slots=True)
class And:
    """All of them; nothing at all always holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them; of none, nothing can hold."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A field is in a cell."""

    field: Key
    cell: Cell


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can't be said of one field's values came out one of several ways."""

    what: Hashable
    ways: frozenset[bool | None]
    condition: Condition


@dataclass(frozen=True, slots=True)
class SomeLine:
    """At least one line is so."""

    part: Formula


@dataclass(frozen=True, slots=True)
class EveryLine:
    """Each line is so."""

    part: Formula


Formula: TypeAlias = And | Or | Atom | Fact | SomeLine | EveryLine
ALWAYS: Final = And(())
NEVER: Final = Or(())
HAS_LINES: Final = Atom(LINES, Cell(Choices(frozenset({"some"}))))
NO_LINES: Final = Atom(LINES, Cell(Choices(frozenset()), missing=True, unknown=True))
