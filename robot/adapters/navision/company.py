"""Which tables in SQL belong to a company: names resolved, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Index, MetaData, PrimaryKeyConstraint, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.selectable import NamedFromClause

from robot.adapters.navision.catalog import catalog_of, name_in
from robot.adapters.navision.faults import translated
from robot.adapters.navision.probing import MUST_HAVE, Part, missing, unknown_parts
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.masterdata import COMPANY
from robot.adapters.navision.schema.model import Field, Layout, Table, convert_identifier
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER
from robot.adapters.navision.schema.sqltypes import empty_in_sql, sql_type
from robot.errors import ErpError

_GUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

#: Name of a table in SQL -> its columns in lower case.
Present: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """An app's field in Business Central; its table has the base table's key."""

    table: sa.FromClause
    column: sa.ColumnElement[Any]


class CompanyTables:
    """NAV's tables of one company as SQLAlchemy tables, asked for by their description.

    Each is made when it is first asked for: a site has many companies, and most of what is read
    needs half of the tables. `tables[...]` is the whole table of the layout, which can be created;
    `tables.read(...)` is lighter and has only the columns that the database has.

    Args:
        company: The company's name as NAV shows it.
        layout: How the tables lie in SQL.
        dialect_name: SQLAlchemy's name of the kind of database.
        schema: The tables' schema; None for the login's own (NAV's is `dbo`).
        present: What was found in the database; None takes all of the layout as there.
    """

    def __init__(
        self,
        company: str,
        layout: Layout,
        *,
        dialect_name: str = "sqlite",
        schema: str | None = None,
        present: Present | None = None,
    ) -> None:
        self.company = company
        self.layout = layout
        self.schema = schema
        self.metadata = MetaData()
        self._dialect_name = dialect_name
        self._present = present
        self._tables: dict[str, sa.Table] = {}
        self._readable: dict[str, NamedFromClause] = {}
        self._companions: dict[tuple[str, str], Companion | None] = {}

    def __getitem__(self, table: Table) -> sa.Table:
        if table.name not in self._tables:
            self._tables[table.name] = self._whole(table)
        return self._tables[table.name]

    def read(self, table: Table, alias: str = "") -> NamedFromClause:
        """The table with the columns that are there, to select from.

        It goes under a short name in SQL, NAV's own of the table when no other is given: columns
        are then named by two parts, as SQL Server wants them, and statements stay readable.
        """
        name = alias or convert_identifier(table.name)
        if name not in self._readable:
            columns = [
                sa.column(field.column, sql_type(field, self.layout))
                for field in table.fields
                if self._has(table, field)
            ]
            plain = sa.table(self.name_of(table), *columns, schema=self.schema)
            self._readable[name] = plain.alias(name)
        return self._readable[name]

    def companion(self, table: Table, field_name: str) -> Companion | None:
        """An app's field of a table; None when the database has it nowhere."""
        asked = (table.name, field_name)
        if asked not in self._companions:
            self._companions[asked] = self._companion(table, field_name)
        return self._companions[asked]

    def has(self, table: Table, *fields: str) -> bool:
        """Whether the table is there with all these fields (NAV's names)."""
        there = (
            self.layout in table.layouts
            if self._present is None
            else self.name_of(table) in self._present
        )
        return there and all(self._has(table, table.field(name)) for name in fields)

    @cached_property
    def unknown(self) -> Mapping[Part, tuple[str, ...]]:
        """The parts of the facts that can't be read here, and what each lacks."""
        return unknown_parts(self)

    def name_of(self, table: Table) -> str:
        """The table's name in this database."""
        return name_in(self._dialect_name, table.name_in_sql(self.company, self.layout))

    def names(self) -> Sequence[str]:
        """Every name in SQL that a table of this company may have, the apps' tables included."""
        companions = {
            name_in(self._dialect_name, name)
            for table, field in self._app_fields()
            for name, _ in table.companions_in_sql(self.company, field)
        }
        return [*(self.name_of(table) for table in self._laid_out()), *sorted(companions)]

    def columns(self) -> Iterator[str]:
        """The names in SQL of all columns that a table of this company may be read for."""
        for table in TABLES:
            yield from (field.column for field in table.fields)
        for table, field in self._app_fields():
            yield from (column for _, column in table.companions_in_sql(self.company, field))

    def of_company(self) -> Sequence[sa.Table]:
        """The tables that this company has for itself."""
        return [self[table] for table in self._laid_out() if table.per_company]

    def shared(self) -> Sequence[sa.Table]:
        """The tables that all companies share."""
        return [self[table] for table in self._laid_out() if not table.per_company]

    def _laid_out(self) -> Iterator[Table]:
        """The tables that the layout has."""
        return (table for table in TABLES if self.layout in table.layouts)

    def _app_fields(self) -> Iterator[tuple[Table, Field]]:
        for table in TABLES:
            for field in table.extensions:
                if self.layout in field.layouts:
                    yield table, field

    def _has(self, table: Table, field: Field) -> bool:
        if self._present is None:
            return self.layout in field.layouts
        return field.column.lower() in self._present.get(self.name_of(table), frozenset())

    def _companion(self, table: Table, field_name: str) -> Companion | None:
        field = next(it for it in table.extensions if it.name == field_name)
        present = self._present or {}
        for name, its_column in table.companions_in_sql(self.company, field):
            name_here = name_in(self._dialect_name, name)
            if its_column.lower() in present.get(name_here, frozenset()):
                key = [
                    sa.column(convert_identifier(part), sql_type(table.field(part), self.layout))
                    for part in table.key
                ]
                own = sa.column(its_column, sql_type(field, self.layout))
                lying = sa.table(name_here, *key, own, schema=self.schema).alias("companion")
                return Companion(table=lying, column=lying.c[its_column])
        return None

    def _whole(self, table: Table) -> sa.Table:
        name = self.name_of(table)
        fields = table.fields_in(self.layout)
        columns = [
            Column(
                field.column,
                sql_type(field, self.layout),
                nullable=False,
                server_default=sa.text(empty_in_sql(field, self._dialect_name)),
                autoincrement=False,
            )
            for field in fields
        ]
        key = PrimaryKeyConstraint(
            *map(convert_identifier, table.key), name=name_in(self._dialect_name, f"{name}$0")
        )
        sql_table = sa.Table(name, self.metadata, *columns, key, schema=self.schema)
        present = {field.name for field in fields}
        for number, index in enumerate(table.indexes, start=1):
            if present.issuperset(index):
                parts = (sql_table.c[convert_identifier(part)] for part in index)
                Index(name_in(self._dialect_name, f"{name}${number}"), *parts)
        return sql_table


@lru_cache(maxsize=512)
def _company_tables(
    company: str,
    layout: Layout,
    dialect_name: str,
    schema: str | None,
    present: frozenset[tuple[str, frozenset[str]]],
) -> CompanyTables:
    """The tables of a company, made once: statements on them then compile once, too."""
    return CompanyTables(
        company, layout, dialect_name=dialect_name, schema=schema, present=dict(present)
    )


class Companies:
    """Finds the tables of a company by its name; what was found is kept.

    Args:
        without_app_id: The layout of tables that carry no app's id.
        schema: The tables' schema; None for the login's own.
        guard: Asked once about each company that was found; it raises when it does not like it.
    """

    def __init__(
        self,
        without_app_id: Layout = Layout.NAV_2018,
        *,
        schema: str | None = None,
        guard: Callable[[Connection, CompanyTables], None] | None = None,
    ) -> None:
        self._without_app_id = without_app_id
        self._schema = schema
        self._guard = guard
        self._names: frozenset[str] = frozenset()
        self._headers: Sequence[str] = ()
        self._found: dict[str, CompanyTables] = {}

    def tables(self, connection: Connection, company: str) -> CompanyTables | None:
        """The company's tables, None when the database has no such company.

        Raises:
            ErpError: The company's name does not lead to exactly one set of tables, or a table or
                column is missing without which nothing can be said of a document.
        """
        known = self._found.get(company)
        if known is not None:
            return known
        if company not in self._names:
            self._look_around(connection)
        if company not in self._names:
            return None
        _refuse_collision(company, self._names)
        tables = self._probed(connection, company, self._layout(connection, company))
        lacking = list(missing(tables, MUST_HAVE))
        if lacking:
            raise ErpError(
                f"Company '{company}' lacks {'; '.join(lacking)}, or the login may not see it.",
                hint="grant what config/navision/*.sql grants; without these nothing is decided",
                company=company,
            )
        if self._guard is not None:
            self._guard(connection, tables)
        self._found[company] = tables
        return tables

    def _look_around(self, connection: Connection) -> None:
        self._names = frozenset(_company_names(connection, self._schema))
        self._headers = catalog_of(connection).tables_like(
            connection, f"${convert_identifier(PURCHASE_HEADER.name)}", self._schema
        )

    def _layout(self, connection: Connection, company: str) -> Layout:
        """The layout of the company's purchase header.

        Raises:
            ErpError: The company's purchase header is nowhere, or there in more than one layout.
        """
        header = f"{convert_identifier(company)}${convert_identifier(PURCHASE_HEADER.name)}"
        pattern = re.compile(re.escape(header) + rf"(\${_GUID})?", re.IGNORECASE)
        found = {
            Layout.BUSINESS_CENTRAL if match[1] else self._without_app_id
            for name in self._headers
            if (match := pattern.fullmatch(name))
        } or self._by_name(connection, company)
        if not found:
            raise ErpError(
                f"Company '{company}' is listed, but it has no purchase tables.",
                hint="check that the login may read the company's tables",
                company=company,
            )
        if len(found) > 1:
            raise ErpError(f"Company '{company}' has its tables in more than one layout.")
        return next(iter(found))

    def _by_name(self, connection: Connection, company: str) -> set[Layout]:
        """The layouts whose own name for the header leads somewhere.

        A server may show a long name otherwise than as it is asked for.
        """
        dialect_name = connection.dialect.name
        names = {
            name_in(dialect_name, PURCHASE_HEADER.name_in_sql(company, layout)): layout
            for layout in (self._without_app_id, Layout.BUSINESS_CENTRAL)
        }
        found = catalog_of(connection).columns(connection, list(names), ["No_"], self._schema)
        return {names[name] for name in found}

    def _probed(self, connection: Connection, company: str, layout: Layout) -> CompanyTables:
        dialect_name = connection.dialect.name
        plain = CompanyTables(company, layout, dialect_name=dialect_name)
        present = catalog_of(connection).columns(
            connection, plain.names(), plain.columns(), self._schema
        )
        return _company_tables(
            company, layout, dialect_name, self._schema, frozenset(present.items())
        )


def company_names(engine: sa.Engine, schema: str | None = None) -> list[str]:
    """The companies of a database, by name as NAV shows it.

    Raises:
        ErpUnavailableError: The database can't be read.
    """
    try:
        with engine.connect() as connection:
            return sorted(_company_names(connection, schema))
    except SQLAlchemyError as error:
        raise translated(error) from error


def _company_names(connection: Connection, schema: str | None) -> list[str]:
    company = sa.table(COMPANY.name, sa.column("Name"), schema=schema).alias("company")
    return list(connection.scalars(select(company.c.Name)))


def _refuse_collision(company: str, names: Iterable[str]) -> None:
    prefix = convert_identifier(company).lower()
    same = sorted(name for name in names if convert_identifier(name).lower() == prefix)
    if len(same) > 1:
        raise ErpError(
            f"Companies {' and '.join(repr(name) for name in same)} have the same tables in SQL.",
            hint="one of them has to be renamed in Navision",
            company=company,
        )
