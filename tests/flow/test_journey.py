"""Telling journeys: once, in any order, from the trail, the ledger and the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from robot.adapters.bank import BankFolder
from robot.adapters.store.store import open_store
from robot.domain.case import Ball
from robot.domain.journey import EventName, JourneyEvent, Precision, ball, in_order
from robot.errors import ErpUnavailableError
from robot.flow.clerk import Clerk
from robot.flow.context import Ports, RunOptions
from robot.flow.journey_port import Clocks, LedgerPayment, Payments
from robot.flow.run import run_once
from tests.adapters.bank.test_iso20022 import PAIN_002
from tests.support.cases import bounce
from tests.support.fakes import SetClock
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.notices import real_taxonomy

FROM_SOURCE = [
    EventName.RECEIVED,
    EventName.DISTRIBUTED,
    EventName.FIRST_APPROVED,
    EventName.APPROVED,
]


class Ledger:
    """An ERP that says of every receipt what the test wants."""

    def __init__(self) -> None:
        self.paid_on: date | None = None
        self.cleared_on: date | None = None
        self.exported = False
        self.fails = False

    def payments(self, company: str, receipts: Sequence[str]) -> Sequence[LedgerPayment]:
        del company
        if self.fails:
            raise ErpUnavailableError("no answer")
        return [
            LedgerPayment(
                receipt=receipt,
                entry=number,
                posted_on=date(2026, 11, 24),
                exported=self.exported,
                payment="BET-1",
                paid_on=self.paid_on,
                cleared_on=self.cleared_on,
            )
            for number, receipt in enumerate(receipts, start=1)
        ]


@pytest.fixture
def world(tmp_path: Path) -> FlowWorld:
    return FlowWorld(tmp_path)


def run(world: FlowWorld, payments: Payments | None = None, **ports: object) -> None:
    given: Ports = world.ports
    if payments is not None:
        given = replace(given, payments=payments)
    run_once(replace(given, **ports), RunOptions(owner="robot-1"))  # type: ignore[arg-type]


def told(world: FlowWorld, number: int = 0) -> list[JourneyEvent]:
    keys = sorted({row.core.document_key for row in world.rows()})
    return in_order(world.store.journeys.of(keys)[keys[number]])


def names(events: Sequence[JourneyEvent]) -> list[EventName]:
    return [event.event for event in events]


def test_a_posted_document_has_its_whole_way_from_the_source_on(world: FlowWorld) -> None:
    world.source.documents = [an_approved()]
    run(world)
    events = told(world)
    assert names(events) == [
        *FROM_SOURCE,
        EventName.PICKED,
        EventName.CHECKED,
        EventName.POSTED,
    ]
    assert ball(events) == (Ball.NOBODY, events[-1].at)


def test_what_was_told_is_not_told_again(world: FlowWorld) -> None:
    world.source.documents = [an_approved()]
    run(world)
    before = told(world)
    run(world)
    assert told(world) == before


def test_a_payment_is_told_with_the_days_that_the_ledger_knows(world: FlowWorld) -> None:
    world.source.documents = [an_approved()]
    ledger = Ledger()
    run(world, ledger)
    ledger.paid_on, ledger.cleared_on = date(2026, 12, 9), date(2026, 12, 10)
    run(world, ledger)
    events = told(world)[-2:]
    assert names(events) == [EventName.SENT_TO_BANK, EventName.CLEARED]
    assert {event.precision for event in events} == {Precision.DAY}
    assert ball(told(world)) is None


def test_a_payment_seen_in_a_file_gets_its_own_day_when_it_is_booked(world: FlowWorld) -> None:
    world.source.documents = [an_approved()]
    ledger = Ledger()
    ledger.exported = True
    run(world, ledger)
    run(world, ledger)
    ledger.paid_on = date(2026, 11, 20)
    run(world, ledger)
    sent = [event for event in told(world) if event.event is EventName.SENT_TO_BANK]
    assert [event.at.date() for event in sent] == [date(2026, 11, 19)]
    assert sent[0].supersedes is not None


def test_an_erp_that_does_not_answer_stops_no_run_and_is_named(world: FlowWorld) -> None:
    world.source.documents = [an_approved()]
    ledger = Ledger()
    ledger.fails = True
    run(world, ledger)
    problems = world.store.runs.last()[0].summary["problems"]
    assert any("payments of" in problem for problem in problems)
    assert names(told(world))[-1] is EventName.POSTED


def test_a_status_report_of_the_bank_is_told_once(world: FlowWorld, tmp_path: Path) -> None:
    world.source.documents = [an_approved()]
    run(world)
    receipt = world.rows()[0].receipt or ""
    folder = tmp_path / "bank"
    folder.mkdir()
    report = PAIN_002.format(version="03").replace("KF100002", receipt)
    (folder / "status.xml").write_text(report, encoding="utf-8")
    run(world, bank=BankFolder(folder))
    run(world, bank=BankFolder(folder))
    events = told(world)
    assert names(events)[-1] is EventName.PAYMENT_REJECTED
    assert names(events).count(EventName.PAYMENT_REJECTED) == 1
    assert ball(events) == (Ball.SAM, events[-1].at)


def test_rows_of_the_bank_that_belong_to_nothing_are_counted(
    world: FlowWorld, tmp_path: Path
) -> None:
    (tmp_path / "status.xml").write_text(PAIN_002.format(version="03"), encoding="utf-8")
    run(world, bank=BankFolder(tmp_path))
    problems = world.store.runs.last()[0].summary["problems"]
    assert any("2 rows belong to no posted invoice" in problem for problem in problems)


def test_acts_of_a_clerk_are_told_with_their_name_and_reason(world: FlowWorld) -> None:
    world.source.documents = [an_approved(remark="hold outside-criteria")]
    run(world)
    clerk = Clerk(
        store=world.store, taxonomy=real_taxonomy(), clock=world.clock, name="Bente Clerk"
    )
    clerk.drop("SDI-F-1001", "betalt ved en fejl i forvejen")
    run(world)
    dropped = told(world)[-1]
    assert dropped.event is EventName.DROPPED
    assert dropped.actor_name == "Bente Clerk"
    assert dropped.detail["reason"] == "betalt ved en fejl i forvejen"


def test_deadlines_are_computed_once_and_kept(world: FlowWorld) -> None:
    world.source.documents = [an_approved()]
    run(world)
    document = world.rows()[0].id
    first = world.store.journeys.clocks([document])[document]
    assert first.approved_at is not None
    assert first.goal_at is not None
    assert first.goal_at > first.approved_at
    run(world)
    assert world.store.journeys.clocks([document])[document] == first


def test_of_two_decisions_told_together_the_first_one_sets_the_deadlines(tmp_path: Path) -> None:
    clock = SetClock()
    store = open_store(f"sqlite:///{tmp_path / 'robot.db'}", clock)
    bounce(store, "A")
    early = Clocks(document=1, approved_at=None, goal_at=clock.now(), pay_by=None)
    late = replace(early, goal_at=clock.now() + timedelta(days=1))
    with store.writing(actor="robot") as unit:
        unit.journeys.set_clocks([early, late])
    assert store.journeys.clocks([1]) == {1: early}
    store.close()


def test_a_store_from_before_tells_its_trail_from_the_start(world: FlowWorld) -> None:
    world.source.documents = [an_approved(f"F-{number}") for number in range(3)]
    run(world)
    assert all(names(told(world, number))[:4] == FROM_SOURCE for number in range(3))
