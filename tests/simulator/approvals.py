"""What stands in a purchase document's way in NAV: open approvals (454), restrictions (1550).

NAV posts a document whose approvals are open when its Status says Released; the robot's app does
not ask it to. A restricted record NAV refuses itself, by the bytes of the document's RecordID.
"""

from __future__ import annotations

import struct
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, func, insert, select

from robot.adapters.navision.catalog import name_in
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import PurchaseDocumentType
from robot.adapters.navision.posting.texts import Refusal
from robot.adapters.navision.schema.captions import PURCHASE_DOCUMENT_TYPES
from robot.adapters.navision.schema.model import Table, code, integer, option, text
from tests.simulator.drafts import DraftKey

_PURCHASE_HEADER: Final = 38
#: Approval Entry field 9: Created and Open are not decided yet.
_CREATED, _OPEN = 0, 1
APPROVALS_OPEN: Final = {
    "en": "This document can only be released when the approval process is complete.",
    "da": "Dette dokument kan kun frigives, når godkendelsesprocessen er fuldført.",
}
RESTRICTED: Final = {
    "en": "You cannot use {record} for this action. The restriction was imposed because it"
    " requires approval.",
    "da": "Du kan ikke bruge {record} til denne handling. Begrænsningen blev indført, fordi den"
    " kræver godkendelse.",
}
APPROVAL_ENTRY: Final = Table(
    number=454,
    name="Approval Entry",
    key=("Entry No.",),
    fields=(
        integer(29, "Entry No."),
        integer(1, "Table ID"),
        option(2, "Document Type", PURCHASE_DOCUMENT_TYPES),
        code(3, "Document No.", 20),
        integer(4, "Sequence No."),
        text(8, "Approver ID", 50),
        option(9, "Status", ("Created", "Open", "Canceled", "Rejected", "Approved")),
    ),
    indexes=(("Table ID", "Document Type", "Document No.", "Sequence No."),),
)
_RESTRICTED_RECORD: Final = Table(
    number=1550, name="Restricted Record", key=("ID",), fields=(text(3, "Details", 250),)
)


def record_id(draft: DraftKey) -> bytes:
    """A purchase document's RecordID as NAV 2013 and later keep it (navision.md 1.6)."""
    option_part = b"\x00\x8b" + struct.pack("<i", draft.type)
    code_part = b"\x02\x7b\xff" + draft.number.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<i", _PURCHASE_HEADER) + option_part + code_part + b"\x00\x00"


class Obstacles:
    """Approvals and restrictions of one company's purchase documents."""

    def __init__(self, tables: CompanyTables, dialect_name: str, language: str) -> None:
        self._approvals = tables[APPROVAL_ENTRY]
        self._restricted = sa.Table(
            name_in(dialect_name, _RESTRICTED_RECORD.name_in_sql(tables.company, tables.layout)),
            tables.metadata,
            sa.Column("ID", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("Record ID", sa.LargeBinary(448), nullable=False),
            sa.Column("Details", sa.Unicode(250), nullable=False, server_default=""),
            extend_existing=True,
        )
        self._language = language

    def create(self, connection: Connection) -> None:
        """Make both tables."""
        for table in (self._approvals, self._restricted):
            table.create(connection)

    def open_approval(self, connection: Connection, draft: DraftKey) -> None:
        """An approver has not answered yet, whatever the document's Status says."""
        table = self._approvals
        values: dict[str, Any] = {
            "Entry No_": _next(connection, table.c["Entry No_"]),
            "Table ID": _PURCHASE_HEADER,
            "Document Type": draft.type,
            "Document No_": draft.number,
            "Sequence No_": 1,
            "Approver ID": "CHEF",
            "Status": _OPEN,
        }
        connection.execute(insert(table), [values])

    def restrict(self, connection: Connection, draft: DraftKey) -> None:
        """A workflow restricts what may be done with the document."""
        table = self._restricted
        number = _next(connection, table.c["ID"])
        connection.execute(insert(table), [{"ID": number, "Record ID": record_id(draft)}])

    def refuse_open_approvals(self, connection: Connection, draft: DraftKey) -> None:
        """The robot's app asks for nothing that somebody has still to approve.

        Raises:
            Refusal: An approval is not decided.
        """
        table = self._approvals
        found = connection.scalar(
            select(func.count())
            .select_from(table)
            .where(
                table.c["Table ID"] == _PURCHASE_HEADER,
                table.c["Document Type"] == draft.type,
                table.c["Document No_"] == draft.number,
                table.c["Status"].in_((_CREATED, _OPEN)),
            )
        )
        if found:
            raise Refusal(APPROVALS_OPEN[self._language])

    def refuse_restricted(self, connection: Connection, draft: DraftKey) -> None:
        """NAV's own check before it posts.

        Raises:
            Refusal: The record is restricted.
        """
        table = self._restricted
        statement = select(func.count()).select_from(table)
        if connection.scalar(statement.where(table.c["Record ID"] == record_id(draft))):
            kind = PurchaseDocumentType(draft.type).name.replace("_", " ").title()
            record = f"Purchase Header: {kind},{draft.number}"
            raise Refusal(RESTRICTED[self._language].format(record=record))


def _next(connection: Connection, column: sa.ColumnElement[int]) -> int:
    return int(connection.scalar(select(func.max(column))) or 0) + 1
