"""Re-posting sheets for tests: rows, filled workbooks, documents."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook

from robot.adapters.sheets import RepostingWorkbook
from robot.domain.calendar import Terms
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument
from robot.domain.reposting import RepostingLine
from robot.flow.reposting import document_of

FILES: Final = RepostingWorkbook()


def rows_moving(amount: float, day: str = "30-11-2026") -> tuple[tuple[Any, ...], ...]:
    """Two rows of Eksempelstyrelsen's sheet."""
    coded = ("100", "10", "KBH")
    return (
        ("1", day, "Flyttes til konsulenter", "225000", *coded, amount),
        ("1", day, "Flyttes fra kontorartikler", "220100", *coded, -amount),
    )


def filled(customer: Customer, *rows: Sequence[Any], author: object = "Ane Ansvarlig") -> bytes:
    """The customer's empty sheet, filled in."""
    book = load_workbook(io.BytesIO(FILES.template(customer)))
    sheet = book["Ompostering"]
    sheet["B2"] = author
    for number, row in enumerate(rows, start=6):
        for place, value in enumerate(row, start=1):
            sheet.cell(number, place, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_reposting_line(row: int, amount: str = "100") -> RepostingLine:
    """A debit in even rows, and what comes against it in odd ones."""
    return RepostingLine(
        row=row,
        voucher="1",
        posting_date=date(2026, 11, 30),
        text="Flyttes",
        account="225000",
        dimensions=(("delregnskab", "100"),),
        amount=Decimal(amount) * (1 if row % 2 == 0 else -1),
    )


def a_reposting(
    *lines: RepostingLine, author: str = "Ane", terms: Terms | None = None
) -> ApprovedDocument:
    return document_of(
        lines,
        customer="99001",
        author=author,
        handed_in=("bo", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        content_hash="ab" * 32,
        terms=terms,
    )


def opened(content: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    return load_workbook(io.BytesIO(content))
