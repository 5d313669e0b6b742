"""A robot killed around a re-posting sheet: it is answered, and in the ledger once and whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from robot import bootstrap
from robot.adapters.store.store import open_store
from robot.domain.state import State
from robot.flow.failpoint import OF_SHEETS
from robot.flow.records import DocumentFilter
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.matrix import every
from tests.faults.report import SHEET
from tests.faults.site import Site
from tests.faults.world import Standing, settings_in
from tests.support.reposting import filled

KREDS, COMPANY = "99002", "Fyrvæsenet"
POINTS = ("record-after", "claim-after", "called", "settle-before")
#: Between the intent and the posting, and between the posting and its evidence.
SHORT = ("call-before", "evidence-before")


def only_a_sheet(site: Site) -> None:
    """The watched folder holds one filled sheet and no invoices."""
    documents = site.folder / "documents"
    shutil.rmtree(documents)
    documents.mkdir()
    hand_in(site, "ark", "221000")


def hand_in(site: Site, name: str, account: str) -> None:
    served = bootstrap.rulebook(settings_in(site.folder, site.store)).customers
    customer = next(it for it in served if it.bogfoeringskreds == KREDS)
    rows = [
        ("1", "24-11-2026", "Flyttes", posted, "100", amount)
        for posted, amount in ((account, 640.25), ("511100", -640.25))
    ]
    (site.folder / "documents" / f"{name}.xlsx").write_bytes(filled(customer, *rows))


def ledger(site: Site) -> list[tuple[str, int]]:
    """Account and amount of each entry of a re-posting, in hundred-thousandths of a krone."""
    with closing(sqlite3.connect(site.folder / "navision.db")) as database:
        return database.execute(
            f'SELECT "G_L Account No_", "Amount" FROM "{COMPANY}$G_L Entry"'  # noqa: S608 - our own
            ' WHERE "Document No_" LIKE \'OMP-%\' ORDER BY "Entry No_"'
        ).fetchall()


def states(site: Site) -> list[State]:
    opened = open_store(site.store, Standing(), check=False)
    try:
        return [row.state for row in opened.documents.listing(DocumentFilter())]
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("engine", "point"),
    [
        *(("sqlite", point) for point in SHORT),
        *(pytest.param("sqlite", point, marks=pytest.mark.faults) for point in POINTS),
        *(
            pytest.param(engine, point, marks=pytest.mark.faults)
            for engine in ENGINES[1:]
            for point in (*SHORT, *POINTS)
        ),
    ],
    indirect=["engine"],
)
def test_killed_around_its_posting_it_is_posted_once(site: Site, tally: Tally, point: str) -> None:
    only_a_sheet(site)
    site.kill_at(point)
    assert site.run() == 0
    assert site.run() == 0
    assert states(site) == [State.POSTED]
    assert ledger(site) == [("221000", 64_025_000), ("511100", -64_025_000)]
    tally("killed around the posting of a re-posting sheet", site.engine.name)


@pytest.mark.parametrize(
    ("engine", "point"),
    every(ENGINES, OF_SHEETS, short=[("sqlite", "sheet-answered")]),
    indirect=["engine"],
)
def test_killed_while_sheets_are_answered_each_has_its_answer(
    site: Site, tally: Tally, point: str
) -> None:
    """A right sheet and a wrong one; the second kill meets the same one again, or the next."""
    only_a_sheet(site)
    hand_in(site, "forkert", "999999")
    site.kill_at(point)
    site.kill_at(point)
    assert site.run() == 0
    assert site.run() == 0

    documents = site.folder / "documents"
    answers = {it.name: it.read_text("utf-8") for it in documents.glob("*.svar.txt")}
    assert set(answers) == {"ark.svar.txt", "forkert.svar.txt"}
    assert "accepted as OMP-" in answers["ark.svar.txt"]
    assert "a marked copy is ready" in answers["forkert.svar.txt"]
    assert (documents / "forkert.rettes.xlsx").stat().st_size
    assert states(site) == [State.POSTED]
    assert ledger(site) == [("221000", 64_025_000), ("511100", -64_025_000)]
    tally("killed", site.engine.name, point=point, effects=SHEET, times=2)
