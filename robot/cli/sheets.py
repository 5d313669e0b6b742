"""`invoice-robot sheet`: re-posting sheets (*omposteringsark*) of customers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from robot import bootstrap
from robot.cli.joined import JSON_OPTION, echo_json, person, robot
from robot.domain.customer import Customer
from robot.domain.reposting import Fault
from robot.errors import ActError
from robot.flow.sheet_port import SheetStatus, Way
from robot.flow.sheets import SheetDesk, answer_about

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_SHEET: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT: Final = click.option(
    "--out",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Where to write the marked copy; beside the sheet.",
)


@click.group("sheet")
def sheet() -> None:
    """Re-posting sheets (omposteringsark) of customers."""


@sheet.command("template")
@click.argument("customer")
@click.argument("path", type=_FILE, required=False)
def template(customer: str, path: Path | None) -> None:
    """Make an empty sheet for a customer (bogføringskreds), dimensions in Navision's order."""
    with robot() as joined:
        served = _customers(joined).get(customer)
    if served is None:
        raise ActError(f"no customer has the bogføringskreds '{customer}'")
    target = path or Path(f"omposteringsark-{customer}.xlsx")
    _write(target, bootstrap.sheet_files().template(served))
    click.echo(str(target))


@sheet.command("check")
@click.argument("path", type=_SHEET)
@_OUT
@JSON_OPTION
def check_sheet(path: Path, out: Path | None, *, as_json: bool) -> None:
    """Check a filled sheet cell by cell against Navision; nothing is kept.

    A wrong one is written back with its cells marked.
    """
    with robot() as joined:
        desk, content = _desk(joined), _read(path)
        _, customer, faults = desk.look_over(content)
        marked = desk.files.mark(content, customer, faults) if faults else None
    _answer(path, faults, marked, "right; hand it in with `sheet hand-in`", out, as_json=as_json)
    raise SystemExit(int(bool(faults)))


@sheet.command("hand-in")
@click.argument("path", type=_SHEET)
@_OUT
@JSON_OPTION
def hand_in(path: Path, out: Path | None, *, as_json: bool) -> None:
    """Hand a filled sheet in: a right one is decided about in the next run.

    A wrong one is written back with its cells marked. What moves the same is taken once.
    """
    with robot() as joined:
        desk = _desk(joined)
        content_hash = desk.take_in(path.name, _read(path), by=person(), way=Way.COMMAND_LINE)
        row = desk.answer(content_hash)
        marked = joined.store.sheets.marked(content_hash)
    if row.status is SheetStatus.REFUSED:
        raise ActError(f"{path}: {answer_about(row).text('en')}")
    _answer(path, row.faults, marked, answer_about(row).text("en"), out, as_json=as_json)
    raise SystemExit(int(row.status is not SheetStatus.ACCEPTED))


@sheet.command("journal")
@click.argument("number")
@click.argument("path", type=_FILE, required=False)
def journal(number: str, path: Path | None) -> None:
    """Write a re-posting (OMP-…) as a file for Navision's own journal import, for a clerk."""
    with robot() as joined:
        content = _desk(joined).journal(number)
    target = path or Path(f"{number}.csv")
    _write(target, content)
    click.echo(str(target))


def _desk(joined: bootstrap.Robot) -> SheetDesk:
    desk = joined.ports.sheets
    if desk is None:
        raise ActError("nobody takes re-posting sheets here")
    return desk


def _customers(joined: bootstrap.Robot) -> dict[str, Customer]:
    return {it.bogfoeringskreds: it for it in joined.rulebook.customers}


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ActError(f"{path}: can't be written: {error.strerror}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ActError(f"{path}: can't be read: {error.strerror}") from error


def _answer(
    path: Path,
    faults: Sequence[Fault],
    marked: bytes | None,
    words: str,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    target = ""
    if marked is not None:
        place = (out or path.parent) / f"{path.stem}-rettes.xlsx"
        _write(place, marked)
        target = str(place)
    if as_json:
        found = [{"row": it.row, "column": it.column, "da": it.da, "en": it.en} for it in faults]
        echo_json({"sheet": str(path), "faults": found, "written": target, "answer": words})
        return
    for it in faults:
        where = f"row {it.row}" if it.row else "head"
        click.echo(f"{path}: {where}, {it.column}: {it.en}")
    click.echo(f"marked copy: {target}" if target else words)


COMMANDS: Final = (sheet,)
