"""Flat tables: CSV and xlsx in which nothing is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from robot.adapters.export.log import EVENT_ATTRIBUTES, OBJECT_ATTRIBUTES, Log
from robot.domain.calendar import COPENHAGEN
from robot.domain.spreadsheet import defused

#: Characters that no cell may hold.
_CONTROL: Final = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
_INVOICE: Final = OBJECT_ATTRIBUTES["Invoice"]
HEADINGS: Final = (
    "invoice",
    *_INVOICE,
    "customer",
    "supplier",
    "event",
    "time",
    *EVENT_ATTRIBUTES,
)
#: The most rows of a sheet, its headings among them.
MOST_ROWS: Final = 1_048_576


def cell_text(text: str) -> str:
    """Text as a cell may hold it, which no spreadsheet runs."""
    return defused(text.translate(_CONTROL))


def write_csv(log: Log, path: Path) -> None:
    """Write a row for each event: semicolons, and UTF-8 with a mark, as Danish Excel expects."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows(_rows(log))


def write_xlsx(log: Log, path: Path) -> None:
    """Write sheets of events, each with as many rows as a sheet can hold."""
    rows = list(_rows(log))
    size = MOST_ROWS - 1
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for number, start in enumerate(range(0, max(len(rows), 1), size), start=1):
            part = pd.DataFrame(rows[start : start + size], columns=list(HEADINGS), dtype=str)
            part.to_excel(book, sheet_name=f"events {number}", index=False, freeze_panes=(1, 1))
            for row in book.sheets[f"events {number}"].iter_rows(min_row=2):
                for cell in row:
                    # What looks like a formula is text here, whatever wrote it.
                    cell.data_type = "s" if cell.value is not None else cell.data_type


def _rows(log: Log) -> Iterator[Sequence[str]]:
    objects = {thing.id: thing for thing in log.objects}
    for event in log.events:
        things = {qualifier: objects[name] for name, qualifier in event.objects}
        invoice = things["invoice"]
        customer, supplier = things.get("customer"), things.get("supplier")
        cells = (
            invoice.id,
            *(invoice.attributes[name] for name in _INVOICE),
            customer.id.partition(":")[2] if customer else "",
            supplier.id.partition(":")[2] if supplier else "",
            event.type,
            event.at.astimezone(COPENHAGEN).isoformat(timespec="seconds"),
            *(event.attributes[name] for name in EVENT_ATTRIBUTES),
        )
        yield [cell_text(cell) for cell in cells]
