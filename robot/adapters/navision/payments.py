"""What becomes of posted documents in NAV's vendor ledger: exported, paid, cleared, reversed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Row, Select, select

from robot.adapters.navision.batch import chunks
from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.database import Database, Reading
from robot.adapters.navision.options import DetailedEntryType, LedgerDocumentType
from robot.adapters.navision.schema.ledger import DETAILED_VENDOR_LEDG_ENTRY, VENDOR_LEDGER_ENTRY
from robot.adapters.navision.schema.sqltypes import NO
from robot.flow.journey_port import LedgerPayment

_NUMBERS: Final = 500
_NEEDED: Final = ("Document No.", "Document Type", "Posting Date", "Open", "Closed at Date")
_OF_APPLICATION: Final = ("Vendor Ledger Entry No.", "Entry Type", "Document No.", "Posting Date")


class NavisionPayments:
    """Implements `robot.flow.journey_port.Payments` on NAV's ledger; only ever selects.

    Args:
        database: The ERP's.
        companies: Finds the companies' tables.
    """

    def __init__(self, database: Database, companies: Companies) -> None:
        self._database = database
        self._companies = companies

    def payments(self, company: str, receipts: Sequence[str]) -> Sequence[LedgerPayment]:
        """What the vendor ledger shows of posted documents; unknown ones are left out.

        A payment is the latest entry of type Payment that is applied to the document (table 380,
        entry type Application, not unapplied); the document is cleared when nothing remains open.

        Raises:
            ErpUnavailableError: The ERP can't be reached.
            ErpError: The login may not read the ledger.
        """
        return self._database.read(partial(self._payments, company, receipts))

    def _payments(
        self, company: str, receipts: Sequence[str], reading: Reading
    ) -> Sequence[LedgerPayment]:
        tables = self._companies.tables(reading.discovery, company)
        if tables is None or not tables.has(VENDOR_LEDGER_ENTRY, *_NEEDED):
            return []
        found: list[LedgerPayment] = []
        for numbers in chunks(receipts, _NUMBERS):
            entries = reading.discovery.execute(_entries(tables, numbers)).all()
            applied: dict[int, Row[*tuple[Any, ...]]] = {}
            if tables.has(DETAILED_VENDOR_LEDG_ENTRY, *_OF_APPLICATION):
                for part in chunks([row.entry for row in entries], _NUMBERS):
                    for row in reading.discovery.execute(_applications(tables, part)):
                        applied[row.entry] = row
            found += _joined(entries, applied)
        return found


def _entries(tables: CompanyTables, numbers: Sequence[str]) -> Select[*tuple[Any, ...]]:
    entry = tables.read(VENDOR_LEDGER_ENTRY)
    columns = [
        entry.c["Entry No_"].label("entry"),
        entry.c["Document No_"].label("receipt"),
        entry.c["Posting Date"].label("posted_on"),
        entry.c["Open"].label("is_open"),
        entry.c["Closed at Date"].label("closed_on"),
    ]
    for field, name in (("Exported to Payment File", "exported"), ("Reversed", "is_reversed")):
        if tables.has(VENDOR_LEDGER_ENTRY, field):
            columns.append(entry.c[field].label(name))
    types = (LedgerDocumentType.INVOICE.value, LedgerDocumentType.CREDIT_MEMO.value)
    return (
        select(*columns)
        .where(entry.c["Document No_"].in_(list(numbers)), entry.c["Document Type"].in_(types))
        .order_by(entry.c["Entry No_"])
    )


def _applications(tables: CompanyTables, entries: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Payments applied to entries, the latest of each last."""
    detailed = tables.read(DETAILED_VENDOR_LEDG_ENTRY)
    statement = select(
        detailed.c["Vendor Ledger Entry No_"].label("entry"),
        detailed.c["Document No_"].label("payment"),
        detailed.c["Posting Date"].label("paid_on"),
    ).where(
        detailed.c["Vendor Ledger Entry No_"].in_(list(entries)),
        detailed.c["Entry Type"] == DetailedEntryType.APPLICATION.value,
        detailed.c["Document Type"] == LedgerDocumentType.PAYMENT.value,
    )
    if tables.has(DETAILED_VENDOR_LEDG_ENTRY, "Unapplied"):
        statement = statement.where(detailed.c["Unapplied"] == NO)
    return statement.order_by(detailed.c["Entry No_"])


def _joined(
    entries: Sequence[Row[*tuple[Any, ...]]], applied: dict[int, Row[*tuple[Any, ...]]]
) -> Iterator[LedgerPayment]:
    for row in entries:
        values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to columns by name
        paid = applied.get(row.entry)
        yield LedgerPayment(
            receipt=row.receipt,
            entry=row.entry,
            posted_on=row.posted_on,
            exported=bool(values.get("exported")),
            payment=paid.payment if paid else "",
            paid_on=paid.paid_on if paid else None,
            cleared_on=row.closed_on if not row.is_open and paid else None,
            reversed=bool(values.get("is_reversed")),
        )
