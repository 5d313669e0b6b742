"""What the invoice says about itself: numbers, dates, amounts, references, attachments."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from robot.checks.values import Values, days_between, money, text_or_none
from robot.checks.wording import is_filler, names_prepayment, names_reminder_fee
from robot.domain.facts import Facts
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Invoice, Kind
from robot.domain.money import ZERO, Money

#: UNCL 1001.
_PRO_FORMA: Final = "325"
_PREPAYMENT: Final = "386"
#: Delivery that begins later than this after the invoice is paid for in advance.
_AHEAD: Final = timedelta(days=31)
KRONER: Final = "DKK"


def total_in_kroner(invoice: Invoice, rate: Decimal | Unknown | None) -> Decimal | Unknown:
    """The total with VAT in DKK; UNKNOWN for another currency without a rate."""
    if invoice.currency == KRONER:
        return invoice.total
    if isinstance(rate, Decimal):
        return invoice.total * rate
    return UNKNOWN


def delivery_period(invoice: Invoice) -> tuple[date | None, date | None]:
    """Start and end of the delivery, from the document or else from its lines."""
    start = invoice.delivery_start or invoice.delivery_date
    end = invoice.delivery_end or invoice.delivery_date
    if start is None and end is None:
        starts = [line.period_start for line in invoice.lines if line.period_start]
        ends = [line.period_end for line in invoice.lines if line.period_end]
        start = min(starts) if starts else None
        end = max(ends) if ends else None
    return start or end, end or start


def due_date(invoice: Invoice) -> date | None:
    """The document's due date, or the first that a way to pay gives."""
    if invoice.due_date is not None:
        return invoice.due_date
    return next((means.due_date for means in invoice.payment_means if means.due_date), None)


def _in_kroner(total: Scalar, amount: Decimal | Unknown) -> Scalar:
    if isinstance(amount, Unknown):
        return UNKNOWN
    if isinstance(total, Money) and total.currency == KRONER:
        return total
    return money(amount, KRONER)


def invoice_values(invoice: Invoice, facts: Facts, today: date) -> Values:
    """Fields `invoice.*`."""
    due, (start, end) = due_date(invoice), delivery_period(invoice)
    currency = invoice.currency
    total = money(invoice.total, currency)
    in_kroner = total_in_kroner(invoice, facts.rate_to_dkk)
    issued = invoice.issue_date
    return {
        "invoice.number": invoice.number,
        "invoice.kind": invoice.kind.value,
        "invoice.type_code": invoice.type_code,
        "invoice.format": invoice.format.value,
        "invoice.profile": invoice.profile,
        "invoice.business_process": invoice.business_process,
        "invoice.copy": invoice.copy,
        "invoice.proforma": invoice.type_code == _PRO_FORMA,
        "invoice.issue_date": issued,
        "invoice.due_date": due,
        "invoice.delivery_start": start,
        "invoice.delivery_end": end,
        "invoice.issue_date_in_future": issued is not None and issued > today,
        "invoice.age_days": days_between(issued, today),
        "invoice.payment_days": days_between(issued, due),
        "invoice.overdue": due is not None and due < today,
        "invoice.total": total,
        "invoice.net": money(invoice.net, currency),
        "invoice.vat": money(invoice.vat, currency),
        "invoice.payable": money(invoice.payable, currency),
        "invoice.prepaid": money(invoice.prepaid or ZERO, currency),
        "invoice.rounding": money(invoice.rounding or ZERO, currency),
        "invoice.total_dkk": _in_kroner(total, in_kroner),
        "invoice.currency": currency,
        "invoice.negative": invoice.total < 0 or invoice.payable < 0,
        "invoice.nothing_to_post": all(line.net == 0 for line in invoice.lines),
    }


def order_values(invoice: Invoice) -> Values:
    """Fields `order.*`. A filler is a reference that says nothing."""
    reference = text_or_none(invoice.order_reference)
    return {
        "order.reference": reference,
        "order.contract": text_or_none(invoice.contract_reference),
        "order.project": text_or_none(invoice.project_reference),
        "order.accounting_cost": text_or_none(invoice.accounting_cost),
        "order.reference_junk": reference is not None and is_filler(reference),
    }


def suspects_prepayment(invoice: Invoice) -> bool:
    """By its type code, by a line's or the terms' words, or by a delivery far ahead."""
    if invoice.kind is Kind.CREDIT_NOTE:
        return False
    if invoice.type_code == _PREPAYMENT:
        return True
    start, _ = delivery_period(invoice)
    if start and invoice.issue_date and start - invoice.issue_date > _AHEAD:
        return True
    texts = [line.text for line in invoice.lines if line.net > 0]
    return names_prepayment("\n".join((*texts, *invoice.payment_terms)))


def suspects_reminder_fee(invoice: Invoice) -> bool:
    """A line or a charge on the document that is a reminder fee or interest."""
    if invoice.kind is Kind.CREDIT_NOTE:
        return False
    texts = [line.text for line in invoice.lines if line.net != 0]
    texts += [
        charge.reason
        for charge in invoice.allowances_charges
        if charge.charge and charge.reason and charge.amount != 0
    ]
    return names_reminder_fee("\n".join(texts))


def _references(invoice: Invoice, facts: Facts) -> Values:
    reference = next((ref.number for ref in invoice.billing_references if ref.number), None)
    posted: Scalar = True
    if invoice.kind is Kind.CREDIT_NOTE and reference is not None:
        posted = UNKNOWN
        if not isinstance(facts.referenced_posted, Unknown):
            posted = any(
                ref.number in facts.referenced_posted for ref in invoice.billing_references
            )
    is_invoice = invoice.kind is Kind.INVOICE
    return {
        "credit_note.has_reference": is_invoice or reference is not None,
        "credit_note.reference": None if is_invoice else reference,
        "credit_note.reference_posted": posted,
    }


def content_values(invoice: Invoice, facts: Facts, *, fees: bool) -> Values:
    """What the texts, references and attachments show; `fees` is `suspects_reminder_fee`."""
    attachments = invoice.attachments
    return {
        "prepayment.suspected": suspects_prepayment(invoice),
        "reminder_fee.suspected": fees,
        "attachments.count": Decimal(len(attachments)),
        "attachments.size": Decimal(sum(attachment.size or 0 for attachment in attachments)),
        **_references(invoice, facts),
    }
