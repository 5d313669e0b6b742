"""The ERP's database on every engine and in every layout, filled with the scenarios."""

from __future__ import annotations

import os
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from robot.adapters.navision.database import Database, open_server
from robot.adapters.navision.reader import NavisionReader
from robot.domain.facts import Facts
from tests.contract.erp_scenarios import Scenario
from tests.contract.erp_world import LAYOUTS, World, fill
from tests.support import servers
from tests.support.mssql import own_database
from tests.support.odbc import over_odbc
from tests.support.servers import POSTGRES_ODBC, SQLITE_ODBC, PostgresServer, postgres_server

#: Where a SQL Server is; see `tests.support.mssql`. It gets a database of the test's own, or, when
#: the login may make none, schemas in the database that is named; it is left clean.
MSSQL: Final = "ROBOT_TEST_MSSQL"
ENGINES: Final = (
    "sqlite",
    "sqlite-odbc",
    "postgresql",
    "postgresql-odbc",
    *(("mssql",) if MSSQL in os.environ else ()),
)
#: May SELECT and nothing else.
READER: Final = "robot_reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erp:
    """A world and the database to read it from, with a login that may only read."""

    world: World
    database: Database
    #: The same tables with all rights.
    owner: sa.Engine


@dataclass(slots=True)
class Places:
    """The worlds that were built in this process, by kind of server and layout."""

    stack: ExitStack
    folder: Path
    postgres: Callable[[], PostgresServer]
    #: The address of a database for the tables.
    sql_server: Callable[[], str]
    _built: dict[tuple[str, str], tuple[sa.Engine, str | None]] = field(default_factory=dict)
    _erps: dict[tuple[str, str], Erp] = field(default_factory=dict)
    _answers: dict[tuple[str, str], Mapping[str, Facts]] = field(default_factory=dict)

    def answers(self, engine: str, layout: str) -> Mapping[str, Facts]:
        """The facts of every scenario, asked for in one batch for each posting user."""
        if (engine, layout) not in self._answers:
            self._answers[engine, layout] = _ask(self.erp(engine, layout))
        return self._answers[engine, layout]

    def erp(self, engine: str, layout: str) -> Erp:
        """The world over one engine."""
        if (engine, layout) not in self._erps:
            self._erps[engine, layout] = self._erp(engine, layout)
        return self._erps[engine, layout]

    def _erp(self, engine: str, layout: str) -> Erp:
        match engine:
            case "postgresql-odbc":
                servers.need_odbc(POSTGRES_ODBC, "odbc-postgresql")
            case "sqlite-odbc":
                servers.need_odbc(SQLITE_ODBC, "libsqliteodbc")
        owner, schema = self._world(engine.partition("-")[0], layout)
        reader = open_server(self._address(engine, layout))
        self.stack.callback(reader.dispose)
        database = Database(reader, schema=schema)
        return Erp(world=LAYOUTS[layout], database=database, owner=owner)

    def _address(self, engine: str, layout: str) -> str:
        file = self.folder / f"{layout}.db"
        match engine:
            case "sqlite":
                return f"sqlite:///{file}"
            case "sqlite-odbc":
                # Without it the driver cuts whole numbers at 32 bits, and amounts are larger.
                return over_odbc("sqlite", f"DRIVER={SQLITE_ODBC};Database={file};BigInt=1")
            case "postgresql":
                return self.postgres().url(user=READER)
            case "postgresql-odbc":
                return over_odbc("postgresql", self.postgres().odbc(user=READER))
            case _:
                return self.sql_server()

    def _world(self, kind: str, layout: str) -> tuple[sa.Engine, str | None]:
        if (kind, layout) not in self._built:
            if kind == "sqlite":
                engine = sa.create_engine(self._address("sqlite", layout))
                self.stack.callback(engine.dispose)
                with engine.begin() as connection:
                    fill(connection, LAYOUTS[layout], None)
                self._built[kind, layout] = engine, None
            else:
                server = (
                    open_server(self.sql_server())
                    if kind == "mssql"
                    else sa.create_engine(self.postgres().url())
                )
                schema = self.stack.enter_context(_schema(server, layout))
                self._built[kind, layout] = server, schema
        return self._built[kind, layout]


@contextmanager
def places_in(folder: Path) -> Iterator[Places]:
    """Builds what is asked for once; everything is taken down in the end."""
    with ExitStack() as stack:

        @cache
        def postgres() -> PostgresServer:
            return stack.enter_context(postgres_server())

        @cache
        def sql_server() -> str:
            named = os.environ[MSSQL]
            return stack.enter_context(own_database(named)) or named

        yield Places(stack, folder, postgres, sql_server)


def _ask(erp: Erp) -> Mapping[str, Facts]:
    by_user: dict[str, list[Scenario]] = defaultdict(list)
    for scenario in erp.world.scenarios:
        by_user[scenario.posting_user].append(scenario)
    found: dict[str, Facts] = {}
    for user, scenarios in by_user.items():
        reader = NavisionReader(erp.database, user)
        facts = reader.facts([erp.world.question(scenario) for scenario in scenarios])
        found.update(zip((it.name for it in scenarios), facts, strict=True))
    return found


@contextmanager
def _schema(engine: sa.Engine, layout: str) -> Iterator[str]:
    """A schema of its own with the world in it; a SQL Server is left without it."""
    schema = f"robot_{layout}_{uuid.uuid4().hex[:8]}"
    quoted = engine.dialect.identifier_preparer.quote(schema)
    made: list[sa.Table] = []
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {quoted}")
        with engine.begin() as connection:
            fill(connection, LAYOUTS[layout], schema, made)
            if engine.dialect.name == "postgresql":
                _let_read(connection, quoted)
        yield schema
    finally:
        if engine.dialect.name == "mssql":  # the other server is thrown away as a whole
            with engine.begin() as connection:
                for table in reversed(made):
                    table.drop(connection, checkfirst=False)
                connection.exec_driver_sql(f"DROP SCHEMA {quoted}")
        engine.dispose()


def _let_read(connection: sa.Connection, schema: str) -> None:
    connection.exec_driver_sql(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}')"
        f" THEN CREATE ROLE {READER} LOGIN; END IF; END $$"
    )
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {READER}")
    connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {READER}")
