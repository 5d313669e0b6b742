"""The small Navision is built from CSV files, all of it or nothing."""

from __future__ import annotations

import csv
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from robot.adapters.navision import small
from robot.adapters.navision.reader import NavisionReader
from robot.domain.customer import Customer
from robot.errors import ErpError, SettingsError
from tests.adapters.navision.world import (
    COMPANY,
    EXAMPLES,
    add_rows,
    build,
    copy_of_examples,
    execute,
    invoice,
    party,
    question,
    rows,
)

AWKWARD = ["CRONUS Danmark A/S", "O'Neil %Test [x]", "Økonomistyrelsen"]


def test_companies_with_awkward_names_have_navs_table_names(tmp_path: Path) -> None:
    small.build(tmp_path / "n.db", EXAMPLES, AWKWARD)

    with sqlite3.connect(tmp_path / "n.db") as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        companies = [row[0] for row in connection.execute("SELECT Name FROM Company")]
    connection.close()
    assert companies == AWKWARD
    assert {
        "CRONUS Danmark A_S$Vendor Ledger Entry",
        "O_Neil _Test _x_$Purch_ Cr_ Memo Hdr_",
        "Økonomistyrelsen$G_L Account",
        "Robot Inbox",
    } <= names


def test_no_column_takes_null_and_every_one_has_navs_empty_value(tmp_path: Path) -> None:
    engine = build(tmp_path)

    execute(engine, 'INSERT INTO "{}$Purchase Header" ("No_") VALUES (\'X\')')

    (row,) = rows(engine, 'SELECT * FROM "{}$Purchase Header" WHERE "No_" = \'X\'')
    assert set(row) == {0, "", "X", "1753-01-01 00:00:00", "0" * 32}
    engine.dispose()


def test_a_row_for_one_company_takes_the_place_of_the_common_one(tmp_path: Path) -> None:
    engine = build(tmp_path, EXAMPLES, COMPANY, "Fyrvæsenet")

    setup = 'SELECT "Allow Posting From" FROM "{}$General Ledger Setup"'

    assert rows(engine, setup) == [("2026-11-01 00:00:00",)]
    assert rows(engine, setup, "Fyrvæsenet") == [("2026-11-15 00:00:00",)]
    engine.dispose()


def test_building_again_adds_new_companies_and_leaves_the_others_alone(tmp_path: Path) -> None:
    engine = build(tmp_path)
    execute(engine, 'UPDATE "{}$Vendor" SET "Name" = \'Nyt navn\'')
    engine.dispose()

    engine = build(tmp_path, EXAMPLES, COMPANY, "Domsarkivet")

    name = 'SELECT DISTINCT "Name" FROM "{}$Vendor" WHERE "No_" = \'10001\''
    assert rows(engine, name) == [("Nyt navn",)]
    assert rows(engine, name, "Domsarkivet") == [("Dansk Kontor A/S",)]
    engine.dispose()


def test_a_wrong_file_makes_no_database(tmp_path: Path) -> None:
    csv_dir = copy_of_examples(tmp_path)
    (csv_dir / "vendor.csv").write_text("Company,No.,Name\n,10001,A\n,10001,B\n", "utf-8")

    with pytest.raises(SettingsError):
        small.build(tmp_path / "n.db", csv_dir, [COMPANY])

    assert not (tmp_path / "n.db").exists()


def test_when_one_company_can_not_be_made_no_other_is(tmp_path: Path) -> None:
    engine = build(tmp_path)
    execute(engine, 'CREATE TABLE "Domsarkivet$G_L Entry" (x)')
    engine.dispose()

    with pytest.raises(ErpError, match="already exists"):
        build(tmp_path, EXAMPLES, COMPANY, "Fyrvæsenet", "Domsarkivet")

    engine = small.connect(tmp_path / "navision.db")
    assert rows(engine, "SELECT Name FROM Company") == [(COMPANY,)]
    assert rows(engine, "SELECT name FROM sqlite_master WHERE name LIKE 'Fyrv%'") == []
    engine.dispose()


def test_the_examples_ledger_is_balanced_and_belongs_together(tmp_path: Path) -> None:
    engine = build(tmp_path)

    assert rows(engine, 'SELECT SUM("Amount") FROM "{}$G_L Entry"') == [(0,)]
    assert rows(
        engine,
        """
        SELECT COUNT(*) FROM "{}$Purch_ Inv_ Header" h
        JOIN "{}$Vendor Ledger Entry" v ON v."Entry No_" = h."Vendor Ledger Entry No_"
         AND v."Document No_" = h."No_" AND v."External Document No_" = h."Vendor Invoice No_"
        JOIN "{}$Detailed Vendor Ledg_ Entry" d ON d."Vendor Ledger Entry No_" = v."Entry No_"
         AND -d."Amount" = (SELECT SUM("Amount Including VAT") FROM "{}$Purch_ Inv_ Line" l
                            WHERE l."Document No_" = h."No_")
        """,
    ) == rows(engine, 'SELECT COUNT(*) FROM "{}$Vendor Ledger Entry"')
    engine.dispose()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("vendor.csv", "Company,No.,Nmae\n", "vendor.csv:1: 'Nmae' is no field of Vendor"),
        ("vendor.csv", "No.,Name\n", "vendor.csv:1: the first column must be 'Company'"),
        ("vendor.csv", "", "vendor.csv:1: the first column must be 'Company'"),
        ("vendor.csv", "Company,Name\n", "vendor.csv:1: the key column 'No.' is missing"),
        ("vendor.csv", "Company,No.,Name\n,1\n", "vendor.csv:2: 2 cells under 3 columns"),
        ("vendor.csv", "Company,No.\n,1\n,1\n", "vendor.csv:3: the same key stands in line 2"),
        ("vendor.csv", f"Company,No.\n,{'1' * 21}\n", "longer than 20 characters"),
        ("vendor.csv", "Company,No.,Blocked\n,1,Some\n", "Blocked: 'Some' is none of Payment"),
        ("vendor.csv", 'Company,No.\n,"1\n', "vendor.csv: can't be read"),
        ("g_l_account.csv", "Company,No.,Blocked\n,1,maybe\n", "is neither yes nor no"),
        ("g_l_entry.csv", "Company,Entry No.\n,x\n", "Entry No.: 'x' is no whole number"),
        ("g_l_entry.csv", "Company,Entry No.,Amount\n,1,1e3\n", "is not a decimal number"),
        ("g_l_entry.csv", "Company,Entry No.,Amount\n,1,0.000001\n", "more than 5 decimals"),
        ("accounting_period.csv", "Company,Starting Date\n,1/1/26\n", "write it as 2026-11-24"),
        ("payment_terms.csv", "Company,Code,Due Date Calculation\n,A,30 dage\n", "date formula"),
        ("vendors.csv", "Company,No.\n", "there is no table for this file"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, file: str, content: str, message: str
) -> None:
    csv_dir = copy_of_examples(tmp_path)
    (csv_dir / file).write_text(content, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        small.build(tmp_path / "n.db", csv_dir, [COMPANY])

    assert message in caught.value.message


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no CSV file"):
        small.build(tmp_path / "n.db", tmp_path, [COMPANY])


@pytest.mark.parametrize("company", ["", "x" * 31])
def test_a_name_that_nav_does_not_take_is_refused(tmp_path: Path, company: str) -> None:
    with pytest.raises(SettingsError, match="NAV takes 1 to 30"):
        small.build(tmp_path / "n.db", EXAMPLES, [company])


def test_two_names_that_lead_to_the_same_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="would have the same tables"):
        small.build(tmp_path / "n.db", EXAMPLES, ["A/S", "A.S"])


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "n.db").write_text("not a database" * 100, encoding="utf-8")

    with pytest.raises(ErpError, match="answered: file is not a database"):
        small.build(tmp_path / "n.db", EXAMPLES, [COMPANY])


def test_demo_data_of_nav_can_be_loaded(tmp_path: Path, navdata: Path) -> None:
    csv_dir = tmp_path / "csv"
    csv_dir.mkdir()
    (csv_dir / "vendor.csv").write_text(
        "Company,No.,Name,Address,Post Code,Currency Code,Country/Region Code,"
        "VAT Registration No.,GLN\n",
        encoding="utf-8",
    )
    with (navdata / "cronus_dk_vendor.csv").open(encoding="utf-8-sig") as file:
        vendors = list(csv.DictReader(file))
    same = ("No.", "Name", "Address", "Post Code", "Currency Code", "VAT Registration No.", "GLN")
    add_rows(
        csv_dir / "vendor.csv",
        [
            {name: row[name] for name in same} | {"Country/Region Code": row["Country Code"]}
            for row in vendors
        ],
    )
    engine = build(tmp_path, csv_dir, "CRONUS Danmark A/S")

    by_cvr, by_gln = NavisionReader(engine, "ROBOT").facts(
        [
            question(
                invoice(seller=seller),
                customer=Customer(name="CRONUS Danmark A/S", bogfoeringskreds="99009"),
            )
            for seller in (party(cvr="89574196"), party(gln="8712345000035"))
        ]
    )

    assert getattr(by_cvr.creditor, "name", None) == "London Postmaster"
    assert getattr(by_gln.creditor, "number", None) == "20000"
    assert len(vendors) == rows(engine, 'SELECT COUNT(*) FROM "CRONUS Danmark A_S$Vendor"')[0][0]
    engine.dispose()


def test_dates_of_the_small_world_are_those_of_its_description(tmp_path: Path) -> None:
    engine = build(tmp_path, EXAMPLES, "Fyrvæsenet")
    (facts,) = NavisionReader(engine, "ROBOT").facts(
        [
            question(
                posting_date=date(2026, 11, 10),
                customer=Customer(name="Fyrvæsenet", bogfoeringskreds="99002"),
            )
        ]
    )

    assert getattr(facts.posting, "next_open", None) == date(2026, 11, 15)
    engine.dispose()
