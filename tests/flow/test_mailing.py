from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from robot.domain.notice import Handover, OutgoingMail
from robot.domain.state import EffectStatus, State
from robot.errors import MailError, MailUnknownError, RobotError
from tests.support.fakes import FewRules
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved


@dataclass
class FaultyMailer:
    """Takes mails; the next ones are refused or lost as a test says."""

    faults: list[RobotError] = field(default_factory=list)
    taken: list[OutgoingMail] = field(default_factory=list)

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        del patient
        fault = self.faults.pop(0) if self.faults else None
        if not isinstance(fault, MailError) or isinstance(fault, MailUnknownError):
            self.taken.append(mail)
        if fault is not None:
            raise fault
        return Handover()


def _world(folder: Path, *faults: RobotError) -> tuple[FlowWorld, FaultyMailer]:
    world = FlowWorld(
        folder,
        an_approved("F-1", "bounce dimension-missing"),
        an_approved("F-2", "bounce account-unknown", document_id="SDI-2"),
    )
    mailer = FaultyMailer(faults=list(faults))
    world.mailer = mailer
    return world, mailer


def test_a_customer_gets_one_mail_about_all_its_documents(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path)
    world.run()
    (mail,) = mailer.taken
    assert "F-1" in mail.plain
    assert "F-2" in mail.plain
    assert "SAM-2026-000001" in mail.plain


def test_the_mail_is_kept_as_it_left(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path)
    world.run()
    (row,) = world.store.mails.all()
    assert row.mail == mailer.taken[0]
    assert (row.status, row.attempts) == (EffectStatus.DONE, 1)
    assert row.sent_at == world.clock.now()


def test_a_refused_mail_is_sent_by_the_next_run(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path, MailError("mailbox full"))
    summary = world.run()
    assert summary.notices == 0
    assert "mailbox full" in summary.problems[0]
    world.run()
    assert len(mailer.taken) == 1


def test_a_mail_refused_often_is_still_sent_at_last(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path, *[MailError("mailbox full")] * 4)
    for _ in range(5):
        world.run()
    assert len(mailer.taken) == 1


def test_a_mail_of_unknown_outcome_is_handed_over_once_more(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path, MailUnknownError("no answer"))
    world.run()
    world.run()
    world.run()
    assert [mail.message_id for mail in mailer.taken] == [mailer.taken[0].message_id] * 2
    assert next(world.store.mails.all()).status is EffectStatus.DONE


def test_a_third_copy_is_never_sent(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path, *[MailUnknownError("no answer")] * 4)
    for _ in range(5):
        world.run()
    assert len(mailer.taken) == 2
    assert next(world.store.mails.all()).status is EffectStatus.REFUSED


def test_a_customer_without_a_mailbox_stops_no_other(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path)
    silent = a_served_customer(bogfoeringskreds="99002", name="Fyrvæsenet", mailboxes=())
    world.rules = FewRules(a_served_customer(), silent)
    world.source.documents.append(
        an_approved("F-3", "bounce dimension-missing", document_id="SDI-3", customer="99002")
    )
    summary = world.run()
    assert len(mailer.taken) == 1
    assert summary.errors["mail-contact-missing"] == 1
    assert world.states()["SDI-3"] is State.BOUNCED


def test_it_is_told_when_the_mailbox_is_there(tmp_path: Path) -> None:
    world, mailer = _world(tmp_path)
    world.rules = FewRules(a_served_customer(mailboxes=()))
    world.run()
    assert mailer.taken == []
    world.rules = FewRules(a_served_customer())
    world.run()
    assert len(mailer.taken) == 1
