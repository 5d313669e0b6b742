"""Work by hand, the backlog, people needed, and what being touchless is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.adapters.figures import PandasFigures
from robot.flow.capacity import (
    Goal,
    ManualWork,
    Plan,
    Staff,
    Terms,
    late_share,
    left,
    manual_work,
    people_needed,
    plan,
)
from robot.flow.figures_port import Report
from robot.flow.forecast import working_days
from tests.support.journeys import EVER, NOW, measured
from tests.support.notices import real_calendar, real_taxonomy

CALENDAR = real_calendar()
TODAY = date(2026, 11, 24)
#: 40 of 100 are not touchless and take 600 minutes: 15 each, 6 for each document that comes.
WORK = ManualWork(documents=100, touchless=60, minutes=600)


def planned(people: int, *, waiting: int = 0, goal: Goal | None = None) -> Plan:
    days = working_days(CALENDAR, date(2026, 6, 1), TODAY - timedelta(days=1))
    made = plan(
        dict.fromkeys(days, 100),
        WORK,
        Terms(staff=Staff(people=people), goal=goal or Goal(), waiting=waiting, days=10),
        calendar=CALENDAR,
        today=TODAY,
    )
    assert made is not None
    return made


def test_work_by_hand_is_share_not_touchless_times_minutes_each() -> None:
    assert WORK.by_hand == pytest.approx(0.4)
    assert WORK.minutes_each == pytest.approx(15)
    assert WORK.minutes_per_document == pytest.approx(6)


@pytest.fixture(scope="module", name="report")
def _report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date, date], Report]:
    stored = measured(tmp_path_factory.mktemp("measured"))
    figures = PandasFigures(CALENDAR, real_taxonomy())

    def of(first: date, last: date) -> Report:
        return figures.report(stored, replace(EVER, first=first, last=last), NOW)

    return of


def test_work_is_measured_by_the_report_of_a_period(
    report: Callable[[date, date], Report],
) -> None:
    taxonomy = real_taxonomy()
    found = report(date(2026, 11, 2), date(2026, 11, 2))
    work = manual_work(found)
    assert work is not None
    assert (work.documents, work.touchless) == (4, 1)
    assert work.minutes == sum(taxonomy[it.code].minutes * it.documents for it in found.codes)


def test_a_period_without_documents_says_nothing_about_work(
    report: Callable[[date, date], Report],
) -> None:
    assert manual_work(report(date(2026, 1, 5), date(2026, 1, 5))) is None


def test_a_document_that_is_held_still_is_work(report: Callable[[date, date], Report]) -> None:
    work = manual_work(report(date(2026, 11, 23), NOW.date()))
    assert work is not None
    assert (work.documents, work.by_hand) == (1, 1)


def test_a_week_of_work_is_inflow_times_minutes() -> None:
    # 100 a day × 5 days × 6 minutes.
    assert planned(3).hours_a_week == pytest.approx(50)


def test_two_points_more_touchless_are_worth_their_minutes() -> None:
    made = planned(3)
    # 100 a day × 2 % × 15 minutes is half an hour a day.
    assert made.spared_a_week == pytest.approx(2.5)
    year = working_days(CALENDAR, TODAY, TODAY + timedelta(days=364))
    assert made.spared_a_year == pytest.approx(0.5 * len(year))


def test_people_needed_do_a_steady_inflow_in_time_and_one_less_do_not() -> None:
    # 600 minutes come a day; one person has 7.4 hours less a quarter: 333 minutes.
    assert planned(2).people_needed == 2
    assert planned(2).backlog.late == 0
    assert planned(1).backlog.late > 0.05
    assert planned(2).backlog.load == pytest.approx(600 / 666)


def test_what_waits_already_is_work_too() -> None:
    assert planned(2, waiting=0).backlog.days[0].median == 0
    assert planned(2, waiting=40).backlog.days[0].median == pytest.approx((600 + 600 - 666) / 60)


def test_a_goal_that_is_given_more_days_needs_no_more_people() -> None:
    strict, mild = (
        planned(2, waiting=200, goal=Goal(working_days=days)).people_needed for days in (0, 5)
    )
    assert strict is not None
    assert mild is not None
    assert mild <= strict


def test_nobody_leaves_all_work_undone() -> None:
    made = planned(0)
    assert made.backlog.late == 1
    assert made.backlog.load is None


def test_the_same_question_has_the_same_answer() -> None:
    assert planned(2) == planned(2)


def test_a_backlog_grows_by_what_comes_and_shrinks_by_what_is_done() -> None:
    assert left([10, 0, 30, 0], 5, 8) == [7, 0, 22, 14]


def test_late_is_what_is_not_done_within_the_goal() -> None:
    # 8 a day. Day 0 brings 12: 4 are done on day 1, in time. Day 1 brings 10: 6 are left at its
    # end and done on day 2. Day 2 brings 20: it ends with 18 left; 10 are left on day 3, late.
    assert late_share([12, 10, 20, 0], 0, 8, working_days_goal=1) == pytest.approx(10 / 42)


work = st.lists(st.floats(0, 5_000), min_size=1, max_size=30)
minutes = st.floats(0, 5_000)


@settings(max_examples=100, deadline=None)
@given(work, minutes, minutes, st.integers(0, 5))
def test_a_share_is_a_share(came: list[float], queued: float, capacity: float, goal: int) -> None:
    assert 0 <= late_share(came, queued, capacity, working_days_goal=goal) <= 1


@settings(max_examples=100, deadline=None)
@given(work, minutes, minutes, minutes, st.integers(0, 5))
def test_more_capacity_never_makes_more_late(
    came: list[float], queued: float, capacity: float, more: float, goal: int
) -> None:
    before = late_share(came, queued, capacity, working_days_goal=goal)
    after = late_share(came, queued, capacity + more, working_days_goal=goal)
    assert after <= before + 1e-9


@settings(max_examples=100, deadline=None)
@given(work, minutes, minutes)
def test_no_work_is_lost(came: list[float], queued: float, capacity: float) -> None:
    """What came is what was done and what is left; no day does more than it can."""
    behind = [queued, *left(came, queued, capacity)]
    for number, more in enumerate(came):
        done = behind[number] + more - behind[number + 1]
        assert -1e-6 <= done <= capacity + 1e-6


@settings(max_examples=50, deadline=None)
@given(work, minutes)
def test_the_people_needed_are_the_fewest_that_keep_the_goal(
    came: list[float], queued: float
) -> None:
    goal = Goal(share=0.9, working_days=1)
    found = people_needed([came], queued, each=333, goal=goal)
    assert found is not None
    assert late_share(came, queued, found * 333, working_days_goal=1) <= 0.1 + 1e-9
    if found:
        assert late_share(came, queued, (found - 1) * 333, working_days_goal=1) > 0.1
