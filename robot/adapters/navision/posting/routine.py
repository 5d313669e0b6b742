"""Posts one order in an open transaction: NAV's checks in NAV's order, then all entries."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import LedgerDocumentType
from robot.adapters.navision.posting.amounts import ledger_amounts
from robot.adapters.navision.posting.checks import PostingChecks
from robot.adapters.navision.posting.dimension_sets import DimensionSets
from robot.adapters.navision.posting.document import Document, make_document
from robot.adapters.navision.posting.entries import EntryWriter
from robot.adapters.navision.posting.journal import JournalRoutine
from robot.adapters.navision.posting.master import MasterData, Record
from robot.adapters.navision.posting.numbers import NumberSeries, ReservedNumber
from robot.adapters.navision.posting.rows import Posting
from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.domain.decision import PostingOrder
from robot.domain.invoice import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was posted."""

    type: LedgerDocumentType
    number: str


class PostingRoutine:
    """The posting routine of one company."""

    def __init__(self, tables: CompanyTables, texts: NavTexts, posting_user: str) -> None:
        self._tables = tables
        self._texts = texts
        self._posting_user = posting_user
        self._series = NumberSeries(tables, texts)
        self._writer = EntryWriter(tables, texts)
        self._sets = DimensionSets(tables)
        #: Posts re-postings.
        self.journal = JournalRoutine(tables, texts, posting_user, self._sets)
        self._kept = f"navision master data of {tables.company} for {posting_user}"
        self._used: MasterData | None = None

    def post(
        self, connection: Connection, order: PostingOrder, *, draft: ReservedNumber | None = None
    ) -> Posted:
        """Check and post an order; all checks come before the first write.

        Args:
            connection: In a transaction.
            order: What to post.
            draft: The number of the purchase document that is posted, when there is one already.

        Raises:
            Refusal: NAV's text; nothing was written.
        """
        self._sets.rolled_back()
        master = self._used = self._master(connection)
        checks = PostingChecks(master, self._texts)
        credit = order.kind == Kind.CREDIT_NOTE.value
        kind = "Credit Memo Nos." if credit else "Invoice Nos."
        codes = (self._series_code(master, kind), self._series_code(master, f"Posted {kind}"))
        series = self._series.at(connection, *codes, order.posting_date)
        new, draft = draft is None, draft or series.reserve(codes[0])
        document = make_document(order, draft.number, master, self._texts)
        self._refuse_other_bank_details(order, document, master)
        checks.before_numbering(document)
        # With one series for both, NAV posts under the draft's number.
        posted = draft if codes[0] == codes[1] else series.reserve(codes[1])
        checks.lines_and_setup(document)
        if self._writer.is_duplicate(connection, document):
            raise checks.duplicate(document)
        checks.accounts_and_amounts(document)
        numbers = self._writer.next_numbers(connection, document, posted.number)
        self._writer.write(connection, self._posting(master, document, draft, posted), numbers)
        self._series.use(connection, *([draft, posted] if new else [posted]))
        return Posted(type=document.ledger_type, number=posted.number)

    def _refuse_other_bank_details(
        self, order: PostingOrder, document: Document, master: MasterData
    ) -> None:
        """What was decided when the creditor was paid elsewhere is not posted.

        Raises:
            Refusal: The payee, its payment method or one of its accounts is another one by now.
        """
        if not order.bank_details_hash:
            return
        now = master.bank_details_hash(document.payee_number, document.payee)
        if now != order.bank_details_hash:
            raise self._texts.refuse(Message.BANK_DETAILS_CHANGED, document.payee_number)

    def committed(self, connection: Connection) -> None:
        """What the last order wrote is there for good."""
        self._sets.committed()
        if self._used is not None:
            connection.info[self._kept] = (_version(connection), self._used)
            self._used = None

    def _master(self, connection: Connection) -> MasterData:
        """The master data of the last posting, when nobody has written anything since.

        Reading it anew is most of the work of a posting, and it hardly ever changes.
        """
        version, kept = connection.info.get(self._kept, (None, None))
        if version != _version(connection):
            return MasterData(connection, self._tables, self._posting_user)
        master = cast("MasterData", kept)
        master.connection = connection
        return master

    def _series_code(self, master: MasterData, field: str) -> str:
        texts, table = self._texts, "Purchases & Payables Setup"
        setup = master.purchases_setup()
        key = texts.key(("Primary Key", ""), quoted=True)
        if setup is None:
            raise texts.refuse(Message.DOES_NOT_EXIST, texts.caption(table), key)
        series = setup.code(field.replace(".", "_"))
        if not series:
            raise texts.refuse(
                Message.MUST_HAVE_VALUE, texts.caption(field), texts.caption(table), key
            )
        return series

    def _posting(
        self,
        master: MasterData,
        document: Document,
        draft: ReservedNumber,
        posted: ReservedNumber,
    ) -> Posting:
        business = document.vendor.code("VAT Bus_ Posting Group")
        codes = {line.vat_code for line in document.lines}
        vat_setup: dict[str, Record] = {
            code: setup
            for code in codes
            if (setup := master.vat_posting_setup(business, code)) is not None
        }
        group = master.vendor_posting_group(document.payee.code("Vendor Posting Group"))
        amounts = ledger_amounts(
            document, vat_setup, group.code("Payables Account") if group else ""
        )
        period = master.calendar().period(document.posting_date)
        setup = master.ledger_setup()
        return Posting(
            document=document,
            amounts=amounts,
            draft=draft,
            posted=posted,
            vat_setup=vat_setup,
            header_set=self._sets.number(master, document.dimensions),
            line_sets=[self._sets.number(master, line.dimensions) for line in document.lines],
            entry_sets=[self._sets.number(master, entry.dimensions) for entry in amounts.entries],
            global_dimensions=(
                (setup.code("Global Dimension 1 Code"), setup.code("Global Dimension 2 Code"))
                if setup
                else ("", "")
            ),
            description=f"{self._texts.caption(document.type_caption)} {document.number}",
            user=self._posting_user,
            prior_year=period is not None and period.closed,
        )


def _version(connection: Connection) -> object:
    """Differs as soon as another connection (first) or this one (second) has written anything.

    Always, where the engine can't say so. Source: SQLite, PRAGMA data_version and
    sqlite3_total_changes.
    """
    if connection.dialect.name != "sqlite":
        return object()
    own = cast("sqlite3.Connection", connection.connection.driver_connection)
    return own.execute("PRAGMA data_version").fetchone()[0], own.total_changes
