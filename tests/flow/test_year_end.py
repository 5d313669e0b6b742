"""The board of the year-end."""

from __future__ import annotations

from datetime import date, datetime

from robot.domain.calendar import COPENHAGEN, day_start
from robot.domain.case import Ball
from robot.domain.customer import Mandate
from robot.domain.state import State
from robot.flow.view_port import StateCount
from robot.flow.year_end import Board, DatedRule, Deadline, board, day_ahead
from tests.support.factories import a_customer
from tests.support.notices import real_calendar

CALENDAR = real_calendar()
MINE = a_customer(name="Min", bogfoeringskreds="99001", mandates=(Mandate(person="Ane"),))
OTHER = a_customer(name="Anden", bogfoeringskreds="99002", mandates=())
COUNTS = [
    StateCount(customer="99001", state=State.HELD, documents=3),
    StateCount(customer="99001", state=State.UNREADABLE, documents=1),
    StateCount(customer="99001", state=State.POSTED, documents=900),
    StateCount(customer="99002", state=State.BOUNCED, documents=5),
    StateCount(customer="99002", state=State.DECIDED, documents=2),
    StateCount(customer="", state=State.HELD, documents=7),
]
EXPIRING = DatedRule(
    customer="99001",
    rule="december-by-hand",
    why="",
    first=date(2026, 12, 1),
    last=date(2027, 1, 11),
)


def seen_from(at: datetime) -> Board:
    return board(COUNTS, [MINE, OTHER], [EXPIRING], calendar=CALENDAR, at=at)


def against(made: Board, what: str) -> Deadline:
    (found,) = (it for it in made.deadlines if it.cut_off.en.startswith(what))
    return found


def test_open_documents_are_counted_by_who_has_the_ball() -> None:
    made = against(seen_from(day_start(date(2026, 11, 24))), "Last approved invoice")
    assert {it.customer: dict(it.by_ball) for it in made.open} == {
        "99002": {Ball.CUSTOMER: 5, Ball.ROBOT: 2},
        "99001": {Ball.SAM: 4},
    }
    assert made.total == 11


def test_documents_of_customers_that_one_may_not_see_do_not_count() -> None:
    made = board(COUNTS, [MINE], [], calendar=CALENDAR, at=day_start(date(2026, 11, 24)))
    assert {it.total for it in made.deadlines} == {4}


def test_deadlines_come_in_order_with_the_close_of_each_period_among_them() -> None:
    names = [it.cut_off.en for it in seen_from(day_start(date(2026, 11, 24))).deadlines]
    assert names == [
        "Last approved invoice for period 12",
        "Last re-posting sheet for period 12",
        "Period 12 closes",
        "Last voucher for period 13.1",
        "Period 13.1 closes",
        "Last voucher for period 13.2 (needs permission)",
        "Period 13.2 closes",
    ]


def test_runs_and_hours_left_are_those_of_the_calendar() -> None:
    # From 5 January 10:00 to 6 January 12:00: 12:30, 6:30; six hours and four.
    at = datetime(2027, 1, 5, 10, tzinfo=COPENHAGEN)
    made = against(seen_from(at), "Last approved invoice")
    assert (made.runs_left, made.hours_left) == (2, 10)


def test_a_deadline_passes_at_its_instant_and_is_shown_for_a_while() -> None:
    noon = datetime(2027, 1, 6, 12, tzinfo=COPENHAGEN)
    made = against(seen_from(noon), "Last approved invoice")
    assert made.passed
    assert (made.runs_left, made.hours_left) == (0, 0)
    late = seen_from(day_start(date(2027, 2, 20)))
    assert "12" not in {it.cut_off.period for it in late.deadlines}


def test_where_only_authorised_persons_may_act_customers_without_any_are_named() -> None:
    made = seen_from(day_start(date(2026, 11, 24)))
    assert against(made, "Last voucher for period 13.1").unauthorised == {"99002"}
    assert against(made, "Last approved invoice").unauthorised == frozenset()


def test_a_mandate_counts_on_its_days() -> None:
    customer = a_customer(
        mandates=(
            Mandate(person="Bo", valid_to=date(2026, 12, 31)),
            Mandate(person="Ane", valid_from=date(2027, 1, 1)),
            Mandate(person="Cai"),
        )
    )
    assert customer.on_declaration(date(2026, 12, 31)) == ["Bo", "Cai"]
    assert customer.on_declaration(date(2027, 1, 1)) == ["Ane", "Cai"]


def test_a_wish_ends_by_itself_after_its_last_day() -> None:
    assert seen_from(day_start(date(2027, 1, 11))).wishes == (EXPIRING,)
    after = seen_from(day_start(date(2027, 1, 12)))
    assert (after.wishes, after.other_wishes) == ((), (EXPIRING,))


def test_a_period_is_open_until_the_end_of_its_last_day() -> None:
    assert [it.name for it in day_ahead(CALENDAR, date(2027, 1, 11)).open_periods] == [
        "12",
        "13.1",
        "13.2",
    ]
    assert [it.name for it in day_ahead(CALENDAR, date(2027, 1, 12)).closed_periods] == ["12"]


def test_a_day_has_its_extended_hours_and_extra_runs() -> None:
    ahead = day_ahead(CALENDAR, date(2027, 1, 8))
    assert [f"{run.at:%H:%M}" for run in ahead.runs] == ["06:30", "09:30", "12:30", "15:30"]
    assert ahead.hours is not None
    assert [f"{it.astimezone(COPENHAGEN):%H:%M}" for it in ahead.hours] == ["07:00", "18:00"]
    assert day_ahead(CALENDAR, date(2027, 1, 9)).hours is None
