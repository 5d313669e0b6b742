"""What telling journeys needs of the robot's own database, of the ERP and of the bank."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from robot.domain.journey import JourneyEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailedAct:
    """An act of the trail with the document that it was done to."""

    seq: int
    at: datetime
    actor: str
    act: str
    document: int
    document_key: str
    system: str
    #: The source's steps of the version: JSON, or empty when the source does not say.
    steps: str
    due_date: date | None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The dates that a version is measured against, computed once."""

    document: int
    approved_at: datetime | None
    #: Until when the centre is to have dealt with it.
    goal_at: datetime | None
    #: The last day on which the payment can be handed to the bank in time.
    pay_by: date | None
    #: Its due date could not be kept any more when it was approved.
    late_at_receipt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A posted document whose payment has not been seen through."""

    document: int
    document_key: str
    company: str
    receipt: str
    payable: Decimal | None
    currency: str
    #: That its payment went to the bank is told already.
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPayment:
    """What the ERP's vendor ledger shows of one posted document. All times are days."""

    receipt: str
    entry: int
    posted_on: date
    #: A payment file has it; the ledger does not say since when.
    exported: bool = False
    #: Number and posting day of the payment that settles it.
    payment: str = ""
    paid_on: date | None = None
    cleared_on: date | None = None
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    """One line of a bank's status report or of its notice of what was booked."""

    #: All texts by which it may be known: end-to-end id, instruction id, invoice numbers.
    references: tuple[str, ...]
    #: `accepted`, `rejected` or `settled`.
    status: str
    at: datetime | date
    amount: Decimal | None
    currency: str
    #: The bank's reason, code and words.
    reason: str = ""
    #: Names the row in its file.
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """A file that the bank left. `problem` says why nothing could be read."""

    content_hash: str
    name: str
    #: `pain.002` or `camt.054`.
    kind: str
    rows: tuple[BankRow, ...] = ()
    problem: str = ""


class Payments(Protocol):
    """The ERP's word about payments; it is only read."""

    def payments(self, company: str, receipts: Sequence[str]) -> Sequence[LedgerPayment]:
        """What the vendor ledger shows of posted documents; unknown ones are left out.

        Raises:
            ErpError: The ERP can't be asked.
        """


class Bank(Protocol):
    """The files that the bank leaves."""

    def files(self, known: Collection[str]) -> Iterator[BankFile]:
        """Files whose content (SHA-256) was not read before, in the order of their names."""


class NoPayments:
    """An ERP that says nothing of payments."""

    def payments(self, company: str, receipts: Sequence[str]) -> Sequence[LedgerPayment]:
        """Nothing."""
        del company, receipts
        return ()


class NoBank:
    """A bank that leaves no files."""

    def files(self, known: Collection[str]) -> Iterator[BankFile]:
        """None."""
        del known
        return iter(())


class Journeys(Protocol):
    """Reading journeys."""

    def seen_to(self) -> int:
        """The last row of the trail that the journeys tell."""

    def untold(self, after: int, limit: int) -> list[TrailedAct]:
        """Acts on documents that come later in the trail, in order."""

    def of(self, document_keys: Collection[str], /) -> dict[str, list[JourneyEvent]]:
        """All events of some documents, oldest first, those that were corrected too."""

    def events(self, *, since: datetime | None = None) -> Iterator[JourneyEvent]:
        """Every event, document by document; with `since`, of documents with a later one."""

    def carried_by(self, mail: int, /) -> list[tuple[str, int]]:
        """Document key and row id of what a mail told about."""

    def unpaid(self, *, after: int, limit: int) -> list[Posted]:
        """Posted documents, by id, that were not cleared yet."""

    def find_posted(self, references: Collection[str], /) -> dict[str, Posted]:
        """Posted documents by receipt, or by invoice number where just one has it."""

    def clocks(self, documents: Collection[int], /) -> dict[int, Clocks]:
        """The dates of versions, as they were computed."""

    def bank_files(self) -> frozenset[str]:
        """The contents (SHA-256) of the bank's files that were read."""


class JourneysUnit(Protocol):
    """Writing journeys."""

    def tell(self, events: Sequence[JourneyEvent]) -> int:
        """Add events; how many are new.

        What was told before is left out. The same record with another time is a new event that
        supersedes the one before.
        """

    def told_to(self, seq: int) -> None:
        """Note how far of the trail is told."""

    def set_clocks(self, clocks: Sequence[Clocks]) -> None:
        """Keep dates; those of a version that has them already stay."""

    def bank_file_read(self, file: BankFile, *, unmatched: int) -> None:
        """Note that a file was read."""
