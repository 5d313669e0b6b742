"""One piece of the history in memory, as `robot.flow.past.PastBatch` describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from robot.adapters.history.encoding import UNKNOWN_TEXT
from robot.adapters.history.tables import FIELD, LINE_FIELD, LINES, line_offsets, of_sheets
from robot.domain.fields import UNKNOWN, FieldValues
from robot.flow.history_port import Aftermath
from robot.flow.past import (
    ABSENT_CODE,
    LINES_ABSENT,
    UNKNOWN_CODE,
    Codes,
    Column,
    Ore,
    PastDocument,
)

Decode = Callable[[str], object]
_HUNDRED: Final = 100
_LINE_PREFIX: Final = "lines."


class ArrowBatch:
    """Documents of one table.

    Args:
        table: Sorted by customer, without chunks, with a column `aftermath`.
        decoder: Gives what reads the texts of a field by its name in the catalogue.
        there: Columns that were in a file; the others are not known.
    """

    def __init__(self, table: pa.Table, decoder: Callable[[str], Decode], there: set[str]) -> None:
        self._table = table
        self._decoder = decoder
        self._there = there
        self._columns: dict[str, Column] = {}

    @property
    def size(self) -> int:
        """How many documents."""
        return int(self._table.num_rows)

    @property
    def customers(self) -> Mapping[str, slice]:
        """Bogføringskreds to its invoices' rows."""
        return self._kinds[0]

    @property
    def repostings(self) -> Mapping[str, slice]:
        """The same for re-posting sheets."""
        return self._kinds[1]

    @cached_property
    def _kinds(self) -> tuple[Mapping[str, slice], Mapping[str, slice]]:
        names, codes = self._words("customer")
        found: tuple[dict[str, slice], dict[str, slice]] = ({}, {})
        sheets = of_sheets(self._table)
        changes = np.diff(codes, prepend=-1).astype(np.bool_)
        changes[1:] |= sheets[1:] != sheets[:-1]
        begins = np.flatnonzero(changes).tolist()
        ends = [*begins[1:], self.size][: len(begins)]
        for begin, end in zip(begins, ends, strict=True):
            found[int(sheets[begin])][names[codes[begin]]] = slice(begin, end)
        return found

    @cached_property
    def days(self) -> tuple[Sequence[date], Codes]:
        """The days of the decisions, and the place of each row's day among them."""
        return self._distinct("decided_on")

    @cached_property
    def ore(self) -> Ore:
        """Total with VAT in øre; 0 where it is not known."""
        amounts = _chunk(self._table.column("amount_dkk")).fill_null(Decimal("0.00"))
        return np.asarray(pc.cast(pc.multiply(amounts, Decimal(_HUNDRED)), pa.int64()))

    @cached_property
    def aftermath(self) -> tuple[Sequence[Aftermath | None], Codes]:
        """What happened afterwards, and the place of each row's among them."""
        words, codes = self._distinct("aftermath")
        return [None if word is None else Aftermath(word) for word in words], codes

    @cached_property
    def recorded(self) -> tuple[Sequence[tuple[str, str]], Codes]:
        """Rule set and outcome as recorded, and the place of each row's among them."""
        rulesets, first = self._words("ruleset")
        outcomes, second = self._words("outcome")
        both, codes = np.unique(first * len(outcomes) + second, return_inverse=True)
        pairs = [(rulesets[n // len(outcomes)], outcomes[n % len(outcomes)]) for n in both]
        return pairs, codes.astype(np.int32)

    @cached_property
    def line_counts(self) -> Codes:
        """Lines of each document, or LINES_ABSENT, LINES_UNKNOWN."""
        return np.asarray(_chunk(self._table.column(LINES)), dtype=np.int32)

    @cached_property
    def _offsets(self) -> list[int]:
        found: list[int] = line_offsets(self._table).to_pylist()
        return found

    def has(self, name: str) -> bool:
        """Whether a field was recorded at all."""
        if name == LINES:
            return True
        if name.startswith(_LINE_PREFIX):
            return f"{LINE_FIELD}{name.removeprefix(_LINE_PREFIX)}" in self._there
        return f"{FIELD}{name}" in self._there

    def column(self, name: str) -> Column:
        """A field of the documents."""
        return self._column(f"{FIELD}{name}", name)

    def line_column(self, name: str) -> Column:
        """A field of the lines, in the documents' order."""
        return self._column(f"{LINE_FIELD}{name}", f"{_LINE_PREFIX}{name}")

    def values(self, row: int, fields: Sequence[str], line_fields: Sequence[str]) -> FieldValues:
        """The values of one document, with `lines` when line fields are asked for."""
        values: dict[str, Any] = {}
        for name in fields:
            if name != LINES:
                column = self.column(name)
                values[name] = column.values[column.codes[row]]
        count = int(self.line_counts[row])
        if count < 0:
            values[LINES] = None if count == LINES_ABSENT else UNKNOWN
            return values
        columns = [(name, self.line_column(name)) for name in line_fields]
        begin = self._offsets[row]
        values[LINES] = tuple(
            {name: column.values[column.codes[place]] for name, column in columns}
            for place in range(begin, begin + count)
        )
        return values

    def document(self, row: int) -> PastDocument:
        """What a reader is told about one document."""
        amount: Decimal | None = self._cell("amount_dkk", row)
        days, day = self.days
        aftermath, after = self.aftermath
        return PastDocument(
            customer=self._cell("customer", row),
            source_id=self._cell("source_id", row),
            number=self._shown("invoice.number", row),
            supplier=self._shown("supplier.name", row),
            amount_dkk=amount,
            decided_on=days[day[row]],
            aftermath=aftermath[after[row]],
            document_key=self._cell("document_key", row),
            version=self._cell("version", row),
        )

    def _shown(self, name: str, row: int) -> str:
        column = self.column(name)
        value = column.values[column.codes[row]]
        return value if isinstance(value, str) else ""

    def _cell(self, name: str, row: int) -> Any:  # noqa: ANN401 - any type of the header
        return self._table.column(name)[row].as_py()

    def _words(self, name: str) -> tuple[list[str], Codes]:
        """A header's words and codes."""
        array = _chunk(self._table.column(name))
        if not isinstance(array, pa.DictionaryArray):
            array = array.dictionary_encode()
        return array.dictionary.to_pylist(), np.asarray(array.indices, dtype=np.int32)

    def _distinct(self, name: str) -> tuple[list[Any], Codes]:
        """A header's values, None among them, and the place of each row's."""
        array = _chunk(self._table.column(name)).dictionary_encode(null_encoding="encode")
        return array.dictionary.to_pylist(), np.asarray(array.indices, dtype=np.int32)

    def _column(self, key: str, name: str) -> Column:
        known = self._columns.get(key)
        if known is None:
            array = _chunk(self._table.column(key))
            if isinstance(array, pa.ListArray):
                array = array.flatten()
            known = self._columns[key] = _coded(array, self._decoder(name))
        return known


class _Values(Sequence[object]):
    """Distinct values, each read from its text when it is first asked for."""

    def __init__(self, texts: Sequence[str | None], decode: Decode) -> None:
        self._texts = texts
        self._decode = decode
        self._read: list[Any] = [None, UNKNOWN, *([_NOT_READ] * (len(texts) - 2))]

    def __len__(self) -> int:
        return len(self._read)

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[object]: ...
    def __getitem__(self, place: int | slice) -> object | Sequence[object]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        value: object = self._read[place]
        if value is _NOT_READ:
            value = self._read[place] = self._decode(self._texts[place] or "")
        return value

    def __iter__(self) -> Iterator[object]:
        return (self[place] for place in range(len(self)))


_NOT_READ: Final = object()


def _coded(array: Any, decode: Decode) -> Column:  # noqa: ANN401 - pyarrow has no types
    """Arrow's codes with None and UNKNOWN at their fixed places before the others."""
    if not isinstance(array, pa.DictionaryArray):
        array = array.dictionary_encode()
    words: list[str] = array.dictionary.to_pylist()
    first = UNKNOWN_CODE + 1
    # Each word's code; the last entry is that of null, which the index -1 finds.
    places = np.empty(len(words) + 1, dtype=np.int32)
    known = [word for word in words if word != UNKNOWN_TEXT]
    code_of = {word: code for code, word in enumerate(known, first)}
    places[:-1] = [code_of.get(word, UNKNOWN_CODE) for word in words]
    places[-1] = ABSENT_CODE
    codes = places[np.asarray(array.indices.fill_null(-1), dtype=np.int32)]
    return Column(codes=codes, values=_Values([None, UNKNOWN_TEXT, *known], decode))


def _chunk(column: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """The one array of a column; combined tables have one, empty ones none."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
