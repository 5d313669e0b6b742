"""What the flow needs of the robot's mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a folder was read. With another validity (RFC 3501) the numbers begin anew."""

    folder: str
    validity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    """A mail as it lies in a folder."""

    folder: str
    validity: int
    uid: int
    #: The whole message; of one that is too big, its headers and the beginning of its first part.
    content: bytes
    #: Bytes on the server.
    size: int
    received_at: datetime | None = None
    complete: bool = True


class Mailbox(Protocol):
    """The robot's own mailbox. Reading changes nothing in it, not even who has seen what."""

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are read."""

    def fetch(self, after: Position) -> Iterator[RawMail]:
        """Mails of a folder that came after a position, oldest first, one at a time.

        When the validity is another one than the position's, all mails of the folder come again.

        Raises:
            MailboxError: The mailbox can't be reached or read; what came before it counts.
        """

    def wait(self, seconds: float) -> bool:
        """Wait for news at most so long; whether there may be any. Never raises."""

    def close(self) -> None:
        """Let go of the connection."""


class NoMailbox:
    """A robot that reads no mail."""

    @property
    def folders(self) -> tuple[str, ...]:
        """None."""
        return ()

    def fetch(self, after: Position) -> Iterator[RawMail]:
        """Nothing."""
        del after
        return iter(())

    def wait(self, seconds: float) -> bool:
        """Nothing will come."""
        del seconds
        return False

    def close(self) -> None:
        """Nothing to let go of."""
