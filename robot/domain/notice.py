"""What a customer is told: one digest per customer and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from robot.domain.customer import Customer
from robot.domain.decision import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeItem:
    """One bounced document about which its customer has not been told yet."""

    customer: Customer
    #: `SAM-2026-000123`, given when the document was first bounced.
    case_number: str
    document_key: str
    number: str
    supplier: str
    kind: str
    issue_date: date | None
    due_date: date | None
    total: Decimal | None
    currency: str
    confidential: bool
    findings: tuple[Finding, ...]
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFinding:
    """One cause, ready to be read: texts rendered, values quoted only where that is allowed."""

    code: str
    title: str
    explain: str
    fix: str
    order: int


class MailPurpose(StrEnum):
    """What a mail is for; it decides its headers, who gets it and what is counted."""

    #: All that is new to a customer in one run.
    DIGEST = "digest"
    #: About one case, at once, because its time is short or it is critical.
    SINGLE = "single"
    REMINDER = "reminder"
    #: The deadline has passed: to the customer's second contact role.
    ESCALATION = "escalation"
    #: It is posted.
    CLOSING = "closing"
    #: An answer to `STATUS`.
    STATUS = "status"
    #: A customer's mail has arrived.
    ACKNOWLEDGEMENT = "acknowledgement"


class FixByReason(StrEnum):
    """What decided the date until which a document has to be fixed."""

    #: A later fix would miss the invoice's due date.
    DUE_DATE = "due-date"
    #: The working days that the error types give.
    DEADLINE = "deadline"
    #: The due date can't be kept any more, so it is today.
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDocument:
    """One bounced invoice with all its causes. A confidential one shows its number and no more."""

    case_number: str
    document_key: str
    number: str
    supplier: str
    kind: str
    issue_date: date | None
    due_date: date | None
    total: Decimal | None
    currency: str
    #: The last date on which a fix keeps the due date, by the calendar; computed once and stored.
    fix_by: date
    confidential: bool
    findings: tuple[NoticeFinding, ...]
    fix_by_reason: FixByReason = FixByReason.DEADLINE
    #: Where an answer about its case goes; the sender when empty.
    reply_to: str = ""
    #: The page of its case; empty when there is none.
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One mail's worth: a customer, its receivers and its bounced documents, most urgent first."""

    customer: str
    bogfoeringskreds: str
    language: str
    #: `sdi` or `indfak`.
    source_system: str
    recipients: tuple[str, ...]
    documents: tuple[NoticeDocument, ...]
    #: When the robot runs next, aware, Europe/Copenhagen.
    next_run: datetime
    made_on: date
    #: Other open bounced documents of the customer that it was told about before.
    still_open: int = 0
    #: `digest`, or `single` for one case whose time is short.
    purpose: MailPurpose = MailPurpose.DIGEST
    #: Where answers go when it is about one case; the sender when empty.
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCase:
    """A case that still waits for its customer, as a reminder shows it: nothing is quoted."""

    case_number: str
    #: The first of its documents stands for all.
    number: str
    supplier: str
    kind: str
    confidential: bool
    documents: int
    fix_by: date
    #: When the customer was told first.
    told_on: date
    #: Working days since then.
    waited: int
    reply_to: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What still waits for a customer, most urgent first."""

    #: `reminder`, or `escalation` to the second contact role.
    purpose: MailPurpose
    customer: str
    bogfoeringskreds: str
    language: str
    source_system: str
    recipients: tuple[str, ...]
    cases: tuple[WaitingCase, ...]
    next_run: datetime
    made_on: date
    reply_to: str = ""
    #: Message-IDs of the thread that it goes on with, oldest first.
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDocument:
    """A document that was bounced and is now posted."""

    case_number: str
    number: str
    supplier: str
    kind: str
    confidential: bool
    total: Decimal | None
    currency: str
    #: When it is paid; None for a credit note, or when nobody knows.
    pays_on: date | None
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What became of documents that the customer has put right; ends the thread of their cases."""

    customer: str
    bogfoeringskreds: str
    language: str
    recipients: tuple[str, ...]
    documents: tuple[ClosedDocument, ...]
    made_on: date
    reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A rendered mail. `message_id` is fixed by the notice's key, so a resend is the same mail."""

    message_id: str
    recipients: tuple[str, ...]
    sender: str
    subject: str
    plain: str
    html: str
    language: str
    headers: tuple[tuple[str, str], ...] = ()
    purpose: MailPurpose = MailPurpose.DIGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAddress:
    """A receiver to whom a mail server does not deliver, in its words."""

    address: str
    #: Enhanced status code (RFC 3463) when there is one, such as `5.1.1`; else the reply code.
    code: str
    words: str
    #: Nobody has this address. Otherwise it is right, and full or closed to us for now.
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a mail server said to a mail: when it was not taken, nobody got it."""

    taken: bool = True
    #: Did not get it, and will not.
    refused: tuple[RefusedAddress, ...] = ()
    #: Did not get it for now, such as by greylisting.
    put_off: tuple[RefusedAddress, ...] = ()
