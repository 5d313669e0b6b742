"""Whether a store on a server is as it must be, in words for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

from robot.adapters.store.columns import database_seconds
from robot.adapters.store.engine import HEAD, reading

#: Leases go by the database's clock and everything else by the machine's; so much is harmless.
SKEW_SECONDS: Final = 30
_SERVERS: Final = {"postgresql": "PostgreSQL", "mssql": "SQL Server"}
#: The oldest main version that its maker still mends.
_OLDEST: Final = {"postgresql": 13, "mssql": 13}
_MIGRATION: Final = text("SELECT version_num FROM alembic_version")
_ROW_VERSIONS: Final = text(
    "SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = DB_NAME()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRemark:
    """One thing that was looked at. `serious`: the robot can't be trusted to keep what it did."""

    words: str
    good: bool = False
    serious: bool = False


def examine(engine: Engine, now: Callable[[], datetime]) -> list[StoreRemark]:
    """Look at the server of a migrated store; nothing for SQLite, which has none.

    Raises:
        StoreError: It can't be used at all.
    """
    if engine.dialect.name not in _SERVERS:
        return []
    with reading(engine) as connection:
        return [
            _version(connection),
            _migration(connection),
            _clock(connection, now),
            *_LOOK[engine.dialect.name](connection),
        ]


def _version(connection: Connection) -> StoreRemark:
    name = connection.dialect.name
    found = connection.dialect.server_version_info
    if not found:
        return StoreRemark(words=f"{_SERVERS[name]} does not tell its version")
    version = ".".join(str(part) for part in found[:2])
    if int(found[0]) < _OLDEST[name]:
        words = f"{_SERVERS[name]} {version}: version {_OLDEST[name]} or later is needed"
        return StoreRemark(words=words)
    return StoreRemark(words=f"{_SERVERS[name]} {version} can be reached", good=True)


def _migration(connection: Connection) -> StoreRemark:
    found = connection.execute(_MIGRATION).scalar()
    if found == HEAD:
        return StoreRemark(words=f"migration {found}, the newest", good=True)
    return StoreRemark(words=f"migration {found}, and this robot needs {HEAD}", serious=True)


def _clock(connection: Connection, now: Callable[[], datetime]) -> StoreRemark:
    ahead = int(connection.execute(select(database_seconds())).scalar_one() - now().timestamp())
    if abs(ahead) <= SKEW_SECONDS:
        return StoreRemark(words="its clock and this machine's agree", good=True)
    than = "ahead of" if ahead > 0 else "behind"
    words = f"its clock is {abs(ahead):,} seconds {than} this machine's: set both by NTP"
    return StoreRemark(words=words)


def _postgresql(connection: Connection) -> Iterator[StoreRemark]:
    if connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
        yield StoreRemark(words="it is a standby and can only be read", serious=True)
    if connection.execute(text("SHOW fsync")).scalar() == "off":
        words = "fsync is off: a power cut can take away what the robot has done"
        yield StoreRemark(words=words, serious=True)
    level = connection.execute(text("SHOW transaction_isolation")).scalar()
    yield StoreRemark(words=f"isolation: {level}", good=level == "read committed")


def _sql_server(connection: Connection) -> Iterator[StoreRemark]:
    try:
        on = connection.execute(_ROW_VERSIONS).scalar()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        on = None
    if on is None:
        words = "isolation: the server does not tell whether readers wait for writers"
        yield StoreRemark(words=words)
    elif on:
        yield StoreRemark(words="isolation: read committed with row versions", good=True)
    else:
        yield StoreRemark(
            words="isolation: READ_COMMITTED_SNAPSHOT is off, so reports wait for robots; "
            "ALTER DATABASE … SET READ_COMMITTED_SNAPSHOT ON"
        )


_LOOK: Final[Mapping[str, Callable[[Connection], Iterator[StoreRemark]]]] = {
    "postgresql": _postgresql,
    "mssql": _sql_server,
}
