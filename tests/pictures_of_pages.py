"""Makes the pictures of the dashboard in docs/pictures: `python -m tests.pictures_of_pages`.

The demo with its months of history, each page as wide as a desk's screen and as a telephone's.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Final

import uvicorn
from playwright.sync_api import sync_playwright

from robot import bootstrap
from robot.cli.demo import EXAMPLES, SLOT, tell_past, world
from robot.cli.run import write_run
from robot.domain.state import State
from robot.flow.command_port import NewCommand
from robot.flow.commands import carry_out_long
from robot.flow.records import DocumentFilter
from robot.flow.sheet_port import Way
from robot.web.serving import application, open_dashboard
from tests.pictures import _CHROMIUM, FOLDER
from tests.support.reposting import filled, rows_moving

#: Width in CSS pixels by the end of the file's name.
WIDTHS: Final = {"": 1280, ".phone": 375}
_PATHS: Final = {
    "today": "/",
    "documents": "/documents?list=held",
    "cases": "/cases",
    "customers": "/customers",
    "customer": "/customers/99001",
    "rules": "/rules",
    "errors": "/errors",
    "kpi": "/kpi",
    "process": "/process",
    "capacity": "/capacity",
    "sheets": "/sheets",
    "year-end": "/year-end",
}


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        placed = world(folder, EXAMPLES / "documents")
        tell_past(placed)
        clock = bootstrap.FixedClock()
        joined = bootstrap.assemble(placed, clock=clock)
        wrong = hand_sheets_in(joined)
        write_run(joined, SLOT, folder, threading.Event())
        rows = joined.store.documents.listing(DocumentFilter(states=frozenset({State.BOUNCED})))
        bounced = max(row.id for row in rows)
        proposal = _tried(joined)
        joined.close()
        shown = placed.web.model_copy(update={"auth": "demo"})
        dashboard = open_dashboard(placed.model_copy(update={"web": shown}), clock)
        config = uvicorn.Config(application(dashboard), port=0, log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        named = {
            "document": f"/documents/{bounced}",
            "checks": f"/documents/{bounced}/checks",
            "proposal": f"/rules/{proposal}",
            "sheet": f"/sheets/{wrong}",
        }
        _take(f"http://127.0.0.1:{port}", _PATHS | named)
        server.should_exit = True
        thread.join()
        dashboard.close()


def _tried(joined: bootstrap.Robot) -> str:
    """The hash of the proposal that waits, tried on the past as the dashboard's button does."""
    waiting = next(it for it in joined.store.rules.proposals() if it.approval is None)
    trial = NewCommand(
        kind="rules-backtest",
        argument={"ruleset": waiting.ruleset},
        reason="før godkendelse",
        once="picture",
    )
    with joined.store.writing(actor="eva@example.test") as unit:
        unit.commands.ask(trial)
    carry_out_long(
        joined.store,
        joined.ports.taxonomy,
        joined.ports.clock,
        joined.acts(),
        owner="pictures",
    )
    return waiting.ruleset


def hand_sheets_in(joined: bootstrap.Robot) -> str:
    """Re-posting sheets of every kind: one that is posted, one that two must see, a wrong one.

    Returns:
        The wrong one's hash.
    """
    taken = ""
    desk = joined.ports.sheets
    assert desk is not None
    customer = next(it for it in joined.rulebook.customers if it.bogfoeringskreds == "99001")
    wrong = (rows_moving(940)[0], (*rows_moving(940)[1][:3], "229900", "555", "10", "KBH", -930))
    for name, rows in (
        ("omposteringsark-november.xlsx", rows_moving(18_250.5)),
        ("omposteringsark-4-kvartal.xlsx", rows_moving(612_000)),
        ("omposteringsark-rettelser.xlsx", wrong),
    ):
        content = filled(customer, *rows)
        taken = desk.take_in(name, content, by="bo", way=Way.DASHBOARD, customer="99001")
        desk.answer(taken)
    return taken


def _take(address: str, paths: dict[str, str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
        )
        for end, width in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": 800}, locale="da-DK")
            page = context.new_page()
            page.goto(address)
            page.click("button[value=admin]")
            for name, path in paths.items():
                page.goto(address + path)
                page.screenshot(
                    path=FOLDER / f"dashboard.{name}{end}.png",
                    full_page=False,
                )
        browser.close()


if __name__ == "__main__":
    main()
