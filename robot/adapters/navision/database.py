"""Reading an ERP's database on a server without standing in the way of NAV's users.

Two views of the data, by what hangs on it (navision.md: NAV itself reads uncommitted until it
writes). Discovery takes no locks at all. Decisive rows, read by their key, are only ever committed
ones; waiting for somebody's lock is short, and in a deadlock it is the robot that gives way.
Servers with row versions (PostgreSQL, SQLite) give both from one moment without any lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import quote_plus

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    NoSuchModuleError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from robot.adapters.navision.faults import is_passing, translated
from robot.adapters.sql_server import compatible
from robot.errors import SettingsError

T = TypeVar("T")

#: How often a question is asked that a passing fault left without an answer.
ATTEMPTS: Final = 3
_LONGEST_PAUSE: Final = 2.0
#: Compiled statements that are kept: each company has its own tables, so about thirty for each of
#: them. SQLAlchemy keeps 500, with which 120 companies would compile all of theirs in every batch.
STATEMENTS_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the robot waits for the ERP's database, in seconds."""

    login: int = 15
    #: For one statement.
    statement: int = 60
    #: For somebody else's lock on a decisive row.
    lock: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at the database; see the module. Both may be the same connection."""

    discovery: Connection
    decisive: Connection


class Database:
    """The ERP's database, only ever read.

    Args:
        engine: From `open_server`, or the small Navision's.
        schema: The tables' schema; None for the login's own.
        patience: How long to wait.
    """

    def __init__(
        self, engine: Engine, *, schema: str | None = None, patience: Patience | None = None
    ) -> None:
        self.engine = engine
        self.schema = schema
        self._patience = patience or Patience()

    def read(self, look: Callable[[Reading], T]) -> T:
        """What a look finds; after a passing fault it looks again from the start.

        Raises:
            ErpUnavailableError: Not answered after three attempts.
            ErpError: The login may not, or something is missing; asking again does not help.
        """
        attempts = Retrying(
            retry=retry_if_exception(is_passing),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=_LONGEST_PAUSE),
            reraise=True,
        )
        try:
            answer: T = attempts(self._once, look)
        except SQLAlchemyError as error:
            raise translated(error) from error
        return answer

    def _once(self, look: Callable[[Reading], T]) -> T:
        with self.reading() as reading:
            return look(reading)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Both views, set up anew: what a pooled connection was used for before does not count."""
        if self.engine.dialect.name == "mssql":
            with self.engine.connect() as discovery, self.engine.connect() as decisive:
                _set_up(discovery, "READ UNCOMMITTED", self._patience)
                _set_up(decisive, "READ COMMITTED", self._patience)
                yield Reading(discovery=discovery, decisive=decisive)
            return
        with self.engine.connect() as connection, connection.begin():
            yield Reading(discovery=connection, decisive=connection)


def open_server(
    address: str, *, password: str | None = None, patience: Patience | None = None
) -> Engine:
    """An engine on the ERP's database; nothing is connected yet.

    Args:
        address: An SQLAlchemy address (`mssql+pyodbc://…`), or an ODBC connection string
            (`DRIVER={ODBC Driver 18 for SQL Server};SERVER=…`), which is taken as SQL Server's.
        password: Goes into the address; no address needs to hold it.
        patience: How long to wait for the login and for one statement.

    Raises:
        SettingsError: It is no address of SQL Server, PostgreSQL or SQLite, or its driver is not
            installed. The message shows nothing of the address.
    """
    patience = patience or Patience()
    url = _url(address, password)
    kind, driver = url.get_backend_name(), url.get_driver_name()
    options: dict[str, Any] = {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "query_cache_size": STATEMENTS_KEPT,
    }
    if driver == "pyodbc":
        options["connect_args"] = {"timeout": patience.login}
    elif driver == "psycopg":
        options["connect_args"] = {"connect_timeout": patience.login}
    if kind == "mssql":
        # Each statement is its own transaction: no lock outlives it.
        options["isolation_level"] = "AUTOCOMMIT"
    try:
        if driver == "pyodbc":
            _without_pooling_of_its_own()
        engine = create_engine(compatible(url), **options)
    except ImportError as error:
        raise SettingsError(
            f"[erp] url: the driver '{driver}' is not installed, or lacks a library",
            hint="for ODBC: apt-get install unixodbc, and the driver for the server",
        ) from error
    event.listen(engine, "connect", _PREPARE[kind](patience))
    return engine


def _url(address: str, password: str | None) -> URL:
    if "://" not in address and "=" in address:
        secret = f";PWD={_braced(password)}" if password else ""
        address = f"mssql+pyodbc:///?odbc_connect={quote_plus(address.rstrip(';') + secret)}"
        password = None
    wrong = SettingsError(
        "[erp] url is no address of SQL Server, PostgreSQL or SQLite",
        hint="for example mssql+pyodbc://robot@server/database?driver=ODBC+Driver+18+for+"
        "SQL+Server, or an ODBC connection string",
    )
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        raise wrong from None
    if url.get_backend_name() not in _PREPARE:
        raise wrong
    return url.set(password=password) if password else url


def _braced(value: str) -> str:
    """A value in an ODBC connection string; braces keep what is special in it."""
    return "{" + value.replace("}", "}}") + "}"


def _driver_error() -> type[Exception]:
    import pyodbc  # noqa: PLC0415 -- as below

    error: type[Exception] = pyodbc.Error
    return error


def _without_pooling_of_its_own() -> None:
    """ODBC's own pool hands out connections that died, and hides them from ours."""
    import pyodbc  # noqa: PLC0415 -- needs unixODBC's library, which only SQL Server needs

    pyodbc.pooling = False


_Prepare: TypeAlias = Callable[[Any, object], None]


def _limit_statements(patience: Patience) -> _Prepare:
    def limit(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own
        # A driver without such a limit says so by an error; ours is then only the login's.
        with suppress(_driver_error()):
            dbapi_connection.timeout = patience.statement

    return limit


def _read_one_moment(patience: Patience) -> _Prepare:
    """Every transaction sees the moment at which it began, and can't write."""

    def prepare(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own
        cursor = dbapi_connection.cursor()
        cursor.execute(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )
        cursor.execute(f"SET statement_timeout = {patience.statement * 1000}")
        cursor.close()
        dbapi_connection.commit()

    return prepare


def _only_read(_patience: Patience) -> _Prepare:
    def prepare(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return prepare


_PREPARE: Final[Mapping[str, Callable[[Patience], _Prepare]]] = {
    "mssql": _limit_statements,
    "postgresql": _read_one_moment,
    "sqlite": _only_read,
}


def _set_up(connection: Connection, isolation: str, patience: Patience) -> None:
    """In one round trip; on a server that does not know all of it, what it knows."""
    wanted = session_settings(isolation, patience)
    try:
        connection.exec_driver_sql("; ".join(wanted) + ";")
    except DBAPIError as error:
        if is_passing(error):
            raise
        # Each setting is a courtesy to others: without it, what is read stays right.
        for setting in wanted:
            with suppress(ProgrammingError, NotSupportedError, DataError):
                connection.exec_driver_sql(setting)


def session_settings(isolation: str, patience: Patience) -> tuple[str, ...]:
    """What is set on a connection to SQL Server before anything is read over it."""
    return (
        f"SET TRANSACTION ISOLATION LEVEL {isolation}",
        f"SET LOCK_TIMEOUT {int(patience.lock * 1000)}",
        "SET DEADLOCK_PRIORITY LOW",
    )
