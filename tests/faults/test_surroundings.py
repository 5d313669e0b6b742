"""What people and machines do around a robot at work: it stops safely, and the next run finishes.

The robot is stopped (SIGSTOP) at a moment, something happens, and it goes on.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from robot.flow.failpoint import NAMES
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.matrix import every
from tests.faults.site import Site, wait_until_frozen
from tests.faults.test_disk import resize
from tests.faults.test_kill_switch import outcomes
from tests.faults.world import FAULT, EndState, Orders

MOVING = ["pulled:2", "record-before", "claim-after", "source-before"]


def finishes(site: Site, undisturbed: EndState) -> None:
    """A mail may tell of fewer documents when the rest came a run later."""
    site.recover()
    assert (outcomes(site.end()), site.breaches()) == (outcomes(undisturbed), [])


@pytest.mark.parametrize(
    "point",
    every(NAMES, short=[("claim-after",)]),
)
def test_told_to_stop_at_any_moment(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    with site.frozen_at(point) as robot:
        robot.terminate()
    assert robot.exitcode == 0
    finishes(site, undisturbed)
    tally("told to stop (SIGTERM)", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("point", MOVING)
def test_the_folder_of_documents_is_away_for_a_while(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    documents, away = site.folder / "documents", site.folder / "away"
    with site.frozen_at(point) as robot:
        documents.rename(away)
    assert robot.exitcode == 0
    away.rename(documents)
    finishes(site, undisturbed)
    tally("source away in the middle of a run", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("point", ["run-begun", "mail-before", "mail-before:2"])
def test_no_mail_can_be_stored(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    mail, kept = site.folder / "mail", site.folder / "kept"
    with site.frozen_at(point) as robot:
        if mail.exists():
            mail.rename(kept)
        mail.write_text("not a folder")
    assert robot.exitcode == 0
    mail.unlink()
    if kept.exists():
        kept.rename(mail)
    finishes(site, undisturbed)
    tally("mails can't be stored", site.engine.name)


@pytest.mark.parametrize(
    "point",
    ["record-before", *(pytest.param(it, marks=pytest.mark.faults) for it in MOVING[2:])],
)
def test_the_disk_of_the_store_turns_read_only(
    site: Site, tmp_path: Path, undisturbed: EndState, tally: Tally, point: str
) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    resize(disk, "20m", "mount")
    try:
        shutil.copy(site.folder / "robot.db", disk / "robot.db")
        site.store = f"sqlite:///{disk / 'robot.db'}"
        # The kernel keeps a disk writable while somebody writes, so the robot begins anew on it.
        site.kill_at(point)
        resize(disk, "20m,ro")
        assert site.run() == FAULT
        resize(disk, "20m,rw")
        finishes(site, undisturbed)
    finally:
        os.system(f"/usr/bin/umount {disk}")  # noqa: S605 - our own path
    tally("disk turns read-only", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("few", [8, 9, 11, 13])
def test_no_more_files_can_be_opened(
    site: Site, undisturbed: EndState, tally: Tally, few: int
) -> None:
    assert site.run(Orders(open_files=few)) in {0, FAULT}
    finishes(site, undisturbed)
    tally("out of file handles", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("point", MOVING[1:3])
def test_another_program_writes_to_the_store_for_long(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    with (
        closing(sqlite3.connect(site.folder / "robot.db", isolation_level=None)) as other,
        site.frozen_at(point) as robot,
    ):
        other.execute("BEGIN IMMEDIATE")
    assert robot.exitcode == FAULT
    finishes(site, undisturbed)
    tally("store locked by another program", site.engine.name)


def test_another_program_reads_the_store_for_long(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    """A reader hinders no writer; it only keeps the log from shrinking."""
    with closing(sqlite3.connect(site.folder / "robot.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM document").fetchone()
        assert site.run() == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("store read by another program for the whole run", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("point", MOVING[1:3])
def test_another_program_holds_the_erps_database_for_a_while(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    with closing(sqlite3.connect(site.folder / "navision.db", isolation_level=None)) as other:
        robot = site.start(Orders(point=f"freeze {point}"))
        wait_until_frozen(robot.pid)
        assert robot.pid is not None
        other.execute("BEGIN IMMEDIATE")
        os.kill(robot.pid, signal.SIGCONT)
        time.sleep(3)
        other.execute("ROLLBACK")
    robot.join(120)
    assert robot.exitcode in {0, FAULT}
    finishes(site, undisturbed)
    tally("ERP locked by another program", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("point", ["run-begun", "claim-after", "called:3", "mail-before"])
def test_a_second_store_is_set_up_on_the_same_erp(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    """Two installations by mistake: the ERP's keys know of both, so nothing is posted twice."""
    (site.folder / "other").mkdir()
    pristine = site.engine.backup(site.store)
    second = f"sqlite:///{pristine}" if site.engine.name == "sqlite" else pristine
    with site.frozen_at(point) as robot:
        assert site.run(store=second) == 0
    assert robot.exitcode == 0
    site.recover()
    assert site.run(store=second) == 0
    assert site.end().ledger == undisturbed.ledger
    assert site.end().rejected == undisturbed.rejected
    # Both tell of what both bounced; that is the one thing that no key at the ERP keeps apart.
    assert [it for it in site.breaches() if not it.startswith("I8")] == []
    tally("two stores on one ERP", site.engine.name)
