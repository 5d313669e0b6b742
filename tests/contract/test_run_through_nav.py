"""The main job with a simulated NAV behind a door: everything comes out as it should."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from robot import bootstrap
from robot.adapters.navision.schema.model import Layout
from robot.domain.state import State
from robot.flow.context import RunOptions
from robot.flow.records import DocumentFilter
from robot.flow.run import run_once
from robot.settings import (
    ErpSettings,
    HistorySettings,
    LogSettings,
    MailSettings,
    RulesSettings,
    Settings,
    SourceSettings,
    StoreSettings,
    WebSettings,
)
from tests.simulator.client import NavServer
from tests.simulator.server import KEY, USER

ROOT = Path(__file__).parents[2]
CUSTOMERS = (
    "Eksempelstyrelsen",
    "Fyrvæsenet",
    "Nordhavns Museum",
    "Institut for Klimaforskning",
    "Domsarkivet",
    "Skovfogedskolen",
)
STATES = {
    "post": State.POSTED,
    "bounce": State.BOUNCED,
    "hold": State.HELD,
    "unreadable": State.UNREADABLE,
    "not-an-invoice": State.UNREADABLE,
}
#: Door, layout, and the folder of documents that it is tried with.
DOORS = {
    "soap": (Layout.NAV_2018, ""),
    "bc-api": (Layout.BUSINESS_CENTRAL, "eksempelstyrelsen"),
}


@pytest.fixture(scope="module")
def nav_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Layout], NavServer]]:
    servers: dict[Layout, NavServer] = {}

    def started(layout: Layout) -> NavServer:
        folder = tmp_path_factory.mktemp(layout.value)
        servers[layout] = NavServer(folder, layout, language="da", companies=CUSTOMERS)
        return servers[layout]

    yield started
    for server in servers.values():
        server.stop()


def settings_for(folder: Path, nav: NavServer, door: str) -> Settings:
    return Settings(
        data=folder,
        source=SourceSettings(path=folder / "documents"),
        erp=ErpSettings(
            kind="nav",
            url=f"sqlite:///{nav.database}",  # type: ignore[arg-type]  # pydantic makes it secret
            door=door,  # type: ignore[arg-type]  # one of the literals
            web=WebSettings(base_url=nav.base, user=USER, key=KEY),  # type: ignore[arg-type]
        ),
        store=StoreSettings(url=f"sqlite:///{folder / 'robot.db'}"),
        mail=MailSettings(path=folder / "mail"),
        rules=RulesSettings(directory=ROOT / "rules"),
        history=HistorySettings(keep=False),
        log=LogSettings(directory=folder / "logs"),
    )


def expected(below: str) -> Counter[tuple[str, str]]:
    """Source id and state, as examples/expected.csv has them."""
    found: Counter[tuple[str, str]] = Counter()
    with (ROOT / "examples" / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["file"].startswith(below):
                name = row["file"].removeprefix(f"{below}/" if below else "")
                sidecar = (ROOT / "examples" / "documents" / row["file"]).with_suffix(".json")
                source_id = (
                    json.loads(sidecar.read_text(encoding="utf-8"))["document_id"]
                    if sidecar.exists()
                    else str(Path(name).with_suffix(""))
                )
                found[source_id, STATES[row["outcome"]]] += 1
    return found


@pytest.mark.parametrize("door", DOORS)
def test_a_run_posts_through_nav_what_it_should_and_says_the_rest(
    door: str, nav_of: Callable[[Layout], NavServer], tmp_path: Path
) -> None:
    layout, below = DOORS[door]
    nav = nav_of(layout)
    nav.act("auto", delay=0.05)
    shutil.copytree(ROOT / "examples" / "documents" / below, tmp_path / "documents")
    robot = bootstrap.assemble(settings_for(tmp_path, nav, door), clock=bootstrap.FixedClock())
    try:
        summary = run_once(robot.ports, RunOptions(owner="robot-1", confirm_seconds=120))
        rows = list(robot.store.documents.listing(DocumentFilter()))
    finally:
        robot.close()

    assert summary.errors.get("source-unavailable", 0) == 0
    assert Counter((row.core.source_id, row.state) for row in rows) == expected(below)
    posted = sum(row.state is State.POSTED for row in rows)
    assert posted > 5
    with sqlite3.connect(nav.database) as connection:
        states = dict(
            connection.execute(
                f'SELECT "State", COUNT(*) FROM "{_inbox(layout)}" GROUP BY "State"'  # noqa: S608
            ).fetchall()
        )
    connection.close()
    assert sum(states.values()) == posted + sum(row.state is State.BOUNCED for row in rows)


def _inbox(layout: Layout) -> str:
    from robot.adapters.navision.schema.inbox import ROBOT_INBOX  # noqa: PLC0415

    return ROBOT_INBOX.name_in_sql("", layout)
