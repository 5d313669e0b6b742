"""Several robots, each a process of its own, on one PostgreSQL store."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from robot.adapters.store.store import SqlStore, open_store
from robot.flow.context import Run, RunOptions
from robot.flow.records import DocumentFilter, Lease
from robot.flow.sharing import read_mine
from tests.faults.engines import Postgresql
from tests.faults.site import Site, robot_processes
from tests.faults.world import FAULT, EndState, Orders, Standing, build, run_in
from tests.support.flow_world import FlowWorld
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


def test_a_robot_tells_all_of_its_own_though_another_tells_while_it_looks(
    site: Site, undisturbed: EndState
) -> None:
    """The other one tells its customer after this one has seen that customer waiting."""
    store = open_store(site.store, Standing())
    first = store.take_shares(store.join(owner="first", seconds=600), ["Skovfogedskolen"])
    told: list[str] = []
    with site.frozen_at("tell-before", an_order("other")) as other:
        store.release(first)

        def let_the_other_tell(*seen: object) -> None:
            if "min(document.customer)" in str(seen[2]) and not told:
                told.append("Fyrvæsenet")
                os.kill(other.pid or 0, signal.SIGCONT)
                _wait_until_done(store, "Fyrvæsenet")

        event.listen(Engine, "after_cursor_execute", let_the_other_tell)
        try:
            run_in(site.folder, site.store, Orders(owner="this one"))
        finally:
            event.remove(Engine, "after_cursor_execute", let_the_other_tell)
    store.close()
    assert told
    assert other.exitcode == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])


def test_rows_that_come_up_when_a_share_was_taken_are_looked_at_too(
    site: Site, tmp_path: Path
) -> None:
    store = open_store(site.store, Standing())
    lease = store.take_shares(store.join(owner="one", seconds=600), ["A/S Vest"])
    other = store.take_shares(store.join(owner="other", seconds=600), ["A/S Øst"])
    ports = replace(FlowWorld(tmp_path).ports, store=store)
    options = RunOptions(owner="one")
    run = Run(ports=ports, options=options, lease=lease, id=0, today=ports.today(), shared=True)
    waiting = [["A/S Øst"], ["A/S Vest"], ["A/S Vest"]]

    def read_while_the_other_ends() -> list[str]:
        store.release(other)
        return waiting.pop(0)

    rows, ours = read_mine(run, read_while_the_other_ends, str)
    store.close()
    assert rows == ours == ["A/S Vest"]


def _wait_until_done(store: SqlStore, company: str) -> None:
    nobody = Lease(name="", owner="", token=0, seconds=0)
    until = time.monotonic() + SECONDS
    while company not in store.standing(nobody, [company]).done:
        assert time.monotonic() < until
        time.sleep(0.05)


def _wait_until_stopped(pid: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        if state == "T":
            return
        time.sleep(0.05)
    pytest.fail("the robot did not get to where it was to be frozen")
