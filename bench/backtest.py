"""A backtest over a year of history: 900,000 documents, read from Parquet and decided twice.

The floor is the live decision row by row: the same documents, values already in memory, decided
by one rule set. The time is the processor's own, so that what else the machine does matters less.
Set BENCH_DOCUMENTS for another size.
"""

from __future__ import annotations

import os
import re
import resource
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.history import generate, write_rules
from bench.ratio import Ratio
from robot.adapters.history.reader import HistoryReader
from robot.adapters.workers import InTurn, OnCores, Workers
from robot.checks.catalogue import CATALOGUE
from robot.flow.past import Narrowing, PastBatch
from robot.rulebook.backtest.comparison import Comparison, Job
from robot.rulebook.backtest.preparing import prepare
from robot.rulebook.backtest.work import CompareParts
from robot.rulebook.loader import load

DOCUMENTS: Final = int(os.environ.get("BENCH_DOCUMENTS", "900000"))
CUSTOMERS: Final = 160
SECONDS: Final = 60
CORES: Final = 2
#: Rows on which the live decision is timed.
SAMPLE: Final = 1_000


def run() -> list[Ratio]:
    """Seconds for a changed limit at every customer, and documents a second beside row by row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kredse = write_rules(folder / "rules", CUSTOMERS)
        generate(DOCUMENTS, folder / "history", rules=folder / "rules", kredse=kredse)
        write_rules(folder / "changed", CUSTOMERS)
        raise_limits(folder / "changed")
        began, used = time.perf_counter(), time.process_time()
        total, largest = backtest(folder, InTurn())
        cpu, wall = time.process_time() - used, time.perf_counter() - began
        began, used = time.perf_counter(), _processor_time()
        assert backtest(folder, OnCores(CORES))[0].documents == DOCUMENTS
        cpu_on_cores, wall_on_cores = _processor_time() - used, time.perf_counter() - began
        live = _row_by_row(folder)
    assert total.documents == DOCUMENTS
    assert total.not_replayed == 0
    assert total.newly_posted.documents > 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    per_year = cpu * 900_000 / DOCUMENTS
    return [
        Ratio(
            name=f"backtest of {DOCUMENTS:,} documents ({wall:,.0f} s by the clock)",
            value=cpu,
            unit="s of one core",
            floor_name="aim for a year, 900,000 documents",
            floor_value=SECONDS,
            ratio=SECONDS / per_year,
            aim="≥ 1.00",
        ),
        Ratio(
            name="backtest, two rule sets",
            value=DOCUMENTS / cpu,
            unit="documents/s",
            floor_name="live decision by one set, row by row",
            floor_value=live,
            ratio=DOCUMENTS / cpu / live,
            aim="–",
        ),
        Ratio(
            name=f"on {CORES} cores ({cpu_on_cores:,.0f} s of processor, {cpu:,.0f} s on one)",
            value=wall_on_cores,
            unit="s by the clock",
            floor_name="one core, by the clock",
            floor_value=wall,
            ratio=wall / wall_on_cores,
            aim="–",
        ),
        Ratio(
            name="documents in memory at a time",
            value=largest,
            unit="",
            floor_name=f"all of them (peak {peak:,} MB)",
            floor_value=DOCUMENTS,
            ratio=DOCUMENTS / largest,
            aim="–",
        ),
    ]


def raise_limits(rules: Path) -> None:
    """Double the limit up to which small invoices are posted, at every customer."""
    for path in [rules / "standard.yaml", *(rules / "customers").glob("*.yaml")]:
        text = path.read_text(encoding="utf-8")
        doubled = re.sub(
            r"(small-invoice\.limit:\s+(?:value: )?)(\d+)",
            lambda match: f"{match[1]}{2 * int(match[2])}",
            text,
        )
        path.write_text(doubled, encoding="utf-8")


def backtest(folder: Path, workers: Workers) -> tuple[Comparison, int]:
    """Load both sides, read everything, compare; and the most documents read at a time."""
    job = _job(folder)
    reader = HistoryReader(folder / "history", CATALOGUE)
    parts = reader.parts(Narrowing())
    work = CompareParts(reader, Narrowing(), job)
    total = Comparison()
    for found in workers.each(work, parts):
        total.take_in(found, 20)
    return total, max(part.rows for part in parts)


def _job(folder: Path) -> Job:
    old, new = (load(folder / name, CATALOGUE) for name in ("rules", "changed"))
    return prepare(old, new)


def _processor_time() -> float:
    """Seconds of processor, those of finished processes included."""
    spent = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _row_by_row(folder: Path) -> float:
    """Live decisions a second on values that are in memory."""
    job = _job(folder)
    reader = HistoryReader(folder / "history", CATALOGUE)
    part = reader.parts(Narrowing())[0]
    batch: PastBatch = reader.read(part, Narrowing(), job.fields, job.line_fields)
    days, day = batch.days
    ready = []
    for kreds, rows in batch.customers.items():
        rules = job.old[kreds]
        for row in range(rows.start, min(rows.stop, rows.start + SAMPLE // CUSTOMERS + 1)):
            values = batch.values(row, rules.fields, rules.line_fields)
            ready.append((rules, values, days[day[row]]))
    for rules, values, on in ready:
        rules.decide(values, on)  # compiles
    used = time.process_time()
    for rules, values, on in ready:
        rules.decide(values, on)
    return len(ready) / (time.process_time() - used)
