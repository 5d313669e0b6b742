"""The same work in turn, on more cores and on a real Dask cluster of two workers on loopback."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from distributed import Client

from robot.adapters.workers import InTurn, OnCluster, OnCores, Workers
from robot.errors import HistoryError, WorkersError
from robot.flow.past import Narrowing, Part
from robot.rulebook.backtest.comparison import Comparison
from robot.rulebook.backtest.preparing import prepare
from robot.rulebook.backtest.work import CompareParts
from tests.rulebook.backtest.test_comparison import HIGHER, invoice
from tests.rulebook.backtest.world import Past, rules

_STARTED = re.compile(r"Scheduler at:\s+(tcp://\S+)")


def compared(work: CompareParts, past: Past, workers: Workers) -> Comparison:
    total = Comparison()
    for done in workers.each(work, past.reader.parts(Narrowing())):
        total.take_in(done, 10)
    return total


def broken(folder: Path) -> tuple[CompareParts, list[Part]]:
    """Work on two parts whose files are gone."""
    october = date(2026, 10, 1)
    gone = Past(folder, [invoice("k1", 10), invoice("k2", 10, decided_on=october)])
    parts = gone.reader.parts(Narrowing())
    for path in (folder / "decisions").rglob("*.parquet"):
        path.unlink()
    return CompareParts(gone.reader, Narrowing(), prepare(rules(), rules())), parts


@pytest.fixture(name="past", scope="module")
def _past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Three months, so three parts."""
    days = [date(2026, 8 + n % 3, 3) for n in range(12)]
    return Past(
        tmp_path_factory.mktemp("past"),
        [invoice(f"k{n}", 990 + n, decided_on=day) for n, day in enumerate(days)],
    )


@pytest.fixture(name="work", scope="module")
def _work(past: Past) -> CompareParts:
    return CompareParts(past.reader, Narrowing(), prepare(rules(), rules(customer=HIGHER)))


@pytest.fixture(name="scheduler", scope="module")
def _scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own, on ports that were free."""
    folder = tmp_path_factory.mktemp("dask")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONWARNINGS": "ignore"}
    base = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    log = (folder / "scheduler.log").open("w+")
    started = [
        subprocess.Popen(  # noqa: S603
            [*base, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
            stderr=log,
            stdout=log,
            env=environment,
        )
    ]
    try:
        address = _address(folder / "scheduler.log", started[0])
        for name in ("one", "two"):
            command = [sys.executable, "-m", "distributed.cli.dask_worker", address]
            command += ["--nworkers", "1", "--nthreads", "2", "--no-nanny", "--no-dashboard"]
            command += ["--name", name, "--local-directory", str(folder)]
            started.append(
                subprocess.Popen(command, stderr=log, stdout=log, env=environment)  # noqa: S603
            )
        _wait_for_workers(address, 2)
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
        log.close()


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        found = _STARTED.search(log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def _wait_for_workers(address: str, number: int) -> None:
    with Client(address, timeout=30, set_as_default=False) as client:  # type: ignore[no-untyped-call]  # Dask's own
        client.wait_for_workers(number, timeout=60)


def test_more_cores_find_the_same(work: CompareParts, past: Past) -> None:
    alone = compared(work, past, InTurn())
    assert alone.newly_posted.documents == 1
    assert compared(work, past, OnCores(2)) == alone


def test_a_fault_at_another_core_is_told_as_it_is(tmp_path: Path) -> None:
    work, parts = broken(tmp_path)
    with pytest.raises(HistoryError, match="can't be read"):
        list(OnCores(2).each(work, parts))


def test_a_cluster_finds_the_same_and_tells_faults_as_they_are(
    work: CompareParts, past: Past, scheduler: str, tmp_path: Path
) -> None:
    assert compared(work, past, OnCluster(scheduler)) == compared(work, past, InTurn())
    fails, parts = broken(tmp_path)
    with pytest.raises(HistoryError, match="can't be read"):
        list(OnCluster(scheduler).each(fails, parts))


def test_a_scheduler_that_is_not_there_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    monkeypatch.setattr("robot.adapters.workers.PATIENCE", 1)
    with pytest.raises(WorkersError, match="can't be reached"):
        list(OnCluster(f"tcp://127.0.0.1:{free}").each(str, [1]))
