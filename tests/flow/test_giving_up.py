"""A request that the ERP drops each time is not sent for ever, and never taken for lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from robot.domain.state import State
from robot.flow.ports import KeyState
from tests.support.factories import a_line, an_invoice
from tests.support.flow_world import FlowWorld, an_approved

PATIENCE: Final = 3


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[FlowWorld]:
    made = FlowWorld(tmp_path, an_approved("F-1"))
    yield made
    made.store.close()


def ask_in_vain(world: FlowWorld, fault: str, runs: int) -> None:
    for _ in range(runs):
        world.erp.faults = [fault]
        world.run(give_up_after=PATIENCE)


def posts(world: FlowWorld) -> int:
    return world.erp.calls.count("post:F-1")


def test_until_then_it_is_asked_once_a_run_under_the_same_key(world: FlowWorld) -> None:
    ask_in_vain(world, "dropped", PATIENCE - 1)

    assert (posts(world), world.states()) == (PATIENCE - 1, {"SDI-F-1": State.POSTING})
    assert "tombstone" not in world.erp.calls


@pytest.mark.parametrize("fault", ["dropped", "lost"])
def test_then_its_key_is_closed_and_a_person_is_asked(world: FlowWorld, fault: str) -> None:
    ask_in_vain(world, fault, PATIENCE)

    (row,) = world.rows()
    assert (row.state, row.codes) == (State.HELD, ("posting-given-up",))
    (evidence,) = world.erp.keys.values()
    assert (evidence.state, evidence.generation) == (KeyState.TOMBSTONE, row.core.generation)


def test_no_later_run_asks_again(world: FlowWorld) -> None:
    ask_in_vain(world, "dropped", PATIENCE)
    before = len([call for call in world.erp.calls if not call.startswith("facts")])

    world.run(give_up_after=PATIENCE)

    assert world.states() == {"SDI-F-1": State.HELD}
    assert len([call for call in world.erp.calls if not call.startswith("facts")]) == before


def test_what_was_only_late_loses_against_the_tombstone(world: FlowWorld) -> None:
    ask_in_vain(world, "late", PATIENCE)

    world.erp.deliver()
    world.run(give_up_after=PATIENCE)

    assert world.states() == {"SDI-F-1": State.HELD}
    assert world.erp.ledger == []


def test_what_arrives_before_the_tombstone_is_posted(world: FlowWorld) -> None:
    """The tombstone is asked for, the late request is quicker, so the tombstone loses."""
    ask_in_vain(world, "late", PATIENCE - 1)
    calls = 0

    def deliver_before_the_tombstone() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            world.erp.deliver()

    world.erp.on_call = deliver_before_the_tombstone
    world.erp.faults = ["dropped"]
    world.run(give_up_after=PATIENCE)

    assert world.states() == {"SDI-F-1": State.POSTED}
    assert len(world.erp.ledger) == 1


def test_a_tombstone_that_is_lost_too_leaves_it_unknown(world: FlowWorld) -> None:
    ask_in_vain(world, "dropped", PATIENCE - 1)
    world.erp.faults = ["dropped", "lost"]
    world.run(give_up_after=PATIENCE)
    assert world.states() == {"SDI-F-1": State.POSTING}

    ask_in_vain(world, "dropped", 1)

    assert world.states() == {"SDI-F-1": State.HELD}


def test_an_erp_that_was_away_for_long_is_asked_to_post_first(world: FlowWorld) -> None:
    ask_in_vain(world, "lost", PATIENCE - 1)
    world.erp.down = True
    for _ in range(PATIENCE):
        world.run(give_up_after=PATIENCE)
    world.erp.down = False

    world.run(give_up_after=PATIENCE)

    assert world.states() == {"SDI-F-1": State.POSTED}
    assert "tombstone" not in world.erp.calls


def test_a_new_approval_is_posted_past_the_tombstone(world: FlowWorld) -> None:
    ask_in_vain(world, "dropped", PATIENCE)
    world.source.documents = [an_approved("F-1", at=20)]

    world.run(give_up_after=PATIENCE)

    assert sorted(row.state for row in world.rows()) == [State.POSTED, State.SUPERSEDED]
    assert len(world.erp.ledger) == 1


def test_waiting_for_the_erp_asks_for_nothing_again(
    world: FlowWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("robot.flow.outbox._CONFIRM_STEP", 1)
    other = an_invoice(number="F-2", lines=(a_line("1", "3000"), a_line("2")))
    world.source.documents.append(replace(an_approved("F-2"), invoice=other))
    world.erp.faults = ["dropped", "asynchronous"]

    world.run(confirm_seconds=1)

    assert (posts(world), world.erp.calls.count("post:F-2")) == (1, 1)
    assert set(world.states().values()) == {State.POSTING}
