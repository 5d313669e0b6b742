"""A candidate decides beside the rules in force; whatever it does, the run does its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from robot.domain.customer import Customer
from robot.domain.decision import Decision, Outcome
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.state import State
from robot.flow.context import RunOptions
from robot.flow.rule_records import Comparison, NewShadow, Shadow, ShadowStatus
from robot.flow.run import preview, run_once
from robot.flow.shadow_report import ShadowReport, shadow_report
from robot.flow.summary import RunSummary
from tests.support.fakes import MORNING, RemarkRules, found
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved


def a_bill(number: str, remark: str = "") -> ApprovedDocument:
    """An approved document that resembles none of another number: each has a day of its own."""
    made = an_approved(number, remark)
    assert made.invoice is not None
    day = date(2026, 10, 1 + sum(map(ord, number)) % 28)
    return replace(made, invoice=replace(made.invoice, issue_date=day))


class StricterRules:
    """A candidate that holds what its text names, and fails on what it is told to."""

    def __init__(self, text: str) -> None:
        if text == "broken":
            raise ValueError("the candidate can't be read")
        self._held = text.split()
        self._customer: Customer = a_served_customer()

    def decide(
        self, customer: str, document: ApprovedDocument, facts: Facts, today: date
    ) -> tuple[Decision, Decimal | None] | None:
        assert document.invoice is not None
        if customer != self._customer.bogfoeringskreds:
            return None
        if document.invoice.number == "F-FAILS":
            raise ZeroDivisionError("a fault in the candidate")
        decision = RemarkRules(self._customer).decide(document, facts, today)
        if document.invoice.number in self._held:
            decision = replace(
                decision, outcome=Outcome.HOLD, findings=(found("large-amount"),), posted_by=()
            )
        return decision, document.invoice.total


class ShadowWorld(FlowWorld):
    """The small world with a candidate."""

    def begin(self, text: str, *, runs: int = 2, customers: tuple[str, ...] = ()) -> int:
        new = NewShadow(directory="candidate", customers=customers, text=text, runs=runs)
        with self.store.writing(actor="ada") as unit:
            return unit.rules.start_shadow(new)

    def once(self) -> RunSummary:
        ports = replace(self.ports, load_candidate=StricterRules)
        return run_once(ports, RunOptions(owner="robot-1"))

    def shadow(self) -> Shadow:
        shadow = self.store.rules.shadow()
        assert shadow is not None
        return shadow

    def report(self) -> ShadowReport:
        shadow = self.shadow()
        return shadow_report(shadow, self.store.rules.comparisons(shadow.id))


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> ShadowWorld:
    return ShadowWorld(tmp_path, a_bill("F-1"), a_bill("F-2"), a_bill("F-3"))


def test_the_candidate_decides_and_does_nothing(world: ShadowWorld) -> None:
    world.begin("F-2")
    summary = world.once()
    assert summary.counts["posted"] == 3
    assert summary.problems == ()
    report = world.report()
    assert report.compared.documents == 3
    (difference,) = report.differences
    assert (difference.number, difference.old_outcome, difference.new_outcome) == (
        "F-2",
        "post",
        "hold",
    )
    assert difference.old_rules == ("everything-right",)
    assert difference.new_codes == ("large-amount",)
    assert difference.new_rules == ("standard:test",)
    assert difference.amount == Decimal("1250.00")


def test_the_report_counts_documents_and_kroner(world: ShadowWorld) -> None:
    world.begin("F-1 F-2")
    world.once()
    report = world.report().as_json()
    assert report["compared"] == {"documents": 3, "dkk": "3750.00"}
    assert report["outcomes"] == [
        {"old": "post", "new": "hold", "documents": 2, "dkk": "2500.00"},
        {"old": "post", "new": "post", "documents": 1, "dkk": "1250.00"},
    ]
    assert report["by_customer"] == {"99001": {"documents": 2, "dkk": "2500.00"}}
    assert len(report["differences"]) == 2


def test_it_ends_after_so_many_runs(world: ShadowWorld) -> None:
    world.begin("F-1", runs=2)
    world.once()
    assert (world.shadow().status, world.shadow().runs_done) == (ShadowStatus.RUNNING, 1)
    world.once()
    assert world.shadow().status is ShadowStatus.DONE
    world.source.documents.append(a_bill("F-4"))
    world.once()
    assert world.report().compared.documents == 3


def test_only_the_named_customers_are_compared(world: ShadowWorld) -> None:
    world.begin("F-1", customers=("99002",))
    world.once()
    assert world.report().compared.documents == 0


def test_a_candidate_that_can_not_be_read_ends_and_is_told(world: ShadowWorld) -> None:
    world.begin("broken")
    summary = world.once()
    assert summary.counts["posted"] == 3
    assert summary.problems == (
        "the shadow of candidate has ended: its rules can't be read (the candidate can't be read)",
    )
    assert world.shadow().status is ShadowStatus.FAILED


def test_a_candidate_that_fails_on_a_document_is_counted(world: ShadowWorld) -> None:
    world.source.documents.append(a_bill("F-FAILS"))
    world.begin("")
    summary = world.once()
    assert summary.counts["posted"] == 4
    (difference,) = world.report().differences
    assert (difference.new_outcome, difference.new_codes) == ("fault", ("ZeroDivisionError",))
    assert world.shadow().status is ShadowStatus.RUNNING


def test_a_new_shadow_stops_the_one_before(world: ShadowWorld) -> None:
    first = world.begin("F-1")
    second = world.begin("F-2")
    stopped = world.store.rules.shadow(first)
    assert stopped is not None
    assert stopped.status is ShadowStatus.STOPPED
    assert world.shadow().id == second


def test_a_dry_run_compares_nothing(world: ShadowWorld) -> None:
    world.begin("F-1")
    ports = replace(world.ports, load_candidate=StricterRules)
    assert len(list(preview(ports, RunOptions(owner="robot-1")))) == 3
    assert world.report().compared.documents == 0


def test_a_document_decided_again_is_compared_once(world: ShadowWorld) -> None:
    world.source.documents[:] = [a_bill("F-1", "hold large-amount")]
    world.begin("F-1", runs=9)
    world.once()
    world.rules.rulesets["99001"].name = "rules-2"
    world.once()
    assert world.states() == {"SDI-F-1": State.HELD}
    assert world.report().compared.documents == 1


def test_the_rules_in_force_are_compared_and_not_a_clerks_release(world: ShadowWorld) -> None:
    world.begin("")
    world.source.documents[:] = [a_bill("F-1", "hold large-amount")]
    world.once()
    assert world.report().differences == []


def test_a_confidential_document_is_counted_without_what_it_says(world: ShadowWorld) -> None:
    document = a_bill("F-9")
    secret = replace(document, statement=replace(document.statement, confidential=True))
    world.source.documents[:] = [secret]
    world.begin("F-9")
    world.once()
    (difference,) = world.report().differences
    assert (difference.supplier, difference.amount) == ("", None)


def test_all_of_it_is_in_the_trail(world: ShadowWorld) -> None:
    world.begin("F-1", runs=1)
    world.once()
    acts = [row.act for row in world.store.trail.rows() if row.act.startswith("shadow")]
    assert acts == ["shadow-started", "shadow-ended"]
    assert world.store.trail.verify().broken_at is None


def test_what_would_be_posted_now_is_shown_first() -> None:
    one = Comparison(
        document_key="k1",
        version="v",
        customer="99001",
        source_id="1",
        number="1",
        supplier="",
        amount=Decimal(900),
        old_outcome="post",
        new_outcome="hold",
        old_codes=(),
        new_codes=("x",),
        old_rules=(),
        new_rules=(),
    )
    small = replace(one, document_key="k2", amount=Decimal(1))
    posted = replace(
        one, document_key="k3", amount=None, old_outcome="hold", new_outcome="post", new_codes=()
    )
    shadow = Shadow(
        id=1,
        directory="",
        customers=(),
        text="",
        runs=1,
        runs_done=0,
        status=ShadowStatus.RUNNING,
        started_by="",
        started_at=MORNING,
        ended_at=None,
        words="",
    )
    report = shadow_report(shadow, [small, one, posted])
    assert [found.document_key for found in report.differences] == ["k3", "k1", "k2"]
