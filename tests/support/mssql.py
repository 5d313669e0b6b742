"""A SQL Server, or one that is compatible, which an environment variable names.

The variable holds an SQLAlchemy address (`mssql+pyodbc://…`, also with `odbc_connect`) or an ODBC
connection string (`DRIVER={FreeTDS};SERVER=…;PORT=…;TDS_Version=7.4;…`). Whatever a test makes
there has a name of its own and is dropped in the end; what a killed test process left there is
dropped by one that comes a day later.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from robot.adapters.sql_server import compatible
from robot.adapters.store.server import address

_DATABASE: Final = re.compile(r"(?i)(?:^|;)\s*(?:database|initial catalog)\s*=[^;]*")

_MADE: Final = "robot_test_"
#: When it was made, in minutes since 1970, and a name of its own.
_LEFT: Final = re.compile(rf"{_MADE}([0-9a-f]+)_[0-9a-f]{{12}}")
_LEFT_MINUTES: Final = 24 * 60
#: Another test process makes a database at this moment.
_MODEL_IN_USE: Final = "(1807)"


def engine_at(text: str, **options: str) -> sa.Engine:
    """An engine on what the variable, or `in_database`, says."""
    return sa.create_engine(compatible(sa.make_url(address(text))), **options)


def in_database(text: str, name: str) -> str:
    """The same server's address with another database."""
    url = sa.make_url(address(text))
    given = url.query.get("odbc_connect")
    if given is None:
        url = url.set(database=name)
    else:
        rest = _DATABASE.sub("", str(given)).strip("; ")
        url = url.update_query_dict({"odbc_connect": f"{rest};DATABASE={name}"})
    return url.render_as_string(hide_password=False)


@contextmanager
def own_database(text: str) -> Iterator[str | None]:
    """The address of a new, empty database; None when the login may not make one."""
    name = f"{_MADE}{_minutes():x}_{uuid.uuid4().hex[:12]}"
    engine = engine_at(text, isolation_level="AUTOCOMMIT")
    made = False
    try:
        with engine.connect() as connection:
            _drop_what_was_left(connection)
            made = True  # also when the test is interrupted while it is made
            try:
                _patiently(connection, f"CREATE DATABASE {name}", _MODEL_IN_USE)
            except DBAPIError:
                made = False
            else:
                _with_row_versions(connection, name)
        yield in_database(text, name) if made else None
    finally:
        if made:
            with engine.connect() as connection:
                _alone(connection, name)
                # A compatible server may not have noticed yet that its last session is closed.
                _patiently(connection, f"DROP DATABASE IF EXISTS {name}")
        engine.dispose()


def _patiently(connection: sa.Connection, statement: str, passing: str = "") -> None:
    """For ten seconds, while what the server says is a fault that passes."""
    for left in reversed(range(20)):
        try:
            connection.exec_driver_sql(statement)
        except DBAPIError as error:
            if not left or passing not in str(error):
                raise
            time.sleep(0.5)
        else:
            return


def _with_row_versions(connection: sa.Connection, name: str) -> None:
    """As docs/operations.md has it; a compatible server may have nothing else anyhow."""
    with suppress(DBAPIError):
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT ON")


def _alone(connection: sa.Connection, name: str) -> None:
    """Connections that a test left open would keep it from being dropped."""
    with suppress(DBAPIError):
        connection.exec_driver_sql(
            f"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE"
        )


def _drop_what_was_left(connection: sa.Connection) -> None:
    """What test processes that were killed could not drop themselves."""
    names = connection.execute(sa.text("SELECT name FROM sys.databases")).scalars().all()
    for name in names:
        made = _LEFT.fullmatch(str(name))
        if made is not None and _minutes() - int(made[1], 16) > _LEFT_MINUTES:
            with suppress(DBAPIError):
                connection.exec_driver_sql(f"DROP DATABASE {name}")


def _minutes() -> int:
    return int(time.time() / 60)


@contextmanager
def alone_at(text: str) -> Iterator[None]:
    """The database that is named, for one test process of this machine at a time."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    path = Path(tempfile.gettempdir()) / f"{_MADE}{digest}.lock"
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def need_catalogue_of_microsoft(connection: sa.Connection) -> None:
    """Skip on a compatible server, which shows indexes and constraints under names of its own."""
    if connection.dialect.name != "mssql":
        return
    edition = sa.text("SELECT CAST(SERVERPROPERTY('babelfish') AS VARCHAR(9))")
    if connection.execute(edition).scalar() is not None:
        pytest.skip("Babelfish for PostgreSQL shows indexes under names of its own")


@cache
def takes_row_versions(engine: sa.Engine) -> bool:
    """Whether a column may be a ROWVERSION; Babelfish says no unless told otherwise."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT CAST(0 AS ROWVERSION)").all()
    except DBAPIError:
        return False
    return True
