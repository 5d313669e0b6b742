"""All fields of a document: exactly the catalogue's, of its types, and unknown stays unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields as parts_of
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.checks import compute
from robot.checks.catalogue import CATALOGUE
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.fields import UNKNOWN, FieldSpec, FieldType
from robot.domain.money import Money
from tests.checks.asking import CUSTOMER, FACTS, fields
from tests.checks.worlds import customers, documents, worlds
from tests.support.factories import (
    TODAY,
    a_credit_note,
    a_document,
    a_line,
    a_refused_document,
    an_invoice,
    bank_creditor,
    bank_transfer,
    coded,
    facts,
    nemkonto,
)

DOCUMENT = {name: spec for name, spec in CATALOGUE.items() if not spec.of_line}
LINE = {
    name.removeprefix("lines."): spec
    for name, spec in CATALOGUE.items()
    if spec.of_line and not spec.open_ended
}
PYTHON_TYPES = {
    FieldType.MONEY: Money,
    FieldType.NUMBER: Decimal,
    FieldType.DATE: date,
    FieldType.CODE: str,
    FieldType.TEXT: str,
    FieldType.CHOICE: str,
    FieldType.FLAG: bool,
    FieldType.ACCOUNT: str,
    FieldType.ACCOUNTS: frozenset,
    FieldType.LINES: tuple,
}
#: What a source can leave unsaid.
UNSAID = ("remark", "confidential", "approvals", "coding")
LOOKED_UP = [part.name for part in parts_of(Facts) if part.name != "creditor_candidates"]
generated = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def is_of_its_type(spec: FieldSpec, value: object) -> bool:
    if value is UNKNOWN:
        return True
    if value is None:
        return spec.type not in (FieldType.FLAG, FieldType.LINES)
    if spec.type is FieldType.CHOICE and value not in spec.choices:
        return False
    if spec.type is FieldType.MONEY and not (
        isinstance(value, Money) and type(value.amount) is Decimal
    ):
        return False
    return isinstance(value, PYTHON_TYPES[spec.type]) and not isinstance(value, datetime)


def wrong_types(specs: Mapping[str, FieldSpec], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in specs if not is_of_its_type(specs[name], values[name])}


def assert_complete(values: dict[str, Any]) -> None:
    assert set(values) == set(DOCUMENT)
    assert wrong_types(DOCUMENT, values) == {}
    for row in () if values["lines"] is UNKNOWN else values["lines"]:
        named = {name for name in row if not name.startswith("dimensions.")}
        assert named == set(LINE)
        assert wrong_types(LINE, row) == {}
        assert all(
            value is None or value is UNKNOWN or isinstance(value, str)
            for name, value in row.items()
            if name.startswith("dimensions.")
        )


@generated
@given(documents, worlds, customers)
def test_every_field_of_the_catalogue_is_computed_and_no_other(
    document: ApprovedDocument, known: Facts, customer: Customer | None
) -> None:
    assert_complete(compute(document, known, customer, TODAY))


@pytest.mark.parametrize("refusal", ["unreadable", "not-an-invoice"])
def test_a_document_that_is_no_invoice_has_all_fields_too(refusal: str) -> None:
    values = compute(a_refused_document(refusal), NOTHING_KNOWN, None, TODAY)
    assert_complete(values)
    assert values["document.refusal"] == refusal


@generated
@given(documents, worlds, customers)
def test_the_same_input_gives_the_same_fields(
    document: ApprovedDocument, known: Facts, customer: Customer | None
) -> None:
    once = compute(document, known, customer, TODAY)
    assert compute(document, known, customer, TODAY) == once


def all_to(names: Iterable[str], value: object) -> dict[str, Any]:
    return dict.fromkeys(names, value)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have another value, unless it is unknown now."""
    return {
        name: (value, after[name])
        for name, value in before.items()
        if name != "lines" and after[name] is not UNKNOWN and after[name] != value
    }


def assert_only_less_known(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert changed(before, after) == {}
    if len(before["lines"]) == len(after["lines"]):
        for row, same in zip(before["lines"], after["lines"], strict=True):
            assert changed(row, {**dict.fromkeys(row, UNKNOWN), **same}) == {}


@generated
@given(documents, worlds, customers, st.sets(st.sampled_from(LOOKED_UP), min_size=1))
def test_taking_facts_away_makes_fields_unknown_and_nothing_else(
    document: ApprovedDocument, known: Facts, customer: Customer | None, away: set[str]
) -> None:
    before = compute(document, known, customer, TODAY)
    less = replace(known, **all_to(away, UNKNOWN))
    assert_only_less_known(before, compute(document, less, customer, TODAY))


@generated
@given(documents, worlds, customers, st.sets(st.sampled_from(UNSAID), min_size=1))
def test_a_source_that_says_less_makes_fields_unknown_and_nothing_else(
    document: ApprovedDocument, known: Facts, customer: Customer | None, away: set[str]
) -> None:
    before = compute(document, known, customer, TODAY)
    statement = replace(document.statement, **all_to(away, None))
    after = compute(replace(document, statement=statement), known, customer, TODAY)
    assert_only_less_known(before, after)


@generated
@given(documents, worlds, customers)
def test_a_coding_that_is_not_said_leaves_the_lines_as_they_are(
    document: ApprovedDocument, known: Facts, customer: Customer | None
) -> None:
    before = compute(document, known, customer, TODAY)
    silent = replace(document, statement=replace(document.statement, coding=None))
    after = {row["number"]: row for row in compute(silent, known, customer, TODAY)["lines"]}
    repeated = {line.number for line in document.invoice.lines} if document.invoice else set()
    if document.invoice is None or len(repeated) < len(document.invoice.lines):
        return
    for row in before["lines"]:
        if row["number"] in after:
            less = {**dict.fromkeys(row, UNKNOWN), **after[row["number"]]}
            assert changed(row, less) == {}


EVERYDAY = {
    "fik": a_document(),
    "bank": a_document(an_invoice(payment_means=(bank_transfer(),))),
    "nemkonto": a_document(an_invoice(payment_means=(nemkonto(),))),
    "credit note": a_document(a_credit_note(payment_means=(), due_date=None)),
}


@pytest.mark.parametrize("name", EVERYDAY)
@pytest.mark.parametrize("creditor", ["card", "bank", "absent"])
def test_nothing_is_unknown_about_an_everyday_document(name: str, creditor: str) -> None:
    known = {"card": facts(), "bank": facts(creditor=bank_creditor()),
             "absent": facts(creditor=None)}[creditor]  # fmt: skip
    values = compute(EVERYDAY[name], known, CUSTOMER, TODAY)
    assert [field for field, value in values.items() if value is UNKNOWN] == []
    for row in values["lines"]:
        assert [field for field, value in row.items() if value is UNKNOWN] == []


def test_amounts_of_forty_digits_are_exact() -> None:
    invoice = an_invoice(lines=(a_line(net="9" * 38 + ".99"),))
    coding = (coded("1", amount=Decimal("9" * 38 + ".98")),)
    values = fields(invoice, coding=coding)
    assert values["coding.difference"] == Money(Decimal("-0.01"), "DKK")
    assert values["arithmetic.vat_differs"] is False


def test_everything_that_the_erp_says_is_unknown_before_it_was_asked() -> None:
    values = fields(known=NOTHING_KNOWN)
    known = {name for name, value in values.items() if value is not UNKNOWN}
    assert not {name for name in known if name.startswith(("creditor.", "duplicate."))}
    assert "currency.set_up" not in known
    assert {"invoice.total", "approval.complete", "coding.balanced"} <= known


def test_taking_facts_away_one_by_one_from_an_everyday_document() -> None:
    before = fields()
    for part in LOOKED_UP:
        after = fields(known=replace(FACTS, **all_to([part], UNKNOWN)))
        assert changed(before, after) == {}
