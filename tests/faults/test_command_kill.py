"""A robot killed while it does what people asked for on the dashboard: each is done once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from robot.domain.state import State
from robot.flow import failpoint
from robot.flow.case_commands import all_acts
from robot.flow.command_port import CommandStatus, NewCommand
from robot.flow.commands import carry_out
from robot.flow.failpoint import OF_COMMANDS
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES, StoreEngine
from tests.faults.matrix import every
from tests.faults.report import COMMAND
from tests.faults.test_mail_in_kill import CASE, WorldOnAnEngine
from tests.support.flow_world import an_approved

#: An act that can be told by its document, and one that would be said twice.
ASKED = (
    ("drop", {"document": "SDI-F-2"}),
    ("case-answer", {"case": CASE}),
)
TIMES = range(1, len(ASKED) + 1)
SHORT = ("sqlite", "command-done", len(ASKED))


def a_centre(folder: Path, store: str) -> None:
    """One invoice is held, another one is bounced and has a case, and two acts are asked for."""
    world = WorldOnAnEngine(
        folder,
        store,
        an_approved("F-1", "bounce wrong-year"),
        an_approved("F-2", "hold outside-criteria"),
    )
    world.run()
    with world.store.writing(actor="anna") as unit:
        for kind, argument in ASKED:
            asked = NewCommand(kind=kind, argument=argument, reason="Betal den.", once=kind)
            unit.commands.ask(asked)
    world.store.close()


def work_off(folder: Path, store: str, point: str = "") -> None:
    world = WorldOnAnEngine(folder, store)
    failpoint.arm(point)
    try:
        acts = all_acts(lambda: list(world.rules.customers), lambda: world.ports)
        carry_out(world.store, world.ports.taxonomy, world.clock, acts)
    finally:
        failpoint.arm("")
        world.store.close()


def is_killed(folder: Path, store: str, point: str) -> bool:
    child = os.fork()
    if child == 0:
        try:
            work_off(folder, store, point)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize(
    ("engine", "point", "time"),
    every(ENGINES, OF_COMMANDS, TIMES, short=[SHORT]),
    indirect=["engine"],
)
def test_killed_at_any_moment_each_act_is_done_once(
    engine: StoreEngine, tmp_path: Path, tally: Tally, point: str, time: int
) -> None:
    folder = tmp_path / "robot"
    store = engine.empty_store(folder)
    a_centre(folder, store)
    try:
        assert is_killed(folder, store, f"{point}:{time}")
        work_off(folder, store)
        world = WorldOnAnEngine(folder, store)
        said = [it.text for it in world.store.cases.entries(CASE, internal=True)]
        acts = [row.act for row in world.store.trail.rows()]
        assert world.states()["SDI-F-2"] is State.DROPPED
        assert (said.count("Betal den."), acts.count("dropped")) == (1, 1)
        assert {it.status for it in world.store.commands.last()} == {CommandStatus.DONE}
        assert world.store.trail.verify().broken_at is None
        world.store.close()
    finally:
        engine.clear_away()
    tally("killed", engine.name, point=point, effects=COMMAND)
