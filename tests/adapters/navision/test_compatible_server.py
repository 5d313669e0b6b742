"""A server that is only compatible with SQL Server: what it lacks is done without, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, ProgrammingError

from robot.adapters.navision.catalog import UntoldRightsError, catalog_of
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.rights import excess, refuse_excess
from robot.adapters.navision.schema.model import Layout
from tests.support.tsql import sql_server

TABLES = CompanyTables("Styrelse", Layout.NAV_2018, dialect_name="mssql")


def a_server(answer: Callable[[str], Sequence[tuple[str, str]]]) -> Any:  # noqa: ANN401 -- as a connection
    """Answers to the text of a statement; there is no such server to start here."""
    dialect = sql_server()
    return SimpleNamespace(
        dialect=dialect, execute=lambda statement: answer(str(statement.compile(dialect=dialect)))
    )


def without_rights(number: int, words: str) -> Any:  # noqa: ANN401 -- as a connection
    def answer(text: str) -> Sequence[tuple[str, str]]:
        raise ProgrammingError(text, None, Exception("42000", f"[42000] {words} ({number})"))

    return a_server(answer)


def test_a_server_that_does_not_tell_rights_is_taken_as_it_is() -> None:
    server = without_rights(195, "'has_perms_by_name' is not a recognized function name")

    refuse_excess(server, TABLES)
    with pytest.raises(UntoldRightsError):
        excess(server, TABLES)


def test_a_login_that_may_not_ask_is_no_such_server() -> None:
    server = without_rights(229, "The SELECT permission was denied")

    with pytest.raises(DBAPIError):
        refuse_excess(server, TABLES)


def test_tables_that_are_not_found_by_their_id_are_found_by_name_in_any_case() -> None:
    def answer(text: str) -> Sequence[tuple[str, str]]:
        if "object_id(" in text.lower():
            return []
        return [("styrelse$vendor", "no_"), ("styrelse$vendor", "name")]

    server = a_server(answer)

    found = catalog_of(server).columns(server, ["Styrelse$Vendor", "X"], ["No_", "Name"], None)

    assert found == {"Styrelse$Vendor": frozenset({"no_", "name"})}
