"""Writes a posted document: header, lines, creditor entries and general ledger entries."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, func, insert, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.posting.application import Application
from robot.adapters.navision.posting.document import Document
from robot.adapters.navision.posting.rows import (
    EntryNumbers,
    Posting,
    detailed_row,
    gl_rows,
    header_row,
    line_row,
    vendor_entry_row,
)
from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.adapters.navision.schema.ledger import (
    DETAILED_VENDOR_LEDG_ENTRY,
    GL_ENTRY,
    VENDOR_LEDGER_ENTRY,
)
from robot.adapters.navision.schema.purchase import (
    PURCH_CR_MEMO_HDR,
    PURCH_CR_MEMO_LINE,
    PURCH_INV_HEADER,
    PURCH_INV_LINE,
)


class EntryWriter:
    """Writes to the tables of one company."""

    def __init__(self, tables: CompanyTables, texts: NavTexts) -> None:
        self._texts = texts
        self._application = Application(tables)
        entry, detailed, gl = (
            tables[VENDOR_LEDGER_ENTRY],
            tables[DETAILED_VENDOR_LEDG_ENTRY],
            tables[GL_ENTRY],
        )
        headers = {False: tables[PURCH_INV_HEADER], True: tables[PURCH_CR_MEMO_HDR]}
        self._header_inserts = {credit: insert(header) for credit, header in headers.items()}
        self._line_inserts = {
            False: insert(tables[PURCH_INV_LINE]),
            True: insert(tables[PURCH_CR_MEMO_LINE]),
        }
        self._insert_vendor_entry = insert(entry)
        self._insert_detailed = insert(detailed)
        self._insert_gl = insert(gl)
        # By the number alone: with type and creditor in it, SQLite would rather walk through all
        # entries of the creditor than use the index on the number.
        self._same_number = select(
            entry.c["Document Type"], entry.c["Vendor No_"], entry.c["Reversed"]
        ).where(entry.c["External Document No_"] == bindparam("number"))
        last_transaction = (
            select(gl.c["Transaction No_"])
            .order_by(gl.c["Entry No_"].desc())
            .limit(1)
            .scalar_subquery()
        )
        self._last = {
            credit: select(
                select(func.max(entry.c["Entry No_"])).scalar_subquery(),
                select(func.max(detailed.c["Entry No_"])).scalar_subquery(),
                select(func.max(gl.c["Entry No_"])).scalar_subquery(),
                last_transaction,
                select(header.c["No_"])
                .where(header.c["No_"] == bindparam("number"))
                .scalar_subquery(),
            )
            for credit, header in headers.items()
        }

    def is_duplicate(self, connection: Connection, document: Document) -> bool:
        """Whether the ledger has this number of this creditor (NAV's check 20)."""
        if not document.external_number:
            return False
        same_number = connection.execute(self._same_number, {"number": document.external_number})
        mine = (document.ledger_type.value, document.payee_number, False)
        return any(tuple(entry) == mine for entry in same_number)

    def next_numbers(
        self, connection: Connection, document: Document, number: str
    ) -> EntryNumbers:
        """The first free entry numbers.

        Raises:
            Refusal: The number series has given a document number that is taken.
        """
        row = connection.execute(self._last[document.is_credit], {"number": number}).one()
        if row[4] is not None:
            table = "Purch. Cr. Memo Hdr." if document.is_credit else "Purch. Inv. Header"
            raise self._texts.refuse(
                Message.ALREADY_EXISTS,
                self._texts.caption(table),
                self._texts.key(("No.", number), quoted=True),
            )
        vendor_entry, detailed, gl, transaction = (int(last or 0) + 1 for last in row[:4])
        return EntryNumbers(
            vendor_entry=vendor_entry, detailed=detailed, gl=gl, transaction=transaction
        )

    def write(self, connection: Connection, posting: Posting, numbers: EntryNumbers) -> None:
        """Write the document and its entries."""
        credit = posting.document.is_credit
        insert_lines, lines = self._line_inserts[credit], posting.document.lines
        connection.execute(self._header_inserts[credit], [header_row(posting, numbers)])
        connection.execute(
            insert_lines,
            [
                line_row(posting, line, set_id)
                for line, set_id in zip(lines, posting.line_sets, strict=True)
            ],
        )
        connection.execute(self._insert_vendor_entry, [vendor_entry_row(posting, numbers)])
        connection.execute(self._insert_detailed, [detailed_row(posting, numbers)])
        connection.execute(self._insert_gl, gl_rows(posting, numbers))
        if credit and posting.document.applies_to:
            self._application.apply(connection, posting, numbers)
