"""The way to the robot's own database fails: nothing is lost, and nothing is done twice.

The proxy stands between the robot and PostgreSQL; SQLite has no such way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from tests.faults.conftest import Tally
from tests.faults.engines import Postgresql
from tests.faults.proxy import Poison, Proxy, Toxic, proxy_to
from tests.faults.site import Site
from tests.faults.world import FAULT, EndState

pytestmark = [
    pytest.mark.faults,
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]

#: Which commit of a run: the run's beginning, a batch, an intent, an outcome, a mail.
COMMITS = (1, 2, 4, 6, 9, 13, 18, 24)
#: Cuts at any packet of a run.
CUTS = 24


@pytest.fixture
def proxy(postgresql: Postgresql) -> Iterator[Proxy]:
    with proxy_to(postgresql.server.port) as made:
        yield made


def through(proxy: Proxy, store: str) -> str:
    """The store's address by way of the proxy."""
    return re.sub(r":\d+/", f":{proxy.port}/", store)


@pytest.mark.parametrize("commit", COMMITS)
@pytest.mark.parametrize("toxic", [Toxic.CUT, Toxic.DROP_ANSWER, Toxic.DELAY])
def test_the_way_fails_at_a_commit(
    site: Site, proxy: Proxy, undisturbed: EndState, tally: Tally, toxic: Toxic, commit: int
) -> None:
    poison = proxy.add(Poison(toxic=toxic, pattern=b"COMMIT", time=commit))
    ended = site.run(store=through(proxy, site.store))
    assert poison.done.is_set(), f"the run made fewer than {commit} commits"
    assert ended in {0, FAULT}
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally(f"database: commit {toxic}", site.engine.name)


@pytest.mark.parametrize("seed", range(CUTS))
def test_the_way_is_cut_at_any_packet(
    site: Site, proxy: Proxy, undisturbed: EndState, tally: Tally, seed: int
) -> None:
    packet = random.Random(seed).randrange(1, 400)  # noqa: S311 - a seed to find a failure again
    toxic = (Toxic.CUT, Toxic.DROP_ANSWER, Toxic.HALF_ANSWER)[seed % 3]
    poison = proxy.add(Poison(toxic=toxic, time=packet))
    ended = site.run(store=through(proxy, site.store))
    assert ended in {0, FAULT}
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    if poison.done.is_set():
        tally(f"database: packet {toxic}", site.engine.name)


@pytest.mark.parametrize("point", ["record-before", "claim-after", "called:3", "mail-before"])
def test_the_database_is_restarted_in_the_middle_of_a_run(
    site: Site, postgresql: Postgresql, undisturbed: EndState, tally: Tally, point: str
) -> None:
    with site.frozen_at(point) as robot:
        postgresql.server.stop(kill=True)
        postgresql.server.start()
    assert robot.exitcode in {0, FAULT}
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("database restarted in the middle of a run", site.engine.name)


@pytest.mark.parametrize("commit", [3, 8, 15])
def test_no_answer_comes_and_the_connection_stays_open(
    site: Site, proxy: Proxy, undisturbed: EndState, tally: Tally, commit: int
) -> None:
    """The robot waits; whoever watches it restarts it (`doctor --alive`, systemd, a container)."""
    poison = proxy.add(Poison(toxic=Toxic.SILENCE, pattern=b"COMMIT", time=commit))
    robot = site.start(store=through(proxy, site.store))
    assert poison.done.wait(60)
    robot.join(1)
    robot.kill()
    robot.join()
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally(f"database: commit {Toxic.SILENCE}", site.engine.name)
