"""Names and columns of NAV's tables in the layouts."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from sqlalchemy import Dialect, make_url
from sqlalchemy.schema import CreateTable

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.model import Kind, Layout, convert_identifier
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER
from robot.adapters.navision.schema.setup import VENDOR_POSTING_GROUP

SQL_SERVER: Dialect = make_url("mssql+pyodbc://").get_dialect()()
POSTGRESQL: Dialect = make_url("postgresql+psycopg://").get_dialect()()


@pytest.mark.parametrize(
    ("name", "in_sql"),
    [
        ("CRONUS Danmark A/S", "CRONUS Danmark A_S"),
        ("O'Neil %Test [x]", "O_Neil _Test _x_"),
        ("Økonomistyrelsen", "Økonomistyrelsen"),
        ("Purchases & Payables Setup", "Purchases & Payables Setup"),
        ("Amount (LCY)", "Amount (LCY)"),
        ("Earliest Start Date/Time", "Earliest Start Date_Time"),
    ],
)
def test_names_are_converted_as_nav_does(name: str, in_sql: str) -> None:
    assert convert_identifier(name) == in_sql


def test_a_company_table_carries_the_company_and_in_business_central_the_app() -> None:
    assert (
        PURCHASE_HEADER.name_in_sql("CRONUS Danmark A/S", Layout.NAV_2018)
        == "CRONUS Danmark A_S$Purchase Header"
    )
    assert PURCHASE_HEADER.name_in_sql("X", Layout.BUSINESS_CENTRAL) == (
        "X$Purchase Header$437dbf0e-84ff-417a-965d-ed2bb9650972"
    )


@pytest.mark.parametrize(
    ("layout", "length"),
    [(Layout.NAV_2016, 10), (Layout.NAV_2018, 20), (Layout.BUSINESS_CENTRAL, 20)],
)
def test_posting_groups_grew_with_nav_2018(layout: Layout, length: int) -> None:
    assert VENDOR_POSTING_GROUP.field("Code").length_in(layout) == length


# PostgreSQL takes names of 63 bytes: too few for Business Central's tables with the app's id.
@pytest.mark.parametrize(
    ("dialect", "layout"),
    [
        *((SQL_SERVER, layout) for layout in Layout),
        (POSTGRESQL, Layout.NAV_2016),
        (POSTGRESQL, Layout.NAV_2018),
    ],
)
def test_every_layout_can_be_created_with_no_column_nullable(
    dialect: Dialect, layout: Layout
) -> None:
    tables = CompanyTables("O'Neil %Test [x]", layout, dialect_name=dialect.name)

    for table in (*tables.of_company(), *tables.shared()):
        ddl = str(CreateTable(table).compile(dialect=dialect))
        assert ddl.count("DEFAULT") == len(table.columns)
        assert ddl.count("NOT NULL") == len(table.columns)


def test_amounts_and_flags_have_navs_types_on_sql_server() -> None:
    tables = CompanyTables("X", Layout.NAV_2018, dialect_name="mssql")

    ddl = str(CreateTable(tables[PURCHASE_HEADER]).compile(dialect=SQL_SERVER))

    assert "[Currency Factor] NUMERIC(38, 20)" in ddl
    assert "[Invoice] TINYINT" in ddl
    assert "[Vendor Invoice No_] NVARCHAR(35)" in ddl
    assert "[Posting Date] DATETIME NOT NULL DEFAULT '1753-01-01 00:00:00'" in ddl


def test_fields_are_those_of_the_field_catalogue(navdata: Path) -> None:
    with (navdata / "nav_bc_field_catalogue.csv").open(encoding="utf-8") as file:
        known = {(int(row["table_no"]), row["field_name"]): row for row in csv.DictReader(file)}
    described = {int(number) for number, _ in known}
    wrong = []
    for table in TABLES:
        for field in table.fields if table.number in described else ():
            row = known.get((table.number, field.name))
            if row is None or row["sql_column"] != field.column:
                wrong.append((table.name, field.name, "name"))
                continue
            if int(row["field_no"]) != field.number:
                wrong.append((table.name, field.name, "number"))
            if Layout.NAV_2018 in field.layouts and not _same_type(field.kind, row):
                wrong.append((table.name, field.name, "type"))

    assert wrong == []


def _same_type(kind: Kind, row: dict[str, str]) -> bool:
    stated = row["nav2018_type"]
    if stated in {"", "n/a"}:
        stated = row["bc_latest_type"]
    stated = re.sub(r"[^A-Za-z].*", "", stated)
    return stated == kind.value or (stated.lower() == "enum" and kind is Kind.OPTION)
