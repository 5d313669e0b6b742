"""Mails that come in, and a mailbox in memory for the flow's tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from robot.adapters.mail.answers import AnswerRenderer
from robot.adapters.mail.files import MailFolder
from robot.adapters.mail.incoming import sort
from robot.adapters.mail.render import Letterhead
from robot.domain.customer import Customer
from robot.errors import MailboxError
from robot.flow.mailbox_port import Position, RawMail
from robot.flow.reception import Reception

ROBOT = "robot@sam.example.test"


@dataclass
class ListMailbox:
    """Gives the mails that a test puts into `mails`, numbered as they stand."""

    mails: list[bytes] = field(default_factory=list)
    validity: int = 7
    received_at: datetime | None = None
    #: Fails before it gives the mail at this place.
    fails_at: int | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        return ("INBOX",)

    def fetch(self, after: Position) -> Iterator[RawMail]:
        last = after.last_uid if after.validity == self.validity else 0
        for uid, content in enumerate(self.mails, 1):
            if uid - 1 == self.fails_at:
                raise MailboxError("the line is broken")
            if uid > last:
                yield RawMail(
                    folder=after.folder,
                    validity=self.validity,
                    uid=uid,
                    content=content,
                    size=len(content),
                    received_at=self.received_at,
                )

    def wait(self, seconds: float) -> bool:
        del seconds
        return True

    def close(self) -> None:
        """Nothing is open."""


def a_reception(folder: Path, mailbox: ListMailbox, *customers: Customer) -> Reception:
    """A reception with the real sorter, files and texts."""
    letterhead = Letterhead(
        sender=ROBOT,
        sender_name="Fakturarobotten",
        centre="SAM",
        contact_mail="kundebetjening@sam.example.test",
        instance="test",
    )
    return Reception(
        mailbox=mailbox,
        files=MailFolder(folder / "mail-in"),
        sorter=sort,
        answerer=AnswerRenderer(Path("config/mail"), letterhead),
        customers=lambda: customers,
        sender=ROBOT,
        instance="test",
    )


def a_mail(  # noqa: PLR0913 - what tests vary
    text: str = "Hej",
    *,
    sender: str = "regnskab@example.test",
    to: str = ROBOT,
    answers: str = "",
    subject: str = "SV: Faktura",
    message_id: str = "<1@example.test>",
    more: str = "",
) -> bytes:
    """A plain mail."""
    answered = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    return (
        f"From: Regnskab <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Message-ID: {message_id}\r\nDate: Tue, 24 Nov 2026 08:00:00 +0100\r\n{answered}{more}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
