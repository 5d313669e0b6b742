"""Decisions as Arrow tables: one row a document, one column a field, lists for the lines.

Fields of documents are columns `f.<name>`, those of lines `l.<name>`; their texts are
dictionary-encoded. A field that a file does not have was not known to anyone then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from robot.adapters.history import columns as arrow
from robot.adapters.history.encoding import UNKNOWN_TEXT, encoded
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Kind
from robot.domain.money import round_cents
from robot.flow.history_port import Afterwards, PastDecision
from robot.flow.past import LINES_ABSENT, LINES_UNKNOWN

FORM: Final = {b"invoice-robot": b"history, form 1"}
FIELD: Final = "f."
LINE_FIELD: Final = "l."
LINES: Final = "lines"
KIND: Final = f"{FIELD}invoice.kind"
_REPOSTING: Final = Kind.REPOSTING.value
_WORD: Final = pa.dictionary(pa.int32(), pa.string())
_WORDS: Final = pa.list_(_WORD)
HEADER: Final = pa.schema(
    [
        pa.field("document_key", pa.string()),
        pa.field("version", pa.string()),
        pa.field("turn", pa.int32()),
        pa.field("customer", _WORD),
        pa.field("source_id", pa.string()),
        pa.field("decided_on", pa.date32()),
        pa.field("ruleset", _WORD),
        pa.field("outcome", _WORD),
        pa.field("codes", _WORD),
        pa.field("amount_dkk", pa.decimal128(18, 2)),
        pa.field(LINES, pa.int32()),
    ]
)
AFTERWARDS: Final = pa.schema(
    [
        pa.field("document_key", pa.string()),
        pa.field("version", pa.string()),
        pa.field("turn", pa.int32()),
        pa.field("what", _WORD),
        pa.field("at", pa.timestamp("s", tz="UTC")),
    ]
)
#: More than this many kroner is no amount of an invoice, but a typing error or an attack.
_LARGEST: Final = Decimal(10) ** 15


def table_of(decisions: Sequence[PastDecision]) -> pa.Table:
    """Decisions as one table, sorted by customer."""
    rows = sorted(decisions, key=lambda row: row.customer)
    values = [row.values for row in rows]
    counts = [_line_count(one.get(LINES, UNKNOWN)) for one in values]
    lines = [line for row in rows for line in _lines(row)]
    offsets = _offsets(counts)
    columns: dict[str, Any] = dict(zip(HEADER.names, _header(rows, counts), strict=True))
    for name in _names(values):
        if name != LINES:
            column = [one.get(name, UNKNOWN) for one in values]
            columns[f"{FIELD}{name}"] = _words(column)
    for name in _names(lines):
        column = [line.get(name, UNKNOWN) for line in lines]
        columns[f"{LINE_FIELD}{name}"] = pa.ListArray.from_arrays(offsets, _words(column))
    return pa.table(columns).replace_schema_metadata(FORM)


def afterwards_table(events: Iterable[Afterwards]) -> pa.Table:
    """What happened later, as one table."""
    found = list(events)
    columns = [
        arrow.texts([event.document_key for event in found]),
        arrow.texts([event.version for event in found]),
        arrow.numbers([event.turn for event in found]),
        _words([event.what.value for event in found]),
        arrow.instants([event.at for event in found]),
    ]
    return pa.table(columns, schema=AFTERWARDS).replace_schema_metadata(FORM)


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables under each other; what a table does not have was not known."""
    if len(tables) == 1:
        return tables[0]
    names = list(dict.fromkeys(name for table in tables for name in table.column_names))
    return pa.concat_tables([with_columns(table, names) for table in tables])


def with_columns(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """The table with these columns, in this order; those that it lacks are not known."""
    there = table.column_names
    if there == list(names):
        return table
    known = set(there)
    return pa.table(
        {name: table.column(name) if name in known else _missing(table, name) for name in names}
    )


def by_customer(table: pa.Table) -> pa.Table:
    """The table sorted by customer, re-posting sheets last; rows of one keep their order."""
    names = pc.cast(table.column("customer"), pa.string())
    sheets = of_sheets(table)
    if sheets.any():
        keys = pa.table({"customer": names, "sheet": pa.array(sheets)})
        order = [("customer", "ascending"), ("sheet", "ascending")]
        return table.take(pc.sort_indices(keys, sort_keys=order))
    if table.num_rows < 2 or pc.all(pc.less_equal(names[:-1], names[1:])).as_py():  # noqa: PLR2004 - a pair
        return table
    return table.take(pc.sort_indices(names))


def of_sheets(table: pa.Table) -> Any:  # noqa: ANN401 - numpy's flags
    """For each row whether it is a re-posting sheet; those without a kind are none."""
    if KIND not in table.column_names:
        return np.zeros(table.num_rows, np.bool_)
    kinds = table.column(KIND)
    there = any(_REPOSTING in chunk.dictionary.to_pylist() for chunk in kinds.chunks)
    if not there:
        return np.zeros(table.num_rows, np.bool_)
    same = pc.equal(pc.cast(kinds, pa.string()), _REPOSTING)
    return np.asarray(pc.fill_null(same, False))


def line_offsets(table: pa.Table) -> pa.Array:
    """Where each document's lines begin among all lines, and where the last ends."""
    counts = table.column(LINES).to_numpy()
    return _offsets(counts.tolist())


def _missing(table: pa.Table, name: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    if name.startswith(LINE_FIELD):
        offsets = line_offsets(table)
        return pa.ListArray.from_arrays(offsets, _not_known(offsets[-1].as_py()))
    return _not_known(table.num_rows)


def _not_known(size: int) -> pa.DictionaryArray:
    codes = arrow.codes(np.zeros(size, np.int32))
    return pa.DictionaryArray.from_arrays(codes, arrow.texts([UNKNOWN_TEXT]))


def _header(rows: Sequence[PastDecision], counts: Sequence[int]) -> Iterator[Any]:
    yield arrow.texts([row.document_key for row in rows])
    yield arrow.texts([row.version for row in rows])
    yield arrow.numbers([row.turn for row in rows])
    yield _words([row.customer for row in rows])
    yield arrow.texts([_valid(row.source_id) for row in rows])
    yield arrow.days([row.decided_on for row in rows])
    yield _words([row.ruleset for row in rows])
    yield _words([row.outcome.value for row in rows])
    yield _words([" ".join(row.codes) for row in rows])
    kind = HEADER.field("amount_dkk").type
    yield arrow.amounts([_kroner(row.amount_dkk) for row in rows], kind)
    yield arrow.numbers(counts)


def _words(column: Sequence[object]) -> pa.DictionaryArray:
    """Texts by code; equal values are written once."""
    distinct = dict.fromkeys(column)
    has_absent = None in distinct
    distinct.pop(None, None)
    words = arrow.texts([_valid(encoded(value) or "") for value in distinct])
    if len(distinct) == 1 and not has_absent:
        return pa.DictionaryArray.from_arrays(arrow.codes(np.zeros(len(column), np.int32)), words)
    places: dict[object, int] = {value: place for place, value in enumerate(distinct)}
    places[None] = -1
    codes = np.fromiter(map(places.__getitem__, column), np.int32, len(column))
    return pa.DictionaryArray.from_arrays(arrow.codes(codes), words)


def _valid(text: str) -> str:
    """The text as UTF-8 can hold it: JSON may carry half a character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _kroner(amount: Decimal | None) -> Decimal | None:
    return None if amount is None or abs(amount) >= _LARGEST else round_cents(amount)


def _names(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every key that occurs; mappings of one kind mostly have the same ones."""
    found: dict[str, None] = {}
    known: set[frozenset[str]] = set()
    for mapping in mappings:
        keys = frozenset(mapping)
        if keys not in known:
            known.add(keys)
            found.update(dict.fromkeys(mapping))
    return list(found)


def _line_count(lines: object) -> int:
    if isinstance(lines, tuple | list):
        return len(lines)
    return LINES_ABSENT if lines is None else LINES_UNKNOWN


def _lines(row: PastDecision) -> Sequence[Mapping[str, Any]]:
    lines = row.values.get(LINES)
    return lines if isinstance(lines, tuple | list) else ()


def _offsets(counts: Sequence[int]) -> pa.Array:
    return arrow.numbers(arrow.offsets([max(count, 0) for count in counts]))
