"""What the flow needs of the world. Adapters implement these; `bootstrap` joins them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from robot.domain.calendar import OpeningHours
from robot.domain.customer import Customer
from robot.domain.decision import Finding, PostingOrder, RuleSet
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.notice import (
    Closing,
    Digest,
    Handover,
    NoticeFinding,
    NoticeItem,
    OutgoingMail,
    Reminder,
)
from robot.domain.taxonomy import ErrorType


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class Source(Protocol):
    """The system that holds the approved documents (SDI, IndFak, a folder)."""

    def pull(self) -> Iterator[ApprovedDocument]:
        """All documents that are approved now, one at a time, in a stable order.

        What can't be read is given too, with its `refusal` and `reason`. Pulling changes nothing.

        Raises:
            SourceError: The source can't be reached.
        """

    def withdrawn(self, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Which of these (document id, version) it does not give as approved any more.

        Asked right before a posting: a version that was changed, withdrawn or rejected meanwhile
        must not be posted.

        Raises:
            SourceError: The source can't be reached, so it is not known.
        """

    def reject(self, document_id: str, version: str, reasons: Sequence[str]) -> None:
        """Reopen one version of a document with the reasons; doing it again changes nothing.

        Raises:
            SourceError: The source can't be reached; the caller tries again in a later run.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One document about which the ERP is asked, and the company that it belongs to."""

    document: ApprovedDocument
    customer: Customer
    today: date


class ErpReader(Protocol):
    """What the ERP knows. Reading never locks the ERP's own users out and never writes."""

    def facts(self, questions: Sequence[Question]) -> list[Facts]:
        """Facts for a batch, in the order of the questions, in a fixed number of queries.

        Raises:
            ErpUnavailableError: The ERP can't be reached.
        """


class KeyState(StrEnum):
    """What stands under a document key at the ERP."""

    ABSENT = "absent"
    TAKEN = "taken"
    POSTED = "posted"
    REFUSED = "refused"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the ERP shows for one document key, read committed.

    A document is posted when `state` is POSTED and creditor, external number, amount (with VAT,
    positive) and its currency are those of the order; `receipt` is the posted number.
    `generation` and `payload_hash` are those of the request that holds the key.
    """

    state: KeyState
    generation: str = ""
    payload_hash: str = ""
    receipt: str | None = None
    creditor: str | None = None
    external_number: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    #: NAV's own text when it refused.
    refusal: str | None = None
    #: Error type of what a person has to look at although the outcome is open (stuck, vanished).
    trouble: str = ""


class ErpPoster(Protocol):
    """The ERP's own doors. Both ways out of a document go through its unique document key.

    `generation` is the stamp of the document's last approval in the source (ISO 8601, UTC). A key
    under which a tombstone stands takes a new request only with a later generation, so a request
    that was delayed on its way always loses against the bounce that overtook it.
    """

    def post(self, order: PostingOrder, *, generation: str, payload_hash: str) -> Evidence:
        """Ask the ERP to post. Idempotent under the key; the answer is no proof, read back.

        Raises:
            ErpFullError: It has enough to do; nothing was sent.
            ErpUnavailableError: The outcome is unknown.
        """

    def tombstone(
        self, company: str, document_key: str, *, generation: str, payload_hash: str
    ) -> Evidence:
        """Close the key for this generation. Won when the evidence is our own tombstone.

        Raises:
            ErpUnavailableError: The outcome is unknown.
        """

    def evidence(self, company: str, document_keys: Sequence[str]) -> Mapping[str, Evidence]:
        """What stands under each key, with the posted document and its ledger entry read back.

        Raises:
            ErpUnavailableError: The ERP can't be reached.
        """


class Reversals(Protocol):
    """Who knows of postings that were reversed later, by people in the ERP."""

    def reversed_receipts(self, company: str, since: date) -> Sequence[str]:
        """Posted numbers of the robot's own, posted on this day or later, that were reversed.

        Raises:
            ErpError: The ERP can't be asked.
        """


class NobodyReverses:
    """Knows of none."""

    def reversed_receipts(self, company: str, since: date) -> Sequence[str]:
        """None."""
        del company, since
        return ()


class Mailer(Protocol):
    """Hands mails over."""

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        """Hand over one mail; the same Message-ID again must not give a second copy if avoidable.

        Args:
            mail: The mail.
            patient: When the server puts one address off, nobody gets it yet, so that nobody gets
                it twice. Otherwise the others do, and that address counts as refused.

        Raises:
            MailTransientError: The server can't be reached, or takes nothing for now; nothing was
                handed over.
            MailError: Refused; nothing was handed over.
            MailUnknownError: It may have been handed over.
        """


class Renderer(Protocol):
    """Turns what a customer is told into a mail."""

    def finding(
        self, kind: ErrorType, finding: Finding, item: NoticeItem, language: str
    ) -> NoticeFinding:
        """The texts of one finding, filled in; values quoted only where the type allows it."""

    def digest(self, digest: Digest, *, message_id: str) -> OutgoingMail:
        """One digest as plain text and HTML, in the digest's language."""

    def reminder(self, reminder: Reminder, *, message_id: str) -> OutgoingMail:
        """One reminder, or one to the second contact role."""

    def closing(self, closing: Closing, *, message_id: str) -> OutgoingMail:
        """One closing mail."""


class RuleBook(Protocol):
    """The rule sets in force. A broken file leaves the customer's last good one in force."""

    @property
    def held_back(self) -> Sequence[str]:
        """Why what is in force is not what the files say, a line each; empty when it is."""

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Every customer that has rules, or should have, by bogføringskreds."""

    def customer_for(self, document: ApprovedDocument) -> Customer | None:
        """The customer by the source's own word, else by the buyer's GLN, else by its CVR."""

    def for_customer(self, bogfoeringskreds: str) -> RuleSet:
        """The effective rule set.

        Raises:
            KeyError: No such customer.
        """

    def for_unknown(self) -> RuleSet:
        """The standard rules alone, for a document whose customer nobody knows; never posts."""


class WorkCalendar(Protocol):
    """Working days of the centre and of the banks (`rules/calendar.yaml`)."""

    @property
    def centre_closed(self) -> frozenset[date]:
        """Days on which the centre is closed beside weekends."""

    @property
    def bank_closed(self) -> frozenset[date]:
        """Days on which banks are closed beside weekends."""

    @property
    def hours(self) -> OpeningHours:
        """When people are at work."""

    @property
    def other_hours(self) -> tuple[OpeningHours, ...]:
        """When they are at other hours, for a time."""

    def is_working_day(self, day: date) -> bool:
        """Whether the centre works."""

    def is_bank_day(self, day: date) -> bool:
        """Whether banks settle payments."""

    def add_working_days(self, day: date, days: int) -> date:
        """The working day `days` after; negative counts back; 0 gives the day or the next."""

    def next_bank_day(self, day: date) -> date:
        """The day itself when banks are open, else the first one after."""

    def previous_bank_day(self, day: date) -> date:
        """The day itself when banks are open, else the last one before."""

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the centre was open between two instants."""

    def goal(self, received: datetime, working_days: int) -> datetime:
        """Until when what came in at an instant is to be done: a working day's close (UTC)."""

    def next_run(self, after: datetime) -> datetime:
        """When the robot runs next (aware, Europe/Copenhagen)."""
