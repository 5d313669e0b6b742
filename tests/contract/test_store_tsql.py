"""Every statement of the store is T-SQL that a parser reads, within SQL Server's limits.

The statements are collected from all stores of a whole run, clerks' acts and changes of rules, so
a new one is checked without anybody naming it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import sqlglot
from sqlalchemy import ClauseElement, Engine, Table, TextClause, event, make_url
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement
from sqlglot import exp

from robot.adapters.store import recording, server
from robot.adapters.store.engine import open_engine
from robot.adapters.store.migrations.versions.m0001_first_tables import TRIGGERS
from robot.adapters.store.schema import metadata
from robot.adapters.store.store import SqlStore
from robot.domain.state import State
from robot.flow.records import DocumentFilter
from tests.support.fakes import SetClock
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.recorded import a_core, a_recorded

#: Parameters of one statement.
PARAMETERS: Final = 2100
#: Where a list of values goes when the statement is sent.
LIST: Final = re.compile(r"__\[POSTCOMPILE_[^\]]*\]")
SQL_SERVER: Final[Dialect] = make_url("mssql+pyodbc://").get_dialect()()
#: What T-SQL has no word for, but the dialects on which the suite runs have.
FOREIGN: Final = ("sqlite", "pg_", "strftime", "extract(", "||", " limit ", "for update")


@pytest.fixture(name="asked")
def _asked() -> Iterator[list[tuple[ClauseElement, list[str]]]]:
    """Every statement of every store, with the names of its parameters."""
    seen: list[tuple[ClauseElement, list[str]]] = []

    def note(
        _connection: Connection,
        statement: object,
        several: list[dict[str, object]],
        one: dict[str, object],
        _options: object,
    ) -> None:
        if isinstance(statement, ClauseElement):
            seen.append((statement, list(several[0] if several else one)))

    event.listen(Engine, "before_execute", note)
    yield seen
    event.remove(Engine, "before_execute", note)


def in_tsql(statement: ClauseElement, names: list[str]) -> str:
    text = str(statement.compile(dialect=SQL_SERVER, column_keys=names or None))
    return LIST.sub("?", text)


def read(text: str) -> exp.Expr:
    found = sqlglot.parse_one(text, read="tsql")
    assert not isinstance(found, exp.Command), text
    return found


def a_day(folder: Path) -> None:
    """A run with every outcome, and whatever else the store is asked."""
    world = FlowWorld(folder, an_approved("F-1"), an_approved("F-1", at=13), an_approved("F-2"))
    world.run()
    store = world.store
    for reference in ("F-1", "kkkkkkkk"):
        narrowed = {"customer": "99001", "run": 1, "code": "x", "states": {State.HELD}}
        assert world.rows(reference=reference, **narrowed) == []
    for row in world.rows():
        store.documents.get(row.id)
        store.documents.decisions(row.id)
        store.documents.effects(row.id)
        store.mails.of_document(row.id)
    list(store.trail.rows(document=1, run=1, acts=("posted",)))
    store.trail.verify()
    list(store.mails.all())
    store.runs.has_slot("by-hand")
    store.runs.last()
    store.documents.count_open_cases()
    store.rules.proposals()
    store.rules.kept_texts("ab")
    store.rules.shadow(1)
    with store.writing(actor="bod") as unit:
        unit.pause("", "something looks wrong")
        unit.resume("")
        held = unit.record([a_recorded("SDI-9")])
        unit.request(held[0], released_by="bod")
        unit.open_cases(held, 2026)


def share_out(folder: Path) -> None:
    store = SqlStore(open_engine(f"sqlite:///{folder / 'shared.db'}"), SetClock())
    lease = store.take_shares(store.join(owner="one", seconds=60), ["Arkivet", "Museet"])
    store.standing(lease, ["Arkivet"])
    lease = store.hand_on(lease, {"Museet"}, done=True)
    store.renew(store.take_shares(lease, ["Museet"]))
    store.documents.twins([a_core(), replace(a_core(), likeness_mark=None)])
    list(store.documents.listing(DocumentFilter()))
    store.close()


def test_what_the_store_is_asked(
    asked: list[tuple[ClauseElement, list[str]]], tmp_path: Path
) -> None:
    a_day(tmp_path)
    share_out(tmp_path)

    # Plain text is SQLite's own (pragmas); what makes tables has a test of its own.
    texts = {
        in_tsql(*it) for it in asked if not isinstance(it[0], TextClause | ExecutableDDLElement)
    }

    assert len(texts) >= 40
    for text in sorted(texts):
        assert isinstance(read(text), exp.Query | exp.DML | exp.Update | exp.Delete), text
        assert not [word for word in FOREIGN if word in text.lower()], text
    words = "\n".join(texts)
    assert "WITH (UPDLOCK, HOLDLOCK)" in words
    assert "SYSUTCDATETIME()" in words


def test_the_longest_list_of_a_statement_is_short_enough() -> None:
    assert recording.IN_LIST * 2 < PARAMETERS


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_and_index_is_made_by_t_sql(table: Table) -> None:
    assert isinstance(read(str(CreateTable(table).compile(dialect=SQL_SERVER))), exp.Create)
    for index in table.indexes:
        assert isinstance(read(str(CreateIndex(index).compile(dialect=SQL_SERVER))), exp.Create)


def test_the_trigger_and_the_session_are_t_sql() -> None:
    for text in (*TRIGGERS["mssql"], *server._SQL_SERVER_SESSION):
        assert sqlglot.parse(text, read="tsql"), text
