"""Opening the database: pragmas, integrity check, migration, translation of driver errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Transaction,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from robot.adapters.sql_server import compatible
from robot.adapters.store import server
from robot.errors import SettingsError, StoreError, StoreUnavailableError

T = TypeVar("T")

#: How long a writer waits for another one.
BUSY_MILLISECONDS: Final = 10_000
#: The newest migration; a database that stands there needs no Alembic.
HEAD: Final = "0008"
MIGRATIONS: Final = Path(__file__).parent / "migrations"
#: How often a transaction is begun that a passing fault kept from its first lock.
ATTEMPTS: Final = 4
_LONGEST_PAUSE: Final = 2.0
_READING: Final = "robot_reading"


def open_engine(url: str, *, check: bool = True) -> Engine:
    """The engine of a migrated database that is whole.

    A SQLite database is one file on a local disk in WAL mode with `synchronous=FULL`, so that a
    commit outlives a power cut; writers begin with `BEGIN IMMEDIATE`, so that none has to give up
    half-way. `check` runs SQLite's `quick_check` first.

    Raises:
        SettingsError: It is no address, or its driver is not installed.
        StoreError: The database can't be opened, is damaged, or is newer than this robot.
    """
    path = sqlite_file(url)
    if path is not None:
        _make_folder(path.parent)
    engine = _engine(url)
    with translated():
        if check and path is not None and path.exists():
            _quick_check(engine)
        _migrate(engine)
    return engine


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(server.address(url))
        options: dict[str, Any] = {}
        if parsed.get_backend_name() != "sqlite":
            parsed, options = server.options(parsed)
        engine = create_engine(compatible(parsed), hide_parameters=True, **options)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise SettingsError(
            "[store] url is no address of SQLite, PostgreSQL or SQL Server, or its driver is not"
            " installed",
            hint="for example postgresql+psycopg://robot@server/robot; for ODBC: apt-get install"
            " unixodbc, and the driver for the server",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        server.prepare(engine)
    return engine


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for a server's or one in memory."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder of the robot's database can't be made: {error.strerror}",
            hint="check the path in [store] url and the folder's permissions",
        ) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads and never waits for a writer.

    Raises:
        StoreError: The database can't be used.
    """
    with translated(), engine.connect() as connection:
        reader = connection.execution_options(**{_READING: True})
        with reader.begin():
            yield reader


def atomically(engine: Engine, work: Callable[[Connection], T]) -> T:
    """One transaction that is done again as a whole after a passing fault, never after its commit.

    Raises:
        StoreError: The database can't be used; nothing of it was written, except when the answer
            to the commit was lost.
    """
    with translated():
        connection, transaction, answer = begun(engine, work)
        with connection:
            transaction.commit()
        return answer


def begun(engine: Engine, first: Callable[[Connection], T]) -> tuple[Connection, Transaction, T]:
    """A transaction in which `first` was done; begun anew when a passing fault hindered it.

    Nothing was handed out before, so beginning again is no second try of anything.
    """
    attempts = Retrying(
        retry=retry_if_exception(server.is_passing),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.1, max=_LONGEST_PAUSE),
        reraise=True,
    )
    found: tuple[Connection, Transaction, T] = attempts(_begin_once, engine, first)
    return found


def _begin_once(
    engine: Engine, first: Callable[[Connection], T]
) -> tuple[Connection, Transaction, T]:
    connection = engine.connect()
    try:
        transaction = connection.begin()
        return connection, transaction, first(connection)
    except BaseException:
        connection.close()
        raise


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLAlchemy and the drivers raise into StoreError, without values or secrets."""
    try:
        yield
    except DBAPIError as error:
        kind = StoreUnavailableError if _may_pass(error) else StoreError
        raise kind(
            f"the robot's database can't be used: {_said(error.orig)}",
            hint=_hint(error.orig),
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(f"the robot's database can't be used: {error}") from error


def _said(cause: BaseException | None) -> str:
    """The driver's words; those of ODBC come behind their SQLSTATE."""
    words = cause.args[-1] if cause is not None and cause.args else cause
    return str(words)


def _hint(cause: BaseException | None) -> str:
    words = _said(cause)
    if any(sign in words for sign in _NO_DRIVER):
        return (
            "install the ODBC driver that [store] url names; `odbcinst -q -d` lists what is there"
        )
    if any(sign in words for sign in _NOBODY_THERE):
        return "see that the database server runs and is reached at the address of [store] url"
    return "see `invoice-robot doctor`; nothing is lost, the next run takes it up"


#: unixODBC's words.
_NO_DRIVER: Final = ("Can't open lib", "Data source name not found")
#: FreeTDS's number and psycopg's words.
_NOBODY_THERE: Final = ("(20009)", "onnection refused", "could not translate host name")
#: Of SQLite's result codes: no permission, busy, locked, read-only, I/O, full, can't open.
_MAY_PASS: Final = frozenset({3, 5, 6, 8, 10, 13, 14})


def _may_pass(error: DBAPIError) -> bool:
    """Whether somebody can put it right without touching the database itself."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _MAY_PASS
    return isinstance(error, (OperationalError, InterfaceError))


def exactly(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> bool:
    """Whether a conditional update changed exactly one row for each set of parameters."""
    if not rows:
        return True
    if len(rows) == 1 or connection.dialect.supports_sane_multi_rowcount:
        return bool(connection.execute(statement, rows).rowcount == len(rows))
    return all(connection.execute(statement, row).rowcount == 1 for row in rows)


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # SQLAlchemy begins transactions itself (see _begin_sqlite); the driver must not.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _quick_check(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    except DBAPIError as error:
        # A file that is locked or can't be opened is not damaged, and nobody should replace it.
        if not isinstance(error.orig, sqlite3.DatabaseError) or _may_pass(error):
            raise
        found = str(error.orig)
    if found != "ok":
        raise StoreError(
            f"the robot's database is damaged: {found}",
            hint="stop all robots and restore the latest backup; do not delete the file",
        )


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        has_table = engine.dialect.has_table(connection, "alembic_version")
        found = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if has_table
            else None
        )
    if found == HEAD:
        return
    # Alembic takes a tenth of a second to import; a database in order does without.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with server.alone_in_migrating(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"the robot's database is at version {found}, which this robot does not know",
                hint="use the newer robot that it was made by",
            ) from error
