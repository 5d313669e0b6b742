"""Re-posting sheets as workbooks: made, filled in, read, marked, and turned into a journal."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from robot.adapters.sheets.cells import CellError, amount_in, day_in, text_in
from robot.domain.customer import Customer
from robot.domain.reposting import Fault, RepostingSheet
from robot.errors import SheetError
from tests.support.reposting import FILES, opened
from tests.support.reposting import filled as filled_for

CUSTOMER = Customer(
    name="Eksempelstyrelsen", bogfoeringskreds="99001", dimensions=("sted", "delregnskab")
)
RIGHT = ["1", "30-11-2026", "Flyttes", 220100, "KBH", "100", 12.5]


def filled(*rows: list[Any], author: object = "Ane") -> bytes:
    return filled_for(CUSTOMER, *rows, author=author)


def read(content: bytes) -> RepostingSheet:
    return FILES.read(content, {"99001": CUSTOMER})


def packed(**parts: bytes) -> bytes:
    """A sheet with more parts in its package."""
    file = io.BytesIO(filled(RIGHT))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def test_the_dimensions_stand_in_the_order_of_navision() -> None:
    sheet = opened(filled())["Ompostering"]
    assert [cell.value for cell in sheet[5]] == [
        "Bilag",
        "Bogføringsdato",
        "Tekst",
        "Finanskonto",
        "sted",
        "delregnskab",
        "Beløb",
    ]


def test_a_filled_row_is_a_line() -> None:
    sheet = read(filled(RIGHT))
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


def test_an_empty_dimension_is_none_and_an_empty_row_is_no_line() -> None:
    sheet = read(filled([*RIGHT[:4], None, "100", 1], [], RIGHT))
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
def test_a_cell_that_cannot_be_read_is_named(place: int, value: object, column: str) -> None:
    row: list[Any] = [*RIGHT]
    row[place] = value
    sheet = read(filled(row, RIGHT))
    assert [(it.row, it.column) for it in sheet.faults] == [(6, column)]
    assert [line.row for line in sheet.lines] == [7]


def test_a_marked_sheet_shows_where_and_what_and_runs_no_formula() -> None:
    content = filled(["1", "30-11-2026", "=1+1", "x", None, None, 5])
    fault = Fault(row=6, column="Finanskonto", da="Kontoen findes ikke.", en="No such account.")
    head = Fault(row=0, column="Udfyldt af", da="Hvem?", en="Who?")
    book = opened(FILES.mark(content, CUSTOMER, [fault, head]))
    sheet = book["Ompostering"]
    assert sheet["D6"].comment.text == "Kontoen findes ikke."
    assert sheet["B2"].comment.text == "Hvem?"
    assert sheet["D6"].fill.start_color.rgb == "FFF4B8B3"
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert (sheet["C6"].value, sheet["C6"].quotePrefix) == ("=1+1", True)
    assert [cell.value for cell in book["Fejl"][2]][:2] == [6, "Finanskonto"]


def test_a_marked_sheet_can_be_corrected_and_sent_again() -> None:
    content = filled(RIGHT, [*RIGHT[:6], "-1.234,50"])
    marked = FILES.mark(content, CUSTOMER, [Fault(row=6, column="sted", da="x", en="x")])
    assert read(marked).lines == read(content).lines


def test_a_marked_sheet_holds_nothing_of_the_file_but_its_cells() -> None:
    book = opened(filled(RIGHT))
    book["Ompostering"]["A6"].hyperlink = "http://evil.example/"
    book.create_sheet("Skjult").sheet_state = "veryHidden"
    file = io.BytesIO()
    book.save(file)
    marked = FILES.mark(file.getvalue(), CUSTOMER, [])
    assert opened(marked).sheetnames == ["Ompostering", "Vejledning", "Fejl"]
    with zipfile.ZipFile(io.BytesIO(marked)) as package:
        assert not any(b"evil.example" in package.read(name) for name in package.namelist())


def test_a_journal_has_the_number_under_which_the_robot_would_post_it() -> None:
    sheet = read(filled(["1", "30-11-2026", "-flyttes", 220100, "KBH", "100", -12.5]))
    journal = FILES.journal("OMP-0123456789ABCDEF", CUSTOMER, sheet.lines)
    head, row = journal.decode("utf-8-sig").splitlines()
    assert head == (
        "Bilagsnr.;Bogføringsdato;Kontotype;Finanskonto;Tekst;Eksternt bilagsnr.;Beløb;"
        "sted;delregnskab"
    )
    assert row == "OMP-0123456789ABCDEF;30-11-2026;Finans;220100;'-flyttes;1;-12,50;KBH;100"


def test_what_is_no_sheet_is_refused_with_what_to_do() -> None:
    with pytest.raises(SheetError, match="no xlsx workbook"):
        read(b"hello")
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("x", "y")
    with pytest.raises(SheetError, match="broken"):
        read(empty.getvalue())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("xl/media/bomb.xml", b"\0" * 21_000_000, "too large"),
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "links to other files"),
        ("xl/embeddings/oleObject1.bin", b"x", "embedded"),
        ("xl/more.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "broken"),
    ],
)
def test_a_dangerous_workbook_is_not_opened(name: str, content: bytes, why: str) -> None:
    with pytest.raises(SheetError, match=why):
        read(packed(**{name: content}))


def test_what_a_printer_left_is_no_danger() -> None:
    assert read(packed(**{"xl/printerSettings/printerSettings1.bin": b"x"})).lines


def test_a_workbook_with_macros_under_another_name_is_not_opened() -> None:
    content = filled(RIGHT)
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w") as new,
    ):
        for part in old.infolist():
            inside = old.read(part)
            if part.filename == "[Content_Types].xml":
                inside = inside.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
            new.writestr(part, inside)
    with pytest.raises(SheetError, match="macros"):
        read(changed.getvalue())


def test_cells_far_out_are_not_looked_for() -> None:
    book = opened(filled(RIGHT))
    book["Ompostering"]["XFD6"] = 1
    wide = io.BytesIO()
    book.save(wide)
    with pytest.raises(SheetError, match="columns"):
        read(wide.getvalue())
    book["Ompostering"]["XFD6"] = None
    book["Ompostering"]["A1048576"] = 1
    long = io.BytesIO()
    book.save(long)
    with pytest.raises(SheetError, match="lines"):
        read(long.getvalue())


def test_changed_headings_and_unknown_customers_are_refused() -> None:
    content = filled(RIGHT)
    with pytest.raises(SheetError, match="no customer"):
        FILES.read(content, {})
    book = load_workbook(io.BytesIO(content))
    book["Ompostering"]["E5"] = "delregnskab"
    changed = io.BytesIO()
    book.save(changed)
    with pytest.raises(SheetError, match="row 5 must read"):
        read(changed.getvalue())


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
