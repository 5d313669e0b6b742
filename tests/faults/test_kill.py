"""A robot killed at any moment and started again ends where an undisturbed one ends."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from robot.flow.failpoint import NAMES
from tests.faults.world import EndState, build, end_state, run_in

pytestmark = pytest.mark.faults

#: Which time the run gets to the moment: the first, and one in the middle where there are several.
POINTS = [
    *NAMES,
    "record-after:2",
    "claim-after:3",
    "called:5",
    "source-told:3",
    "mail-after:2",
]
#: Three kills each.
SEEDS = 3


@pytest.fixture(name="processes", scope="module")
def _processes() -> ForkServerContext:
    """Processes of their own, forked from a clean one that has imported the robot already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.world"])
    return context


@pytest.fixture(name="pristine", scope="module")
def _pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine")
    build(folder)
    return folder


@pytest.fixture(name="undisturbed", scope="module")
def _undisturbed(
    pristine: Path, processes: ForkServerContext, tmp_path_factory: pytest.TempPathFactory
) -> EndState:
    folder = tmp_path_factory.mktemp("undisturbed") / "world"
    shutil.copytree(pristine, folder)
    assert _run(processes, folder) == 0
    return end_state(folder)


@pytest.fixture(name="folder")
def _folder(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "world"))


def _run(processes: ForkServerContext, folder: Path, point: str = "") -> int | None:
    child = processes.Process(target=run_in, args=(folder, point))
    child.start()
    child.join(60)
    return child.exitcode


def test_the_undisturbed_run_has_every_outcome(undisturbed: EndState) -> None:
    states = {document[2] for document in undisturbed.documents}
    assert states >= {"posted", "bounced", "held", "unreadable"}
    assert len(undisturbed.mails) == 2
    assert len(undisturbed.ledger) == len(set(undisturbed.ledger))


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_moment(
    processes: ForkServerContext, folder: Path, undisturbed: EndState, point: str
) -> None:
    assert _run(processes, folder, point) == -signal.SIGKILL
    assert _run(processes, folder) == 0
    assert end_state(folder) == undisturbed


@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_at_random_moments_again_and_again(
    processes: ForkServerContext, folder: Path, undisturbed: EndState, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed to find a failure again, not a secret
    for _ in range(3):
        child = processes.Process(target=run_in, args=(folder,))
        child.start()
        child.join(chance.uniform(0.2, 1.2))
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join(60)
    assert _run(processes, folder) == 0
    assert end_state(folder) == undisturbed
