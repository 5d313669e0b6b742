"""Ask for one field of an otherwise everyday document."""

# ruff: noqa: ANN401 - a field's value may be of any type

from __future__ import annotations

from datetime import date
from typing import Any

from robot.checks import compute
from robot.domain.customer import Customer
from robot.domain.facts import Facts
from robot.domain.invoice import Invoice
from tests.support.factories import TODAY, a_customer, a_document, facts

CUSTOMER = a_customer()
FACTS = facts()


def fields(
    invoice: Invoice | None = None,
    known: Facts = FACTS,
    customer: Customer | None = CUSTOMER,
    today: date = TODAY,
    **statement: Any,
) -> dict[str, Any]:
    return compute(a_document(invoice, **statement), known, customer, today)


def line(
    invoice: Invoice | None = None,
    known: Facts = FACTS,
    customer: Customer | None = CUSTOMER,
    **statement: Any,
) -> dict[str, Any]:
    """The fields of the first row."""
    first: dict[str, Any] = fields(invoice, known, customer, **statement)["lines"][0]
    return first
