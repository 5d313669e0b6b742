"""The main job with a simulated NAV behind a door: everything comes out as it should."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from robot import bootstrap
from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.schema.inbox import ROBOT_INBOX
from robot.adapters.navision.schema.model import Layout
from robot.domain.decision import PostingOrder
from robot.domain.document import ApprovedDocument
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
from tests.adapters.navision.world import order
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


@pytest.fixture
def nav_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Layout], NavServer]]:
    """Starts a NAV with the customers' companies for one test."""
    servers: list[NavServer] = []

    def started(layout: Layout) -> NavServer:
        folder = tmp_path_factory.mktemp(layout.value)
        servers.append(NavServer(folder, layout, language="da", companies=CUSTOMERS))
        return servers[-1]

    yield started
    for server in servers:
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


def test_a_creditor_that_is_paid_elsewhere_since_the_decision_is_decided_anew(
    nav_of: Callable[[Layout], NavServer], tmp_path: Path
) -> None:
    nav = nav_of(Layout.NAV_2016)
    documents = tmp_path / "documents"
    documents.mkdir()
    for suffix in (".xml", ".json"):
        shutil.copy(
            ROOT / "examples/documents/eksempelstyrelsen" / f"02-coffee{suffix}", documents
        )
    robot = bootstrap.assemble(settings_for(tmp_path, nav, "soap"), clock=bootstrap.FixedClock())

    def run() -> tuple[State, tuple[str, ...]]:
        run_once(robot.ports, RunOptions(owner="robot-1"))
        (row,) = robot.store.documents.listing(DocumentFilter())
        return row.state, row.codes

    try:
        assert run() == (State.POSTING, ())
        with sqlite3.connect(nav.database) as connection:
            connection.execute(
                'UPDATE "Eksempelstyrelsen$Vendor Bank Account"'
                " SET \"Bank Account No_\" = '0009999999'"
            )
        connection.close()
        nav.act("work", company="Eksempelstyrelsen")
        # Refused by NAV, and in the same run decided anew by what is there now.
        assert run() == (State.BOUNCED, ("payment-details-differ",))
        acts = [(row.act, row.detail) for row in robot.store.trail.rows()]
        assert "refused" in [act for act, _ in acts]
        assert "posted" not in [act for act, _ in acts]
    finally:
        robot.close()


def _inbox(layout: Layout) -> str:
    return ROBOT_INBOX.name_in_sql("", layout)


def test_what_was_delivered_to_nav_before_is_no_duplicate_of_itself(
    nav_of: Callable[[Layout], NavServer], tmp_path: Path
) -> None:
    nav = nav_of(Layout.NAV_2018)
    documents = tmp_path / "documents"
    documents.mkdir()
    for suffix in (".xml", ".json"):
        shutil.copy(
            ROOT / "examples/documents/eksempelstyrelsen" / f"02-coffee{suffix}", documents
        )
    settings = settings_for(tmp_path, nav, "monitor-only")
    robot = bootstrap.assemble(settings, clock=bootstrap.FixedClock())
    try:
        (document,) = robot.ports.source.pull()
        assert document.invoice is not None
        sent = order(
            company="Eksempelstyrelsen",
            creditor="10003",
            external_number=document.invoice.number,
        )
        nav.act(
            "draft", company="Eksempelstyrelsen", order_text=order_text(scaled(sent, document))
        )
        run_once(robot.ports, RunOptions(owner="robot-1"))
        said = nav.act("batch", company="Eksempelstyrelsen")
        run_once(robot.ports, RunOptions(owner="robot-1"))
        (row,) = robot.store.documents.listing(DocumentFilter())
    finally:
        robot.close()

    assert row.state is State.POSTED
    assert row.receipt in said


def scaled(sent: PostingOrder, document: ApprovedDocument) -> PostingOrder:
    """The order as one line over the whole amount of the document."""
    invoice = document.invoice
    assert invoice is not None
    total, vat = invoice.total, invoice.vat
    coding = (document.statement.coding or ())[0]
    one = replace(
        sent.lines[0],
        account=coding.account or "",
        dimensions=coding.dimensions,
        amount=total - vat,
        vat_amount=vat,
    )
    return replace(sent, lines=(one,), total=total, payable=total)
