"""`invoice-robot report kpi|journey` and `invoice-robot export`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import click
from rich.text import Text

from robot import bootstrap
from robot.cli.joined import JSON_OPTION, console, echo_json, robot, table
from robot.domain.calendar import COPENHAGEN, day_start
from robot.domain.journey import ball, in_order
from robot.domain.rights import Scope
from robot.errors import ActError
from robot.flow.figures_port import Report, Unit
from robot.flow.measure_port import Extent
from robot.flow.measuring import bring_up_to_date
from robot.flow.records import DocumentFilter
from robot.flow.view_port import DocumentQuery

_WEEKS: Final = 12
_FORMATS: Final = {
    "ocel": "json",
    "ocel-sqlite": "sqlite",
    "xes": "xes",
    "csv": "csv",
    "xlsx": "xlsx",
}
_DAY: Final = click.DateTime(formats=["%Y-%m-%d"])


@click.command("kpi")
@click.option("--from", "first", type=_DAY, help="First day; 12 weeks before the last.")
@click.option("--to", "last", type=_DAY, help="Last day; today.")
@click.option("--customer", default="", help="Bogføringskreds; all of them.")
@JSON_OPTION
def kpi(first: datetime | None, last: datetime | None, customer: str, *, as_json: bool) -> None:
    """The figures of a period, each with numerator, denominator and definition."""
    with robot() as joined:
        until = last.date() if last else joined.ports.today()
        since = first.date() if first else until - timedelta(weeks=_WEEKS)
        report = report_on(
            joined, Extent(scope=Scope(), customer=customer, first=since, last=until)
        )
    if as_json:
        echo_json(
            [
                {
                    "code": it.code,
                    "value": it.value,
                    "unit": it.unit.value,
                    "numerator": it.numerator,
                    "denominator": it.denominator,
                    "definition": it.definition["en"],
                }
                for it in report.figures
            ]
        )
        return
    shown = table("figure", "value", "numerator", "denominator", "definition")
    for it in report.figures:
        shown.add_row(
            Text(it.title["en"]),
            _shown(it.unit, it.value, hidden=it.hidden),
            f"{it.numerator:g}",
            str(it.denominator),
            Text(it.definition["en"]),
        )
    click.echo(f"{report.documents} documents approved from {since} to {until}")
    console().print(shown)


def report_on(joined: bootstrap.Robot, extent: Extent) -> Report:
    """The report as it stands now; what no run measured yet is measured first."""
    store, ports = joined.store, joined.ports
    writing = partial(store.writing, actor="robot")
    bring_up_to_date(store, writing, ports.calendar, ports.taxonomy)
    figures = bootstrap.figures(joined.calendar, ports.taxonomy)
    return figures.report(store.measures, extent, ports.clock.now())


def _shown(unit: Unit, value: float | None, *, hidden: bool) -> str:
    if value is None:
        return "–"
    if hidden:
        return "too few"
    return f"{100 * value:.1f} %" if unit is Unit.SHARE else f"{value:.2f} {unit.value}"


@click.command("journey")
@click.argument("reference")
@JSON_OPTION
def journey(reference: str, *, as_json: bool) -> None:
    """Everything that happened to a document, from its supplier to its payment."""
    with robot() as joined:
        rows = list(joined.store.documents.listing(DocumentFilter(reference=reference)))
        keys = {row.core.document_key for row in rows}
        told = joined.store.journeys.of(keys)
    if len(keys) != 1:
        raise ActError(f"'{reference}' means {len(keys) or 'no'} documents")
    events = in_order(told.get(keys.pop(), []))
    if as_json:
        echo_json(
            [
                {
                    "at": event.at.isoformat(),
                    "precision": event.precision.value,
                    "event": event.event.value,
                    "system": event.system,
                    "actor": event.actor.value,
                    "name": event.actor_name,
                    "detail": dict(event.detail),
                }
                for event in events
            ]
        )
        return
    shown = table("time (Copenhagen)", "event", "system", "actor", "who")
    for event in events:
        at = event.at.astimezone(COPENHAGEN)
        time = f"{at:%Y-%m-%d}" if event.precision.value == "day" else f"{at:%Y-%m-%d %H:%M:%S}"
        shown.add_row(time, event.event.value, event.system, event.actor.value, event.actor_name)
    console().print(shown)
    held = ball(events)
    if held is not None:
        click.echo(f"the ball is with {held[0].value} since {held[1].astimezone(COPENHAGEN)}")


@click.command("export")
@click.argument("form", type=click.Choice(sorted(_FORMATS)))
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--since", type=_DAY, help="Only documents with an event on this day or later.")
@click.option("--customer", default="", help="Bogføringskreds; all of them.")
def export(form: str, path: Path | None, since: datetime | None, customer: str) -> None:
    """Write all journeys into a file for process mining or a spreadsheet."""
    path = path or Path(f"journeys.{_FORMATS[form]}")
    with robot() as joined:
        day: date | None = since.date() if since else None
        bootstrap.export_writers()[form](
            joined.store.views.every(Scope(), DocumentQuery(customer=customer)),
            joined.store.journeys.events(since=day_start(day) if day else None),
            path,
        )
    click.echo(str(path))


COMMANDS: Final = (export,)
#: Of `invoice-robot report`.
REPORTS: Final = (kpi, journey)
