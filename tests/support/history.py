"""Decisions of the past for tests: kept in a folder, or as a batch in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from robot.adapters.history.batch import ArrowBatch
from robot.adapters.history.encoding import decoder, field_type
from robot.adapters.history.keeper import HistoryFolder
from robot.adapters.history.reader import HistoryReader
from robot.adapters.history.tables import FIELD, LINE_FIELD, table_of, with_columns
from robot.domain.decision import Outcome
from robot.domain.fields import FieldSpec
from robot.flow.history_port import Aftermath, Afterwards, PastDecision
from robot.flow.past import Narrowing

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def past(
    key: str = "k1", values: Mapping[str, Any] | None = None, **changes: object
) -> PastDecision:
    """A decision of Tuesday 24 November 2026."""
    given: dict[str, Any] = {
        "document_key": key,
        "version": "v1",
        "turn": 1,
        "customer": "99001",
        "source_id": f"SDI-{key}",
        "decided_on": DAY,
        "ruleset": "r1",
        "outcome": Outcome.HOLD,
        "codes": ("outside-criteria",),
        "amount_dkk": Decimal("100.00"),
        "values": {} if values is None else values,
    }
    return PastDecision(**{**given, **changes})


def later(key: str, what: Aftermath, *, version: str = "v1", turn: int = 0) -> Afterwards:
    """Something that happened on the day after."""
    return Afterwards(document_key=key, version=version, what=what, at=NOON, turn=turn)


def keep(
    folder: Path,
    decisions: Sequence[PastDecision],
    events: Sequence[Afterwards] = (),
    run: int = 1,
) -> None:
    """Keep decisions as one run of its own does."""
    history = HistoryFolder(folder)
    history.record(run, decisions, events)
    history.collect()


def read_back(
    folder: Path,
    catalogue: Mapping[str, FieldSpec],
    fields: Sequence[str] = (),
    line_fields: Sequence[str] = (),
    which: Narrowing | None = None,
) -> dict[str, Mapping[str, Any]]:
    """Document key to the values that come back, of all parts."""
    reader = HistoryReader(folder, catalogue)
    narrowing = which or Narrowing()
    found: dict[str, Mapping[str, Any]] = {}
    for part in reader.parts(narrowing):
        batch = reader.read(part, narrowing, fields, line_fields)
        for row in range(batch.size):
            key = batch.document(row).document_key
            assert key not in found, f"{key} is there twice"
            found[key] = batch.values(row, fields, line_fields)
    return found


def batch_of(decisions: Sequence[PastDecision], catalogue: Mapping[str, FieldSpec]) -> ArrowBatch:
    """Decisions as a batch, without the disk; nothing happened afterwards."""
    table = table_of(decisions)
    there = set(table.column_names)
    names = [*table.column_names]
    for name, spec in catalogue.items():
        if not spec.open_ended and name != "lines":
            prefix = LINE_FIELD if spec.of_line else FIELD
            names.append(f"{prefix}{name.removeprefix('lines.')}")
    names += [f"{LINE_FIELD}dimensions.{name}" for name in ("delregnskab", "formaal")]
    table = with_columns(table, list(dict.fromkeys(names)))
    table = table.append_column("aftermath", pa.nulls(table.num_rows, pa.string()))
    return ArrowBatch(
        table.unify_dictionaries().combine_chunks(),
        lambda name: decoder(field_type(name, catalogue)),
        there,
    )
