"""Empty, migrated stores on every engine, a fresh one for each test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from robot.adapters.store.engine import open_engine
from robot.adapters.store.schema import metadata
from robot.adapters.store.server import address
from robot.adapters.store.store import SqlStore
from tests.support.fakes import SetClock
from tests.support.mssql import alone_at, engine_at, own_database
from tests.support.odbc import over_odbc
from tests.support.servers import POSTGRES_ODBC, PostgresServer, need_odbc, postgres_server

ENGINES: Final = ("sqlite", "postgresql", "postgresql-odbc", "mssql")
#: Where a SQL Server is; see `tests.support.mssql`. A login that may not make databases needs an
#: empty one, which is emptied again after each test; test processes of one machine take turns.
MSSQL: Final = "ROBOT_TEST_MSSQL_STORE"
_TEMPLATE: Final = "robot_empty"


@dataclass(slots=True)
class StorePlace:
    """One empty database, which several robots may open."""

    url: str
    #: The same through SQLAlchemy's own driver.
    native: str
    _stores: list[SqlStore] = field(default_factory=list)

    def engine(self) -> sa.Engine:
        """A new pool of connections."""
        return open_engine(self.url)

    def robot(self) -> SqlStore:
        """The store as one robot has it open, without the lock file of one machine."""
        store = SqlStore(self.engine(), SetClock())
        self._stores.append(store)
        return store

    def close(self) -> None:
        """Close what was opened."""
        for store in self._stores:
            store.close()


@dataclass(slots=True)
class StorePlaces:
    """Makes them; a server is started when it is first asked for."""

    folder: Path
    postgres: Callable[[], PostgresServer]
    #: The address of a database without tables.
    sql_server: Callable[[], str]
    _empty: Path | None = None

    @contextmanager
    def fresh(self, engine: str) -> Iterator[StorePlace]:
        """An empty, migrated store."""
        match engine:
            case "sqlite":
                native = url = self._sqlite()
            case "mssql":
                if MSSQL not in os.environ:
                    pytest.skip(f"no SQL Server is named in {MSSQL}")
                native = url = self.sql_server()
            case _:
                url, native = self._postgresql(engine)
        place = StorePlace(url, native)
        try:
            yield place
        finally:
            place.close()
            if engine == "mssql":
                empty(url)

    def _sqlite(self) -> str:
        if self._empty is None:
            self._empty = self.folder / "empty.db"
            open_engine(f"sqlite:///{self._empty}").dispose()
        path = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self._empty, path)
        return f"sqlite:///{path}"

    def _postgresql(self, engine: str) -> tuple[str, str]:
        if engine == "postgresql-odbc":
            need_odbc(POSTGRES_ODBC, "odbc-postgresql")
        server = self.postgres()
        name = f"robot_{uuid.uuid4().hex}"
        server.create_database(name, template=_TEMPLATE)
        if engine == "postgresql-odbc":
            return over_odbc("postgresql", server.odbc(name) + ";BoolsAsChar=0"), server.url(name)
        return server.url(name), server.url(name)


def empty(url: str) -> None:
    """Drop all tables of the store."""
    engine = engine_at(url)
    quote = engine.dialect.identifier_preparer.quote
    names = [quote(table.name) for table in reversed(metadata.sorted_tables)]
    with engine.begin() as connection:
        for name in (*names, "alembic_version"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    engine.dispose()


@contextmanager
def store_places_in(folder: Path) -> Iterator[StorePlaces]:
    """Everything is taken down in the end."""
    with ExitStack() as stack:

        @cache
        def postgres() -> PostgresServer:
            server = stack.enter_context(postgres_server())
            server.create_database(_TEMPLATE)
            open_engine(server.url(_TEMPLATE)).dispose()
            return server

        @cache
        def sql_server() -> str:
            named = os.environ[MSSQL]
            own = stack.enter_context(own_database(named))
            if own is None:
                stack.enter_context(alone_at(named))
                empty(named)
            return own or address(named)

        yield StorePlaces(folder, postgres, sql_server)
