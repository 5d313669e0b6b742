"""Pulls, faults, corrections, clerk's acts and restored stores in any order: nothing twice."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from robot.domain.notice import Handover, OutgoingMail
from robot.domain.state import FINAL, IN_FLIGHT, State
from robot.errors import ActError
from robot.flow.clerk import Clerk
from tests.support.factories import a_line, an_invoice
from tests.support.fakes import RemarkRules
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.notices import real_taxonomy

NUMBERS = ("F-1", "F-2", "F-3")
REMARKS = st.sampled_from(
    ["", "", "bounce dimension-missing", "hold duplicate-suspected", "hold creditor-unknown"]
)
FAULTS = st.lists(st.sampled_from(["late", "lost", "unanswered", "asynchronous", ""]), max_size=4)
STANCES = st.sampled_from([None, None, "", "bounce account-unknown", "hold duplicate-suspected"])


class Postbox:
    """Takes mails and counts them."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        del patient
        self.taken.append(mail.message_id)
        return Handover()


class Outbox(RuleBasedStateMachine):
    """Three documents with amounts of their own, an ERP with faults and a forgetful robot."""

    @initialize(remarks=st.tuples(REMARKS, REMARKS, REMARKS))
    def begin(self, remarks: tuple[str, ...]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="robot-"))
        self.world = FlowWorld(self.folder)
        self.world.mailer = self.postbox = Postbox()
        self.hour = 1
        self.rule_sets = 1
        self.stores_lost = 0
        for number, remark in zip(NUMBERS, remarks, strict=True):
            self.approve(number, remark)

    @rule(number=st.sampled_from(NUMBERS), remark=REMARKS)
    def approve(self, number: str, remark: str) -> None:
        """The customer approves a document, corrected or for the first time."""
        self.hour += 1
        source = self.world.source
        source.documents = [
            document
            for document in source.documents
            if document.statement.document_id != f"SDI-{number}"
        ]
        approved = an_approved(number, remark, at=self.hour)
        lines = (a_line("1", str(100 + NUMBERS.index(number))), a_line("2"))
        source.documents.append(replace(approved, invoice=an_invoice(number=number, lines=lines)))

    @rule(stance=STANCES)
    def change_the_rules(self, stance: str | None) -> None:
        self.rule_sets += 1
        self.world.rules.rulesets["99001"] = RemarkRules(
            a_served_customer(), name=f"rules-{self.rule_sets}", instead=stance
        )

    @rule(faults=FAULTS, afterwards=st.sampled_from(["", "deliver", "work", "run, deliver"]))
    def run(self, faults: list[str], afterwards: str) -> None:
        """One run; then late requests arrive, or the ERP finishes what it took."""
        self.world.erp.faults = list(faults)
        self.world.run()
        if afterwards.startswith("run"):
            self.world.run()
        if afterwards.endswith("deliver"):
            self.world.erp.deliver()
        if afterwards == "work":
            self.world.erp.work()

    @rule()
    def run_while_the_erp_is_away(self) -> None:
        self.world.erp.down = True
        self.world.run()
        self.world.erp.down = False

    @rule(number=st.sampled_from(NUMBERS), act=st.sampled_from(["release", "drop", "recheck"]))
    def let_a_clerk_act(self, number: str, act: str) -> None:
        clerk = Clerk(
            store=self.world.store,
            taxonomy=real_taxonomy(),
            clock=self.world.clock,
            name="bod",
        )
        with contextlib.suppress(ActError):
            getattr(clerk, act)(f"SDI-{number}", "because")

    @precondition(lambda self: self.world.rows())
    @rule()
    def lose_the_store(self) -> None:
        """Everything the robot ever knew is gone; the ERP and the source are not."""
        self.stores_lost += 1
        old = self.world
        old.store.close()
        self.folder = Path(tempfile.mkdtemp(prefix="robot-", dir=self.folder))
        self.world = FlowWorld(self.folder, *old.source.documents)
        self.world.source.rejected = old.source.rejected
        self.world.erp, self.world.rules = old.erp, old.rules
        self.world.mailer = self.postbox

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        keys = [entry.document_key for entry in self.world.erp.ledger]
        assert len(keys) == len(set(keys))
        numbers = [entry.external_number for entry in self.world.erp.ledger]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def nothing_is_posted_and_bounced(self) -> None:
        posted = {(entry.document_key, entry.generation) for entry in self.world.erp.ledger}
        for row in self.world.rows(states=frozenset({State.BOUNCED})):
            assert (row.core.document_key, row.core.generation) not in posted

    @invariant()
    def what_the_robot_calls_posted_is_in_the_ledger(self) -> None:
        receipts = {entry.receipt for entry in self.world.erp.ledger}
        rows = self.world.rows(states=frozenset({State.POSTED}))
        assert {row.receipt for row in rows} <= receipts

    @invariant()
    def a_mail_without_a_fault_is_sent_once(self) -> None:
        if self.stores_lost == 0:
            assert len(self.postbox.taken) == len(set(self.postbox.taken))

    @invariant()
    def the_trail_holds(self) -> None:
        assert self.world.store.trail.verify().broken_at is None

    def teardown(self) -> None:
        """Faults stop: within three runs everything stands still (liveness)."""
        if not hasattr(self, "world"):
            return
        try:
            self.world.erp.faults, self.world.erp.down = [], False
            for _ in range(3):
                self.world.run()
                self.world.erp.deliver()
                self.world.erp.work()
            resting = FINAL | {State.HELD, State.UNREADABLE}
            assert {row.state for row in self.world.rows()} <= resting
            assert not {row.state for row in self.world.rows()} & IN_FLIGHT
            self.nothing_is_posted_twice()
            self.nothing_is_posted_and_bounced()
        finally:
            self.world.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=40,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
