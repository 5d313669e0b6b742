"""`invoice-robot web`: the dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from robot import bootstrap, log, settings
from robot.errors import SettingsError
from robot.flow.garbage import seldom_collected
from robot.web.serving import open_dashboard, serve


@click.command("web")
@click.option("--demo", "of_demo", is_flag=True, help="Show the world of `invoice-robot demo`.")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), help="In place of [web] port.")
def web(folder: Path | None, port: int | None, *, of_demo: bool) -> None:
    """Show the dashboard until SIGTERM.

    With --demo everybody on this machine chooses a role, and what they ask for is carried out
    here; otherwise people come in as [web] says, and the daemon carries out.
    """
    given = settings.load()
    clock = None
    if of_demo:
        from robot.cli.demo import DEFAULT_FOLDER, placed_in  # noqa: PLC0415 - it loads all of a run

        given = placed_in(given, folder or DEFAULT_FOLDER)
        if not (folder or DEFAULT_FOLDER).is_dir():
            raise SettingsError("there is no demo yet", hint="run `invoice-robot demo` first")
        shown = given.web.model_copy(update={"auth": "demo", "host": "127.0.0.1"})
        given = given.model_copy(update={"web": shown})
        clock = bootstrap.FixedClock()
    if port is not None:
        given = given.model_copy(update={"web": given.web.model_copy(update={"port": port})})
    log.configure(given.log.directory, console_level=given.log.level)
    with seldom_collected():
        dashboard = open_dashboard(given, clock)
    if isinstance(clock, bootstrap.FixedClock):
        for former in dashboard.store.runs.last():
            clock.go_on_after(former.finished_at or former.started_at)
    click.echo(f"http://{given.web.host}:{given.web.port}/")
    try:
        serve(dashboard, carries_out=of_demo)
    finally:
        dashboard.close()


COMMANDS: Final = (web,)
