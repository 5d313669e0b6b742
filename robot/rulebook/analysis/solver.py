"""Is there a document for which several formulas hold at once?

Depth-first search over the alternatives, each field's cell shrinking on the way. No answer within
the budget is no answer: nothing is claimed then.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from robot.rulebook.analysis.comparisons import settled
from robot.rulebook.analysis.domains import Cell, meet
from robot.rulebook.analysis.formulas import (
    And,
    Atom,
    EveryLine,
    Fact,
    Formula,
    Key,
    Or,
    SomeLine,
)
from robot.rulebook.conditions import LINES

#: Places where the search may try another alternative.
BUDGET = 4_000


class OutOfBudgetError(Exception):
    """The search was given up; whether there is such a document is open."""


@dataclass(slots=True, kw_only=True)
class Model:
    """What a document (or a line) for which the formulas hold may look like."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    facts: dict[Hashable, Fact] = field(default_factory=dict)
    lines: list[Model] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    cells: dict[Key, Cell]
    facts: dict[Hashable, Fact]
    some: list[Formula]
    every: list[Formula]
    choices: list[Or]

    def copy(self) -> _State:
        return _State(
            dict(self.cells),
            dict(self.facts),
            list(self.some),
            list(self.every),
            list(self.choices),
        )

    def take(self, formula: Formula) -> bool:
        """Add what must hold; False when that is impossible."""
        waiting = [formula]
        while waiting:
            part = waiting.pop()
            if isinstance(part, And):
                waiting.extend(part.parts)
            elif isinstance(part, Or):
                if not part.parts:
                    return False
                if len(part.parts) == 1:
                    waiting.append(part.parts[0])
                else:
                    self.choices.append(part)
            elif not self._take_one(part):
                return False
        return True

    def _take_one(self, part: Atom | Fact | SomeLine | EveryLine) -> bool:
        if isinstance(part, SomeLine):
            self.some.append(part.part)
        elif isinstance(part, EveryLine):
            self.every.append(part.part)
        elif isinstance(part, Atom):
            cell = self.cells.get(part.field)
            left = part.cell if cell is None else meet(cell, part.cell)
            self.cells[part.field] = left
            return not left.empty
        else:
            known = self.facts.get(part.what)
            ways = part.ways if known is None else part.ways & known.ways
            self.facts[part.what] = Fact(part.what, ways, part.condition)
            return bool(ways)
        return True

    def possible(self, part: Formula) -> bool:
        """False only when an alternative is certainly impossible now."""
        if isinstance(part, Atom):
            cell = self.cells.get(part.field)
            return not (part.cell if cell is None else meet(cell, part.cell)).empty
        if isinstance(part, Fact):
            known = self.facts.get(part.what)
            return known is None or bool(known.ways & part.ways)
        if isinstance(part, And):
            return all(self.possible(inner) for inner in part.parts)
        return any(self.possible(inner) for inner in part.parts) if isinstance(part, Or) else True

    def certain(self, part: Formula) -> bool:
        """True only when an alternative holds already."""
        if isinstance(part, Atom):
            cell = self.cells.get(part.field)
            return cell is not None and meet(cell, part.cell) == cell
        if isinstance(part, Fact):
            known = self.facts.get(part.what)
            return known is not None and known.ways <= part.ways
        if isinstance(part, SomeLine | EveryLine):
            return part.part in (self.some if isinstance(part, SomeLine) else self.every)
        found = (self.certain(inner) for inner in part.parts)
        return all(found) if isinstance(part, And) else any(found)


class Solver:
    """Searches for one document."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._left = budget

    def solve(self, formulas: Iterable[Formula]) -> Model | None:
        """A document for which all formulas hold; None when there is none.

        Raises:
            OutOfBudgetError: Not found out.
        """
        state = _State({}, {}, [], [], [])
        for formula in formulas:
            if not state.take(formula):
                return None
        return self._search(state)

    def _search(self, state: _State) -> Model | None:
        self._left -= 1
        if self._left < 0:
            raise OutOfBudgetError
        if not _simplified(state):
            return None
        if not state.choices:
            return self._with_lines(state)
        choice = min(state.choices, key=lambda one: len(one.parts))
        state.choices.remove(choice)
        for alternative in choice.parts:
            branch = state.copy()
            if branch.take(alternative):
                found = self._search(branch)
                if found is not None:
                    return found
        return None

    def _with_lines(self, state: _State) -> Model | None:
        """The lines that are asked for, each with what every line must be."""
        cells = settled(state.cells, state.facts)
        if cells is None:
            return None
        lines: list[Model] = []
        wanted = state.some or ([And(())] if state.every else [])
        for one in wanted:
            line = self.solve([one, *state.every])
            if line is None:
                if state.some or not _may_lack_lines(state):
                    return None
                break
            lines.append(line)
        return Model(cells=dict(cells), facts=state.facts, lines=lines)


def _simplified(state: _State) -> bool:
    """Drop alternatives that are settled, follow those with one way left; False: impossible."""
    changed = True
    while changed:
        changed = False
        waiting, state.choices = state.choices, []
        for choice in waiting:
            if any(state.certain(part) for part in choice.parts):
                changed = True
                continue
            left = tuple(part for part in choice.parts if state.possible(part))
            if not left:
                return False
            if len(left) == 1:
                changed = True
                if not state.take(left[0]):
                    return False
            else:
                state.choices.append(choice if len(left) == len(choice.parts) else Or(left))
    return True


def _may_lack_lines(state: _State) -> bool:
    cell = state.cells.get(LINES)
    return cell is None or cell.missing or cell.unknown
