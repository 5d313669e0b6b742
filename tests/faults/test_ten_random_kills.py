"""Killed at ten random moments, a run ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal

from tests.faults.conftest import Tally
from tests.faults.site import Site
from tests.faults.world import EndState

MOMENTS = 10
#: A start whose run is over before its moment counts for nothing.
STARTS = 40


def test_killed_at_ten_random_moments_the_end_is_that_of_one_undisturbed_run(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    chance = random.Random(2026)  # noqa: S311 - a seed to find a failure again, not a secret
    killed = 0
    for _ in range(STARTS):
        if killed == MOMENTS:
            break
        child = site.start()
        child.join(chance.uniform(0.02, 0.5))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
            killed += 1
        child.join(60)
    assert killed == MOMENTS
    assert site.run() == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("killed at a random moment", site.engine.name, times=MOMENTS)
