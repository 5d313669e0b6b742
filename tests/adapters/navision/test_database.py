"""How the ERP's database is opened and asked: sessions, patience, and never a write."""

# ruff: noqa: S105, S106 - the passwords are nobody's

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event, text

from robot.adapters.navision.database import (
    ATTEMPTS,
    Database,
    Patience,
    Reading,
    open_server,
)
from robot.errors import ErpError, ErpUnavailableError, SettingsError
from tests.support import servers
from tests.support.servers import PostgresServer, odbc_drivers, postgres_server


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    patience = Patience(login=5, statement=1)
    engine = open_server(postgres.url(), patience=patience)
    yield Database(engine, patience=patience)
    engine.dispose()


class Session:
    """A driver's connection that notes what it is told; SQL Server itself is not needed.

    Every question has one answer, which passes for the server's version.
    """

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.autocommit = False
        self.timeout = 0
        self.description = (("answer", str, None, None, None, None, None),)
        self.rowcount = 1

    def cursor(self) -> Session:
        return self

    def execute(self, statement: str, *_: object) -> None:
        self.log.append(f"{statement} [autocommit {self.autocommit}, {self.timeout} s]")

    def fetchone(self) -> tuple[str]:
        return ("16.0.1000.6",)

    def fetchall(self) -> list[tuple[str]]:
        return [self.fetchone()]

    def add_output_converter(self, *_: object) -> None:
        pass

    def getinfo(self, _: int) -> str:
        return "libmsodbcsql-18.so"

    def close(self) -> None:
        pass

    commit = rollback = close


class TestSqlServer:
    """What a SQL Server's session is told; the contract suite runs on a real one when named."""

    SET_UP = (
        "SET TRANSACTION ISOLATION LEVEL {};"
        " SET LOCK_TIMEOUT 1500; SET DEADLOCK_PRIORITY LOW; [autocommit True, 7 s]"
    )

    @pytest.fixture
    def told(self) -> list[str]:
        return []

    @pytest.fixture
    def database(self, told: list[str]) -> Iterator[Database]:
        if not odbc_drivers():
            servers.missing("unixODBC", "unixodbc")
        patience = Patience(lock=1.5, statement=7)
        engine = open_server("DRIVER={X};SERVER=nav", patience=patience)
        event.listen(engine, "do_connect", lambda *_: Session(told))
        yield Database(engine, patience=patience)
        engine.dispose()

    def test_discovery_takes_no_locks_and_decisive_rows_are_committed(
        self, database: Database, told: list[str]
    ) -> None:
        with database.reading():
            told.clear()
        with database.reading() as reading:
            reading.discovery.exec_driver_sql("SELECT 1")
            reading.decisive.exec_driver_sql("SELECT 2")

        assert [it for it in told if not it.startswith("SELECT 1 [")] == [
            self.SET_UP.format("READ UNCOMMITTED"),
            self.SET_UP.format("READ COMMITTED"),
            "SELECT 2 [autocommit True, 7 s]",
        ]

    def test_a_pooled_session_is_set_up_again(self, database: Database, told: list[str]) -> None:
        for _ in range(3):
            with database.reading():
                pass

        assert sum("LEVEL READ UNCOMMITTED" in it for it in told) == 3
        assert sum("LEVEL READ COMMITTED" in it for it in told) == 3

    def test_a_server_that_knows_only_part_of_it_gets_that_part(
        self, database: Database, told: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import pyodbc  # noqa: PLC0415 -- needs unixODBC's library

        def refuse(_session: Session, statement: str, *_: object) -> None:
            if "DEADLOCK_PRIORITY" in statement:
                raise pyodbc.ProgrammingError("42000", "[42000] unrecognized parameter (102)")
            told.append(statement)

        monkeypatch.setattr(Session, "execute", refuse)
        with database.reading() as reading:
            reading.discovery.exec_driver_sql("SELECT 1")

        assert told[-1] == "SELECT 1"
        assert told.count("SET LOCK_TIMEOUT 1500") == 2

    def test_odbcs_own_pool_is_off(self, database: Database) -> None:
        import pyodbc  # noqa: PLC0415 -- needs unixODBC's library

        assert database.engine.dialect.name == "mssql"
        assert not pyodbc.pooling


class TestPostgresql:
    def test_both_views_are_of_one_moment(
        self, database: Database, postgres: PostgresServer
    ) -> None:
        writer = sa.create_engine(postgres.url())
        with writer.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE moment (n int)")
        with database.reading() as reading:
            before = reading.discovery.scalar(text("SELECT count(*) FROM moment"))
            with writer.begin() as connection:
                connection.exec_driver_sql("INSERT INTO moment VALUES (1)")
            after = reading.decisive.scalar(text("SELECT count(*) FROM moment"))
        writer.dispose()

        assert (before, after) == (0, 0)

    def test_nothing_can_be_written(self, database: Database) -> None:
        with pytest.raises(ErpError, match="read-only transaction"):
            database.read(lambda it: it.decisive.exec_driver_sql("CREATE TABLE written (n int)"))

    def test_a_connection_that_broke_is_made_anew(
        self, database: Database, postgres: PostgresServer
    ) -> None:
        killer = sa.create_engine(postgres.url())
        looks = []

        def look(reading: Reading) -> object:
            looks.append(reading.discovery.scalar(text("SELECT pg_backend_pid()")))
            if len(looks) == 1:
                with killer.connect() as connection:
                    connection.execute(text("SELECT pg_terminate_backend(:p)"), {"p": looks[0]})
            return reading.discovery.scalar(text("SELECT 42"))

        answer = database.read(look)
        killer.dispose()

        assert answer == 42
        assert len(set(looks)) == 2

    def test_a_statement_that_takes_too_long_is_given_up(self, database: Database) -> None:
        looks = []

        def look(reading: Reading) -> object:
            looks.append(1)
            seconds = 0 if len(looks) == 2 else 30
            return reading.discovery.scalar(text("SELECT pg_sleep(:s)"), {"s": seconds})

        database.read(look)

        assert len(looks) == 2

    def test_a_server_that_is_not_there_is_unavailable_in_the_end(self) -> None:
        engine = open_server("postgresql+psycopg://robot@127.0.0.1:9/nav")
        looks = []

        def look(_: Reading) -> None:
            looks.append(1)

        with pytest.raises(ErpUnavailableError, match=r"The ERP's database can't be reached: .*"):
            Database(engine).read(look)
        engine.dispose()

        assert looks == []

    def test_what_is_not_allowed_is_not_asked_again(self, postgres: PostgresServer) -> None:
        owner = sa.create_engine(postgres.url())
        with owner.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE secret (n int)")
            connection.exec_driver_sql("CREATE ROLE nobody_here LOGIN")
        owner.dispose()
        engine = open_server(postgres.url(user="nobody_here"))
        looks = []

        def look(reading: Reading) -> object:
            looks.append(1)
            return reading.discovery.scalar(text("SELECT n FROM secret"))

        with pytest.raises(ErpError, match="permission denied") as raised:
            Database(engine).read(look)
        engine.dispose()

        assert not raised.value.retryable
        assert "config/navision" in raised.value.hint
        assert len(looks) == 1 < ATTEMPTS


class TestSqlite:
    def test_a_file_is_only_read(self, tmp_path: Path) -> None:
        engine = open_server(f"sqlite:///{tmp_path / 'nav.db'}")

        with pytest.raises(ErpUnavailableError, match="readonly database"):
            Database(engine).read(lambda it: it.decisive.exec_driver_sql("CREATE TABLE t (n)"))
        engine.dispose()


class TestAddress:
    @pytest.mark.parametrize(
        "address", ["", "nowhere", "mysql://x/y", "oracle://x", "ftp://x", "no such://x"]
    )
    def test_what_is_no_address_is_said_without_showing_it(self, address: str) -> None:
        with pytest.raises(SettingsError, match=r"\[erp\] url is no address of SQL Server") as it:
            open_server(address)

        assert not address or address not in str(it.value)

    def test_an_odbc_string_is_sql_servers_and_takes_the_password_in_braces(self) -> None:
        if not odbc_drivers():
            servers.missing("unixODBC", "unixodbc")
        engine = open_server("DRIVER={X};SERVER=nav;UID=robot;", password="p;w}d")

        (given,), _ = engine.dialect.create_connect_args(engine.url)
        engine.dispose()

        assert engine.dialect.name == "mssql"
        assert given == "DRIVER={X};SERVER=nav;UID=robot;PWD={p;w}}d}"

    def test_a_password_goes_into_an_address(self) -> None:
        engine = open_server("postgresql+psycopg://robot@nav/db", password="hunter2")

        assert engine.url.password == "hunter2"
        assert "hunter2" not in repr(engine)
        engine.dispose()
