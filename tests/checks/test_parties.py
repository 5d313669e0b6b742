"""Supplier, receiver and payee."""

from __future__ import annotations

from dataclasses import replace

import pytest

from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Identifier, Party
from tests.checks.asking import fields
from tests.support.factories import (
    a_customer,
    a_party,
    an_identifier,
    an_invoice,
    payment_means,
)


def seller(country: str | None = "DK", cvr: str | None = None) -> dict[str, object]:
    return fields(an_invoice(seller=a_party("Leverandør", cvr=cvr, country=country)))


@pytest.mark.parametrize(
    ("field", "party", "valid"),
    [
        ("supplier.cvr_valid", a_party("A", cvr="33391005"), True),
        ("supplier.cvr_valid", a_party("A", cvr="10391005"), False),
        ("supplier.cvr_valid", a_party("A"), True),
        ("supplier.se_valid", a_party("A", identifiers=(an_identifier("se", "12345678"),)), False),
        ("supplier.p_valid", a_party("A", identifiers=(an_identifier("p", "1234"),)), False),
        ("supplier.gln_valid", a_party("A", gln="5798000880017"), False),
        ("supplier.gln_valid", a_party("A", gln="5798000880016"), True),
    ],
)
def test_a_number_that_is_stated_is_checked(field: str, party: Party, valid: bool) -> None:
    assert fields(an_invoice(seller=party))[field] is valid


@pytest.mark.parametrize(
    ("party", "country"),
    [
        (a_party("A", country="de"), "DE"),
        (a_party("A", country=None, vat_id=Identifier(
            scheme="vat", value="DE111111125", raw_scheme="VAT", raw_value="DE111111125")), "DE"),
        (a_party("A", cvr="33391005", country=None), "DK"),
        (a_party("A", country=None), None),
        (a_party("A", country=None, vat_id=an_identifier("other", "12345678")), None),
        (a_party("A", country=None, vat_id=an_identifier("other", "D")), None),
        (a_party("A", country=None, vat_id=an_identifier("other", "ØÅ1")), None),
    ],
)  # fmt: skip
def test_the_country_is_the_addresss_else_the_vat_numbers_else_that_of_a_danish_number(
    party: Party, country: str | None
) -> None:
    values = fields(an_invoice(seller=party))
    assert values["supplier.country"] == country
    assert values["supplier.foreign"] is (UNKNOWN if country is None else country != "DK")


@pytest.mark.parametrize(
    ("country", "in_eu"), [("DE", True), ("DK", False), ("GB", False), ("NO", False), ("EL", True)]
)
def test_another_country_of_the_eu_is_told_apart(country: str, in_eu: bool) -> None:
    assert seller(country=country)["supplier.in_eu"] is in_eu


def test_a_supplier_without_any_number_is_not_identified() -> None:
    assert seller()["supplier.identified"] is False
    assert seller(cvr="33391005")["supplier.identified"] is True


def test_the_name_is_the_trading_name_else_the_legal_one() -> None:
    both = a_party("Kontor", legal_name="Dansk Kontor A/S")
    assert fields(an_invoice(seller=both))["supplier.name"] == "Kontor"
    assert fields(an_invoice(seller=replace(both, name=" ")))["supplier.name"] == (
        "Dansk Kontor A/S"
    )


def test_the_receivers_gln_must_be_one_of_the_customers() -> None:
    assert fields()["customer.gln_known"] is True
    other = a_customer(glns=("5798000990012",))
    assert fields(customer=other)["customer.gln_known"] is False
    assert fields(customer=None)["customer.gln_known"] is False
    without = an_invoice(buyer=a_party("Eksempelstyrelsen", cvr="33391005"))
    assert fields(without, customer=other)["customer.gln_known"] is True


def test_the_receivers_cvr_number_must_be_the_customers() -> None:
    assert fields()["customer.cvr_matches"] is True
    assert fields(customer=a_customer(cvr="99100001"))["customer.cvr_matches"] is False
    assert fields(customer=a_customer(cvr=None))["customer.cvr_matches"] is True


def test_a_customer_that_nobody_knows() -> None:
    values = fields(customer=None)
    assert values["customer.known"] is False
    assert values["customer.bogfoeringskreds"] is None
    assert values["customer.fakturamanager"] is False


def test_the_reference_is_the_buyers_reference_else_the_contact() -> None:
    buyer = a_party("Eksempelstyrelsen", contact_id="kontor 3")
    assert fields(an_invoice(buyer=buyer))["customer.reference"] == "abe"
    values = fields(an_invoice(buyer=buyer, buyer_reference=" "))
    assert values["customer.reference"] == "kontor 3"
    assert values["customer.reference_junk"] is False


def test_a_missing_reference_is_no_filler() -> None:
    buyer = a_party("Eksempelstyrelsen")
    values = fields(an_invoice(buyer=buyer, buyer_reference=None, order_reference=None))
    assert values["customer.reference"] is None
    assert values["customer.reference_junk"] is False
    assert values["order.reference"] is None
    assert values["order.reference_junk"] is False


def test_a_filler_is_seen_in_both_references() -> None:
    values = fields(an_invoice(buyer_reference="NA", order_reference="0"))
    assert values["customer.reference_junk"] is True
    assert values["order.reference_junk"] is True


@pytest.mark.parametrize(
    ("payee", "differs"),
    [
        (None, False),
        (a_party("DANSK KONTOR A/S"), False),
        (a_party("Dansk Kontor", cvr="99130008"), False),
        (a_party("Finans ApS"), True),
        (a_party("Dansk Kontor A/S", cvr="99130016"), True),
    ],
)
def test_somebody_else_is_to_be_paid(payee: Party | None, differs: bool) -> None:
    values = fields(an_invoice(payee=payee))
    assert values["payee.differs"] is differs
    assert values["payee.name"] == (payee.name if payee else None)


@pytest.mark.parametrize(
    ("change", "suspected"),
    [
        ({"type_code": "393"}, True),
        ({"notes": ("Fordringen er overdraget til Finans ApS.",)}, True),
        ({"payment_terms": ("Betaling med frigørende virkning kan kun ske til ...",)}, True),
        ({"payment_means": (payment_means(note="Transporterklæring vedlagt"),)}, True),
        ({"notes": ("Transport af varer efter aftale",)}, False),
    ],
)
def test_an_assigned_claim_is_suspected_by_type_or_note(
    change: dict[str, object], suspected: bool
) -> None:
    assert fields(an_invoice(**change))["payee.assignment_suspected"] is suspected
