"""The history's own columns are the ones that `pyarrow.array` makes, without loading pandas."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.adapters.history import columns

#: Hypothesis times each example, and the machine may be busy.
_UNTIMED = settings(deadline=None)
_CENTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2)


@_UNTIMED
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts(values: list[str]) -> None:
    made = columns.texts(values)
    made.validate(full=True)
    assert made.equals(pa.array(values, pa.string()))


@_UNTIMED
@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_numbers(values: list[int]) -> None:
    assert columns.numbers(values).equals(pa.array(values, pa.int32()))


@_UNTIMED
@given(st.lists(st.integers(-1, 5), max_size=40))
def test_a_negative_code_says_that_there_is_no_word(values: list[int]) -> None:
    expected = pa.array([None if value < 0 else value for value in values], pa.int32())
    assert columns.codes(np.array(values, np.int32)).equals(expected)


@_UNTIMED
@given(st.lists(st.dates()))
def test_days(values: list[date]) -> None:
    assert columns.days(values).equals(pa.array(values, pa.date32()))


@_UNTIMED
@given(st.lists(st.integers(0, 7_000_000_000)))
def test_instants_to_the_second(values: list[int]) -> None:
    aware = [datetime.fromtimestamp(value, UTC) for value in values]
    assert columns.instants(aware).equals(pa.array(aware, pa.timestamp("s", tz="UTC")))


@_UNTIMED
@given(st.lists(st.none() | _CENTS))
def test_amounts(values: list[Decimal | None]) -> None:
    kind = pa.decimal128(18, 2)
    assert columns.amounts(values, kind).equals(pa.array(values, kind))


def test_a_run_does_not_load_pandas_to_keep_its_history() -> None:
    program = """
import sys, tempfile, pathlib, datetime, decimal
from robot.adapters.history.keeper import HistoryFolder
from robot.domain.decision import Outcome
from robot.flow.history_port import Aftermath, Afterwards, PastDecision
past = PastDecision(
    document_key="k", version="v", turn=1, customer="99001", source_id="1",
    decided_on=datetime.date(2026, 11, 24), ruleset="r", outcome=Outcome.POST, codes=(),
    amount_dkk=decimal.Decimal("12.50"),
    values={"invoice.number": "1", "lines": ({"number": "1"},)},
)
event = Afterwards(
    document_key="k", version="v", what=Aftermath.CORRECTED,
    at=datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc),
)
with tempfile.TemporaryDirectory() as name:
    history = HistoryFolder(pathlib.Path(name))
    history.record(1, [past], [event])
    history.collect()
    history.note(7, [event])
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own interpreter
