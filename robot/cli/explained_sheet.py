"""The re-posting that a row of a handed-in sheet became, for `rules explain`."""

from __future__ import annotations

import hashlib
from itertools import count
from pathlib import Path
from typing import Final

import click

from robot.domain.rights import Scope
from robot.flow.sheet_port import Part, SheetRow, SheetStatus
from robot.flow.sheets import answer_about
from robot.flow.store_port import Store

#: How the name of a sheet ends.
SHEET: Final = ".xlsx"
_DOCUMENT: Final = "DOCUMENT"


def number_of(reference: str, row: int | None, store: Store) -> str:
    """The number of the re-posting that a row of a sheet is in.

    Args:
        reference: The file, or the name under which one was handed in; then the newest counts.
        row: As the sheet counts them; None when the sheet has one re-posting.
        store: The robot's own database.

    Raises:
        ClickException: There is none: the sheet went back, say, or has no such row.
    """
    sheet = _handed_in(reference, store)
    if sheet is None:
        raise click.BadParameter(f"no sheet '{reference}' was handed in", param_hint=_DOCUMENT)
    if sheet.status is not SheetStatus.ACCEPTED:
        raise click.ClickException("\n".join([_became(sheet), *_faults(sheet, row)]))
    parts = [part for number in sheet.numbers if (part := store.sheets.part(number)) is not None]
    chosen = [part for part in parts if row is None or row in _rows(part)]
    if not chosen:
        raise click.BadParameter(f"row {row} of it moves nothing", param_hint="--row")
    if len(chosen) > 1:
        named = "; ".join(f"{it.number} ({_rows(it)[0]}-{_rows(it)[-1]})" for it in chosen)
        raise click.BadParameter(
            f"it holds a re-posting for each posting date, here with their rows: {named}; "
            "name one, or a row with --row",
            param_hint=_DOCUMENT,
        )
    return chosen[0].number


def _handed_in(reference: str, store: Store) -> SheetRow | None:
    path = Path(reference)
    if path.is_file():
        return store.sheets.get(hashlib.sha256(path.read_bytes()).hexdigest())
    for number in count(1):
        page = store.sheets.listing(Scope(), page=number)
        found = next((sheet for sheet in page.rows if sheet.name == path.name), None)
        if found is not None or len(page.rows) < page.size:
            return found
    return None


def _became(sheet: SheetRow) -> str:
    return f"{sheet.name} is no document: {answer_about(sheet).text('en')}"


def _faults(sheet: SheetRow, row: int | None) -> list[str]:
    """What is wrong, of the row alone when one is named."""
    return [
        f"  row {fault.row}, {fault.column}: {fault.en}"
        for fault in sheet.faults
        if fault.row and row in {None, fault.row}
    ]


def _rows(part: Part) -> list[int]:
    return sorted(line.row for line in part.lines)
