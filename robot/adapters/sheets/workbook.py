"""Re-posting sheets in xlsx: the empty one, the filled one read, the marked one, the journal."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from robot.adapters.sheets.cells import CellError, amount_in, day_in, text_in
from robot.adapters.sheets.package import MOST_COLUMNS, opened
from robot.domain.customer import Customer
from robot.domain.reposting import (
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
from robot.domain.spreadsheet import defused
from robot.errors import SheetError

T = TypeVar("T")
_NAME, _FORM = "Ompostering", "omposteringsark 1"
#: Rows of the head, of the headings, and the first and last one of lines.
_OF_CUSTOMER, _OF_AUTHOR, _OF_FORM, _HEADINGS, _FIRST = 1, 2, 3, 5, 6
MOST_LINES: Final = 2_000
_RED: Final = PatternFill("solid", start_color="FFF4B8B3")
_GREY: Final = PatternFill("solid", start_color="FFE6ECF0")
_BOLD: Final = Font(bold=True)
_WIDTH: Final = 18
_LONGEST_AUTHOR: Final = 100


class RepostingWorkbook:
    """Implements `robot.flow.reposting.SheetFiles`."""

    def template(self, customer: Customer) -> bytes:
        """An empty sheet with the customer's dimensions in their order in Navision."""
        return _saved(_empty(customer))

    def read(self, content: bytes, customers: Mapping[str, Customer]) -> RepostingSheet:
        """Read a filled sheet.

        Raises:
            SheetError: It is no sheet that was made here.
        """
        sheet = _sheet(content)
        if sheet.cell(_OF_FORM, 2).value != _FORM:
            raise SheetError(
                "this is no re-posting sheet; begin with an empty one",
                da="Det er ikke et omposteringsark. Begynd med et tomt ark.",
            )
        kreds = str(sheet.cell(_OF_CUSTOMER, 2).value or "").strip()
        if kreds not in customers:
            raise SheetError(
                f"B{_OF_CUSTOMER}: no customer has the bogføringskreds written here",
                da=f"B{_OF_CUSTOMER}: ingen kunde har den bogføringskreds, der står her.",
            )
        customer = customers[kreds]
        wanted = headings(customer)
        found = [sheet.cell(_HEADINGS, place).value for place in range(1, len(wanted) + 1)]
        if found != wanted:
            columns = ", ".join(wanted)
            raise SheetError(
                f"row {_HEADINGS} must read {columns}, in this order",
                da=f"I række {_HEADINGS} skal der stå {columns}, i den rækkefølge.",
            )
        faults: list[Fault] = []
        lines = []
        for row in range(_FIRST, sheet.max_row + 1):
            cells = [sheet.cell(row, place) for place in range(1, len(wanted) + 1)]
            if any(cell.value not in {None, ""} for cell in cells):
                line = _line(row, dict(zip(wanted, cells, strict=True)), customer, faults)
                if line is not None:
                    lines.append(line)
        return RepostingSheet(
            customer=kreds,
            author=_author(sheet),
            lines=tuple(lines),
            faults=tuple(faults),
            content_hash=hashlib.sha256(content).hexdigest(),
        )

    def mark(self, content: bytes, customer: Customer, faults: Sequence[Fault]) -> bytes:
        """A new sheet with the same cells, of which the wrong ones are marked and say why.

        Only values are carried over: nothing else of a file that somebody sent is handed out.
        """
        old, book = _sheet(content), _empty(customer)
        sheet = book[_NAME]
        wanted = headings(customer)
        _carry(old.cell(_OF_AUTHOR, 2), sheet.cell(_OF_AUTHOR, 2))
        for row in range(_FIRST, old.max_row + 1):
            for place in range(1, len(wanted) + 1):
                _carry(old.cell(row, place), sheet.cell(row, place))
        places = {heading: place for place, heading in enumerate(wanted, start=1)}
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
        listed = book.create_sheet("Fejl")
        listed.append(["Række", "Kolonne", "Hvad er galt", "What is wrong"])
        for fault in faults:
            said = (fault.column, fault.da, fault.en)
            listed.append([fault.row or _OF_AUTHOR, *map(defused, said)])
        return _saved(book)

    def journal(self, number: str, customer: Customer, lines: Sequence[RepostingLine]) -> bytes:
        """The lines as a file for the ERP's own import of general journals.

        The number is the one under which the robot would have them posted, so a journal that is
        imported twice, or beside the robot, shows.
        """
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        names = customer.dimensions
        writer.writerow(
            ("Bilagsnr.", DATE, "Kontotype", ACCOUNT, TEXT, "Eksternt bilagsnr.", AMOUNT, *names)
        )
        for line in lines:
            given = dict(line.dimensions)
            texts = (line.account, line.text, line.voucher)
            writer.writerow(
                (
                    number,
                    f"{line.posting_date:%d-%m-%Y}",
                    "Finans",
                    *map(defused, texts),
                    f"{line.amount:.2f}".replace(".", ","),
                    *(defused(given.get(name, "")) for name in names),
                )
            )
        return text.getvalue().encode("utf-8-sig")


def _empty(customer: Customer) -> Any:  # noqa: ANN401 - openpyxl has no types
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
    return book


def _sheet(content: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    book = opened(content)
    if _NAME not in book.sheetnames:
        raise SheetError(
            f"the workbook has no sheet '{_NAME}'; begin with an empty one",
            da=f"Regnearket har intet ark med navnet {_NAME}. Begynd med et tomt ark.",
        )
    sheet = book[_NAME]
    if sheet.max_row > _FIRST + MOST_LINES:
        raise SheetError(
            f"more than {MOST_LINES} lines; split the sheet",
            da=f"Der er mere end {MOST_LINES} linjer. Del arket.",
        )
    if sheet.max_column > MOST_COLUMNS:
        raise SheetError(
            f"more than {MOST_COLUMNS} columns; begin with an empty sheet",
            da=f"Der er mere end {MOST_COLUMNS} kolonner. Begynd med et tomt ark.",
        )
    return sheet


def _author(sheet: Any) -> str:  # noqa: ANN401 - openpyxl has no types
    cell = sheet.cell(_OF_AUTHOR, 2)
    written = "" if cell.data_type == "f" else str(cell.value or "").strip()
    return written if written.isprintable() else ""


def _carry(origin: Any, target: Any) -> None:  # noqa: ANN401 - openpyxl has no types
    """Copy a cell's value as a number, a date or text that no spreadsheet runs."""
    value = origin.value
    if isinstance(value, (bool, int, float, Decimal, date, datetime)):
        target.value = value
    elif value is not None:
        target.value = "".join(sign for sign in str(value) if sign.isprintable())
        # Text, also when somebody edits the cell; an apostrophe in it would be read as a part.
        target.data_type, target.quotePrefix = "s", True


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


def _saved(book: Any) -> bytes:  # noqa: ANN401 - openpyxl has no types
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
