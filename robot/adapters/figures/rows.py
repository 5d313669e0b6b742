"""One row for each document: what happened to it, in columns that can be summed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import pandas as pd

from robot.domain.calendar import COPENHAGEN, Calendar
from robot.domain.case import Ball
from robot.domain.journey import Actor, EventName, JourneyEvent, first, last, spans
from robot.domain.taxonomy import FixableBy, Taxonomy
from robot.flow.journey_port import Clocks
from robot.flow.view_port import DocumentLine

#: Acts with which a clerk touches a document.
_TOUCHES: Final = frozenset(
    {EventName.RECHECK_ASKED, EventName.RELEASED, EventName.BOUNCE_ASKED, EventName.DROPPED}
)
_OURS: Final = frozenset({FixableBy.SAM_RULE, FixableBy.SAM_MASTERDATA})
_PAID: Final = (EventName.SETTLED, EventName.CLEARED)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
UNMAPPED: Final = "erp-unmapped"


def frame(
    documents: Iterable[DocumentLine],
    journeys: Mapping[str, Sequence[JourneyEvent]],
    clocks: Mapping[int, Clocks],
    *,
    calendar: Calendar,
    taxonomy: Taxonomy,
    now: datetime,
) -> pd.DataFrame:
    """A row for each document of the list that has a journey, which is in order."""
    lines = {line.document_key: line for line in documents}
    rows = [
        _row(lines[key], told, clocks.get(lines[key].id), calendar, taxonomy, now)
        for key, told in journeys.items()
        if key in lines
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS: Final = (
    "key",
    "day",
    "posted",
    "dropped",
    "closed",
    "touched",
    "bounces",
    "preventable",
    "checks",
    "reversed",
    "paid",
    "due",
    "on_time",
    "late_at_receipt",
    "sam_hours",
    "goal_known",
    "in_goal",
    "turnaround",
    "reminded",
    "refusals",
    "unmapped",
    "payment_lead",
    "late_customer",
    "late_sam",
    "late_bank",
    "late_supplier",
    "ball",
)


def _row(
    line: DocumentLine,
    told: Sequence[JourneyEvent],
    clock: Clocks | None,
    calendar: Calendar,
    taxonomy: Taxonomy,
    now: datetime,
) -> dict[str, Any]:
    names = [event.event for event in told]
    approved = first(told, EventName.APPROVED, EventName.PICKED)
    posted, paid = last(told, EventName.POSTED), first(told, *_PAID)
    bounced = [event for event in told if event.event is EventName.BOUNCED]
    is_posted = posted is not None
    held = spans(told, until=now)
    paid_on = _day(paid.at) if paid else None
    goal = clock.goal_at if clock else None
    late_from_start = bool(clock and clock.late_at_receipt)
    dealt = first(told, EventName.POSTED, EventName.BOUNCED, EventName.DROPPED)
    return {
        "key": line.document_key,
        "day": _day(approved.at if approved else line.pulled_at),
        "posted": is_posted,
        "dropped": EventName.DROPPED in names,
        "closed": is_posted or EventName.DROPPED in names,
        "touched": any(e.event in _TOUCHES and e.actor is Actor.SAM for e in told),
        "bounces": len(bounced),
        "preventable": sum(_is_ours(event, taxonomy) for event in bounced),
        "checks": names.count(EventName.CHECKED),
        "reversed": EventName.REVERSED in names,
        "paid": paid is not None,
        "due": line.due_date,
        "on_time": paid_on is not None
        and line.due_date is not None
        and paid_on <= calendar.next_bank_day(line.due_date),
        "late_at_receipt": late_from_start,
        "sam_hours": sum(
            (calendar.working_time(it.start, it.end) for it in held if it.holder is Ball.SAM),
            timedelta(),
        )
        / _HOUR,
        "goal_known": goal is not None and (dealt is not None or goal <= now),
        "in_goal": goal is not None and dealt is not None and dealt.at <= goal,
        "turnaround": _turnaround(told, calendar),
        "reminded": EventName.REMINDER_SENT in names,
        "refusals": names.count(EventName.REFUSED),
        "unmapped": sum(
            UNMAPPED in event.detail.get("codes", ())
            for event in told
            if event.event is EventName.REFUSED
        ),
        "payment_lead": (paid.at - posted.at) / _DAY if paid and posted else None,
        **{
            f"late_{ball.value}": sum(
                ((it.end - it.start) for it in held if it.holder is ball), timedelta()
            )
            / _DAY
            for ball in (Ball.CUSTOMER, Ball.SAM, Ball.BANK, Ball.SUPPLIER)
        },
        "ball": held[-1].holder.value if held and held[-1].end == now else "",
    }


def _turnaround(told: Sequence[JourneyEvent], calendar: Calendar) -> float | None:
    """Working hours from the first bounce to the approval after it."""
    bounced = first(told, EventName.BOUNCED)
    if bounced is None:
        return None
    again = next((e for e in told if e.event is EventName.APPROVED and e.at > bounced.at), None)
    return None if again is None else calendar.working_time(bounced.at, again.at) / _HOUR


def _is_ours(event: JourneyEvent, taxonomy: Taxonomy) -> bool:
    codes = [code for code in event.detail.get("codes", ()) if code in taxonomy]
    return bool(codes) and all(taxonomy[code].fixable_by in _OURS for code in codes)


def _day(at: datetime) -> date:
    return at.astimezone(COPENHAGEN).date()
