"""`invoice-robot report`: what people look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Final

import click
from rich.text import Text

from robot import bootstrap
from robot.cli.joined import JSON_OPTION, console, echo_json, robot, table
from robot.domain.calendar import COPENHAGEN, day_start
from robot.domain.state import State
from robot.flow.records import DocumentFilter

_NOT_POSTED: Final = frozenset(
    {State.BOUNCED, State.HELD, State.UNREADABLE, State.REJECTING, State.POSTING}
)


@click.group("report")
def report() -> None:
    """What people look at."""


@report.command("run")
@click.option("--last", "many", default=10, show_default=True, help="How many runs.")
@JSON_OPTION
def runs(many: int, *, as_json: bool) -> None:
    """The latest runs with their counts, newest first."""
    with robot() as joined:
        rows = joined.store.runs.last(many)
    if as_json:
        echo_json(
            [
                {
                    "slot": row.slot,
                    "status": row.status,
                    "owner": row.owner,
                    "started_at": row.started_at.isoformat(),
                    "finished_at": row.finished_at.isoformat() if row.finished_at else None,
                    "run": row.id,
                    "counts": row.summary.get("counts", {}),
                }
                for row in rows
            ]
        )
        return
    words = ("pulled", "posted", "bounced", "held", "unreadable", "unknown")
    shown = table("run", "slot", "started (Copenhagen)", "status", *words)
    for row in rows:
        counts = row.summary.get("counts", {})
        started = row.started_at.astimezone(COPENHAGEN)
        shown.add_row(
            str(row.id),
            Text(row.slot),
            f"{started:%Y-%m-%d %H:%M}",
            row.status,
            *(str(counts.get(word, "–")) for word in words),
        )
    console().print(shown)


@report.command("errors")
@JSON_OPTION
def errors(*, as_json: bool) -> None:
    """The error types of documents that are not posted, and of what customers report.

    Documents are those that are not posted now; mails are customers' own, which belong to no case.
    """
    with robot() as joined:
        counted = Counter(
            code
            for row in joined.store.documents.listing(DocumentFilter(states=_NOT_POSTED))
            for code in row.codes
        )
        reported = joined.store.reported.counts()
        taxonomy = joined.rulebook.taxonomy
        rows = [
            {
                "code": code,
                "title": taxonomy[code].texts["da"].title if code in taxonomy else code,
                "fixable_by": taxonomy[code].fixable_by.value if code in taxonomy else "",
                "documents": counted[code],
                "reported": reported.get(code, 0),
            }
            for code in sorted(
                {*counted, *reported},
                key=lambda code: (-counted[code], -reported.get(code, 0), code),
            )
        ]
    if as_json:
        echo_json(rows)
        return
    shown = table("error type", "", "who can fix it", "documents", "mails")
    for row in rows:
        shown.add_row(*(Text(str(value)) for value in row.values()))
    console().print(shown)


@report.command("radar")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Default: the last working day.")
@JSON_OPTION
def radar(since: datetime | None, *, as_json: bool) -> None:
    """The short daily list for a person: what was said to the centre where nobody listens.

    Remarks and replies that speak to the centre, what is said to be fixed and is not, addresses
    that mail does not reach, and mails of which nobody knows what they are about.
    """
    with robot() as joined:
        made = bootstrap.radar(joined.ports)
        start = made.start() if since is None else day_start(since.date())
        items = list(made.items(start))
    if as_json:
        echo_json([asdict(item) for item in items])
        return
    shown = table("what", "customer", "case", "document", "who", "when (Copenhagen)", "")
    for item in items:
        when = f"{item.at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}" if item.at else ""
        cells = (item.signal, item.customer, item.case_number, item.document, item.address, when)
        shown.add_row(*(Text(cell) for cell in (*cells, item.words)))
    console().print(shown)


COMMANDS: Final = (report,)
