"""Opening the database: pragmas, integrity check, migration, translation of driver errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Executable, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from robot.errors import StoreError

#: How long a writer waits for another one.
BUSY_MILLISECONDS: Final = 10_000
#: The newest migration; a database that stands there needs no Alembic.
HEAD: Final = "0002"
MIGRATIONS: Final = Path(__file__).parent / "migrations"
_READING: Final = "robot_reading"


def open_engine(url: str, *, check: bool = True) -> Engine:
    """The engine of a migrated database that is whole.

    A SQLite database is one file on a local disk in WAL mode with `synchronous=FULL`, so that a
    commit outlives a power cut; writers begin with `BEGIN IMMEDIATE`, so that none has to give up
    half-way. `check` runs SQLite's `quick_check` first.

    Raises:
        StoreError: The database can't be opened, is damaged, or is newer than this robot.
    """
    parsed = make_url(url)
    path = sqlite_file(url)
    if path is not None:
        _make_folder(path.parent)
    engine = create_engine(parsed, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    with translated():
        if check and path is not None and path.exists():
            _quick_check(engine)
        _migrate(engine)
    return engine


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for a server's or one in memory."""
    parsed = make_url(url)
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


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes.

    Raises:
        StoreError: The database can't be used; nothing of it was written, except when the answer
            to the commit was lost.
    """
    with translated(), engine.begin() as connection:
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLAlchemy and the drivers raise into StoreError, without values or secrets."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(
            f"the robot's database can't be used: {error.orig}",
            hint="see `invoice-robot doctor`; nothing is lost, the next run takes it up",
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(f"the robot's database can't be used: {error}") from error


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
        if not isinstance(error.orig, sqlite3.DatabaseError):
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
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"the robot's database is at version {found}, which this robot does not know",
                hint="use the newer robot that it was made by",
            ) from error
