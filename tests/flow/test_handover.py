from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tenacity import wait_none

from robot.adapters.mail.smtp import SmtpMailer, SmtpServer
from robot.domain.customer import Mailbox
from robot.domain.incoming import MailKind, Route, Sorted
from robot.domain.notice import Handover, MailPurpose, OutgoingMail, RefusedAddress
from robot.domain.state import EffectStatus
from robot.errors import MailTransientError, MailUnknownError, RobotError
from robot.flow.contact_port import ContactState
from robot.flow.inbox_records import KeptMail
from robot.flow.mailbox_port import Position
from tests.support.fakes import FewRules, SetClock
from tests.support.faulty_smtp import FaultyServer, faulty_smtp
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.mail_servers import Dovecot, Exim, an_address

FIRST, SECOND = "regnskab@example.test", "chef@example.test"
CUSTOMER = a_served_customer(
    mailboxes=(Mailbox(address=FIRST), Mailbox(address=SECOND, purpose="escalation"))
)


class Answering:
    """A mail server that answers each mail as a test says, and takes the rest."""

    def __init__(self, *answers: Handover | RobotError) -> None:
        self.answers = list(answers)
        self.taken: list[OutgoingMail] = []
        self.patience: list[bool] = []

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        self.patience.append(patient)
        answer = self.answers.pop(0) if self.answers else Handover()
        if isinstance(answer, RobotError):
            raise answer
        if answer.taken:
            self.taken.append(mail)
        return answer


def refused(address: str = FIRST, *, hard: bool = True, code: str = "5.1.1") -> RefusedAddress:
    return RefusedAddress(address=address, code=code, words=f"550 {code} no", hard=hard)


def world_with(folder: Path, *answers: Handover | RobotError) -> tuple[FlowWorld, Answering]:
    world = FlowWorld(folder, an_approved("F-1", "bounce dimension-missing"))
    world.rules = FewRules(CUSTOMER)
    world.mailer = server = Answering(*answers)
    return world, server


def clock_runs(world: FlowWorld) -> bool:
    (document,) = world.store.cases.documents("SAM-2026-000001")
    return document.told_at is not None


def test_a_notice_that_was_taken_starts_the_customers_clock(tmp_path: Path) -> None:
    world, _ = world_with(tmp_path)
    world.run()
    (document,) = world.store.cases.documents("SAM-2026-000001")
    assert document.told_at == world.clock.now()
    assert document.fix_by is not None
    assert [entry.kind for entry in world.store.cases.entries("SAM-2026-000001", internal=False)]


def test_one_bad_address_of_two_is_noted_and_the_mail_is_done(tmp_path: Path) -> None:
    world, server = world_with(tmp_path, Handover(refused=(refused(),)))
    world.run()
    assert len(server.taken) == 1
    assert world.store.contacts.states([FIRST]) == {FIRST: ContactState.DEAD}
    assert clock_runs(world)


def test_an_address_that_nobody_has_makes_the_notice_go_to_the_second_role(
    tmp_path: Path,
) -> None:
    world, server = world_with(tmp_path, Handover(taken=False, refused=(refused(),)))
    summary = world.run()
    assert "reaches nobody" in summary.problems[0]
    assert not clock_runs(world)
    world.run()
    (mail,) = server.taken
    assert mail.recipients == (SECOND,)
    assert clock_runs(world)
    statuses = [row.status for row in world.store.mails.all()]
    assert statuses == [EffectStatus.CANCELLED, EffectStatus.DONE]


def test_when_nobody_is_left_a_person_has_to_find_out(tmp_path: Path) -> None:
    world, server = world_with(
        tmp_path,
        Handover(taken=False, refused=(refused(),)),
        Handover(taken=False, refused=(refused(SECOND),)),
    )
    for _ in range(2):
        world.run()
    summary = world.run()
    assert summary.errors["mail-contact-missing"] == 1
    assert "by telephone" in summary.problems[0]
    assert not server.taken


def test_a_full_mailbox_is_tried_again_later_until_it_counts_as_dead(tmp_path: Path) -> None:
    full = Handover(taken=False, refused=(refused(hard=False, code="5.2.2"),))
    world, server = world_with(tmp_path, *[full] * 6)
    world.run()
    assert world.store.contacts.states([FIRST]) == {FIRST: ContactState.SOFT}
    world.run()
    assert len(server.patience) == 1
    for _ in range(6):
        world.clock.instant += timedelta(days=1)
        world.run()
    assert world.store.contacts.states([FIRST]) == {FIRST: ContactState.DEAD}
    assert [mail.recipients for mail in server.taken][:1] == [(SECOND,)]


def test_greylisting_waits_a_quarter_of_an_hour_and_then_longer(tmp_path: Path) -> None:
    later = Handover(taken=False, put_off=(refused(hard=False, code="4.2.0"),))
    world, server = world_with(tmp_path, later, later)
    world.run()
    (row,) = world.store.mails.all()
    assert row.not_before == world.clock.now() + timedelta(minutes=15)
    assert (row.status, row.attempts) == (EffectStatus.PENDING, 0)
    world.clock.instant += timedelta(minutes=60)
    world.run()
    (row,) = world.store.mails.all()
    assert row.not_before == world.clock.now() + timedelta(minutes=60)
    world.clock.instant += timedelta(hours=4)
    world.run()
    assert server.patience == [True, True, False]
    assert len(server.taken) == 1


def test_a_server_that_takes_nothing_for_now_is_asked_later(tmp_path: Path) -> None:
    world, server = world_with(tmp_path, MailTransientError("421 busy"))
    world.run()
    world.run()
    assert not server.taken
    # Nothing left the house, so it counts as no copy.
    assert [mail.attempts for mail in world.store.mails.all()] == [0]
    world.clock.instant += timedelta(minutes=20)
    world.run()
    assert len(server.taken) == 1


def test_a_mail_of_unknown_outcome_does_not_start_the_clock(tmp_path: Path) -> None:
    world, _ = world_with(tmp_path, MailUnknownError("no answer"))
    world.run()
    assert not clock_runs(world)


def test_nothing_goes_to_an_address_that_was_taken_out_of_the_file(tmp_path: Path) -> None:
    world, server = world_with(tmp_path, MailTransientError("421 busy"))
    world.run()
    world.clock.instant += timedelta(hours=1)
    world.rules = FewRules(replace(CUSTOMER, mailboxes=(Mailbox(address="ny@example.test"),)))
    world.run()
    assert [mail.recipients for mail in server.taken] == [("ny@example.test",)]


def test_digests_over_the_cap_wait_for_tomorrow(tmp_path: Path) -> None:
    world, server = world_with(tmp_path)
    for number in range(3):
        world.source.documents = [
            an_approved(f"F-{number}", "bounce dimension-missing", document_id=f"SDI-{number}")
        ]
        errors = world.run(digests_a_day=2).errors
        assert errors.get("mail-cap-reached", 0) == (number == 2)
    assert len(server.taken) == 2
    world.clock.instant += timedelta(days=1)
    world.run(digests_a_day=2)
    digests = [mail for mail in server.taken if mail.purpose is MailPurpose.DIGEST]
    assert len(digests) == 3
    assert "F-2" in digests[2].plain


def test_a_copy_in_the_robots_own_mailbox_proves_that_an_unknown_mail_was_taken(
    tmp_path: Path,
) -> None:
    world, server = world_with(tmp_path, MailUnknownError("no answer"))
    world.run()
    (row,) = world.store.mails.all()
    with world.store.writing(actor="robot") as unit:
        kept = KeptMail(
            folder="INBOX",
            validity=1,
            uid=1,
            content_hash="0" * 64,
            size=10,
            received_at=world.clock.now(),
        )
        unit.inbox.keep([kept], Position(folder="INBOX", validity=1, last_uid=1))
    (incoming,) = world.store.inbox.unsorted(after=0, limit=1)
    with world.store.writing(actor="robot") as unit:
        unit.inbox.sort(
            incoming.id,
            Sorted(
                kind=MailKind.LOOP, route=Route.PARKED, message_id=row.mail.message_id, sender="r"
            ),
        )
    world.run()
    assert not server.taken
    (row,) = world.store.mails.all()
    assert (row.status, row.attempts, clock_runs(world)) == (EffectStatus.DONE, 1, True)


@pytest.fixture(name="lossy", scope="module")
def _lossy() -> Iterator[FaultyServer]:
    with faulty_smtp() as server:
        yield server


def smtp_to(port: int, clock: SetClock, copy_to: str = "") -> SmtpMailer:
    server = SmtpServer(host="127.0.0.1", port=port, security="none", timeout=5)
    return SmtpMailer(server, clock, copy_to=copy_to, waits=wait_none())


def test_a_line_that_breaks_after_the_message_gives_one_more_copy_and_no_third(
    tmp_path: Path, lossy: FaultyServer
) -> None:
    lossy.faults.taken.clear()
    lossy.faults.data = ["drop", "drop", "drop"]
    world = FlowWorld(tmp_path, an_approved("F-1", "bounce dimension-missing"))
    world.mailer = smtp_to(lossy.port, world.clock)
    for _ in range(4):
        world.run()
    lossy.faults.data = []
    copies = [envelope.original_content or b"" for envelope in lossy.faults.taken]
    assert len(copies) == 2
    assert len({copy.partition(b"Message-ID: ")[2].partition(b"\r")[0] for copy in copies}) == 1


def test_a_whole_run_tells_the_customer_through_real_servers(
    tmp_path: Path, exim: Exim, dovecot: Dovecot
) -> None:
    address = an_address("regnskab", "kunde.example.test")
    dovecot.add_user(address)
    world = FlowWorld(tmp_path, an_approved("F-1", "bounce dimension-missing"))
    world.rules = FewRules(a_served_customer(mailboxes=(Mailbox(address=address),)))
    world.mailer = mailer = smtp_to(exim.smtp_port, world.clock)
    world.run()
    world.source.documents = [an_approved("F-1", at=14)]
    world.run()
    mailer.close()
    notice, closing = dovecot.wait_for(address, 2)
    (first, second) = (row.mail.message_id for row in world.store.mails.all())
    assert first.encode() in notice
    assert second.encode() in closing
    assert b"In-Reply-To: " + first.encode() in closing.replace(b"\r\n ", b" ")
