"""What became of documents is measured when it is told, and comes to the same whenever it is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from robot.domain.case import Ball
from robot.flow.measure_port import Mark, Measure
from robot.flow.measuring import basis_of, bring_up_to_date
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.journeys import EVER, measures
from tests.support.notices import real_calendar, real_taxonomy


@pytest.fixture(name="by_key")
def _by_key() -> dict[str, Measure]:
    return {item.document_key: item for item in measures()}


def up_to_date(world: FlowWorld, stopping: bool = False) -> int:
    writing = partial(world.store.writing, actor="robot")
    return bring_up_to_date(
        world.store, writing, real_calendar(), real_taxonomy(), stopping=lambda: stopping
    )


def found(world: FlowWorld) -> tuple[object, ...]:
    stored = world.store.measures
    return (
        stored.alike(EVER),
        sorted(stored.moving(EVER), key=lambda it: it.document_key),
        stored.codes(EVER),
        sorted(stored.paths(EVER)),
    )


def test_a_measure_says_what_holds_and_not_when_it_is_asked(by_key: dict[str, Measure]) -> None:
    touchless, bounced, open_one = (by_key[key] for key in "abe")
    assert touchless.marks == (
        Mark.POSTED | Mark.PAID | Mark.DUE | Mark.PAID_ON_TIME | Mark.DEALT
    ) | (Mark.HAS_GOAL | Mark.IN_GOAL)
    assert (touchless.ball, touchless.moving, touchless.waiting) == (None, False, False)
    assert (bounced.bounces, bounced.codes) == (1, ("dimension-missing",))
    assert bounced.held.customer == pytest.approx(22 / 24)
    # With us from the approval on; how long is for whoever asks.
    assert (open_one.ball, open_one.held.centre, open_one.waiting) == (Ball.SAM, 0.0, True)
    assert (open_one.centre_hours, open_one.moving) == (None, False)


def test_what_may_still_move_is_looked_at_for_itself(by_key: dict[str, Measure]) -> None:
    assert not any(item.moving for item in by_key.values())
    back = replace(by_key["b"], ball=Ball.SAM)
    assert back.moving
    assert not replace(back, ball=Ball.CUSTOMER, marks=Mark.DEALT).moving
    assert replace(by_key["e"], marks=Mark.HAS_GOAL).moving


def test_a_run_measures_what_it_told(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1"), an_approved("F-2", remark="hold x"))
    world.run()
    assert world.store.measures.behind() == 0
    assert len(list(world.store.measures.paths(EVER))) == 2
    assert up_to_date(world) == 0


def test_measured_step_by_step_it_is_the_same_as_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = FlowWorld(
        tmp_path, an_approved("F-1"), an_approved("B-1", remark="bounce dimension-missing")
    )
    world.run()
    world.source.documents = [an_approved("B-1", at=14), an_approved("F-3")]
    world.run()
    step_by_step = found(world)
    # A change of what it depends on has all measured again, here by few events at a time.
    monkeypatch.setattr("robot.flow.measuring._PAGE", 3)
    with world.store.writing(actor="robot") as unit:
        unit.measures.begin_anew(1)
    assert up_to_date(world, stopping=True) == 0
    assert found(world) == step_by_step
    assert up_to_date(world) == 3
    assert found(world) == step_by_step
    assert world.store.measures.basis() == basis_of(real_calendar(), real_taxonomy())
