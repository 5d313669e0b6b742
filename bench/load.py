"""10,000 documents in one run on PostgreSQL: one robot, then two of which one is killed half-way.

Everything is done: read, decided, recorded, posted in the small Navision, bounced and told. The
end state of both has to be the same, with nothing posted twice. Commits reach the disk.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench.endtoend import EXAMPLES, build_world, multiply, settings_for
from bench.ratio import Ratio
from robot import bootstrap
from robot.flow.records import DocumentFilter
from robot.flow.run import run_once
from robot.flow.store_port import Store
from tests.support.servers import PostgresServer, postgres_server

MANY: Final = 10_000
#: How long the survivor waits before it takes over.
LEASE_SECONDS: Final = 15
_LOOK_EVERY: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What came of all documents, and what the ERP's ledger holds."""

    documents: frozenset[tuple[str, str]]
    #: Of two that look alike the first is posted, whichever that is, and the other is held.
    outcomes: tuple[tuple[str, int], ...]
    posted: int
    posted_twice: int


def run(many: int = MANY) -> list[Ratio]:
    """Measure both; refuses to give a number for an end state that is not right.

    Raises:
        RuntimeError: The two robots ended elsewhere than the one, or something was posted twice.
    """
    with tempfile.TemporaryDirectory() as name, postgres_server(durable=True) as server:
        alone, alone_end = _measure(Path(name) / "alone", server, many, robots=1)
        both, both_end = _measure(Path(name) / "both", server, many, robots=2)
    if both_end != alone_end or both_end.posted_twice or len(both_end.documents) != many:
        missing = len(alone_end.documents ^ both_end.documents)
        raise RuntimeError(
            f"{missing} documents are missing, {both_end.posted_twice} posted twice,"
            f" {both_end.outcomes} and not {alone_end.outcomes}"
        )
    return [
        Ratio(
            name=f"{many:,} documents, two robots, one killed half-way ({LEASE_SECONDS} s lease);"
            f" {both_end.posted:,} posted, none twice, same end state",
            value=many / both,
            unit="documents/s",
            floor_name="one robot, undisturbed",
            floor_value=many / alone,
            ratio=alone / both,
            aim="right",
        )
    ]


def work(folder: Path, url: str, owner: str) -> None:
    """One run of one robot, in a process of its own."""
    robot = bootstrap.assemble(settings_for(folder, "load", url), clock=bootstrap.FixedClock())
    try:
        options = bootstrap.run_options(robot.settings, "load")
        run_once(robot.ports, replace(options, owner=owner, lease_seconds=LEASE_SECONDS))
    finally:
        robot.close()


def _measure(folder: Path, server: PostgresServer, many: int, *, robots: int) -> tuple[float, End]:
    """Seconds from the start of the robots to the end of the last, and where it ended."""
    multiply(EXAMPLES / "documents", folder / "documents", many)
    server.create_database(folder.name)
    url = server.url(folder.name)
    build_world(settings_for(folder, "load", url))
    bootstrap.open_store(url, bootstrap.SystemClock()).close()
    processes = multiprocessing.get_context("spawn")
    began = time.perf_counter()
    started = [
        processes.Process(target=work, args=(folder, url, f"robot-{number}"))
        for number in range(robots)
    ]
    for process in started:
        process.start()
    if robots > 1:
        _kill_half_way(started[0], url, many)
    for process in started:
        process.join()
    seconds = time.perf_counter() - began
    if any(process.exitcode for process in started[robots - 1 :]):
        raise RuntimeError("the run did not come to its end")
    return seconds, _end(folder, url)


def _kill_half_way(process: multiprocessing.process.BaseProcess, url: str, many: int) -> None:
    store = bootstrap.open_store(url, bootstrap.SystemClock())
    try:
        while process.is_alive() and _recorded(store) < many // 2:
            time.sleep(_LOOK_EVERY)
    finally:
        store.close()
    process.kill()


def _recorded(store: Store) -> int:
    """How many documents were recorded so far: numbers are given without gaps."""
    return max((row.document or 0 for row in store.trail.rows(acts=("decided",))), default=0)


def _end(folder: Path, url: str) -> End:
    store = bootstrap.open_store(url, bootstrap.SystemClock())
    try:
        rows = list(store.documents.listing(DocumentFilter()))
    finally:
        store.close()
    entries = _ledger(settings_for(folder, "load", url).erp.path)
    return End(
        documents=frozenset((row.core.source_id, row.core.version) for row in rows),
        outcomes=tuple(sorted(Counter(row.state.value for row in rows).items())),
        posted=len(entries),
        posted_twice=len(entries) - len(set(entries)),
    )


def _ledger(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    entries = [
        (name, *map(str, row))
        for name in names
        if name.endswith("$Vendor Ledger Entry")
        for row in connection.execute(
            f'SELECT "Vendor No_", "External Document No_" FROM "{name}"'  # noqa: S608 - our own
        )
    ]
    connection.close()
    return entries


if __name__ == "__main__":
    sys.stdout.write(f"{run(int(sys.argv[1]) if sys.argv[1:] else MANY)}\n")
