"""A copy of the store is whole, and made while somebody writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.adapters.store.backup import back_up
from robot.adapters.store.store import SqlStore, open_store
from robot.errors import SettingsError, StoreError
from robot.flow.clerk import Clerk
from tests.support.fakes import SetClock
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.notices import real_taxonomy


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[FlowWorld]:
    made = FlowWorld(tmp_path / "world", an_approved("F-1", "bounce account-unknown"))
    yield made
    made.store.close()


def url(folder: Path, name: str = "robot.db") -> str:
    return f"sqlite:///{folder / name}"


def test_a_copy_is_whole_although_a_robot_holds_the_store_and_writes(
    world: FlowWorld, tmp_path: Path
) -> None:
    world.run()
    lease = world.store.acquire(name="run", owner="robot", seconds=60)
    with world.store.writing(actor="robot", lease=lease) as unit:
        unit.audit("not-committed-yet")
        size = back_up(url(world.folder), tmp_path / "copies" / "robot.db")
    assert size > 0
    copy = open_store(url(tmp_path / "copies"), SetClock())
    assert copy.trail.verify().broken_at is None
    assert "not-committed-yet" not in {row.act for row in copy.trail.rows()}
    assert "bounced" in {row.act for row in copy.trail.rows()}
    copy.close()


def test_a_copy_is_one_file_that_only_its_owner_reads(world: FlowWorld, tmp_path: Path) -> None:
    back_up(url(world.folder), tmp_path / "copies" / "robot.db")
    (only,) = (tmp_path / "copies").iterdir()
    assert only.name == "robot.db"
    assert only.stat().st_mode & 0o777 == 0o600


def test_no_copy_takes_the_place_of_another_one(world: FlowWorld, tmp_path: Path) -> None:
    (tmp_path / "old.db").write_text("the only one")
    with pytest.raises(SettingsError, match="is there already"):
        back_up(url(world.folder), tmp_path / "old.db")
    assert (tmp_path / "old.db").read_text() == "the only one"


def test_a_store_on_a_server_is_copied_by_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="pg_dump"):
        back_up("postgresql+psycopg://robot@127.0.0.1/robot", tmp_path / "copy.db")


def test_what_is_no_store_gives_no_copy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store to copy"):
        back_up(url(tmp_path), tmp_path / "copy.db")
    (tmp_path / "robot.db").write_bytes(b"not a database, but long enough to be read as one" * 99)
    with pytest.raises(StoreError, match="can't be made"):
        back_up(url(tmp_path), tmp_path / "copy.db")
    assert {path.name for path in tmp_path.iterdir()} == {"robot.db"}


def clerk(store: SqlStore) -> Clerk:
    return Clerk(store=store, taxonomy=real_taxonomy(), clock=SetClock(), name="ops")


def test_a_restored_store_gives_no_case_number_out_twice(world: FlowWorld, tmp_path: Path) -> None:
    """The first case was told to the customer after the copy was made."""
    world.run()
    back_up(url(world.folder), tmp_path / "copy.db")
    world.source.documents = [an_approved("F-2", "bounce account-unknown")]
    world.run()
    told = {row.case_number for row in world.rows()}
    world.store.close()
    for path in world.folder.glob("robot.db*"):
        path.unlink()
    (tmp_path / "copy.db").replace(world.folder / "robot.db")
    world.store = world.open()

    clerk(world.store).note_restore("the disk broke", 100)
    world.source.documents = [an_approved("F-3", "bounce account-unknown")]
    world.run()

    (new,) = [row for row in world.rows() if row.core.number == "F-3"]
    assert new.case_number not in told
    assert new.case_number == "SAM-2026-000102"
    assert "store-restored" in {row.act for row in world.store.trail.rows()}
    assert world.store.trail.verify().broken_at is None


def test_a_copy_is_readable_by_the_tools_of_the_database(world: FlowWorld, tmp_path: Path) -> None:
    world.run()
    back_up(url(world.folder), tmp_path / "copy.db")
    connection = sqlite3.connect(tmp_path / "copy.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("SELECT count(*) FROM document").fetchone() == (1,)
    connection.close()
