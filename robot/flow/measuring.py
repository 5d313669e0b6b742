"""Measuring journeys when they are told, so that a report only has to add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from robot.domain.answer import saying
from robot.domain.calendar import COPENHAGEN
from robot.domain.canonical import canonical_text, sha256_hex
from robot.domain.case import Ball
from robot.domain.journey import (
    Actor,
    EventName,
    JourneyEvent,
    Span,
    ball,
    first,
    in_order,
    last,
    spans,
)
from robot.domain.state import State
from robot.domain.taxonomy import FixableBy, Taxonomy
from robot.flow.context import Run
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.garbage import seldom_collected
from robot.flow.measure_port import Held, Mark, Measure, Subject
from robot.flow.ports import WorkCalendar
from robot.flow.store_port import Store, Unit

#: Counted up when a measure comes to mean something else: then all are made anew.
_DEFINITION: Final = 1
#: Events that are measured together.
_PAGE: Final = 5_000
#: Hex digits of a hash that fit in a database's integer.
_DIGITS: Final = 15
#: Acts with which a clerk touches a document.
_TOUCHES: Final = frozenset(
    {EventName.RECHECK_ASKED, EventName.RELEASED, EventName.BOUNCE_ASKED, EventName.DROPPED}
)
_OURS: Final = frozenset({FixableBy.SAM_RULE, FixableBy.SAM_MASTERDATA})
_PAID: Final = (EventName.SETTLED, EventName.CLEARED)
_SETTLED: Final = frozenset({State.POSTED, State.DROPPED, State.SUPERSEDED})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def measure(
    subject: Subject, told: Sequence[JourneyEvent], calendar: WorkCalendar, taxonomy: Taxonomy
) -> Measure:
    """What became of a document so far.

    Args:
        subject: Its latest version.
        told: Its journey in order, with at least one event.
        calendar: Working time and bank days.
        taxonomy: Who can remove a cause.
    """
    approved = first(told, EventName.APPROVED, EventName.PICKED)
    posted, paid = last(told, EventName.POSTED), first(told, *_PAID)
    bounced = [event for event in told if event.event is EventName.BOUNCED]
    refused = [event for event in told if event.event is EventName.REFUSED]
    holder = ball(told)
    held = spans(told, until=holder[1] if holder else told[-1].at)
    marks = _marks(subject, told, calendar)
    return Measure(
        document_key=subject.document_key,
        customer=subject.customer,
        day=_day(approved.at if approved else subject.pulled_at),
        marks=marks,
        waiting=subject.state not in _SETTLED,
        bounces=len(bounced),
        preventable=sum(_is_ours(event, taxonomy) for event in bounced),
        refusals=len(refused),
        unmapped=sum(ERP_UNMAPPED in event.detail.get("codes", ()) for event in refused),
        centre_hours=_worked(held, calendar) if Mark.DEALT in marks else None,
        turnaround_hours=_turnaround(told, calendar),
        payment_lead_days=(paid.at - posted.at) / DAY if paid and posted else None,
        held=Held(
            customer=_days(held, Ball.CUSTOMER),
            centre=_days(held, Ball.SAM),
            bank=_days(held, Ball.BANK),
            supplier=_days(held, Ball.SUPPLIER),
        ),
        ball=holder[0] if holder else None,
        ball_since=holder[1] if holder else None,
        due=subject.due_date,
        goal_at=subject.goal_at,
        codes=tuple(dict.fromkeys(code for event in told for code in _checked(event))),
        path=tuple(event.event.value for event in told),
        path_days=tuple((other.at - one.at) / DAY for one, other in pairwise(told)),
    )


def _marks(subject: Subject, told: Sequence[JourneyEvent], calendar: WorkCalendar) -> Mark:
    names = {event.event for event in told}
    paid = first(told, *_PAID)
    dealt = first(told, EventName.POSTED, EventName.BOUNCED, EventName.DROPPED)
    due, goal = subject.due_date, subject.goal_at
    checks = sum(event.event is EventName.CHECKED for event in told)
    holds = {
        Mark.POSTED: EventName.POSTED in names,
        Mark.DROPPED: EventName.DROPPED in names,
        Mark.TOUCHED: any(e.event in _TOUCHES and e.actor is Actor.SAM for e in told),
        Mark.BOUNCED: EventName.BOUNCED in names,
        Mark.REVERSED: EventName.REVERSED in names,
        Mark.PAID: paid is not None,
        Mark.DUE: due is not None,
        Mark.PAID_ON_TIME: paid is not None
        and due is not None
        and _day(paid.at) <= calendar.next_bank_day(due),
        Mark.LATE_AT_RECEIPT: subject.late_at_receipt,
        Mark.DEALT: dealt is not None,
        Mark.HAS_GOAL: goal is not None,
        Mark.IN_GOAL: goal is not None and dealt is not None and dealt.at <= goal,
        Mark.REMINDED: EventName.REMINDER_SENT in names,
        Mark.CHECKED_AGAIN: checks > 1,
    }
    found = Mark(0)
    for mark, is_so in holds.items():
        if is_so:
            found |= mark
    return found


def _worked(held: Sequence[Span], calendar: WorkCalendar) -> float:
    """Working hours at the centre."""
    whole = timedelta()
    for span in held:
        if span.holder is Ball.SAM:
            whole += calendar.working_time(span.start, span.end)
    return whole / HOUR


def _days(held: Sequence[Span], holder: Ball) -> float:
    whole = timedelta()
    for span in held:
        if span.holder is holder:
            whole += span.end - span.start
    return whole / DAY


def _turnaround(told: Sequence[JourneyEvent], calendar: WorkCalendar) -> float | None:
    bounced = first(told, EventName.BOUNCED)
    if bounced is None:
        return None
    again = next((e for e in told if e.event is EventName.APPROVED and e.at > bounced.at), None)
    return None if again is None else calendar.working_time(bounced.at, again.at) / HOUR


def _is_ours(event: JourneyEvent, taxonomy: Taxonomy) -> bool:
    codes = [code for code in event.detail.get("codes", ()) if code in taxonomy]
    return bool(codes) and all(taxonomy[code].fixable_by in _OURS for code in codes)


def _checked(event: JourneyEvent) -> Sequence[str]:
    found: Sequence[str] = event.detail.get("codes", ())
    return found if event.event is EventName.CHECKED else ()


def _day(at: datetime) -> date:
    return at.astimezone(COPENHAGEN).date()


def basis_of(calendar: WorkCalendar, taxonomy: Taxonomy) -> int:
    """What measures depend on beside the journeys, as a number that is never 0."""
    ours = sorted(kind.code for kind in taxonomy if kind.fixable_by in _OURS)
    closed = [
        sorted(day.isoformat() for day in days)
        for days in (calendar.centre_closed, calendar.bank_closed)
    ]
    hours = [repr(each) for each in (calendar.hours, *calendar.other_hours)]
    text = canonical_text([_DEFINITION, ours, closed, hours])
    return int(sha256_hex(text)[:_DIGITS], 16) + 1


def bring_up_to_date(
    store: Store,
    writing: Callable[[], AbstractContextManager[Unit]],
    calendar: WorkCalendar,
    taxonomy: Taxonomy,
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Measure what was told since the last time; how many documents that are.

    After a change of calendar or taxonomy all are measured anew, one after the other in place.

    Raises:
        StoreError: The robot's own database can't be used.
    """
    basis = basis_of(calendar, taxonomy)
    if store.measures.basis() != basis:
        with writing() as unit:
            unit.measures.begin_anew(basis)
    measured = 0
    while not stopping():
        keys, until = store.measures.due(_PAGE)
        if not until:
            break
        with seldom_collected():
            told = store.journeys.of(keys)
            found = [
                measure(subject, in_order(told[subject.document_key]), calendar, taxonomy)
                for subject in store.measures.subjects(keys)
            ]
        with writing() as unit:
            unit.measures.keep(found)
            unit.measures.measured_to(until)
        measured += len(found)
    return measured


def measure_journeys(run: Run) -> None:
    """Measure what this run told; posting invoices does not wait for it."""
    ports = run.ports
    try:
        bring_up_to_date(
            ports.store, run.unit, ports.calendar, ports.taxonomy, stopping=run.stopping
        )
    except Exception as error:  # noqa: BLE001 - figures stop nothing
        run.fault(error, "the figures")
        run.problems.append(saying("figures-behind", text=error))
