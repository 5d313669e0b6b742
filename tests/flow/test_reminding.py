from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from robot.domain.case import EntryKind
from robot.domain.customer import Mailbox
from robot.domain.notice import MailPurpose
from robot.domain.state import EffectStatus
from robot.flow.closing_mails import payment_day
from tests.support.factories import TODAY
from tests.support.fakes import FewRules
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.notices import real_calendar

CUSTOMER = a_served_customer(
    mailboxes=(
        Mailbox(address="regnskab@example.test"),
        Mailbox(address="chef@example.test", purpose="escalation"),
    )
)
CASE = "SAM-2026-000001"


def a_world(folder: Path, remark: str = "bounce dimension-missing") -> FlowWorld:
    world = FlowWorld(folder, an_approved("F-1", remark, at=10))
    world.rules = FewRules(CUSTOMER)
    return world


def purposes(world: FlowWorld) -> list[MailPurpose]:
    return [row.mail.purpose for row in world.store.mails.all() if row.status is EffectStatus.DONE]


def days(world: FlowWorld, count: int) -> None:
    """A run each morning."""
    for _ in range(count):
        world.clock.instant += timedelta(days=1)
        world.run()


def test_a_customer_that_does_nothing_is_reminded_then_its_second_role_then_called(
    tmp_path: Path,
) -> None:
    world = a_world(tmp_path)
    world.run()
    days(world, 7)
    world.run()
    assert purposes(world) == [MailPurpose.DIGEST, MailPurpose.REMINDER, MailPurpose.ESCALATION]
    last = [row.mail for row in world.store.mails.all()][-1]
    assert last.recipients == ("chef@example.test",)
    internal = world.store.cases.entries(CASE, internal=True)
    shown = world.store.cases.entries(CASE, internal=False)
    (call,) = [entry for entry in internal if entry not in shown]
    assert (call.kind, "call them" in call.text) == (EntryKind.ESCALATION, True)


def test_a_reminder_goes_on_with_the_thread_of_the_notice(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.run()
    days(world, 1)
    notice, reminder = (row.mail for row in world.store.mails.all())
    assert dict(reminder.headers)["In-Reply-To"] == notice.message_id
    assert world.ports.threads is not None


def test_a_correction_stops_the_reminders_and_closes_the_thread(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.run()
    world.source.documents = [an_approved("F-1", at=14)]
    world.run()
    days(world, 4)
    assert purposes(world) == [MailPurpose.DIGEST, MailPurpose.CLOSING]


def test_a_held_correction_is_neither_reminded_of_nor_closed(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.run()
    world.source.documents = [an_approved("F-1", "hold creditor-unknown", at=14)]
    world.run()
    days(world, 5)
    assert purposes(world) == [MailPurpose.DIGEST]


def test_a_closed_case_and_one_that_waits_for_the_supplier_are_left_in_peace(
    tmp_path: Path,
) -> None:
    for number, still in enumerate(("close", "supplier")):
        world = a_world(tmp_path / str(number))
        world.run()
        with world.store.writing(actor="bo") as unit:
            if still == "close":
                unit.cases.close(CASE, why="settled by telephone")
            else:
                unit.cases.wait_for_supplier(CASE)
        days(world, 4)
        assert purposes(world) == [MailPurpose.DIGEST]


def test_a_customer_gets_the_time_it_asked_for(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.run()
    with world.store.writing(actor="bo") as unit:
        unit.cases.wait_until(CASE, TODAY + timedelta(days=10))
    days(world, 7)
    assert purposes(world) == [MailPurpose.DIGEST]
    days(world, 6)
    assert purposes(world) == [MailPurpose.DIGEST, MailPurpose.REMINDER, MailPurpose.ESCALATION]


def test_what_was_never_bounced_is_posted_without_a_word(tmp_path: Path) -> None:
    world = a_world(tmp_path, remark="")
    world.run()
    days(world, 2)
    assert purposes(world) == []


def test_a_customer_that_wants_no_closing_mails_gets_none(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.rules = FewRules(replace(CUSTOMER, closing_mails=False))
    world.run()
    world.source.documents = [an_approved("F-1", at=14)]
    days(world, 3)
    assert purposes(world) == [MailPurpose.DIGEST]


def test_a_notice_that_came_back_is_told_to_those_who_can_be_reached(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.run()
    (document,) = world.store.cases.documents(CASE)
    with world.store.writing(actor="robot") as unit:
        unit.contacts.failed(
            "regnskab@example.test", code="5.1.1", words="nobody", hard=True, on=TODAY
        )
        unit.cases.not_told([document.document_key])
    world.run()
    last = [row.mail for row in world.store.mails.all()][-1]
    assert (last.purpose, last.recipients) == (MailPurpose.ESCALATION, ("chef@example.test",))
    (document,) = world.store.cases.documents(CASE)
    assert document.told_at is not None
    world.run()
    assert len(purposes(world)) == 2


def test_without_follow_up_nobody_is_reminded(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.run(reminds=False)
    for _ in range(4):
        world.clock.instant += timedelta(days=1)
        world.run(reminds=False)
    assert purposes(world) == [MailPurpose.DIGEST]


def test_an_invoice_is_paid_on_its_due_date_or_the_next_bank_day_that_is_left() -> None:
    calendar = real_calendar()
    saturday = TODAY + timedelta(days=4)
    assert payment_day(saturday, TODAY, calendar) == TODAY + timedelta(days=6)
    assert payment_day(TODAY - timedelta(days=9), TODAY, calendar) == TODAY + timedelta(days=1)
    assert payment_day(None, TODAY, calendar) is None
