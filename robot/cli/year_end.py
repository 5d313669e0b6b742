"""`invoice-robot report year-end`: the board of the year-end, and a rehearsal of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import click
from rich.text import Text

from robot import bootstrap
from robot.cli.joined import JSON_OPTION, console, echo_json, robot, table
from robot.domain.calendar import COPENHAGEN, day_start
from robot.domain.case import Ball
from robot.domain.document import ApprovedDocument
from robot.domain.rights import Scope
from robot.domain.state import State
from robot.flow.rehearsal import Rehearsed, rehearse
from robot.flow.view_port import DocumentQuery
from robot.flow.year_end import Board, board
from robot.rulebook.dated import dated_rules

_SETTLED: Final = frozenset({State.POSTED, State.DROPPED})
_SHOWN: Final = 50


@click.command("year-end")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Rehearse this day: what is approved now is decided as it would be then.",
)
@click.option("--customer", default="", help="Bogføringskreds; all of them.")
@JSON_OPTION
def year_end(as_of: datetime | None, customer: str, *, as_json: bool) -> None:
    """What is open against each deadline of the year-end; with --as-of a rehearsal of a day."""
    with robot() as joined:
        day = as_of.date() if as_of else None
        made = _board(joined, customer, day)
        rehearsed = [] if day is None else list(_rehearsed(joined, customer, day))
    if as_json:
        echo_json(_as_data(made, rehearsed))
        return
    _print(made)
    if day is not None:
        _print_rehearsal(rehearsed, day)


def _board(joined: bootstrap.Robot, customer: str, day: date | None) -> Board:
    customers = [it for it in joined.rulebook.customers if customer in {"", it.bogfoeringskreds}]
    return board(
        joined.store.views.by_state(Scope()),
        customers,
        [
            wish
            for it in customers
            for wish in dated_rules(joined.rulebook.for_customer(it.bogfoeringskreds))
        ],
        calendar=joined.calendar,
        at=joined.ports.clock.now() if day is None else day_start(day),
    )


def _rehearsed(joined: bootstrap.Robot, customer: str, day: date) -> Iterator[Rehearsed]:
    settled = {
        (line.customer, line.source_id)
        for line in joined.store.views.every(Scope(), DocumentQuery(states=_SETTLED))
    }

    def open_documents() -> Iterator[ApprovedDocument]:
        for document in joined.ports.source.pull():
            served = joined.rulebook.customer_for(document)
            kreds = served.bogfoeringskreds if served else ""
            wanted = customer in {"", kreds}
            if wanted and (kreds, document.statement.document_id) not in settled:
                yield document

    yield from rehearse(
        open_documents(),
        joined.rulebook,
        joined.ports.reader,
        today=joined.ports.today(),
        day=day,
    )


def _print(made: Board) -> None:
    at = made.at.astimezone(COPENHAGEN)
    click.echo(f"as seen from {at:%A %Y-%m-%d %H:%M} (Copenhagen)")
    hours = made.ahead.hours
    opened = (
        "closed"
        if hours is None
        else "-".join(f"{it.astimezone(COPENHAGEN):%H:%M}" for it in hours)
    )
    runs = ", ".join(f"{run.at:%H:%M}" for run in made.ahead.runs) or "none"
    periods = ", ".join(f"{it.name}/{it.year}" for it in made.ahead.open_periods) or "none"
    click.echo(f"the centre is open: {opened}; runs: {runs}; year-end periods open: {periods}")
    shown = table(
        "deadline", "", "runs left", "hours left", "open", "customer", "centre", "robot", "nobody"
    )
    for it in made.deadlines:
        by_ball = [
            sum(customer.by_ball.get(ball, 0) for customer in it.open)
            for ball in (Ball.CUSTOMER, Ball.SAM, Ball.ROBOT)
        ]
        shown.add_row(
            f"{it.cut_off.at:%Y-%m-%d %H:%M}" + (" (passed)" if it.passed else ""),
            Text(it.cut_off.en + (f" [{it.cut_off.customer}]" if it.cut_off.customer else "")),
            str(it.runs_left),
            f"{it.hours_left:.0f}",
            str(it.total),
            *(str(many) for many in by_ball),
            str(len(it.unauthorised)) if it.cut_off.authorised_only else "",
        )
    console().print(shown)
    for wish in made.wishes:
        kind = "dispensation from" if wish.dispensation else "rule"
        click.echo(f"{wish.customer}: {kind} {wish.rule} until {wish.last or 'changed'}")


def _print_rehearsal(rehearsed: list[Rehearsed], day: date) -> None:
    different = [it for it in rehearsed if it.differs]
    click.echo(
        f"{len(rehearsed)} approved documents are not finished; {len(different)} of them would be "
        f"decided otherwise on {day}"
    )
    if not different:
        return
    shown = table("document", "customer", "posting date", "today", "then", "new", "gone")
    for it in different[:_SHOWN]:
        shown.add_row(
            Text(it.name),
            it.customer,
            str(it.posting_date or "–"),
            it.today.value,
            it.then.value,
            ", ".join(it.new_codes),
            ", ".join(it.gone_codes),
        )
    console().print(shown)
    if len(different) > _SHOWN:
        click.echo(f"and {len(different) - _SHOWN} more: see --json")


def _as_data(made: Board, rehearsed: list[Rehearsed]) -> dict[str, Any]:
    return {
        "at": made.at.isoformat(),
        "working_day": made.ahead.hours is not None,
        "runs": [run.at.isoformat() for run in made.ahead.runs],
        "open_periods": [f"{it.name}/{it.year}" for it in made.ahead.open_periods],
        "deadlines": [
            {
                "what": it.cut_off.en,
                "at": it.cut_off.at.isoformat(),
                "customer": it.cut_off.customer,
                "passed": it.passed,
                "runs_left": it.runs_left,
                "hours_left": it.hours_left,
                "open": [
                    {
                        "customer": row.customer,
                        **{ball.value: many for ball, many in row.by_ball.items()},
                    }
                    for row in it.open
                ],
                "unauthorised": sorted(it.unauthorised),
            }
            for it in made.deadlines
        ],
        "wishes": [
            {"customer": it.customer, "rule": it.rule, "until": str(it.last or "")}
            for it in made.wishes
        ],
        "rehearsed": [
            {
                "document": it.name,
                "customer": it.customer,
                "today": it.today.value,
                "then": it.then.value,
                "new_codes": it.new_codes,
                "gone_codes": it.gone_codes,
            }
            for it in rehearsed
        ],
    }


#: Of `invoice-robot report`.
REPORTS: Final = (year_end,)
