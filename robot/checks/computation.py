"""All fields of one document at once."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Context, localcontext
from typing import Any, Final

from robot.checks.approvals import approval_values
from robot.checks.arithmetic import arithmetic_values
from robot.checks.catalogue import CATALOGUE
from robot.checks.coding import coding_values
from robot.checks.creditor import creditor_values
from robot.checks.duplicates import duplicate_values
from robot.checks.invoice import (
    content_values,
    invoice_values,
    order_values,
    suspects_reminder_fee,
)
from robot.checks.parties import (
    customer_known_values,
    payee_values,
    receiver_values,
    supplier_values,
)
from robot.checks.payment import named_accounts, payment_values
from robot.checks.period import posting_values
from robot.checks.remark import document_values, remark_values
from robot.checks.reposting import NO_REPOSTING, reposting_values
from robot.checks.vat import vat_values
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.fields import UNKNOWN
from robot.domain.money import MAX_DIGITS

#: Sums and products of amounts of `MAX_DIGITS` digits are exact; Python's default loses the øre.
_WIDE: Final = Context(prec=4 * MAX_DIGITS, rounding=ROUND_HALF_UP)
_NOTHING: Final[dict[str, Any]] = {
    name: UNKNOWN for name, spec in CATALOGUE.items() if not spec.of_line
} | NO_REPOSTING


def compute(
    document: ApprovedDocument, facts: Facts, customer: Customer | None, today: date
) -> dict[str, Any]:
    """Every field of the catalogue for one document; pure, and never raises for a valid document.

    Args:
        document: The document with the source's word on it.
        facts: What the ERP and the calendars say.
        customer: Whose document it is; None when nobody knows.
        today: The date of the decision.

    Returns:
        Field name -> value; `lines` holds one mapping for each row (see `robot.domain.rows`), or
        UNKNOWN when the document could not be read as an invoice.
    """
    with localcontext(_WIDE):
        return _compute(document, facts, customer, today)


def _compute(
    document: ApprovedDocument, facts: Facts, customer: Customer | None, today: date
) -> dict[str, Any]:
    statement, invoice = document.statement, document.invoice
    said = {
        **document_values(document),
        **remark_values(statement.remark),
        **customer_known_values(customer),
    }
    values = {**_NOTHING, **said}
    if invoice is None:
        return values
    named = named_accounts(invoice)
    fees = suspects_reminder_fee(invoice)
    coding, values["lines"] = coding_values(invoice, statement, facts, customer, fees=fees)
    for part in (
        coding,
        invoice_values(invoice, facts, today),
        supplier_values(invoice),
        receiver_values(invoice, customer),
        payee_values(invoice),
        order_values(invoice),
        payment_values(invoice, named),
        creditor_values(invoice, named, facts),
        posting_values(invoice, statement, facts, today),
        approval_values(invoice, statement.approvals, facts, customer),
        duplicate_values(facts.duplicates),
        content_values(invoice, facts, fees=fees),
        arithmetic_values(invoice),
        vat_values(invoice),
    ):
        values.update(part)
    if document.reposting is not None:
        values.update(reposting_values(document, facts, customer, today))
    return values
