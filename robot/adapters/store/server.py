"""What a server needs that SQLite does not: settings of a session, a lock for migrations.

Whoever writes takes its own lease first and the end of the audit trail next, before anything else.
So robots wait for each other in one order and can't end in a deadlock; time-outs are for others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, Final
from urllib.parse import quote_plus

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from robot.adapters.sql_server import without_transaction
from robot.errors import StoreUnavailableError

#: How long a robot waits for another one's transaction; longer than one may stand idle.
LOCK_SECONDS: Final = 40
#: A robot that froze in the middle of a transaction is cut off by PostgreSQL after this.
IDLE_SECONDS: Final = 30
STATEMENT_SECONDS: Final = 120
LOGIN_SECONDS: Final = 15

#: Serialization failure, deadlock victim, lock not available.
_PASSING_STATES: Final = frozenset({"40001", "40P01", "55P03"})
#: SQL Server: deadlock victim, lock time-out, update conflict under SNAPSHOT.
_PASSING_NUMBERS: Final = ("(1205)", "(1222)", "(3960)")
#: Babelfish for PostgreSQL has no number of SQL Server's for some of them, only its own words.
_PASSING_WORDS: Final = ("lock timeout", "deadlock detected", "could not serialize access")

_POSTGRESQL_SESSION: Final = (
    "SET synchronous_commit = on",
    f"SET statement_timeout = '{STATEMENT_SECONDS}s'",
    f"SET lock_timeout = '{LOCK_SECONDS}s'",
    f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'",
)
#: A statement that fails takes its whole transaction with it, so that none is committed in part.
_SQL_SERVER_SESSION: Final = (
    "SET XACT_ABORT ON",
    f"SET LOCK_TIMEOUT {LOCK_SECONDS * 1000}",
)
_POSTGRESQL_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('invoice-robot migrations'))"
#: It tells by its result and not by an error that the lock was not given. The session owns it: a
#: driver that begins transactions by itself has begun none before the first table is touched.
_SQL_SERVER_LOCK: Final = (
    "SET NOCOUNT ON; DECLARE @given int; EXEC @given = sp_getapplock"
    " @Resource = 'invoice-robot migrations', @LockMode = 'Exclusive',"
    f" @LockOwner = 'Session', @LockTimeout = {LOCK_SECONDS * 1000};"
    " SELECT @given AS given"
)


def address(text: str) -> str:
    """SQLAlchemy's address; an ODBC connection string (`DRIVER=…;SERVER=…`) is SQL Server's."""
    if "://" in text or "=" not in text:
        return text
    return f"mssql+pyodbc:///?odbc_connect={quote_plus(text)}"


def options(url: URL) -> tuple[URL, dict[str, Any]]:
    """The address and the engine's options for a server.

    Read committed everywhere: every change is conditional, and what it waited for is looked at
    again. The driver may not replace a broken connection by itself: its transaction is gone.
    """
    chosen: dict[str, Any] = {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}
    if url.get_driver_name() == "pyodbc":
        _without_pooling_of_its_own()
        chosen["connect_args"] = {"timeout": LOGIN_SECONDS}
        if url.get_backend_name() == "mssql":
            url = _without_reconnecting(url)
    elif url.get_driver_name() == "psycopg":
        chosen["connect_args"] = {"connect_timeout": LOGIN_SECONDS}
    return url, chosen


def prepare(engine: Engine) -> None:
    """Have every new session set up."""
    if engine.dialect.name in _SESSIONS:
        event.listen(engine, "connect", _session(engine))


@contextmanager
def alone_in_migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction to migrate in, once no other robot does.

    Raises:
        StoreUnavailableError: Another one is at it for too long.
    """
    if engine.dialect.name == "mssql":
        with _applock(engine), engine.begin() as connection:
            yield connection
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(_POSTGRESQL_LOCK)
        yield connection


@contextmanager
def _applock(engine: Engine) -> Iterator[None]:
    with engine.connect() as guard:
        try:
            given = guard.exec_driver_sql(_SQL_SERVER_LOCK).scalar()
        except DBAPIError as error:
            if error.connection_invalidated or "applock" not in str(error.orig).lower():
                raise
            # A server without this lock: of two that migrate at once, the later one is refused by
            # the tables of the first, and finds them in order when it is started again.
            given = None
        if given is not None and given < 0:
            raise StoreUnavailableError(
                "another robot is migrating the database", hint="try again when it is done"
            )
        try:
            yield
        finally:
            # The lock ends with its session, which therefore goes to no pool.
            guard.invalidate()


def is_passing(error: BaseException) -> bool:
    """Whether the same again may succeed: a deadlock, a lock time-out, a serialization failure.

    So may it when somebody else was first to insert a row, which is there to be updated then.
    """
    if isinstance(error, IntegrityError):
        return True
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    state = getattr(error.orig, "sqlstate", None) or next(iter(error.orig.args), "")
    if state in _PASSING_STATES:
        return True
    said = str(error.orig)
    return any(sign in said for sign in (*_PASSING_NUMBERS, *_PASSING_WORDS))


_SESSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "postgresql": _POSTGRESQL_SESSION,
    "mssql": _SQL_SERVER_SESSION,
}
#: Without it a robot waits for another one as long as its statement may take.
_MAY_BE_MISSING: Final = "SET LOCK_TIMEOUT"


def _session(engine: Engine) -> Callable[[Any, object], None]:
    refused: type[Exception] = engine.dialect.loaded_dbapi.Error
    sql_server = engine.dialect.name == "mssql"

    def begin(connection: Any, _entry: object) -> None:  # noqa: ANN401 - the driver's own object
        cursor = connection.cursor()
        with without_transaction(connection) if sql_server else nullcontext():
            for statement in _SESSIONS[engine.dialect.name]:
                optional = sql_server and statement.startswith(_MAY_BE_MISSING)
                with suppress(refused) if optional else nullcontext():
                    cursor.execute(statement)
        cursor.close()
        if not sql_server:
            # PostgreSQL forgets settings when the transaction that made them is rolled back.
            connection.commit()

    return begin


def _without_reconnecting(url: URL) -> URL:
    """Microsoft's driver would replace a broken connection by itself."""
    given = url.query.get("odbc_connect")
    if given is None:
        return url.update_query_dict({"ConnectRetryCount": "0"})
    text = str(given)
    if "ODBC Driver" not in text or "connectretrycount" in text.lower():
        return url
    return url.update_query_dict({"odbc_connect": f"{text.rstrip(';')};ConnectRetryCount=0"})


def _without_pooling_of_its_own() -> None:
    """ODBC's own pool hands out connections that died, and hides them from ours."""
    import pyodbc  # noqa: PLC0415 - needs unixODBC's library, which only SQL Server needs

    pyodbc.pooling = False
