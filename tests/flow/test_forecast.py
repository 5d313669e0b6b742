"""The forecast of what comes, and how it judges itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.flow.forecast import (
    Method,
    MonthPart,
    by_working_day,
    forecast,
    month_part,
    working_days,
)
from tests.support.notices import real_calendar

CALENDAR = real_calendar()
TODAY = date(2026, 11, 24)


def history(first: date, count: Callable[[date], int]) -> dict[date, int]:
    """What `count(day)` gives, on each working day from a day until yesterday."""
    days = working_days(CALENDAR, first, TODAY - timedelta(days=1))
    return {day: count(day) for day in days}


def test_what_comes_on_a_closed_day_counts_on_the_next_working_day() -> None:
    saturday = datetime(2026, 11, 21, 9, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    found = by_working_day({saturday: 1, monday: 1}, CALENDAR, today=TODAY)
    assert found == {date(2026, 11, 23): 2}


def test_days_without_any_are_zero_and_today_is_not_known() -> None:
    thursday = datetime(2026, 11, 19, 9, tzinfo=UTC)
    today = datetime(2026, 11, 24, 9, tzinfo=UTC)
    found = by_working_day({thursday: 1, today: 1}, CALENDAR, today=TODAY)
    assert list(found.values()) == [1, 0, 0]


def test_a_day_is_counted_in_copenhagen() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert by_working_day({late: 1}, CALENDAR, today=date(2026, 11, 20)) == {date(2026, 11, 19): 1}


@pytest.mark.parametrize(
    ("day", "part"),
    [
        (date(2026, 11, 2), MonthPart.FIRST),
        (date(2026, 11, 4), MonthPart.MIDDLE),
        (date(2026, 11, 25), MonthPart.MIDDLE),
        (date(2026, 11, 26), MonthPart.LAST),
        (date(2026, 11, 30), MonthPart.LAST),
        (date(2026, 12, 9), MonthPart.MIDDLE),
        (date(2026, 12, 10), MonthPart.YEAR_END),
        (date(2027, 1, 11), MonthPart.YEAR_END),
        (date(2027, 1, 12), MonthPart.MIDDLE),
    ],
)
def test_the_part_of_the_month_counts_working_days(day: date, part: MonthPart) -> None:
    assert month_part(day, CALENDAR) is part


def test_a_short_history_gives_no_forecast() -> None:
    assert forecast({}, CALENDAR, today=TODAY, days=5) is None
    short = history(date(2026, 10, 12), lambda _: 7)
    assert forecast(short, CALENDAR, today=TODAY, days=5) is None


def test_a_steady_inflow_is_expected_to_stay() -> None:
    made = forecast(history(date(2026, 6, 1), lambda _: 40), CALENDAR, today=TODAY, days=10)
    assert made is not None
    assert [day.expected for day in made.days] == pytest.approx([40.0] * 10)
    assert made.days[0].day == TODAY


def test_where_seasonal_naive_is_perfect_it_is_used_and_the_pattern_does_not_beat_it() -> None:
    week = {0: 50, 1: 40, 2: 30, 3: 20, 4: 10}
    made = forecast(
        history(date(2026, 6, 1), lambda day: week[day.weekday()]), CALENDAR, today=TODAY, days=5
    )
    assert made is not None
    assert made.backtest.naive_error == 0
    assert not made.backtest.beats_naive
    assert made.method is Method.SEASONAL_NAIVE
    assert [day.expected for day in made.days] == [40, 30, 20, 10, 50]


def test_month_ends_are_learnt_and_beat_seasonal_naive() -> None:
    def count(day: date) -> int:
        return 100 if month_part(day, CALENDAR) is MonthPart.LAST else 20

    made = forecast(history(date(2025, 12, 1), count), CALENDAR, today=TODAY, days=5)
    assert made is not None
    assert made.backtest.beats_naive
    assert made.method is Method.PATTERN
    expected = {day.day: day.expected for day in made.days}
    assert expected[date(2026, 11, 25)] == pytest.approx(20, rel=0.15)
    assert expected[date(2026, 11, 27)] == pytest.approx(100, rel=0.25)


def test_a_year_end_in_the_history_is_expected_again() -> None:
    def count(day: date) -> int:
        return 60 if month_part(day, CALENDAR) is MonthPart.YEAR_END else 20 + day.day % 3

    long = history(date(2025, 6, 2), count)
    made = forecast(long, CALENDAR, today=TODAY, days=20)
    assert made is not None
    assert made.saw_year_end
    year_end = [day.expected for day in made.days if day.day >= date(2026, 12, 10)]
    assert min(year_end) > 1.5 * made.days[0].expected


def test_a_history_without_a_year_end_says_so() -> None:
    made = forecast(history(date(2026, 6, 1), lambda _: 40), CALENDAR, today=TODAY, days=5)
    assert made is not None
    assert not made.saw_year_end


def test_the_error_is_the_sum_of_differences_over_what_came() -> None:
    # The last two weeks are held back. Fridays were 10 before them and are 20 in them.
    def count(day: date) -> int:
        return 20 if day.weekday() == 4 and day >= date(2026, 11, 13) else 10

    made = forecast(history(date(2026, 9, 28), count), CALENDAR, today=date(2026, 11, 23), days=5)
    assert made is not None
    assert (made.backtest.first, made.backtest.days) == (date(2026, 11, 9), 11)
    # Seasonal-naïve misses the first Friday by 10 and knows the second; 11 days brought 130.
    assert made.backtest.naive_error == pytest.approx(10 / 130)


counts = st.lists(st.integers(0, 400), min_size=60, max_size=120)


def of(numbers: list[int]) -> dict[date, int]:
    days = working_days(CALENDAR, TODAY - timedelta(days=400), TODAY - timedelta(days=1))
    return dict(zip(days[-len(numbers) :], numbers, strict=True))


@settings(max_examples=25, deadline=None)
@given(counts)
def test_the_band_holds_the_forecast_and_nothing_is_negative(numbers: list[int]) -> None:
    made = forecast(of(numbers), CALENDAR, today=TODAY, days=15)
    assert made is not None
    assert len(made.days) == 15
    for day in made.days:
        assert 0 <= day.low <= day.expected <= day.high
        assert CALENDAR.is_working_day(day.day)


@settings(max_examples=15, deadline=None)
@given(counts, st.integers(2, 9))
def test_so_many_times_the_inflow_gives_so_many_times_the_forecast(
    numbers: list[int], times: int
) -> None:
    once = forecast(of(numbers), CALENDAR, today=TODAY, days=5)
    often = forecast(of([times * it for it in numbers]), CALENDAR, today=TODAY, days=5)
    assert once is not None
    assert often is not None
    if once.method is often.method:
        assert [day.expected for day in often.days] == pytest.approx(
            [times * day.expected for day in once.days]
        )
    assert often.backtest.error == pytest.approx(once.backtest.error)
