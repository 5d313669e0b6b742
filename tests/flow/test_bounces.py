"""A bounce closes the document's key first: nobody is told before that is proven."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from robot.domain.state import State
from robot.flow.ports import Evidence, KeyState
from tests.support.flow_world import FlowWorld, an_approved


@pytest.fixture
def world(tmp_path: Path) -> FlowWorld:
    """F-1 is to be sent back, and the request to close its key was lost."""
    made = FlowWorld(tmp_path, an_approved("F-1", "bounce dimension-missing"))
    made.erp.faults = ["lost"]
    made.run()
    return made


def holds_the_key(world: FlowWorld, state: KeyState, amount: Decimal | None = None) -> None:
    """What an earlier life of the store sent for this version stands under the key."""
    core = world.rows()[0].core
    world.erp.keys[core.document_key] = Evidence(
        state=state,
        generation=core.generation,
        payload_hash="p" * 64,
        receipt="PF00001" if state is KeyState.POSTED else None,
        creditor="10001",
        external_number="F-1",
        amount=amount or core.total,
    )


def told(world: FlowWorld) -> bool:
    return bool(world.source.rejected or world.mails())


def test_while_the_tombstone_is_not_there_nobody_is_told(world: FlowWorld) -> None:
    assert (world.states(), told(world)) == ({"SDI-F-1": State.REJECTING}, False)
    world.run()
    assert (world.states(), told(world)) == ({"SDI-F-1": State.BOUNCED}, True)


def test_a_live_request_that_holds_the_key_is_waited_for_and_may_win(world: FlowWorld) -> None:
    holds_the_key(world, KeyState.TAKEN)
    world.run()
    assert (world.states(), told(world)) == ({"SDI-F-1": State.REJECTING}, False)
    holds_the_key(world, KeyState.POSTED)
    world.run()
    assert (world.states(), told(world)) == ({"SDI-F-1": State.POSTED}, False)
    assert world.rows()[0].receipt == "PF00001"


def test_another_posting_under_the_key_is_for_a_person(world: FlowWorld) -> None:
    holds_the_key(world, KeyState.POSTED, amount=Decimal(1))
    world.run()
    (row,) = world.rows()
    assert (row.state, row.codes, told(world)) == (State.HELD, ("key-conflict",), False)
