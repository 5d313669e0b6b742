"""Re-posting sheets in xlsx: the empty one, the filled one read, the marked one, the journal."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from robot.adapters.sheets.cells import CellError, amount_in, day_in, text_in
from robot.domain.customer import Customer
from robot.domain.spreadsheet import defused
from robot.errors import ActError
from robot.flow.reposting import (
    ACCOUNT,
    AMOUNT,
    AUTHOR,
    CUSTOMER,
    DATE,
    TEXT,
    VOUCHER,
    Fault,
    RepostingLine,
    RepostingSheet,
)

T = TypeVar("T")
_NAME, _FORM = "Ompostering", "omposteringsark 1"
#: Rows of the head, of the headings, and the first and last one of lines.
_OF_CUSTOMER, _OF_AUTHOR, _OF_FORM, _HEADINGS, _FIRST = 1, 2, 3, 5, 6
MOST_LINES: Final = 2_000
#: A workbook of so many lines is far smaller, packed or not.
_MOST_BYTES, _MOST_UNPACKED, _MOST_PARTS = 5_000_000, 50_000_000, 200
_RED: Final = PatternFill("solid", start_color="FFF4B8B3")
_GREY: Final = PatternFill("solid", start_color="FFE6ECF0")
_BOLD: Final = Font(bold=True)
_WIDTH: Final = 18


class RepostingWorkbook:
    """Implements `robot.flow.reposting.SheetFiles`."""

    def template(self, customer: Customer, path: Path) -> None:
        """Write an empty sheet with the customer's dimensions in their order in Navision."""
        book = Workbook()
        sheet = book.active
        sheet.title = _NAME
        head = (
            (_OF_CUSTOMER, CUSTOMER, customer.bogfoeringskreds),
            (_OF_AUTHOR, AUTHOR, None),
            (_OF_FORM, "Skabelon", _FORM),
        )
        for row, label, value in head:
            sheet.cell(row, 1, label).font = _BOLD
            sheet.cell(row, 2, value)
        for number, heading in enumerate(headings(customer), start=1):
            cell = sheet.cell(_HEADINGS, number, heading)
            cell.font, cell.fill = _BOLD, _GREY
            sheet.column_dimensions[cell.column_letter].width = _WIDTH
        sheet.freeze_panes = sheet.cell(_FIRST, 1)
        hints = book.create_sheet("Vejledning")
        for line in (
            "Én linje for hver kontering. Debet er positiv, kredit negativ.",
            "Hvert bilag går i nul.",
            "Dimensionerne står i Navisions rækkefølge. Skriv koder, ikke navne.",
            "Formler tages ikke.",
            f"Højst {MOST_LINES} linjer. Ret ikke overskrifterne.",
        ):
            hints.append([line])
        _saved(book, path)

    def read(self, path: Path, customers: Mapping[str, Customer]) -> RepostingSheet:
        """Read a filled sheet.

        Raises:
            ActError: It is no sheet that was made here.
        """
        content, sheet = _opened(path)
        if sheet.cell(_OF_FORM, 2).value != _FORM:
            raise ActError(f"{path}: this is no re-posting sheet (make one with `sheet template`)")
        kreds = str(sheet.cell(_OF_CUSTOMER, 2).value or "").strip()
        if kreds not in customers:
            raise ActError(
                f"{path}:B{_OF_CUSTOMER}: no customer has the bogføringskreds written here"
            )
        customer = customers[kreds]
        wanted = headings(customer)
        found = [sheet.cell(_HEADINGS, place).value for place in range(1, len(wanted) + 1)]
        if found != wanted:
            raise ActError(
                f"{path}: row {_HEADINGS} must read {', '.join(wanted)}, in this order "
                "(make a new sheet with `sheet template`)"
            )
        if sheet.max_row > _FIRST + MOST_LINES:
            raise ActError(f"{path}: more than {MOST_LINES} lines; split the sheet")
        faults: list[Fault] = []
        lines = []
        for row in range(_FIRST, sheet.max_row + 1):
            cells = [sheet.cell(row, place) for place in range(1, len(wanted) + 1)]
            if any(cell.value not in {None, ""} for cell in cells):
                line = _line(row, dict(zip(wanted, cells, strict=True)), customer, faults)
                if line is not None:
                    lines.append(line)
        author = sheet.cell(_OF_AUTHOR, 2)
        return RepostingSheet(
            customer=kreds,
            author="" if author.data_type == "f" else str(author.value or "").strip(),
            lines=tuple(lines),
            faults=tuple(faults),
            content_hash=hashlib.sha256(content).hexdigest(),
        )

    def mark(self, path: Path, faults: Sequence[Fault], target: Path) -> None:
        """Write a copy of the sheet whose wrong cells are marked and say what is wrong."""
        _, sheet = _opened(path)
        book = sheet.parent
        places = {
            sheet.cell(_HEADINGS, place).value: place for place in range(1, sheet.max_column + 1)
        }
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
        told: dict[str, list[str]] = {}
        for fault in faults:
            cell = (
                sheet.cell(_OF_AUTHOR, 2)
                if fault.row == 0
                else sheet.cell(fault.row, places.get(fault.column, 1))
            )
            cell.fill = _RED
            told.setdefault(cell.coordinate, []).append(fault.da)
        for coordinate, texts in told.items():
            sheet[coordinate].comment = Comment("\n".join(texts), "Fakturarobotten")
        if "Fejl" in book.sheetnames:
            del book["Fejl"]
        listed = book.create_sheet("Fejl")
        listed.append(["Række", "Kolonne", "Hvad er galt", "What is wrong"])
        for fault in faults:
            listed.append([fault.row or _OF_AUTHOR, fault.column, fault.da, fault.en])
        _saved(book, target)

    def journal(self, sheet: RepostingSheet, customer: Customer, target: Path) -> None:
        """Write the lines as a file for the ERP's own import of general journals.

        The document number holds part of the sheet's hash, so a journal imported twice shows.
        """
        rows = [
            (
                f"OMP-{sheet.content_hash[:6].upper()}-{line.voucher}",
                f"{line.posting_date:%d-%m-%Y}",
                "Finans",
                line.account,
                line.text,
                f"{line.amount:.2f}".replace(".", ","),
                *(dict(line.dimensions).get(name, "") for name in customer.dimensions),
            )
            for line in sheet.lines
        ]
        try:
            with target.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
                writer.writerow(
                    (VOUCHER, DATE, "Kontotype", ACCOUNT, TEXT, AMOUNT, *customer.dimensions)
                )
                writer.writerows(
                    [*map(defused, row[:5]), row[5], *map(defused, row[6:])] for row in rows
                )
        except OSError as error:
            raise ActError(f"{target}: can't be written: {error.strerror}") from error


def headings(customer: Customer) -> list[str]:
    """The columns of a customer's sheet."""
    return [VOUCHER, DATE, TEXT, ACCOUNT, *customer.dimensions, AMOUNT]


def _line(
    row: int, cells: Mapping[str, Any], customer: Customer, faults: list[Fault]
) -> RepostingLine | None:
    wrong = len(faults)

    def read(column: str, parse: Callable[[object], T], *, needed: bool = True) -> T | None:
        cell = cells[column]
        try:
            return parse(_value(cell, needed=needed))
        except CellError as error:
            faults.append(Fault(row=row, column=column, da=error.da, en=error.en))
            return None

    voucher, account = read(VOUCHER, text_in), read(ACCOUNT, text_in)
    text, day, amount = read(TEXT, text_in), read(DATE, day_in), read(AMOUNT, amount_in)
    named = [(name, read(name, text_in, needed=False)) for name in customer.dimensions]
    if (
        len(faults) > wrong
        or voucher is None
        or account is None
        or text is None
        or day is None
        or amount is None
    ):
        return None
    return RepostingLine(
        row=row,
        voucher=voucher,
        posting_date=day,
        text=text,
        account=account,
        dimensions=tuple((name, value) for name, value in named if value),
        amount=amount,
    )


def _value(cell: Any, *, needed: bool) -> object:  # noqa: ANN401 - openpyxl has no types
    if cell.data_type == "f":
        raise CellError("Skriv værdien, ikke en formel.", "Write the value, no formula.")
    if needed and cell.value in {None, ""}:
        raise CellError("Udfyld feltet.", "Fill this in.")
    value: object = cell.value
    return value


def _opened(path: Path) -> tuple[bytes, Any]:
    """The bytes and the sheet; nothing that is too large is unpacked."""
    try:
        content = path.read_bytes()
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except OSError as error:
        raise ActError(f"{path}: can't be read: {error.strerror}") from error
    except zipfile.BadZipFile as error:
        raise ActError(f"{path}: this is no xlsx workbook") from error
    if (
        len(content) > _MOST_BYTES
        or len(parts) > _MOST_PARTS
        or sum(part.file_size for part in parts) > _MOST_UNPACKED
    ):
        raise ActError(f"{path}: too large for a re-posting sheet of {MOST_LINES} lines")
    try:
        book = load_workbook(path, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        raise ActError(f"{path}: this workbook is broken; save it anew as xlsx") from error
    if _NAME not in book.sheetnames:
        raise ActError(f"{path}: the workbook has no sheet '{_NAME}'")
    return content, book[_NAME]


def _saved(book: Any, path: Path) -> None:  # noqa: ANN401 - openpyxl has no types
    try:
        book.save(path)
    except OSError as error:
        raise ActError(f"{path}: can't be written: {error.strerror}") from error
