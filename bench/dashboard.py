"""100,000 documents in the store: how long the server takes for each list of the dashboard.

The store is written as the demo's past is: versions, decisions, journeys and the trail. Every page
of the menu is asked for several times through the whole application, by somebody who sees all
customers and by somebody who sees one, and its median time is held against the aim.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from bench.ratio import Ratio
from robot import bootstrap, settings
from robot.cli.demo import placed_in, tell_past
from robot.web.pages import PAGES
from robot.web.serving import open_dashboard
from tests.web.site import SECRET, TestClient, access, entered

MANY: Final = 100_000
FEW: Final = 5_000
#: Seconds for a list, by its median.
AIM: Final = 0.2
_DAYS: Final = 150
#: Documents that one a day on an ordinary day comes to, over all days.
_PER_DAILY: Final = 138
_TIMES: Final = 5
#: Lists beside the menu's own addresses.
_LISTS: Final = (
    "/documents?list=held",
    "/documents?list=late",
    "/documents?sort=-changed",
    "/documents?sort=due&page=50",
    "/documents?customer=99001&state=posted",
    "/documents?q=F012345",
)


def run(many: int = MANY) -> list[Ratio]:
    """Measure every page of the menu and the heavier lists."""
    with tempfile.TemporaryDirectory() as name:
        placed = placed_in(settings.load(), Path(name))
        told = tell_past(placed, _DAYS, max(1, many // _PER_DAILY))
        web: dict[str, Any] = {
            "auth": "proxy",
            "proxy_secret": type(placed.web.proxy_secret)(SECRET),
            "access": access(),
        }
        given = placed.model_copy(update={"web": placed.web.model_copy(update=web)})
        dashboard = open_dashboard(given, bootstrap.FixedClock())
        try:
            menu = [page.path for page in PAGES if page.order is not None]
            return [
                _measured(entered(dashboard, "admin"), path, told) for path in (*menu, *_LISTS)
            ]
        finally:
            dashboard.close()


def brief() -> list[Ratio]:
    """The same with fewer documents."""
    return run(FEW)


def _measured(browser: TestClient, path: str, told: int) -> Ratio:
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        answer = browser.get(path)
        times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
    taken = statistics.median(times)
    return Ratio(
        name=f"{path} with {told:,} documents (first time {times[0] * 1000:.0f} ms)",
        value=taken * 1000,
        unit="ms",
        floor_name="the aim",
        floor_value=AIM * 1000,
        ratio=taken / AIM,
        aim="≤ 1",
    )
