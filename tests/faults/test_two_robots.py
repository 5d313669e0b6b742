"""Two robots at once, and one that froze and wakes up after the other has taken over."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.site import Site
from tests.faults.world import FAULT, EndState, Orders

#: Where it freezes: with nothing sent, with an intent, with a posting done, with a mail in hand.
FREEZING = ["record-before", "claim-after", "called:3", "source-told:2", "mail-before"]


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("attempt", range(6))
def test_two_robots_start_at_once(
    site: Site, undisturbed: EndState, tally: Tally, attempt: int
) -> None:
    robots = [site.start(Orders(owner=f"robot-{attempt}-{name}")) for name in ("a", "b")]
    for robot in robots:
        robot.join(120)
    ended = sorted(robot.exitcode or 0 for robot in robots)
    # On a file one waits for its next run; on a server both share the work.
    assert ended in ([0, 0], [0, FAULT])
    if ended == [0, FAULT]:
        # What a robot had begun that gave up is finished by the next run.
        site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, []), ended
    tally("two robots at once", site.engine.name)


@pytest.mark.parametrize("point", FREEZING[2:3])
def test_a_frozen_robot_keeps_the_file_so_the_other_one_waits(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    frozen_then_woken(site, point, other_ends_with=FAULT)
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("frozen past its lease", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("point", FREEZING)
def test_a_frozen_robot_that_lost_its_lease_does_nothing_more(
    site: Site, undisturbed: EndState, tally: Tally, point: str
) -> None:
    """It may be about to call the ERP or to send a mail; what it writes is refused."""
    frozen = frozen_then_woken(site, point, other_ends_with=0)
    assert frozen == FAULT
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("frozen past its lease", site.engine.name)


def frozen_then_woken(site: Site, point: str, *, other_ends_with: int) -> int | None:
    """A robot stops at a moment, another one does its run, the first goes on; how it ended."""
    with site.frozen_at(point, Orders(owner="frozen")) as frozen:
        site.engine.let_leases_run_out(site.store)
        assert site.run(Orders(owner="other")) == other_ends_with
    return frozen.exitcode
