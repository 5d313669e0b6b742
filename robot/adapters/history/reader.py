"""Reading the history for backtests: pieces that fit into memory, columns by code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from robot.adapters.history.batch import ArrowBatch
from robot.adapters.history.encoding import decoder, field_type
from robot.adapters.history.keeper import AFTERWARDS, DECISIONS, ROW_GROUP
from robot.adapters.history.tables import (
    FIELD,
    HEADER,
    KIND,
    LINE_FIELD,
    LINES,
    by_customer,
    joined,
    with_columns,
)
from robot.domain.fields import FieldSpec
from robot.errors import HistoryError
from robot.flow.history_port import Aftermath
from robot.flow.past import Narrowing, Part, PastBatch

_MONTH: Final = "month="
_WORDS: Final = tuple(what.value for what in Aftermath)
#: Later than every moment.
_REVERSED: Final = 1 << 60
#: Header columns that every reader needs, and what to know a document and its rules by.
_HEADER: Final = tuple(HEADER.names)
_SHOWN: Final = (f"{FIELD}invoice.number", f"{FIELD}supplier.name", KIND)


class HistoryReader:
    """Implements `robot.flow.past.Past` on a folder of Parquet files.

    Args:
        folder: What `HistoryFolder` wrote.
        catalogue: Says of which type each field is.
        rows_at_once: Most documents in one part, unless a row group of a file has more.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: Mapping[str, FieldSpec],
        *,
        rows_at_once: int = ROW_GROUP,
    ) -> None:
        self._folder = folder
        self._types = dict(catalogue)
        self._rows_at_once = rows_at_once
        self._later: _Later | None = None

    def __getstate__(self) -> tuple[Path, dict[str, FieldSpec], int]:
        return self._folder, self._types, self._rows_at_once

    def __setstate__(self, state: tuple[Path, dict[str, FieldSpec], int]) -> None:
        self._folder, self._types, self._rows_at_once = state
        self._later = None

    def parts(self, which: Narrowing) -> list[Part]:
        """Row groups of large files one by one, small files of one month together.

        Raises:
            HistoryError: There is no history, or it can't be read.
        """
        months = sorted((self._folder / DECISIONS).glob(f"{_MONTH}*"))
        if not months:
            raise HistoryError(
                f"there is no history in {self._folder}",
                hint="runs write it; see [history] in config/robot.toml, or name a folder",
            )
        with _told(self._folder):
            return [
                part
                for folder in months
                if _may_hold(folder.name.removeprefix(_MONTH), which)
                for part in _parts_of(folder, self._rows_at_once)
            ]

    def read(
        self,
        part: Part,
        which: Narrowing,
        fields: Sequence[str],
        line_fields: Sequence[str],
    ) -> PastBatch:
        """The documents of a piece with the fields that are asked for, sorted by customer.

        Raises:
            HistoryError: It can't be read.
        """
        wanted = [*(f"{FIELD}{name}" for name in fields if name != LINES)]
        wanted += [f"{LINE_FIELD}{name}" for name in line_fields]
        names = list(dict.fromkeys([*_HEADER, *_SHOWN, *wanted]))
        with _told(self._folder):
            tables = [_piece(path, group, names) for path, group in part.pieces]
            there = {name for table in tables for name in table.column_names}
            table = with_columns(joined(tables), names)
            table = self._narrowed(table, which)
            later = self._happened()
            table = later.standing(table)
            table = table.append_column("aftermath", later.of(table))
            table = by_customer(table).unify_dictionaries().combine_chunks()
        return ArrowBatch(table, self._decoder, there)

    def _decoder(self, name: str) -> Callable[[str], object]:
        return decoder(field_type(name, self._types))

    def _narrowed(self, table: pa.Table, which: Narrowing) -> pa.Table:
        conditions: list[Any] = []
        if which.customer:
            conditions.append(
                pc.equal(pc.cast(table.column("customer"), pa.string()), which.customer)
            )
        if which.since is not None:
            conditions.append(pc.greater_equal(table.column("decided_on"), pa.scalar(which.since)))
        if which.until is not None:
            conditions.append(pc.less_equal(table.column("decided_on"), pa.scalar(which.until)))
        for condition in conditions:
            # Conditions were made on the whole table, so they are put together before filtering.
            conditions[0] = pc.and_(conditions[0], condition)
        return table.filter(conditions[0]) if conditions else table

    def _happened(self) -> _Later:
        if self._later is None:
            self._later = _Later(self._folder / AFTERWARDS)
        return self._later


class _Later:
    """What happened to documents afterwards: about 90 bytes of memory an event."""

    def __init__(self, folder: Path) -> None:
        keys, turned, weights = [], [], [np.empty(0, np.int64)]
        for path in sorted(folder.rglob("*.parquet")):
            if not path.name.startswith("."):
                table = _whole(path)
                again = pc.equal(_what(table), Aftermath.DECIDED_AGAIN.value)
                turned.append(_key(table.filter(again), with_turn=True))
                told = table.filter(pc.invert(again))
                keys.append(_key(told))
                weights.append(_weights(told))
        self._turned = pa.chunked_array(turned, pa.string())
        self._keys = pa.chunked_array(keys, pa.string())
        self._weights = np.concatenate(weights)

    def standing(self, table: pa.Table) -> pa.Table:
        """Without decisions that were made again later."""
        if not len(self._turned):
            return table
        again = pc.is_in(_key(table, with_turn=True), value_set=self._turned)
        return table.filter(pc.invert(again))

    def of(self, table: pa.Table) -> Any:  # noqa: ANN401 - pyarrow has no types
        """One text for each row, null where nothing happened."""
        keys = _key(table).dictionary_encode()
        places = pc.index_in(self._keys, value_set=keys.dictionary)
        known = np.asarray(pc.is_valid(places))
        heaviest = np.full(len(keys.dictionary), -1, np.int64)
        where = np.asarray(pc.drop_null(places), dtype=np.int64)
        np.maximum.at(heaviest, where, self._weights[known])
        heaviest = heaviest[np.asarray(keys.indices)]
        words = pa.array(heaviest % len(_WORDS), pa.int8(), mask=heaviest < 0)
        return pc.take(pa.array(_WORDS), words)


def _weights(events: pa.Table) -> Any:  # noqa: ANN401 - numpy's integers
    """The moment of each event, with the place of its word behind: the heaviest counts.

    A reversal outweighs what came before and after it; else the last act does.
    """
    words = pc.index_in(_what(events), value_set=pa.array(_WORDS))
    places = np.asarray(words, dtype=np.int64)
    moments = np.asarray(pc.cast(events.column("at"), pa.int64()))
    moments = np.where(places == _WORDS.index(Aftermath.REVERSED.value), _REVERSED, moments)
    return moments * len(_WORDS) + places


def _what(events: pa.Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    return pc.cast(events.column("what"), pa.string())


def _whole(path: Path) -> pa.Table:
    # Reading a table by its path would load what data sets take, for a third of a second.
    with _told(path), pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


def _key(table: pa.Table, *, with_turn: bool = False) -> Any:  # noqa: ANN401 - pyarrow has no types
    parts = [table.column("document_key"), table.column("version")]
    if with_turn:
        parts.append(pc.cast(table.column("turn"), pa.string()))
    joined_parts = pc.binary_join_element_wise(*parts, " ")
    if isinstance(joined_parts, pa.ChunkedArray):
        joined_parts = joined_parts.combine_chunks()
    return joined_parts


def _may_hold(month: str, which: Narrowing) -> bool:
    return not (
        (which.since is not None and month < _month(which.since))
        or (which.until is not None and month > _month(which.until))
    )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _parts_of(folder: Path, rows_at_once: int) -> Iterator[Part]:
    month = folder.name.removeprefix(_MONTH)
    pieces: list[tuple[str, int]] = []
    rows = 0
    for path in sorted(folder.glob("*.parquet")):
        if path.name.startswith("."):
            continue
        with _told(path):
            metadata = pq.read_metadata(path)
        for group in range(metadata.num_row_groups):
            more = metadata.row_group(group).num_rows
            if pieces and rows + more > rows_at_once:
                yield Part(month=month, pieces=tuple(pieces), rows=rows)
                pieces, rows = [], 0
            pieces.append((str(path), group))
            rows += more
    if pieces:
        yield Part(month=month, pieces=tuple(pieces), rows=rows)


def _piece(path: str, group: int, names: Sequence[str]) -> pa.Table:
    with _told(Path(path)), pq.ParquetFile(path, pre_buffer=True) as file:
        there = set(file.schema_arrow.names)
        return file.read_row_group(
            group, columns=[name for name in names if name in there], use_threads=False
        )


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise HistoryError(f"the history in {place} can't be read: {error}") from error
