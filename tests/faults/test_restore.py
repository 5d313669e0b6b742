"""A store restored from an older backup: it reconciles itself with the ERP before it acts.

The backup is taken at a moment of a run, the run goes on to its end, and then the backup is put in
the store's place: the ERP, the source and the mails know of everything that it has forgotten.
"""

from __future__ import annotations

from collections import Counter

import pytest

from robot.flow.failpoint import NAMES
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.site import Site
from tests.faults.test_kill_switch import ask
from tests.faults.world import EndState

#: With nothing sent, with intents, with postings that were not read back, with mails written.
SHORT = ["claim-after", "called:3", "freeze-after"]


@pytest.mark.parametrize("point", SHORT)
def test_restored_from_a_backup_of_that_moment(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    restored_from(site, point, undisturbed)
    tally("store restored from a backup", site.engine.name)


#: Up to the first decisions nothing is written but that the run has begun: one backup for all.
NOTHING_NEW = NAMES[NAMES.index("run-begun") + 1 : NAMES.index("record-within")]


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("point", [it for it in NAMES if it not in NOTHING_NEW])
def test_restored_from_a_backup_of_any_moment(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    restored_from(site, point, undisturbed)
    tally("store restored from a backup", site.engine.name)


@pytest.mark.parametrize(
    "engine",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)],
    indirect=True,
)
def test_everything_that_the_store_knew_is_lost(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    empty = site.backup()
    assert site.run() == 0
    site.restore(empty)
    site.recover()
    posted_nothing_twice(site, undisturbed)
    tally("store lost", site.engine.name)


def test_copied_by_the_command_while_the_robot_is_at_work(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    copy = site.folder / "copies" / "robot.db"
    with site.frozen_at("called:3"):
        ask(site, "store", "backup", str(copy))
    assert site.end() == undisturbed
    site.restore(str(copy))
    ask(site, "store", "restored", "--reason", "the disk broke")
    site.recover()
    posted_nothing_twice(site, undisturbed)
    tally("store restored from a backup", site.engine.name)


def restored_from(site: Site, point: str, undisturbed: EndState) -> None:
    site.kill_at(point)
    copy = site.backup()
    assert site.run() == 0
    assert site.end() == undisturbed
    site.restore(copy)
    site.recover()
    posted_nothing_twice(site, undisturbed)


def posted_nothing_twice(site: Site, undisturbed: EndState) -> None:
    end = site.end()
    assert end.ledger == undisturbed.ledger
    assert end.rejected == undisturbed.rejected
    # Nobody was told of the same notice again; what is told anew has a mail of its own.
    assert max(Counter(end.mails).values()) == 1
    assert site.breaches(restored=True) == []
    posted = {document for document in undisturbed.documents if document[2] == "posted"}
    assert posted <= end.documents
