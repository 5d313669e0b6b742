"""`invoice-robot run`, `pause` and `resume`."""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from robot import bootstrap
from robot.cli.console import RunConsole
from robot.cli.joined import JSON_OPTION, REASON_OPTION, Watcher, person, robot
from robot.domain.answer import saying
from robot.domain.report import Result, RunReport
from robot.flow.clerk import Clerk
from robot.flow.reporting import Reporter
from robot.flow.run import preview, run_once
from robot.flow.summary import RunSummary, result_lines


@click.command("run")
@click.option("--slot", default="by-hand", help="A slot of the calendar, or a word of yours.")
@click.option("--dry-run", is_flag=True, help="Decide and show; touch nothing.")
@JSON_OPTION
def run(slot: str, *, dry_run: bool, as_json: bool) -> None:
    """Do one run now: reconcile, pull, look up, decide, record, act, confirm, tell."""
    console = RunConsole()
    with console.progress(quiet=as_json) as advance:
        watcher = Watcher(advance)
        with robot(observer=watcher) as joined:
            if dry_run:
                report, code = _show(joined, slot)
                text = report_json(report)
            else:
                report, summary = do_run(joined, slot, joined.settings.data)
                code = summary.exit_code
                text = "".join(result_lines(summary, joined.store.documents))
    if as_json:
        click.echo(text, nl=False)
    else:
        console.summary(report)
    raise SystemExit(code)


def do_run(joined: bootstrap.Robot, slot: str, folder: Path) -> tuple[RunReport, RunSummary]:
    """One run with its report.html and result.json in a folder; SIGTERM stops it cleanly."""
    stop = threading.Event()
    former = signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    try:
        return write_run(joined, slot, folder, stop)
    finally:
        signal.signal(signal.SIGTERM, former)


def write_run(
    joined: bootstrap.Robot,
    slot: str,
    folder: Path,
    stop: threading.Event,
    *,
    keep_when_empty: bool = False,
) -> tuple[RunReport, RunSummary]:
    """One run with its report.html and result.json in a folder.

    Args:
        joined: The robot.
        slot: The run's slot.
        folder: Where the two files are written.
        stop: Makes the run stop between two documents.
        keep_when_empty: A run that met nothing new leaves the last run's files in place.
    """
    started = joined.ports.clock.now()
    options = replace(bootstrap.run_options(joined.settings, slot), stop=stop)
    summary = run_once(joined.ports, options)
    paths = {
        "report": str(folder / "report.html"),
        "result": str(folder / "result.json"),
        "mails": str(joined.settings.mail.path / "new"),
    }
    report = Reporter(ports=joined.ports).of_run(summary, started, paths)
    if keep_when_empty and not report.documents and Path(paths["report"]).exists():
        return report, summary
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(Path(paths["report"]), bootstrap.render_report(report))
        _write(Path(paths["result"]), "".join(result_lines(summary, joined.store.documents)))
    except OSError as error:
        problem = saying(
            "report-unwritten", file=error.filename2 or error.filename, text=error.strerror
        )
        summary = replace(summary, problems=(*summary.problems, problem))
        report = replace(report, problems=summary.problems)
    return report, summary


def report_json(report: RunReport) -> str:
    """The shape of `result.json` for a run that touched nothing."""
    counts = {result.value: number for result, number in report.counts().items()}
    value = {
        "run": None,
        "ruleset": {d.bogfoeringskreds: d.ruleset for d in report.documents if d.ruleset},
        "counts": {"pulled": len(report.documents), **counts},
        "documents": [
            {
                "id": document.source_id,
                "version": document.version,
                "customer": document.bogfoeringskreds,
                "outcome": document.result.value,
                "findings": [finding.code for finding in document.findings],
                "receipt": None,
            }
            for document in report.documents
        ],
        "notices": 0,
        "errors": {count.code: count.documents for count in report.errors()},
        "dry_run": True,
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def _show(joined: bootstrap.Robot, slot: str) -> tuple[RunReport, int]:
    started = joined.ports.clock.now()
    options = bootstrap.run_options(joined.settings, slot)
    report = Reporter(ports=joined.ports).of_preview(preview(joined.ports, options), slot, started)
    counts = report.counts()
    person_needed = counts[Result.HELD] or counts[Result.UNREADABLE]
    return report, 1 if person_needed else 0


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


@click.command("pause")
@click.option("--customer", default="", help="A bogføringskreds; everything when left out.")
@REASON_OPTION
def pause(customer: str, reason: str) -> None:
    """Stop the robot for one customer, or for all, at once."""
    with robot() as joined:
        _known(joined, customer)
        _clerk(joined).pause(customer, reason)
    click.echo(f"paused: {customer or 'everything'}")


@click.command("resume")
@click.option("--customer", default="", help="A bogføringskreds; everything when left out.")
def resume(customer: str) -> None:
    """Let it go on."""
    with robot() as joined:
        _known(joined, customer)
        was = _clerk(joined).resume(customer)
    click.echo(f"{'resumed' if was else 'was not paused'}: {customer or 'everything'}")


def _clerk(joined: bootstrap.Robot) -> Clerk:
    ports = joined.ports
    return Clerk(store=ports.store, taxonomy=ports.taxonomy, clock=ports.clock, name=person())


def _known(joined: bootstrap.Robot, customer: str) -> None:
    known = {served.bogfoeringskreds: served.name for served in joined.rulebook.customers}
    if customer and customer not in known:
        named = ", ".join(f"{kreds} {name}" for kreds, name in known.items())
        raise click.BadParameter(f"no customer '{customer}' (known: {named})")


COMMANDS: Final = (run, pause, resume)
