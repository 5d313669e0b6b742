"""A robot for the length of one command, and what commands have in common."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import click
from rich import box
from rich.console import Console
from rich.table import Table

from robot import bootstrap, log, settings
from robot.cli.console import Advance
from robot.domain.decision import Decision
from robot.flow.context import Observer
from robot.flow.ports import Clock

PIPED_WIDTH: Final = 200
JSON_OPTION: Final = click.option("--json", "as_json", is_flag=True, help="For machines.")
REASON_OPTION: Final = click.option("--reason", required=True, help="Kept in the audit trail.")


class Watcher:
    """Passes a run's steps to the console and its faults to the log; knows the last step's time.

    Implements `robot.flow.context.Observer`.
    """

    def __init__(self, advance: Advance | None = None) -> None:
        self._advance = advance
        self._known: dict[str, int | None] = {}
        self.last_step: datetime | None = None
        self.now: Callable[[], datetime] = lambda: datetime.min.replace(tzinfo=UTC)

    def expect(self, step: str, total: int) -> None:
        """Say how much of a step there is, for the bar."""
        self._known[step] = total

    def progress(self, step: str, done: int) -> None:
        """A step has come this far."""
        self.last_step = self.now()
        if self._advance is not None:
            self._advance(step, done, self._known.get(step))

    def fault(self, error: Exception, about: str) -> None:
        """Something failed that the run survives."""
        log.fault(error, f"A fault about {about}", about=about)


@contextmanager
def robot(
    *, clock: Clock | None = None, observer: Observer | None = None, quiet: bool = True
) -> Iterator[bootstrap.Robot]:
    """The robot of the settings, closed at the end.

    Raises:
        RobotError: Settings, rules or a database can't be used.
    """
    given = settings.load()
    log.configure(given.log.directory, console_level=given.log.level, quiet=quiet)
    joined = bootstrap.assemble(given, clock=clock, observer=observer)
    try:
        yield joined
    finally:
        joined.close()


def console() -> Console:
    """Standard output; wide when it is no terminal, so that lines can be searched."""
    made = Console(highlight=False)
    if not made.is_terminal:
        made.width = max(made.width, PIPED_WIDTH)
    return made


def table(*headings: str) -> Table:
    """A plain table with these headings."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def person() -> str:
    """Who is at the keyboard, for the audit trail."""
    return getpass.getuser()


def echo_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON text."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def findings_as_json(decision: Decision) -> list[dict[str, Any]]:
    """A decision's findings for programs."""
    return [
        {
            "code": finding.code,
            "path": finding.path,
            "seen": finding.seen,
            "expected": finding.expected,
            "rule": finding.rule,
        }
        for finding in decision.findings
    ]
