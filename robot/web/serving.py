"""From settings to a dashboard that listens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Final

import uvicorn
from loguru import logger
from starlette.applications import Starlette

from robot import bootstrap
from robot.domain.rights import Grant, Role
from robot.errors import SettingsError
from robot.flow.commands import carry_out, carry_out_long
from robot.flow.ports import Clock
from robot.rulebook.calendar import load_calendar
from robot.settings import DashboardSettings, Settings
from robot.web.app import create_app
from robot.web.dashboard import Dashboard
from robot.web.numbers import Numbers
from robot.web.security.doors import DemoDoor, Door, ProxyDoor
from robot.web.security.sessions import Guard

TEMPLATES: Final = Path(__file__).parent / "templates"
#: Only this machine may come in where anybody may choose a role.
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
#: How often rule files are looked at, and commands carried out in the demo.
_REFRESH_SECONDS: Final = 30.0
_CARRY_OUT_SECONDS: Final = 1.0


def open_dashboard(settings: Settings, clock: Clock | None = None) -> Dashboard:
    """Join what pages are made from. `close` the result when done.

    Raises:
        RobotError: The store or the rules can't be used.
    """
    clock = clock or bootstrap.SystemClock()
    # Looking for damage reads the whole database; the daemon does so each time it opens it.
    store = bootstrap.open_store(settings.store.url, clock, check=False)
    book = bootstrap.rulebook(settings, store.rules)
    calendar = load_calendar(settings.rules.directory / "calendar.yaml")
    dashboard = Dashboard(
        settings=settings,
        store=store,
        sessions=store.sessions,
        rules=book,
        calendar=calendar,
        clock=clock,
        pages=bootstrap.page_templates(TEMPLATES),
        links=bootstrap.case_links(settings, clock),
        numbers=Numbers(
            store=store, figures=lambda: bootstrap.figures(calendar, book.taxonomy), clock=clock
        ),
        renderer=bootstrap.notice_renderer(settings),
        wording=cache(bootstrap.wording),
        close=store.close,
    )
    lock, looked = threading.Lock(), [clock.now()]

    def refresh() -> None:
        now = clock.now()
        if (now - looked[0]).total_seconds() < _REFRESH_SECONDS or not lock.acquire(False):
            return
        try:
            looked[0] = now
            book.reload()
        finally:
            lock.release()

    dashboard.refresh = refresh
    return dashboard


def application(dashboard: Dashboard) -> Starlette:
    """The application with the door and the sessions that the settings name.

    Raises:
        SettingsError: The way in is not set up.
    """
    given = dashboard.settings.web
    guard = Guard(
        sessions=dashboard.sessions,
        clock=dashboard.clock,
        idle=timedelta(minutes=given.idle_minutes),
        longest=timedelta(hours=given.session_hours),
        secure=given.auth != "demo",
    )
    way_in = door(given)
    app = create_app(dashboard, way_in, guard)
    app.state.guard, app.state.door = guard, way_in
    return app


def door(given: DashboardSettings) -> Door:
    """The way in.

    Raises:
        SettingsError: It is not set up, or the demo's choice of roles would be open to others.
    """
    if given.auth == "demo":
        if given.host not in _LOOPBACK:
            raise SettingsError(
                "[web] auth = demo lets anybody in, so it listens to this machine only",
                hint="set [web] host to 127.0.0.1, or auth to proxy or oidc",
            )
        return DemoDoor()
    if given.auth == "oidc":
        from robot.web.security.oidc import OidcDoor  # noqa: PLC0415 - its library is slow to load

        return OidcDoor(given, grants(given))
    return ProxyDoor(given, given.proxy_key(), grants(given))


def grants(given: DashboardSettings) -> list[Grant]:
    """What is granted to groups and persons."""
    return [
        Grant(
            roles=frozenset(Role(role) for role in entry.roles),
            group=entry.group,
            person=entry.person,
            customers=frozenset(entry.customers) if entry.customers else None,
        )
        for entry in given.access
    ]


def serve(dashboard: Dashboard, *, carries_out: bool = False) -> None:
    """Listen until SIGTERM or SIGINT.

    Args:
        dashboard: What to show.
        carries_out: Carry out commands here too, where no daemon does: in the demo.
    """
    given = dashboard.settings.web
    stop = threading.Event()
    if carries_out:
        for carries in (carry_out, partial(carry_out_long, owner="demo")):
            threading.Thread(
                target=_carry_out, args=(dashboard, stop, carries), daemon=True
            ).start()
    config = uvicorn.Config(
        application(dashboard),
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    try:
        uvicorn.Server(config).run()
    finally:
        stop.set()


def _carry_out(dashboard: Dashboard, stop: threading.Event, carries: Callable[..., int]) -> None:
    # Joined when something is asked for, so that the first page does not wait for it.
    acts = cache(lambda: bootstrap.assemble(dashboard.settings, clock=dashboard.clock).acts())
    while not stop.wait(_CARRY_OUT_SECONDS):
        try:
            if dashboard.store.commands.waiting(1):
                carries(dashboard.store, dashboard.rules.taxonomy, dashboard.clock, acts())
        except Exception as error:  # noqa: BLE001 - tried again a second later
            logger.bind(kind=type(error).__name__).warning("Commands can't be carried out now")
