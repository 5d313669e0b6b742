"""Bounce, mail, reply, correction, posting, closing mail: once around, through real servers."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from robot.adapters.mail.imap import ImapMailbox, ImapServer
from robot.adapters.mail.render import DigestRenderer
from robot.adapters.mail.smtp import SmtpMailer, SmtpServer
from robot.domain.case import CaseStatus, EntryKind
from robot.domain.customer import Mailbox
from robot.domain.state import State
from robot.domain.thread import ThreadKeys
from robot.flow.case_view import standing_of
from robot.flow.context import RunOptions
from robot.flow.run import run_once
from tests.support.fakes import FewRules
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.mail_in import ListMailbox, a_reception
from tests.support.mail_servers import HOST, Dovecot, Exim, an_address
from tests.support.notices import LETTERHEAD, TEMPLATES

KEYS = ThreadKeys([b"a key of the whole circle's threads"])
SAID = "Dimensionen er nu rettet, og fakturaen er godkendt igen."
Written = Callable[[EmailMessage, str], bytes]


def as_outlook(notice: EmailMessage, office: str) -> bytes:
    """As Outlook for Windows in Danish writes it: HTML beside plain text, headers above."""
    plain = (
        f"Hej\r\n\r\n{SAID}\r\n\r\nMed venlig hilsen\r\n\r\nAnna Jensen\r\nRegnskab\r\n\r\n"
        f"Fra: {notice['From']}\r\nSendt: 24. november 2026 06:30\r\nTil: {office}\r\n"
        f"Emne: {notice['Subject']}\r\n\r\nRet fakturaen.\r\n"
    )
    html = (
        '<html><body><div class="WordSection1"><p class="MsoNormal">Hej</p>'
        f'<p class="MsoNormal">{SAID}</p><p class="MsoNormal">Med venlig hilsen</p>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Fra:</b> Robot</p></div>'
        "<p>Ret fakturaen.</p></div></body></html>"
    )
    reply = _answering(notice, office, "SV: ")
    reply.set_content(plain, charset="windows-1252", cte="quoted-printable")
    reply.add_alternative(html, subtype="html", charset="windows-1252", cte="quoted-printable")
    return reply.as_bytes()


def as_iphone(notice: EmailMessage, office: str) -> bytes:
    """As Mail on an iPhone in Danish writes it: plain text, everything below quoted."""
    quoted = "\r\n".join(f"> {line}" for line in ("Ret fakturaen.", "", "Hilsen"))
    reply = _answering(notice, office, "Re: ")
    reply["X-Mailer"] = "iPhone Mail (22B83)"
    reply.set_content(
        f"{SAID}\r\n\r\nVenlig hilsen\r\nAnna\r\n\r\nSendt fra min iPhone\r\n\r\n"
        f"> Den 24. nov. 2026 kl. 06.30 skrev {notice['From']}:\r\n> \r\n{quoted}\r\n",
        cte="quoted-printable",
    )
    return reply.as_bytes()


def _answering(notice: EmailMessage, office: str, prefix: str) -> EmailMessage:
    reply = EmailMessage(policy=policy.SMTP)
    reply["From"] = f"Anna Jensen <{office}>"
    reply["To"] = str(notice["Reply-To"] or notice["From"])
    reply["Subject"] = prefix + str(notice["Subject"])
    reply["Message-ID"] = f"<answer-{office}>"
    reply["In-Reply-To"] = str(notice["Message-ID"])
    reply["References"] = str(notice["Message-ID"])
    return reply


class Circle:
    """The robot and one customer, with Exim and Dovecot between them."""

    def __init__(self, folder: Path, exim: Exim, dovecot: Dovecot) -> None:
        self.exim, self.dovecot = exim, dovecot
        self.robot, self.office = an_address("robot"), an_address("regnskab")
        for address in (self.robot, self.office):
            dovecot.add_user(address)
        customer = a_served_customer(
            mailboxes=(Mailbox(address=self.office),), domains=("example.test",)
        )
        self.world = FlowWorld(folder, an_approved("F-1", "bounce dimension-missing", at=10))
        self.world.rules = FewRules(customer)
        ca = dovecot.certificate.chain
        self.mailer = SmtpMailer(
            SmtpServer(
                host=HOST, port=exim.smtp_port, security="starttls", ca_file=ca, timeout=20
            ),
            self.world.clock,
        )
        self.mailbox = ImapMailbox(
            ImapServer(
                host=HOST,
                port=dovecot.imap_port,
                security="starttls",
                user=self.robot,
                secret=lambda: "secret",
                ca_file=str(ca),
            ),
            ("INBOX",),
            largest=1_000_000,
        )
        reception = a_reception(folder, ListMailbox(), customer)
        self.reception = replace(
            reception, mailbox=self.mailbox, sender=self.robot, acknowledges=False
        )

    def run(self) -> None:
        ports = replace(
            self.world.ports,
            mailer=self.mailer,
            renderer=DigestRenderer(TEMPLATES, replace(LETTERHEAD, sender=self.robot)),
            threads=KEYS,
            reception=self.reception,
        )
        options = RunOptions(owner="robot-1", mail_domain="example.test", mail_sender=self.robot)
        run_once(ports, options)

    def write(self, raw: bytes) -> None:
        """Hand the customer's mail to Exim, which takes it to the robot's mailbox."""
        to = message_from_bytes(raw, policy=policy.default)["To"].addresses[0].addr_spec
        with smtplib.SMTP(HOST, self.exim.smtp_port, timeout=20) as smtp:
            smtp.sendmail(self.office, [to], raw)
        self.dovecot.wait_for(self.robot)

    def came(self, count: int) -> list[EmailMessage]:
        found = self.dovecot.wait_for(self.office, count)
        return [message_from_bytes(raw, policy=policy.default) for raw in found]

    def status(self) -> CaseStatus:
        cases = self.world.store.cases
        (row,) = self.world.rows()[:1]
        case = row.case_number or ""
        return standing_of(cases.get(case), cases.documents(case)).status


@pytest.fixture
def circle(tmp_path: Path, exim: Exim, dovecot: Dovecot) -> Iterator[Circle]:
    made = Circle(tmp_path, exim, dovecot)
    yield made
    made.mailbox.close()
    made.mailer.close()
    made.world.store.close()


@pytest.mark.parametrize("written", [as_outlook, as_iphone])
def test_a_bounced_invoice_is_answered_corrected_posted_and_closed_in_one_thread(
    circle: Circle, written: Written
) -> None:
    circle.run()
    (notice,) = circle.came(1)
    assert circle.status() is CaseStatus.WAITING_CUSTOMER

    circle.write(written(notice, circle.office))
    circle.run()
    (row,) = circle.world.rows()
    case = row.case_number or ""
    said = [
        entry
        for entry in circle.world.store.cases.entries(case, internal=False)
        if entry.author == circle.office
    ]
    assert [(entry.kind, SAID in entry.text) for entry in said] == [(EntryKind.FIXED, True)]
    assert "Sendt fra" not in said[0].text
    assert "Ret fakturaen" not in said[0].text
    assert row.state is State.BOUNCED

    circle.world.source.documents = [an_approved("F-1", at=14)]
    for _ in range(2):
        circle.world.clock.instant += timedelta(hours=3)
        circle.run()
    assert circle.status() is CaseStatus.POSTED
    closing = circle.came(2)[-1]
    assert closing["In-Reply-To"] == notice["Message-ID"]
    assert str(notice["Message-ID"]) in str(closing["References"])
    assert case in str(closing["Subject"])
    circle.run()
    assert len(circle.came(2)) == 2
