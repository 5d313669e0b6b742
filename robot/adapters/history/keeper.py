"""Writing the history: put aside batch by batch, then one Parquet file a run.

A batch is put aside before it is committed, so a killed run loses nothing. What was put aside
and never committed is decided again, under the same key, version and turn: the later one counts.
Every file is written beside its place and moved into it, so none is ever half there.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from robot.adapters.history.columns import texts
from robot.adapters.history.tables import afterwards_table, by_customer, joined, table_of
from robot.errors import HistoryError
from robot.flow.history_port import Afterwards, PastDecision

DECISIONS: Final = "decisions"
AFTERWARDS: Final = "afterwards"
_ASIDE: Final = "aside"
_LOCK: Final = ".lock"
_KINDS: Final = (DECISIONS, AFTERWARDS)
#: Documents in one row group: what a backtest has in memory at a time.
ROW_GROUP: Final = 25_000
_DIGITS: Final = 12


class HistoryFolder:
    """Implements `robot.flow.history_port.History` on a folder of Parquet files.

    The folder holds bank accounts, as invoices do: it is made readable for its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        #: Tells runs of one number apart: a store restored from a backup counts on from there.
        self._token = uuid4().hex[:8]
        self._batches: dict[int, int] = {}

    def record(
        self, run: int, decisions: Sequence[PastDecision], afterwards: Sequence[Afterwards]
    ) -> None:
        """Put a batch aside.

        Raises:
            HistoryError: The disk does not take it.
        """
        with _told(self._folder):
            number = self._batches.get(run, 0)
            name = f"{run:0{_DIGITS}}.{self._token}-{number:06}"
            for kind, table in (
                (DECISIONS, table_of(decisions) if decisions else None),
                (AFTERWARDS, afterwards_table(afterwards) if afterwards else None),
            ):
                if table is not None:
                    write_ipc(table, self._aside / f"{name}.{kind}.arrow")
            self._batches[run] = number + 1

    def collect(self) -> None:
        """Make one file a run of what was put aside; done again, it gives the same files.

        Raises:
            HistoryError: The disk does not take it, or what was put aside can't be read.
        """
        with _told(self._folder), _alone(self._folder / _LOCK) as alone:
            later = texts([])
            # Another robot that is at it takes everything; what comes later waits for its turn.
            for run in sorted(self._runs_aside(), reverse=True) if alone else ():
                for kind in _KINDS:
                    later = self._collect(run, kind, later)

    def seen_to(self) -> int:
        """The last row of the audit trail that is in the history, 0 at first."""
        found = (path.stem.rpartition("-")[2] for path in self._noted())
        return max((int(number) for number in found if number.isdigit()), default=0)

    def note(self, seen_to: int, afterwards: Sequence[Afterwards]) -> None:
        """Keep what happened up to a row of the audit trail.

        Raises:
            HistoryError: The disk does not take it.
        """
        with _told(self._folder):
            former = [*self._noted()]
            path = self._folder / AFTERWARDS / f"trail-{seen_to:0{_DIGITS}}.parquet"
            if afterwards or not former:
                write_parquet(afterwards_table(afterwards), path)
            elif former[-1] != path:
                with suppress(FileNotFoundError):  # another robot was quicker
                    former[-1].rename(path)

    @property
    def _aside(self) -> Path:
        return self._folder / _ASIDE

    def _noted(self) -> list[Path]:
        return sorted((self._folder / AFTERWARDS).glob("trail-*.parquet"))

    def _runs_aside(self) -> set[str]:
        return {path.name.partition("-")[0] for path in self._aside.glob("*.arrow")}

    def _collect(self, run: str, kind: str, later: pa.Array) -> pa.Array:
        """One run's file of a kind, without what a later run decided in its place."""
        paths = sorted(self._aside.glob(f"{run}-*.{kind}.arrow"))
        if not paths:
            return later
        table = joined([read_ipc(path) for path in paths])
        if kind == DECISIONS:
            keys = _keys(table)
            table = table.filter(pc.invert(pc.is_in(keys, value_set=later)))
            later = pa.concat_arrays([later, keys])
        for month, rows in _by_month(table, kind):
            # Named by its first batch: a run that is still at work is collected in pieces.
            first = paths[0].name.removesuffix(f".{kind}.arrow")
            write_parquet(rows, self._folder / kind / month / f"run-{first}.parquet")
        for path in paths:
            path.unlink()
        return later


def write_parquet(table: pa.Table, path: Path, *, row_group: int = ROW_GROUP) -> None:
    """Write one file in whole, or not at all.

    Raises:
        OSError: The disk does not take it.
    """
    with _in_place(path) as fresh:
        pq.write_table(
            table,
            fresh,
            compression="zstd",
            row_group_size=row_group,
            use_dictionary=True,
            write_statistics=["decided_on"] if "decided_on" in table.column_names else False,
        )


def write_ipc(table: pa.Table, path: Path) -> None:
    """Put a table aside; quicker to write than Parquet, and larger."""
    options = pa.ipc.IpcWriteOptions(compression="lz4", unify_dictionaries=True)
    with (
        _in_place(path) as fresh,
        pa.ipc.new_file(str(fresh), table.schema, options=options) as out,
    ):
        out.write_table(table)


def read_ipc(path: Path) -> pa.Table:
    """A table that was put aside."""
    with pa.ipc.open_file(str(path)) as file:
        return file.read_all()


def _by_month(table: pa.Table, kind: str) -> Iterator[tuple[str, pa.Table]]:
    """Rows by the month of their day (`2026-11`), sorted by customer within it."""
    if kind == DECISIONS:
        table = by_customer(table)
    days = table.column("decided_on" if kind == DECISIONS else "at")
    months = pc.strftime(days, format="%Y-%m")
    found = sorted(pc.unique(months).to_pylist())
    for month in found:
        rows = table if len(found) == 1 else table.filter(pc.equal(months, month))
        yield f"month={month}", rows


def _keys(table: pa.Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    turn = pc.cast(table.column("turn"), pa.string())
    key = pc.binary_join_element_wise(
        table.column("document_key"), table.column("version"), turn, texts([" "] * len(turn))
    )
    return key.combine_chunks()


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Whether no other process holds the lock; it is free again when the process ends."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Errors of the disk and of Arrow as one kind of fault, with the folder in the message."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except (OSError, pa.ArrowException, TypeError) as error:
        raise HistoryError(
            f"the history in {folder} can't be kept: {error}",
            hint="the run goes on without it; see that the disk has room and may be written to",
        ) from error
