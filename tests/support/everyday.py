"""The everyday document, addressed to and coded for each customer of the shipped rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from robot.checks import compute
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Coding, Creditor, DimensionValue, Facts
from robot.domain.invoice import Invoice
from robot.rulebook.loader import LoadedRules
from robot.rulebook.ruleset import CompiledRuleSet
from tests.support import factories as make

RULES = Path(__file__).resolve().parents[2] / "rules"
DIMENSION_VALUES = {"delregnskab": "100", "formaal": "10", "sted": "KBH", "projekt": "P001"}


def rules_of(loaded: LoadedRules, stem: str) -> CompiledRuleSet:
    return CompiledRuleSet(loaded.effective(stem), compute)


def addressed(invoice: Invoice, customer: Customer) -> Invoice:
    buyer = make.a_party(customer.name, cvr=customer.cvr, gln=customer.glns[0], contact_id="abe")
    return replace(invoice, buyer=buyer)


def approved(invoice: Invoice, customer: Customer, **statement: object) -> ApprovedDocument:
    """The invoice, coded with the customer's own dimensions."""
    dimensions = tuple((name, DIMENSION_VALUES[name]) for name in customer.dimensions)
    vat_code = str(statement.pop("vat_code", "I25"))
    coding = tuple(
        make.coded(line.number, dimensions=dimensions, vat_code=vat_code) for line in invoice.lines
    )
    return make.a_document(invoice, customer=customer.bogfoeringskreds, coding=coding, **statement)


def coding_facts() -> Coding:
    facts = make.coding_facts()
    projects = {
        ("projekt", code): DimensionValue(dimension="projekt", code=code)
        for code in ("P001", "P002", "P003")
    }
    return replace(
        facts,
        dimensions=facts.dimensions | {"projekt"},
        values={**facts.values, **projects},
    )


def facts(creditor: Creditor | None = None, **overrides: object) -> Facts:
    return make.facts(creditor=creditor or make.a_creditor(), coding=coding_facts(), **overrides)
