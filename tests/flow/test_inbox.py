from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from robot.domain.case import EntryKind, Visibility
from robot.domain.incoming import MailKind, Route
from robot.domain.notice import MailPurpose
from robot.domain.state import State
from robot.domain.thread import ThreadKeys
from robot.flow.contact_port import ContactState
from robot.flow.context import Ports, RunOptions
from robot.flow.inbox import Received, poll
from robot.flow.inbox_records import IncomingFilter, IncomingMail
from robot.flow.triage import MailClerk
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.mail_in import ROBOT, ListMailbox, a_mail, a_reception

KEYS = ThreadKeys([b"a key of the tests for threads, 1"])


class Post:
    """A world with one bounced invoice, its case, and a mailbox."""

    def __init__(self, folder: Path) -> None:
        self.world = FlowWorld(folder, an_approved("F-1", "bounce dimension-missing"))
        self.box = ListMailbox()
        self.customer = a_served_customer(domains=("example.test",))
        self.world.run()
        (row,) = self.world.rows()
        self.case = row.case_number or ""
        self.reception = a_reception(folder, self.box, self.customer)

    @property
    def ports(self) -> Ports:
        return replace(self.world.ports, threads=KEYS, reception=self.reception)

    @property
    def address(self) -> str:
        return KEYS.reply_address(ROBOT, self.case)

    def reply(self, text: str, **given: str) -> bytes:
        given = {"to": self.address, "message_id": f"<{len(self.box.mails)}@k.test>", **given}
        return a_mail(text, **given)

    def get(self, *mails: bytes) -> Received:
        self.box.mails += mails
        return poll(self.ports, RunOptions(owner="robot-1"))

    def rows(self) -> list[IncomingMail]:
        return self.world.store.inbox.listing(IncomingFilter())

    def said(self) -> list[tuple[EntryKind, Visibility, str]]:
        entries = self.world.store.cases.entries(self.case, internal=True)
        return [(e.kind, e.visibility, e.text) for e in entries if e.author != "robot"]

    def answers(self) -> list[MailPurpose]:
        automatic = {MailPurpose.STATUS, MailPurpose.ACKNOWLEDGEMENT}
        return [
            row.mail.purpose
            for row in self.world.store.mails.all()
            if row.mail.purpose in automatic
        ]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path)
    yield made
    made.world.store.close()


def test_a_reply_is_said_on_its_case(post: Post) -> None:
    post.get(post.reply("Hvilken dimension mangler?"))
    assert post.said() == [(EntryKind.COMMENT, Visibility.EXTERNAL, "Hvilken dimension mangler?")]


def test_a_mail_is_received_once_however_often_the_mailbox_is_read(post: Post) -> None:
    post.get(post.reply("Hej"))
    post.get()
    assert len(post.rows()) == 1


def test_another_validity_brings_the_same_mails_and_none_of_them_is_repeated(post: Post) -> None:
    post.get(post.reply("Hej"), post.reply("Hej igen"))
    post.box.validity = 8
    post.get(post.reply("En til"))
    assert [text for _, _, text in post.said()] == ["Hej", "Hej igen", "En til"]


def test_a_further_copy_by_another_way_is_noted_and_not_said_again(post: Post) -> None:
    mail = post.reply("Hej")
    post.get(mail, b"Received: by other.test\r\n" + mail)
    assert len(post.said()) == 1
    assert {row.route for row in post.rows()} == {Route.CASE, Route.NOTED}


def test_what_came_before_the_line_broke_is_kept(post: Post) -> None:
    post.box.fails_at = 1
    found = post.get(post.reply("Den første"), post.reply("Den anden"))
    assert found.errors["mailbox-unavailable"] == 1
    post.box.fails_at = None
    post.get()
    assert [text for _, _, text in post.said()] == ["Den første", "Den anden"]


def test_the_raw_message_is_kept_as_it_came(post: Post) -> None:
    mail = post.reply("Hej")
    post.get(mail)
    (row,) = post.rows()
    assert post.reception.files.read(row.content_hash) == mail


def test_that_it_is_fixed_is_noted_and_moves_nothing(post: Post) -> None:
    post.get(post.reply("Kontoen er nu rettet."))
    assert post.world.store.cases.get(post.case).marks.said_fixed_at is not None
    assert set(post.world.states().values()) == {State.BOUNCED}


def test_more_time_is_given_once(post: Post) -> None:
    post.get(post.reply("Vi har brug for mere tid."))
    first = post.world.store.cases.get(post.case).marks.waits_until
    post.world.clock.instant += timedelta(days=2)
    post.get(post.reply("Vi har stadig brug for mere tid."))
    assert first is not None
    assert post.world.store.cases.get(post.case).marks.waits_until == first


def test_waiting_for_the_supplier_is_noted(post: Post) -> None:
    post.get(post.reply("Vi venter på leverandøren."))
    assert post.world.store.cases.get(post.case).marks.supplier_since is not None


def test_a_reply_is_acknowledged_once_a_day(post: Post) -> None:
    post.get(post.reply("Hej"), post.reply("Og en ting til"))
    assert post.answers() == [MailPurpose.ACKNOWLEDGEMENT]


def test_the_status_is_answered_to_who_asked(post: Post) -> None:
    post.get(post.reply("STATUS"))
    (mail,) = [
        r.mail for r in post.world.store.mails.all() if r.mail.purpose is MailPurpose.STATUS
    ]
    assert mail.recipients == ("regnskab@example.test",)
    assert post.case in mail.subject
    assert f"Sag {post.case}: " in mail.plain
    assert dict(mail.headers)["Auto-Submitted"] == "auto-replied"


def test_an_address_gets_five_answers_an_hour(post: Post) -> None:
    post.get(*(post.reply("STATUS", message_id=f"<s{n}@k.test>") for n in range(9)))
    assert len(post.answers()) == 5


@pytest.mark.parametrize(
    "forged",
    [
        {"sender": "chef@fremmed.test"},
        {"sender": "regnskab@example.test.fremmed.test"},
        {"more": "From: En Anden <b@fremmed.test>\r\n"},
    ],
)
def test_who_is_not_known_changes_nothing(post: Post, forged: dict[str, str]) -> None:
    post.get(post.reply("Det er rettet", **forged))
    assert post.said() == []
    assert post.answers() == []
    assert [row.route for row in post.rows()] == [Route.QUARANTINE]


def test_a_guessed_token_ties_to_nothing(post: Post) -> None:
    guessed = post.address[: -len("aaaa@sam.example.test")] + "aaaa@sam.example.test"
    post.get(post.reply("Det er rettet", to=guessed, subject="Hej"))
    assert post.said() == []
    assert [row.route for row in post.rows()] == [Route.TRIAGE]


def _checked(post: Post, results: str) -> None:
    post.reception = replace(post.reception, authserv_id="mx.sam.example.test")
    own = f"Authentication-Results: mx.sam.example.test; {results}\r\n" if results else ""
    foreign = (
        "Received: from a by mx.sam.example.test\r\n"
        "Authentication-Results: mx.sam.example.test; dmarc=pass header.from=example.test\r\n"
    )
    post.get((own + foreign).encode() + post.reply("Det er rettet"))


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=fail header.from=example.test",
        "dmarc=pass header.from=fremmed.test",
        "spf=pass smtp.mailfrom=a@fremmed.test; dkim=none",
        "",
    ],
)
def test_a_sender_that_the_border_has_not_proven_changes_nothing(post: Post, results: str) -> None:
    _checked(post, results)
    assert post.said() == []
    assert [row.route for row in post.rows()] == [Route.QUARANTINE]


def test_a_sender_that_the_border_has_proven_is_taken(post: Post) -> None:
    _checked(post, "dmarc=pass (p=reject) header.from=example.test")
    assert len(post.said()) == 1


def test_an_automatic_answer_is_shown_to_the_centre_and_answered_by_nobody(post: Post) -> None:
    post.get(post.reply("Jeg er på ferie.", more="Auto-Submitted: auto-replied\r\n"))
    assert post.said() == [(EntryKind.AUTO_REPLY, Visibility.INTERNAL, "Jeg er på ferie.")]
    assert post.answers() == []


def _failure(about: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.test\r\nTo: robot@sam.example.test\r\nReturn-Path: <>\r\n"
        "Subject: Undeliverable\r\nMessage-ID: <d@mx.test>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        "Final-Recipient: rfc822; regnskab@example.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {about}\r\nSubject: x\r\n\r\n"
        "--b--\r\n"
    ).encode()


def test_a_delivery_failure_of_our_own_mail_marks_the_address(post: Post) -> None:
    (mail,) = [r.mail for r in post.world.store.mails.all()]
    post.get(_failure(mail.message_id))
    states = post.world.store.contacts.states(["regnskab@example.test"])
    assert states == {"regnskab@example.test": ContactState.DEAD}
    (document,) = post.world.store.cases.documents(post.case)
    assert document.told_at is None


def test_an_invented_delivery_failure_marks_nobody(post: Post) -> None:
    post.get(_failure("<invented@fremmed.test>"))
    states = post.world.store.contacts.states(["regnskab@example.test"])
    assert states["regnskab@example.test"] is ContactState.OK
    assert [row.route for row in post.rows()] == [Route.TRIAGE]


def test_a_mail_that_breaks_the_robot_is_given_to_a_person(post: Post) -> None:
    def broken(_raw: bytes, _context: object) -> object:
        raise RuntimeError("a fault of the tests")

    good = post.reception
    post.reception = replace(good, sorter=broken)  # type: ignore[arg-type]  # a fault on purpose
    for _ in range(4):
        post.get(*([post.reply("Hej")] if not post.box.mails else []))
    (row,) = post.rows()
    assert (row.route, row.kind) == (Route.TRIAGE, MailKind.UNREADABLE)


def test_a_person_gives_a_mail_from_quarantine_to_its_case(post: Post) -> None:
    post.get(post.reply("Her er svaret", sender="ny@fremmed.test"))
    (row,) = post.rows()
    MailClerk(ports=post.ports, name="Clara").assign(row.id, post.case, "ringet og spurgt")
    assert post.said() == [(EntryKind.COMMENT, Visibility.EXTERNAL, "Her er svaret")]
    assert post.world.store.inbox.count_for_a_person() == 0


def test_a_person_dismisses_a_mail(post: Post) -> None:
    post.get(post.reply("Køb nu", sender="ny@fremmed.test"))
    (row,) = post.rows()
    MailClerk(ports=post.ports, name="Clara").dismiss(row.id, "reklame")
    assert post.rows()[0].handled_by == "Clara"
    assert post.said() == []


def test_a_storm_is_kept_and_sorted_and_answered_by_nothing_beyond_the_caps(post: Post) -> None:
    storm = [
        post.reply(
            f"STATUS\n\nnr. {n}" if n % 10 < 7 else "Jeg er på ferie",
            sender=f"p{n % 40}@example.test",
            message_id=f"<storm{n}@k.test>",
            more="Auto-Submitted: auto-replied\r\n" if n % 10 >= 7 else "",
        )
        for n in range(150)
    ]
    found = post.get(*storm)
    assert found.mails == 150
    assert sum(found.routes.values()) == 150
    assert post.answers() == []
    assert any("150 mails came in" in problem for problem in found.problems)
