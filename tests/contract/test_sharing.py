"""Several robots, each a process of its own, on one PostgreSQL store."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from robot.adapters.store.store import open_store
from robot.flow.records import DocumentFilter
from tests.faults.engines import Postgresql
from tests.faults.site import Site, robot_processes
from tests.faults.world import FAULT, EndState, Orders, Standing, build
from tests.support.servers import postgres_server

#: Long enough for a robot at work on a busy machine, short enough to wait for.
LEASE_SECONDS = 5
SECONDS = 120


@pytest.fixture(name="new_site", scope="module")
def _new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Site]]:
    folder = tmp_path_factory.mktemp("sharing")
    build(folder / "pristine")
    processes = robot_processes()
    with postgres_server() as server:
        engine = Postgresql(server)
        count = iter(range(1000))

        def make() -> Site:
            return Site.of(folder / "pristine", folder / f"site-{next(count)}", engine, processes)

        yield make


@pytest.fixture(name="undisturbed", scope="module")
def _undisturbed(new_site: Callable[[], Site]) -> EndState:
    site = new_site()
    assert site.run() == 0
    return site.end()


@pytest.fixture(name="site")
def _site(new_site: Callable[[], Site]) -> Site:
    return new_site()


def an_order(owner: str, point: str = "") -> Orders:
    return Orders(owner=owner, point=point, lease_seconds=LEASE_SECONDS)


def documents_of_runs(site: Site) -> Counter[int | None]:
    store = open_store(site.store, Standing())
    try:
        return Counter(row.run for row in store.documents.listing(DocumentFilter()))
    finally:
        store.close()


def test_two_robots_share_the_work_and_do_nothing_twice(site: Site, undisturbed: EndState) -> None:
    robots = [site.start(an_order(owner)) for owner in ("one", "other")]
    for robot in robots:
        robot.join(SECONDS)
    assert [robot.exitcode for robot in robots] == [0, 0]
    assert site.end() == undisturbed
    assert site.breaches() == []


def test_what_a_killed_robot_left_is_done_by_the_other_in_the_same_run(
    site: Site, undisturbed: EndState
) -> None:
    killed = site.start(an_order("killed", "called:2"))
    survivor = site.start(an_order("survivor"))
    killed.join(SECONDS)
    survivor.join(SECONDS)
    assert survivor.exitcode == 0
    assert site.end() == undisturbed
    assert site.breaches() == []


@pytest.mark.parametrize("point", ["decided:1", "called:1"])
def test_a_frozen_robot_that_wakes_up_can_do_nothing_with_the_lease_that_it_lost(
    site: Site, undisturbed: EndState, point: str
) -> None:
    frozen = site.start(an_order("frozen", f"freeze {point}"))
    assert frozen.pid is not None
    _wait_until_stopped(frozen.pid)
    awake = site.run(an_order("awake"))
    assert awake == 0
    done = site.end()
    os.kill(frozen.pid, signal.SIGCONT)
    frozen.join(SECONDS)
    assert frozen.exitcode == FAULT
    assert site.end() == done == undisturbed
    assert site.breaches() == []
    assert set(documents_of_runs(site)) == {2}


def test_documents_that_went_by_before_their_company_was_free_are_done_in_the_same_run(
    site: Site, undisturbed: EndState
) -> None:
    store = open_store(site.store, Standing())
    lease = store.join(owner="first", seconds=600)
    lease = store.take_shares(lease, ["Fyrvæsenet", "Skovfogedskolen"])
    late = site.start(an_order("late", "freeze pulled:2"))
    assert late.pid is not None
    _wait_until_stopped(late.pid)
    store.release(lease)
    store.close()
    os.kill(late.pid, signal.SIGCONT)
    late.join(SECONDS)
    assert late.exitcode == 0
    assert site.end() == undisturbed
    assert site.breaches() == []


def _wait_until_stopped(pid: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        if state == "T":
            return
        time.sleep(0.05)
    pytest.fail("the robot did not get to where it was to be frozen")
