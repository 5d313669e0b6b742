"""`TIL SAM`, and remarks that are meant for the centre without it."""

from __future__ import annotations

import pytest

from robot.checks import compute
from robot.checks.remark import confirms_payment, is_to_centre, looks_meant_for_centre
from robot.domain.fields import UNKNOWN
from tests.checks.asking import CUSTOMER, FACTS, fields
from tests.support.factories import TODAY, a_refused_document, an_invoice


@pytest.mark.parametrize(
    "remark",
    [
        "TIL SAM: udlign mod faktura 17",
        "Til SAM",
        "til sam - haster",
        "  TIL  SAM haster",
        "»TIL SAM« se bilag",
        "- TIL SAM.",
        "*TIL SAM* hej",
        "TIL\nSAM: hej",
        "\ufeffTIL\u00a0SAM hej",
    ],
)
def test_a_remark_that_begins_with_til_sam_is_read_by_people(remark: str) -> None:
    assert is_to_centre(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "",
        "TIL",
        "SAM",
        "TIL SAMTLIGE medarbejdere",
        "TIL SAM2",
        "Besked TIL SAM",
        "TILSAM",
        "til sammen 4 stk.",
        "ok",
    ],
)
def test_another_one_is_not(remark: str) -> None:
    assert not is_to_centre(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "Besked til SAM: må først betales i januar",
        "Hej SAM, se venligst bilag",
        "Betal ikke denne",
        "Skal udlignes med kreditnota 12",
        "Kære Statens Administration",
        "Please do not pay before delivery",
    ],
)
def test_a_remark_to_the_centre_without_the_prefix_is_noticed(remark: str) -> None:
    assert looks_meant_for_centre(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "Varerne er modtaget",
        "Til samtlige i afdelingen",
        "Konteret på samme formål som sidst",
        "Betales som aftalt",
        "GODKENDT AF SAM OG OLE PÅ KONTORET",
    ],
)
def test_the_customers_own_remarks_are_left_alone(remark: str) -> None:
    assert not looks_meant_for_centre(remark)


def test_a_remark_with_the_prefix_is_no_trap() -> None:
    values = fields(remark="TIL SAM: betal ikke")
    assert values["remark.to_centre"] is True
    assert values["remark.looks_meant_for_centre"] is False


@pytest.mark.parametrize(
    ("remark", "confirms"),
    [
        ("Jeg bekræfter, at kontonummeret er rigtigt", True),
        ("Ny bank er verificeret pr. telefon", True),
        ("Bekræftet modtaget", False),
        ("Betal til den nye konto", False),
    ],
)
def test_a_confirmation_speaks_of_the_payment(remark: str, confirms: bool) -> None:
    assert confirms_payment(remark) is confirms


@pytest.mark.parametrize("remark", ["", "  \n"])
def test_an_empty_remark_is_none(remark: str) -> None:
    values = fields(remark=remark)
    assert values["remark.text"] is None
    for flag in ("to_centre", "looks_meant_for_centre", "confirms_payment"):
        assert values[f"remark.{flag}"] is False


def test_a_source_that_does_not_say_leaves_the_remark_unknown() -> None:
    values = fields(remark=None)
    assert values["remark.text"] is UNKNOWN
    assert values["remark.to_centre"] is UNKNOWN


@pytest.mark.parametrize(("said", "value"), [(True, True), (False, False), (None, UNKNOWN)])
def test_confidential_is_what_the_source_says(said: bool | None, value: object) -> None:
    assert fields(confidential=said)["document.confidential"] is value


def test_what_the_reader_met_is_told() -> None:
    assert fields()["document.deviations"] is None
    invoice = an_invoice(remarks=("two due dates", "no unit"))
    assert fields(invoice)["document.deviations"] == "two due dates; no unit"


def test_a_document_that_could_not_be_read_says_why() -> None:
    document = a_refused_document("not-an-invoice", "a Reminder")
    values = compute(document, FACTS, CUSTOMER, TODAY)
    assert values["document.refusal"] == "not-an-invoice"
    assert values["document.reason"] == "a Reminder"
    assert values["customer.known"] is True
    assert values["lines"] is UNKNOWN
    assert values["invoice.total"] is UNKNOWN
