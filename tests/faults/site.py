"""One world with its store, the robots that are sent there, and what has to hold afterwards."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

from tests.faults.engines import StoreEngine
from tests.faults.invariants import breaches
from tests.faults.world import EndState, Orders, end_state, run_in

SECONDS: Final = 120
#: Runs after the faults have stopped within which everything has its outcome (liveness).
RUNS_TO_RECOVER: Final = 2


def robot_processes() -> ForkServerContext:
    """Processes of their own, forked from a clean one that has done a run already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.warm"])
    return context


@dataclass(slots=True, kw_only=True)
class Site:
    """A world in a folder with a store on an engine."""

    folder: Path
    engine: StoreEngine
    processes: ForkServerContext
    store: str = ""

    @classmethod
    def of(
        cls, pristine: Path, folder: Path, engine: StoreEngine, processes: ForkServerContext
    ) -> Site:
        """A site of its own in a folder that is not there yet."""
        shutil.copytree(pristine, folder)
        return cls(
            folder=folder,
            engine=engine,
            processes=processes,
            store=engine.empty_store(folder),
        )

    def start(self, orders: Orders = Orders(), *, store: str = "") -> ForkServerProcess:  # noqa: B008
        """A robot at work; `store` leads it past the site's own address, through a proxy."""
        child = self.processes.Process(
            target=run_in, args=(self.folder, store or self.store, orders)
        )
        child.start()
        return child

    def run(self, orders: Orders = Orders(), *, store: str = "") -> int | None:  # noqa: B008
        """One run from begin to end; the exit code, negative for a signal."""
        child = self.start(orders, store=store)
        child.join(SECONDS)
        if child.is_alive():
            child.kill()
            child.join()
            raise AssertionError(f"the robot did not end within {SECONDS} seconds")
        return child.exitcode

    def kill_at(self, point: str, orders: Orders = Orders()) -> None:  # noqa: B008
        """A run that is killed at a moment; a killed robot's lease is let run out."""
        ended = self.run(replace(orders, point=point))
        assert ended == -signal.SIGKILL, f"the run did not get to {point}: it ended with {ended}"
        self.engine.let_leases_run_out(self.store)

    @contextmanager
    def frozen_at(
        self,
        point: str,
        orders: Orders = Orders(),  # noqa: B008
    ) -> Iterator[ForkServerProcess]:
        """A robot that stands still at a moment while something happens, and then goes on."""
        robot = self.start(replace(orders, point=f"freeze {point}"))
        wait_until_frozen(robot.pid)
        assert robot.pid is not None
        try:
            yield robot
        finally:
            os.kill(robot.pid, signal.SIGCONT)
            robot.join(SECONDS)

    def recover(self) -> None:
        """The faults have stopped: everything gets its outcome."""
        self.engine.let_leases_run_out(self.store)
        for _ in range(RUNS_TO_RECOVER):
            ended = self.run()
            assert ended == 0, f"the faults have stopped, and a run ended with {ended}"

    def end(self) -> EndState:
        return end_state(self.folder, self.store)

    def breaches(self, *, restored: bool = False) -> list[str]:
        return breaches(self.folder, self.store, restored=restored)

    def backup(self) -> str:
        """A copy of the store as it is now."""
        return self.engine.backup(self.store)

    def restore(self, copy: str) -> None:
        """Go on with an older store; the rest of the world stays as it is."""
        self.store = self.engine.restore(copy, self.store)


def wait_until_frozen(pid: int | None) -> None:
    """Until the kernel says that the process is stopped."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123 - not a file
            if file.read().rpartition(")")[2].split()[0] == "T":
                return
        time.sleep(0.01)
    raise AssertionError("the robot did not get to its freezing point")
