"""The headers that tell programs what a mail of the robot is, so that none of them answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from robot.domain.notice import MailPurpose

#: RFC 5322 2.1.1 wants lines of 998 characters at most; the first mail and the latest are enough.
_REFERENCES: Final = 10


class Sender(Protocol):
    """Who writes, as far as headers say it."""

    @property
    def sender(self) -> str:
        """The robot's address."""

    @property
    def instance(self) -> str:
        """Names this installation, so that it knows its own mails."""

    @property
    def contact_mail(self) -> str:
        """Whom receivers can ask."""


def headers(
    purpose: MailPurpose,
    sender: Sender,
    *,
    language: str,
    reply_to: str = "",
    references: Sequence[str] = (),
) -> tuple[tuple[str, str], ...]:
    """The headers of a mail beside From, To, Subject, Date and Message-ID.

    `Auto-Submitted` is RFC 3834's; `X-Auto-Response-Suppress` is what Exchange goes by. A digest
    goes to many, so it has the headers of lists (RFC 2919, RFC 2369) and `Precedence`.

    Args:
        purpose: What the mail is for.
        sender: Who writes.
        language: Of the text.
        reply_to: Where answers go when it is not the sender.
        references: Message-IDs of the thread, oldest first.
    """
    given: list[tuple[str, str]] = []
    if reply_to:
        given.append(("Reply-To", reply_to))
    if references:
        thread = list(references)
        if len(thread) > _REFERENCES:
            thread = [thread[0], *thread[1 - _REFERENCES :]]
        given += [("In-Reply-To", thread[-1]), ("References", " ".join(thread))]
    given += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    if purpose is MailPurpose.DIGEST:
        domain = sender.sender.rpartition("@")[2]
        given += [
            ("Precedence", "bulk"),
            ("List-Id", f"<notices.{domain}>"),
            ("List-Help", f"<mailto:{sender.contact_mail}>"),
        ]
    return (*given, ("X-Robot-Instance", sender.instance), ("Content-Language", language))
