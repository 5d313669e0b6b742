"""Giving bounced documents their cases: one for all that the same repair puts right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from robot.adapters.store.case_writing import SqlCasesUnit
from robot.adapters.store.columns import AnyRow
from robot.adapters.store.counters import take
from robot.adapters.store.listed import parts
from robot.adapters.store.recording import Stamp
from robot.adapters.store.schema import case_document, case_file, document
from robot.domain.case import EntryKind, Visibility
from robot.flow.case_records import NewEntry

#: A new episode: nobody was told of it yet.
_NOT_TOLD: Final[Mapping[str, Any]] = {
    "told_at": None,
    "fix_by": None,
    "fix_by_reason": None,
    "reminders": 0,
    "reminded_on": None,
    "escalated_on": None,
    "closing_at": None,
}
#: What the customer said is overtaken by the document that came back.
_OVERTAKEN: Final[Mapping[str, Any]] = {
    "waits_until": None,
    "supplier_since": None,
    "said_fixed_at": None,
}


@dataclass(slots=True, kw_only=True)
class CaseOpening:
    """Opens, joins and reopens cases within one unit."""

    connection: Connection
    stamp: Stamp
    cases: SqlCasesUnit
    year: int
    _numbers: dict[str, str] = field(default_factory=dict)

    def open(self, documents: Sequence[int], causes: Mapping[int, str]) -> list[str]:
        """The case numbers of bounced documents (row ids), in their order.

        A document keeps the case that it has, which is opened again. One with a cause joins the
        open case of its customer with this cause; any other one gets a case of its own.
        """
        rows = self._rows(documents)
        return [self._case_of(rows[number], causes.get(number)) for number in documents]

    def _rows(self, documents: Sequence[int]) -> dict[int, AnyRow]:
        found: dict[int, AnyRow] = {}
        for part in parts(documents):
            for row in self.connection.execute(
                select(
                    document.c.id,
                    document.c.document_key,
                    document.c.customer,
                    case_document.c.case_number,
                )
                .select_from(document)
                .outerjoin(case_document, case_document.c.document_key == document.c.document_key)
                .where(document.c.id.in_(part))
            ):
                found[row.id] = row
        return found

    def _case_of(self, row: AnyRow, cause: str | None) -> str:
        if row.document_key in self._numbers:
            return self._numbers[row.document_key]
        number: str
        if row.case_number is not None:
            number = row.case_number
            self._again(row.document_key, number)
        else:
            number = self._with_cause(row.customer, cause) or self._new(row, cause)
            self.connection.execute(
                insert(case_document).values(
                    document_key=row.document_key,
                    case_number=number,
                    joined_at=self.stamp.now,
                    reminders=0,
                )
            )
        self._numbers[row.document_key] = number
        return number

    def _again(self, document_key: str, number: str) -> None:
        self.connection.execute(
            update(case_document)
            .where(case_document.c.document_key == document_key)
            .values(**_NOT_TOLD)
        )
        self.connection.execute(
            update(case_file).where(case_file.c.number == number).values(**_OVERTAKEN)
        )
        if self.cases.reopen(number, why="bounced again"):
            self.cases.say(
                NewEntry(
                    case_number=number,
                    author="robot",
                    kind=EntryKind.REOPENED,
                    visibility=Visibility.EXTERNAL,
                    text="",
                )
            )

    def _with_cause(self, customer: str, cause: str | None) -> str | None:
        if cause is None:
            return None
        found: str | None = self.connection.execute(
            select(func.max(case_file.c.number)).where(
                case_file.c.cause == cause,
                case_file.c.customer == customer,
                case_file.c.closed_at.is_(None),
            )
        ).scalar()
        return found

    def _new(self, row: AnyRow, cause: str | None) -> str:
        count = take(self.connection, f"case-{self.year}")
        number = f"SAM-{self.year}-{count:06d}"
        self.connection.execute(
            insert(case_file).values(
                number=number,
                document_key=row.document_key,
                customer=row.customer,
                opened_at=self.stamp.now,
                cause=cause,
            )
        )
        return number
