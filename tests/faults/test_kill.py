"""A robot killed at any moment and started again ends where an undisturbed one ends."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable

import pytest

from robot.flow.failpoint import NAMES
from tests.faults.conftest import Moments, Tally
from tests.faults.engines import ENGINES, StoreEngine
from tests.faults.site import Site
from tests.faults.world import EndState

#: Random schedules, three kills each.
SEEDS = 12
#: Moments that only a run after a kill gets to twice: killed there once more.
RECOVERING = ("reconcile-before", "evidence-before", "settle-before", "source-told", "mail-after")


def test_the_undisturbed_run_has_every_outcome(
    undisturbed_site: Site, undisturbed: EndState
) -> None:
    states = {document[2] for document in undisturbed.documents}
    assert states >= {"posted", "bounced", "held", "unreadable"}
    assert len(undisturbed.mails) == 2
    assert len(undisturbed.ledger) == len(set(undisturbed.ledger))
    assert undisturbed_site.breaches() == []


def test_the_undisturbed_run_gets_to_every_named_moment(moments: Moments) -> None:
    assert [name for name, times in moments.items() if not times] == []


@pytest.mark.parametrize("point", NAMES)
def test_killed_the_first_time_it_gets_there(
    site: Site, undisturbed: EndState, moments: Moments, tally: Tally, point: str
) -> None:
    site.kill_at(point)
    assert site.run() == 0
    assert site.end() == undisturbed
    assert site.breaches() == []
    tally("killed", site.engine.name, point=point, effects=moments[point][0])


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("point", NAMES)
def test_killed_every_time_it_gets_there(
    new_site: Callable[[], Site],
    engine: StoreEngine,
    undisturbed: EndState,
    moments: Moments,
    tally: Tally,
    point: str,
) -> None:
    # The first time on SQLite is in the short part.
    first = 2 if engine.name == "sqlite" else 1
    for time, effects in enumerate(moments[point][first - 1 :], start=first):
        site = new_site()
        site.kill_at(f"{point}:{time}")
        assert site.run() == 0
        assert (site.end(), site.breaches()) == (undisturbed, []), f"{point}:{time}"
        tally("killed", engine.name, point=point, effects=effects)


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("again", RECOVERING)
def test_killed_again_while_it_recovers(
    site: Site, undisturbed: EndState, tally: Tally, again: str
) -> None:
    site.kill_at("called:3")
    site.kill_at(again)
    assert site.run() == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("killed again while it recovers", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_at_random_moments_again_and_again(
    site: Site, undisturbed: EndState, tally: Tally, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed to find a failure again, not a secret
    for _ in range(3):
        child = site.start()
        child.join(chance.uniform(0.05, 0.8))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
            tally("killed at a random moment", site.engine.name)
        child.join(60)
        site.engine.let_leases_run_out(site.store)
    assert site.run() == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])
