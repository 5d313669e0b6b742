"""The field catalogue is complete and speaks both languages."""

from __future__ import annotations

import re

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.domain.fields import FieldSpec, FieldType

PROMISED = [
    "invoice.number", "invoice.kind", "invoice.issue_date", "invoice.due_date",
    "invoice.delivery_start", "invoice.delivery_end", "invoice.total", "invoice.net",
    "invoice.vat", "invoice.payable", "invoice.currency", "invoice.format", "invoice.profile",
    "supplier.cvr", "supplier.name", "supplier.country", "customer.gln", "customer.reference",
    "order.reference", "order.contract", "order.project", "creditor.number", "creditor.name",
    "creditor.known", "creditor.blocked", "creditor.cvr", "creditor.accounts",
    "creditor.payment_method", "payment.channel", "payment.account", "payment.iban",
    "payment.reference", "payment.reference_valid", "payment.matches_creditor", "posting.date",
    "posting.period_open", "approval.complete", "approval.requester", "approval.approver",
    "approval.same_person", "approval.within_limit", "duplicate.exact", "duplicate.suspected",
    "duplicate.other", "remark.text", "remark.to_centre", "document.confidential",
    "document.source", "arithmetic.difference", "lines", "lines.number", "lines.text",
    "lines.quantity", "lines.net", "lines.vat_rate", "lines.vat_code", "lines.account",
    "lines.account_known", "lines.account_blocked", "lines.dimensions.",
]  # fmt: skip


def test_the_names_of_the_design_stand() -> None:
    assert [name for name in PROMISED if name not in CATALOGUE] == []


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)
def test_a_field_is_described(spec: FieldSpec) -> None:
    assert CATALOGUE[spec.name] is spec
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*(\.[a-z_]+)?\.?", spec.name)
    assert spec.da
    assert spec.en
    assert spec.da != spec.en
    assert spec.source
    assert spec.of_line == spec.name.startswith("lines.")
    assert bool(spec.choices) == (spec.type is FieldType.CHOICE)


def test_only_dimensions_are_open_ended() -> None:
    assert [name for name, spec in CATALOGUE.items() if spec.open_ended] == ["lines.dimensions."]


def test_amounts_say_their_currency() -> None:
    for spec in CATALOGUE.values():
        if spec.type is FieldType.MONEY:
            assert spec.unit
