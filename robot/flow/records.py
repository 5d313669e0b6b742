"""What the robot's own database takes and gives: rows to write and rows to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from robot.domain.decision import Decision, Finding
from robot.domain.facts import Facts
from robot.domain.notice import OutgoingMail
from robot.domain.state import EffectKind, EffectStatus, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to act until it runs out; `token` is higher than that of every earlier lease."""

    name: str
    owner: str
    token: int
    seconds: int
    #: Companies whose documents it may act on, where several robots share the work.
    shares: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the work is shared at a moment."""

    #: The fewest shares that another robot at work holds; None when there is no other.
    fewest: int | None
    #: Of the shares that were asked about: held by another robot.
    held: frozenset[str]
    #: Of the shares that were asked about: held last by a robot that came to the end of them.
    done: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCore:
    """What is kept of one version of a document besides its decisions.

    `number_mark` is equal for equal invoices of one supplier to one company, `likeness_mark` for
    invoices that resemble each other; None when there is no invoice to compare.
    """

    document_key: str
    version: str
    generation: str
    system: str
    company: str
    customer: str
    source_id: str
    name: str
    content_hash: str
    kind: str = ""
    number: str = ""
    supplier: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    total: Decimal | None = None
    payable: Decimal | None = None
    currency: str = ""
    lines: int = 0
    confidential: bool = False
    number_mark: str | None = None
    likeness_mark: str | None = None
    #: What the source states of its way to the centre: JSON, empty when it does not say.
    steps: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVersion:
    """A version that the store has, as far as taking it in again needs it."""

    id: int
    document_key: str
    version: str
    generation: str
    state: State
    #: Hash over the decision that stands; the same decision again writes nothing.
    digest: str
    ruleset: str
    codes: tuple[str, ...]
    #: A clerk asked for a new decision.
    recheck: bool
    #: Decisions so far.
    turn: int
    #: Postings that the ERP refused and faults of the robot, for this version.
    attempts: int
    #: A clerk lets it be posted in spite of findings that may be passed over.
    released_by: str | None
    #: A clerk sends it back to its customer: the rules are not asked again.
    sent_back_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A recorded document that another one repeats or resembles."""

    id: int
    document_key: str
    state: State
    number: str
    number_mark: str
    likeness_mark: str | None
    total: Decimal | None
    issue_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEffect:
    """Something that is to change the world, written with the decision that wants it."""

    kind: EffectKind
    #: Unique among the effects of its kind.
    key: str
    #: Canonical JSON.
    payload: str
    payload_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One version with its decision, ready to be written; `known` is its row when it has one."""

    known: KnownVersion | None
    core: DocumentCore
    state: State
    digest: str
    decision: Decision | None = None
    facts: Facts | None = None
    effects: tuple[NewEffect, ...] = ()
    receipt: str | None = None
    attempts: int = 0
    act: str = "decided"
    detail: Mapping[str, Any] = field(default_factory=dict)
    #: What the rules said, before a clerk's release and what the robot itself found; for the
    #: history. None when they were not asked.
    judged: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step along the table of transitions, with what the audit trail says about it.

    `decision` replaces the one that stands (a refusal by the ERP, a fault of the robot).
    """

    document: int
    origin: State
    to: State
    act: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    receipt: str | None = None
    decision: Decision | None = None
    digest: str | None = None
    #: Add one to the failed attempts.
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One step of an effect or a mail. `tried` is added to its attempts."""

    effect: int
    origin: EffectStatus
    to: EffectStatus
    outcome: str = ""
    tried: int = 0
    #: Of a mail: not handed over again before this instant.
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """A posting or rejection with what it takes to carry it out."""

    id: int
    document: int
    kind: EffectKind
    status: EffectStatus
    document_key: str
    generation: str
    version: str
    company: str
    customer: str
    source_id: str
    payload: str
    payload_hash: str
    attempts: int
    outcome: str
    state: State
    ruleset: str
    #: Invoice number and total with VAT, to know a posted document again.
    number: str
    total: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A bounced document about which its customer was not told yet."""

    effect: int
    document: int
    document_key: str
    version: str
    customer: str
    case_number: str
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
class MailRow:
    """A frozen mail and how far it has come."""

    id: int
    customer: str
    mail: OutgoingMail
    status: EffectStatus
    attempts: int
    outcome: str
    created_at: datetime
    sent_at: datetime | None
    #: How many documents it tells about.
    notices: int = 0
    #: Not handed over again before this instant.
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One version as listings and reports show it."""

    id: int
    core: DocumentCore
    state: State
    outcome: str
    codes: tuple[str, ...]
    ruleset: str
    receipt: str | None
    case_number: str | None
    run: int | None
    attempts: int
    recheck: bool
    released_by: str | None
    pulled_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision as it was recorded; `facts` is the JSON text of what it saw, if anything."""

    id: int
    run: int | None
    decided_at: datetime
    decision: Decision
    facts: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectHistoryRow:
    """An effect as people look at it."""

    kind: EffectKind
    status: EffectStatus
    attempts: int
    outcome: str
    payload_hash: str
    created_at: datetime
    changed_at: datetime
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One row of the trail."""

    seq: int
    at: datetime
    run: int | None
    actor: str
    act: str
    document: int | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailProof:
    """What verifying the trail found; `broken_at` is the first row that does not fit."""

    rows: int
    head: str
    broken_at: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run. `status` is `running`, `done` or `stopped`; a killed run stays `running`."""

    id: int
    slot: str
    owner: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRow:
    """A kill switch; `scope` is a bogføringskreds, or empty for everything."""

    scope: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents a listing shows; empty fields do not narrow it."""

    states: frozenset[State] = frozenset()
    customer: str = ""
    code: str = ""
    run: int | None = None
    #: Source document id, invoice number, case number or the beginning of the document key.
    reference: str = ""
