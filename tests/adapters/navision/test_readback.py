"""Evidence from NAV's own tables: what counts, what does not, and at what price."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database
from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.engine import connect
from robot.adapters.navision.readback import ReadBack
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.model import Layout
from robot.errors import ErpError
from robot.flow.ports import KeyState
from tests.adapters.navision.world import order, restore
from tests.simulator.gate import Asked
from tests.simulator.nav import Nav
from tests.simulator.world import COMPANIES, build
from tests.support.fakes import SetClock

COMPANY = COMPANIES[1]
LAYOUTS = [Layout.NAV_2016, Layout.NAV_2018, Layout.BUSINESS_CENTRAL]


@pytest.fixture(scope="module", params=LAYOUTS, ids=lambda layout: layout.value)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Nav:
    """NAV with one request posted (k0), one refused (k1) and three in the queue."""
    path = tmp_path_factory.mktemp("nav") / "navision.db"
    layout: Layout = request.param
    build(str(path), layout, [COMPANY])
    nav = Nav(engine=connect(path), layout=layout, language="en")
    for number in range(5):
        wanted = order(f"k{number}", company=COMPANY)
        asked = Asked(key=f"k{number}", generation="1", payload_hash="h")
        nav.put(COMPANY, asked, order_text(wanted), "queue")
    nav.work(COMPANY)
    nav.work(COMPANY, "refuse:No.")
    return nav


@pytest.fixture
def read_back(built: Nav) -> Iterator[ReadBack]:
    engine = connect(Path(built.engine.url.database or ""))
    yield ReadBack(Database(engine), Companies(built.layout), SetClock())
    engine.dispose()


def count(engine: Engine) -> list[str]:
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *it: said.append(it[2]))
    return said


def test_each_key_by_what_the_ledger_and_the_document_show(read_back: ReadBack) -> None:
    shown = read_back.evidence(COMPANY, [f"k{number}" for number in range(6)])

    assert [it.state for it in shown.values()] == [
        KeyState.POSTED,
        KeyState.REFUSED,
        KeyState.TAKEN,
        KeyState.TAKEN,
        KeyState.TAKEN,
        KeyState.ABSENT,
    ]
    assert (shown["k0"].receipt, shown["k0"].external_number, str(shown["k0"].amount)) == (
        "KF1000006",
        "F-K0",
        "1250.00",
    )
    assert shown["k1"].refusal == "No."


def test_what_is_under_way_is_counted_in_nav_itself(read_back: ReadBack) -> None:
    assert read_back.in_flight(COMPANY) == 3


def test_any_number_of_keys_costs_the_same_few_statements(built: Nav, read_back: ReadBack) -> None:
    del built
    read_back.evidence(COMPANY, ["k0"])
    said = count(read_back._database.engine)
    prices = []
    for size in (1, 50, 500):
        said.clear()
        read_back.evidence(COMPANY, [f"k{number}" for number in range(size)])
        prices.append(len([it for it in said if it.startswith("SELECT")]))

    assert prices[1] == prices[2] <= 8


def test_reading_back_only_selects_and_names_every_row_by_its_key(read_back: ReadBack) -> None:
    read_back.evidence(COMPANY, ["k0"])
    said = count(read_back._database.engine)
    read_back.evidence(COMPANY, ["k0", "k1"])

    assert {it.split()[0] for it in said} <= {"SELECT", "BEGIN", "ROLLBACK"}
    assert all(" IN (" in it for it in said if it.startswith("SELECT"))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("Vendor Ledger Entry", "DELETE FROM {}"),
        ("Vendor Ledger Entry", 'UPDATE {} SET "Reversed" = 1'),
        ("Detailed Vendor Ledg. Entry", "DELETE FROM {}"),
    ],
)
def test_a_posted_header_alone_is_no_evidence(
    built: Nav, tmp_path: Path, table: str, change: str
) -> None:
    copied = tmp_path / "navision.db"
    copied.touch()
    engine = connect(copied)
    restore(engine, Path(built.engine.url.database or ""))
    name = next(it for it in TABLES if it.name == table).name_in_sql(COMPANY, built.layout)
    with engine.begin() as connection:
        connection.exec_driver_sql(change.format(f'"{name}"'))

    shown = ReadBack(Database(engine), Companies(built.layout), SetClock()).evidence(
        COMPANY, ["k0"]
    )["k0"]

    assert shown.state is KeyState.TAKEN
    assert shown.amount is None
    engine.dispose()


def test_a_company_that_is_not_there_is_an_error_in_words(read_back: ReadBack) -> None:
    with pytest.raises(ErpError, match="no company 'Ukendt'"):
        read_back.evidence("Ukendt", ["k0"])
    with pytest.raises(ErpError, match="no company 'Ukendt'"):
        read_back.in_flight("Ukendt")
