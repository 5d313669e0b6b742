"""The currency of what a ledger holds: NAV leaves it empty for the company's own."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, String, case, func, literal, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.schema.setup import GENERAL_LEDGER_SETUP

#: What a company without a word in its setup has (table 98 field 71 of a Danish NAV).
_DANISH = "DKK"


def own_currency(tables: CompanyTables) -> ColumnElement[str]:
    """The company's own currency (LCY Code), as part of a statement."""
    if not tables.has(GENERAL_LEDGER_SETUP, "LCY Code"):
        return literal(_DANISH, String)
    setup = tables.read(GENERAL_LEDGER_SETUP)
    said = select(func.max(setup.c["LCY Code"])).scalar_subquery()
    return func.coalesce(func.nullif(said, ""), _DANISH)


def currency_of(tables: CompanyTables, stored: ColumnElement[str]) -> ColumnElement[str]:
    """The currency's code, also where the column `stored` is empty for the company's own."""
    return case((stored != "", stored), else_=own_currency(tables))


def read_own_currency(connection: Connection, tables: CompanyTables) -> str:
    """The company's own currency, in a statement of its own."""
    return str(connection.scalar(select(own_currency(tables))))
