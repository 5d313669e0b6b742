"""From an approved document that may be posted to the order that the ERP is given. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from robot.domain.accounts import means_to_pay_by
from robot.domain.customer import Customer
from robot.domain.decision import Decision, PostingLine, PostingOrder
from robot.domain.document import ApprovedDocument, CodingLine, document_key
from robot.domain.facts import Creditor, Facts
from robot.domain.invoice import Invoice, Kind, PaymentChannel, PaymentMeans
from robot.domain.money import ZERO, round_cents
from robot.domain.reposting import Reposting, moved
from robot.domain.rows import VAT, Row, coded_rows, rounding_to_post


class NoOrderError(Exception):
    """The document can't be made into an order; the text says what is missing."""


def key_of(document: ApprovedDocument, customer: Customer | None) -> str:
    """The document key; a document whose customer nobody knows belongs to no company."""
    statement = document.statement
    company = company_of(customer)
    return document_key(statement.system, company, statement.document_id)


def company_of(customer: Customer | None) -> str:
    """The company in the ERP, empty when nobody knows the customer."""
    return (customer.company or customer.name) if customer else ""


def make_order(
    document: ApprovedDocument, facts: Facts, decision: Decision, customer: Customer
) -> PostingOrder:
    """The order for a document that the rules let through.

    Raises:
        NoOrderError: Creditor, coding or posting date is not known, or the lines and their VAT do
            not add up to the document's total. What can't be posted exactly is not posted.
    """
    invoice = document.invoice
    if invoice is None:
        raise NoOrderError("there is no invoice in it")
    if document.reposting is not None:
        return _reposting_order(document, invoice, document.reposting, customer)
    if not isinstance(facts.creditor, Creditor):
        raise NoOrderError("the creditor is not known")
    posting_date = decision.posting_date or document.statement.posting_date
    if posting_date is None:
        raise NoOrderError("there is no posting date")
    coding = document.statement.coding or ()
    lines = _lines(invoice, coding)
    total = sum((line.amount + line.vat_amount for line in lines), ZERO)
    rounding = rounding_to_post(invoice, coding)
    if total != invoice.total + rounding:
        raise NoOrderError(
            f"the coded lines and their VAT are {total:f}, the total is {invoice.total:f}"
        )
    if invoice.rounding and not rounding:
        # Without it the ledger would owe the supplier another amount than is to be paid.
        raise NoOrderError(f"the supplier's rounding of {invoice.rounding:f} is not coded")
    means = means_to_pay_by(invoice, facts.creditor)
    return PostingOrder(
        document_key=key_of(document, customer),
        company=company_of(customer),
        kind=invoice.kind.value,
        creditor=facts.creditor.number,
        external_number=invoice.number,
        issue_date=invoice.issue_date or posting_date,
        due_date=invoice.due_date or (means.due_date if means else None),
        posting_date=posting_date,
        currency=invoice.currency,
        total=total,
        payable=invoice.payable,
        payment_reference=means.reference if means else None,
        payment_channel=_channel(means, facts.creditor),
        lines=lines,
        applies_to=_applies_to(invoice, facts),
        bank_details_hash=facts.creditor.bank_details_hash,
    )


def _reposting_order(
    document: ApprovedDocument, invoice: Invoice, reposting: Reposting, customer: Customer
) -> PostingOrder:
    day = document.statement.posting_date
    balance = sum((line.amount for line in reposting.lines), ZERO)
    if day is None or not reposting.lines:
        raise NoOrderError("there is nothing to move")
    if balance:
        raise NoOrderError(f"the lines come to {balance:f} and not to zero")
    return PostingOrder(
        document_key=key_of(document, customer),
        company=company_of(customer),
        kind=invoice.kind.value,
        creditor="",
        external_number=invoice.number,
        issue_date=day,
        due_date=None,
        posting_date=day,
        currency=invoice.currency,
        total=moved(reposting.lines),
        payable=ZERO,
        payment_reference=None,
        payment_channel=PaymentChannel.NONE.value,
        lines=tuple(
            PostingLine(
                account=line.account,
                dimensions=line.dimensions,
                vat_code=None,
                amount=line.amount,
                vat_amount=ZERO,
                text=line.text,
                voucher=line.voucher,
            )
            for line in reposting.lines
        ),
    )


def order_from(payload: Mapping[str, Any]) -> PostingOrder:
    """The order again from its canonical text, after `json.loads`."""
    fields = dict(payload)
    for name in ("issue_date", "due_date", "posting_date"):
        fields[name] = date.fromisoformat(fields[name]) if fields.get(name) else None
    for name in ("total", "payable"):
        fields[name] = Decimal(fields[name])
    fields.setdefault("payment_reference", None)
    fields["lines"] = tuple(_line_from(line) for line in payload["lines"])
    return PostingOrder(**fields)


def _line_from(line: Mapping[str, Any]) -> PostingLine:
    return PostingLine(
        account=line["account"],
        dimensions=tuple((name, value) for name, value in line["dimensions"]),
        vat_code=line["vat_code"],
        amount=Decimal(line["amount"]),
        vat_amount=Decimal(line["vat_amount"]),
        text=line["text"],
        voucher=line.get("voucher", ""),
    )


def _channel(means: PaymentMeans | None, creditor: Creditor) -> str:
    if means is not None and means.channel is not PaymentChannel.NONE:
        return means.channel.value
    return creditor.payment_channel or PaymentChannel.NONE.value


def _applies_to(invoice: Invoice, facts: Facts) -> str | None:
    """The posted invoice that a credit note settles, when it names exactly one that is posted."""
    if invoice.kind is not Kind.CREDIT_NOTE or not isinstance(facts.referenced_posted, frozenset):
        return None
    named = [ref.number for ref in invoice.billing_references]
    posted = [number for number in named if number in facts.referenced_posted]
    return posted[0] if len(posted) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    coding: CodingLine
    text: str
    amount: Decimal
    rate: Decimal | None


def _lines(invoice: Invoice, coding: Sequence[CodingLine]) -> tuple[PostingLine, ...]:
    if not coding:
        raise NoOrderError("there is no coding")
    rows = coded_rows(invoice, coding)
    missing = sorted(row.number for row in rows if row.coding is None and row.net)
    if missing:
        raise NoOrderError(f"line {', '.join(missing)} is not coded")
    coded = [_coded(row, row.coding) for row in rows if row.coding is not None]
    vat = _spread_vat(invoice, coded)
    return tuple(
        PostingLine(
            account=row.coding.account or "",
            dimensions=row.coding.dimensions,
            vat_code=row.coding.vat_code,
            amount=row.amount,
            vat_amount=vat_amount,
            text=row.text,
        )
        for row, vat_amount in zip(coded, vat, strict=True)
    )


def _coded(row: Row, coding: CodingLine) -> _Coded:
    if not coding.account:
        raise NoOrderError(f"line {row.number} has no account")
    if row.coded is None or (row.stray and coding.amount is None):
        raise NoOrderError(f"the coding names line {row.number}, which the invoice does not have")
    return _Coded(coding=coding, text=row.text or "", amount=row.coded, rate=row.vat_rate)


def _spread_vat(invoice: Invoice, coded: Sequence[_Coded]) -> list[Decimal]:
    """Each posting line's share of the document's VAT: by rate, in proportion, exact in sum."""
    shares = [ZERO] * len(coded)
    subtotals = [tax for tax in invoice.taxes if tax.tax == VAT]
    by_rate: dict[Decimal | None, Decimal] = {}
    for tax in subtotals:
        by_rate[tax.rate] = by_rate.get(tax.rate, ZERO) + tax.amount
    left = invoice.vat
    for rate, amount in by_rate.items():
        places = [place for place, row in enumerate(coded) if row.rate == rate]
        if amount and places:
            _share_out(shares, coded, places, amount)
            left -= amount
    if left:
        # Lines without a rate of their own, or a total that no subtotal explains.
        places = [place for place, row in enumerate(coded) if row.rate not in by_rate]
        _share_out(shares, coded, places or list(range(len(coded))), left)
    return shares


def _share_out(
    shares: list[Decimal], coded: Sequence[_Coded], places: Iterable[int], amount: Decimal
) -> None:
    """Add `amount` to the shares in proportion to the net amounts; the rest goes to the largest.

    Remainder to the largest line, so that no share moves by more than it has to.
    """
    places = list(places)
    base = sum((coded[place].amount for place in places), ZERO)
    largest = max(places, key=lambda place: abs(coded[place].amount))
    given = ZERO
    for place in places:
        part = round_cents(amount * coded[place].amount / base) if base else ZERO
        shares[place] += part
        given += part
    shares[largest] += amount - given
