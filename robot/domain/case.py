"""Where a case stands, who has to act, and which documents one repair puts right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from robot.domain.canonical import canonical_text, sha256_hex
from robot.domain.decision import Finding
from robot.domain.state import State
from robot.domain.taxonomy import OneRepair, Taxonomy


class CaseStatus(StrEnum):
    """Where a case stands, as its customer understands it."""

    #: What the customer sent or did has come; the robot looks at it in its next run.
    RECEIVED = "received"
    WAITING_CUSTOMER = "waiting-customer"
    WAITING_SUPPLIER = "waiting-supplier"
    WITH_US = "with-us"
    POSTED = "posted"
    PAID = "paid"
    CLOSED = "closed"


class Ball(StrEnum):
    """Who has to act now."""

    CUSTOMER = "customer"
    SAM = "sam"
    SUPPLIER = "supplier"
    BANK = "bank"
    ROBOT = "robot"
    NOBODY = "nobody"


class Visibility(StrEnum):
    """Who may read what was said on a case."""

    EXTERNAL = "external"
    INTERNAL = "internal"


class EntryKind(StrEnum):
    """What an entry of a case is."""

    #: What a party wrote in its own words; a person at the centre reads it.
    COMMENT = "comment"
    #: What the centre wrote to all parties, and what it wrote for itself.
    ANSWER = "answer"
    NOTE = "note"
    #: The customer says that it is fixed, asks for another look, for time, names the supplier, …
    FIXED = "fixed"
    RECHECK = "recheck"
    MORE_TIME = "more-time"
    SUPPLIER = "supplier"
    STATUS = "status"
    AUTO_REPLY = "auto-reply"
    UNDELIVERED = "undelivered"
    #: What the robot sent.
    NOTICE = "notice"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    CLOSING = "closing"
    ACKNOWLEDGEMENT = "acknowledgement"
    #: What became of the case.
    SHARED = "shared"
    UNSHARED = "unshared"
    CLOSED = "closed"
    REOPENED = "reopened"


#: Entries that a party wrote; all others are the centre's and its robot's.
BY_PARTIES: Final = frozenset(
    {
        EntryKind.COMMENT,
        EntryKind.FIXED,
        EntryKind.RECHECK,
        EntryKind.MORE_TIME,
        EntryKind.SUPPLIER,
        EntryKind.STATUS,
        EntryKind.AUTO_REPLY,
    }
)
#: Entries after which a person at the centre has to look, and those that show that one has.
ASKING: Final = frozenset({EntryKind.COMMENT, EntryKind.RECHECK})
ANSWERING: Final = frozenset({EntryKind.ANSWER, EntryKind.NOTE, EntryKind.CLOSED})


class PartyKind(StrEnum):
    """Whether an address stands for one person or for all members of a mailbox."""

    MAILBOX = "mailbox"
    PERSON = "person"


class PartyOrigin(StrEnum):
    """How an address came to see a case."""

    NOTICE = "notice"
    REPLY = "reply"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStanding:
    """Where one document of a case stands: the state of its latest version."""

    state: State
    #: Since when, aware.
    since: datetime
    #: When the notice about its last bounce was handed over; the customer's clock starts there.
    told_at: datetime | None = None
    #: When the bank had paid it.
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMarks:
    """What people did to a case that bears on its status; all instants aware."""

    opened_at: datetime
    closed_at: datetime | None = None
    #: The customer asked for time until this day.
    waits_until: date | None = None
    #: Since when it waits for the supplier, by the customer's word.
    supplier_since: datetime | None = None
    #: When the customer last said that it is fixed.
    said_fixed_at: datetime | None = None
    #: When the customer last wrote something that nobody at the centre has looked at.
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStanding:
    """The status of a case, who has the ball, since when."""

    status: CaseStatus
    ball: Ball
    since: datetime


_BALLS: Final[Mapping[CaseStatus, Ball]] = {
    CaseStatus.RECEIVED: Ball.ROBOT,
    CaseStatus.WAITING_CUSTOMER: Ball.CUSTOMER,
    CaseStatus.WAITING_SUPPLIER: Ball.SUPPLIER,
    CaseStatus.WITH_US: Ball.SAM,
    CaseStatus.POSTED: Ball.BANK,
    CaseStatus.PAID: Ball.NOBODY,
    CaseStatus.CLOSED: Ball.NOBODY,
}
_STATUS_OF_STATE: Final[Mapping[State, CaseStatus]] = {
    State.PULLED: CaseStatus.RECEIVED,
    State.DECIDED: CaseStatus.RECEIVED,
    State.POSTING: CaseStatus.RECEIVED,
    State.REJECTING: CaseStatus.RECEIVED,
    State.SUPERSEDED: CaseStatus.RECEIVED,
    State.HELD: CaseStatus.WITH_US,
    State.UNREADABLE: CaseStatus.WITH_US,
    State.POSTED: CaseStatus.POSTED,
    State.DROPPED: CaseStatus.CLOSED,
}
#: The document that needs somebody most gives the case its status.
_MOST_PRESSING: Final = (
    CaseStatus.WAITING_CUSTOMER,
    CaseStatus.WAITING_SUPPLIER,
    CaseStatus.WITH_US,
    CaseStatus.RECEIVED,
    CaseStatus.POSTED,
    CaseStatus.PAID,
    CaseStatus.CLOSED,
)
#: Statuses in which somebody still has to act.
OPEN: Final = frozenset(
    {
        CaseStatus.RECEIVED,
        CaseStatus.WAITING_CUSTOMER,
        CaseStatus.WAITING_SUPPLIER,
        CaseStatus.WITH_US,
    }
)


def status_of(marks: CaseMarks, documents: Sequence[DocumentStanding]) -> CaseStanding:
    """The status of a case; the one place that the dashboard and all mails take it from.

    A bounced document is with the robot until its customer has been told, then with the customer,
    or with the supplier when the customer said so. It is with the centre when the customer wrote
    something that needs an answer. That the customer says it is fixed changes nothing: only a new
    version from the source does.

    Args:
        marks: What people did to the case.
        documents: Its documents; without any, only a close or a question counts.
    """
    found = [_standing(document, marks) for document in documents]
    if not found:
        return _empty(marks)
    status = min((one.status for one in found), key=_MOST_PRESSING.index)
    if marks.closed_at is not None and status in OPEN:
        if marks.asked_at is not None and marks.asked_at > marks.closed_at:
            return _made(CaseStatus.WITH_US, marks.asked_at)
        return _made(CaseStatus.CLOSED, marks.closed_at)
    return _made(status, min(one.since for one in found if one.status is status))


def ball_of(status: CaseStatus) -> Ball:
    """Who has to act when a case stands so."""
    return _BALLS[status]


def _standing(document: DocumentStanding, marks: CaseMarks) -> CaseStanding:
    if document.paid_at is not None and document.state is State.POSTED:
        return _made(CaseStatus.PAID, document.paid_at)
    if document.state is not State.BOUNCED:
        return _made(_STATUS_OF_STATE[document.state], document.since)
    if document.told_at is None:
        return _made(CaseStatus.RECEIVED, document.since)
    if marks.asked_at is not None and marks.asked_at >= document.told_at:
        return _made(CaseStatus.WITH_US, marks.asked_at)
    if marks.supplier_since is not None and marks.supplier_since >= document.told_at:
        return _made(CaseStatus.WAITING_SUPPLIER, marks.supplier_since)
    return _made(CaseStatus.WAITING_CUSTOMER, document.told_at)


def _empty(marks: CaseMarks) -> CaseStanding:
    if marks.asked_at is not None and marks.asked_at > (marks.closed_at or marks.opened_at):
        return _made(CaseStatus.WITH_US, marks.asked_at)
    if marks.closed_at is not None:
        return _made(CaseStatus.CLOSED, marks.closed_at)
    return _made(CaseStatus.RECEIVED, marks.opened_at)


def _made(status: CaseStatus, since: datetime) -> CaseStanding:
    return CaseStanding(status=status, ball=_BALLS[status], since=since)


_STATUS_WORDS: Final[Mapping[str, Mapping[CaseStatus, str]]] = {
    "da": {
        CaseStatus.RECEIVED: "modtaget",
        CaseStatus.WAITING_CUSTOMER: "venter på jer",
        CaseStatus.WAITING_SUPPLIER: "venter på leverandøren",
        CaseStatus.WITH_US: "hos os",
        CaseStatus.POSTED: "bogført",
        CaseStatus.PAID: "betalt",
        CaseStatus.CLOSED: "lukket",
    },
    "en": {
        CaseStatus.RECEIVED: "received",
        CaseStatus.WAITING_CUSTOMER: "waiting for you",
        CaseStatus.WAITING_SUPPLIER: "waiting for the supplier",
        CaseStatus.WITH_US: "with us",
        CaseStatus.POSTED: "posted",
        CaseStatus.PAID: "paid",
        CaseStatus.CLOSED: "closed",
    },
}


def status_words(status: CaseStatus, language: str) -> str:
    """The status as the customer reads it.

    Args:
        status: The status.
        language: `da` or `en`.
    """
    return _STATUS_WORDS[language][status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing to repair: an error type and the creditor, account or value that it is about."""

    code: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseKey:
    """Documents of one customer with an equal key are put right by the same repair."""

    customer: str
    causes: frozenset[Cause]

    @property
    def hash(self) -> str:
        """SHA-256 in hex, by which the store finds the case of this cause."""
        return sha256_hex(
            canonical_text(
                {
                    "customer": self.customer,
                    "causes": sorted((cause.code, cause.value) for cause in self.causes),
                }
            )
        )


def cause_of(
    findings: Iterable[Finding], taxonomy: Taxonomy, *, customer: str, creditor: str
) -> CauseKey | None:
    """The repair that puts a document right, when that repair may put others right too.

    Args:
        findings: All causes of the document.
        taxonomy: Says by `one-repair` what the repair of an error type is about.
        customer: Bogføringskreds.
        creditor: The creditor's number, or the supplier's name when it has none.

    Returns:
        None when one of the causes is the document's own, so it needs a case for itself.
    """
    causes: set[Cause] = set()
    for finding in findings:
        repair = taxonomy[finding.code].one_repair if finding.code in taxonomy else None
        value = creditor if repair is OneRepair.CREDITOR else finding.seen
        words = " ".join(value.split()).casefold()
        if repair is None or not words:
            return None
        causes.add(Cause(code=finding.code, value=words))
    return CauseKey(customer=customer, causes=frozenset(causes)) if causes else None
