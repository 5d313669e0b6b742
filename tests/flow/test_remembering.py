"""A run leaves what its decisions saw to the history, and never suffers from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from robot.domain.customer import Customer
from robot.domain.decision import Decision, Outcome
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.fields import FieldValues
from robot.domain.money import Money
from robot.errors import ErpUnavailableError, HistoryError
from robot.flow.clerk import Clerk
from robot.flow.context import RunOptions
from robot.flow.history_port import Aftermath, Afterwards, PastDecision
from robot.flow.run import preview, run_once
from robot.flow.summary import RunSummary
from tests.support.fakes import FewRules, RemarkRules
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.notices import real_taxonomy


@dataclass
class Notebook:
    """A history in memory that can be made to fail."""

    decisions: list[PastDecision] = field(default_factory=list)
    events: list[Afterwards] = field(default_factory=list)
    collected: int = 0
    seen: int = 0
    failing: bool = False

    def record(
        self, run: int, decisions: Sequence[PastDecision], afterwards: Sequence[Afterwards]
    ) -> None:
        del run
        self._may_fail()
        self.decisions += decisions
        self.events += afterwards

    def collect(self) -> None:
        self._may_fail()
        self.collected += 1

    def seen_to(self) -> int:
        return self.seen

    def note(self, seen_to: int, afterwards: Sequence[Afterwards]) -> None:
        self.seen = seen_to
        self.events += afterwards

    def told(self) -> list[Aftermath]:
        return [event.what for event in self.events]

    def _may_fail(self) -> None:
        if self.failing:
            raise HistoryError("the disk is full")


class ValuedRules(RemarkRules):
    """Rules that say which values they saw."""

    def decide(self, document: ApprovedDocument, facts: Facts, today: date) -> Decision:
        values: FieldValues = {"invoice.total_dkk": Money(Decimal("1250.00"), "DKK"), "lines": ()}
        return replace(super().decide(document, facts, today), values=values)


class World(FlowWorld):
    """A flow world with a history."""

    def __init__(self, folder: Path, *documents: ApprovedDocument) -> None:
        super().__init__(folder, *documents)
        self.history = Notebook()
        self.reversed: list[str] = []
        self.silent_about_reversals = False
        customer: Customer = a_served_customer()
        self.rules = FewRules(customer)
        self.rules.rulesets[customer.bogfoeringskreds] = ValuedRules(customer)

    def remembered_run(self) -> RunSummary:
        ports = replace(self.ports, history=self.history, reversals=self)
        return run_once(ports, RunOptions(owner="robot-1"))

    def reversed_receipts(self, company: str, since: date) -> Sequence[str]:
        assert (company, since) == ("Eksempelstyrelsen", date(2026, 7, 27))
        if self.silent_about_reversals:
            raise ErpUnavailableError("no answer")
        return self.reversed

    def clerk(self) -> Clerk:
        return Clerk(store=self.store, taxonomy=real_taxonomy(), clock=self.clock, name="anna")


def test_each_decision_is_kept_with_what_it_saw(tmp_path: Path) -> None:
    world = World(tmp_path, an_approved("F-1"), an_approved("F-2", "bounce reference-unusable"))
    world.remembered_run()
    first, second = world.history.decisions
    assert (first.source_id, first.outcome, first.codes) == ("SDI-F-1", Outcome.POST, ())
    assert (second.outcome, second.codes) == (Outcome.BOUNCE, ("reference-unusable",))
    assert first.amount_dkk == Decimal("1250.00")
    assert first.values["lines"] == ()
    assert (first.turn, first.customer) == (1, "99001")
    assert world.history.collected == 1


def test_a_second_run_adds_nothing_that_is_known(tmp_path: Path) -> None:
    world = World(tmp_path, an_approved("F-1"), an_approved("F-2", "hold agreed-by-hand"))
    world.remembered_run()
    world.remembered_run()
    assert len(world.history.decisions) == 2
    assert world.history.events == []


def test_a_dry_run_leaves_no_history(tmp_path: Path) -> None:
    world = World(tmp_path, an_approved("F-1"))
    ports = replace(world.ports, history=world.history)
    assert len(list(preview(ports, RunOptions(owner="robot-1")))) == 1
    assert world.history.decisions == []


def test_what_the_rules_said_is_kept_not_what_a_clerk_made_of_it(tmp_path: Path) -> None:
    world = World(tmp_path, an_approved("F-1", "hold agreed-by-hand"))
    world.remembered_run()
    world.clerk().release("SDI-F-1", "set med kunden")
    world.remembered_run()
    first, again = world.history.decisions
    assert (first.turn, again.turn) == (1, 2)
    assert again.outcome is Outcome.HOLD
    assert world.history.told() == [Aftermath.DECIDED_AGAIN, Aftermath.POSTED_BY_CLERK]
    assert {event.version for event in world.history.events} == {first.version}


@pytest.mark.parametrize(
    ("act", "known"),
    [("drop", Aftermath.DROPPED), ("bounce", Aftermath.BOUNCED_BY_CLERK)],
)
def test_what_clerks_do_is_told_once(tmp_path: Path, act: str, known: Aftermath) -> None:
    world = World(tmp_path, an_approved("F-1", "hold agreed-by-hand"))
    world.remembered_run()
    if act == "drop":
        world.clerk().drop("SDI-F-1", "afklaret uden om")
    else:
        world.clerk().bounce("SDI-F-1", "skal rettes", ["reference-unusable"])
    world.remembered_run()
    world.remembered_run()
    assert world.history.told() == [known]


@pytest.mark.parametrize("remark", ["bounce reference-unusable", "hold agreed-by-hand"])
def test_a_version_that_another_one_follows_was_corrected(tmp_path: Path, remark: str) -> None:
    world = World(tmp_path, an_approved("F-1", remark))
    world.remembered_run()
    (before,) = world.history.decisions
    world.source.documents = [an_approved("F-1", at=14)]
    world.remembered_run()
    events = world.history.events
    assert [(event.what, event.version) for event in events] == [
        (Aftermath.CORRECTED, before.version)
    ]


def test_a_history_that_fails_stops_nothing_and_is_told_once(tmp_path: Path) -> None:
    world = World(tmp_path, an_approved("F-1"))
    world.history.failing = True
    summary = world.remembered_run()
    assert len(world.erp.ledger) == 1
    assert summary.problems == ("the history for backtests has gaps: the disk is full",)
    assert world.faults.faults == [("HistoryError", "the history")] * 2


def test_a_posting_that_people_reversed_is_told_once_and_stands_in_the_trail(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, an_approved("F-1"), an_approved("F-2"))
    world.remembered_run()
    world.reversed = [world.erp.ledger[0].receipt]
    world.remembered_run()
    world.remembered_run()
    (event,) = world.history.events
    assert event.what is Aftermath.REVERSED
    assert event.document_key == world.erp.ledger[0].document_key
    assert [row.act for row in world.store.trail.rows(acts=("reversed",))] == ["reversed"]


def test_an_erp_that_can_not_be_asked_about_reversals_is_a_fault_and_no_more(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, an_approved("F-1"))
    world.silent_about_reversals = True
    assert world.remembered_run().problems == ()
    assert ("ErpUnavailableError", "reversals") in world.faults.faults
