from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.reminder import Step, Waiting, next_step
from tests.support.notices import real_calendar

CALENDAR = real_calendar()
TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)


def due(today: date, fix_by: date, **waiting: Any) -> Step | None:  # noqa: ANN401 - fields
    waits = Waiting(**{"told_on": TUESDAY, "fix_by": fix_by, **waiting})
    return next_step(waits, today=today, add=CALENDAR.add_working_days)


def steps(fix_by: date, **waiting: Any) -> dict[date, Step]:  # noqa: ANN401 - fields
    """Everything that is done about a document that nobody puts right, by day."""
    waits = Waiting(**{"told_on": TUESDAY, "fix_by": fix_by, **waiting})
    done: dict[date, Step] = {}
    for after in range(40):
        today = TUESDAY + timedelta(days=after)
        step = next_step(waits, today=today, add=CALENDAR.add_working_days)
        if step is None:
            continue
        done[today] = step
        waits = Waiting(
            told_on=waits.told_on,
            fix_by=waits.fix_by,
            reminders=waits.reminders + (step is not Step.ESCALATE),
            reminded_on=waits.reminded_on if step is Step.ESCALATE else today,
            escalated_on=today if step is Step.ESCALATE else waits.escalated_on,
            waits_until=waits.waits_until,
        )
    return done


def test_two_working_days_are_a_reminder_the_second_role_and_a_call() -> None:
    assert steps(date(2026, 11, 26)) == {
        date(2026, 11, 25): Step.REMIND,
        FRIDAY: Step.ESCALATE,
        date(2026, 12, 1): Step.DESK,
    }


def test_plenty_of_time_has_an_early_reminder_too() -> None:
    assert steps(date(2026, 12, 3)) == {
        date(2026, 11, 26): Step.REMIND,
        date(2026, 12, 2): Step.REMIND,
        date(2026, 12, 4): Step.ESCALATE,
        date(2026, 12, 8): Step.DESK,
    }


def test_what_was_for_the_same_day_is_not_escalated_before_two_working_days() -> None:
    assert steps(TUESDAY) == {
        date(2026, 11, 25): Step.REMIND,
        date(2026, 11, 26): Step.ESCALATE,
        MONDAY: Step.DESK,
    }


def test_weekends_do_not_count() -> None:
    told_on = date(2026, 11, 27)
    assert due(MONDAY, date(2026, 12, 1), told_on=told_on) is Step.REMIND
    for day in (28, 29):
        assert due(date(2026, 11, day), date(2026, 11, 27), told_on=told_on) is None


@pytest.mark.parametrize("today", [TUESDAY, date(2026, 11, 23)])
def test_nothing_comes_on_the_day_of_the_notice(today: date) -> None:
    assert due(today, TUESDAY) is None


def test_time_that_was_given_moves_the_deadline() -> None:
    assert due(FRIDAY, date(2026, 11, 26), waits_until=date(2026, 12, 4)) is None
    assert due(date(2026, 12, 3), date(2026, 11, 26), waits_until=date(2026, 12, 4)) is Step.REMIND
    assert due(date(2026, 12, 7), date(2026, 11, 26), waits_until=date(2026, 12, 4)) is (
        Step.ESCALATE
    )


@given(st.integers(0, 30), st.integers(0, 30))
def test_there_are_never_more_than_two_reminders_one_escalation_and_one_call(
    days: int, more: int
) -> None:
    fix_by = CALENDAR.add_working_days(TUESDAY, days)
    until = TUESDAY + timedelta(days=more) if more else None
    done = list(steps(fix_by, waits_until=until).values())
    assert done.count(Step.ESCALATE) <= 1
    assert done.count(Step.DESK) <= 1
    assert done.count(Step.REMIND) <= 2
