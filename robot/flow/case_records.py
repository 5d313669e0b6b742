"""What the store takes and gives about cases, their parties and shared mailboxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from robot.domain.case import (
    CaseMarks,
    CaseStanding,
    EntryKind,
    PartyKind,
    PartyOrigin,
    Visibility,
)
from robot.domain.decision import Finding
from robot.domain.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case; `marks` is what people did to it."""

    number: str
    customer: str
    marks: CaseMarks
    closed_by: str | None = None
    #: Equal for cases that the same repair puts right; None for a case of one document.
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """One document of a case: its latest version, and the customer's clock for it."""

    document_key: str
    case_number: str
    #: Row id of the latest version.
    document: int
    version: str
    state: State
    #: Since when it stands so.
    since: datetime
    joined_at: datetime
    system: str
    source_id: str
    number: str
    supplier: str
    kind: str
    issue_date: date | None
    due_date: date | None
    total: Decimal | None
    currency: str
    confidential: bool
    #: Error types of the decision that stands.
    codes: tuple[str, ...]
    receipt: str | None
    #: The last day on which a fix is in time, and what decided it (a `FixByReason` value).
    fix_by: date | None = None
    fix_by_reason: str | None = None
    #: When the notice of this episode was handed over.
    told_at: datetime | None = None
    reminders: int = 0
    reminded_on: date | None = None
    escalated_on: date | None = None
    #: When the closing mail was written.
    closing_at: datetime | None = None
    #: When the bank had paid it.
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOnCase:
    """A document with its case."""

    case: CaseRow
    document: CaseDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParty:
    """An address that sees a case; lower case."""

    case_number: str
    address: str
    kind: PartyKind
    origin: PartyOrigin
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEntry:
    """Something said on a case or done to it."""

    id: int
    case_number: str
    at: datetime
    #: An address, a clerk's name or `robot`.
    author: str
    kind: EntryKind
    visibility: Visibility
    text: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """Something to be said on a case. What the customer may not see is `internal`."""

    case_number: str
    #: An address, a clerk's name or `robot`.
    author: str
    kind: EntryKind
    visibility: Visibility
    text: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases a listing shows; empty fields do not narrow it."""

    customer: str = ""
    #: Of these customers only; None: of all.
    customers: frozenset[str] | None = None
    #: Cases that were closed are left out.
    open_only: bool = False
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStand:
    """How a case stands."""

    number: str
    standing: CaseStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class FixBy:
    """The last day on which a document's fix is in time, as its customer is told."""

    document_key: str
    day: date
    #: A `FixByReason` value.
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncedCauses:
    """Why a document is to be bounced, as far as choosing its case needs it."""

    document: int
    customer: str
    #: The creditor's number, else the supplier's name.
    creditor: str
    confidential: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRow:
    """A shared mailbox that was created or closed by command; lower case."""

    address: str
    customer: str
    created_by: str
    created_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """What commands did last to one person's access to a shared mailbox; lower case."""

    mailbox: str
    person: str
    #: Whether the last act added the person.
    present: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMailbox:
    """A shared mailbox as it stands: rule file and commands together."""

    address: str
    customer: str
    members: tuple[str, ...] = ()
    closed: bool = False
    #: The customer's rule file names it.
    in_rule_file: bool = False
    changes: tuple[MemberChange, ...] = field(default=())
