"""What the cases exercise of the rules, point by point, and what none of them does.

Points are, for each rule: that it came out true, false and not known; for each of its conditions
the same; that its `unless` was what kept it out; both sides of each limit; each dispensation in
use; each row of a list met. A standard rule is covered by the cases of whichever customer; a limit
that a customer sets for itself only by the customer's own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN, FieldValues, LineValues
from robot.domain.money import Money
from robot.rulebook.cases import PreparedCase
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import CountLines, ListName, Parameter, SumLines, Test
from robot.rulebook.display import literal_text, text_of
from robot.rulebook.explain.changes import lines_of
from robot.rulebook.loader import LoadedRules
from robot.rulebook.parts import (
    Address,
    Asked,
    Atom,
    SourcedRule,
    asked_by,
    atoms_of,
    part_at,
    sourced,
)
from robot.rulebook.problem import Position
from robot.rulebook.sides import borders
from robot.rulebook.value_lists import ListRow


class Kind(StrEnum):
    """What a point is about, in the order of the summary."""

    RULE = "rules"
    CONDITION = "conditions"
    UNLESS = "exceptions"
    LIMIT = "limits"
    DISPENSATION = "dispensations"
    ROW = "list rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that a case can exercise. `wanted` says what in words: `true`, `just over`.

    `stem` is a customer whose rules have it, None of nobody; `address` leads to the condition,
    `bound` and `border` to the limit.
    """

    kind: Kind
    rule: str
    at: Position
    text: str
    wanted: str
    stem: str | None
    #: It is of a rule for re-posting sheets.
    of_sheet: bool = False
    address: Address | None = None
    bound: int = 0
    border: int = 0
    #: It is the customer's own setting of a standard limit.
    own_setting: bool = False

    def __str__(self) -> str:
        what = f"{self.rule}: {self.text}" if self.text else self.rule
        if self.own_setting:
            what = f"{what} ({self.stem})"
        return f"{self.at}: {what}: never {self.wanted}"

    def as_json(self) -> dict[str, object]:
        """The point for machines."""
        return {
            "kind": self.kind.value,
            "rule": self.rule,
            "path": self.at.path,
            "line": self.at.line,
            "condition": self.text,
            "never": self.wanted,
            "customer": self.stem,
        }


@dataclass(slots=True)
class Coverage:
    """Every point, and those that a case exercised."""

    points: dict[Hashable, Point] = field(default_factory=dict)
    hit: set[Hashable] = field(default_factory=set)

    @property
    def missing(self) -> tuple[Point, ...]:
        """The points that no case exercised, by file and line."""
        missed = (point for key, point in self.points.items() if key not in self.hit)
        return tuple(sorted(missed, key=lambda point: (point.at, point.kind, point.wanted)))

    def counts(self) -> Iterator[tuple[Kind, int, int]]:
        """For each kind the points exercised and all of them."""
        for kind in Kind:
            keys = [key for key, point in self.points.items() if point.kind is kind]
            if keys:
                yield kind, sum(key in self.hit for key in keys), len(keys)

    @property
    def percent(self) -> Decimal:
        """The points exercised, of a hundred; of no points, all."""
        if not self.points:
            return Decimal(100)
        hit = len(self.hit & self.points.keys())
        return (Decimal(100 * hit) / len(self.points)).quantize(Decimal("0.1"))


def coverage(
    loaded: LoadedRules,
    cases: Iterable[PreparedCase],
    *,
    rules: Sequence[str] = (),
    customer: str | None = None,
) -> Coverage:
    """What cases exercise.

    Args:
        loaded: The rules.
        cases: The cases, with what they decide on.
        rules: Ids of the rules to look at; all when empty.
        customer: The name of the one customer file to look at; all when None.
    """
    found = Coverage()
    sides = {False: loaded, True: loaded.for_repostings}
    sets: dict[tuple[str | None, bool], _Set] = {}

    def of(stem: str | None, *, sheets: bool) -> _Set:
        if (stem, sheets) not in sets:
            sets[stem, sheets] = _Set(sides[sheets], stem, frozenset(rules), of_sheets=sheets)
        return sets[stem, sheets]

    for stem in loaded.customers if customer is None else (customer,):
        if stem not in loaded.broken and loaded.shared is not None:
            for sheets in sides:
                of(stem, sheets=sheets).note_points(found)
    for case in cases:
        if customer in {None, case.stem}:
            of(case.stem, sheets=case.of_sheet).exercise(case, found)
    found.hit &= found.points.keys()
    return found


@dataclass(frozen=True, slots=True)
class _Watched:
    """A condition with what is asked of it."""

    key: Hashable
    atom: Atom
    #: Each operator with its key, which ends in the customer whose own setting its limit is.
    asked: tuple[tuple[Asked, tuple[Hashable, ...]], ...]


class _Set:
    """The rules of one customer."""

    def __init__(
        self, loaded: LoadedRules, stem: str | None, only: frozenset[str], *, of_sheets: bool
    ) -> None:
        self._stem = stem
        self._of_sheets = of_sheets
        self._effective = loaded.effective(stem)
        self._settings = loaded.customers[stem].settings if stem is not None else {}
        parts = sourced(loaded, stem)
        self._rules = [part for part in parts if not only or part.rule.id in only]
        self._atoms = {part.index: list(self._watched(part)) for part in self._rules}

    def note_points(self, found: Coverage) -> None:
        """Put down every point of these rules."""
        for part in self._rules:
            for key, point in self._points_of(part):
                found.points.setdefault(key, point)
        used = {
            operand.name
            for part in self._rules
            for watched in self._atoms[part.index]
            for asked, _ in watched.asked
            for operand in asked.operands
            if isinstance(operand, ListName)
        }
        for name in sorted(used):
            for row in self._effective.lists[name].rows:
                key, point = self._row(name, row)
                found.points.setdefault(key, point)

    def exercise(self, case: PreparedCase, found: Coverage) -> None:
        """Note what one case exercises."""
        compiled = case.rule_set.compiled
        today = case.case.today
        true, unknown = compiled.evaluate(case.values, today)
        truths = dict.fromkeys(true, Truth.TRUE) | dict.fromkeys(unknown, Truth.UNKNOWN)
        asking = _Asking(compiled, case.values, today)
        for part in self._rules:
            if not part.rule.in_force(today):
                continue
            truth = truths.get(part.index, Truth.FALSE)
            found.hit.add((*_identity(part), truth))
            if truth is Truth.TRUE and part.effective.dispensed(today) is not None:
                found.hit.add((*_identity(part), "dispensation", self._stem))
            self._exercise_unless(part, asking, found)
            for watched in self._atoms[part.index]:
                self._exercise_atom(watched, asking, today, found)

    def _exercise_unless(self, part: SourcedRule, asking: _Asking, found: Coverage) -> None:
        rule = part.rule
        if rule.unless is not None and (
            asking.truth(rule.unless, None) is Truth.TRUE
            and (rule.when is None or asking.truth(rule.when, None) is Truth.TRUE)
        ):
            found.hit.add((*_identity(part), "unless"))

    def _exercise_atom(
        self, watched: _Watched, asking: _Asking, today: date, found: Coverage
    ) -> None:
        atom = watched.atom
        for line in asking.places(atom):
            found.hit.add((watched.key, asking.truth(atom.part, line)))
            value = asking.value(atom, line)
            for asked, key in watched.asked:
                for border in borders(asked, today):
                    side = border.side(value)
                    if side is not None:
                        found.hit.add((key, border.place, side))
                for operand in asked.operands:
                    if isinstance(operand, ListName):
                        self._exercise_rows(operand.name, value, today, found)

    def _exercise_rows(self, name: str, value: object, today: date, found: Coverage) -> None:
        for row in self._effective.lists[name].rows:
            if row.value == value and row.in_force(today):
                found.hit.add(self._row(name, row)[0])

    def _points_of(self, part: SourcedRule) -> Iterator[tuple[Hashable, Point]]:
        rule = part.rule
        identity = _identity(part)
        truths = (Truth.TRUE,) if rule.condition is None else tuple(Truth)
        for truth in truths:
            yield (*identity, truth), self._point(part, Kind.RULE, _in_words(truth), rule.at)
        if rule.unless is not None:
            point = self._point(part, Kind.UNLESS, "what kept it out", rule.at, "unless")
            yield (*identity, "unless"), point
        given = part.effective.dispensation
        if given is not None:
            point = self._point(part, Kind.DISPENSATION, "in use", given.at, "dispensation")
            yield (*identity, "dispensation", self._stem), point
        for watched in self._atoms[part.index]:
            yield from self._points_of_atom(part, watched)

    def _points_of_atom(
        self, part: SourcedRule, watched: _Watched
    ) -> Iterator[tuple[Hashable, Point]]:
        atom = watched.atom
        text = atom_text(atom)
        for truth in Truth:
            point = self._point(part, Kind.CONDITION, _in_words(truth), atom.at, text)
            yield (watched.key, truth), replace(point, address=atom.address)
        for asked, key in watched.asked:
            own = key[-1] is not None
            for border in borders(asked, _SOME_DAY):
                for side in border.sides:
                    point = self._point(part, Kind.LIMIT, side.value, asked.at, text)
                    limit = replace(
                        point,
                        address=atom.address,
                        bound=asked.bound,
                        border=border.place,
                        own_setting=own,
                    )
                    yield (key, border.place, side), limit

    def _point(
        self, part: SourcedRule, kind: Kind, wanted: str, at: Position, text: str = ""
    ) -> Point:
        return Point(
            kind=kind,
            rule=part.rule.id,
            at=at,
            text=text,
            wanted=wanted,
            stem=self._stem,
            of_sheet=self._of_sheets,
        )

    def _watched(self, part: SourcedRule) -> Iterator[_Watched]:
        for number, atom in enumerate(atoms_of(part.rule)):
            key = (*_identity(part), number)
            source = part_at(part.source, atom.address)
            pairs = zip(asked_by(atom.part), asked_by(source), strict=True)
            asked = tuple(
                (filled, (*key, filled.bound, self._owner(written))) for filled, written in pairs
            )
            yield _Watched(key, atom, asked)

    def _owner(self, written: Asked) -> str | None:
        """The customer whose own setting the limit is; None of the standard's."""
        names = {operand.name for operand in written.operands if isinstance(operand, Parameter)}
        return self._stem if names & self._settings.keys() else None

    def _row(self, name: str, row: ListRow) -> tuple[Hashable, Point]:
        own = self._effective.lists[name].file is None
        key = ("row", name, row.value, row.at, self._stem if own else None)
        point = Point(
            kind=Kind.ROW,
            rule=f"list {name}",
            at=row.at,
            text=row.value,
            wanted="met",
            stem=self._stem,
            of_sheet=self._of_sheets,
        )
        return key, point


class _Asking:
    """One document under one set of rules."""

    def __init__(self, compiled: Compiled, values: FieldValues, today: date) -> None:
        self._compiled = compiled
        self._values = values
        self._today = today

    def places(self, atom: Atom) -> Iterable[int | None]:
        """The lines on which a condition is asked; only once of the document."""
        return range(len(lines_of(self._values))) if atom.in_lines else (None,)

    def truth(self, part: object, line: int | None) -> Truth:
        """How a condition comes out."""
        return self._compiled.truth(part, self._values, self._line(line), self._today)  # type: ignore[arg-type] # a condition

    def value(self, atom: Atom, line: int | None) -> object:
        """What a condition compares: a field's value, a count or a sum."""
        part = atom.part
        if isinstance(part, Test):
            of = self._line(line) if part.field.of_line else self._values
            return UNKNOWN if of is None else of.get(part.field.key, UNKNOWN)
        meeting = [
            one
            for index, one in enumerate(lines_of(self._values))
            if part.where is None or self.truth(part.where, index) is Truth.TRUE
        ]
        return Decimal(len(meeting)) if isinstance(part, CountLines) else _sum(part, meeting)

    def _line(self, line: int | None) -> LineValues | None:
        return None if line is None else lines_of(self._values)[line]


#: Limits that count from the decision's day are shown for this one.
_SOME_DAY = date(2026, 1, 1)


def atom_text(atom: Atom) -> str:
    """A condition in one line."""
    part = atom.part
    if isinstance(part, Test):
        return text_of(part)
    what = "count" if isinstance(part, CountLines) else f"sum of {part.field.key}"
    bounds = (
        f"{asked.operator} {', '.join(literal_text(o.value) for o in asked.operands)}"  # type: ignore[union-attr] # bounds have values
        for asked in asked_by(part)
    )
    return f"lines {what} {' and '.join(bounds)}"


def _identity(part: SourcedRule) -> tuple[str, str]:
    return part.rule.at.path, part.rule.id


def _in_words(truth: Truth) -> str:
    return "not known" if truth is Truth.UNKNOWN else truth.value


def _sum(part: SumLines, lines: Sequence[LineValues]) -> object:
    values = [line.get(part.field.key) for line in lines]
    amounts = [value for value in values if isinstance(value, Money)]
    if amounts and len(amounts) == len(values):
        total = sum((amount.amount for amount in amounts), Decimal(0))
        return Money(total, amounts[0].currency)
    numbers = [value for value in values if isinstance(value, Decimal)]
    return sum(numbers, Decimal(0)) if len(numbers) == len(values) else UNKNOWN
