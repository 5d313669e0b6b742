"""Arrow columns from Python values, laid out here and not by `pyarrow.array`.

That function asks pandas about whatever it is given, so it loads pandas first, which takes longer
than a run of a thousand documents keeps of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DECIMAL_BYTES: Final = 16
_PLACES: Final = 2

Numbers = npt.NDArray[np.int32]


def texts(values: Collection[str]) -> pa.StringArray:
    """Texts, none of them absent."""
    encoded = [value.encode() for value in values]
    places = offsets([len(each) for each in encoded])
    data = b"".join(encoded)
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(places), pa.py_buffer(data))


def numbers(values: Sequence[int] | Numbers) -> pa.Int32Array:
    """Whole numbers, none of them absent."""
    return _fixed(pa.int32(), np.asarray(values, np.int32))


def codes(values: Numbers) -> pa.Int32Array:
    """Places in a list of words; a negative one says that there is none."""
    absent = values < 0
    if not absent.any():
        return _fixed(pa.int32(), values)
    present = np.packbits(~absent, bitorder="little")
    return pa.Array.from_buffers(
        pa.int32(), len(values), [pa.py_buffer(present), pa.py_buffer(values)]
    )


def days(values: Sequence[date]) -> pa.Date32Array:
    """Dates."""
    return _fixed(pa.date32(), np.array([day.toordinal() - _EPOCH for day in values], np.int32))


def instants(values: Sequence[datetime]) -> pa.TimestampArray:
    """Aware instants, to the second."""
    seconds = np.array([int(at.timestamp() // 1) for at in values], np.int64)
    return _fixed(pa.timestamp("s", tz="UTC"), seconds)


def amounts(values: Sequence[Decimal | None], kind: pa.Decimal128Type) -> pa.Decimal128Array:
    """Amounts with two decimals at most; None stays absent."""
    present = np.packbits(
        np.array([value is not None for value in values], np.bool_), bitorder="little"
    )
    data = b"".join(
        int((value or Decimal()).scaleb(_PLACES)).to_bytes(_DECIMAL_BYTES, "little", signed=True)
        for value in values
    )
    return pa.Array.from_buffers(kind, len(values), [pa.py_buffer(present), pa.py_buffer(data)])


def offsets(sizes: Sequence[int]) -> Numbers:
    """Where each of some pieces begins that lie one after the other, and where the last ends."""
    found = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=found[1:])
    return found


def _fixed(kind: pa.DataType, values: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - pyarrow has no types
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])
