"""The pages of capacity and year-end, on a store with some months of documents."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from starlette.applications import Starlette

from robot import settings
from robot.domain.journey import EventName
from robot.flow.forecast import working_days
from robot.flow.store_port import Store
from robot.web.serving import application, open_dashboard
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.journeys import happened
from tests.support.notices import real_calendar

_DAYS = 70


class Viewer:
    """Somebody who may see everything and change nothing, without a browser."""

    def __init__(self, application: Starlette, store: Store) -> None:
        self.store = store
        self._transport = httpx.ASGITransport(app=application)
        entered = asyncio.run(self._ask("POST", "/login", {}, {"role": "viewer"}))
        self._cookies = dict(entered.cookies)

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._ask("GET", path, self._cookies, None))

    async def _ask(
        self, method: str, path: str, cookies: dict[str, str], data: dict[str, str] | None
    ) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=self._transport, base_url="http://127.0.0.1", cookies=cookies
        ) as client:
            return await client.request(method, path, data=data)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    folder: Path = tmp_path_factory.mktemp("planning")
    world = FlowWorld(
        folder,
        *(an_approved(f"F-{number}") for number in range(_DAYS - 5)),
        *(an_approved(f"H-{number}", remark="hold outside-criteria") for number in range(5)),
    )
    world.run()
    today = world.clock.now().date()
    days = working_days(real_calendar(), today - timedelta(days=150), today - timedelta(days=1))
    with sqlite3.connect(folder / "robot.db") as database:
        for (number,), day in zip(
            database.execute("SELECT id FROM document ORDER BY id").fetchall(),
            days[-_DAYS:],
            strict=True,
        ):
            database.execute(
                "UPDATE document SET pulled_at = ? || substr(pulled_at, 11) WHERE id = ?",
                (day.isoformat(), number),
            )
    database.close()
    world.store.close()
    given = settings.load()
    given = given.model_copy(
        update={
            "data": folder,
            "store": given.store.model_copy(update={"url": f"sqlite:///{folder / 'robot.db'}"}),
            "web": given.web.model_copy(update={"auth": "demo", "host": "127.0.0.1"}),
        }
    )
    dashboard = open_dashboard(given, world.clock)
    yield Viewer(application(dashboard), dashboard.store)
    dashboard.close()


def test_capacity_says_how_good_its_forecast_is(client: Viewer) -> None:
    page = client.get("/capacity?lang=en").text
    assert "Judged on" in page
    assert "not beat the simple guess" in page or "beats the simple guess" in page
    assert "no year-end in the history" in page


def test_capacity_draws_its_band_and_has_the_same_numbers_in_a_table(client: Viewer) -> None:
    page = client.get("/capacity?lang=en&days=10").text
    assert page.count("<polygon") >= 1
    assert page.count('<tr><th scope="row">') == 10


def test_capacity_is_a_file_too(client: Viewer) -> None:
    answer = client.get("/capacity?format=csv&days=7")
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(answer.text.splitlines()) == 8


@pytest.mark.parametrize(
    "query", ["days=0", "people=x", "level=1000", "days=99999&goal=-1", "customer=nobody"]
)
def test_capacity_takes_any_address(client: Viewer, query: str) -> None:
    assert client.get(f"/capacity?{query}").status_code == 200


def test_figures_say_what_they_do_not_count_yet(client: Viewer) -> None:
    words = "events are counted from the robot"
    assert words not in client.get("/kpi?lang=en").text
    told = happened("a", EventName.CHECKED, "24 09:00")
    with client.store.writing(actor="robot") as unit:
        unit.journeys.tell([replace(told, document=1)])
    assert f"1 {words}" in client.get("/kpi?lang=en").text


def test_the_board_shows_each_deadline_and_what_is_open_against_it(client: Viewer) -> None:
    page = client.get("/year-end?lang=en").text
    for what in ("Last approved invoice for period 12", "Period 13.2 closes"):
        assert what in page
    assert "Eksempelstyrelsen" in page


def test_a_rehearsed_day_shows_its_runs_and_passed_deadlines(client: Viewer) -> None:
    page = client.get("/year-end?lang=en&as-of=2027-01-08").text
    assert "06:30, 09:30, 12:30, 15:30" in page
    assert "passed" in page
    assert date(2027, 1, 8).isoformat() in page


def test_the_board_is_a_file_too(client: Viewer) -> None:
    rows = client.get("/year-end?format=csv").text.splitlines()
    assert rows[0].endswith("deadline;what;customer;open;customer;sam;robot;authorised")
    assert len(rows) == 8


def test_an_empty_sheet_has_the_customers_dimensions(client: Viewer, tmp_path: Path) -> None:
    answer = client.get("/year-end?sheet=99001")
    assert 'filename="omposteringsark-99001.xlsx"' in answer.headers["content-disposition"]
    path = tmp_path / "ark.xlsx"
    path.write_bytes(answer.content)
    headings = [cell.value for cell in load_workbook(path)["Ompostering"][5]]
    assert headings[4:-1] == ["delregnskab", "formaal", "sted"]


@pytest.mark.parametrize("customer", ["99999", "nobody", "../99001"])
def test_there_is_no_sheet_of_nobody(client: Viewer, customer: str) -> None:
    assert client.get(f"/year-end?sheet={customer}").status_code == 404
