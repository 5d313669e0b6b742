"""Posts the lines of a re-posting as NAV posts a general journal: all of them or none.

Source: codeunit 11 (checks of a journal line), 12 (posting of it), 408 (dimensions).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import (
    GL_ACCOUNT_TABLE,
    GenPostingType,
    LedgerDocumentType,
)
from robot.adapters.navision.posting.checks import PostingChecks
from robot.adapters.navision.posting.dimension_sets import DimensionSets
from robot.adapters.navision.posting.dimensions import DimensionChecks
from robot.adapters.navision.posting.document import LINE_STEP, Line, make_line
from robot.adapters.navision.posting.master import MasterData
from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.adapters.navision.schema.ledger import GL_ENTRY
from robot.adapters.navision.schema.sqltypes import as_code
from robot.domain.decision import PostingLine, PostingOrder
from robot.domain.money import CENT, ZERO

#: NAV's source code of general journals in a Danish company.
SOURCE_CODE: Final = "FINKLD"
_TABLE: Final = "Gen. Journal Line"
_EXTERNAL: Final = GL_ENTRY.field("External Document No.").length


class JournalRoutine:
    """The journal posting of one company."""

    def __init__(
        self, tables: CompanyTables, texts: NavTexts, posting_user: str, sets: DimensionSets
    ) -> None:
        self._tables = tables
        self._texts = texts
        self._posting_user = posting_user
        self._sets = sets
        self._entry = tables[GL_ENTRY]

    def post(self, connection: Connection, order: PostingOrder) -> str:
        """Check and post all lines under the order's number; all checks come before a write.

        Args:
            connection: In a transaction.
            order: Of kind `reposting`.

        Returns:
            The document number of the entries.

        Raises:
            Refusal: NAV's text; nothing was written.
        """
        self._sets.rolled_back()
        master = MasterData(connection, self._tables, self._posting_user)
        number = as_code(order.external_number)
        if self._is_posted(connection, number):
            raise self._texts.refuse(Message.REPOSTED_ALREADY, number)
        lines = [
            make_line(line, place * LINE_STEP, {}, master, self._texts, table=_TABLE)
            for place, line in enumerate(order.lines, start=1)
        ]
        self._check(order, lines, master)
        first, transaction = self._next_numbers(connection)
        connection.execute(
            insert(self._entry),
            [
                self._row(asked, line, order, master, entry=first + place, transaction=transaction)
                for place, (asked, line) in enumerate(zip(order.lines, lines, strict=True))
            ],
        )
        return number

    def _is_posted(self, connection: Connection, number: str) -> bool:
        """Whether the ledger has the number: a key may have been lost, or a clerk been quicker."""
        entry = self._entry
        statement = select(entry.c["Entry No_"]).where(entry.c["Document No_"] == number).limit(1)
        return connection.execute(statement).first() is not None

    def _check(self, order: PostingOrder, lines: list[Line], master: MasterData) -> None:
        texts = self._texts
        checks = PostingChecks(master, texts)
        if not lines:
            raise texts.refuse(Message.NOTHING_TO_POST)
        if not master.calendar().allows(order.posting_date):
            key = texts.key(("Document No.", as_code(order.external_number)), quoted=True)
            raise texts.refuse(Message.POSTING_DATE_NOT_ALLOWED, texts.caption(_TABLE), key)
        if master.calendar().period(order.posting_date) is None:
            raise texts.refuse(Message.NONE_WITHIN_FILTER, texts.caption("Accounting Period"))
        for line in lines:
            checks.account(line)
            self._dimensions(line, master)
            if line.amount != line.amount.quantize(CENT):
                raise texts.refuse(Message.NEEDS_ROUNDING, texts.caption("Amount"))
        debit = sum((line.amount for line in lines if line.amount > 0), ZERO)
        balance = sum((line.amount for line in lines), ZERO)
        if balance or debit != order.total:
            found = debit if debit != order.total else debit + balance
            raise texts.refuse(Message.TOTAL_DIFFERS, texts.caption("Amount"), order.total, found)

    def _dimensions(self, line: Line, master: MasterData) -> None:
        checks = DimensionChecks(master, self._texts)
        error = checks.combination_error(line.dimensions) or checks.posting_error(
            GL_ACCOUNT_TABLE, line.account_number, line.dimensions
        )
        if error:
            raise self._texts.refuse(
                Message.ENTRY_DIMENSION_WRONG,
                self._texts.caption(_TABLE),
                "",
                "",
                line.number,
                error,
            )

    def _next_numbers(self, connection: Connection) -> tuple[int, int]:
        entry = self._entry
        last, transaction = connection.execute(
            select(func.max(entry.c["Entry No_"]), func.max(entry.c["Transaction No_"]))
        ).one()
        return int(last or 0) + 1, int(transaction or 0) + 1

    def _row(
        self,
        asked: PostingLine,
        line: Line,
        order: PostingOrder,
        master: MasterData,
        *,
        entry: int,
        transaction: int,
    ) -> dict[str, Any]:
        setup = master.ledger_setup()
        names = [f"Global Dimension {place} Code" for place in (1, 2)]
        globals_ = [setup.code(name) if setup else "" for name in names]
        return {
            "Entry No_": entry,
            "G_L Account No_": line.account_number,
            "Posting Date": order.posting_date,
            "Document Type": LedgerDocumentType.NONE.value,
            "Document No_": as_code(order.external_number),
            "Description": line.text,
            "Amount": line.amount,
            **{
                name: line.dimensions.get(dimension, "")
                for name, dimension in zip(names, globals_, strict=True)
            },
            "User ID": self._posting_user,
            "Source Code": SOURCE_CODE,
            "System-Created Entry": False,
            "Prior-Year Entry": self._is_prior_year(order.posting_date, master),
            "VAT Amount": ZERO,
            "Gen_ Posting Type": GenPostingType.NONE.value,
            "Transaction No_": transaction,
            "Debit Amount": max(line.amount, ZERO),
            "Credit Amount": max(-line.amount, ZERO),
            "Document Date": order.posting_date,
            "External Document No_": as_code(asked.voucher)[:_EXTERNAL],
            "Dimension Set ID": self._sets.number(master, line.dimensions),
        }

    @staticmethod
    def _is_prior_year(day: date, master: MasterData) -> bool:
        period = master.calendar().period(day)
        return period is not None and period.closed
