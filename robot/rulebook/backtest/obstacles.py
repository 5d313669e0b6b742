"""What alone keeps documents from being posted: found by deciding them again without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from robot.domain.decision import Outcome
from robot.flow.history_port import REGRETTED, Aftermath
from robot.flow.past import PastBatch
from robot.rulebook.backtest.comparison import Tally, add_up, tally_of
from robot.rulebook.backtest.judging import Judge, JudgedSet, Memories, Memory, Verdict, asked_by
from robot.rulebook.backtest.questions import TRUE, Questions
from robot.rulebook.backtest.relaxing import (
    Relaxation,
    bound_that_admits,
    parameters_by_place,
    relaxations,
)
from robot.rulebook.loader import LoadedRules
from robot.rulebook.taxonomy import OUTSIDE_CRITERIA

_NOTHING: Final = frozenset[int]()


class Kind(StrEnum):
    """What stands in the way."""

    #: A rule that bounces or holds.
    RULE = "rule"
    #: One condition of a rule that posts.
    CRITERION = "criterion"


class Obstacle(NamedTuple):
    """What stands in the way at one customer; `number` counts the conditions of a rule."""

    customer: str
    kind: Kind
    rule: str
    number: int
    code: str


@dataclass(slots=True, kw_only=True)
class Freed:
    """The documents that an obstacle alone keeps back, and what people did with them."""

    all: Tally = field(default_factory=Tally)
    #: A clerk let them be posted as they were.
    confirmed: int = 0
    #: They were corrected, bounced by a clerk, dropped or reversed.
    regretted: int = 0
    #: The bound that would admit a document, with how many; None where no bound does.
    bounds: dict[Decimal | None, int] = field(default_factory=dict)

    def take_in(self, other: Freed) -> None:
        """Add another part."""
        self.all.add(other.all.documents, other.all.ore)
        self.confirmed += other.confirmed
        self.regretted += other.regretted
        for bound, documents in other.bounds.items():
            self.bounds[bound] = self.bounds.get(bound, 0) + documents


@dataclass(slots=True, kw_only=True)
class Obstacles:
    """What came of some documents; adding up is by `take_in`, in any order."""

    documents: int = 0
    #: By customer.
    not_posted: dict[str, Tally] = field(default_factory=dict)
    freed: dict[Obstacle, Freed] = field(default_factory=dict)
    #: (customer, the rule that posted; empty for all) -> posted, and of these regretted later.
    posted: dict[tuple[str, str], Tally] = field(default_factory=dict)
    posted_and_regretted: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def take_in(self, other: Obstacles) -> None:
        """Add another part."""
        self.documents += other.documents
        add_up(self.not_posted, other.not_posted)
        add_up(self.posted, other.posted)
        add_up(self.posted_and_regretted, other.posted_and_regretted)
        for obstacle, freed in other.freed.items():
            self.freed.setdefault(obstacle, Freed()).take_in(freed)


@dataclass(slots=True, kw_only=True)
class Search:
    """The rules in force made ready, with every `post` rule without each of its conditions."""

    questions: Questions
    sets: Mapping[str, JudgedSet]
    relaxations: Mapping[str, tuple[Relaxation, ...]]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of documents that some set reads."""
        return tuple(sorted({name for one in self.sets.values() for name in one.fields}))

    @property
    def line_fields(self) -> tuple[str, ...]:
        """The fields of lines that some set reads."""
        return tuple(sorted({name for one in self.sets.values() for name in one.line_fields}))


def search_of(loaded: LoadedRules, sets: Mapping[str, JudgedSet], questions: Questions) -> Search:
    """Make the rules ready to be searched for obstacles."""
    parameters = parameters_by_place(loaded)
    return Search(
        questions=questions,
        sets=sets,
        relaxations={
            kreds: relaxations(one, questions, parameters) for kreds, one in sets.items()
        },
    )


class Finder:
    """Searches batch after batch; what it learns about patterns it keeps."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._memories = Memories()
        self._as_if: dict[tuple[int, bytes, frozenset[int], frozenset[int]], Outcome] = {}

    def find(self, batch: PastBatch) -> Obstacles:
        """The obstacles in one batch."""
        documents = sum(rows.stop - rows.start for rows in batch.customers.values())
        found = Obstacles(documents=documents)
        if documents == 0:
            return found
        sides = {kreds: (self._set(kreds),) for kreds in batch.customers}
        asked = asked_by(batch.customers, sides)
        for kreds, rows in batch.customers.items():
            for relaxed in self._search.relaxations.get(kreds, ()):
                places = asked.setdefault(relaxed.rest.number, [])
                if rows not in places:
                    places.append(rows)
        judge = Judge(batch, self._search.questions, asked)
        for kreds, rows in batch.customers.items():
            _Customer(self, found, batch, judge, kreds, rows).search()
        return found

    def relaxations(self, kreds: str) -> tuple[Relaxation, ...]:
        """The conditions that could be relaxed."""
        return self._search.relaxations.get(kreds, ())

    def judged(self, kreds: str) -> JudgedSet:
        """The set that decides a customer's documents."""
        return self._set(kreds)

    def memory(self, kreds: str) -> Memory:
        """What is known about the patterns of a customer's set."""
        return self._memories.of(self._set(kreds))

    def outcome_as_if(
        self,
        kreds: str,
        pattern: bytes,
        row: int,
        judge: Judge,
        *,
        off: frozenset[int] = _NOTHING,
        on: frozenset[int] = _NOTHING,
    ) -> Outcome:
        """The live decision as if rules did not hold, or did; asked once for each pattern."""
        memory = self.memory(kreds)
        certain = memory.verdicts.get(pattern) is not None
        key = (id(memory), pattern, off, on)
        known = self._as_if.get(key) if certain else None
        if known is None:
            rules = self._set(kreds)
            values, day = judge.values(rules, row)
            known = rules.decide_as_if(values, day, off=off, on=on).outcome
            if certain:
                self._as_if[key] = known
        return known

    def _set(self, kreds: str) -> JudgedSet:
        return self._search.sets.get(kreds) or self._search.sets[""]


class _Customer:
    """The rows of one customer in one batch."""

    def __init__(
        self,
        finder: Finder,
        found: Obstacles,
        batch: PastBatch,
        judge: Judge,
        kreds: str,
        rows: slice,
    ) -> None:
        self._finder = finder
        self._found = found
        self._batch = batch
        self._judge = judge
        self._kreds = kreds
        self._rows = rows
        self._rules = finder.judged(kreds)
        self._places = {asked.part.rule.id: asked.place for asked in self._rules.rules}
        self._parts = {asked.part.rule.id: asked.part for asked in self._rules.rules}

    def search(self) -> None:
        """Look at the documents pattern by pattern."""
        pattern = self._judge.pattern(self._rules, self._rows)
        verdicts = self._judge.verdicts(self._rules, self._rows, self._finder.memory(self._kreds))
        for key, verdict, rows in self._alike(pattern.tobytes(), pattern.shape[1], verdicts):
            if verdict.outcome is Outcome.POST:
                self._posted(verdict, rows)
                continue
            tally_of(self._found.not_posted, self._kreds).add(len(rows), self._ore(rows))
            if verdict.codes == (OUTSIDE_CRITERIA,):
                self._outside(key, rows)
            elif len(verdict.causes) == 1:
                self._blocked(key, verdict, rows)

    def _alike(
        self, text: bytes, width: int, verdicts: Sequence[Verdict]
    ) -> Iterator[tuple[bytes, Verdict, list[int]]]:
        """Rows of one pattern and one verdict; singly where a pattern does not decide."""
        memory = self._finder.memory(self._kreds)
        groups: dict[tuple[bytes, int], list[int]] = {}
        for place, verdict in enumerate(verdicts):
            key = text[place * width : (place + 1) * width]
            row = self._rows.start + place
            if memory.verdicts.get(key) is None:
                yield key, verdict, [row]
            else:
                groups.setdefault((key, verdict.number), []).append(row)
        for (key, number), rows in groups.items():
            yield key, memory.all[number], rows

    def _posted(self, verdict: Verdict, rows: list[int]) -> None:
        regretted = [row for row in rows if self._aftermath(row) in REGRETTED]
        for rule in ("", *verdict.posted_by):
            key = (self._kreds, rule)
            tally_of(self._found.posted, key).add(len(rows), self._ore(rows))
            if regretted:
                tally = tally_of(self._found.posted_and_regretted, key)
                tally.add(len(regretted), self._ore(regretted))

    def _blocked(self, key: bytes, verdict: Verdict, rows: list[int]) -> None:
        """One cause: without it, and what follows from it, is the document posted?"""
        off = frozenset(self._places[rule] for rule in verdict.obstacles)
        outcome = self._finder.outcome_as_if(self._kreds, key, rows[0], self._judge, off=off)
        if outcome is Outcome.POST:
            obstacle = Obstacle(self._kreds, Kind.RULE, verdict.causes[0], 0, verdict.codes[0])
            self._free(obstacle, rows)

    def _outside(self, key: bytes, rows: list[int]) -> None:
        """Nothing is wrong, but no rule posts it: which single condition is in the way?"""
        days, day = self._batch.days
        for relaxed in self._finder.relaxations(self._kreds):
            truths = self._judge.truths(relaxed.rest, self._rows)
            part = self._parts[relaxed.rule]
            freed = [
                row
                for row in rows
                if truths[row - self._rows.start] == TRUE
                and part.rule.in_force(days[day[row]])
                and part.dispensed(days[day[row]]) is None
            ]
            if not freed:
                continue
            on = frozenset({relaxed.place})
            outcome = self._finder.outcome_as_if(self._kreds, key, freed[0], self._judge, on=on)
            if outcome is Outcome.POST:
                obstacle = Obstacle(
                    self._kreds, Kind.CRITERION, relaxed.rule, relaxed.number, OUTSIDE_CRITERIA
                )
                self._free(obstacle, freed)
                self._bounds(obstacle, relaxed, freed)

    def _free(self, obstacle: Obstacle, rows: list[int]) -> None:
        freed = self._found.freed.setdefault(obstacle, Freed())
        freed.all.add(len(rows), self._ore(rows))
        for row in rows:
            what = self._aftermath(row)
            freed.confirmed += what is Aftermath.POSTED_BY_CLERK
            freed.regretted += what in REGRETTED

    def _bounds(self, obstacle: Obstacle, relaxed: Relaxation, rows: list[int]) -> None:
        test = relaxed.threshold
        if test is None:
            return
        bounds = self._found.freed[obstacle].bounds
        column = self._batch.column(test.field.key)
        for row in rows:
            bound = bound_that_admits(test, column.values[column.codes[row]])
            bounds[bound] = bounds.get(bound, 0) + 1

    def _aftermath(self, row: int) -> Aftermath | None:
        kinds, places = self._batch.aftermath
        return kinds[int(places[row])]

    def _ore(self, rows: Sequence[int]) -> int:
        return int(np.sum(self._batch.ore[list(rows)], dtype=np.int64))
