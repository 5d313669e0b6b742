"""10,000 documents in one run on PostgreSQL: one robot, then two of which one is killed half-way.

Everything is done: read, decided, recorded, posted in the small Navision, bounced and told. The
end state of both has to be the same, with nothing posted twice, each bounced document in one mail
that lies there once, and an audit trail without a gap. Commits reach the disk.
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
from robot.domain.state import State
from robot.flow.records import DocumentFilter
from robot.flow.run import run_once
from robot.flow.store_port import Store
from tests.support.servers import PostgresServer, postgres_server

MANY: Final = 10_000
#: Where it is one of many subjects.
FEW: Final = 1_000
#: How long the survivor waits before it takes over.
LEASE_SECONDS: Final = 15
_LOOK_EVERY: Final = 0.2
#: Where a document may be when all is done.
_ENDS: Final = frozenset(
    state.value for state in (State.POSTED, State.BOUNCED, State.HELD, State.UNREADABLE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What came of all documents, and what the ERP's ledger holds."""

    documents: frozenset[tuple[str, str]]
    #: Of two that look alike the first is posted, whichever that is, and the other is held.
    outcomes: tuple[tuple[str, int], ...]
    posted: int
    posted_twice: int
    #: What is wrong in words; nothing when it ended as it should.
    wrong: tuple[str, ...] = ()


def run(many: int = MANY) -> list[Ratio]:
    """Measure both; refuses to give a number for an end state that is not right.

    Raises:
        RuntimeError: The two robots ended elsewhere than the one, or something was posted twice.
    """
    with tempfile.TemporaryDirectory() as name, postgres_server(durable=True) as server:
        alone, alone_end = _measure(Path(name) / "alone", server, many, robots=1)
        both, both_end = _measure(Path(name) / "both", server, many, robots=2)
    missing = len(alone_end.documents ^ both_end.documents)
    if both_end != alone_end or both_end.wrong or len(both_end.documents) != many:
        raise RuntimeError(
            f"{missing} documents differ, {both_end.posted_twice} are posted twice,"
            f" {both_end.outcomes} and not {alone_end.outcomes}; {'; '.join(both_end.wrong)}"
        )
    return [
        Ratio(
            name=f"{many:,} documents, two robots, one killed half-way ({LEASE_SECONDS} s lease);"
            f" {both_end.posted:,} posted, none twice, each notice once, trail whole, same end"
            " state",
            value=many / both,
            unit="documents/s",
            floor_name="one robot, undisturbed",
            floor_value=many / alone,
            ratio=alone / both,
            aim="right",
        )
    ]


def brief() -> list[Ratio]:
    """The same with fewer documents."""
    return run(FEW)


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
    before = _ledger(settings_for(folder, "load", url).erp.path)
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
    return seconds, _end(folder, url, before=len(before))


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


def _end(folder: Path, url: str, *, before: int) -> End:
    store = bootstrap.open_store(url, bootstrap.SystemClock())
    try:
        rows = list(store.documents.listing(DocumentFilter()))
        mails = list(store.mails.all())
        proof = store.trail.verify()
    finally:
        store.close()
    given = settings_for(folder, "load", url)
    entries = _ledger(given.erp.path)
    outcomes = Counter(row.state.value for row in rows)
    twice = len(entries) - len(set(entries))
    told = sum(mail.notices for mail in mails)
    delivered = sum(1 for _ in (given.mail.path / "new").glob("*"))
    found = {
        f"{twice} are posted twice": twice,
        f"{len(entries) - before} are in the ledger": (
            len(entries) - before != outcomes[State.POSTED.value]
        ),
        f"{told} are told, {outcomes[State.BOUNCED.value]} bounced": (
            told != outcomes[State.BOUNCED.value]
        ),
        f"{len(mails)} mails were written, {delivered} lie there": len(mails) != delivered,
        f"the trail is broken: {proof.problem}": proof.broken_at is not None,
        f"some are on their way: {dict(outcomes)}": not _ENDS.issuperset(outcomes),
    }
    return End(
        documents=frozenset((row.core.source_id, row.core.version) for row in rows),
        outcomes=tuple(sorted(outcomes.items())),
        posted=len(entries) - before,
        posted_twice=twice,
        wrong=tuple(words for words, wrong in found.items() if wrong),
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
