"""What two rule sets decide about the same documents, counted; parts of it can be added up."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from robot.domain.decision import Outcome
from robot.flow.history_port import Aftermath
from robot.flow.past import PastBatch, PastDocument
from robot.rulebook.backtest.concern import Concern
from robot.rulebook.backtest.judging import Judge, JudgedSet, Memories, Verdict, asked_by
from robot.rulebook.backtest.questions import Questions

_CENT: Final = Decimal("0.01")
Key = TypeVar("Key")


@dataclass(slots=True)
class Tally:
    """Documents and their totals with VAT in øre."""

    documents: int = 0
    ore: int = 0

    def add(self, documents: int, ore: int) -> None:
        """Count more."""
        self.documents += documents
        self.ore += ore

    @property
    def amount(self) -> Decimal:
        """The amount in kroner."""
        return self.ore * _CENT


class Change(NamedTuple):
    """One document that is decided otherwise."""

    concern: Concern
    document: PastDocument
    old: Outcome
    new: Outcome
    old_codes: tuple[str, ...]
    new_codes: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def order(self) -> tuple[int, Decimal, str, str]:
        """The most pressing first, the largest amount first."""
        amount = self.document.amount_dkk or Decimal(0)
        return (self.concern, -amount, self.document.customer, self.document.source_id)


@dataclass(slots=True, kw_only=True)
class Comparison:
    """What came of some documents. Adding up is by `take_in`; the order does not matter."""

    documents: int = 0
    #: Those of them that are re-posting sheets, decided by rules of their own.
    repostings: int = 0
    #: (customer, old, new)
    matrix: dict[tuple[str, Outcome, Outcome], Tally] = field(default_factory=dict)
    #: (rule, old, new) of changed documents: the rules that made the difference.
    rules: dict[tuple[str, Outcome, Outcome], Tally] = field(default_factory=dict)
    #: (error type, `gone` or `new`) of changed documents.
    codes: dict[tuple[str, str], Tally] = field(default_factory=dict)
    #: (old, new, what people did)
    afterwards: dict[tuple[Outcome, Outcome, Aftermath | None], Tally] = field(
        default_factory=dict
    )
    concerns: dict[Concern, Tally] = field(default_factory=dict)
    #: Documents with the same outcome for other reasons.
    other_reasons: Tally = field(default_factory=Tally)
    #: Recorded under the old rules, but with another outcome than these give now.
    not_replayed: int = 0
    #: Fields that the rules use and that some documents do not have, with how many.
    not_recorded: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    #: Rules for re-posting sheets changed, and no sheet of the past was there to try them on.
    sheets_untried: bool = False

    @property
    def changed(self) -> Tally:
        """All documents that are decided otherwise."""
        total = Tally()
        for tally in self.concerns.values():
            total.add(tally.documents, tally.ore)
        return total

    @property
    def newly_posted(self) -> Tally:
        """All documents that would be posted now and were not."""
        total = Tally()
        for concern in (Concern.REGRETTED_POST, Concern.NEW_POST, Concern.CONFIRMED_POST):
            tally = self.concerns.get(concern, Tally())
            total.add(tally.documents, tally.ore)
        return total

    def take_in(self, other: Comparison, keep: int) -> None:
        """Add another part; of the changes the `keep` most pressing are kept."""
        self.documents += other.documents
        self.repostings += other.repostings
        self.not_replayed += other.not_replayed
        self.other_reasons.add(other.other_reasons.documents, other.other_reasons.ore)
        add_up(self.matrix, other.matrix)
        add_up(self.rules, other.rules)
        add_up(self.codes, other.codes)
        add_up(self.afterwards, other.afterwards)
        add_up(self.concerns, other.concerns)
        for name, documents in other.not_recorded.items():
            self.not_recorded[name] = self.not_recorded.get(name, 0) + documents
        self.changes = heapq.nsmallest(
            keep, [*self.changes, *other.changes], key=lambda change: change.order
        )


@dataclass(slots=True, kw_only=True)
class Job:
    """Two rule books made ready: what every worker needs besides the documents.

    `old` and `new` hold a set for each bogføringskreds; the empty one stands for all others.
    """

    questions: Questions
    old: Mapping[str, JudgedSet]
    new: Mapping[str, JudgedSet]
    #: Customers whose set is the same on both sides.
    unchanged: frozenset[str]
    #: The hash of the old set by customer, to see whether the past can be replayed.
    hashes: Mapping[str, str]
    #: The same of the rules for re-posting sheets; this one is for invoices.
    repostings: Job | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of documents that some set reads."""
        own = {name for one in self.sets for name in one.fields}
        return tuple(sorted(own.union(self.repostings.fields if self.repostings else ())))

    @property
    def line_fields(self) -> tuple[str, ...]:
        """The fields of lines that some set reads."""
        own = {name for one in self.sets for name in one.line_fields}
        return tuple(sorted(own.union(self.repostings.line_fields if self.repostings else ())))

    @property
    def sets(self) -> tuple[JudgedSet, ...]:
        """The sets of both sides, those for re-posting sheets not among them."""
        return (*self.old.values(), *self.new.values())


class Comparer:
    """Compares batch after batch; what it learns about patterns it keeps."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._memories = Memories()

    def compare(self, batch: PastBatch) -> Comparison:
        """Decide a batch by both sides, each document by the rules for its kind."""
        found = Comparison(documents=batch.size)
        self._compare(found, batch, self._job, batch.customers)
        sheets = batch.repostings
        if self._job.repostings is not None and sheets:
            found.repostings = sum(rows.stop - rows.start for rows in sheets.values())
            self._compare(found, batch, self._job.repostings, sheets)
        return found

    def _compare(
        self, found: Comparison, batch: PastBatch, job: Job, places: Mapping[str, slice]
    ) -> None:
        sides = {
            name: (job.old.get(name) or job.old[""], job.new.get(name) or job.new[""])
            for name in places
        }
        judge = Judge(batch, job.questions, asked_by(places, sides))
        for customer, rows in places.items():
            old_set, new_set = sides[customer]
            old = judge.verdicts(old_set, rows, self._memories.of(old_set))
            same = customer in job.unchanged
            new = old if same else judge.verdicts(new_set, rows, self._memories.of(new_set))
            for group in _groups(batch, rows, old, new):
                self._count(found, customer, batch, group)
            found.not_replayed += _not_replayed(job.hashes.get(customer), batch, rows, old)
        _note_missing(found, batch, job, sum(rows.stop - rows.start for rows in places.values()))

    def _count(self, found: Comparison, customer: str, batch: PastBatch, group: _Group) -> None:
        old, new = group.old, group.new
        documents, ore = len(group.rows), group.ore
        move = (old.outcome, new.outcome)
        tally_of(found.matrix, (customer, *move)).add(documents, ore)
        tally_of(found.afterwards, (*move, group.aftermath)).add(documents, ore)
        if old.outcome is new.outcome:
            if old.codes != new.codes:
                found.other_reasons.add(documents, ore)
            return
        concern = Concern.of(*move, group.aftermath)
        tally_of(found.concerns, concern).add(documents, ore)
        rules = deciding_rules(old, new)
        for rule in rules:
            tally_of(found.rules, (rule, *move)).add(documents, ore)
        for code in set(old.codes) - set(new.codes):
            tally_of(found.codes, (code, "gone")).add(documents, ore)
        for code in set(new.codes) - set(old.codes):
            tally_of(found.codes, (code, "new")).add(documents, ore)
        found.changes += [
            Change(concern, batch.document(row), *move, old.codes, new.codes, rules)
            for row in group.rows
        ]


def _not_replayed(
    ruleset: str | None, batch: PastBatch, rows: slice, old: Sequence[Verdict]
) -> int:
    pairs, places = batch.recorded
    return sum(
        pairs[place][0] == ruleset and pairs[place][1] != verdict.outcome.value
        for place, verdict in zip(places[rows].tolist(), old, strict=True)
    )


def _note_missing(found: Comparison, batch: PastBatch, job: Job, documents: int) -> None:
    own = {name for one in job.sets for name in one.fields}
    of_lines = {f"lines.{name}" for one in job.sets for name in one.line_fields}
    for name in (*own, *of_lines) if documents else ():
        if not batch.has(name):
            found.not_recorded[name] = found.not_recorded.get(name, 0) + documents


class _Group(NamedTuple):
    """Rows that came out alike on both sides and had the same aftermath."""

    old: Verdict
    new: Verdict
    aftermath: Aftermath | None
    rows: list[int]
    ore: int


def deciding_rules(old: Verdict, new: Verdict) -> tuple[str, ...]:
    """The rules that made the difference: what stops it on one side only, else what posts it."""
    return (
        _one_sided(old.obstacles, new.obstacles)
        or _one_sided(old.posted_by, new.posted_by)
        or tuple(dict.fromkeys((*old.causes, *new.causes)))
    )


def _one_sided(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    apart = set(before) ^ set(after)
    return tuple(dict.fromkeys(rule for rule in (*before, *after) if rule in apart))


def _groups(
    batch: PastBatch, rows: slice, old: Sequence[Verdict], new: Sequence[Verdict]
) -> Iterator[_Group]:
    kinds, aftermath = batch.aftermath
    first: npt.NDArray[np.int64] = np.array([verdict.number for verdict in old], dtype=np.int64)
    second = np.array([verdict.number for verdict in new], dtype=np.int64)
    key = (first * (int(second.max()) + 1) + second) * len(kinds) + aftermath[rows]
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    sums = np.add.reduceat(batch.ore[rows][order], begins)
    ends = [*begins[1:].tolist(), len(order)]
    for begin, end, ore in zip(begins.tolist(), ends, sums.tolist(), strict=True):
        places = order[begin:end]
        one = int(places[0])
        yield _Group(
            old=old[one],
            new=new[one],
            aftermath=kinds[aftermath[rows.start + one]],
            rows=(places + rows.start).tolist(),
            ore=ore,
        )


def tally_of(tallies: dict[Key, Tally], key: Key) -> Tally:
    """The tally under a key, a new one when there is none."""
    return tallies.setdefault(key, Tally())


def add_up(mine: dict[Key, Tally], theirs: Mapping[Key, Tally]) -> None:
    """Add tallies to others of the same keys."""
    for key, tally in theirs.items():
        tally_of(mine, key).add(tally.documents, tally.ore)
