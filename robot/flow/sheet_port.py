"""Filled re-posting sheets that came in, as the robot's own database keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from robot.domain.reposting import Fault, RepostingLine
from robot.domain.rights import Scope
from robot.flow.view_port import Page

#: The largest file that is taken, in bytes: a sheet of 2,000 lines is far smaller.
LARGEST: Final = 5_000_000


class SheetStatus(StrEnum):
    """What became of a sheet."""

    #: The robot has not looked at it.
    WAITING = "waiting"
    #: Its cells are right: its re-postings are decided about in the next run.
    ACCEPTED = "accepted"
    #: Cells are wrong: a marked copy is there.
    RETURNED = "returned"
    #: It is no sheet of this customer's, or came in before.
    REFUSED = "refused"


class Way(StrEnum):
    """How a sheet came in."""

    DASHBOARD = "dashboard"
    FOLDER = "folder"
    COMMAND_LINE = "command-line"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSheet:
    """A file that somebody hands in. `customer` is whose it is said to be; empty: it says so."""

    content_hash: str
    name: str
    content: bytes
    way: Way
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A sheet as lists show it. `total` is what it moves, in DKK."""

    content_hash: str
    name: str
    customer: str
    way: Way
    handed_in_by: str
    received_at: datetime
    status: SheetStatus
    author: str
    rows: int
    total: Decimal
    #: What is wrong with its cells; of one that was refused, the one reason, at no cell.
    faults: tuple[Fault, ...]
    #: The numbers of its re-postings, one for each posting date, and their document keys.
    numbers: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows of one posting date of an accepted sheet: one re-posting."""

    number: str
    document_key: str
    lines: tuple[RepostingLine, ...]
    customer: str = ""
    author: str = ""
    handed_in_by: str = ""
    received_at: datetime | None = None
    content_hash: str = ""


class Sheets(Protocol):
    """Reading sheets."""

    def waiting(self) -> Sequence[str]:
        """The hashes of those that nobody has looked at, oldest first."""

    def get(self, content_hash: str, /) -> SheetRow | None:
        """One sheet; None when there is none."""

    def content(self, content_hash: str, /) -> bytes:
        """The file as it came in.

        Raises:
            KeyError: There is none.
        """

    def marked(self, content_hash: str, /) -> bytes | None:
        """The copy with its wrong cells marked; None when there is none."""

    def listing(self, scope: Scope, *, page: int = 1, size: int = 50) -> Page[SheetRow]:
        """A page of sheets of customers in the scope, newest first."""

    def unfinished(self) -> Sequence[Part]:
        """Re-postings of accepted sheets that are not posted, taken out or otherwise done with."""

    def part(self, number: str, /) -> Part | None:
        """One re-posting by its number."""

    def done_before(self, instant: datetime, /) -> Sequence[str]:
        """The hashes of those done with before an instant whose files are still kept."""


class SheetsUnit(Protocol):
    """Writing sheets; each act is in the trail of the same transaction."""

    def take_in(self, sheet: NewSheet, /) -> bool:
        """Keep a file until the robot looks at it; one that was not accepted is looked at anew.

        Returns:
            False when the very same file waits or is accepted already.
        """

    def accept(
        self, content_hash: str, customer: str, author: str, parts: Sequence[Part], /
    ) -> str:
        """Accept a waiting sheet with its re-postings.

        Returns:
            Empty, or the number of the re-posting that came in before: then nothing is written.

        Raises:
            TransitionError: It does not wait any more.
        """

    def give_back(
        self,
        content_hash: str,
        customer: str,
        author: str,
        faults: Sequence[Fault],
        marked: bytes,
        /,
    ) -> None:
        """Answer a waiting sheet with its marked copy.

        Raises:
            TransitionError: It does not wait any more.
        """

    def refuse(self, content_hash: str, reason: Fault, /) -> None:
        """Answer a waiting sheet with why it is not taken.

        Raises:
            TransitionError: It does not wait any more.
        """

    def let_go_of_file(self, content_hash: str, /) -> None:
        """Delete the file of a sheet and its marked copy; what it moved stays."""
