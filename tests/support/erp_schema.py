"""NAV's tables in a test's database, as NAV makes them, in each layout.

Every column is NOT NULL with NAV's empty value; the first is `timestamp`; Business Central adds
`$systemId` and its kind; a site has columns of its own that nobody told the robot about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Column, Connection
from sqlalchemy.dialects import mssql
from sqlalchemy.types import TypeEngine, Uuid

from robot.adapters.navision.catalog import name_in
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.masterdata import COMPANY
from robot.adapters.navision.schema.model import Field, Layout, Table, convert_identifier
from robot.adapters.navision.schema.sqltypes import NO_GUID, empty_in_sql, sql_type
from tests.support.mssql import takes_row_versions

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

#: A column that Navision Stat or the site added, with a name that must be quoted.
SITE_COLUMN: Final = "NS Kladde [%]"
#: In quotes: without them it is a type of T-SQL.
_TIMESTAMP: Final = sa.quoted_name("timestamp", quote=True)
_NO_BYTES: Final = {"sqlite": "x'00'", "postgresql": "'\\x00'", "mssql": "0x00"}


def nav_table(
    table: Table, company: str, layout: Layout, engine: sa.Engine, schema: str | None
) -> sa.Table:
    """One table as NAV would make it."""
    dialect = engine.dialect
    name = name_in(dialect.name, table.name_in_sql(company, layout))
    columns = [_column(field, layout, dialect) for field in table.fields_in(layout)]
    key = sa.PrimaryKeyConstraint(
        *map(convert_identifier, table.key), name=name_in(dialect.name, f"{name}$0")
    )
    made = sa.Table(
        name,
        sa.MetaData(),
        _timestamp(engine),
        *columns,
        Column(convert_identifier(SITE_COLUMN), sa.Unicode(20), nullable=False, server_default=""),
        *(_of_business_central(dialect) if layout is Layout.BUSINESS_CENTRAL else ()),
        key,
        schema=schema,
    )
    present = {field.name for field in table.fields_in(layout)}
    for number, index in enumerate(table.indexes, start=1):
        if present.issuperset(index):
            parts = (made.c[convert_identifier(part)] for part in index)
            sa.Index(name_in(dialect.name, f"{name}${number}"), *parts)
    return made


def companion_table(
    table: Table, field: Field, company: str, engine: sa.Engine, schema: str | None, *, ext: bool
) -> sa.Table:
    """Where Business Central keeps an app's field: the app's own table, or the one for all."""
    dialect = engine.dialect
    name, its_column = table.companions_in_sql(company, field)[ext]
    layout = Layout.BUSINESS_CENTRAL
    key = [_column(table.field(part), layout, dialect) for part in table.key]
    own = Column(
        its_column,
        sql_type(field, layout),
        nullable=False,
        server_default=sa.text(empty_in_sql(field, dialect.name)),
    )
    short = name_in(dialect.name, name)
    constraint = sa.PrimaryKeyConstraint(*key, name=name_in(dialect.name, f"{name}$0"))
    made_of = (_timestamp(engine), *key, own, constraint)
    return sa.Table(short, sa.MetaData(), *made_of, schema=schema)


def create_company(
    connection: Connection,
    company: str,
    layout: Layout,
    rows: Rows,
    *,
    schema: str | None = None,
    made: list[sa.Table] | None = None,
) -> list[sa.Table]:
    """A company's tables with rows by NAV's table and field names.

    Args:
        connection: Of a login that may create tables.
        company: As NAV shows it; it is put on the list of companies.
        layout: The layout.
        rows: By NAV's names or those in SQL; what the layout does not have is left out.
        schema: Where; None for the login's own.
        made: Gets each table as soon as it is there, so that it can be dropped whatever happens.
    """
    made = [] if made is None else made
    for table in TABLES:
        if not table.per_company:
            continue
        sql_table = nav_table(table, company, layout, connection.engine, schema)
        sql_table.create(connection)
        made.append(sql_table)
        insert_rows(connection, sql_table, table, layout, rows.get(table.name, ()))
    names = sa.table(COMPANY.name, sa.column("Name", sa.Unicode(30)), schema=schema)
    connection.execute(sa.insert(names).values(Name=company))
    return made


def create_shared(
    connection: Connection,
    layout: Layout,
    schema: str | None = None,
    made: list[sa.Table] | None = None,
) -> list[sa.Table]:
    """The tables that all companies share; `made` as for `create_company`."""
    made = [] if made is None else made
    for table in TABLES:
        if not table.per_company and layout in table.layouts:
            sql_table = nav_table(table, "", layout, connection.engine, schema)
            sql_table.create(connection)
            made.append(sql_table)
    return made


def insert_rows(
    connection: Connection,
    sql_table: sa.Table,
    table: Table,
    layout: Layout,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Insert rows by the names of fields; rows that name the same fields go together."""
    there = {field.column for field in table.fields_in(layout)}
    known = {field.column for field in table.fields}
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        values = {convert_identifier(name): value for name, value in row.items()}
        unknown = set(values) - known
        assert not unknown, f"{table.name} has no field {unknown}"
        kept = {name: value for name, value in values.items() if name in there}
        groups.setdefault(tuple(sorted(kept)), []).append(kept)
    for group in groups.values():
        connection.execute(sa.insert(sql_table), group)


def _column(field: Field, layout: Layout, dialect: sa.Dialect) -> Column[Any]:
    return Column(
        field.column,
        sql_type(field, layout),
        nullable=False,
        server_default=sa.text(empty_in_sql(field, dialect.name)),
        autoincrement=False,
    )


def _timestamp(engine: sa.Engine) -> Column[Any]:
    name = engine.dialect.name
    if name == "mssql" and takes_row_versions(engine):
        rowversion = mssql.ROWVERSION()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        return Column(_TIMESTAMP, rowversion, nullable=False)
    binary: TypeEngine[Any] = sa.BINARY(8) if name == "mssql" else sa.LargeBinary()
    return Column(_TIMESTAMP, binary, nullable=False, server_default=sa.text(_NO_BYTES[name]))


def _of_business_central(dialect: sa.Dialect) -> list[Column[Any]]:
    no_guid = NO_GUID.hex if dialect.name == "sqlite" else str(NO_GUID)
    guids = ("$systemId", "$systemCreatedBy", "$systemModifiedBy")
    instants = ("$systemCreatedAt", "$systemModifiedAt")
    empty_instant = sa.text("'1753-01-01 00:00:00'")
    return [
        *(Column(it, Uuid(), nullable=False, server_default=no_guid) for it in guids),
        *(
            Column(it, sa.DateTime(), nullable=False, server_default=empty_instant)
            for it in instants
        ),
    ]
