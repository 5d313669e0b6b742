"""The SQLite engine of the small Navision: safe under kill -9 and under two processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event

from robot.adapters.navision.faults import translated

__all__ = ["WRITING", "connect", "translated"]

_BEGIN: Final = "navision_begin"
#: Execution options of a connection that is going to write.
WRITING: Final = {_BEGIN: "BEGIN IMMEDIATE"}


def connect(path: Path, *, busy_timeout: float = 30.0) -> Engine:
    """An engine on a small Navision's file.

    Write-ahead log and `synchronous=FULL`: what was committed survives the death of the process
    and of the machine. A writer waits for another one, at most `busy_timeout` seconds.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": busy_timeout}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own object
    # The driver's own transaction handling would begin too late (at the first write).
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
