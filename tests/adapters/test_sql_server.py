"""What SQL Server's dialect does otherwise for FreeTDS, and where a server rolls back by itself.

The drivers' own behaviour was seen with FreeTDS 1.3 and with Microsoft's driver 18.6; without a
server only the dialect's part of it can be held fast here.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from robot.adapters.sql_server import CompatibleSqlServer, compatible
from tests.support import servers
from tests.support.servers import odbc_drivers

ODBC = "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BFreeTDS%7D%3BSERVER%3Ddb"
NOTHING_TO_ROLL_BACK = (
    "[25000] [FreeTDS][SQL Server]The ROLLBACK TRANSACTION request has no corresponding BEGIN"
    " TRANSACTION. (3903) (SQLEndTran)"
)


class Driver:
    """A driver's connection and cursor that note what is done; each fault is raised once."""

    def __init__(self, *faults: Exception, name: str = "libtdsodbc.so") -> None:
        self.done: list[object] = []
        self.autocommit = False
        self._faults = list(faults)
        self._name = name

    def rollback(self) -> None:
        self.done.append("rollback")
        if self._faults:
            raise self._faults.pop()

    def cursor(self) -> Driver:
        return self

    def execute(self, statement: str) -> None:
        self.done.append((statement, self.autocommit))

    def add_output_converter(self, *_: object) -> None:
        pass

    def setinputsizes(self, sizes: object) -> None:
        self.done.append(sizes)

    def close(self) -> None:
        pass

    def getinfo(self, _: int) -> str:
        return self._name


@pytest.fixture
def dialect() -> Any:  # noqa: ANN401 -- SQLAlchemy's own is not typed
    if not odbc_drivers():
        servers.missing("unixODBC", "unixodbc")
    return CompatibleSqlServer(dbapi=CompatibleSqlServer.import_dbapi())


def test_it_is_taken_for_sql_server_over_odbc_alone() -> None:
    taken = compatible(sa.make_url(ODBC))

    assert taken.get_dialect() is CompatibleSqlServer
    assert taken.query == sa.make_url(ODBC).query
    for other in ("postgresql+psycopg://robot@db/robot", "sqlite:///robot.db"):
        assert compatible(sa.make_url(other)) == sa.make_url(other)


@pytest.mark.parametrize(
    ("freetds", "sizes"),
    [(True, [(12, None, None), (None, None, None)]), (False, [(12, None, None), (-9, 0, 0)])],
)
def test_only_freetds_chooses_the_type_of_a_long_text(
    dialect: Any,  # noqa: ANN401 -- as above
    freetds: bool,
    sizes: list[object],
) -> None:
    dialect._is_freetds = freetds
    driver, once = Driver(), SimpleNamespace(execute_style=None)

    dialect.do_set_input_sizes(driver, [("hash", 12, None), ("text", (-9, 0, 0), None)], once)

    assert driver.done == [sizes]


def test_a_transaction_that_the_server_rolled_back_is_ended_for_the_driver_too(
    dialect: Any,  # noqa: ANN401 -- as above
) -> None:
    driver = Driver(dialect.dbapi.ProgrammingError("25000", NOTHING_TO_ROLL_BACK))

    dialect.do_rollback(driver)

    assert driver.done == ["rollback", ("BEGIN TRANSACTION", False), "rollback"]


def test_any_other_fault_of_a_rollback_is_one(dialect: Any) -> None:  # noqa: ANN401 -- as above
    driver = Driver(dialect.dbapi.OperationalError("08S01", "[08S01] the line is cut"))

    with pytest.raises(dialect.dbapi.OperationalError):
        dialect.do_rollback(driver)


@pytest.mark.parametrize(
    ("driver", "told"),
    [("libtdsodbc.so", [("SET TEXTSIZE 2147483647", True)]), ("libmsodbcsql-18.so", [])],
)
def test_texts_come_whole_over_freetds(
    dialect: Any,  # noqa: ANN401 -- as above
    driver: str,
    told: list[object],
) -> None:
    connection = Driver(name=driver)

    dialect.on_connect()(connection)

    assert (connection.done, connection.autocommit) == (told, False)


def test_the_server_is_asked_nothing_that_it_may_refuse(dialect: Any) -> None:  # noqa: ANN401 -- as above
    assert dialect.get_default_isolation_level(Driver()) == "READ COMMITTED"
    assert dialect.supports_comments is False
