"""The report: figures, causes, aging and weeks, from what the database added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from robot.adapters.figures.definitions import figure
from robot.adapters.figures.passages import passages
from robot.adapters.figures.rows import HOLDERS, frame, moved
from robot.domain.calendar import COPENHAGEN, Calendar
from robot.domain.case import Ball
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
from robot.flow.measure_port import Extent, Mark, Measure, Measures, Spread, Waiting

#: Upper ends of the groups of days until a document is due.
_DUE: Final = ((-1, "overdue"), (2, "0-2"), (7, "3-7"), (30, "8-30"))


class PandasFigures:
    """Implements `robot.flow.figures_port.Figures`.

    Args:
        calendar: Working time and bank days.
        taxonomy: Who can remove a cause, and how long it takes by hand.
    """

    def __init__(self, calendar: Calendar, taxonomy: Taxonomy) -> None:
        self._calendar = calendar
        self._taxonomy = taxonomy

    def report(self, measures: Measures, extent: Extent, now: datetime) -> Report:
        """The report of documents approved (else pulled) on these days, as of an instant."""
        moving = list(measures.moving(extent))
        rows = frame(measures.alike(extent), moving, now)
        late = rows[_due_and_paid(rows) & ~_is(rows, Mark.PAID_ON_TIME)]
        spreads = {
            what: self._spread(measures.spread(extent, what), moving, what, now) for what in Spread
        }
        return Report(
            first=extent.first,
            last=extent.last,
            documents=_sum(rows["many"]),
            figures=tuple(_figures(rows, spreads)),
            late_causes=_late_causes(late),
            late=_sum(late["many"]),
            codes=self._codes(measures.codes(extent)),
            ages=_ages(measures.waiting(extent), now.astimezone(COPENHAGEN).date()),
            weeks=_weeks(rows),
        )

    def passages(self, measures: Measures, extent: Extent) -> tuple[Passage, ...]:
        """What followed what in the journeys of these documents, the most frequent first."""
        return passages(measures.paths(extent))

    def _spread(
        self,
        settled: Iterable[tuple[float, int]],
        moving: Iterable[Measure],
        what: Spread,
        now: datetime,
    ) -> pd.Series[float]:
        """All values, as often as they occur."""
        found = pd.DataFrame(settled, columns=["value", "many"], dtype=float)
        values = np.repeat(found["value"].to_numpy(), found["many"].astype(int).to_numpy())
        more = [moved(item, what, self._calendar, now) for item in moving]
        return pd.Series([*values, *more], dtype=float).dropna()

    def _codes(self, met: Mapping[str, int]) -> tuple[CodeCount, ...]:
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


def _figures(rows: pd.DataFrame, spreads: Mapping[Spread, pd.Series[float]]) -> list[Figure]:
    posted, dropped, paid = (_is(rows, mark) for mark in (Mark.POSTED, Mark.DROPPED, Mark.PAID))
    touched, bounced = _is(rows, Mark.TOUCHED), _is(rows, Mark.BOUNCED)
    due, late_start = _is(rows, Mark.DUE), _is(rows, Mark.LATE_AT_RECEIPT)
    reversed_ = _is(rows, Mark.REVERSED)
    closed, untouched = posted | dropped, posted & ~touched
    judged = _due_and_paid(rows) & ~late_start
    right = paid & ~bounced & ~touched & ~_is(rows, Mark.CHECKED_AGAIN) & ~reversed_
    goal = rows["goal_known"].astype(bool)

    def many(which: pd.Series[bool]) -> int:
        return _sum(rows.loc[which, "many"])

    handling = spreads[Spread.CENTRE_HOURS]
    return [
        figure("robot-share", many(posted), many(closed)),
        figure("touchless-strict", many(untouched & ~bounced), many(closed)),
        figure("touchless-lenient", many(untouched), many(closed)),
        figure("first-time-right", many(right), many(paid)),
        figure("bounce-rate", many(bounced), _sum(rows["many"])),
        figure("loops", _sum(rows["bounces"]), many(bounced)),
        figure("preventable-bounces", _sum(rows["preventable"]), _sum(rows["bounces"])),
        _quantile("handling-p50", handling, 0.5),
        _quantile("handling-p90", handling, 0.9),
        figure("within-goal", many(goal & _is(rows, Mark.IN_GOAL)), many(goal)),
        figure("on-time", many(judged & _is(rows, Mark.PAID_ON_TIME)), many(judged)),
        figure("late-at-receipt", many(due & late_start), many(due)),
        _quantile("payment-lead", spreads[Spread.PAYMENT_LEAD_DAYS], 0.5),
        _quantile("turnaround", spreads[Spread.TURNAROUND_HOURS], 0.5),
        figure(
            "notice-effectiveness",
            many(bounced & posted & ~_is(rows, Mark.REMINDED)),
            many(bounced),
        ),
        figure("precision", many(posted & ~reversed_), many(posted)),
        figure("unmapped", _sum(rows["unmapped"]), _sum(rows["refusals"])),
    ]


def _is(rows: pd.DataFrame, mark: Mark) -> pd.Series[bool]:
    return rows[str(mark.name).lower()].astype(bool)


def _sum(numbers: pd.Series[int]) -> int:
    return int(numbers.sum())


def _quantile(code: str, values: pd.Series[float], at: float) -> Figure:
    measured = float(values.quantile(at)) if len(values) else None
    return figure(code, measured or 0.0, len(values), measured=measured)


def _due_and_paid(rows: pd.DataFrame) -> pd.Series[bool]:
    return _is(rows, Mark.PAID) & _is(rows, Mark.DUE)


def _late_causes(late: pd.DataFrame) -> Mapping[str, float]:
    """Days that each held of late payments; what was late from the start is nobody's here."""
    payments = _sum(late["many"])
    if not payments:
        return {}
    fair = late[~_is(late, Mark.LATE_AT_RECEIPT)]
    parts = {holder.value: float(fair[name].sum()) for holder, name in HOLDERS.items()}
    whole = shares({name: part for name, part in parts.items() if part})
    started = payments - _sum(fair["many"])
    found = {name: share * (payments - started) / payments for name, share in whole.items()}
    if started:
        found["late-at-receipt"] = started / payments
    return found


def _ages(waiting: Iterable[Waiting], today: date) -> tuple[AgeCount, ...]:
    counted: Counter[tuple[str, str]] = Counter()
    for item in waiting:
        counted[(item.ball or Ball.SAM).value, _due_in(item.due, today)] += item.documents
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
    closed = _is(rows, Mark.POSTED) | _is(rows, Mark.DROPPED)
    untouched = _is(rows, Mark.POSTED) & ~_is(rows, Mark.TOUCHED) & ~_is(rows, Mark.BOUNCED)
    settled = _due_and_paid(rows) & ~_is(rows, Mark.LATE_AT_RECEIPT)
    counted = {
        "approved": rows["many"],
        "closed": rows["many"].where(closed, 0),
        "touchless": rows["many"].where(untouched, 0),
        "settled": rows["many"].where(settled, 0),
        "on_time": rows["many"].where(settled & _is(rows, Mark.PAID_ON_TIME), 0),
    }
    mondays = rows["day"].map(lambda day: day - timedelta(days=day.weekday()))
    sums = pd.DataFrame(counted).astype(int).groupby(mondays, sort=True).sum()
    return tuple(
        Week(monday=monday, **{str(name): int(many) for name, many in row.items()})
        for monday, row in zip(sums.index, sums.to_dict("records"), strict=True)
    )
