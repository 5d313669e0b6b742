"""What is only so on SQLite, and what every engine is told."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable

from robot.adapters.store.columns import database_seconds, instant_text
from robot.adapters.store.engine import open_engine
from robot.adapters.store.schema import metadata
from robot.adapters.store.store import open_store
from robot.errors import LeaseHeldError, StoreError
from tests.support.fakes import SetClock

DIALECTS: tuple[Dialect, ...] = tuple(
    make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql", "mssql")
)


def test_a_killed_robots_lease_is_free_at_once_on_one_machine(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'robot.db'}"
    killed = open_store(url, SetClock())
    killed.acquire(name="run", owner="killed", seconds=3600)
    with pytest.raises(LeaseHeldError):
        open_store(url, SetClock()).acquire(name="run", owner="next", seconds=60)
    killed.close()  # the kernel does this to the lock of a killed process
    successor = open_store(url, SetClock())
    assert successor.acquire(name="run", owner="next", seconds=60).token == 2
    successor.close()


def test_the_database_outlives_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'robot.db'}")
    with engine.connect() as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 2, 1, 10_000]


def test_a_damaged_database_is_named_and_not_used(tmp_path: Path) -> None:
    path = tmp_path / "robot.db"
    open_store(f"sqlite:///{path}", SetClock()).close()
    raw = bytearray(path.read_bytes())
    raw[4096:12288] = b"\xff" * 8192
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"):
        open_store(f"sqlite:///{path}", SetClock())


def test_a_database_of_a_newer_robot_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "robot.db"
    open_store(f"sqlite:///{path}", SetClock()).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="at version 9999"):
        open_store(f"sqlite:///{path}", SetClock())


def test_an_unreachable_database_is_a_fault_without_secrets() -> None:
    with pytest.raises(StoreError) as caught:
        open_engine("sqlite:////proc/nowhere/robot.db")
    assert "can't be" in str(caught.value)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_table_can_be_made_on_every_engine(dialect: Dialect) -> None:
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        (DIALECTS[0], "strftime"),
        (DIALECTS[1], "clock_timestamp"),
        (DIALECTS[2], "SYSUTCDATETIME"),
    ],
)
def test_leases_go_by_the_clock_of_the_database(dialect: Dialect, words: str) -> None:
    assert words in str(database_seconds().compile(dialect=dialect))


def test_the_seconds_of_the_database_are_utc() -> None:
    with create_engine("sqlite://").connect() as connection:
        seconds = connection.execute(database_seconds().select()).scalar_one()
    assert datetime.fromtimestamp(seconds, UTC).year >= 2020


def test_instants_sort_as_text_whatever_their_zone() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=1)))
    assert instant_text(noon) == "2026-11-24T11:00:00.000000+00:00"
