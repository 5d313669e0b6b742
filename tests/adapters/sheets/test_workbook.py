"""Re-posting sheets as workbooks: made, filled in, read, marked, and turned into a journal."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from robot.adapters.sheets import RepostingWorkbook
from robot.adapters.sheets.cells import CellError, amount_in, day_in, text_in
from robot.domain.customer import Customer
from robot.errors import ActError
from robot.flow.reposting import Fault, RepostingSheet

CUSTOMER = Customer(
    name="Eksempelstyrelsen", bogfoeringskreds="99001", dimensions=("sted", "delregnskab")
)
FILES = RepostingWorkbook()
RIGHT = ["1", "30-11-2026", "Flyttes", 220100, "KBH", "100", 12.5]


def filled(folder: Path, *rows: list[Any], author: object = "Ane") -> Path:
    path = folder / "ark.xlsx"
    FILES.template(CUSTOMER, path)
    book = load_workbook(path)
    sheet = book["Ompostering"]
    sheet["B2"] = author
    for number, row in enumerate(rows, start=6):
        for place, value in enumerate(row, start=1):
            sheet.cell(number, place, value)
    book.save(path)
    return path


def read(path: Path) -> RepostingSheet:
    return FILES.read(path, {"99001": CUSTOMER})


def test_the_dimensions_stand_in_the_order_of_navision(tmp_path: Path) -> None:
    sheet = load_workbook(filled(tmp_path))["Ompostering"]
    assert [cell.value for cell in sheet[5]] == [
        "Bilag",
        "Bogføringsdato",
        "Tekst",
        "Finanskonto",
        "sted",
        "delregnskab",
        "Beløb",
    ]


def test_a_filled_row_is_a_line(tmp_path: Path) -> None:
    sheet = read(filled(tmp_path, RIGHT))
    assert (sheet.customer, sheet.author, sheet.faults) == ("99001", "Ane", ())
    (line,) = sheet.lines
    assert (line.row, line.voucher, line.account, line.amount) == (
        6,
        "1",
        "220100",
        Decimal("12.5"),
    )
    assert line.posting_date == date(2026, 11, 30)
    assert line.dimensions == (("sted", "KBH"), ("delregnskab", "100"))


def test_an_empty_dimension_is_none_and_an_empty_row_is_no_line(tmp_path: Path) -> None:
    sheet = read(filled(tmp_path, [*RIGHT[:4], None, "100", 1], [], RIGHT))
    assert [line.row for line in sheet.lines] == [6, 8]
    assert sheet.lines[0].dimensions == (("delregnskab", "100"),)


@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        (0, None, "Bilag"),
        (1, "31-11-2026", "Bogføringsdato"),
        (1, 46000, "Bogføringsdato"),
        (2, "to\nlinjer", "Tekst"),
        (3, "=220100+0", "Finanskonto"),
        (3, 2201.5, "Finanskonto"),
        (4, "=HYPERLINK(1)", "sted"),
        (6, "12.5", "Beløb"),
        (6, 0.005, "Beløb"),
        (6, True, "Beløb"),
        (6, 10**13, "Beløb"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    tmp_path: Path, place: int, value: object, column: str
) -> None:
    row: list[Any] = [*RIGHT]
    row[place] = value
    sheet = read(filled(tmp_path, row, RIGHT))
    assert [(it.row, it.column) for it in sheet.faults] == [(6, column)]
    assert [line.row for line in sheet.lines] == [7]


def test_a_marked_sheet_shows_where_and_what_and_runs_no_formula(tmp_path: Path) -> None:
    path = filled(tmp_path, ["1", "30-11-2026", "=1+1", "x", None, None, 5])
    target = tmp_path / "rettes.xlsx"
    fault = Fault(row=6, column="Finanskonto", da="Kontoen findes ikke.", en="No such account.")
    FILES.mark(path, [fault, Fault(row=0, column="Udfyldt af", da="Hvem?", en="Who?")], target)
    book = load_workbook(target)
    sheet = book["Ompostering"]
    assert sheet["D6"].comment.text == "Kontoen findes ikke."
    assert sheet["B2"].comment.text == "Hvem?"
    assert sheet["D6"].fill.start_color.rgb == "FFF4B8B3"
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert [cell.value for cell in book["Fejl"][2]][:2] == [6, "Finanskonto"]


def test_a_marked_sheet_can_be_corrected_and_sent_again(tmp_path: Path) -> None:
    path = filled(tmp_path, RIGHT)
    target = tmp_path / "rettes.xlsx"
    FILES.mark(path, [Fault(row=6, column="sted", da="x", en="x")], target)
    assert read(target).lines == read(path).lines


def test_a_journal_has_a_number_that_shows_a_second_import(tmp_path: Path) -> None:
    sheet = read(filled(tmp_path, ["1", "30-11-2026", "=cmd", 220100, "KBH", "100", -12.5]))
    assert sheet.faults
    sheet = read(filled(tmp_path, ["1", "30-11-2026", "-flyttes", 220100, "KBH", "100", -12.5]))
    target = tmp_path / "kladde.csv"
    FILES.journal(sheet, CUSTOMER, target)
    head, row = target.read_text(encoding="utf-8-sig").splitlines()
    assert head == "Bilag;Bogføringsdato;Kontotype;Finanskonto;Tekst;Beløb;sted;delregnskab"
    number = f"OMP-{sheet.content_hash[:6].upper()}-1"
    assert row == f"{number};30-11-2026;Finans;220100;'-flyttes;-12,50;KBH;100"


def test_what_is_no_sheet_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "text.xlsx"
    text.write_text("hello", encoding="utf-8")
    with pytest.raises(ActError, match="no xlsx workbook"):
        read(text)
    empty = tmp_path / "zip.xlsx"
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("x", "y")
    with pytest.raises(ActError, match="broken"):
        read(empty)
    with pytest.raises(ActError, match="can't be read"):
        read(tmp_path / "missing.xlsx")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"\0" * 60_000_000)
    with pytest.raises(ActError, match="too large"):
        read(path)


def test_changed_headings_and_unknown_customers_are_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, RIGHT)
    with pytest.raises(ActError, match="no customer"):
        FILES.read(path, {})
    book = load_workbook(path)
    book["Ompostering"]["E5"] = "delregnskab"
    book.save(path)
    with pytest.raises(ActError, match="row 5 must read"):
        read(path)


@given(st.integers(-(10**13) + 1, 10**13 - 1))
def test_an_amount_is_the_same_as_a_number_and_in_danish(ore: int) -> None:
    amount = Decimal(ore) / 100
    danish = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert amount_in(danish) == amount
    if abs(ore) < 10**11:
        assert amount_in(float(amount)) == amount


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_is_the_same_however_it_is_written(day: date) -> None:
    written = (day, datetime(day.year, day.month, day.day), day.isoformat(), f"{day:%d-%m-%Y}")  # noqa: DTZ001 - as openpyxl gives dates
    assert {day_in(it) for it in written} == {day}


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_cell_is_read_or_refused(value: object) -> None:
    refusals = []
    for parse in (text_in, day_in, amount_in):
        try:
            parse(value)
        except CellError as error:
            refusals.append(error)
    assert all(it.da and it.en for it in refusals)
