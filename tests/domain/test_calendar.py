"""Working days, bank days and run times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.calendar import (
    COPENHAGEN,
    Calendar,
    CutOff,
    ExtraRun,
    Period,
    RunSlot,
    Terms,
    day_start,
)

MORNING = RunSlot(name="morning", at=time(6, 30))
MIDDAY = RunSlot(name="midday", at=time(12, 30))
CHRISTMAS_EVE = date(2026, 12, 24)
CALENDAR = Calendar(
    slots=(MORNING, MIDDAY),
    centre_closed=frozenset({CHRISTMAS_EVE, date(2026, 12, 25)}),
    bank_closed=frozenset({CHRISTMAS_EVE, date(2026, 12, 25), date(2026, 12, 31)}),
    extra_runs=(ExtraRun(first=date(2027, 1, 4), last=date(2027, 1, 8), at=time(16, 0)),),
)


def copenhagen(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=COPENHAGEN)  # type: ignore[misc, arg-type]


def test_a_friday_is_followed_by_monday() -> None:
    assert CALENDAR.add_working_days(date(2026, 11, 27), 1) == date(2026, 11, 30)


def test_a_closed_day_is_not_counted() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)


def test_no_days_from_a_weekend_is_the_next_working_day() -> None:
    assert CALENDAR.add_working_days(date(2026, 11, 28), 0) == date(2026, 11, 30)


def test_days_are_counted_back_too() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 28), -1) == date(2026, 12, 23)


def test_banks_may_be_closed_when_the_centre_works() -> None:
    assert CALENDAR.is_working_day(date(2026, 12, 31))
    assert CALENDAR.previous_bank_day(date(2026, 12, 31)) == date(2026, 12, 30)
    assert CALENDAR.next_bank_day(date(2026, 12, 31)) == date(2027, 1, 1)


def test_a_day_begins_at_midnight_in_copenhagen() -> None:
    assert day_start(date(2026, 11, 24)).isoformat() == "2026-11-24T00:00:00+01:00"
    assert day_start(date(2026, 7, 1)).isoformat() == "2026-07-01T00:00:00+02:00"


def test_the_next_run_after_the_last_of_a_friday_is_on_monday_morning() -> None:
    assert CALENDAR.next_run(copenhagen(2026, 11, 27, 12, 30)) == copenhagen(2026, 11, 30, 6, 30)


def test_extra_runs_come_in_their_span_only() -> None:
    assert [run.slot for run in CALENDAR.runs_on(date(2027, 1, 4))] == [
        "morning",
        "midday",
        "extra-1600",
    ]
    assert [run.slot for run in CALENDAR.runs_on(date(2027, 1, 11))] == ["morning", "midday"]


def test_the_latest_due_run_on_a_sunday_is_fridays() -> None:
    due = CALENDAR.last_due(copenhagen(2026, 11, 29, 9, 0))
    assert due is not None
    assert due.key == "2026-11-27/midday"


def test_a_run_keeps_its_local_time_when_the_clocks_change() -> None:
    before = CALENDAR.next_run(copenhagen(2026, 10, 23, 13, 0) - timedelta(days=1))
    after = CALENDAR.next_run(copenhagen(2026, 10, 25, 13, 0))
    assert before.astimezone(UTC).hour == 4
    assert after.astimezone(UTC).hour == 5
    assert after.time() == before.time() == time(6, 30)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1)))  # noqa: DTZ001
def test_the_next_run_is_later_and_is_the_latest_due_one_when_it_comes(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    following = CALENDAR.next_run(now)
    due = CALENDAR.last_due(following)
    assert following > now
    assert due is not None
    assert due.at == following


def a_year_end() -> Calendar:
    def cut_off(period: str, *at: int, **more: object) -> CutOff:
        return CutOff(period=period, year=2026, at=copenhagen(*at), da="x", en="x", **more)  # type: ignore[arg-type]

    return Calendar(
        slots=(MORNING,),
        periods=(
            Period(name="12", year=2026, closes=date(2027, 1, 11)),
            Period(name="13.1", year=2026, closes=date(2027, 1, 29)),
        ),
        cut_offs=(
            cut_off("12", 2027, 1, 6, 12),
            cut_off("12", 2027, 1, 8, 12),
            cut_off("12", 2027, 1, 10, 12, customer="99002"),
            cut_off("12", 2027, 1, 5, 12, customer="99003"),
            cut_off("13.1", 2027, 1, 27, 12, authorised_only=True),
        ),
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((2026, 12, 30), Terms()),
        ((2027, 1, 8, 11), Terms()),
        ((2027, 1, 8, 13), Terms(cut_off_passed=True)),
        ((2027, 1, 12), Terms(declaration_needed=True)),
        ((2027, 1, 27, 13), Terms(declaration_needed=True, cut_off_passed=True)),
        ((2027, 1, 30), Terms(declaration_needed=True, cut_off_passed=True)),
    ],
    ids=["running year", "period 12", "after its cut-offs", "13.1", "after its own", "closed"],
)
def test_a_year_that_is_over_takes_vouchers_on_the_terms_of_its_open_period(
    at: tuple[int, ...], expected: Terms
) -> None:
    assert a_year_end().terms(date(2026, 12, 31), "99001", copenhagen(*at)) == expected


def test_a_customers_own_cut_off_counts_for_it_alone() -> None:
    calendar, at = a_year_end(), copenhagen(2027, 1, 8, 13)
    passed = {
        customer: calendar.terms(date(2026, 12, 31), customer, at).cut_off_passed
        for customer in ("99001", "99002")
    }
    assert passed == {"99001": True, "99002": False}
    early = calendar.terms(date(2026, 12, 31), "99003", copenhagen(2027, 1, 6, 9))
    assert early == Terms(cut_off_passed=True)


def test_a_year_of_which_the_calendar_says_nothing_has_no_terms() -> None:
    assert a_year_end().terms(date(2024, 12, 31), "99001", copenhagen(2027, 1, 9)) == Terms()
