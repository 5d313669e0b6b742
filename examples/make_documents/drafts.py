"""What the modules of the customers are written in: a draft of each document, and its sidecar."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from examples.make_documents import oioubl, peppol
from examples.make_documents.bill import (
    Adjustment,
    Bill,
    Coding,
    Line,
    Standard,
)
from examples.make_documents.payment import Payment, bank, fik_71, fik_75, iban, nemkonto
from examples.make_documents.ubl import PLAIN, Wire, to_bytes
from examples.make_documents.world import (
    ADVOKATERNE,
    APPROVERS,
    BUECHER,
    DAGBLADET_SKRIFT,
    DANSK_KONTOR,
    GAMMEL_LEVERANDOER,
    IT_HUSET,
    KAFFEKOMPAGNIET,
    KONSULENTHUSET,
    KURSUSCENTRET,
    MOEBELSNEDKEREN,
    NORDLYS_EL,
    NY_LEVERANDOER,
    OXFIELD,
    RENGOERING_OEST,
    TELETAARNET,
    VOGNMAND_VEST,
    WORLD_DAY,
    Customer,
    Supplier,
)

_COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_FIK_71 = {DANSK_KONTOR: "81234562", NORDLYS_EL: "87654328", DAGBLADET_SKRIFT: "89990003",
           KONSULENTHUSET: "82223339"}  # fmt: skip
_FIK_75 = {TELETAARNET: "85551237"}
_BANK = {KAFFEKOMPAGNIET: ("1551", "0001234567"), RENGOERING_OEST: ("2222", "0007654321"),
         VOGNMAND_VEST: ("3333", "0001112223"), GAMMEL_LEVERANDOER: ("4444", "0009998887"),
         MOEBELSNEDKEREN: ("5555", "0003334445"), KURSUSCENTRET: ("6666", "0004445556"),
         NY_LEVERANDOER: ("7777", "0005556667")}  # fmt: skip
_IBAN = {BUECHER: ("DE89370400440532013000", "COBADEFFXXX"),
         OXFIELD: ("GB33BUKB20201555555555", "BUKBGB22XXX")}  # fmt: skip
_NEMKONTO = {IT_HUSET, ADVOKATERNE}


class Outcome(StrEnum):
    """What the robot should make of a document."""

    POST = "post"
    BOUNCE = "bounce"
    HOLD = "hold"
    UNREADABLE = "unreadable"
    NOT_AN_INVOICE = "not-an-invoice"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the purchasing system states; the everyday statement unless a draft says otherwise."""

    posting_date: date | None = WORLD_DAY
    remark: str = ""
    confidential: bool = False
    #: First and second approval; None: not given.
    requester: str | None = "abe"
    approver: str | None = "dan"
    approved: date = date(2026, 11, 20)
    #: Keys that are written otherwise than they should be, wrong key -> right key.
    mistyped: tuple[tuple[str, str], ...] = ()


EVERYDAY = Said()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One document to write: why it is there, and what the robot should make of it.

    `findings` are the causes that the customer or a clerk is told, `notes` what is only recorded.
    A document that is no bill is given as `raw` bytes. Without `said` it has no sidecar.
    """

    name: str
    why: str
    outcome: Outcome = Outcome.POST
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    bill: Bill | None = None
    raw: bytes = b""
    said: Said | None = EVERYDAY
    wire: Wire = PLAIN


@dataclass(frozen=True, kw_only=True)
class Example:
    """A finished document: its place, its bytes, and what is expected."""

    file: str
    customer: Customer
    draft: Draft
    content: bytes
    sidecar: bytes | None


def finished(customer: Customer, drafts: tuple[Draft, ...]) -> tuple[Example, ...]:
    """The documents of one customer, numbered in their order."""
    return tuple(
        _finished(customer, draft, number) for number, draft in enumerate(drafts, start=1)
    )


def usual_payment(supplier: Supplier, number: str) -> Payment:
    """How a supplier asks to be paid, with a payment id made of the invoice's number."""
    reference = int("".join(sign for sign in number if sign.isdigit()))
    if supplier in _FIK_71:
        return fik_71(_FIK_71[supplier], reference)
    if supplier in _FIK_75:
        return fik_75(_FIK_75[supplier], reference)
    if supplier in _BANK:
        return bank(*_BANK[supplier])
    if supplier in _IBAN:
        return iban(*_IBAN[supplier])
    return nemkonto()


def bill(
    standard: Standard,
    customer: Customer,
    supplier: Supplier,
    number: str,
    issued: date,
    *lines: Line,
    **more: Any,  # noqa: ANN401  (fields of Bill)
) -> Bill:
    """An everyday invoice: delivered three days before, due after 30, paid as usual."""
    made = Bill(
        standard=standard,
        customer=customer,
        supplier=supplier,
        number=number,
        issued=issued,
        lines=lines,
        payments=(usual_payment(supplier, number),),
        due=issued + timedelta(days=30),
        delivered=None if "period" in more else issued - timedelta(days=3),
    )
    return replace(made, **more)


def credit(
    standard: Standard,
    customer: Customer,
    supplier: Supplier,
    number: str,
    issued: date,
    *lines: Line,
    **more: Any,  # noqa: ANN401  (fields of Bill)
) -> Bill:
    """An everyday credit note: nothing to pay and no due date."""
    usual = {"credit_note": True, "payments": (), "due": None, "delivered": None}
    return bill(standard, customer, supplier, number, issued, *lines, **(usual | more))


def line(
    text: str,
    quantity: str,
    price: str,
    account: str | None,
    *,
    vat_code: str | None = "I25",
    dimensions: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401  (fields of Line)
) -> Line:
    """A line that is coded on one account, with the customer's usual dimensions if none are given.

    Without an account it is not coded.
    """
    codings = (
        ()
        if account is None
        else (Coding(account=account, vat_code=vat_code, dimensions=dimensions),)
    )
    made = Line(
        text=text,
        quantity=Decimal(quantity),
        price=Decimal(price),
        codings=codings,
    )
    return replace(made, **more)


def november(day: int) -> date:
    """A day of the world's month."""
    return date(2026, 11, day)


def _finished(customer: Customer, draft: Draft, number: int) -> Example:
    content = draft.raw
    if draft.bill is not None:
        writer = peppol if draft.bill.standard is Standard.PEPPOL else oioubl
        content = to_bytes(writer.write(draft.bill, draft.wire), draft.why, draft.wire)
    document_id = f"{customer.system.upper()}-2026-{customer.bogfoeringskreds}{number:02}"
    return Example(
        file=f"{customer.key}/{number:02}-{draft.name}.xml",
        customer=customer,
        draft=draft,
        content=content,
        sidecar=None if draft.said is None else _sidecar(customer, draft, document_id),
    )


def _sidecar(customer: Customer, draft: Draft, document_id: str) -> bytes:
    said = draft.said or EVERYDAY
    stated: dict[str, Any] = {
        "source_system": customer.system,
        "document_id": document_id,
        "customer": customer.bogfoeringskreds,
        "posting_date": said.posting_date and said.posting_date.isoformat(),
        "remark": said.remark,
        "confidential": said.confidential,
        "approvals": _approvals(customer, said, document_id),
        "coding": [] if draft.bill is None else _coding(customer, draft.bill),
    }
    wrong = {right: mistyped for mistyped, right in said.mistyped}
    written = {wrong.get(key, key): value for key, value in stated.items()}
    return (json.dumps(written, ensure_ascii=False, indent=2) + "\n").encode()


def _approvals(customer: Customer, said: Said, document_id: str) -> list[dict[str, Any]]:
    minute = zlib.crc32(document_id.encode()) % 60
    steps = (
        ("received", customer.system, 2, time(8, minute), None),
        ("distributed", "bod", 2, time(9, minute), None),
        ("first-approval", said.requester, 1, time(14, minute), None),
        (
            "second-approval",
            said.approver,
            0,
            time(10, minute),
            APPROVERS.get(said.approver or ""),
        ),
    )
    return [
        {"step": step, "by": person, "at": _moment(said.approved, days, at)}
        | ({"limit": f"{limit}.00"} if limit is not None else {})
        for step, person, days, at, limit in steps
        if person is not None
    ]


def _moment(approved: date, days_before: int, at: time) -> str:
    day = approved - timedelta(days=days_before)
    return datetime.combine(day, at, tzinfo=_COPENHAGEN).isoformat()


def _coding(customer: Customer, billed: Bill) -> list[dict[str, Any]]:
    rows = [
        _coding_row(customer, str(number), coding)
        for number, one in enumerate(billed.lines, start=1)
        for coding in one.codings
    ]
    rows += [
        _coding_row(customer, number, coding)
        for number, one in _numbered(billed.adjustments)
        for coding in one.codings
    ]
    if billed.rounding:
        first = replace(billed.lines[0].codings[0], vat_code="I0", amount=None)
        rows.append(_coding_row(customer, "rounding-1", first))
    return rows


def _numbered(adjustments: tuple[Adjustment, ...]) -> list[tuple[str, Adjustment]]:
    """As the coding names them: `allowance-1`, `charge-1`, ..."""
    counts = {True: 0, False: 0}
    numbered = []
    for one in adjustments:
        counts[one.charge] += 1
        numbered.append((f"{'charge' if one.charge else 'allowance'}-{counts[one.charge]}", one))
    return numbered


def _coding_row(customer: Customer, number: str, coding: Coding) -> dict[str, Any]:
    dimensions = customer.dimensions if coding.dimensions is None else coding.dimensions
    row: dict[str, Any] = {
        "line": number,
        "account": coding.account,
        "dimensions": dict(dimensions),
        "vat_code": coding.vat_code,
    }
    return row | ({"amount": f"{coding.amount:.2f}"} if coding.amount is not None else {})
