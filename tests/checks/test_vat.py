"""VAT by country, family and rate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Format, Invoice, VatSubtotal
from tests.checks.asking import fields
from tests.support.factories import a_line, a_party, an_identifier, an_invoice

GERMAN = a_party("Bücher & Söhne GmbH", country="DE")
NOWHERE = a_party("Ukendt", country=None)
EXEMPT = a_line(vat_rate=Decimal(0), vat_category="E")
REVERSED = a_line(vat_rate=None, vat_category="AE")


def taxed(rate: str, category: str = "S", amount: str = "250.00") -> tuple[VatSubtotal, ...]:
    return (
        VatSubtotal(
            taxable=Decimal(1000), amount=Decimal(amount), category=category, rate=Decimal(rate)
        ),
    )


def test_a_foreign_supplier_that_charges_vat_is_marked() -> None:
    assert fields(an_invoice(seller=GERMAN))["vat.foreign"] is True
    assert fields(an_invoice(seller=GERMAN, vat=Decimal(0)))["vat.foreign"] is False
    assert fields()["vat.foreign"] is False


def test_a_foreign_supplier_registered_in_denmark_may_charge_danish_vat() -> None:
    registered = a_party("GmbH", country="DE", identifiers=(an_identifier("se", "33391005"),))
    assert fields(an_invoice(seller=registered))["vat.foreign"] is False
    represented = an_invoice(seller=GERMAN, tax_representative=a_party("Repræsentant"))
    assert fields(represented)["vat.foreign"] is False


def peppol(**change: object) -> Invoice:
    return an_invoice(**{"format": Format.EN_16931, "vat": Decimal(0), **change})


@pytest.mark.parametrize(
    ("invoice", "lost"),
    [
        (peppol(), True),
        (peppol(taxes=(), lines=(a_line(vat_rate=None, vat_category=None),)), True),
        (peppol(taxes=taxed("0", "E", "0"), lines=(EXEMPT,)), False),
        (peppol(taxes=taxed("0", "AE", "0"), lines=(REVERSED,)), False),
        (peppol(vat=Decimal(250)), False),
        (peppol(seller=GERMAN), False),
        (an_invoice(vat=Decimal(0)), False),
    ],
)
def test_a_danish_peppol_invoice_whose_vat_was_lost_is_seen(invoice: Invoice, lost: bool) -> None:
    assert fields(invoice)["vat.peppol_without_vat"] is lost


@pytest.mark.parametrize(
    ("rate", "unusual"), [("25", False), ("25.00", False), ("0", False), ("12", True)]
)
def test_denmark_has_one_rate(rate: str, unusual: bool) -> None:
    assert fields(an_invoice(taxes=taxed(rate)))["vat.rate_unusual"] is unusual
    assert fields(an_invoice(taxes=taxed(rate), seller=GERMAN))["vat.rate_unusual"] is False


@pytest.mark.parametrize(("category", "reverse"), [("AE", True), ("K", True), ("S", False)])
def test_reverse_charge_is_said_by_the_category(category: str, reverse: bool) -> None:
    invoice = an_invoice(taxes=taxed("0", category, "0"))
    assert fields(invoice)["vat.reverse_charge"] is reverse


def test_what_depends_on_an_unknown_country_is_unknown_only_where_it_matters() -> None:
    values = fields(an_invoice(seller=NOWHERE))
    assert values["vat.foreign"] is UNKNOWN
    assert values["vat.rate_unusual"] is False
    assert fields(an_invoice(seller=NOWHERE, vat=Decimal(0)))["vat.foreign"] is False
    assert fields(an_invoice(seller=NOWHERE, taxes=taxed("12")))["vat.rate_unusual"] is UNKNOWN
