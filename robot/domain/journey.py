"""A document's journey from supplier to cleared payment: its events, and who had the ball when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from robot.domain.case import Ball


class EventName(StrEnum):
    """What happened, in the past tense, as process-mining tools expect it."""

    RECEIVED = "InvoiceReceived"
    DISTRIBUTED = "InvoiceDistributed"
    FIRST_APPROVED = "GoodsReceiptConfirmed"
    APPROVED = "InvoiceApproved"
    TAKEN_BACK = "InvoiceChangedByCustomer"
    PICKED = "InvoicePicked"
    CHECKED = "ChecksEvaluated"
    HELD = "InvoiceHeld"
    SET_ASIDE = "InvoiceSetAside"
    RECHECK_ASKED = "RecheckAsked"
    RELEASED = "InvoiceReleased"
    BOUNCE_ASKED = "BounceAsked"
    DROPPED = "InvoiceDropped"
    BOUNCED = "InvoiceBounced"
    CASE_OPENED = "CaseOpened"
    CASE_CLOSED = "CaseClosed"
    NOTICE_SENT = "NoticeSent"
    NOTICE_FAILED = "NoticeFailed"
    REMINDER_SENT = "ReminderSent"
    REPLIED = "CustomerReplied"
    SUPPLIER_ASKED = "SupplierAsked"
    TRANSFERRED = "InvoiceTransferred"
    REFUSED = "PostingRejected"
    POSTED = "InvoicePosted"
    REVERSED = "InvoiceReversed"
    PAYMENT_PROPOSED = "PaymentProposed"
    SENT_TO_BANK = "PaymentSentToBank"
    PAYMENT_ACCEPTED = "PaymentAccepted"
    PAYMENT_REJECTED = "PaymentRejected"
    SETTLED = "PaymentSettled"
    CLEARED = "InvoiceClearedAndPaid"


#: The order of events that bear the same time, which is usual where only the day is known.
_RANK: Final = {name: rank for rank, name in enumerate(EventName)}


class Precision(StrEnum):
    """How exactly the time of an event is known."""

    SECOND = "second"
    #: Only the day: the event stands at midnight in Copenhagen.
    DAY = "day"


class Actor(StrEnum):
    """Who did it."""

    ROBOT = "robot"
    SAM = "sam"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    BANK = "bank"
    SYSTEM = "system"


#: Who has to act after an event: nobody while it waits for its due date. Events that are not here
#: leave the ball where it is.
_BALL_AFTER: Final[Mapping[EventName, Ball | None]] = {
    EventName.RECEIVED: Ball.CUSTOMER,
    EventName.DISTRIBUTED: Ball.CUSTOMER,
    EventName.FIRST_APPROVED: Ball.CUSTOMER,
    EventName.APPROVED: Ball.SAM,
    EventName.TAKEN_BACK: Ball.CUSTOMER,
    EventName.PICKED: Ball.SAM,
    EventName.HELD: Ball.SAM,
    EventName.SET_ASIDE: Ball.SAM,
    EventName.BOUNCED: Ball.CUSTOMER,
    EventName.SUPPLIER_ASKED: Ball.SUPPLIER,
    EventName.REFUSED: Ball.SAM,
    EventName.POSTED: Ball.NOBODY,
    EventName.REVERSED: Ball.SAM,
    EventName.SENT_TO_BANK: Ball.BANK,
    EventName.PAYMENT_ACCEPTED: Ball.BANK,
    EventName.PAYMENT_REJECTED: Ball.SAM,
    EventName.SETTLED: None,
    EventName.CLEARED: None,
    EventName.DROPPED: None,
}
#: The key of an event's detail that says who has the ball where the event alone does not.
BALL: Final = "ball"


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyEvent:
    """One event of one document.

    `source_ref` names the record it was read from, so that reading it again adds nothing. An
    event whose time is corrected is not changed: a later one names it in `supersedes`.
    """

    document_key: str
    #: Aware, UTC.
    at: datetime
    event: EventName
    system: str
    actor: Actor
    source_ref: str
    actor_name: str = ""
    precision: Precision = Precision.SECOND
    #: Row id of the version, when it is about one.
    document: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int | None = None
    supersedes: int | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time in which one party had the ball."""

    holder: Ball
    start: datetime
    end: datetime
    #: What put the ball there.
    since: EventName


def in_order(events: Iterable[JourneyEvent]) -> list[JourneyEvent]:
    """The events that stand, by time; of those with the same time in the order of the journey."""
    found = list(events)
    replaced = {event.supersedes for event in found if event.supersedes is not None}
    standing = [event for event in found if event.id is None or event.id not in replaced]
    return sorted(standing, key=lambda event: (event.at, _RANK[event.event], event.source_ref))


def spans(events: Iterable[JourneyEvent], *, until: datetime) -> list[Span]:
    """Who had the ball when, without gaps from the first event on.

    Neighbouring times of one party are one span. The last span is open to `until` unless the
    journey has ended.
    """
    found: list[Span] = []
    holder: Ball | None = None
    start, since = until, EventName.RECEIVED
    for event in in_order(events):
        if event.at > until:
            break
        if event.event not in _BALL_AFTER:
            continue
        to = _holder_after(event)
        if to is holder:
            continue
        if holder is not None:
            _add(found, Span(holder=holder, start=start, end=event.at, since=since))
        holder, start, since = to, event.at, event.event
    if holder is not None:
        _add(found, Span(holder=holder, start=start, end=until, since=since))
    return found


def _add(found: list[Span], span: Span) -> None:
    """Add a span unless it is empty; one that goes on with the last is joined with it."""
    if span.end <= span.start:
        return
    if found and found[-1].holder is span.holder and found[-1].end == span.start:
        found[-1] = replace(found[-1], end=span.end)
    else:
        found.append(span)


def ball(events: Iterable[JourneyEvent]) -> tuple[Ball, datetime] | None:
    """Who has the ball and since when; None when the journey has ended or not begun."""
    found: tuple[Ball, datetime] | None = None
    for event in in_order(events):
        if event.event in _BALL_AFTER:
            holder = _holder_after(event)
            if holder is None:
                found = None
            elif found is None or found[0] is not holder:
                found = holder, event.at
    return found


def first(events: Sequence[JourneyEvent], *names: EventName) -> JourneyEvent | None:
    """The earliest of these events of a journey in order."""
    return next((event for event in events if event.event in names), None)


def last(events: Sequence[JourneyEvent], *names: EventName) -> JourneyEvent | None:
    """The latest of these events of a journey in order."""
    return next((event for event in reversed(events) if event.event in names), None)


def _holder_after(event: JourneyEvent) -> Ball | None:
    named = event.detail.get(BALL)
    return Ball(named) if named else _BALL_AFTER[event.event]
