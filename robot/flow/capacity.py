"""How much work waits for people, how many are needed, and what being touchless is worth."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import fmean, quantiles
from typing import Final

from robot.domain.calendar import Calendar
from robot.domain.rights import Scope
from robot.domain.state import State
from robot.flow.figures_port import Report, in_period
from robot.flow.forecast import Forecast, by_working_day, forecast, working_days
from robot.flow.view_port import DocumentQuery, Views

#: How far back the history of the forecast goes, and the measuring of work by hand.
HISTORY, MEASURED = timedelta(weeks=110), timedelta(weeks=12)
#: States in which a document waits for people.
_WAITING: Final = frozenset({State.HELD, State.UNREADABLE})
_MINUTES: Final = 60
_PATHS: Final = 500
#: The same days are drawn each time, so that the same question has the same answer.
_SEED: Final = 1
#: More people would not be asked for by this.
_MOST_PEOPLE: Final = 1_000
#: What a week's work is measured over.
_WEEK_DAYS: Final = 5
_POINTS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflow:
    """What came in since a day, by the hours in which any came, and how many of it wait."""

    by_hour: Mapping[datetime, int]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualWork:
    """What of the inflow people have to do, as measured over a period.

    `touchless` of the `documents` were posted without a bounce and a clerk; those that are not
    posted yet are none of them, or what is held for long would not count as work. `minutes` is the
    time that the error types of all the documents take by hand.
    """

    documents: int
    touchless: int
    minutes: float

    @property
    def by_hand(self) -> float:
        """The share that is not touchless."""
        return 1 - self.touchless / self.documents

    @property
    def minutes_each(self) -> float:
        """Minutes by hand for a document that is not touchless."""
        manual = self.documents - self.touchless
        return self.minutes / manual if manual else 0.0

    @property
    def minutes_per_document(self) -> float:
        """Minutes by hand for a document that comes in: share not touchless × minutes each."""
        return self.by_hand * self.minutes_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who is there: `hours` a day each, of which `shrinkage` goes to leave, meetings and so on."""

    people: int
    hours: float = 7.4
    shrinkage: float = 0.25

    @property
    def minutes(self) -> float:
        """Minutes of work a day."""
        return self.people * self.minutes_each

    @property
    def minutes_each(self) -> float:
        """Minutes of work a day of one person."""
        return self.hours * _MINUTES * (1 - self.shrinkage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """So large a share of the work is to be done within so many working days after it came."""

    share: float = 0.95
    working_days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a plan is made for: the people there, their goal, what waits, how many working days.

    `waiting` are documents that wait for people already; they are done first.
    """

    staff: Staff
    goal: Goal = Goal()
    waiting: int = 0
    days: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogDay:
    """Hours of work left at the end of a working day: the median and nine of ten paths."""

    day: date
    median: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What a number of people leads to, over many drawn courses of the days to come."""

    people: int
    days: tuple[BacklogDay, ...]
    #: The share of the work that is done later than the goal.
    late: float
    #: Work over the time that is there.
    load: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Inflow, work, backlog with the people given, and how many the goal needs."""

    forecast: Forecast
    work: ManualWork
    goal: Goal
    waiting: int
    backlog: Backlog
    #: The fewest people who keep the goal; None when a thousand do not.
    people_needed: int | None
    hours_a_week: float
    #: What two points more touchless spare in a week and in the year to come.
    spared_a_week: float
    spared_a_year: float


def manual_work(report: Report) -> ManualWork | None:
    """What the report of a period says about work by hand; None when it has no documents."""
    if not report.documents:
        return None
    touchless = in_period(report.figures, "touchless-strict")
    return ManualWork(
        documents=report.documents,
        touchless=round(touchless.numerator),
        minutes=float(sum(code.minutes for code in report.codes)),
    )


def plan(
    history: Mapping[date, int],
    work: ManualWork,
    terms: Terms,
    *,
    calendar: Calendar,
    today: date,
) -> Plan | None:
    """The plan of the working days from today on; None when the history is too short.

    Args:
        history: What came on each working day.
        work: Of what share people have to do something, and how long it takes.
        terms: What the plan is made for.
        calendar: Working days.
        today: The first day of the plan.
    """
    staff, goal = terms.staff, terms.goal
    expected = forecast(history, calendar, today=today, days=terms.days)
    if expected is None:
        return None
    queued = terms.waiting * work.minutes_each
    paths = drawn(expected, work.minutes_per_document)
    daily = fmean(day.expected for day in expected.days)
    spared = daily * _POINTS * work.minutes_each / _MINUTES
    year = working_days(calendar, today, today + timedelta(days=364))
    return Plan(
        forecast=expected,
        work=work,
        goal=goal,
        waiting=terms.waiting,
        backlog=_backlog(expected, paths, queued, staff, goal),
        people_needed=people_needed(paths, queued, each=staff.minutes_each, goal=goal),
        hours_a_week=daily * _WEEK_DAYS * work.minutes_per_document / _MINUTES,
        spared_a_week=spared * _WEEK_DAYS,
        spared_a_year=spared * len(year),
    )


def inflow(views: Views, scope: Scope, customer: str, first: date) -> Inflow:
    """What came in on a day or later; of one customer (bogføringskreds) when one is named."""
    query = DocumentQuery(customer=customer, pulled_from=first)
    waiting = views.documents(scope, replace(query, states=_WAITING), size=1).total
    return Inflow(by_hour=views.inflow(scope, query), waiting=waiting)


def plan_from(
    came: Inflow, report: Report, terms: Terms, *, calendar: Calendar, today: date
) -> tuple[Plan | None, int]:
    """The plan that follows from what came, and how many working days of it are known.

    Args:
        came: Since `HISTORY` before today.
        report: Of the days since `MEASURED` before today.
        terms: What the plan is made for; what waits is taken from what came.
        calendar: Working days.
        today: The first day of the plan.

    Returns:
        No plan when the report has no documents or the history is too short.
    """
    history = by_working_day(came.by_hour, calendar, today=today)
    work = manual_work(report)
    if work is None:
        return None, len(history)
    asked = replace(terms, waiting=came.waiting)
    return plan(history, work, asked, calendar=calendar, today=today), len(history)


def drawn(expected: Forecast, minutes_per_document: float) -> list[list[float]]:
    """Courses of the days to come in minutes of work.

    Each day is what is expected times a past ratio of what came to what was expected.
    """
    chance = random.Random(_SEED)  # noqa: S311 - a simulation; nothing is kept secret by it
    return [
        [
            day.expected * minutes_per_document * chance.choice(expected.ratios)
            for day in expected.days
        ]
        for _ in range(_PATHS)
    ]


def left(work: Sequence[float], queued: float, capacity: float) -> list[float]:
    """Minutes left at the end of each day: B[d+1] = max(0, B[d] + A[d] - C)."""
    found, backlog = [], queued
    for minutes in work:
        backlog = max(0.0, backlog + minutes - capacity)
        found.append(backlog)
    return found


def late_share(
    work: Sequence[float], queued: float, capacity: float, *, working_days_goal: int
) -> float:
    """The share of the work that is done later than its goal, first come first served.

    What is queued at the start is due first and on the first day. Days whose goal lies after the
    last day are not judged.
    """
    backlog = left(work, queued, capacity)
    came, done = [queued], []
    for minutes, behind in zip(work, backlog, strict=True):
        came.append(came[-1] + minutes)
        done.append(came[-1] - behind)
    judged = len(work) - working_days_goal
    if judged <= 0 or came[judged] <= 0:
        return 0.0
    late = max(0.0, queued - done[0])
    for day in range(judged):
        until = done[day + working_days_goal]
        late += max(0.0, came[day + 1] - max(until, came[day]))
    return min(late / came[judged], 1.0)


def people_needed(
    paths: Sequence[Sequence[float]], queued: float, *, each: float, goal: Goal
) -> int | None:
    """The fewest people with whom the mean share of late work keeps the goal."""
    if each <= 0:
        return None

    def keeps(people: int) -> bool:
        return _late(paths, queued, people * each, goal) <= 1 - goal.share + 1e-9

    found = bisect_left(range(_MOST_PEOPLE + 1), True, key=keeps)
    return found if found <= _MOST_PEOPLE else None


def _late(paths: Sequence[Sequence[float]], queued: float, capacity: float, goal: Goal) -> float:
    return fmean(
        late_share(path, queued, capacity, working_days_goal=goal.working_days) for path in paths
    )


def _backlog(
    expected: Forecast, paths: Sequence[Sequence[float]], queued: float, staff: Staff, goal: Goal
) -> Backlog:
    courses = [left(path, queued, staff.minutes) for path in paths]
    days = []
    for day, hours in zip(expected.days, zip(*courses, strict=True), strict=True):
        tenths = quantiles((minutes / _MINUTES for minutes in hours), n=10, method="inclusive")
        days.append(BacklogDay(day=day.day, median=tenths[4], high=tenths[-1]))
    mean = fmean(fmean(path) for path in paths)
    return Backlog(
        people=staff.people,
        days=tuple(days),
        late=_late(paths, queued, staff.minutes, goal),
        load=mean / staff.minutes if staff.minutes else None,
    )
