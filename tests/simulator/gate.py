"""The robot's small app in NAV, as config/navision/ has it: keys, tombstones, drafts, the guard.

This is what the codeunit does, written once more for the tests; both follow the same protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import (
    HeaderJobStatus,
    InboxState,
    LedgerDocumentType,
    PurchaseDocumentType,
    ReleaseStatus,
)
from robot.adapters.navision.posting.inbox import is_free
from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.adapters.navision.schema.inbox import REFUSAL_TEXTS, ROBOT_INBOX
from robot.adapters.navision.schema.ledger import VENDOR_LEDGER_ENTRY
from robot.adapters.navision.schema.purchase import PURCH_CR_MEMO_HDR, PURCH_INV_HEADER
from robot.adapters.navision.schema.sqltypes import NO_GUID, as_code
from robot.domain.decision import PostingOrder
from robot.flow.ports import KeyState
from tests.simulator.approvals import Obstacles
from tests.simulator.drafts import DraftKey, Drafts

_STATES = {
    InboxState.NEW: KeyState.REFUSED,  # nothing was queued: it gives way as a refusal does
    InboxState.TAKEN: KeyState.TAKEN,
    InboxState.POSTED: KeyState.POSTED,
    InboxState.REFUSED: KeyState.REFUSED,
    InboxState.TOMBSTONE: KeyState.TOMBSTONE,
}
_NOTHING = {
    "Draft Type": 0,
    "Draft No_": "",
    "Draft No_ Series": "",
    "Document Hash": "",
    "Own Draft": False,
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came in."""

    key: str
    generation: str
    payload_hash: str


class Gate:
    """The keys of one company."""

    def __init__(
        self,
        tables: CompanyTables,
        drafts: Drafts,
        texts: NavTexts,
        obstacles: Obstacles,
        now: Callable[[], datetime],
    ) -> None:
        self._tables = tables
        self._drafts = drafts
        self._texts = texts
        self._obstacles = obstacles
        self._now = now
        self._inbox = tables[ROBOT_INBOX]

    def row(self, connection: Connection, key: str) -> Mapping[str, Any] | None:
        """What stands under a key."""
        inbox = self._inbox
        found = connection.execute(
            select(inbox).where(
                inbox.c["Document Key"] == key, inbox.c["Company Name"] == self._tables.company
            )
        ).one_or_none()
        if found is None:
            return None
        row = dict(found._asdict())
        pieces = [row.pop(name) for name in REFUSAL_TEXTS if name in row]
        return row | {"Refusal Text": "".join(pieces)}

    def _in_pieces(self, text: str) -> dict[str, str]:
        """A text as the layout's fields hold it; what is too long is lost."""
        values = {}
        for name in (name for name in REFUSAL_TEXTS if name in self._inbox.c):
            length = ROBOT_INBOX.field(name).length_in(self._tables.layout)
            values[name], text = text[:length], text[length:]
        return values

    def take(self, connection: Connection, asked: Asked, order: PostingOrder | None) -> bool:
        """Write the request under its key when the key is free; `order` None closes it.

        Returns:
            Whether the key is this request's now.
        """
        self.settle(connection, asked.key)
        row = self.row(connection, asked.key)
        if row is not None and not is_free(
            _STATES[row["State"]], row["Generation"], asked.generation
        ):
            return False
        mine = row is not None and (row["Generation"], row["Payload Hash"], row["State"]) == (
            asked.generation,
            asked.payload_hash,
            InboxState.NEW,
        )
        if mine and order is not None:
            return True  # our own request, stopped half-way
        if row is not None and row["Own Draft"]:
            self._drafts.delete(connection, draft_of(row))
        state = InboxState.TOMBSTONE if order is None else InboxState.NEW
        values: dict[str, Any] = {
            "Generation": asked.generation,
            "Payload Hash": asked.payload_hash,
            "State": state.value,
            "Company Name": self._tables.company,
            **self._in_pieces(""),
            "Result No_": "",
            "Received At": self._now(),
            "Job Queue Entry ID": NO_GUID,
            # A draft that is not ours stays named, so that the guard knows it.
            **({} if order is None and row is not None and not row["Own Draft"] else _NOTHING),
            **(_expected(order) if order is not None else {}),
        }
        if row is None:
            connection.execute(insert(self._inbox), [{"Document Key": asked.key, **values}])
        else:
            self.write(connection, asked.key, values)
        return True

    def find_or_make(
        self, connection: Connection, key: str, order: PostingOrder, *, make: bool
    ) -> DraftKey:
        """The purchase document for a request that holds its key; its name goes into the row.

        Raises:
            Refusal: It can't be made, or the one that is there is another one than ordered.
        """
        row = self.row(connection, key)
        assert row is not None
        if row["Draft No_"]:
            return draft_of(row)
        there = self._drafts.find(connection, order)
        if there:
            self._compare(connection, there[0], order)
            draft, own = there[0], False
        elif make:
            draft, own = self._drafts.make(connection, order), True
        else:
            raise self._texts.refuse(
                Message.DOES_NOT_EXIST,
                self._texts.caption("Purchase Header"),
                self._texts.key(("Vendor Invoice No.", order.external_number), quoted=True),
            )
        self.write(
            connection,
            key,
            {
                "Draft Type": draft.type,
                "Draft No_": draft.number,
                "Draft No_ Series": draft.series,
                "Document Hash": self._drafts.fingerprint(connection, draft),
                "Own Draft": own,
            },
        )
        return draft

    def refuse(self, connection: Connection, asked: Asked, text: str) -> bool:
        """Note that this very request was refused; whether it was still its own."""
        row = self.row(connection, asked.key)
        if row is None or (row["Generation"], row["Payload Hash"], row["State"]) != (
            asked.generation,
            asked.payload_hash,
            InboxState.NEW,
        ):
            return False
        self.write(
            connection,
            asked.key,
            {
                "State": InboxState.REFUSED.value,
                **self._in_pieces(text),
                "Completed At": self._now(),
            },
        )
        return True

    def guard(self, connection: Connection, draft: DraftKey) -> Mapping[str, Any] | None:
        """What the posting of a document is held to; None when it is none of the robot's.

        Raises:
            Refusal: Its key is closed, or the document is not what the robot decided.
        """
        inbox = self._inbox
        found = connection.execute(
            select(inbox).where(
                inbox.c["Company Name"] == self._tables.company,
                inbox.c["Draft Type"] == draft.type,
                inbox.c["Draft No_"] == draft.number,
                inbox.c["Draft No_ Series"] == draft.series,
            )
        ).one_or_none()
        if found is None:
            return None
        row: Mapping[str, Any] = found._asdict()
        caption = self._texts.caption(
            "Credit Memo" if draft.type == PurchaseDocumentType.CREDIT_MEMO else "Invoice"
        )
        if row["State"] not in {InboxState.NEW, InboxState.TAKEN}:
            raise self._texts.refuse(Message.REQUEST_CLOSED, caption, draft.number)
        self._refuse_unreleased(connection, draft)
        order = self._drafts.as_order(
            connection, draft, company=self._tables.company, bank_details_hash=""
        )
        if _expected(order) | {"Bank Details Hash": ""} != {
            name: row[name] for name in _expected(order)
        } | {"Bank Details Hash": ""} or row["Document Hash"] != self._drafts.fingerprint(
            connection, draft
        ):
            raise self._texts.refuse(Message.DOCUMENT_CHANGED, caption, draft.number)
        return row

    def posted(self, connection: Connection, key: str, number: str, kind: int) -> None:
        """Note the posted number under the key."""
        self.write(
            connection,
            key,
            {
                "State": InboxState.POSTED.value,
                "Document Type": kind,
                "Result No_": number,
                "Completed At": self._now(),
            },
        )

    def settle(self, connection: Connection, key: str) -> None:
        """Bring a row that was queued up to date: posted, refused, or nothing there any more."""
        row = self.row(connection, key)
        if row is None or row["State"] not in {InboxState.TAKEN, InboxState.NEW}:
            return
        if not row["Draft No_"]:
            return
        draft = draft_of(row)
        number = self._posted_number(connection, draft, row)
        if number is not None:
            credit = draft.type == PurchaseDocumentType.CREDIT_MEMO
            kind = LedgerDocumentType.CREDIT_MEMO if credit else LedgerDocumentType.INVOICE
            self.posted(connection, key, number, kind.value)
            return
        header = self._drafts.header(connection, draft)
        gone = header is None
        failed = header is not None and header["Job Queue Status"] == HeaderJobStatus.ERROR
        idle = header is not None and header["Job Queue Status"] == HeaderJobStatus.NONE
        if row["State"] == InboxState.TAKEN and (gone or failed or idle):
            self.write(connection, key, {"State": InboxState.REFUSED.value})

    def _posted_number(
        self, connection: Connection, draft: DraftKey, row: Mapping[str, Any]
    ) -> str | None:
        credit = draft.type == PurchaseDocumentType.CREDIT_MEMO
        header = self._tables[PURCH_CR_MEMO_HDR if credit else PURCH_INV_HEADER]
        entry = self._tables[VENDOR_LEDGER_ENTRY]
        return connection.scalar(
            select(header.c["No_"])
            .join(entry, entry.c["Document No_"] == header.c["No_"])
            .where(
                header.c["Pre-Assigned No_"] == draft.number,
                header.c["Pre-Assigned No_ Series"] == draft.series,
                header.c["Buy-from Vendor No_"] == row["Vendor No_"],
                entry.c["External Document No_"] == row["External Document No_"],
            )
        )

    def _refuse_unreleased(self, connection: Connection, draft: DraftKey) -> None:
        header = self._drafts.header(connection, draft)
        assert header is not None
        if header["Status"] != ReleaseStatus.RELEASED:
            raise self._texts.refuse(
                Message.MUST_BE_EQUAL,
                "Status",
                "Released",
                self._texts.caption("Purchase Header"),
                self._texts.key(("No.", draft.number)),
                ReleaseStatus(header["Status"]).name.replace("_", " ").title(),
            )

    def _compare(self, connection: Connection, draft: DraftKey, order: PostingOrder) -> None:
        self._refuse_unreleased(connection, draft)
        self._obstacles.refuse_open_approvals(connection, draft)
        there = self._drafts.as_order(
            connection, draft, company=self._tables.company, bank_details_hash=""
        )
        if (there.total, there.currency) != (order.total, order.currency):
            raise self._texts.refuse(Message.DOCUMENT_CHANGED, "Purchase", draft.number)

    def write(self, connection: Connection, key: str, values: Mapping[str, Any]) -> None:
        """Change a row."""
        inbox = self._inbox
        connection.execute(update(inbox).where(inbox.c["Document Key"] == key).values(values))


def draft_of(row: Mapping[str, Any]) -> DraftKey:
    """The purchase document that a row names."""
    return DraftKey(
        type=row["Draft Type"], number=row["Draft No_"], series=row["Draft No_ Series"]
    )


def _expected(order: PostingOrder) -> dict[str, Any]:
    return {
        "Vendor No_": as_code(order.creditor),
        "External Document No_": as_code(order.external_number),
        "Amount Including VAT": order.total,
        "Bank Details Hash": order.bank_details_hash,
    }
