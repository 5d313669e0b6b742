from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from robot.adapters.store.engine import open_engine
from robot.adapters.store.store import SqlStore, open_store
from robot.domain.state import State
from tests.support.fakes import SetClock
from tests.support.recorded import a_recorded

CHANGES: dict[str, tuple[str, int]] = {
    "detail": ('UPDATE audit SET detail = \'{"reason":"none"}\' WHERE seq = 3', 3),
    "actor": ("UPDATE audit SET actor = 'somebody' WHERE seq = 2", 2),
    "time": ("UPDATE audit SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = 4", 4),
    "document": ("UPDATE audit SET document_id = 77 WHERE seq = 1", 1),
    "its own hash": ("UPDATE audit SET hash = 'x' WHERE seq = 3", 3),
    "a row taken out": ("DELETE FROM audit WHERE seq = 3", 3),
    "the first row": ("DELETE FROM audit WHERE seq = 1", 1),
    "the last row": ("DELETE FROM audit WHERE seq = 5", 5),
    "the end alone": ("UPDATE audit_head SET hash = 'x'", 5),
    "two rows swapped": (
        """UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3);
        UPDATE audit SET seq = -seq WHERE seq < 0""",
        2,
    ),
}


@pytest.fixture(name="trail")
def _trail(tmp_path: Path) -> tuple[SqlStore, Path]:
    """Five rows."""
    path = tmp_path / "robot.db"
    store = open_store(f"sqlite:///{path}", SetClock())
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded(f"SDI-{number}") for number in range(3)])
    with store.writing(actor="bod") as unit:
        unit.audit("recheck-asked", {"reason": "æøå ☂"}, 1)
        unit.audit("recheck-asked", {"reason": "again"}, 2)
    return store, path


def test_an_untouched_trail_is_proven(trail: tuple[SqlStore, Path]) -> None:
    proof = trail[0].trail.verify()
    assert (proof.rows, proof.broken_at) == (5, None)


def test_rows_are_told_as_they_were_written(trail: tuple[SqlStore, Path]) -> None:
    rows = list(trail[0].trail.rows(document=1))
    assert [(row.actor, row.act) for row in rows] == [
        ("robot", "decided"),
        ("bod", "recheck-asked"),
    ]
    assert rows[1].detail == {"reason": "æøå ☂"}


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, [5, 4]),
        ({"before": 4}, [3, 2]),
        ({"after": 1}, [3, 2]),
        ({"act": "decided"}, [3, 2]),
        ({"actor": "BO"}, [5, 4]),
        ({"actor": "o", "before": 5}, [4, 3]),
        ({"actor": "nobody"}, []),
    ],
)
def test_a_page_is_the_newest_rows_of_what_is_asked(
    trail: tuple[SqlStore, Path], asked: dict[str, Any], rows: list[int]
) -> None:
    assert [row.seq for row in trail[0].trail.page(2, **asked)] == rows


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(trail: tuple[SqlStore, Path], statement: str) -> None:
    connection = sqlite3.connect(trail[1])
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_tampering_is_found_and_the_first_wrong_row_named(
    trail: tuple[SqlStore, Path], change: str
) -> None:
    statements, broken = CHANGES[change]
    _tamper(trail[1], statements)
    proof = trail[0].trail.verify()
    assert proof.broken_at == broken
    assert str(broken) in proof.problem or "last row" in proof.problem


def test_a_head_that_was_moved_back_is_found(trail: tuple[SqlStore, Path]) -> None:
    _tamper(trail[1], "UPDATE audit_head SET seq = 4, hash = 'x'")
    assert trail[0].trail.verify().broken_at is not None


def _tamper(path: Path, statements: str) -> None:
    """As somebody would who has the file and knows of the triggers."""
    connection = sqlite3.connect(path)
    connection.executescript(f"DROP TRIGGER audit_keep; DROP TRIGGER audit_stay; {statements};")
    connection.close()


def test_what_is_told_and_what_is_done_are_one(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'robot.db'}", SetClock())
    engine = open_engine(f"sqlite:///{tmp_path / 'robot.db'}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON audit "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    with pytest.raises(Exception, match="disk full"), store.writing(actor="robot") as unit:
        unit.record([a_recorded()])
    assert list(store.documents.in_state(frozenset(State))) == []
