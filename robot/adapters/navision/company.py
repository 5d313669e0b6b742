"""Which tables in SQL belong to a company: names resolved, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Index, MetaData, PrimaryKeyConstraint, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from robot.adapters.navision.engine import translated
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.masterdata import COMPANY
from robot.adapters.navision.schema.model import Layout, Table, convert_identifier
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER
from robot.adapters.navision.schema.sqltypes import empty_in_sql, sql_type
from robot.errors import ErpError

_GUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class CompanyTables:
    """NAV's tables of one company as SQLAlchemy tables, asked for by their description.

    Each is made when it is first asked for: a site has many companies, and most of what is read
    needs half of the tables.
    """

    def __init__(self, company: str, layout: Layout, *, dialect_name: str = "sqlite") -> None:
        self.company = company
        self.layout = layout
        self.metadata = MetaData()
        self._dialect_name = dialect_name
        self._tables: dict[str, sa.Table] = {}

    def __getitem__(self, table: Table) -> sa.Table:
        if table.name not in self._tables:
            self._tables[table.name] = _sql_table(
                table, self.company, self.layout, self.metadata, self._dialect_name
            )
        return self._tables[table.name]

    def of_company(self) -> Sequence[sa.Table]:
        """The tables that this company has for itself."""
        return [self[table] for table in TABLES if table.per_company]

    def shared(self) -> Sequence[sa.Table]:
        """The tables that all companies share."""
        return [self[table] for table in TABLES if not table.per_company]


@lru_cache(maxsize=512)
def company_tables(company: str, layout: Layout, dialect_name: str) -> CompanyTables:
    """The tables of a company, made once: statements on them then compile once, too."""
    return CompanyTables(company, layout, dialect_name=dialect_name)


class Companies:
    """Finds the tables of a company by its name; what was found is kept.

    Args:
        without_app_id: The layout of tables that carry no app's id.
    """

    def __init__(self, without_app_id: Layout = Layout.NAV_2018) -> None:
        self._without_app_id = without_app_id
        self._found: dict[str, CompanyTables] = {}

    def tables(self, connection: Connection, company: str) -> CompanyTables | None:
        """The company's tables, None when the database has no such company.

        Raises:
            ErpError: The company's name does not lead to exactly one set of tables.
        """
        known = self._found.get(company)
        if known is not None:
            return known
        layout = self._layout(inspect(connection).get_table_names(), company)
        names = _company_names(connection)
        if company not in names:
            return None
        _refuse_collision(company, names)
        if layout is None:
            raise ErpError(
                f"Company '{company}' is listed, but it has no purchase tables.",
                hint="check that the login may read the company's tables",
                company=company,
            )
        tables = company_tables(company, layout, connection.dialect.name)
        self._found[company] = tables
        return tables

    def _layout(self, table_names: Iterable[str], company: str) -> Layout | None:
        """The layout of the company's purchase header; None when it has none.

        Raises:
            ErpError: The company's purchase header is there in more than one layout.
        """
        header = f"{convert_identifier(company)}${convert_identifier(PURCHASE_HEADER.name)}"
        pattern = re.compile(re.escape(header) + rf"(\${_GUID})?", re.IGNORECASE)
        found = [match for name in table_names if (match := pattern.fullmatch(name))]
        if not found:
            return None
        if len(found) > 1:
            raise ErpError(f"Company '{company}' has its tables in more than one layout.")
        return Layout.BUSINESS_CENTRAL if found[0][1] else self._without_app_id


def company_names(engine: sa.Engine) -> list[str]:
    """The companies of a database, by name as NAV shows it.

    Raises:
        ErpUnavailableError: The database can't be read.
    """
    try:
        with engine.connect() as connection:
            return sorted(_company_names(connection))
    except SQLAlchemyError as error:
        raise translated(error) from error


def _company_names(connection: Connection) -> list[str]:
    company = sa.table(COMPANY.name, sa.column("Name"))
    return list(connection.scalars(select(company.c.Name)))


def _refuse_collision(company: str, names: Iterable[str]) -> None:
    prefix = convert_identifier(company)
    same = sorted(name for name in names if convert_identifier(name) == prefix)
    if len(same) > 1:
        raise ErpError(
            f"Companies {' and '.join(repr(name) for name in same)} have the same tables in SQL.",
            hint="one of them has to be renamed in Navision",
            company=company,
        )


def _sql_table(
    table: Table, company: str, layout: Layout, metadata: MetaData, dialect_name: str
) -> sa.Table:
    name = table.name_in_sql(company, layout)
    fields = table.fields_in(layout)
    present = {field.name for field in fields}
    columns = [
        Column(
            field.column,
            sql_type(field, layout),
            nullable=False,
            server_default=sa.text(empty_in_sql(field, dialect_name)),
            autoincrement=False,
        )
        for field in fields
    ]
    key = PrimaryKeyConstraint(*map(convert_identifier, table.key), name=f"{name}$0")
    sql_table = sa.Table(name, metadata, *columns, key)
    for number, index in enumerate(table.indexes, start=1):
        if present.issuperset(index):
            Index(f"{name}${number}", *(sql_table.c[convert_identifier(part)] for part in index))
    return sql_table
