"""Capacity: what comes, the work in it, people needed, what being touchless is worth."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from robot.flow.capacity import HISTORY, MEASURED, Goal, Plan, Staff, Terms, plan_from
from robot.flow.forecast import LEAST_BEFORE, LEAST_HELD, Method
from robot.web import words
from robot.web.charts.band import Between, band
from robot.web.page import Page
from robot.web.visit import Visit

_METHODS: Final = {
    Method.PATTERN: ("ugedag og plads i måneden", "weekday and part of the month"),
    Method.SEASONAL_NAIVE: ("samme ugedag sidst", "the latest same weekday"),
}
_PERCENT: Final = 100


def _show(visit: Visit) -> Response:
    terms = Terms(
        staff=Staff(
            people=visit.number("people", 3, 1_000),
            hours=visit.number("minutes", 444, 1_440) / 60,
            shrinkage=min(visit.number("shrinkage", 25, 90), 90) / _PERCENT,
        ),
        goal=Goal(
            share=min(max(visit.number("level", 95, _PERCENT), 50), _PERCENT) / _PERCENT,
            working_days=visit.number("goal", 1, 60),
        ),
        days=visit.number("days", 20, 130),
    )
    made, days_known = _plan(visit, terms)
    if visit.asked("format") == "csv" and made is not None:
        return _file(visit, made)
    return visit.render(
        "capacity.html.j2",
        made=made,
        terms=terms,
        days_known=days_known,
        days_wanted=LEAST_BEFORE + 5 * LEAST_HELD,
        method=visit.say(*_METHODS[made.forecast.method]) if made else "",
        rows=list(zip(made.forecast.days, made.backlog.days, strict=True)) if made else [],
        inflow=_inflow(visit, made),
        backlog=_backlog(visit, made),
        percent=lambda share: _percent(visit, share),
        customers=visit.choices(),
    )


def _plan(visit: Visit, terms: Terms) -> tuple[Plan | None, int]:
    numbers, today, customer = visit.dashboard.numbers, visit.today, visit.asked("customer")
    came = numbers.inflow(visit.scope, customer, today - HISTORY)
    report, _ = numbers.report(visit.scope, customer, today - MEASURED, today)
    return plan_from(came, report, terms, calendar=visit.dashboard.calendar, today=today)


def _inflow(visit: Visit, made: Plan | None) -> object:
    return band(
        [
            Between(day=it.day, value=it.expected, low=it.low, high=it.high)
            for it in (made.forecast.days if made else ())
        ],
        title=visit.say(
            "Ventede fakturaer pr. arbejdsdag; båndet rummer otte af ti dage",
            "Invoices expected each working day; the band holds eight of ten days",
        ),
    )


def _backlog(visit: Visit, made: Plan | None) -> object:
    return band(
        [
            Between(day=it.day, value=it.median, low=0, high=it.high)
            for it in (made.backlog.days if made else ())
        ],
        title=visit.say(
            "Timers arbejde, der venter ved dagens slutning", "Hours of work left at the day's end"
        ),
    )


def _file(visit: Visit, made: Plan) -> Response:
    headings = ("day", "expected", "low", "high", "hours_left_median", "hours_left_nine_of_ten")
    rows: list[tuple[Any, ...]] = [
        (
            day.day,
            *(words.decimal(visit.language, value) for value in (day.expected, day.low, day.high)),
            *(words.decimal(visit.language, value) for value in (behind.median, behind.high)),
        )
        for day, behind in zip(made.forecast.days, made.backlog.days, strict=True)
    ]
    return visit.csv("kapacitet", headings, rows)


def _percent(visit: Visit, share: float | None) -> str:
    return "–" if share is None else words.decimal(visit.language, _PERCENT * share) + " %"


PAGES: Final = (
    Page(path="/capacity", name="capacity", da="Kapacitet", en="Capacity", show=_show, order=90),
)
