"""The robot's inbox in NAV (table 50000): one row a document key, kept for good.

A key is free for a request to post when nothing stands under it, when its last request was refused
and this one is not of an earlier generation, or when a tombstone stands there and this one is of
a later generation. Generations are stamps in ISO 8601, UTC: they sort as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from robot.adapters.navision.batch import chunks
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.ledger_currency import currency_of, read_own_currency
from robot.adapters.navision.options import InboxState, LedgerDocumentType
from robot.adapters.navision.reposted import amounts_moved, with_entries
from robot.adapters.navision.schema.inbox import ROBOT_INBOX
from robot.adapters.navision.schema.ledger import (
    DETAILED_VENDOR_LEDG_ENTRY,
    GL_ENTRY,
    VENDOR_LEDGER_ENTRY,
)
from robot.adapters.navision.schema.purchase import PURCH_CR_MEMO_HDR, PURCH_INV_HEADER
from robot.flow.ports import Evidence, KeyState

_KEYS: Final = 1000
_STATES: Final[Mapping[int, KeyState]] = {
    InboxState.NEW: KeyState.TAKEN,
    InboxState.TAKEN: KeyState.TAKEN,
    InboxState.POSTED: KeyState.POSTED,
    InboxState.REFUSED: KeyState.REFUSED,
    InboxState.TOMBSTONE: KeyState.TOMBSTONE,
}
_ABSENT: Final = Evidence(state=KeyState.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for a key."""

    key: str
    company: str
    generation: str
    payload_hash: str


class Inbox:
    """The keys of one company."""

    def __init__(self, tables: CompanyTables) -> None:
        self._table = table = tables[ROBOT_INBOX]
        self._insert = insert(table)
        self._update = update(table).where(table.c["Document Key"] == bindparam("key"))
        self._holder = select(
            table.c["State"], table.c["Generation"], table.c["Company Name"]
        ).where(table.c["Document Key"] == bindparam("key"))
        self._tables = tables
        self._entries = tables[GL_ENTRY]
        evidence, key = _evidence(tables), table.c["Document Key"]
        self._evidence = evidence.where(key.in_(bindparam("keys", expanding=True)))
        self._evidence_of_one = evidence.where(key == bindparam("key"))

    def holder(self, connection: Connection, key: str) -> tuple[KeyState, str, str] | None:
        """State, generation and company of what stands under the key."""
        row = connection.execute(self._holder, {"key": key}).one_or_none()
        return None if row is None else (_STATES[row[0]], row[1], row[2])

    def put(
        self,
        connection: Connection,
        request: Request,
        *,
        taken: bool,
        outcome: Mapping[str, object],
        at: datetime,
    ) -> None:
        """Write the request with its outcome; `taken` when a row stands under the key already."""
        values: dict[str, Any] = {
            "Generation": request.generation,
            "Payload Hash": request.payload_hash,
            "Company Name": request.company,
            "Document Type": LedgerDocumentType.NONE.value,
            "Result No_": "",
            "Refusal Text": "",
            "Received At": at,
            "Completed At": at,
            **outcome,
        }
        if taken:
            connection.execute(self._update.values(values), {"key": request.key})
        else:
            connection.execute(self._insert, [{"Document Key": request.key, **values}])

    def evidence(self, connection: Connection, keys: Sequence[str]) -> dict[str, Evidence]:
        """What the tables show for each key: the key, the posted document and its entry."""
        found = dict.fromkeys(keys, _ABSENT)
        for chunk in chunks(found, _KEYS):
            rows = connection.execute(self._evidence, {"keys": chunk}).all()
            found.update((row.key, _shown(row)) for row in rows)
            found.update(self._of_repostings(connection, rows, found))
        return found

    def evidence_of(self, connection: Connection, key: str) -> Evidence:
        """The same for one key."""
        row = connection.execute(self._evidence_of_one, {"key": key}).one_or_none()
        if row is None:
            return _ABSENT
        found = {key: _shown(row)}
        return {**found, **self._of_repostings(connection, [row], found)}[key]

    def _of_repostings(
        self,
        connection: Connection,
        rows: Sequence[Row[*tuple[Any, ...]]],
        found: Mapping[str, Evidence],
    ) -> dict[str, Evidence]:
        """Of what is posted and no purchase document: the general ledger's entries."""
        numbers = {
            row.key: row.result
            for row in rows
            if row.state == InboxState.POSTED and row.kind == LedgerDocumentType.NONE
        }
        if not numbers:
            return {}
        moved = amounts_moved(connection, self._entries, list(numbers.values()))
        own = read_own_currency(connection, self._tables)
        return {
            key: with_entries(found[key], number, moved, own) for key, number in numbers.items()
        }


def is_free(state: KeyState, holder: str, generation: str) -> bool:
    """Whether a request may take the key from one that ended without a posting.

    What was refused may be asked for, or closed, again. Past a tombstone only a later one gets:
    a request to post that was delayed on its way always loses against the bounce.
    """
    if state is KeyState.REFUSED:
        return generation >= holder
    return state is KeyState.TOMBSTONE and generation > holder


def _shown(row: Row[*tuple[Any, ...]]) -> Evidence:
    sign = 1 if row.type == LedgerDocumentType.CREDIT_MEMO else -1
    return Evidence(
        state=_STATES[row.state],
        generation=row.generation,
        payload_hash=row.payload_hash,
        receipt=row.receipt,
        creditor=row.creditor,
        external_number=row.external_number,
        amount=None if row.amount is None else sign * row.amount,
        currency=None if row.amount is None else row.currency,
        refusal=row.refusal or None,
    )


def _evidence(tables: CompanyTables) -> Select[*tuple[Any, ...]]:
    """The key's row with the posted header and the ledger entry that it names.

    Creditor, number and amount come from the ledger entry alone, and only when it belongs to the
    header: what the inbox claims is no evidence.
    """
    inbox, entry = tables[ROBOT_INBOX], tables[VENDOR_LEDGER_ENTRY]
    invoice, memo = tables[PURCH_INV_HEADER], tables[PURCH_CR_MEMO_HDR]
    detailed = tables[DETAILED_VENDOR_LEDG_ENTRY]
    receipt = func.coalesce(invoice.c["No_"], memo.c["No_"])
    amount = (
        select(func.sum(detailed.c["Amount"]))
        .where(
            detailed.c["Vendor Ledger Entry No_"] == entry.c["Entry No_"],
            detailed.c["Ledger Entry Amount"] == True,  # noqa: E712 -- a column
        )
        .scalar_subquery()
    )
    return (
        select(
            inbox.c["Document Key"].label("key"),
            inbox.c["State"].label("state"),
            inbox.c["Generation"].label("generation"),
            inbox.c["Payload Hash"].label("payload_hash"),
            inbox.c["Refusal Text"].label("refusal"),
            inbox.c["Document Type"].label("kind"),
            inbox.c["Result No_"].label("result"),
            receipt.label("receipt"),
            entry.c["Document Type"].label("type"),
            entry.c["Buy-from Vendor No_"].label("creditor"),
            entry.c["External Document No_"].label("external_number"),
            amount.label("amount"),
            currency_of(tables, entry.c["Currency Code"]).label("currency"),
        )
        .select_from(inbox)
        .outerjoin(
            invoice,
            (inbox.c["Document Type"] == LedgerDocumentType.INVOICE.value)
            & (invoice.c["No_"] == inbox.c["Result No_"]),
        )
        .outerjoin(
            memo,
            (inbox.c["Document Type"] == LedgerDocumentType.CREDIT_MEMO.value)
            & (memo.c["No_"] == inbox.c["Result No_"]),
        )
        .outerjoin(
            entry,
            (
                entry.c["Entry No_"]
                == func.coalesce(
                    invoice.c["Vendor Ledger Entry No_"], memo.c["Vendor Ledger Entry No_"]
                )
            )
            & (entry.c["Document No_"] == receipt)
            & (entry.c["Document Type"] == inbox.c["Document Type"])
            & (entry.c["Reversed"] == False),  # noqa: E712 -- a column
        )
        .where(inbox.c["Company Name"] == tables.company)
    )
