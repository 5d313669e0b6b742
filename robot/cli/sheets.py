"""`invoice-robot sheet`: re-posting sheets (*omposteringsark*) of customers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from robot import bootstrap
from robot.cli.joined import JSON_OPTION, echo_json, person, robot
from robot.domain.calendar import COPENHAGEN
from robot.domain.customer import Customer
from robot.errors import ActError
from robot.flow.reposting import Fault, check, questions

_ACT: Final = "reposting-sheet-accepted"
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


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
    bootstrap.sheet_files().template(served, target)
    click.echo(str(target))


@sheet.command("check")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Where to write the marked sheet or the journal; beside the sheet.",
)
@JSON_OPTION
def check_sheet(path: Path, out: Path | None, *, as_json: bool) -> None:
    """Check a filled sheet cell by cell against Navision.

    A wrong one is written back with its cells marked. A right one becomes a file for Navision's
    own journal import, which a clerk runs: the robot writes no general-ledger entries. The very
    same sheet is accepted once.
    """
    files = bootstrap.sheet_files()
    with robot() as joined:
        customers = _customers(joined)
        filled = files.read(path, customers)
        customer = customers[filled.customer]
        for row in joined.store.trail.rows(acts=(_ACT,)):
            if row.detail.get("sheet") == filled.content_hash:
                at = row.at.astimezone(COPENHAGEN)
                raise ActError(f"{path}: this very sheet was accepted {at:%Y-%m-%d %H:%M}")
        today = joined.ports.today()
        asked = questions(filled, customer, today)
        answers = joined.ports.reader.facts(list(asked.values()))
        faults = check(filled, customer, dict(zip(asked, answers, strict=True)), today)
        target = (out or path.parent) / f"{path.stem}-{'rettes.xlsx' if faults else 'kladde.csv'}"
        if faults:
            files.mark(path, faults, target)
        else:
            files.journal(filled, customer, target)
            with joined.store.writing(actor=person()) as unit:
                unit.audit(
                    _ACT,
                    {
                        "sheet": filled.content_hash,
                        "customer": filled.customer,
                        "lines": len(filled.lines),
                    },
                )
    _tell(path, faults, target, as_json=as_json)
    raise SystemExit(int(bool(faults)))


def _customers(joined: bootstrap.Robot) -> dict[str, Customer]:
    return {it.bogfoeringskreds: it for it in joined.rulebook.customers}


def _tell(path: Path, faults: list[Fault], target: Path, *, as_json: bool) -> None:
    if as_json:
        found = [{"row": it.row, "column": it.column, "da": it.da, "en": it.en} for it in faults]
        echo_json({"sheet": str(path), "faults": found, "written": str(target)})
        return
    for it in faults:
        where = f"row {it.row}" if it.row else "head"
        click.echo(f"{path}: {where}, {it.column}: {it.en}")
    said = "marked copy" if faults else "right; journal for Navision's import"
    click.echo(f"{said}: {target}")


COMMANDS: Final = (sheet,)
