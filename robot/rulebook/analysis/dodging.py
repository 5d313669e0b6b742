"""Leaves out of a search what a document can always dodge.

A rule that blocks a foreign supplier's invoice says nothing about a post rule that asks nothing of
the supplier: the example is simply given a Danish one. A field is free when one value of it keeps
every rule away that it can keep away. Leaving conditions out is safe: what is impossible with
fewer of them is impossible with all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from robot.rulebook.analysis.domains import Cell, meet
from robot.rulebook.analysis.formulas import (
    ALWAYS,
    And,
    Atom,
    EveryLine,
    Formula,
    Key,
    Measure,
    Or,
    SomeLine,
    field_of,
)

#: Fields with what they must be.
Given: TypeAlias = Mapping[Key, Cell]


class Dodging:
    """Knows which fields are free among formulas that must all hold."""

    def __init__(self, formulas: Iterable[Formula]) -> None:
        cells: dict[Key, Cell] = {}
        for formula in formulas:
            for atom in _ways_out(formula):
                known = cells.get(atom.field)
                if known is None:
                    cells[atom.field] = atom.cell
                elif not known.empty:
                    cells[atom.field] = meet(known, atom.cell)
        self._free = {key for key, cell in cells.items() if not cell.empty}
        #: Names of fields that no value of keeps all rules away.
        self.contested = frozenset(field_of(key).name for key in cells.keys() - self._free)

    def needed(self, formula: Formula, asked: frozenset[str], given: Given) -> Formula:
        """What is left of a formula when fields that are not asked about keep out of its way.

        Args:
            formula: One of those that must all hold.
            asked: Names of fields that have to be what something else says.
            given: What that says of single fields.
        """
        kept = tuple(self._kept(formula, asked, given))
        return kept[0] if len(kept) == 1 else And(kept)

    def _kept(self, formula: Formula, asked: frozenset[str], given: Given) -> Iterator[Formula]:
        for clause in _clauses(formula):
            if isinstance(clause, EveryLine):
                # What is given of the document is not given of a line.
                inner = self.needed(clause.part, asked, {})
                if inner != ALWAYS:
                    yield EveryLine(inner)
            elif not any(self._dodges(atom, asked, given) for atom in _atoms(clause)):
                yield clause

    def _dodges(self, atom: Atom, asked: frozenset[str], given: Given) -> bool:
        known = given.get(atom.field)
        if known is not None:
            return meet(known, atom.cell) == known
        return atom.field in self._free and field_of(atom.field).name not in asked


def given_by(formula: Formula) -> Given:
    """The single fields that a formula says something about for certain."""
    cells: dict[Key, Cell] = {}
    for clause in _clauses(formula):
        if isinstance(clause, Atom):
            known = cells.get(clause.field)
            cells[clause.field] = clause.cell if known is None else meet(known, clause.cell)
    return cells


def compatible_at_once(formula: Formula, other: Formula) -> bool:
    """Whether it is plain that both can hold: single fields on one side, a way out on the other.

    False says nothing.
    """
    if not isinstance(other, Or) or not isinstance(formula, And | Atom):
        return False
    clauses = list(_clauses(formula))
    if not all(isinstance(clause, Atom) for clause in clauses):
        return False
    given = given_by(formula)
    if any(cell.empty for cell in given.values()):
        return False
    for atom in _atoms(other):
        known = given.get(atom.field)
        if not (atom.cell if known is None else meet(known, atom.cell)).empty:
            return True
    return False


def _clauses(formula: Formula) -> Iterator[Formula]:
    if isinstance(formula, And):
        for part in formula.parts:
            yield from _clauses(part)
    else:
        yield formula


def _atoms(clause: Formula) -> Iterator[Atom]:
    """The single fields by which a clause can be met."""
    for part in clause.parts if isinstance(clause, Or) else (clause,):
        if isinstance(part, Atom):
            yield part


def _ways_out(formula: Formula) -> Iterator[Atom]:
    for clause in _clauses(formula):
        if isinstance(clause, EveryLine | SomeLine):
            yield from _ways_out(clause.part)
        else:
            yield from (atom for atom in _atoms(clause) if not isinstance(atom.field, Measure))
