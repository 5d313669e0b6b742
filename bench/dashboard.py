"""100,000 documents in the store: how long the server takes for each page of the dashboard.

Every page of the menu and the heavier lists are asked for several times through the whole
application, by somebody who sees all customers and by somebody who sees one; then the dashboard
is opened as a process of its own, up to its first page. Medians of processor time are held
against the aims, as others may be at work on the machine; the clock's time stands beside them.

`BENCH_DOCUMENTS` says how many documents, `BENCH_FOLDER` where their store is kept for next time.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.dashboard_world import dashboard_world
from bench.ratio import Ratio
from robot import bootstrap
from robot.domain.rights import Scope
from robot.flow.view_port import DocumentQuery
from robot.settings import Settings
from robot.web.pages import PAGES
from robot.web.serving import open_dashboard
from tests.web.site import OWN, SECRET, TestClient, access, entered, headers

MANY: Final = int(os.environ.get("BENCH_DOCUMENTS", "100000"))
FEW: Final = int(os.environ.get("BENCH_DOCUMENTS", "5000"))
#: Seconds for a page, by its median, and for opening.
AIM, OPENING_AIM = 0.2, 2.0
_TIMES, _OPENINGS = 15, 3
_PERCENTILE: Final = 0.95
_PATIENCE: Final = 60.0
#: Lists and single things beside the menu's own addresses.
_MORE: Final = (
    "/documents?list=held",
    "/documents?list=late",
    "/documents?list=late&sort=goal",
    "/documents?sort=-changed",
    "/documents?sort=due&page=50",
    "/documents?customer=99001&state=posted",
    "/documents?q=F0012",
    "/documents?q=kaffe",
    "/documents?code=dimension-missing",
    "/cases?all=1",
    "/audit?actor=anna",
    "/audit?act=decided",
    "/documents/1000",
    "/runs/10",
    "/customers/99001",
)
#: By somebody who sees one customer.
_LIMITED: Final = ("/", "/documents", "/documents?q=kaffe", "/cases", "/kpi")


def run(many: int = MANY) -> list[Ratio]:
    """Measure the pages and the opening."""
    with _folder() as folder:
        placed = dashboard_world(folder, many)
        return [*_pages(placed), *_openings(placed)]


def brief() -> list[Ratio]:
    """The same with fewer documents."""
    return run(FEW)


@contextmanager
def _folder() -> Iterator[Path]:
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _pages(placed: Settings) -> Iterator[Ratio]:
    web: dict[str, Any] = {
        "auth": "proxy",
        "proxy_secret": type(placed.web.proxy_secret)(SECRET),
        "access": access(),
    }
    given = placed.model_copy(update={"web": placed.web.model_copy(update=web)})
    dashboard = open_dashboard(given, bootstrap.FixedClock())
    try:
        stored = dashboard.store.views.documents(Scope(), DocumentQuery(), size=1)
        menu = [page.path for page in PAGES if page.order is not None]
        everything, limited = entered(dashboard, "admin"), entered(dashboard, f"clerk-{OWN}")
        for path in (*menu, *_MORE):
            yield _measured(everything, path, f"{stored.total:,} documents, {path}")
        for path in _LIMITED:
            yield _measured(limited, path, f"of them one customer's, {path}")
    finally:
        dashboard.close()


def _measured(browser: TestClient, path: str, name: str) -> Ratio:
    times, worked = [], []
    for _ in range(_TIMES):
        began, work = time.perf_counter(), time.process_time()
        answer = browser.get(path)
        times.append(time.perf_counter() - began)
        worked.append(time.process_time() - work)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
    first, late = worked[0] * 1000, sorted(worked)[round(_PERCENTILE * (_TIMES - 1))] * 1000
    clock = statistics.median(times) * 1000
    return _ratio(
        f"{name}: first {first:.0f} ms, p95 {late:.0f} ms; by the clock {clock:.0f} ms",
        statistics.median(worked),
        AIM,
    )


def _ratio(name: str, taken: float, aim: float) -> Ratio:
    return Ratio(
        name=name,
        value=taken * 1000,
        unit="ms",
        floor_name="the aim",
        floor_value=aim * 1000,
        ratio=taken / aim,
        aim=f"≤ 1: {'met' if taken <= aim else 'missed'}",
    )


def _openings(placed: Settings) -> Iterator[Ratio]:
    found = [_opened(placed) for _ in range(_OPENINGS)]
    worked, alive, shown = (statistics.median(times) for times in zip(*found, strict=True))
    yield _ratio(
        f"opening, from the start of the process to its first page: by the clock {shown:.1f} s,"
        f" alive after {alive:.1f} s",
        worked,
        OPENING_AIM,
    )


def _opened(placed: Settings) -> tuple[float, float, float]:
    """Processor seconds until the first page; seconds until it is alive, and until that page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rights = [{"group": "admin", "roles": ["admin"]}]
    environment = os.environ | {
        "ROBOT_DATA": str(placed.data),
        "ROBOT_STORE__URL": placed.store.url,
        "ROBOT_LOG__DIRECTORY": str(placed.log.directory),
        "ROBOT_WEB__AUTH": "proxy",
        "ROBOT_WEB__PROXY_SECRET": SECRET,
        "ROBOT_WEB__ACCESS": json.dumps(rights),
    }
    command = [str(Path(sys.executable).with_name("invoice-robot")), "web", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - the project's own command
    try:
        _wait_for(port, "/healthz", began)
        alive = time.perf_counter() - began
        _wait_for(port, "/", began)
        shown = time.perf_counter() - began
        return _processor_time(process.pid), alive, shown
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _processor_time(process: int) -> float:
    """Seconds that a process has taken of a processor so far, by Linux's account of it."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system = (int(ticks) for ticks in fields[11:13])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int, path: str, began: float) -> None:
    while time.perf_counter() - began < _PATIENCE:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", path, headers=headers(name="bench", groups="admin"))
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError(f"the dashboard does not answer {path}")
