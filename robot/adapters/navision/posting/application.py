"""Settles an invoice with the credit memo that names it (Application entries of table 380)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, func, insert, select, update

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import DetailedEntryType, LedgerDocumentType
from robot.adapters.navision.posting.rows import EntryNumbers, Posting
from robot.adapters.navision.schema.ledger import DETAILED_VENDOR_LEDG_ENTRY, VENDOR_LEDGER_ENTRY
from robot.domain.money import ZERO, round_cents


class Application:
    """Applies credit memos to invoices in one company."""

    def __init__(self, tables: CompanyTables) -> None:
        self._vendor_entry = tables[VENDOR_LEDGER_ENTRY]
        self._detailed = tables[DETAILED_VENDOR_LEDG_ENTRY]
        self._insert = insert(self._detailed)

    def apply(self, connection: Connection, posting: Posting, numbers: EntryNumbers) -> None:
        """Settle the invoice that the credit memo names, as far as it is still open."""
        invoice = self._open_invoice(connection, posting)
        if invoice is None:
            return
        entry_no, remaining = invoice
        applied = min(-remaining, posting.amounts.amount)
        applied_lcy = round_cents(posting.amounts.amount_lcy * applied / posting.amounts.amount)
        common = {
            "Entry Type": DetailedEntryType.APPLICATION.value,
            "Posting Date": posting.document.posting_date,
            "Document Type": LedgerDocumentType.CREDIT_MEMO.value,
            "Document No_": posting.posted.number,
            "Vendor No_": posting.document.payee_number,
            "Currency Code": posting.document.currency,
            "Transaction No_": numbers.transaction,
            "Applied Vend_ Ledger Entry No_": numbers.vendor_entry,
            "Ledger Entry Amount": False,
        }
        connection.execute(
            self._insert,
            [
                {
                    **common,
                    "Entry No_": numbers.detailed + offset,
                    "Vendor Ledger Entry No_": entry,
                    "Amount": sign * applied,
                    "Amount (LCY)": sign * applied_lcy,
                    "Debit Amount": applied if sign > 0 else ZERO,
                    "Credit Amount": applied if sign < 0 else ZERO,
                    "Initial Document Type": initial.value,
                }
                for offset, (entry, sign, initial) in enumerate(
                    (
                        (entry_no, 1, LedgerDocumentType.INVOICE),
                        (numbers.vendor_entry, -1, LedgerDocumentType.CREDIT_MEMO),
                    ),
                    start=1,
                )
            ],
        )
        closed = {
            entry_no: applied == -remaining,
            numbers.vendor_entry: applied == posting.amounts.amount,
        }
        for entry, is_closed in closed.items():
            if is_closed:
                other = numbers.vendor_entry if entry == entry_no else entry_no
                self._close(connection, entry, other, posting)

    def _open_invoice(
        self, connection: Connection, posting: Posting
    ) -> tuple[int, Decimal] | None:
        """The open invoice named by the supplier's number or by NAV's, and what is left of it."""
        entry, detailed = self._vendor_entry, self._detailed
        named = posting.document.applies_to
        remaining = (
            select(func.sum(detailed.c["Amount"]))
            .where(detailed.c["Vendor Ledger Entry No_"] == entry.c["Entry No_"])
            .scalar_subquery()
        )
        statement = (
            select(entry.c["Entry No_"], remaining)
            .where(
                entry.c["Vendor No_"] == posting.document.payee_number,
                entry.c["Document Type"] == LedgerDocumentType.INVOICE.value,
                (entry.c["External Document No_"] == named) | (entry.c["Document No_"] == named),
                entry.c["Currency Code"] == posting.document.currency,
                entry.c["Open"] == True,  # noqa: E712 -- a column
                entry.c["Reversed"] == False,  # noqa: E712 -- a column
            )
            .order_by(entry.c["Entry No_"])
            .limit(1)
        )
        row = connection.execute(statement).one_or_none()
        if row is None or row[1] is None or row[1] >= ZERO:
            return None
        return row[0], row[1]

    def _close(self, connection: Connection, entry: int, by: int, posting: Posting) -> None:
        table = self._vendor_entry
        connection.execute(
            update(table)
            .where(table.c["Entry No_"] == entry)
            .values(
                {
                    "Open": False,
                    "Closed by Entry No_": by,
                    "Closed at Date": posting.document.posting_date,
                }
            )
        )
