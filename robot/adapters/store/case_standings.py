"""How all cases of a list stand, without what else is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select

from robot.adapters.store.columns import AnyRow
from robot.domain.case import CaseMarks, DocumentStanding, status_of
from robot.domain.state import State
from robot.flow.case_records import CaseStand


def standings(connection: Connection, statement: Select[Any]) -> list[CaseStand]:
    """The standing of each case of a statement that gives a row for each document of a case.

    Its columns: `case_number`, those of `marks`, and `state` (None: no document), `changed_at`,
    `told_at`, `paid_at`.
    """
    by_case: dict[str, list[AnyRow]] = {}
    for row in connection.execute(statement):
        by_case.setdefault(row.case_number, []).append(row)
    return [
        CaseStand(number=number, standing=status_of(marks(rows[0]), _documents(rows)))
        for number, rows in by_case.items()
    ]


def marks(row: AnyRow) -> CaseMarks:
    """What people did to a case, from its row and the last questions and answers on it."""
    asked, answered = row.last_asked_at, row.last_answered_at
    return CaseMarks(
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        waits_until=row.waits_until,
        supplier_since=row.supplier_since,
        said_fixed_at=row.said_fixed_at,
        asked_at=asked if asked and (answered is None or asked > answered) else None,
    )


def _documents(rows: Sequence[AnyRow]) -> list[DocumentStanding]:
    return [
        DocumentStanding(
            state=State(row.state),
            since=row.changed_at,
            told_at=row.told_at,
            paid_at=row.paid_at,
        )
        for row in rows
        if row.state is not None
    ]
