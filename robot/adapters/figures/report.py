"""The report: figures, causes, aging, weeks and the process, from one frame."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from statistics import median
from typing import Final

import pandas as pd

from robot.adapters.figures.definitions import figure
from robot.adapters.figures.rows import frame
from robot.domain.calendar import COPENHAGEN, Calendar
from robot.domain.journey import EventName, JourneyEvent, in_order
from robot.domain.state import State
from robot.domain.taxonomy import Taxonomy
from robot.flow.figures_port import (
    AgeCount,
    CodeCount,
    Figure,
    Passage,
    Report,
    Week,
    shares,
)
from robot.flow.journey_port import Clocks
from robot.flow.view_port import DocumentLine

_SETTLED: Final = frozenset({State.POSTED, State.DROPPED, State.SUPERSEDED})
_DAY: Final = timedelta(days=1)
#: Upper ends of the groups of days until a document is due.
_DUE: Final = ((-1, "overdue"), (2, "0-2"), (7, "3-7"), (30, "8-30"))
#: Passages shown of the process; rarer ones are noise on a picture.
_PASSAGES: Final = 40


class PandasFigures:
    """Implements `robot.flow.figures_port.Figures`.

    Args:
        calendar: Working time and bank days.
        taxonomy: Who can remove a cause, and how long it takes by hand.
    """

    def __init__(self, calendar: Calendar, taxonomy: Taxonomy) -> None:
        self._calendar = calendar
        self._taxonomy = taxonomy

    def report(
        self,
        documents: Iterable[DocumentLine],
        events: Iterable[JourneyEvent],
        clocks: Mapping[int, Clocks],
        *,
        first: date,
        last: date,
        now: datetime,
    ) -> Report:
        """The report of documents approved (else pulled) from a day to a day, both included."""
        lines = list(documents)
        journeys = {
            key: in_order(told)
            for key, told in groupby(events, key=lambda event: event.document_key)
        }
        rows = frame(
            lines, journeys, clocks, calendar=self._calendar, taxonomy=self._taxonomy, now=now
        )
        rows = rows[(rows["day"] >= first) & (rows["day"] <= last)] if len(rows) else rows
        told = [journeys[key] for key in rows["key"]]
        late = rows[_due_and_paid(rows) & ~rows["on_time"].astype(bool)]
        return Report(
            first=first,
            last=last,
            documents=len(rows),
            figures=tuple(_figures(rows)),
            late_causes=_late_causes(late),
            late=len(late),
            codes=self._codes(told),
            ages=_ages(lines, rows, now.astimezone(COPENHAGEN).date()),
            weeks=_weeks(rows),
            passages=_passages(told),
        )

    def _codes(self, journeys: Iterable[Iterable[JourneyEvent]]) -> tuple[CodeCount, ...]:
        met: Counter[str] = Counter()
        for told in journeys:
            checked = [event for event in told if event.event is EventName.CHECKED]
            met.update({code for event in checked for code in event.detail.get("codes", ())})
        found = []
        for code, documents in met.items():
            fixable_by, minutes = "", 0
            if code in self._taxonomy:
                kind = self._taxonomy[code]
                fixable_by, minutes = kind.fixable_by.value, kind.minutes
            found.append(
                CodeCount(
                    code=code,
                    fixable_by=fixable_by,
                    documents=documents,
                    minutes=documents * minutes,
                )
            )
        return tuple(sorted(found, key=lambda it: (-it.documents, it.code)))


def _figures(rows: pd.DataFrame) -> list[Figure]:
    posted, closed, paid = (rows[name].astype(bool) for name in ("posted", "closed", "paid"))
    touched = rows["touched"].astype(bool)
    bounced = rows["bounces"] > 0
    untouched = posted & ~touched
    due = rows["due"].notna()
    late_start = rows["late_at_receipt"].astype(bool)
    judged = _due_and_paid(rows) & ~late_start
    right = paid & ~bounced & ~touched & (rows["checks"] <= 1) & ~rows["reversed"].astype(bool)
    goal = rows["goal_known"].astype(bool)
    dealt = rows.loc[posted | bounced | rows["dropped"].astype(bool), "sam_hours"]
    lead = rows["payment_lead"].dropna().astype(float)
    turnaround = rows["turnaround"].dropna().astype(float)
    return [
        figure("robot-share", _n(posted), _n(closed)),
        figure("touchless-strict", _n(untouched & ~bounced), _n(closed)),
        figure("touchless-lenient", _n(untouched), _n(closed)),
        figure("first-time-right", _n(right), _n(paid)),
        figure("bounce-rate", _n(bounced), len(rows)),
        figure("loops", int(rows["bounces"].sum()), _n(bounced)),
        figure("preventable-bounces", int(rows["preventable"].sum()), int(rows["bounces"].sum())),
        _quantile("handling-p50", dealt, 0.5),
        _quantile("handling-p90", dealt, 0.9),
        figure("within-goal", _n(goal & rows["in_goal"].astype(bool)), _n(goal)),
        figure("on-time", _n(judged & rows["on_time"].astype(bool)), _n(judged)),
        figure("late-at-receipt", _n(due & late_start), _n(due)),
        _quantile("payment-lead", lead, 0.5),
        _quantile("turnaround", turnaround, 0.5),
        figure(
            "notice-effectiveness",
            _n(bounced & posted & ~rows["reminded"].astype(bool)),
            _n(bounced),
        ),
        figure("precision", _n(posted & ~rows["reversed"].astype(bool)), _n(posted)),
        figure("unmapped", int(rows["unmapped"].sum()), int(rows["refusals"].sum())),
    ]


def _n(which: pd.Series[bool]) -> int:
    return int(which.sum())


def _quantile(code: str, values: pd.Series[float], at: float) -> Figure:
    measured = float(values.astype(float).quantile(at)) if len(values) else None
    return figure(code, measured or 0.0, len(values), measured=measured)


def _due_and_paid(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["paid"].astype(bool) & rows["due"].notna()


def _late_causes(late: pd.DataFrame) -> Mapping[str, float]:
    """Days that each held of late payments; what was late from the start is nobody's here."""
    fair = late[~late["late_at_receipt"].astype(bool)]
    parts = {
        name: float(fair[f"late_{name}"].sum()) for name in ("customer", "sam", "bank", "supplier")
    }
    started = float(len(late) - len(fair))
    whole = shares({name: part for name, part in parts.items() if part})
    if not len(late):
        return {}
    fair_share = len(fair) / len(late)
    found = {name: share * fair_share for name, share in whole.items()}
    if started:
        found["late-at-receipt"] = started / len(late)
    return found


def _ages(lines: Iterable[DocumentLine], rows: pd.DataFrame, today: date) -> tuple[AgeCount, ...]:
    balls = dict(zip(rows["key"], rows["ball"], strict=True))
    counted: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if line.state in _SETTLED or line.document_key not in balls:
            continue
        counted[balls[line.document_key] or "sam", _due_in(line.due_date, today)] += 1
    return tuple(
        AgeCount(ball=ball, due_in=due_in, documents=many)
        for (ball, due_in), many in sorted(counted.items())
    )


def _due_in(due: date | None, today: date) -> str:
    if due is None:
        return "unknown"
    days = (due - today).days
    return next((name for most, name in _DUE if days <= most), "later")


def _weeks(rows: pd.DataFrame) -> tuple[Week, ...]:
    found = []
    mondays = rows["day"].map(lambda day: day - timedelta(days=day.weekday()))
    for monday, part in rows.groupby(mondays, sort=True):
        judged = _due_and_paid(part) & ~part["late_at_receipt"].astype(bool)
        untouched = part["posted"].astype(bool) & ~part["touched"].astype(bool)
        found.append(
            Week(
                monday=monday,
                approved=len(part),
                closed=_n(part["closed"].astype(bool)),
                touchless=_n(untouched & (part["bounces"] == 0)),
                settled=_n(judged),
                on_time=_n(judged & part["on_time"].astype(bool)),
            )
        )
    return tuple(found)


def _passages(journeys: Iterable[Iterable[JourneyEvent]]) -> tuple[Passage, ...]:
    between: dict[tuple[str, str], list[float]] = defaultdict(list)
    for told in journeys:
        for one, other in pairwise(told):
            between[one.event.value, other.event.value].append((other.at - one.at) / _DAY)
    found = [
        Passage(origin=origin, to=to, times=len(days), median_days=median(days))
        for (origin, to), days in between.items()
    ]
    return tuple(sorted(found, key=lambda it: (-it.times, it.origin, it.to))[:_PASSAGES])
