"""A SQL Server, or one that is compatible, which an environment variable names.

The variable holds an SQLAlchemy address (`mssql+pyodbc://…`, also with `odbc_connect`) or an ODBC
connection string (`DRIVER={FreeTDS};SERVER=…;PORT=…;TDS_Version=7.4;…`). Whatever a test makes
there has a name of its own and is dropped in the end.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from robot.adapters.store.server import address

_DATABASE: Final = re.compile(r"(?i)(?:^|;)\s*(?:database|initial catalog)\s*=[^;]*")


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
    name = f"robot_test_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(address(text), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            try:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            except DBAPIError:
                yield None
                return
            _with_row_versions(connection, name)
        try:
            yield in_database(text, name)
        finally:
            with engine.connect() as connection:
                _alone(connection, name)
                connection.exec_driver_sql(f"DROP DATABASE {name}")
    finally:
        engine.dispose()


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
