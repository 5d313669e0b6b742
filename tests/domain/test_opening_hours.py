"""Working time: opening hours, closed days, longer hours at year-end, both DST changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from robot.domain.calendar import COPENHAGEN, Calendar, OpeningHours, RunSlot

CALENDAR = Calendar(
    slots=(RunSlot(name="morning", at=time(6, 30)),),
    centre_closed=frozenset({date(2026, 12, 24), date(2026, 12, 25)}),
    other_hours=(
        OpeningHours(
            opens=time(7), closes=time(18), first=date(2027, 1, 25), last=date(2027, 1, 29)
        ),
    ),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def test_only_opening_hours_count() -> None:
    worked = CALENDAR.working_time(at("2026-11-23T15:00"), at("2026-11-24T09:30"))
    assert worked == timedelta(hours=2, minutes=30)


def test_weekends_and_closed_days_do_not_count() -> None:
    worked = CALENDAR.working_time(at("2026-12-23T15:00"), at("2026-12-28T09:00"))
    assert worked == timedelta(hours=2)


def test_longer_hours_at_year_end_count() -> None:
    worked = CALENDAR.working_time(at("2027-01-25T00:00"), at("2027-01-26T00:00"))
    assert worked == timedelta(hours=11)


def test_a_day_in_summer_time_is_as_long_as_one_in_winter_time() -> None:
    week = [
        CALENDAR.working_time(at(f"{monday}T00:00"), at(f"{monday}T00:00") + timedelta(days=5))
        for monday in ("2026-03-23", "2026-03-30", "2026-10-19", "2026-10-26")
    ]
    assert set(week) == {timedelta(hours=40)}


def test_what_comes_in_on_a_working_day_is_due_at_the_close_of_the_next() -> None:
    assert CALENDAR.goal(at("2026-11-23T10:00"), 1) == at("2026-11-24T16:00").astimezone(UTC)


def test_what_comes_in_after_closing_counts_from_the_next_working_day() -> None:
    assert CALENDAR.goal(at("2026-11-27T16:00"), 1) == at("2026-12-01T16:00").astimezone(UTC)


instants = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(instants, instants, instants)
def test_working_time_adds_up(first: datetime, second: datetime, third: datetime) -> None:
    a, b, c = sorted((first, second, third))
    assert CALENDAR.working_time(a, b) + CALENDAR.working_time(b, c) == (
        CALENDAR.working_time(a, c)
    )


@given(instants, st.integers(0, 10))
def test_a_goal_lies_ahead_at_a_closing_time(received: datetime, days: int) -> None:
    goal = CALENDAR.goal(received, days)
    assert goal > received
    assert CALENDAR.working_time(goal, goal + timedelta(hours=1)) == timedelta()
