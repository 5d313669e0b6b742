"""The year-end: deadlines with what is open against each, dated wishes, a rehearsed day."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from robot import bootstrap
from robot.domain.calendar import day_start
from robot.domain.case import Ball
from robot.flow.view_port import Page as Rows
from robot.flow.year_end import Board, Deadline, OpenDocuments, board
from robot.rulebook.dated import dated_rules
from robot.web.page import Page
from robot.web.visit import MOST_ROWS, ROWS, Visit

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BALLS: Final = (Ball.CUSTOMER, Ball.SAM, Ball.ROBOT)


def _show(visit: Visit) -> Response:
    if visit.asked("sheet"):
        return _sheet(visit)
    made = _board(visit)
    chosen = visit.number("deadline", 1, max(len(made.deadlines), 1))
    deadline = made.deadlines[chosen - 1] if made.deadlines else None
    if visit.asked("format") == "csv":
        return _file(visit, made)
    return visit.render(
        "year_end.html.j2",
        board=made,
        rehearsed=visit.day("as-of"),
        chosen=chosen,
        deadline=deadline,
        deadlines=[(it, _sums(it.open)) for it in made.deadlines],
        open=_page(visit, deadline),
        balls=_BALLS,
        clock=visit.dashboard.wording(visit.language).clock,
    )


def _board(visit: Visit) -> Board:
    dashboard = visit.dashboard
    customers = [
        it for it in dashboard.customers().values() if visit.scope.covers(it.bogfoeringskreds)
    ]
    day = visit.day("as-of")
    wishes = [
        wish
        for it in customers
        for wish in dated_rules(dashboard.rules.for_customer(it.bogfoeringskreds))
    ]
    return board(
        dashboard.store.views.by_state(visit.scope),
        customers,
        wishes,
        calendar=dashboard.calendar,
        at=dashboard.now() if day is None else day_start(day),
    )


def _sums(opened: tuple[OpenDocuments, ...]) -> list[int]:
    return [sum(it.by_ball.get(ball, 0) for it in opened) for ball in _BALLS]


def _page(visit: Visit, deadline: Deadline | None) -> Rows[OpenDocuments]:
    rows = deadline.open if deadline else ()
    size = visit.number("size", ROWS, MOST_ROWS)
    last = max(1, -(-len(rows) // size))
    number = min(visit.number("page", 1), last)
    shown = rows[(number - 1) * size : number * size]
    return Rows(rows=shown, total=len(rows), number=number, size=size)


def _file(visit: Visit, made: Board) -> Response:
    headings = (
        "deadline",
        "what",
        "customer",
        "open",
        *(ball.value for ball in _BALLS),
        "authorised",
    )
    rows: list[tuple[Any, ...]] = [
        (
            it.cut_off.at,
            visit.say(it.cut_off.da, it.cut_off.en),
            row.customer,
            row.total,
            *(row.by_ball.get(ball, 0) for ball in _BALLS),
            "no" if row.customer in it.unauthorised else "yes",
        )
        for it in made.deadlines
        for row in it.open
    ]
    return visit.csv("aarsafslutning", headings, rows)


def _sheet(visit: Visit) -> Response:
    """An empty re-posting sheet of a customer."""
    customer = visit.dashboard.customers().get(visit.asked("sheet"))
    if customer is None or not visit.scope.covers(customer.bogfoeringskreds):
        raise visit.missing()
    name = f"omposteringsark-{customer.bogfoeringskreds}.xlsx"
    return Response(
        bootstrap.sheet_files().template(customer),
        media_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


PAGES: Final = (
    Page(path="/year-end", name="year-end", da="Årsafslut", en="Year-end", show=_show, order=95),
)
