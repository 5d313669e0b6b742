"""A SQL Server is named in any form for the tests, and one that is away is said in words."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from robot import doctor, settings
from robot.adapters.navision.database import Database, open_server
from robot.adapters.store.engine import open_engine
from robot.adapters.store.server import address
from robot.errors import ErpUnavailableError, StoreUnavailableError
from tests.support.mssql import in_database
from tests.support.servers import need_odbc

FREETDS = "DRIVER={FreeTDS};SERVER=db.example.test;PORT=1433;TDS_Version=7.4;UID=robot;PWD=x"


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (FREETDS, f"{FREETDS};DATABASE=own"),
        (f"{FREETDS};Database=nav;", f"{FREETDS};DATABASE=own"),
        (f"Initial Catalog=nav;{FREETDS}", f"{FREETDS};DATABASE=own"),
        (address(FREETDS), f"{FREETDS};DATABASE=own"),
    ],
)
def test_an_odbc_string_leads_to_another_database(named: str, found: str) -> None:
    url = sa.make_url(in_database(named, "own"))

    assert url.get_driver_name() == "pyodbc"
    assert url.query["odbc_connect"] == found


def test_an_address_leads_to_another_database() -> None:
    named = "mssql+pyodbc://robot:x@db.example.test:1433/nav?TDS_Version=7.4&driver=FreeTDS"

    assert in_database(named, "own") == named.replace("/nav?", "/own?")


@pytest.fixture(name="nowhere")
def _nowhere() -> Iterator[str]:
    """FreeTDS and a port that nobody listens on."""
    need_odbc("FreeTDS", "tdsodbc")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and no listen()
        port = taken.getsockname()[1]
        yield f"DRIVER={{FreeTDS}};SERVER=127.0.0.1;PORT={port};TDS_Version=7.4;UID=u;PWD=hemmelig"


def test_an_erp_that_nobody_serves_is_said_in_words(nowhere: str) -> None:
    engine = open_server(nowhere)
    with pytest.raises(ErpUnavailableError) as raised:
        Database(engine).read(lambda _: None)
    engine.dispose()

    assert str(raised.value).startswith("The ERP's database can't be reached: ")
    assert "see that the database is running and can be reached" in str(raised.value)
    assert "hemmelig" not in str(raised.value)


def test_a_store_that_nobody_serves_is_said_in_words(nowhere: str) -> None:
    with pytest.raises(StoreUnavailableError) as raised:
        open_engine(nowhere)

    assert "see that the database server runs and is reached" in str(raised.value)
    assert "hemmelig" not in str(raised.value)


def test_doctor_goes_on_where_nobody_serves(
    nowhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "robot.toml"
    path.write_text('[erp]\nkind = "nav"\n', encoding="utf-8")
    monkeypatch.setenv(settings.CONFIG_VARIABLE, str(path))
    monkeypatch.setenv("ROBOT_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("ROBOT_ERP__URL", nowhere)
    monkeypatch.setenv("ROBOT_STORE__URL", nowhere)

    checks = {
        (it.what, it.level)
        for it in doctor.examine(settings.load())
        if it.what in {"ERP", "store"}
    }

    assert checks == {("ERP", doctor.Level.BAD), ("store", doctor.Level.BAD)}
