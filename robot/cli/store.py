"""`invoice-robot store`: copying the robot's own database, and going on with an older copy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from robot import bootstrap, settings
from robot.cli.joined import REASON_OPTION, person, robot
from robot.flow.clerk import Clerk

#: More than are given out between two backups.
SKIPPED_CASES: Final = 10_000


@click.group("store")
def store() -> None:
    """The robot's own database."""


@store.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy it into FILE, checked, also while a robot is at work (SQLite)."""
    size = bootstrap.back_up_store(settings.load(), file)
    click.echo(f"{file}: {size:,} bytes, checked")


@store.command("restored")
@REASON_OPTION
@click.option(
    "--skip-cases",
    type=click.IntRange(min=0),
    default=SKIPPED_CASES,
    show_default=True,
    help="Case numbers to leave out: customers may have been told them.",
)
def restored(reason: str, skip_cases: int) -> None:
    """Say that an older copy is in force now, before the next run."""
    with robot() as joined:
        ports = joined.ports
        clerk = Clerk(store=ports.store, taxonomy=ports.taxonomy, clock=ports.clock, name=person())
        clerk.note_restore(reason, skip_cases)
    click.echo(f"noted; the next {skip_cases:,} case numbers are left out")


COMMANDS: Final = (store,)
