"""Every statement of the ERP adapter is T-SQL that a parser reads, within SQL Server's limits.

The statements are collected while the adapter answers the whole contract, so a new one is checked
without anybody naming it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest
import sqlglot
from sqlalchemy import ClauseElement, event
from sqlalchemy.dialects.mssql.pyodbc import MSDialect_pyodbc
from sqlalchemy.engine import Connection
from sqlglot import exp

from robot.adapters.navision.catalog import _SqlServerCatalog
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.schema.inbox import ROBOT_INBOX
from tests.contract.erp_places import Places, places_in
from tests.contract.erp_world import LAYOUTS
from tests.support.tsql import read, traps

SQL_SERVER: Final = MSDialect_pyodbc(paramstyle="qmark")  # type: ignore[no-untyped-call]  # its own


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with places_in(tmp_path_factory.mktemp("erp")) as places:
        yield places


class Recorder:
    """Takes the place of a connection where only the statement is of interest."""

    def __init__(self) -> None:
        self.statements: list[ClauseElement] = []

    def execute(self, statement: ClauseElement) -> Any:  # noqa: ANN401 -- as a result
        self.statements.append(statement)
        return NoRows()

    scalars = execute


class NoRows(list[tuple[Any, ...]]):
    """An empty result."""

    def one(self) -> tuple[int, ...]:
        return (0, 0, 0, 0)


def in_tsql(statement: ClauseElement) -> tuple[str, int]:
    """The statement for SQL Server, and how many parameters it has."""
    compiled = statement.compile(dialect=SQL_SERVER, compile_kwargs={"render_postcompile": True})
    text = str(compiled)
    return text, text.count("?")


def check(statements: Iterable[ClauseElement]) -> set[str]:
    """Parse each one; gives the different texts."""
    texts = set()
    for statement in statements:
        text, parameters = in_tsql(statement)
        assert (parameters > 0) == bool(statement.compile().params), text
        texts.add(text)
    for text in texts:
        assert isinstance(read(text), exp.Query), text
        assert traps(text) == [], text
    return texts


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_the_reader_asks(layout: str, places: Places) -> None:
    erp = places.erp("sqlite", layout)
    seen: list[ClauseElement] = []

    def note(_connection: Connection, statement: ClauseElement, *_: object) -> None:
        seen.append(statement)

    event.listen(erp.database.engine, "before_execute", note)
    reader = NavisionReader(erp.database, "ROBOT")
    try:
        reader.facts([erp.world.question(it) for it in erp.world.scenarios])
    finally:
        event.remove(erp.database.engine, "before_execute", note)
    # What SQLite's catalogue is asked has its own form for SQL Server, below.
    asked = [it for it in seen if "sqlite_master" not in str(it)]

    texts = check(asked)

    assert len(texts) >= 20
    tables = {table.name for text in texts for table in _tables(text)}
    inbox = ROBOT_INBOX.name_in_sql("", erp.world.layout)
    prefix = {name.partition("$")[0] for name in tables - {inbox} if "$" in name}
    assert inbox in tables
    assert len(prefix) == 1


def _tables(text: str) -> Iterator[exp.Table]:
    return sqlglot.parse_one(text, read="tsql").find_all(exp.Table)


@pytest.mark.parametrize("schema", [None, "dbo"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_the_catalogue_is_asked(layout: str, schema: str | None) -> None:
    world = LAYOUTS[layout]
    tables = CompanyTables(world.company, world.layout, dialect_name="mssql", schema=schema)
    recorder: Any = Recorder()
    catalog = _SqlServerCatalog()

    catalog.tables_like(recorder, "$Purchase Header", schema)
    catalog.columns(recorder, tables.names(), tables.columns(), schema)
    catalog.rights(recorder, tables.names(), schema)
    catalog.powers(recorder)

    # The columns are asked for once more by name, as no table was found by its id.
    assert len(check(recorder.statements)) == 5
