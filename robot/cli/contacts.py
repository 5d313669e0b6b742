"""`invoice-robot contact list|reached`: whether mail reaches customers' addresses."""

from __future__ import annotations

from typing import Final

import click
from rich.text import Text

from robot.cli.joined import JSON_OPTION, console, echo_json, person, robot, table
from robot.domain.calendar import COPENHAGEN
from robot.errors import ActError

_WORDS: Final = 60


@click.group("contact")
def contact() -> None:
    """Addresses of customers that mail did not reach."""


@contact.command("list")
@JSON_OPTION
def listed(*, as_json: bool) -> None:
    """Every address that failed, with the server's words: `soft` is tried on, `dead` is not."""
    with robot() as joined:
        found = joined.store.contacts.listing()
    if as_json:
        echo_json(
            [
                {
                    "address": row.address,
                    "state": row.state.value,
                    "score": str(row.score),
                    "last_failure_on": row.last_failure_on,
                    "code": row.last_code,
                    "words": row.words,
                }
                for row in found
            ]
        )
        return
    shown = table("address", "state", "since (Copenhagen)", "code", "words")
    for row in found:
        shown.add_row(
            Text(row.address),
            row.state.value,
            f"{row.changed_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            row.last_code,
            Text(row.words[:_WORDS]),
        )
    console().print(shown)


@contact.command("reached")
@click.argument("address")
def reached(address: str) -> None:
    """Mail reaches ADDRESS again, such as after its mailbox was mended: write to it as before."""
    with robot() as joined, joined.store.writing(actor=person()) as unit:
        if not unit.contacts.reached(address):
            raise ActError(f"no failure of {address} is known", hint="see `contact list`")
    click.echo(f"{address} is written to again")


COMMANDS: Final = (contact,)
