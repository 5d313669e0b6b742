"""Postings of the robot's own that somebody reversed in NAV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlalchemy import select

from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database, Reading
from robot.adapters.navision.schema.ledger import VENDOR_LEDGER_ENTRY
from robot.adapters.navision.schema.sqltypes import YES


class NavisionReversals:
    """Implements `robot.flow.ports.Reversals` on NAV's vendor ledger; only ever selects.

    Args:
        database: The ERP's.
        posting_user: The NAV user under whom the robot posts.
        companies: Finds the companies' tables.
    """

    def __init__(self, database: Database, posting_user: str, companies: Companies) -> None:
        self._database = database
        self._posting_user = posting_user
        self._companies = companies

    def reversed_receipts(self, company: str, since: date) -> Sequence[str]:
        """Posted numbers, of entries of this day or later, that were reversed.

        The entry that reverses another bears the same number and is marked reversed too; what is
        reversed names the entry that did it (NAV 25.88). None are known where these columns are
        not there.

        Raises:
            ErpUnavailableError: The ERP can't be reached.
            ErpError: The login may not read the ledger.
        """
        return self._database.read(partial(self._receipts, company, since))

    def _receipts(self, company: str, since: date, reading: Reading) -> Sequence[str]:
        tables = self._companies.tables(reading.discovery, company)
        needed = ("Reversed", "Reversed by Entry No.", "User ID", "Posting Date", "Document No.")
        if tables is None or not tables.has(VENDOR_LEDGER_ENTRY, *needed):
            return []
        entry = tables.read(VENDOR_LEDGER_ENTRY)
        statement = (
            select(entry.c["Document No_"])
            .where(
                entry.c["Reversed"] == YES,
                entry.c["Reversed by Entry No_"] != 0,
                entry.c["User ID"] == self._posting_user,
                entry.c["Posting Date"] >= since,
            )
            .distinct()
            .order_by(entry.c["Document No_"])
        )
        return list(reading.discovery.execute(statement).scalars())
