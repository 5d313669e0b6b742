"""The protocol is safe and always ends; without any one of its promises it is not safe.

Every state that two robots, a slow network, an ERP that dies between two commits, people and an
older store can bring about is visited. Each weakened protocol is a design that looks sane; the
number of steps is that of its shortest way to the breach.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.faults.report import STATES, note
from tests.faults.report import WEAKENED as WEAKENED_FOUND
from tests.protocol.model import Protocol, World
from tests.protocol.search import search

CHOSEN = Protocol()
QUIET = World(crashes=1, expiries=0, restores=0, versions=0, purges=0, refusals=0)


@dataclass(frozen=True)
class Weakened:
    """A protocol without one of its promises, and the least that has to go wrong for a breach."""

    name: str
    protocol: Protocol
    world: World
    breach: str
    steps: int

    def __str__(self) -> str:
        return self.name


WEAKENED = [
    Weakened(
        "key per attempt",
        Protocol(key="attempt", ledger_check=False, atomic_consumer=True),
        QUIET,
        "posted twice",
        13,
    ),
    Weakened(
        "look, then send again without a key",
        Protocol(key="nothing", ledger_check=False, atomic_consumer=True),
        QUIET,
        "posted twice",
        13,
    ),
    Weakened("absence means bounce", Protocol(absence="bounce"), QUIET, "posted and bounced", 9),
    Weakened(
        "purged keys and no look into the ledger",
        Protocol(ledger_check=False, atomic_consumer=True),
        World(expiries=0, versions=0, restores=0, refusals=0),
        "posted twice",
        14,
    ),
    Weakened(
        "tombstones are purged",
        Protocol(tombstones_kept=False),
        World(restores=0, versions=0),
        "posted and bounced",
        19,
    ),
    Weakened(
        "a consumer that dies before DONE and no look into the ledger",
        Protocol(ledger_check=False),
        QUIET,
        "posted twice",
        8,
    ),
    Weakened(
        "local bounce after a restore",
        Protocol(bounce_takes_the_key=False),
        World(expiries=0, versions=0, purges=0, refusals=0),
        "posted and bounced",
        13,
    ),
    Weakened(
        "local bounce by a robot that lost its lease",
        Protocol(bounce_takes_the_key=False),
        World(restores=0, versions=0, purges=0, refusals=0),
        "posted and bounced",
        11,
    ),
    Weakened(
        "no intent row, so a bounce finds nothing sent",
        Protocol(bounce_takes_the_key=False, intent=False),
        QUIET,
        "posted and bounced",
        12,
    ),
    Weakened(
        "a tombstone yields to the same generation",
        Protocol(tombstone_yields_to="same"),
        World(restores=0, versions=0, purges=0),
        "posted and bounced",
        18,
    ),
    Weakened(
        "a tombstone yields to an earlier generation",
        Protocol(tombstone_yields_to="any"),
        World(restores=0, purges=0, refusals=0),
        "posted and bounced",
        18,
    ),
    Weakened(
        "a generation made up by the robot",
        Protocol(generation_of_the_source=False),
        World(restores=0, versions=0, purges=0),
        "posted and bounced",
        18,
    ),
]


TWO_ROBOTS = World(restores=0, purges=0, refusals=0)


@pytest.mark.parametrize(
    ("world", "at_least"),
    [
        pytest.param(TWO_ROBOTS, 20_000, id="two robots and two versions"),
        pytest.param(World(expiries=0), 20_000, id="a restored store, a purged key, two versions"),
        pytest.param(World(versions=0), 30_000, id="everything, one version"),
        pytest.param(
            World(versions=0, crashes=2),
            40_000,
            id="everything and two crashes, one version",
            marks=pytest.mark.faults,
        ),
    ],
)
def test_the_chosen_protocol_is_safe_and_always_ends(world: World, at_least: int) -> None:
    verdict = search(CHOSEN, world)
    print(f"{verdict.states:,} states")  # noqa: T201 - the count is the result
    assert verdict.breach == ""
    assert verdict.stuck == 0
    assert verdict.states > at_least
    note(STATES, "", times=verdict.states)


@pytest.mark.faults
def test_the_chosen_protocol_is_safe_when_everything_goes_wrong() -> None:
    verdict = search(CHOSEN, World())
    print(f"{verdict.states:,} states")  # noqa: T201 - the count is the result
    assert (verdict.breach, verdict.stuck) == ("", 0)
    assert verdict.states > 400_000
    note(STATES, "", times=verdict.states)


@pytest.mark.parametrize("weakened", WEAKENED, ids=str)
def test_a_protocol_without_one_promise_is_unsafe(weakened: Weakened) -> None:
    verdict = search(weakened.protocol, weakened.world)
    print(*verdict.path, sep="\n")  # noqa: T201 - the way to the breach is the result
    assert (verdict.breach, len(verdict.path)) == (weakened.breach, weakened.steps)
    note(WEAKENED_FOUND, "")


@pytest.mark.parametrize(
    "world", sorted({it.world for it in WEAKENED if it.world != TWO_ROBOTS}, key=str), ids=str
)
def test_the_same_faults_do_the_chosen_protocol_no_harm(world: World) -> None:
    """In a world of two robots and two versions it was shown above."""
    assert search(CHOSEN, world).breach == ""


@pytest.mark.parametrize(
    "unneeded",
    [
        pytest.param(Protocol(fencing=False), id="fencing"),
        pytest.param(Protocol(intent=False), id="an intent row where bounces take the key"),
    ],
)
def test_what_saves_only_work_is_not_what_keeps_it_safe(unneeded: Protocol) -> None:
    assert search(unneeded, World(restores=0, versions=0)).breach == ""


def test_a_local_bounce_is_safe_with_one_robot_and_no_restore() -> None:
    """The weakened bounce is unsafe because of what is added, not by itself."""
    assert search(Protocol(bounce_takes_the_key=False), QUIET).breach == ""
