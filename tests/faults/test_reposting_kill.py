"""A robot killed around the posting of a re-posting sheet: it is in the ledger once, and whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from robot import bootstrap
from robot.adapters.store.store import open_store
from robot.domain.state import State
from robot.flow.records import DocumentFilter
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
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
    served = bootstrap.rulebook(settings_in(site.folder, site.store)).customers
    customer = next(it for it in served if it.bogfoeringskreds == KREDS)
    rows = [
        ("1", "24-11-2026", "Flyttes", account, "100", amount)
        for account, amount in (("221000", 640.25), ("511100", -640.25))
    ]
    (documents / "ark.xlsx").write_bytes(filled(customer, *rows))


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
