"""`invoice-robot report capacity`: work to come, people needed, what being touchless is worth."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import click

from robot.cli.exports import report_on
from robot.cli.joined import JSON_OPTION, console, echo_json, robot, table
from robot.domain.rights import Scope
from robot.errors import ActError
from robot.flow.capacity import HISTORY, MEASURED, Goal, Plan, Staff, Terms, inflow, plan_from
from robot.flow.forecast import LEAST_BEFORE, LEAST_HELD
from robot.flow.measure_port import Extent

_PERCENT: Final = 100


@click.command("capacity")
@click.option("--customer", default="", help="Bogføringskreds; all of them.")
@click.option("--days", type=click.IntRange(1, 260), default=20, show_default=True)
@click.option("--people", type=click.IntRange(0, 1_000), default=1, show_default=True)
@click.option("--hours", type=click.FloatRange(0.5, 24), default=7.4, show_default=True)
@click.option(
    "--shrinkage",
    type=click.FloatRange(0, 0.9),
    default=0.25,
    show_default=True,
    help="Share of the hours that goes to leave, meetings and other work.",
)
@click.option(
    "--service-level",
    type=click.FloatRange(0.5, 1),
    default=0.95,
    show_default=True,
    help="Share of the work that is to be done within the goal.",
)
@click.option(
    "--goal-days",
    type=click.IntRange(0, 60),
    default=1,
    show_default=True,
    help="Working days after arrival.",
)
@JSON_OPTION
def capacity(customer: str, days: int, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - click's numbers
    """The work to come, the people it needs, and what two points more touchless are worth."""
    terms = Terms(
        staff=Staff(people=given["people"], hours=given["hours"], shrinkage=given["shrinkage"]),
        goal=Goal(share=given["service_level"], working_days=given["goal_days"]),
        days=days,
    )
    made = _plan(customer, terms)
    if as_json:
        echo_json(_as_data(made))
        return
    _print(made)


def _plan(customer: str, terms: Terms) -> Plan:
    with robot() as joined:
        today = joined.ports.today()
        report = report_on(
            joined, Extent(scope=Scope(), customer=customer, first=today - MEASURED, last=today)
        )
        came = inflow(joined.store.views, Scope(), customer, today - HISTORY)
        made, days_known = plan_from(came, report, terms, calendar=joined.calendar, today=today)
    if not report.documents:
        raise ActError("no document was approved in the last 12 weeks")
    if made is None:
        raise ActError(
            f"a forecast needs {LEAST_BEFORE} working days of documents and {LEAST_HELD} weeks "
            f"more to judge it by; there are {days_known} days"
        )
    return made


def _as_data(made: Plan) -> dict[str, Any]:
    data = asdict(made)
    data["forecast"].pop("ratios")
    data["forecast"]["error"] = made.forecast.error
    data["forecast"]["backtest"]["beats_naive"] = made.forecast.backtest.beats_naive
    data["work"] |= {
        "by_hand": made.work.by_hand,
        "minutes_each": made.work.minutes_each,
    }
    return data


def _print(made: Plan) -> None:
    work, backtest = made.work, made.forecast.backtest
    shown = table("day", "documents", "low", "high", "hours left (median)", "hours left (9 of 10)")
    for day, behind in zip(made.forecast.days, made.backlog.days, strict=True):
        shown.add_row(
            f"{day.day:%a %Y-%m-%d}",
            *(f"{value:.0f}" for value in (day.expected, day.low, day.high)),
            *(f"{value:.1f}" for value in (behind.median, behind.high)),
        )
    console().print(shown)
    verdict = "beats" if backtest.beats_naive else "does not beat"
    click.echo(
        f"forecast by {made.forecast.method.value}; on {backtest.days} held-back days from "
        f"{backtest.first} to {backtest.last} the pattern was wrong by "
        f"{_percent(backtest.error)}, seasonal-naive by {_percent(backtest.naive_error)}: "
        f"the pattern {verdict} it"
    )
    if not made.forecast.saw_year_end:
        click.echo("no year-end is in the history, so its effect is not known")
    click.echo(
        f"work by hand: {work.documents - work.touchless} of {work.documents} documents are not "
        f"touchless ({_percent(work.by_hand)}), {work.minutes_each:.1f} minutes each: "
        f"{made.hours_a_week:.1f} hours a week; {made.waiting} documents wait already"
    )
    goal = f"{_percent(made.goal.share)} within {made.goal.working_days} working days"
    click.echo(
        f"{made.backlog.people} people: {_percent(made.backlog.late)} of the work is late, "
        f"load {_percent(made.backlog.load)}"
    )
    click.echo(f"people needed for {goal}: {_people(made)}")
    click.echo(
        f"two points more touchless are worth {made.spared_a_week:.1f} hours a week, "
        f"{made.spared_a_year:.0f} hours a year"
    )


def _people(made: Plan) -> str:
    return "more than 1,000" if made.people_needed is None else str(made.people_needed)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{_PERCENT * share:.1f} %"


#: Of `invoice-robot report`.
REPORTS: Final = (capacity,)
