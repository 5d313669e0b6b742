"""Documents in rows that can be summed up: many alike in one, those that move each in its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import pandas as pd

from robot.domain.calendar import Calendar
from robot.domain.case import Ball
from robot.flow.measure_port import Alike, Held, Mark, Measure, Spread
from robot.flow.measuring import DAY, HOUR

#: Whose days of late payments are told apart, by the name of the field that counts them.
HOLDERS: Final = {
    Ball.CUSTOMER: "customer",
    Ball.SAM: "centre",
    Ball.BANK: "bank",
    Ball.SUPPLIER: "supplier",
}
_MARKS: Final = {mark: str(mark.name).lower() for mark in Mark}
_COLUMNS: Final = (
    "day",
    "many",
    "bounces",
    "preventable",
    "refusals",
    "unmapped",
    "goal_known",
    *HOLDERS.values(),
    *_MARKS.values(),
)


def frame(alike: Iterable[Alike], moving: Iterable[Measure], now: datetime) -> pd.DataFrame:
    """A row for documents that are alike (`many` of them), and one for each that moves."""
    rows = [_row(item, item.documents, item.held, known=True) for item in alike]
    for item in moving:
        known = Mark.DEALT in item.marks or (item.goal_at is not None and item.goal_at <= now)
        rows.append(_row(item, 1, _held(item, now), known=known))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(item: Alike | Measure, many: int, held: Held, *, known: bool) -> dict[str, Any]:
    return {
        "day": item.day,
        "many": many,
        "bounces": item.bounces,
        "preventable": item.preventable,
        "refusals": item.refusals,
        "unmapped": item.unmapped,
        "goal_known": Mark.HAS_GOAL in item.marks and known,
        **{name: getattr(held, name) for name in HOLDERS.values()},
        **{name: mark in item.marks for mark, name in _MARKS.items()},
    }


def _held(item: Measure, now: datetime) -> Held:
    """Days for which each had the ball until now."""
    if item.ball not in HOLDERS or item.ball_since is None:
        return item.held
    name = HOLDERS[item.ball]
    days = {each: getattr(item.held, each) for each in HOLDERS.values()}
    days[name] += max(0.0, (now - item.ball_since) / DAY)
    return Held(**days)


def moved(item: Measure, what: Spread, calendar: Calendar, now: datetime) -> float | None:
    """A number of a document that moves, as of now."""
    if what is Spread.TURNAROUND_HOURS:
        return item.turnaround_hours
    if what is Spread.PAYMENT_LEAD_DAYS:
        return item.payment_lead_days
    hours = item.centre_hours
    if hours is None or item.ball is not Ball.SAM or item.ball_since is None:
        return hours
    return hours + calendar.working_time(item.ball_since, now) / HOUR
