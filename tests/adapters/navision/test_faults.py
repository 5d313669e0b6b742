"""What drivers say, as they say it, and what it is taken for."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from robot.adapters.navision.faults import Fault, fault_of, is_passing, translated
from robot.errors import ErpError, ErpUnavailableError
from tests.support.servers import odbc_drivers

ODBC = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"


def wrapped(cause: Exception) -> DBAPIError:
    """As SQLAlchemy hands it over."""
    error = DBAPIError.instance("SELECT 1", ("hemmeligt",), cause, Exception)
    assert isinstance(error, DBAPIError)
    return error


def odbc(state: str, text: str) -> DBAPIError:
    """A driver's error as pyodbc makes it: the state first, the number inside the text."""
    return DBAPIError("SELECT 1", ("hemmeligt",), Exception(state, f"[{state}] {ODBC}{text}"))


@pytest.mark.parametrize(
    ("state", "text", "fault"),
    [
        (
            "40001",
            "Transaction (Process ID 63) was chosen as the deadlock victim. (1205) (SQLFetch)",
            Fault.BUSY,
        ),
        ("42000", "Lock request time out period exceeded. (1222) (SQLExecDirectW)", Fault.BUSY),
        ("HYT00", "Lock request time out period exceeded. (1222) (SQLFetch)", Fault.BUSY),
        ("42000", "Snapshot isolation transaction aborted. (3960) (SQLExecDirectW)", Fault.BUSY),
        ("08S01", "TCP Provider: Error code 0x68 (104) (SQLExecDirectW)", Fault.LOST),
        ("08001", "Login timeout expired (0) (SQLDriverConnect)", Fault.LOST),
        ("HYT00", "Query timeout expired (0) (SQLExecDirectW)", Fault.LOST),
        ("28000", "Login failed for user 'robot'. (18456) (SQLDriverConnect)", Fault.DENIED),
        ("42000", 'Cannot open database "NAV" requested by the login. (4060)', Fault.DENIED),
        (
            "42000",
            "The SELECT permission was denied on the object 'X$Vendor'. (229) (SQLExecDirectW)",
            Fault.DENIED,
        ),
        ("42S02", "Invalid object name 'X$Vendor'. (208) (SQLExecDirectW)", Fault.ABSENT),
        ("42S22", "Invalid column name 'GLN'. (207) (SQLExecDirectW)", Fault.ABSENT),
        # Babelfish for PostgreSQL has one number for whatever it has no number for.
        ("42000", "canceling statement due to lock timeout (33557097) (SQLFetch)", Fault.BUSY),
        ("42000", 'relation "x$vendor" does not exist (33557097) (SQLExecDirectW)', Fault.ABSENT),
        ("42000", "permission denied for table x$vendor (33557097) (SQLFetch)", Fault.DENIED),
        ("42000", "terminating connection due to administrator command (33557097)", Fault.LOST),
        ("22003", "Arithmetic overflow error. (8115) (SQLExecDirectW)", Fault.OTHER),
    ],
)
def test_sql_server(state: str, text: str, fault: Fault) -> None:
    assert fault_of(odbc(state, text)) is fault


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (psycopg.errors.SerializationFailure, Fault.BUSY),
        (psycopg.errors.DeadlockDetected, Fault.BUSY),
        (psycopg.errors.LockNotAvailable, Fault.BUSY),
        (psycopg.errors.QueryCanceled, Fault.LOST),
        (psycopg.errors.AdminShutdown, Fault.LOST),
        (psycopg.errors.TooManyConnections, Fault.LOST),
        (psycopg.errors.InsufficientPrivilege, Fault.DENIED),
        (psycopg.errors.UndefinedTable, Fault.ABSENT),
        (psycopg.errors.UndefinedColumn, Fault.ABSENT),
        (psycopg.errors.DivisionByZero, Fault.OTHER),
    ],
)
def test_postgresql(kind: type[psycopg.Error], fault: Fault) -> None:
    assert fault_of(wrapped(kind("text"))) is fault


@pytest.mark.parametrize(
    ("statement", "fault"),
    [("SELECT * FROM nowhere", Fault.ABSENT), ("SELECT nothing", Fault.ABSENT)],
)
def test_sqlite(statement: str, fault: Fault) -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.Error) as raised:
        connection.execute(statement)
    connection.close()

    assert fault_of(wrapped(raised.value)) is fault


@pytest.mark.skipif(not odbc_drivers(), reason="needs unixODBC for a driver's own error")
def test_a_driver_that_is_not_there_has_to_be_installed() -> None:
    import pyodbc  # noqa: PLC0415 -- needs unixODBC's library

    with pytest.raises(pyodbc.Error) as raised:
        pyodbc.connect("DRIVER={No Such Driver};SERVER=127.0.0.1", timeout=1)

    assert fault_of(wrapped(raised.value)) is Fault.NO_DRIVER


def test_an_error_of_the_library_itself_is_other() -> None:
    assert fault_of(InvalidRequestError("text")) is Fault.OTHER


@pytest.mark.parametrize("fault", Fault)
def test_only_a_passing_fault_can_be_tried_again(fault: Fault) -> None:
    states = {
        Fault.BUSY: "40001",
        Fault.LOST: "08S01",
        Fault.DENIED: "28000",
        Fault.NO_DRIVER: "IM002",
        Fault.ABSENT: "42S02",
        Fault.OTHER: "22003",
    }
    error = odbc(states[fault], "text")

    assert is_passing(error) is fault.passing
    assert isinstance(translated(error), ErpUnavailableError) is fault.passing
    assert translated(error).hint == fault.hint


def test_neither_statement_nor_parameters_are_told() -> None:
    told = str(translated(odbc("22003", "overflow\nDETAIL: row (hemmeligt)")))

    assert "hemmeligt" not in told
    assert "SELECT" not in told
    assert isinstance(translated(odbc("22003", "x")), ErpError)
