"""`invoice-robot demo`: the whole job on a small world of invented documents, or on anyone's."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Final

import click

from robot import bootstrap, log, settings
from robot.cli.console import RunConsole
from robot.cli.demo_past import A_DAY, DAYS, Past, PastClock
from robot.cli.demo_rules import RuleStory
from robot.cli.joined import JSON_OPTION, Watcher
from robot.cli.run import write_run
from robot.domain.calendar import COPENHAGEN
from robot.domain.report import RunReport
from robot.errors import SettingsError
from robot.flow.order import company_of
from robot.flow.summary import RunSummary, result_lines
from robot.rulebook.calendar import load_calendar

EXAMPLES: Final = Path("examples")
DEFAULT_FOLDER: Final = Path("var/demo")
#: Documents of one's own are kept apart from the small world.
OWN_FOLDER: Final = Path("var/demo-documents")
SLOT: Final = "2026-11-24/morning"


@click.command("demo")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of documents of your own, in place of the examples.",
)
@click.option(
    "--past", "with_past", is_flag=True, help="Give the robot some months behind it, to look at."
)
@JSON_OPTION
def demo(folder: Path | None, documents: Path | None, *, with_past: bool, as_json: bool) -> None:
    """Build a small world, run the main job once, and show what happened.

    The world's day is Tuesday 24 November 2026, 06:30. Run again, it changes nothing that is
    already done.
    """
    folder = folder or (OWN_FOLDER if documents else DEFAULT_FOLDER)
    console = RunConsole()
    with console.progress(quiet=as_json) as advance:
        origin = documents or EXAMPLES / "documents"
        report, summary, text = _run(folder, origin, Watcher(advance), with_past=with_past)
    if as_json:
        click.echo(text, nl=False)
    else:
        console.summary(report)
        if not report.documents:
            click.echo("Nothing new: everything in this world was done before.")
        if with_past:
            where = "" if folder == DEFAULT_FOLDER else f" --dir {folder}"
            click.echo(f"See it in a browser: invoice-robot web --demo{where}")
    raise SystemExit(summary.exit_code)


def world(folder: Path, documents: Path) -> settings.Settings:
    """Settings of a world in a folder, with its documents and its ERP in place.

    Raises:
        SettingsError: The examples are not there.
    """
    if not (EXAMPLES / "navision").is_dir():
        raise SettingsError(
            "the folder 'examples' is not here", hint="start it in the project's folder"
        )
    _copy_new(documents, folder / "documents")
    placed = placed_in(settings.load(), folder)
    customers = bootstrap.rulebook(placed).customers
    companies = [company_of(customer) for customer in customers]
    bootstrap.build_small_world(placed.erp.path, companies, EXAMPLES / "navision")
    return placed


def placed_in(given: settings.Settings, folder: Path) -> settings.Settings:
    """The settings with everything that a world keeps in its folder."""
    return given.model_copy(
        update={
            "data": folder,
            "source": given.source.model_copy(update={"path": folder / "documents"}),
            "erp": given.erp.model_copy(update={"path": folder / "navision.db"}),
            "store": given.store.model_copy(update={"url": f"sqlite:///{folder / 'robot.db'}"}),
            "mail": given.mail.model_copy(update={"path": folder / "mail"}),
            "history": given.history.model_copy(update={"directory": folder / "history"}),
            "log": given.log.model_copy(update={"directory": folder / "logs"}),
        }
    )


def tell_past(placed: settings.Settings, days: int = DAYS, a_day: int = A_DAY) -> int:
    """Write the months before the world's day into a store that has no run yet.

    Returns:
        How many documents came; 0 when there was a run.
    """
    day = bootstrap.FixedClock().now()
    clock = PastClock(day)
    store = bootstrap.open_store(placed.store.url, clock)
    try:
        if store.runs.last():
            return 0
        book = bootstrap.rulebook(placed, store.rules)
        today = day.astimezone(COPENHAGEN).date()
        rulesets = {
            it.bogfoeringskreds: book.for_customer(it.bogfoeringskreds).hash
            for it in book.customers
        }
        story = RuleStory(store=store, clock=clock, book=book, today=today, rulesets=rulesets)
        return Past(
            store=store,
            clock=clock,
            calendar=load_calendar(placed.rules.directory / "calendar.yaml"),
            customers=list(book.customers),
            rulesets=rulesets,
            today=today,
            on_day=story.on_day,
        ).write(days, a_day)
    finally:
        store.close()


def _run(
    folder: Path, documents: Path, watcher: Watcher, *, with_past: bool = False
) -> tuple[RunReport, RunSummary, str]:
    placed = world(folder, documents)
    log.configure(placed.log.directory, quiet=True)
    if with_past:
        tell_past(placed)
    clock = bootstrap.FixedClock()
    joined = bootstrap.assemble(placed, clock=clock, observer=watcher)
    try:
        for former in joined.store.runs.last():
            clock.go_on_after(former.finished_at or former.started_at)
        report, summary = write_run(joined, SLOT, folder, threading.Event(), keep_when_empty=True)
        return report, summary, "".join(result_lines(summary, joined.store.documents))
    finally:
        joined.close()


def _copy_new(origin: Path, inbox: Path) -> None:
    """Copy what is not there yet, so that marks and changes of an earlier run stay."""
    for path in sorted(origin.rglob("*")):
        target = inbox / path.relative_to(origin)
        if path.is_dir() or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


COMMANDS: Final = (demo,)
