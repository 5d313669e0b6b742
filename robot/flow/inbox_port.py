"""What receiving mail needs of the robot's own database and of the disk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from robot.domain.incoming import SentMail, Sorted
from robot.flow.inbox_records import IncomingFilter, IncomingMail, KeptMail
from robot.flow.mailbox_port import Position


class MailFiles(Protocol):
    """Keeps raw messages."""

    def keep(self, contents: Sequence[bytes]) -> list[str]:
        """Write messages so that they survive a power cut; their SHA-256, in the same order.

        Raises:
            MailError: They can't be written.
        """

    def read(self, content_hash: str, /) -> bytes:
        """One message.

        Raises:
            MailError: It is not there, or is not what was written.
        """


class Inbox(Protocol):
    """Reading mails that came in."""

    def position(self, folder: str, /) -> Position:
        """How far a folder was read; its beginning when it never was."""

    def known(self, hashes: Collection[str]) -> frozenset[str]:
        """Which of these raw messages (SHA-256) came in before."""

    def unsorted(self, *, after: int, limit: int) -> list[IncomingMail]:
        """Mails that nobody has sorted yet, by id."""

    def get(self, mail: int, /) -> IncomingMail:
        """One mail.

        Raises:
            KeyError: There is none with this id.
        """

    def listing(self, which: IncomingFilter) -> list[IncomingMail]:
        """Mails, newest first."""

    def count_for_a_person(self) -> int:
        """Mails that wait for a person."""

    def sent(self, message_id: str, /) -> SentMail | None:
        """The robot's own mail with this Message-ID."""

    def customer_of(self, case: str, /) -> str | None:
        """The customer of a case; None when there is no such case."""

    def copies(self, mail: IncomingMail, sorted_mail: Sorted, /) -> int | None:
        """An earlier mail with the same Message-ID, sender and text; its id."""

    def answers_since(self, since: datetime, *, address: str = "", case: str = "") -> int:
        """Answers by the robot (status, acknowledgement) to an address or on a case."""

    def received_between(self, since: datetime, until: datetime) -> int:
        """How many mails came in."""


class InboxUnit(Protocol):
    """Writing them."""

    def keep(self, mails: Sequence[KeptMail], position: Position) -> None:
        """Note mails that came in and how far their folder was read."""

    def tried(self, mail: int, /) -> None:
        """Count one attempt to sort a mail."""

    def sort(self, mail: int, result: Sorted, /) -> None:
        """Note what a mail is and where it goes.

        Raises:
            TransitionError: It was sorted before.
        """

    def handle(self, mail: int, /, *, case: str | None, reason: str) -> None:
        """Note that a person has seen to a mail, and to which case it was given.

        Raises:
            TransitionError: It waits for nobody.
        """

    def ask_recheck(self, case: str, /) -> int:
        """Have the next run look again at held documents of a case; how many there are."""
