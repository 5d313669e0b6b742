"""The pitfalls of Danish semantics, one test each; the numbers are those of the survey of readers.

Both families use the same element names for different amounts. A reader that does not know
swaps net and VAT, counts rounding twice, or pays the wrong account.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from robot.domain.invoice import Format, Kind, PaymentChannel
from tests.support import ubl
from tests.support.reading import invoice_in, refusal_of

_BASE_2 = "<cbc:BaseQuantity>2</cbc:BaseQuantity>"
_FACTOR = "<cbc:OrderableUnitFactorRate>7.5</cbc:OrderableUnitFactorRate>"
_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
_OLD_DANISH = "urn:oioubl:names:specification:oioubl:schema:xsd:"


def test_trap_01_oioubl_tax_exclusive_amount_is_the_tax_and_never_the_net() -> None:
    danish, european = invoice_in(ubl.oioubl()), invoice_in(ubl.peppol())

    assert b">250.00</cbc:TaxExclusiveAmount>" in ubl.oioubl()
    assert b">1000.00</cbc:TaxExclusiveAmount>" in ubl.peppol()
    for invoice in (danish, european):
        assert (invoice.net, invoice.vat, invoice.total) == (
            Decimal("1000.00"),
            Decimal("250.00"),
            Decimal("1250.00"),
        )
        assert invoice.differences == ()


def test_trap_01_a_net_amount_in_oioubl_tax_exclusive_amount_is_told_and_not_believed() -> None:
    document = ubl.swapped(
        ubl.oioubl(), ">250.00</cbc:TaxExclusiveAmount>", ">1000.00</cbc:TaxExclusiveAmount>"
    )

    invoice = invoice_in(document)

    assert (invoice.net, invoice.vat) == (Decimal("1000.00"), Decimal("250.00"))
    assert invoice.differences == (("vat", Decimal("750.00")),)


def test_trap_02_rounding_is_inside_the_oioubl_total_and_beside_the_european_one() -> None:
    danish = invoice_in(
        ubl.oioubl(
            amounts=ubl.totals(
                LineExtensionAmount="1000.00",
                TaxExclusiveAmount="250.00",
                TaxInclusiveAmount="1250.50",
                PayableRoundingAmount="0.50",
                PayableAmount="1250.50",
            )
        )
    )
    european = invoice_in(
        ubl.peppol(
            amounts=ubl.totals(
                LineExtensionAmount="1000.00",
                TaxExclusiveAmount="1000.00",
                TaxInclusiveAmount="1250.00",
                PayableRoundingAmount="0.50",
                PayableAmount="1250.50",
            )
        )
    )

    for invoice in (danish, european):
        assert invoice.total == Decimal("1250.00")
        assert invoice.rounding == Decimal("0.50")
        assert invoice.payable == Decimal("1250.50")
        assert invoice.differences == ()


@pytest.mark.parametrize("family", ["oioubl", "peppol"])
def test_trap_02_prepaid_is_taken_off_once(family: str) -> None:
    build = ubl.oioubl if family == "oioubl" else ubl.peppol
    document = ubl.swapped(
        build(),
        '<cbc:PayableAmount currencyID="DKK">1250.00',
        '<cbc:PrepaidAmount currencyID="DKK">200.00</cbc:PrepaidAmount>'
        '<cbc:PayableAmount currencyID="DKK">1050.00',
    )

    invoice = invoice_in(document)

    assert invoice.prepaid == Decimal("200.00")
    assert invoice.differences == ()


def test_trap_03_oioubl_payment_terms_state_what_is_payable() -> None:
    def with_terms(*amounts: str) -> bytes:
        terms = "".join(
            f'<cac:PaymentTerms><cbc:Amount currencyID="DKK">{amount}</cbc:Amount>'
            "</cac:PaymentTerms>"
            for amount in amounts
        )
        return ubl.oioubl(charges=terms)

    assert invoice_in(with_terms("1250.00")).differences == ()
    assert invoice_in(with_terms("1000.00", "250.00")).differences == ()
    assert invoice_in(with_terms("1250.00", "1200.00")).differences == ()
    assert invoice_in(with_terms("1000.00")).differences == (("payable", Decimal("250.00")),)


def test_trap_03_sums_may_deviate_by_what_the_official_rules_let_pass() -> None:
    def with_net(net: str) -> bytes:
        return ubl.swapped(
            ubl.oioubl(), ">1000.00</cbc:LineExtensionAmount>", f">{net}</cbc:LineExtensionAmount>"
        )

    assert invoice_in(with_net("1000.005")).differences == ()
    parts = dict(invoice_in(with_net("1000.01")).differences)
    assert parts == {"line_total": Decimal("0.01"), "total": Decimal("-0.01")}


@pytest.mark.parametrize(
    ("family", "quantity", "price", "price_more"),
    [
        ("oioubl", "1", "120.00", _BASE_2 + _FACTOR),
        ("peppol", "15", "120.00", _BASE_2),
    ],
)
def test_trap_04_a_price_is_for_unit_factors_in_oioubl_and_for_base_quantities_in_peppol(
    family: str, quantity: str, price: str, price_more: str
) -> None:
    build = ubl.oioubl if family == "oioubl" else ubl.peppol
    first = ubl.line(family, quantity=quantity, price=price, price_more=price_more)
    second = ubl.line(family, "2", "100.00", price="100.00", vat="25.00")

    invoice = invoice_in(build(lines=first + second))

    assert invoice.lines[0].net == Decimal("900.00")
    assert invoice.lines[0].base_quantity == Decimal(2)
    assert invoice.differences == ()


def test_trap_04_a_line_is_never_recomputed_only_compared() -> None:
    document = ubl.peppol(
        lines=ubl.line("peppol", price="10.00") + ubl.line("peppol", "2", "100.00", price="100.00")
    )

    invoice = invoice_in(document)

    assert invoice.lines[0].net == Decimal("900.00")
    assert invoice.differences == (("line:1", Decimal("890.00")),)


def test_trap_05_line_allowances_are_information_in_oioubl_and_part_of_a_peppol_line() -> None:
    discount = ubl.charge("100.00", charged=False)
    danish = invoice_in(
        ubl.oioubl(
            lines=ubl.line("oioubl", more=discount)
            + ubl.line("oioubl", "2", "100.00", price="100.00", vat="25.00")
        )
    )
    european = invoice_in(
        ubl.peppol(
            lines=ubl.line("peppol", price="1000.00", more=discount)
            + ubl.line("peppol", "2", "100.00", price="100.00")
        )
    )

    for invoice in (danish, european):
        assert invoice.lines[0].allowances_charges[0].amount == Decimal("100.00")
        assert not invoice.lines[0].allowances_charges[0].charge
        assert invoice.differences == ()


@pytest.mark.parametrize(("family", "multiplier"), [("oioubl", "0.25"), ("peppol", "25")])
def test_trap_05_a_multiplier_is_a_factor_in_oioubl_and_a_percentage_in_peppol(
    family: str, multiplier: str
) -> None:
    build = ubl.oioubl if family == "oioubl" else ubl.peppol
    more = f"<cbc:MultiplierFactorNumeric>{multiplier}</cbc:MultiplierFactorNumeric>"

    invoice = invoice_in(build(charges=ubl.charge("250.00", more=more)))

    assert invoice.allowances_charges[0].percent == Decimal(25)


def test_trap_05_lines_free_of_charge_are_left_out_of_the_oioubl_sum() -> None:
    free = "<cbc:FreeOfChargeIndicator>true</cbc:FreeOfChargeIndicator>"
    document = ubl.oioubl(
        lines=ubl.two_lines("oioubl")
        + ubl.line("oioubl", "3", "40.00", price="40.00", vat="0.00", more=free)
    )

    invoice = invoice_in(document)

    assert [line.free_of_charge for line in invoice.lines] == [False, False, True]
    assert invoice.differences == ()


def test_trap_06_a_duty_is_a_tax_but_not_vat() -> None:
    excise = (
        "<cac:TaxCategory><cbc:ID>Excise</cbc:ID><cac:TaxScheme><cbc:ID>16</cbc:ID>"
        "<cbc:Name>Chokoladeafgift</cbc:Name></cac:TaxScheme></cac:TaxCategory>"
    )
    document = ubl.oioubl(
        taxes=ubl.tax_total("40.00", ubl.subtotal("1000.00", "40.00", excise))
        + ubl.tax_total("260.00", ubl.subtotal("1040.00", "260.00", ubl.tax_category("oioubl"))),
        amounts=ubl.totals(
            LineExtensionAmount="1000.00",
            TaxExclusiveAmount="300.00",
            TaxInclusiveAmount="1300.00",
            PayableAmount="1300.00",
        ),
    )

    invoice = invoice_in(document)

    assert invoice.vat == Decimal("260.00")
    assert [(tax.tax, tax.amount) for tax in invoice.taxes] == [
        ("Chokoladeafgift", Decimal("40.00")),
        ("VAT", Decimal("260.00")),
    ]
    assert invoice.differences == ()


def test_trap_06_oioubl_category_words_become_letters_on_document_and_lines() -> None:
    lines = ubl.two_lines("oioubl")
    words = {"StandardRated": "S", "ZeroRated": "Z", "ReverseCharge": "AE"}

    for word, letter in words.items():
        document = ubl.swapped(ubl.oioubl(lines=lines), ">StandardRated<", f">{word}<")
        invoice = invoice_in(document)
        assert [tax.category for tax in invoice.taxes] == [letter]
        assert [line.vat_category for line in invoice.lines] == [letter, letter]
        assert [line.vat_rate for line in invoice.lines] == [Decimal(25), Decimal(25)]


def test_trap_06_a_missing_category_is_not_made_up() -> None:
    invoice = invoice_in(ubl.swapped(ubl.oioubl(), "<cbc:ID>StandardRated</cbc:ID>", ""))

    assert invoice.taxes[0].category is None
    assert invoice.taxes[0].tax == "VAT"
    assert invoice.vat == Decimal("250.00")


def test_trap_07_a_registration_number_is_no_bic() -> None:
    means = invoice_in(ubl.oioubl()).payment_means[0]

    assert means.channel is PaymentChannel.BANK
    assert (means.branch, means.account) == ("1551", "0001234567")
    assert (means.bic, means.iban) == (None, None)


def test_trap_07_a_fik_card_has_its_parts_at_three_places() -> None:
    means = invoice_in(ubl.oioubl(payment=ubl.FIK_71)).payment_means[0]

    assert means.channel is PaymentChannel.FIK_71
    assert means.account == "81234562"
    assert means.reference == "000000012345674"


def test_trap_07_several_means_with_different_accounts_are_all_kept() -> None:
    invoice = invoice_in(ubl.oioubl(payment=ubl.BANK + ubl.FIK_71))

    assert [means.channel for means in invoice.payment_means] == [
        PaymentChannel.BANK,
        PaymentChannel.FIK_71,
    ]


def test_trap_08_identifiers_are_normalised_by_a_table_and_the_raw_pair_is_kept() -> None:
    document = ubl.swapped(
        ubl.oioubl(),
        '<cbc:EndpointID schemeID="GLN" schemeAgencyID="9">5798000880016',
        '<cbc:EndpointID schemeID="EAN">5798 000 880 016',
    )

    endpoint = invoice_in(document).buyer.endpoint

    assert endpoint is not None
    assert (endpoint.scheme, endpoint.value) == ("gln", "5798000880016")
    assert (endpoint.raw_scheme, endpoint.raw_value) == ("EAN", "5798 000 880 016")


def test_trap_09_the_due_date_is_read_at_all_three_places() -> None:
    due = date(2026, 12, 10)
    terms = (
        "<cac:PaymentTerms><cbc:PaymentDueDate>2026-12-10</cbc:PaymentDueDate></cac:PaymentTerms>"
    )
    in_means = ubl.swapped(
        ubl.peppol(kind=ubl.CREDIT_NOTE),
        "<cbc:PaymentMeansCode>31</cbc:PaymentMeansCode>",
        "<cbc:PaymentMeansCode>31</cbc:PaymentMeansCode>"
        "<cbc:PaymentDueDate>2026-12-10</cbc:PaymentDueDate>",
    )

    assert invoice_in(ubl.peppol()).due_date == due
    assert invoice_in(ubl.oioubl()).due_date == due
    assert invoice_in(in_means).due_date == due
    assert invoice_in(ubl.oioubl(payment="", charges=terms)).due_date == due


@pytest.mark.parametrize("zone", ["", "Z", "+01:00", "-11:30"])
def test_trap_09_a_date_may_carry_a_zone(zone: str) -> None:
    document = ubl.swapped(ubl.oioubl(), ">2026-11-10<", f">2026-11-10{zone}<")

    assert invoice_in(document).issue_date == date(2026, 11, 10)


@pytest.mark.parametrize(
    "text", ["20261110", "10-11-2026", "2026-02-30", "2026-W46-2", "２026-11-10"]
)
def test_trap_09_what_python_takes_for_a_date_but_xml_does_not_is_refused(text: str) -> None:
    refused = refusal_of(ubl.swapped(ubl.oioubl(), ">2026-11-10<", f">{text}<"))

    assert refused.code == "unreadable"
    assert "IssueDate on line 7" in refused.reason
    assert text in refused.reason


def test_trap_10_the_root_decides_what_a_document_is() -> None:
    code = "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>"

    invoice = invoice_in(ubl.peppol(header=code))
    credit_note = invoice_in(ubl.peppol(kind=ubl.CREDIT_NOTE))

    assert (invoice.kind, invoice.type_code) == (Kind.INVOICE, "381")
    assert invoice.remarks == ("type code 381 does not fit a document called invoice",)
    assert (credit_note.kind, credit_note.type_code) == (Kind.CREDIT_NOTE, None)
    assert credit_note.payable == Decimal("1250.00")


def test_trap_10_an_invoice_that_is_negative_throughout_stays_negative() -> None:
    document = ubl.peppol()
    for amount in ("900.00", "100.00", "1000.00", "250.00", "1250.00"):
        document = ubl.swapped(document, f'"DKK">{amount}<', f'"DKK">-{amount}<')
    document = ubl.swapped(document, 'unitCode="EA">', 'unitCode="EA">-')
    document = ubl.swapped(
        document, 'PriceAmount currencyID="DKK">-', 'PriceAmount currencyID="DKK">'
    )

    invoice = invoice_in(document)

    assert invoice.kind is Kind.INVOICE
    assert (invoice.net, invoice.payable) == (Decimal("-1000.00"), Decimal("-1250.00"))
    assert invoice.differences == ()


@pytest.mark.parametrize("reference", ["n/a", "0", "-", "REKV. 4500123456 / Hans"])
def test_trap_11_an_order_reference_is_read_as_it_stands(reference: str) -> None:
    document = ubl.swapped(ubl.oioubl(), ">4500123456<", f">{reference}<")

    assert invoice_in(document).order_reference == reference


def test_trap_11_accounting_cost_stands_at_three_places() -> None:
    on_line = "<cbc:AccountingCost>5250</cbc:AccountingCost>"
    document = ubl.oioubl(
        header="<cbc:AccountingCostCode>1234</cbc:AccountingCostCode>",
        lines=ubl.line("oioubl", more=on_line)
        + ubl.line("oioubl", "2", "100.00", price="100.00", vat="25.00"),
    )

    invoice = invoice_in(document)

    assert invoice.accounting_cost == "1234"
    assert [line.accounting_cost for line in invoice.lines] == ["5250", None]


@pytest.mark.parametrize("tax_currency_first", [False, True])
def test_trap_12_tax_totals_are_picked_by_currency_and_never_by_position(
    *, tax_currency_first: bool
) -> None:
    own = ubl.tax_total("250.00", ubl.subtotal("1000.00", "250.00", ubl.tax_category("peppol")))
    other = ubl.tax_total("33.50", currency="EUR")
    document = ubl.peppol(
        header="<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>",
        taxes=other + own if tax_currency_first else own + other,
    )

    invoice = invoice_in(document)

    assert (invoice.vat, invoice.vat_in_tax_currency) == (Decimal("250.00"), Decimal("33.50"))
    assert invoice.differences == ()


def test_trap_12_an_amount_in_another_currency_is_refused() -> None:
    document = ubl.swapped(ubl.oioubl(), 'PayableAmount currencyID="DKK"',
                           'PayableAmount currencyID="EUR"')  # fmt: skip

    reason = refusal_of(document).reason

    assert "PayableAmount on line" in reason
    assert "is in EUR but the document is in DKK" in reason


def test_trap_12_amounts_without_a_currency_are_read_in_the_documents_and_remarked() -> None:
    invoice = invoice_in(
        ubl.swapped(ubl.oioubl(), 'PayableAmount currencyID="DKK"', "PayableAmount")
    )

    assert invoice.payable == Decimal("1250.00")
    assert invoice.remarks == ("amounts without a currency are read as DKK",)


def test_trap_13_a_copy_says_so_and_the_same_invoice_minified_reads_the_same() -> None:
    minified = b"".join(line.strip() for line in ubl.oioubl().splitlines())
    copy = ubl.oioubl(header="<cbc:CopyIndicator>true</cbc:CopyIndicator>")
    first, second = invoice_in(ubl.oioubl()), invoice_in(minified)

    assert invoice_in(copy).copy
    assert not first.copy
    assert first.content_hash != second.content_hash
    assert (first.seller, first.number, first.issue_date, first.payable) == (
        second.seller,
        second.number,
        second.issue_date,
        second.payable,
    )


@pytest.mark.parametrize(
    ("root", "namespace", "word"),
    [
        ("Reminder", f"{_OASIS}Reminder-2", "rykker"),
        ("UtilityStatement", f"{_OLD_DANISH}UtilityStatement-2", "forsyningsspecifikation"),
        ("UtilityStatement", f"{_OASIS}UtilityStatement-2", "forsyningsspecifikation"),
        ("Statement", f"{_OASIS}Statement-2", "kontoudtog"),
        ("Order", f"{_OASIS}Order-2", "ordre"),
    ],
)
def test_trap_14_other_business_documents_are_named_and_not_read(
    root: str, namespace: str, word: str
) -> None:
    refused = refusal_of(f'<{root} xmlns="{namespace}"/>'.encode())

    assert (refused.code, refused.document_type) == ("not-an-invoice", root)
    assert root in refused.reason
    assert word in refused.reason


@pytest.mark.parametrize(
    "namespace",
    [
        "http://rep.oio.dk/ubl/xml/schemas/0p71/pie/",
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    ],
)
def test_trap_14_other_formats_are_refused_politely(namespace: str) -> None:
    refused = refusal_of(f'<Invoice xmlns="{namespace}"/>'.encode())

    assert refused.code == "unreadable"
    assert "OIOUBL 2.1 or Peppol BIS Billing 3" in refused.reason


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.1"])
def test_trap_14_every_oioubl_2_has_its_own_meaning_of_the_amounts(version: str) -> None:
    invoice = invoice_in(ubl.oioubl(customization=f"OIOUBL-{version}"))

    assert invoice.format is Format.OIOUBL_2
    assert invoice.differences == ()


def test_trap_14_oioubl_3_reads_in_its_european_shape() -> None:
    invoice = invoice_in(ubl.peppol(customization="urn:fdc:oioubl.dk:trns:billing:invoice:3.0"))

    assert invoice.format is Format.EN_16931
    assert invoice.net == Decimal("1000.00")


def test_trap_15_a_document_that_breaks_official_rules_is_still_read_with_what_deviates() -> None:
    # No InvoiceTypeCode, no LegalEntity, a wrong line sum: all refused by the official rules.
    document = ubl.swapped(ubl.oioubl(), ">100.00</cbc:LineExtensionAmount>",
                           ">90.00</cbc:LineExtensionAmount>")  # fmt: skip

    invoice = invoice_in(document)

    assert dict(invoice.differences) == {
        "line_total": Decimal("10.00"),
        "line:2": Decimal("-10.00"),
    }
