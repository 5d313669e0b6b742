"""The year-end: what is open against each deadline, and what a given day will be like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from robot.domain.calendar import COPENHAGEN, Calendar, CutOff, DueRun, Period
from robot.domain.case import Ball
from robot.domain.customer import Customer
from robot.domain.state import State
from robot.flow.view_port import StateCount

_HOLDERS: Final[Mapping[State, Ball]] = {
    State.PULLED: Ball.ROBOT,
    State.DECIDED: Ball.ROBOT,
    State.POSTING: Ball.ROBOT,
    State.REJECTING: Ball.ROBOT,
    State.HELD: Ball.SAM,
    State.UNREADABLE: Ball.SAM,
    State.BOUNCED: Ball.CUSTOMER,
}
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: A deadline is shown until so long after it.
_SHOWN_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocuments:
    """How many documents of a customer are not finished, by who has the ball."""

    customer: str
    by_ball: Mapping[Ball, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_ball.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A cut-off, or the close of a period, and how things stand against it.

    `runs_left` and `hours_left` are runs of the robot and opening hours from the instant of the
    board until the deadline. `unauthorised` are customers of `open` who have nobody on their
    declaration for the day, where only such persons may act.
    """

    cut_off: CutOff
    closes_period: bool
    passed: bool
    runs_left: int
    hours_left: float
    open: tuple[OpenDocuments, ...]
    unauthorised: frozenset[str]

    @property
    def total(self) -> int:
        """Open documents of all customers that it concerns."""
        return sum(customer.total for customer in self.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRule:
    """A customer's wish for a while: a rule, or a dispensation from one, that ends by itself."""

    customer: str
    rule: str
    why: str
    first: date | None
    last: date | None
    dispensation: bool = False

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day; `last` is its last one."""
        return (self.first is None or self.first <= day) and (
            self.last is None or day <= self.last
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """What a day is like: hours, runs, the periods that can still be posted to."""

    day: date
    hours: tuple[datetime, datetime] | None
    runs: tuple[DueRun, ...]
    open_periods: tuple[Period, ...]
    closed_periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The deadlines as seen from an instant, soonest first."""

    at: datetime
    ahead: DayAhead
    deadlines: tuple[Deadline, ...]
    #: In force on the day, sorted by the day on which they end.
    wishes: tuple[DatedRule, ...]
    #: Not in force any more, or not yet, on the day.
    other_wishes: tuple[DatedRule, ...]


def board(
    counts: Iterable[StateCount],
    customers: Sequence[Customer],
    wishes: Iterable[DatedRule],
    *,
    calendar: Calendar,
    at: datetime,
) -> Board:
    """The board as it looks at an instant, if until then nothing more is done.

    Args:
        counts: Where documents stand now.
        customers: Whose they are; others do not count.
        wishes: Their dated rules.
        calendar: Periods, cut-offs, runs and hours.
        at: The instant; for a rehearsal one to come.
    """
    day = at.astimezone(COPENHAGEN).date()
    opened = _open(counts, customers)
    deadlines = [
        _deadline(cut_off, closes_period, opened, customers, calendar, at)
        for cut_off, closes_period in _all_cut_offs(calendar)
        if cut_off.at > at - _SHOWN_AFTER
    ]
    known = sorted(wishes, key=lambda it: (it.last or date.max, it.customer, it.rule))
    return Board(
        at=at,
        ahead=day_ahead(calendar, day),
        deadlines=tuple(sorted(deadlines, key=lambda it: (it.cut_off.at, it.closes_period))),
        wishes=tuple(it for it in known if it.in_force(day)),
        other_wishes=tuple(it for it in known if not it.in_force(day)),
    )


def day_ahead(calendar: Calendar, day: date) -> DayAhead:
    """What a day is like. A period is open until the end of the day on which it closes."""
    return DayAhead(
        day=day,
        hours=calendar.open_on(day),
        runs=tuple(calendar.runs_on(day)),
        open_periods=tuple(it for it in calendar.periods if day <= it.closes),
        closed_periods=tuple(it for it in calendar.periods if day > it.closes),
    )


def _all_cut_offs(calendar: Calendar) -> list[tuple[CutOff, bool]]:
    closing = [
        CutOff(
            period=it.name,
            year=it.year,
            at=datetime.combine(it.closes, time(23, 59, 59), COPENHAGEN),
            da=f"Periode {it.name} lukker",
            en=f"Period {it.name} closes",
        )
        for it in calendar.periods
    ]
    return [*((it, False) for it in calendar.cut_offs), *((it, True) for it in closing)]


def _open(counts: Iterable[StateCount], customers: Sequence[Customer]) -> list[OpenDocuments]:
    served = {customer.bogfoeringskreds for customer in customers}
    found: dict[str, dict[Ball, int]] = defaultdict(lambda: defaultdict(int))
    for count in counts:
        holder = _HOLDERS.get(count.state)
        if holder is not None and count.customer in served:
            found[count.customer][holder] += count.documents
    opened = [OpenDocuments(customer=name, by_ball=dict(it)) for name, it in found.items()]
    return sorted(opened, key=lambda it: (-it.total, it.customer))


def _deadline(
    cut_off: CutOff,
    closes_period: bool,
    opened: Sequence[OpenDocuments],
    customers: Sequence[Customer],
    calendar: Calendar,
    at: datetime,
) -> Deadline:
    passed = cut_off.at <= at
    concerned = tuple(it for it in opened if cut_off.customer in {"", it.customer})
    nobody = frozenset(
        customer.bogfoeringskreds
        for customer in customers
        if cut_off.authorised_only
        and cut_off.customer in {"", customer.bogfoeringskreds}
        and not customer.on_declaration(cut_off.at.date())
    )
    return Deadline(
        cut_off=cut_off,
        closes_period=closes_period,
        passed=passed,
        runs_left=0 if passed else _runs_between(calendar, at, cut_off.at),
        hours_left=0.0 if passed else calendar.working_time(at, cut_off.at) / _HOUR,
        open=concerned,
        unauthorised=nobody,
    )


def _runs_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    first, last = (it.astimezone(COPENHAGEN).date() for it in (start, end))
    days = (first + _DAY * number for number in range((last - first).days + 1))
    return sum(start <= run.at <= end for day in days for run in calendar.runs_on(day))
