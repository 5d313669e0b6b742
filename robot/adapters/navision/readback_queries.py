"""The statements with which requests to post are read back; all by key, none on a whole table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, func, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.ledger_currency import currency_of
from robot.adapters.navision.options import (
    HeaderJobStatus,
    LedgerDocumentType,
    PurchaseDocumentType,
)
from robot.adapters.navision.schema.inbox import REFUSAL_TEXTS, ROBOT_INBOX
from robot.adapters.navision.schema.jobs import JOB_QUEUE_ENTRY, JOB_QUEUE_LOG_ENTRY
from robot.adapters.navision.schema.ledger import DETAILED_VENDOR_LEDG_ENTRY, VENDOR_LEDGER_ENTRY
from robot.adapters.navision.schema.purchase import (
    PURCH_CR_MEMO_HDR,
    PURCH_INV_HEADER,
    PURCHASE_HEADER,
)
from robot.adapters.navision.schema.sqltypes import NO_GUID

#: NAV's error text in pieces; a blank at the end of one is part of the text.
_TEXTS: Final = ("Error Message", "Error Message 2", "Error Message 3", "Error Message 4")


#: A job's columns (472) that name the session it runs in.
_SESSION: Final = (
    ("User Service Instance ID", "server"),
    ("User Session ID", "session"),
    ("User Session Started", "session_began"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDocument:
    """A posted header and, when it is there, its vendor ledger entry."""

    number: str
    creditor: str | None = None
    external_number: str | None = None
    #: With VAT, in the document's currency, positive.
    amount: Decimal | None = None
    currency: str | None = None


def error_text(row: Row[*tuple[Any, ...]]) -> str:
    """NAV's error text, put together again from its pieces."""
    values = row._mapping  # noqa: SLF001 -- SQLAlchemy's public way to columns by name
    return "".join(values.get(name) or "" for name in _TEXTS).rstrip()


def requests_for(tables: CompanyTables, keys: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """The inbox's rows with the purchase document and the job that they led to."""
    inbox, header = tables.read(ROBOT_INBOX), tables.read(PURCHASE_HEADER)
    job = tables.read(JOB_QUEUE_ENTRY)
    texts = [job.c[name].label(name) for name in _TEXTS if name in job.c]
    refusal = reduce(add, [inbox.c[name] for name in REFUSAL_TEXTS if name in inbox.c])
    return (
        select(
            inbox.c["Document Key"].label("key"),
            inbox.c["State"].label("state"),
            inbox.c["Generation"].label("generation"),
            inbox.c["Payload Hash"].label("payload_hash"),
            refusal.label("refusal"),
            inbox.c["Received At"].label("received"),
            inbox.c["Result No_"].label("result"),
            inbox.c["Vendor No_"].label("held_to_vendor"),
            inbox.c["External Document No_"].label("held_to_number"),
            inbox.c["Draft Type"].label("draft_type"),
            inbox.c["Draft No_"].label("draft_number"),
            inbox.c["Draft No_ Series"].label("draft_series"),
            inbox.c["Job Queue Entry ID"].label("job_id"),
            header.c["Job Queue Status"].label("job_status"),
            job.c["Status"].label("queue_status"),
            job.c["System Task ID"].label("task"),
            *(job.c[name].label(label) for name, label in _SESSION if name in job.c),
            *texts,
        )
        .select_from(inbox)
        .outerjoin(
            header,
            and_(
                header.c["Document Type"] == inbox.c["Draft Type"],
                header.c["No_"] == inbox.c["Draft No_"],
                inbox.c["Draft No_"] != "",
            ),
        )
        .outerjoin(job, and_(job.c["ID"] == inbox.c["Job Queue Entry ID"], job.c["ID"] != NO_GUID))
        .where(inbox.c["Company Name"] == tables.company, inbox.c["Document Key"].in_(list(keys)))
    )


def count_in_flight(tables: CompanyTables) -> Select[int]:
    """How many of the robot's documents are in the job queue."""
    inbox, header = tables.read(ROBOT_INBOX), tables.read(PURCHASE_HEADER)
    under_way = (HeaderJobStatus.SCHEDULED.value, HeaderJobStatus.POSTING.value)
    return (
        select(func.count())
        .select_from(inbox)
        .join(
            header,
            and_(
                header.c["Document Type"] == inbox.c["Draft Type"],
                header.c["No_"] == inbox.c["Draft No_"],
            ),
        )
        .where(
            inbox.c["Company Name"] == tables.company,
            header.c["Job Queue Status"].in_(under_way),
        )
    )


def posted_documents(
    connection: Connection, tables: CompanyTables, requests: Sequence[Row[*tuple[Any, ...]]]
) -> dict[tuple[int, str, str], list[PostedDocument]]:
    """What is posted, by type, number and series of the purchase document that it was.

    A manual series may give a number again, so there may be several.
    """
    found: dict[tuple[int, str, str], list[PostedDocument]] = defaultdict(list)
    for draft_type, statement in (
        (PurchaseDocumentType.INVOICE, _posted_invoices),
        (PurchaseDocumentType.CREDIT_MEMO, _posted_credit_memos),
        (PurchaseDocumentType.ORDER, _invoiced_orders),
    ):
        numbers = sorted({it.draft_number for it in requests if it.draft_type == draft_type})
        if not numbers:
            continue
        sign = 1 if draft_type is PurchaseDocumentType.CREDIT_MEMO else -1
        for row in connection.execute(statement(tables, numbers)):
            found[draft_type.value, row.draft, row.series].append(
                PostedDocument(
                    number=row.number,
                    creditor=row.creditor,
                    external_number=row.external_number,
                    amount=None if row.amount is None else sign * row.amount,
                    currency=row.currency,
                )
            )
    return found


def posted_from(
    request: Row[*tuple[Any, ...]], candidates: Sequence[PostedDocument]
) -> PostedDocument | None:
    """Which of them the request's purchase document became.

    The last one with the vendor and number that the request is held to. Another one is an earlier
    document's under the same number as long as this one is still there, and this one's, changed by
    somebody, when it is gone. Of an order, which stays, it is an invoice all the same.
    """
    held_to = (request.held_to_vendor, request.held_to_number)
    for posted in reversed(candidates):
        if (posted.creditor, posted.external_number or request.held_to_number) == held_to:
            return posted
    stays = request.draft_type == PurchaseDocumentType.ORDER
    return candidates[-1] if candidates and (request.job_status is None or stays) else None


def _posted_invoices(tables: CompanyTables, numbers: Sequence[str]) -> Select[*tuple[Any, ...]]:
    header = tables.read(PURCH_INV_HEADER)
    return _posted_headers(
        tables,
        header,
        header.c["Pre-Assigned No_"],
        header.c["Pre-Assigned No_ Series"],
        LedgerDocumentType.INVOICE,
    ).where(header.c["Pre-Assigned No_"].in_(list(numbers)))


def _posted_credit_memos(
    tables: CompanyTables, numbers: Sequence[str]
) -> Select[*tuple[Any, ...]]:
    header = tables.read(PURCH_CR_MEMO_HDR)
    return _posted_headers(
        tables,
        header,
        header.c["Pre-Assigned No_"],
        header.c["Pre-Assigned No_ Series"],
        LedgerDocumentType.CREDIT_MEMO,
    ).where(header.c["Pre-Assigned No_"].in_(list(numbers)))


def _invoiced_orders(tables: CompanyTables, numbers: Sequence[str]) -> Select[*tuple[Any, ...]]:
    header = tables.read(PURCH_INV_HEADER)
    return _posted_headers(
        tables,
        header,
        header.c["Order No_"],
        header.c["Order No_ Series"],
        LedgerDocumentType.INVOICE,
    ).where(header.c["Order No_"].in_(list(numbers)))


def _posted_headers(
    tables: CompanyTables,
    header: Any,  # noqa: ANN401 -- a readable table
    draft: Any,  # noqa: ANN401 -- a column of it
    series: Any,  # noqa: ANN401 -- a column of it
    kind: LedgerDocumentType,
) -> Select[*tuple[Any, ...]]:
    """Posted headers with their ledger entries; a reversed entry is none."""
    entry, detailed = tables.read(VENDOR_LEDGER_ENTRY), tables.read(DETAILED_VENDOR_LEDG_ENTRY)
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
            draft.label("draft"),
            series.label("series"),
            header.c["No_"].label("number"),
            header.c["Buy-from Vendor No_"].label("creditor"),
            entry.c["External Document No_"].label("external_number"),
            amount.label("amount"),
            currency_of(tables, entry.c["Currency Code"]).label("currency"),
        )
        .select_from(header)
        .outerjoin(
            entry,
            and_(
                entry.c["Document No_"] == header.c["No_"],
                entry.c["Document Type"] == kind.value,
                entry.c["Vendor No_"] == header.c["Pay-to Vendor No_"],
                entry.c["Reversed"] == False,  # noqa: E712 -- a column
            ),
        )
        .order_by(header.c["No_"])
    )


def job_logs(
    connection: Connection, tables: CompanyTables, jobs: Sequence[UUID | None]
) -> dict[UUID, tuple[int, str]]:
    """The last log of each job: its status and text."""
    wanted = sorted({job for job in jobs if job not in {None, NO_GUID}}, key=str)
    if not wanted or not tables.has(JOB_QUEUE_LOG_ENTRY, "ID", "Status"):
        return {}
    log = tables.read(JOB_QUEUE_LOG_ENTRY)
    texts = [log.c[name].label(name) for name in _TEXTS if name in log.c]
    statement = (
        select(log.c["ID"].label("id"), log.c["Status"].label("status"), *texts)
        .where(log.c["ID"].in_(wanted))
        .order_by(log.c["Entry No_"])
    )
    return {row.id: (row.status, error_text(row)) for row in connection.execute(statement)}
