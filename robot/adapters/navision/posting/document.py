"""The purchase document that NAV makes of an order: header and lines before posting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from robot.adapters.navision.dateformula import due
from robot.adapters.navision.options import (
    GL_ACCOUNT_TABLE,
    VENDOR_TABLE,
    LedgerDocumentType,
    PurchaseDocumentType,
)
from robot.adapters.navision.posting.master import MasterData, Record
from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.adapters.navision.schema.masterdata import VENDOR
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER, PURCHASE_LINE
from robot.adapters.navision.schema.sqltypes import as_code
from robot.domain.decision import PostingLine, PostingOrder
from robot.domain.invoice import Kind

#: NAV numbers lines in steps of 10000.
LINE_STEP: Final = 10000
_LIMITS: Final = {
    "creditor": VENDOR.field("No.").length,
    "external": PURCHASE_HEADER.field("Vendor Invoice No.").length,
    "reference": PURCHASE_HEADER.field("Payment Reference").length,
    "account": PURCHASE_LINE.field("No.").length,
    "text": PURCHASE_LINE.field("Description").length,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; amounts in the document's currency, as invoiced. Codes are NAV's."""

    number: int
    account: Record
    account_number: str
    text: str
    amount: Decimal
    vat_amount: Decimal
    vat_code: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Header and lines, and the records that they refer to."""

    type: PurchaseDocumentType
    number: str
    vendor: Record
    vendor_number: str
    payee: Record
    payee_number: str
    external_number: str
    posting_date: date
    document_date: date
    due_date: date
    #: Empty for the local currency, as in NAV; `rate` is then 1.
    currency: str
    rate: Decimal
    total: Decimal
    payment_reference: str
    applies_to: str
    dimensions: Mapping[str, str]
    lines: Sequence[Line]

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit memo."""
        return self.type is PurchaseDocumentType.CREDIT_MEMO

    @property
    def type_caption(self) -> str:
        """English caption of the document type."""
        return "Credit Memo" if self.is_credit else "Invoice"

    @property
    def ledger_type(self) -> LedgerDocumentType:
        """The type of its ledger entries."""
        return LedgerDocumentType.CREDIT_MEMO if self.is_credit else LedgerDocumentType.INVOICE


def make_document(
    order: PostingOrder, number: str, master: MasterData, texts: NavTexts
) -> Document:
    """Fill in a purchase document as NAV does when its fields are entered.

    Raises:
        Refusal: A code names nothing, or a text is longer than its field.
    """
    vendor_number = as_code(order.creditor)
    _check_length(order.creditor, "creditor", texts)
    _check_length(order.external_number, "external", texts)
    _check_length(order.payment_reference or "", "reference", texts)
    vendor = master.vendor(vendor_number) if vendor_number else None
    if not vendor_number:
        raise texts.refuse(
            Message.MUST_HAVE_VALUE,
            texts.caption("Buy-from Vendor No."),
            texts.caption("Purchase Header"),
            texts.key(("No.", number)),
        )
    if vendor is None:
        raise texts.refuse(
            Message.NOT_IN_RELATED_TABLE,
            texts.caption("Buy-from Vendor No."),
            texts.caption("Purchase Header"),
            vendor_number,
            texts.caption("Vendor"),
        )
    payee_number = vendor.code("Pay-to Vendor No_") or vendor_number
    payee = master.vendor(payee_number) or vendor
    credit = order.kind == Kind.CREDIT_NOTE.value
    currency, rate = _currency(order, master, texts)
    header = _defaults(master, VENDOR_TABLE, payee_number)
    return Document(
        type=PurchaseDocumentType.CREDIT_MEMO if credit else PurchaseDocumentType.INVOICE,
        number=number,
        vendor=vendor,
        vendor_number=vendor_number,
        payee=payee,
        payee_number=payee_number,
        external_number=as_code(order.external_number),
        posting_date=order.posting_date,
        document_date=order.issue_date,
        due_date=order.due_date or _due_date(order.issue_date, payee, master),
        currency=currency,
        rate=rate,
        total=order.total,
        payment_reference=as_code(order.payment_reference or ""),
        applies_to=as_code(order.applies_to or ""),
        dimensions=header,
        lines=[
            make_line(line, place * LINE_STEP, header, master, texts)
            for place, line in enumerate(order.lines, start=1)
        ],
    )


def make_line(
    line: PostingLine,
    number: int,
    header: Mapping[str, str],
    master: MasterData,
    texts: NavTexts,
    *,
    table: str = "Purchase Line",
) -> Line:
    """Fill in a line of a document, or of a journal, as NAV does when its fields are entered.

    Raises:
        Refusal: The account is not there.
    """
    _check_length(line.account, "account", texts)
    account_number = as_code(line.account)
    account = master.account(account_number)
    if account is None:
        raise texts.refuse(
            Message.NOT_IN_RELATED_TABLE,
            texts.caption("No."),
            texts.caption(table),
            account_number,
            texts.caption("G/L Account"),
        )
    # What the order says comes before what NAV would fill in from the account and the header.
    dimensions = {**header, **_defaults(master, GL_ACCOUNT_TABLE, account_number)}
    dimensions |= {as_code(name): as_code(value) for name, value in line.dimensions if value}
    return Line(
        number=number,
        account=account,
        account_number=account_number,
        text=line.text[: _LIMITS["text"]],
        amount=line.amount,
        vat_amount=line.vat_amount,
        vat_code=as_code(line.vat_code or "") or account.code("VAT Prod_ Posting Group"),
        dimensions=dimensions,
    )


def _defaults(master: MasterData, table: int, number: str) -> dict[str, str]:
    rows = (*master.default_dimensions(table, ""), *master.default_dimensions(table, number))
    return {row.dimension: row.value for row in rows if row.value}


def _currency(order: PostingOrder, master: MasterData, texts: NavTexts) -> tuple[str, Decimal]:
    code = as_code(order.currency)
    if code == master.calendar().local_currency:
        return "", Decimal(1)
    if master.currency(code) is None:
        raise texts.refuse(
            Message.NOT_IN_RELATED_TABLE,
            texts.caption("Currency Code"),
            texts.caption("Purchase Header"),
            code,
            texts.caption("Currency"),
        )
    rate = master.rate(code, order.posting_date)
    if rate is None:
        raise texts.refuse(Message.NONE_WITHIN_FILTER, texts.caption("Currency Exchange Rate"))
    return code, rate


def _due_date(document_date: date, payee: Record, master: MasterData) -> date:
    terms = master.payment_terms(payee.code("Payment Terms Code"))
    if terms is None:
        return document_date
    return due(document_date, terms.code("Due Date Calculation"))


def _check_length(value: str, field: str, texts: NavTexts) -> None:
    if len(value.strip()) > _LIMITS[field]:
        raise texts.refuse(Message.TOO_LONG, len(value.strip()), _LIMITS[field], value.strip())
