"""Which family's meaning holds, also where the CustomizationID does not tell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from robot.domain.invoice import Format
from tests.support import ubl
from tests.support.reading import invoice_in, refusal_of

NO_ID = "<cbc:CustomizationID></cbc:CustomizationID>"


@pytest.mark.parametrize(
    "customization",
    [
        "urn:cen.eu:en16931:2017",
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "urn:peppol:pint:billing-1@eu-1",
        "urn:fdc:anskaffelser.no:2019:ehf:spec:payment-request:3.0",
        "\n\t\turn:www.cenbii.eu:transaction:biicoretrdm010:ver1.0\n",
        "urn:oasis:names:specification:ubl:xpath:Invoice-2.0:sbs-1.0-draft",
    ],
)
def test_other_known_profiles_have_the_european_meaning(customization: str) -> None:
    invoice = invoice_in(ubl.peppol(customization=customization))

    assert (invoice.format, invoice.net) == (Format.EN_16931, Decimal("1000.00"))


@pytest.mark.parametrize("customization", ["", "1.0", "TR1.2", "our-own-profile"])
def test_an_unknown_profile_is_told_by_the_shape_of_the_document(customization: str) -> None:
    danish = invoice_in(ubl.oioubl(customization=customization))
    european = invoice_in(ubl.peppol(customization=customization))

    assert (danish.format, danish.net, danish.vat) == (
        Format.OIOUBL_2,
        Decimal("1000.00"),
        Decimal("250.00"),
    )
    assert (european.format, european.net, european.vat) == (
        Format.EN_16931,
        Decimal("1000.00"),
        Decimal("250.00"),
    )


def test_an_unknown_profile_whose_words_and_amounts_contradict_each_other_is_refused() -> None:
    danish_words_european_amounts = ubl.swapped(
        ubl.oioubl(customization="x"),
        ">250.00</cbc:TaxExclusiveAmount>",
        ">1000.00</cbc:TaxExclusiveAmount>",
    )
    european_words_danish_amounts = ubl.swapped(
        ubl.peppol(customization="x"),
        ">1000.00</cbc:TaxExclusiveAmount>",
        ">250.00</cbc:TaxExclusiveAmount>",
    )

    for document in (danish_words_european_amounts, european_words_danish_amounts):
        reason = refusal_of(document).reason
        assert "the format is not known ('x')" in reason
        assert "TaxExclusiveAmount" in reason


def test_an_unknown_profile_with_an_amount_that_fits_nothing_is_read_and_the_amount_told() -> None:
    document = ubl.swapped(
        ubl.peppol(customization="x"), ">1000.00</cbc:TaxExcl", ">990.00</cbc:TaxExcl"
    )

    invoice = invoice_in(document)

    assert dict(invoice.differences) == {"net": Decimal("-10.00"), "total": Decimal("10.00")}


def test_ubl_before_en_16931_has_rounding_inside_the_total() -> None:
    document = ubl.peppol(
        customization="urn:www.cenbii.eu:transaction:biicoretrdm010:ver1.0",
        amounts=ubl.totals(
            LineExtensionAmount="1000.00",
            TaxExclusiveAmount="1000.00",
            TaxInclusiveAmount="1250.30",
            PayableRoundingAmount="0.30",
            PayableAmount="1250.30",
        ),
    )

    invoice = invoice_in(document)

    assert (invoice.total, invoice.differences) == (Decimal("1250.00"), ())


@pytest.mark.parametrize("multiplier", ["0.25", "25"])
def test_ubl_before_en_16931_writes_multipliers_both_ways_and_the_amounts_tell(
    multiplier: str,
) -> None:
    more = f"<cbc:MultiplierFactorNumeric>{multiplier}</cbc:MultiplierFactorNumeric>"
    base = '<cbc:BaseAmount currencyID="DKK">400.00</cbc:BaseAmount></cac:AllowanceCharge>'
    charge = ubl.charge("100.00", more=more).replace("</cac:AllowanceCharge>", base)

    invoice = invoice_in(ubl.peppol(customization="urn:www.cenbii.eu:x", charges=charge))

    assert invoice.allowances_charges[0].percent == Decimal(25)


def test_third_party_payments_of_the_german_extension_are_payable() -> None:
    customization = (
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
        "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    )
    paid = (
        '<cac:PrepaidPayment><cbc:PaidAmount currencyID="DKK">50.00</cbc:PaidAmount>'
        "</cac:PrepaidPayment>"
    )
    document = ubl.swapped(
        ubl.peppol(customization=customization, charges=paid),
        ">1250.00</cbc:PayableAmount>",
        ">1300.00</cbc:PayableAmount>",
    )

    assert invoice_in(document).differences == ()


def test_totals_that_are_missing_are_added_up_and_remarked() -> None:
    invoice = invoice_in(ubl.peppol(amounts=ubl.totals(PayableAmount="1250.00")))

    assert (invoice.line_total, invoice.net, invoice.total) == (
        Decimal("1000.00"),
        Decimal("1000.00"),
        Decimal("1250.00"),
    )
    assert len(invoice.remarks) == 2


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (">1250.00</cbc:TaxIn", ">1250.01</cbc:TaxIn", {"total": "0.01", "payable": "-0.01"}),
        (">1250.00</cbc:Pay", ">1250.01</cbc:Pay", {"payable": "0.01"}),
        (">1000.00</cbc:TaxEx", ">999.00</cbc:TaxEx", {"net": "-1.00", "total": "1.00"}),
        (">250.00</cbc:TaxAmount><cac:TaxS", ">260.00</cbc:TaxAmount><cac:TaxS",
         {"vat": "10.00", "total": "-10.00"}),
    ],
)  # fmt: skip
def test_each_part_that_does_not_add_up_is_named(
    old: str, new: str, difference: dict[str, str]
) -> None:
    invoice = invoice_in(ubl.swapped(ubl.peppol(), old, new))

    assert dict(invoice.differences) == {
        part: Decimal(amount) for part, amount in difference.items()
    }


def test_charge_totals_that_no_single_charge_explains_are_named() -> None:
    document = ubl.peppol(
        amounts=ubl.totals(
            LineExtensionAmount="1000.00",
            TaxExclusiveAmount="1010.00",
            TaxInclusiveAmount="1260.00",
            ChargeTotalAmount="10.00",
            PayableAmount="1260.00",
        )
    )

    assert dict(invoice_in(document).differences) == {"net": Decimal("10.00")}


def test_numbers_beyond_all_reason_are_compared_without_rounding() -> None:
    huge = "9" * 38
    lines = ubl.line("peppol", net="1000.00", price=huge, quantity=huge)

    ((part, difference),) = invoice_in(ubl.peppol(lines=lines)).differences

    assert part == "line:1"
    assert difference < -(Decimal(10) ** 75)
