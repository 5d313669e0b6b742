"""Two services started at once on one store: the due run is done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from robot import settings
from robot.adapters.store.store import open_store
from robot.bootstrap import SystemClock
from robot.flow.records import RunRow
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.site import Site
from tests.faults.test_kill_switch import COMMAND
from tests.faults.world import PROJECT

pytestmark = pytest.mark.faults
SECONDS = 120


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_two_services_start_at_once(site: Site, tally: Tally) -> None:
    services = [start(site, f"service-{name}") for name in ("a", "b")]
    try:
        wait_until_done(site)
        # The other one looks again whether the run is due, and finds it done.
        time.sleep(2)
        for service in services:
            service.send_signal(signal.SIGTERM)
        assert [service.wait(timeout=30) for service in services] == [0, 0]
    finally:
        for service in services:
            service.kill()
            service.communicate()
    slots = {run.slot for run in runs(site)}
    assert len(slots) == 1
    assert site.breaches() == []
    if site.engine.name == "sqlite":
        assert [run.status for run in runs(site)] == ["done"]
    tally("two services at once", site.engine.name)


def start(site: Site, name: str) -> subprocess.Popen[bytes]:
    config = site.folder / f"{name}.toml"
    config.write_text(
        f'data = "{site.folder}/{name}"\n'
        f'[source]\npath = "{site.folder}/documents"\n'
        f'[erp]\npath = "{site.folder}/navision.db"\n'
        f'[store]\nurl = "{site.store}"\n'
        f'[rules]\ndirectory = "{PROJECT}/rules"\n'
        f'[mail]\npath = "{site.folder}/mail"\ntemplates = "{PROJECT}/config/mail"\n'
        f'[log]\ndirectory = "{site.folder}/logs-{name}"\n'
        # However long ago the calendar's last run was, on the day that this test runs.
        "[run]\ncatch_up_hours = 400\n",
        encoding="utf-8",
    )
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *COMMAND[1:], "daemon"],
        env={**os.environ, settings.CONFIG_VARIABLE: str(config)},
        stderr=subprocess.DEVNULL,
    )


def wait_until_done(site: Site) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if any(run.status == "done" for run in runs(site)) and not any(
            run.status == "running" for run in runs(site)
        ):
            return
        time.sleep(0.2)
    raise AssertionError("no run was done")


def runs(site: Site) -> list[RunRow]:
    store = open_store(site.store, SystemClock(), check=False)
    try:
        return store.runs.last(10)
    finally:
        store.close()
