"""Re-posting sheets: handed in, answered with what is wrong, followed until they are posted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot import bootstrap
from robot.domain.rights import Right
from robot.domain.state import State
from robot.errors import ActError
from robot.flow.command_port import CommandStatus, NewCommand
from robot.flow.records import DocumentRow
from robot.flow.sheet_port import LARGEST, SheetRow, SheetStatus, Way
from robot.flow.sheets import journal_of, new_sheet
from robot.web.page import Page, act
from robot.web.visit import MOST_ROWS, ROWS, Visit

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What every ZIP file, and so every xlsx, begins with.
_ZIP: Final = b"PK\x03\x04"
_STATUS: Final = {
    SheetStatus.WAITING: ("kontrolleres", "being checked"),
    SheetStatus.ACCEPTED: ("modtaget", "accepted"),
    SheetStatus.RETURNED: ("skal rettes", "to be corrected"),
    SheetStatus.REFUSED: ("ikke taget", "not taken"),
}
_WAYS: Final = {
    Way.DASHBOARD: ("her på siden", "on this page"),
    Way.FOLDER: ("mappen", "the folder"),
    Way.COMMAND_LINE: ("kommandolinjen", "the command line"),
}
#: Faults shown on the page; the marked copy has all of them.
_SHOWN: Final = 200
_HEADINGS: Final = (
    ("Modtaget", "Kunde", "Fil", "Udfyldt af", "Indleveret af", "Linjer", "Flytter", "Status"),
    ("Received", "Customer", "File", "Filled in by", "Handed in by", "Lines", "Moves", "State"),
)


def _list(visit: Visit) -> Response:
    listing = visit.dashboard.store.sheets.listing
    if visit.asked("format") == "csv":
        rows = listing(visit.scope, size=10_000).rows
        return visit.csv(
            "omposteringsark",
            _HEADINGS[visit.language != "da"],
            (
                (
                    row.received_at,
                    row.customer,
                    row.name,
                    row.author,
                    row.handed_in_by,
                    row.rows,
                    row.total,
                    visit.say(*_STATUS[row.status]),
                )
                for row in rows
            ),
        )
    found = listing(
        visit.scope, page=visit.number("page", 1), size=visit.number("size", ROWS, MOST_ROWS)
    )
    return visit.render(
        "sheets.html.j2",
        rows=found,
        states=_states(visit, found.rows),
        customers=visit.choices(),
        status_of=lambda row: visit.say(*_STATUS[row.status]),
        largest=LARGEST // 1_000_000,
    )


def _one(visit: Visit) -> Response:
    row = _row(visit)
    asked = visit.asked("file")
    if asked:
        return _file(visit, row, asked)
    commands = visit.dashboard.store.commands.about("sheet", row.content_hash, limit=1)
    delayed = bool(commands) and commands[0].status is CommandStatus.REFUSED
    return visit.render(
        "sheet.html.j2",
        row=row,
        status_word=visit.say(*_STATUS[row.status]),
        way=visit.say(*_WAYS[row.way]),
        faults=row.faults[:_SHOWN],
        documents=_documents(visit, row),
        delayed=delayed and row.status is SheetStatus.WAITING,
        kept=_marked(visit, row) is not None,
        wrong=len({(fault.row, fault.column) for fault in row.faults}),
    )


def _states(visit: Visit, rows: Sequence[SheetRow]) -> dict[str, list[State]]:
    """Where the documents stand that a run has made of sheets, by the sheet."""
    keys = [key for row in rows for key in row.keys]
    known = visit.dashboard.store.documents.known(keys)
    return {
        row.content_hash: [known[key][-1].state for key in row.keys if known.get(key)]
        for row in rows
    }


def _documents(visit: Visit, row: SheetRow) -> list[DocumentRow]:
    """What the sheet became: a document for each posting date, once a run has taken it."""
    versions = visit.dashboard.store.documents.versions
    return [found[-1] for key in row.keys if (found := versions(key))]


def _file(visit: Visit, row: SheetRow, asked: str) -> Response:
    name = f"omposteringsark-{row.customer}-{row.content_hash[:8]}"
    marked = _marked(visit, row) if asked == "marked" else None
    if marked is not None:
        return _download(marked, _XLSX, f"{name}-rettes.xlsx")
    if asked in row.numbers:
        store, served = visit.dashboard.store, visit.dashboard.customers()
        try:
            content = journal_of(asked, store, bootstrap.sheet_files(), list(served.values()))
        except ActError as error:
            raise visit.missing() from error
        return _download(content, "text/csv; charset=utf-8", f"{asked}-kladde.csv")
    raise visit.missing()


def _marked(visit: Visit, row: SheetRow) -> bytes | None:
    """The copy to correct, as long as it is kept."""
    if row.status is not SheetStatus.RETURNED:
        return None
    return visit.dashboard.store.sheets.marked(row.content_hash)


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _row(visit: Visit) -> SheetRow:
    row = visit.dashboard.store.sheets.get(visit.path("hash")[:64])
    if row is None or not visit.scope.covers(row.customer):
        raise visit.missing()
    return row


def _hand_in(visit: Visit) -> Response:
    """Keep the file with the command to look at it; nothing of it is opened here."""
    customer = visit.form.get("customer", "")
    if customer not in visit.dashboard.customers() or not visit.scope.covers(customer):
        raise visit.missing()
    upload = visit.files.get("sheet")
    if upload is None or not upload.content:
        raise HTTPException(400, visit.say("Vælg en fil.", "Choose a file."))
    if PurePath(upload.name).suffix.lower() != ".xlsx" or not upload.content.startswith(_ZIP):
        raise HTTPException(
            400,
            visit.say(
                "Kun regneark i formatet .xlsx tages. Begynd med et tomt ark.",
                "Only .xlsx workbooks are taken. Begin with an empty sheet.",
            ),
        )
    if len(upload.content) > LARGEST:
        raise HTTPException(413)
    sheet = new_sheet(upload.name, upload.content, way=Way.DASHBOARD, customer=customer)
    command = NewCommand(
        kind="reposting-sheet",
        argument={"sheet": sheet.content_hash},
        reason=sheet.name,
        once=visit.form.get("once", "") + sheet.content_hash,
    )
    visit.dashboard.hand_in(visit.name, sheet, command)
    return visit.go(f"/sheets/{sheet.content_hash}")


PAGES: Final = (
    Page(
        path="/sheets", name="sheets", da="Omposteringer", en="Re-postings", show=_list, order=93
    ),
    act("/sheets/hand-in", "hand-in-sheet", _hand_in, right=Right.WORK, takes_file=True),
    Page(path="/sheets/{hash}", name="sheet", da="Omposteringsark", en="Sheet", show=_one),
)
