"""What a database's driver said, in five kinds: what may be tried again, and what a person does.

Sources: SQL Server's error numbers (sys.messages 207, 208, 229, 1205, 1222, 3960, 4060, 18456),
ODBC's and PostgreSQL's SQLSTATE classes.
"""

from __future__ import annotations

import re
import sqlite3
from enum import Enum
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from robot.errors import ErpError, ErpUnavailableError


class Fault(Enum):
    """A kind of fault: its hint, and whether trying again can help."""

    #: Another one had it locked, or we were the deadlock's victim: nothing was done.
    BUSY = ("somebody was working on the same rows; it is tried again", True)
    #: The connection broke, the server went away, or the answer took too long.
    LOST = ("see that the database is running and can be reached", True)
    #: The login is refused, or may not read what it needs.
    DENIED = ("check the login, and grant what config/navision/*.sql grants", False)
    #: unixODBC knows no such driver.
    NO_DRIVER = (
        "install the ODBC driver that [erp] url names; `odbcinst -q -d` lists what is there",
        False,
    )
    #: A table or column is not there.
    ABSENT = ("`invoice-robot doctor` says which table or column is missing", False)
    OTHER = ("see what the database's own log says", False)

    def __init__(self, hint: str, passing: bool) -> None:
        self.hint = hint
        self.passing = passing


_BY_NUMBER: Final = {
    1205: Fault.BUSY,
    1222: Fault.BUSY,
    3960: Fault.BUSY,
    229: Fault.DENIED,
    230: Fault.DENIED,
    916: Fault.DENIED,
    4060: Fault.DENIED,
    18456: Fault.DENIED,
    207: Fault.ABSENT,
    208: Fault.ABSENT,
}
#: SQLSTATEs and their classes, the longest beginning counts.
_BY_STATE: Final = {
    "40001": Fault.BUSY,
    "40P01": Fault.BUSY,
    "55P03": Fault.BUSY,
    "08": Fault.LOST,
    "53": Fault.LOST,
    "57": Fault.LOST,
    "HYT00": Fault.LOST,
    "HYT01": Fault.LOST,
    "28": Fault.DENIED,
    "42501": Fault.DENIED,
    "IM002": Fault.NO_DRIVER,
    "3D000": Fault.DENIED,
    "42S02": Fault.ABSENT,
    "42S22": Fault.ABSENT,
    "42P01": Fault.ABSENT,
    "42703": Fault.ABSENT,
}
#: A driver's message ends with the server's own number: `… the transaction. (1205) (SQLExec…)`.
_NUMBER: Final = re.compile(r"\((\d{3,5})\)")
_STATE: Final = re.compile(r"[0-9A-Z]{5}")
#: PostgreSQL's words, for which libpq gives no SQLSTATE when a login is refused, and Babelfish for
#: PostgreSQL no number of SQL Server's (33557097 stands for all of them).
_WORDS: Final = (
    (
        re.compile(
            r"authentication failed|role .* does not exist|database .* does not"
            r"|[Pp]ermission denied"
        ),
        Fault.DENIED,
    ),
    (
        re.compile(r"lock timeout|deadlock detected|could not (serialize access|obtain lock)"),
        Fault.BUSY,
    ),
    (re.compile(r"(relation|column) .* does not exist"), Fault.ABSENT),
    (
        re.compile(
            r"statement timeout|terminating connection|[Tt]oo many clients"
            r"|database system is (starting up|shutting down)"
        ),
        Fault.LOST,
    ),
)
#: FreeTDS's number and psycopg's words: nobody has answered anything.
_NOBODY_THERE: Final = re.compile(r"\(20009\)|onnection refused|could not translate host name")
_SQLITE_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})


def fault_of(error: SQLAlchemyError) -> Fault:
    """Which kind of fault it is; what nobody knows is OTHER."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return Fault.OTHER
    if error.connection_invalidated:
        return Fault.LOST
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    said = _of_server(error.orig)
    if said is not None:
        return said
    return Fault.LOST if isinstance(error, OperationalError) else Fault.OTHER


def _of_server(cause: BaseException) -> Fault | None:
    if "Can't open lib" in str(cause):
        return Fault.NO_DRIVER
    for number in map(int, _NUMBER.findall(str(cause))):
        if number in _BY_NUMBER:
            return _BY_NUMBER[number]
    state = sql_state(cause)
    for length in (5, 2):
        if state[:length] in _BY_STATE:
            return _BY_STATE[state[:length]]
    return next((fault for words, fault in _WORDS if words.search(str(cause))), None)


def sql_state(cause: BaseException) -> str:
    """The SQLSTATE of a driver's error, which pyodbc gives first; empty for none."""
    named = getattr(cause, "sqlstate", None)
    if isinstance(named, str):
        return named
    first = cause.args[0] if cause.args else None
    return first if isinstance(first, str) and _STATE.fullmatch(first) else ""


def translated(error: SQLAlchemyError) -> ErpError:
    """The library's error as one of ours: only a passing fault can be tried again."""
    fault = fault_of(error)
    kind = ErpUnavailableError if fault.passing else ErpError
    # The library's own text holds the statement's parameters, which no log may show.
    cause = _words(error.orig) if isinstance(error, DBAPIError) else type(error).__name__
    said = "can't be reached" if _NOBODY_THERE.search(cause) else "answered"
    return kind(f"The ERP's database {said}: {cause}", hint=fault.hint, fault=fault.name.lower())


def is_passing(error: BaseException) -> bool:
    """Whether the same question asked again at once may be answered."""
    return isinstance(error, SQLAlchemyError) and fault_of(error).passing


def _words(cause: BaseException | None) -> str:
    """The driver's first line; further ones may show the row or the statement."""
    lines = str(cause.args[-1] if cause is not None and cause.args else cause).splitlines()
    return lines[0].strip() if lines else type(cause).__name__


def _of_sqlite(cause: sqlite3.Error) -> Fault:
    name = getattr(cause, "sqlite_errorname", "")
    if name in _SQLITE_BUSY:
        return Fault.BUSY
    if name == "SQLITE_ERROR":
        return Fault.ABSENT  # no such table or column: nothing else of ours is no SQL
    return Fault.LOST if isinstance(cause, sqlite3.OperationalError) else Fault.OTHER
