"""`invoice-robot daemon` and `doctor`."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Final

import click
from loguru import logger

from robot import bootstrap, log, settings
from robot.cli.joined import JSON_OPTION, Watcher, echo_json
from robot.cli.run import write_run
from robot.daemon import Daemon, Work, alive
from robot.doctor import Level, examine
from robot.flow.commands import carry_out, carry_out_long
from robot.flow.inbox import poll


@click.command("daemon")
def daemon() -> None:
    """Run by the calendar until SIGTERM; a missed run is caught up once."""
    given = settings.load()
    log.configure(given.log.directory, console_level=given.log.level)
    watcher = Watcher()
    joined = bootstrap.assemble(
        given,
        observer=watcher,
        on_skipped=lambda name, reason: logger.bind(file=name).info("Passed over: {}", reason),
    )
    watcher.now = joined.ports.clock.now

    def run(slot: str, stop: threading.Event) -> None:
        watcher.progress("begin", 0)
        try:
            held_back = joined.reload_rules()
            for words in held_back:
                logger.error("Rules are not in force as they stand: {}", words)
            _report, summary = write_run(joined, slot, given.data, stop)
        finally:
            watcher.last_step = None
        logger.bind(**summary.counts, notices=summary.notices).info("The run is done")
        for words in summary.problems:
            if words in held_back:
                continue
            logger.warning("Look at: {}", words)

    def receive(stop: threading.Event) -> None:
        found = poll(joined.ports, replace(bootstrap.run_options(given, "mail"), stop=stop))
        if found.mails:
            logger.bind(mails=found.mails, **found.routes).info("Mail came in")
        for words in found.problems:
            logger.warning("Look at: {}", words)

    inbox = given.mail.inbox
    polls = inbox.kind != "none" and inbox.poll_seconds > 0
    acts = joined.acts()
    work = Work(
        run=run,
        has_run=joined.store.runs.has_slot,
        progress=lambda: watcher.last_step,
        now=joined.ports.clock.now,
        receive=receive if polls else None,
        receive_seconds=inbox.poll_seconds,
        carry_out=lambda: carry_out(
            joined.store, joined.ports.taxonomy, joined.ports.clock, acts, watcher.fault
        ),
        carry_out_long=lambda: carry_out_long(
            joined.store,
            joined.ports.taxonomy,
            joined.ports.clock,
            acts,
            watcher.fault,
            owner=bootstrap.run_options(given, "trial").owner,
        ),
    )
    try:
        Daemon(
            joined.calendar,
            work,
            heartbeat=given.heartbeat,
            catch_up_hours=given.run.catch_up_hours,
        ).serve()
    finally:
        joined.close()


@click.command("doctor")
@click.option("--alive", "only_alive", is_flag=True, help="Only: does the daemon's heart beat?")
@JSON_OPTION
def doctor(*, only_alive: bool, as_json: bool) -> None:
    """Say in words whether everything is reachable and permitted."""
    given = settings.load()
    if only_alive:
        ok, why = alive(given.heartbeat, bootstrap.SystemClock().now())
        click.echo(why)
        raise SystemExit(int(not ok))
    checks = examine(given)
    if as_json:
        echo_json([{"what": c.what, "level": c.level.value, "words": c.words} for c in checks])
    else:
        for check in checks:
            mark = {Level.GOOD: "ok     ", Level.LOOK: "look at", Level.BAD: "WRONG  "}
            click.echo(f"{mark[check.level]}  {check.what}: {check.words}")
    levels = {check.level for check in checks}
    raise SystemExit(2 if Level.BAD in levels else int(Level.LOOK in levels))


COMMANDS: Final = (daemon, doctor)
