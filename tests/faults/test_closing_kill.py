"""A robot killed while it closes the key of a posting whose version was taken back meanwhile."""

from __future__ import annotations

import pytest

from robot.adapters.navision.engine import connect
from robot.adapters.navision.small_navision import SmallNavision
from robot.adapters.store.store import open_store
from robot.domain.state import EffectKind, State
from robot.flow.failpoint import OF_CLOSING
from robot.flow.ports import KeyState
from robot.flow.records import DocumentFilter, DocumentRow
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.matrix import every
from tests.faults.site import Site
from tests.faults.world import Standing, ledger_entries


def rows(site: Site, state: State) -> list[DocumentRow]:
    opened = open_store(site.store, Standing(), check=False)
    try:
        return list(opened.documents.listing(DocumentFilter(states=frozenset({state}))))
    finally:
        opened.close()


def withdraw(site: Site, names: list[str]) -> None:
    for name in names:
        (site.folder / "documents" / name).unlink()
        (site.folder / "documents" / name).with_suffix(".json").unlink()


def what_holds_its_key(site: Site, row: DocumentRow) -> KeyState:
    navision = connect(site.folder / "navision.db")
    try:
        door = SmallNavision(navision, "da", Standing())
        key = row.core.document_key
        return door.evidence(row.core.company, [key])[key].state
    finally:
        navision.dispose()


@pytest.mark.parametrize(
    ("engine", "point"),
    every(ENGINES, OF_CLOSING, short=[("sqlite", "closed")]),
    indirect=["engine"],
)
def test_killed_while_a_key_is_closed_it_is_closed_and_held(
    site: Site, tally: Tally, point: str
) -> None:
    # The intent is committed; whether its request is on its way nobody knows.
    site.kill_at("call-before")
    sent = rows(site, State.POSTING)
    withdraw(site, [row.core.name for row in sent])
    before = ledger_entries(site.folder / "navision.db")

    site.kill_at(point)
    assert ledger_entries(site.folder / "navision.db") == before
    site.recover()

    held = {row.id: row for row in rows(site, State.HELD)}
    assert sent
    for row in sent:
        assert held[row.id].codes == ("source-withdrawn",)
        assert what_holds_its_key(site, row) is KeyState.TOMBSTONE
    assert site.breaches() == []
    tally("killed", site.engine.name, point=point, effects=EffectKind.POSTING.value)
