"""Every value that a rule may need is read, from where each family has it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from robot.domain.invoice import (
    AllowanceCharge,
    BillingReference,
    Format,
    Identifier,
    Kind,
    VatSubtotal,
)
from tests.support import ubl
from tests.support.reading import invoice_in, refusal_of

BUILDERS = {"oioubl": ubl.oioubl, "peppol": ubl.peppol}


def test_the_header_of_an_oioubl_invoice() -> None:
    header = """
  <cbc:UUID>6e09886b-dc6e-439f-82d1-7ccac7f4e3b1</cbc:UUID>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:Note>Levering aftalt med Hans</cbc:Note>
  <cbc:Note>Side 2</cbc:Note>
  <cbc:TaxPointDate>2026-11-09</cbc:TaxPointDate>
  <cbc:AccountingCost>5250124502</cbc:AccountingCost>
  <cac:ContractDocumentReference><cbc:ID>K-17</cbc:ID></cac:ContractDocumentReference>
  <cac:Delivery><cbc:ActualDeliveryDate>2026-11-03</cbc:ActualDeliveryDate></cac:Delivery>"""

    invoice = invoice_in(ubl.oioubl(header=header))

    assert (invoice.kind, invoice.format) == (Kind.INVOICE, Format.OIOUBL_2)
    assert invoice.profile == "OIOUBL-2.1"
    assert invoice.business_process == "urn:www.nesubl.eu:profiles:profile5:ver2.0"
    assert invoice.number == "1001"
    assert invoice.uuid == "6e09886b-dc6e-439f-82d1-7ccac7f4e3b1"
    assert invoice.type_code == "380"
    assert invoice.issue_date == date(2026, 11, 10)
    assert invoice.tax_point_date == date(2026, 11, 9)
    assert invoice.delivery_date == date(2026, 11, 3)
    assert invoice.currency == "DKK"
    assert invoice.order_reference == "4500123456"
    assert invoice.contract_reference == "K-17"
    assert invoice.accounting_cost == "5250124502"
    assert invoice.notes == ("Levering aftalt med Hans", "Side 2")
    assert invoice.remarks == ()


def test_the_header_of_a_peppol_invoice() -> None:
    header = """
  <cbc:BuyerReference>abe</cbc:BuyerReference>
  <cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate>
    <cbc:EndDate>2026-10-31</cbc:EndDate></cac:InvoicePeriod>
  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>999</cbc:ID>
    <cbc:IssueDate>2026-09-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>
  <cac:BillingReference><cac:CreditNoteDocumentReference><cbc:ID>K-1</cbc:ID>
    </cac:CreditNoteDocumentReference></cac:BillingReference>
  <cac:ProjectReference><cbc:ID>P001</cbc:ID></cac:ProjectReference>
  <cac:PaymentTerms><cbc:Note>Netto 30 dage</cbc:Note></cac:PaymentTerms>"""
    document = ubl.swapped(
        ubl.peppol(header=header),
        "<cbc:ID>4500123456</cbc:ID>",
        "<cbc:ID>4500123456</cbc:ID><cbc:SalesOrderID>SO-9</cbc:SalesOrderID>",
    )

    invoice = invoice_in(document)

    assert (invoice.format, invoice.profile) == (Format.EN_16931, ubl.PEPPOL_ID)
    assert invoice.buyer_reference == "abe"
    assert (invoice.delivery_start, invoice.delivery_end) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
    )
    assert invoice.billing_references == (
        BillingReference(number="999", issue_date=date(2026, 9, 1)),
        BillingReference(number="K-1"),
    )
    assert invoice.project_reference == "P001"
    assert invoice.sales_order == "SO-9"
    assert invoice.payment_terms == ("Netto 30 dage",)


def test_a_peppol_credit_note_names_its_project_in_an_additional_document() -> None:
    header = """
  <cac:AdditionalDocumentReference><cbc:ID>bilag 1</cbc:ID></cac:AdditionalDocumentReference>
  <cac:AdditionalDocumentReference><cbc:ID>P001</cbc:ID>
    <cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"""

    assert invoice_in(ubl.peppol(kind=ubl.CREDIT_NOTE, header=header)).project_reference == "P001"


def test_several_deliveries_and_periods_are_taken_together() -> None:
    header = """
  <cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate></cac:InvoicePeriod>
  <cac:InvoicePeriod><cbc:StartDate>2026-09-01</cbc:StartDate>
    <cbc:EndDate>2026-09-30</cbc:EndDate></cac:InvoicePeriod>
  <cac:Delivery/>
  <cac:Delivery><cbc:ActualDeliveryDate>2026-09-02</cbc:ActualDeliveryDate></cac:Delivery>
  <cac:Delivery><cbc:ActualDeliveryDate>2026-09-20</cbc:ActualDeliveryDate></cac:Delivery>"""

    invoice = invoice_in(ubl.oioubl(header=header))

    assert (invoice.delivery_start, invoice.delivery_end) == (date(2026, 9, 1), date(2026, 9, 30))
    assert invoice.delivery_date == date(2026, 9, 20)


def test_the_parties_of_an_oioubl_invoice() -> None:
    cvr = Identifier(scheme="cvr", value="99130008", raw_scheme="DK:CVR", raw_value="DK99130008")

    invoice = invoice_in(ubl.oioubl())
    seller, buyer = invoice.seller, invoice.buyer

    assert (seller.name, seller.legal_name) == ("Dansk Kontor A/S", "Dansk Kontor Aktieselskab")
    assert (seller.endpoint, seller.legal_id, seller.identifiers) == (cvr, cvr, (cvr,))
    assert seller.vat_id is not None
    assert (seller.vat_id.scheme, seller.vat_id.value) == ("se", "99130008")
    assert (seller.street, seller.postal_code, seller.city, seller.country) == (
        "Prøvevej 7",
        "5000",
        "Odense",
        "DK",
    )
    assert (seller.contact_id, seller.contact_name) == ("77", "Sara Salg")
    assert (seller.contact_phone, seller.contact_email) == ("99999999", "sara@example.test")
    assert buyer.number("gln") == "5798000880016"
    assert buyer.number("cvr") == "33391005"
    assert buyer.contact_id == "abe"


def test_the_parties_of_a_peppol_invoice() -> None:
    header = """
  <cac:PayeeParty><cac:PartyName><cbc:Name>Factoring A/S</cbc:Name></cac:PartyName>
    <cac:PartyLegalEntity><cbc:CompanyID schemeID="0184">99130016</cbc:CompanyID>
    </cac:PartyLegalEntity></cac:PayeeParty>
  <cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Rep ApS</cbc:Name></cac:PartyName>
    <cac:PartyTaxScheme><cbc:CompanyID>DK99140003</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  </cac:TaxRepresentativeParty>"""

    invoice = invoice_in(ubl.peppol(header=header))

    assert invoice.seller.number("cvr") == "99130008"
    assert invoice.seller.number("vat") == "DK99130008"
    assert invoice.buyer.name == invoice.buyer.legal_name == "Eksempelstyrelsen"
    assert invoice.buyer.number("gln") == "5798000880016"
    assert invoice.payee is not None
    assert (invoice.payee.name, invoice.payee.number("cvr")) == ("Factoring A/S", "99130016")
    assert invoice.tax_representative is not None
    assert invoice.tax_representative.number("vat") == "DK99140003"


def test_a_party_without_a_name_is_called_by_its_person() -> None:
    supplier = (
        "<cac:Person><cbc:FirstName>Karen</cbc:FirstName>"
        "<cbc:FamilyName>Hansen</cbc:FamilyName></cac:Person>"
    )

    assert invoice_in(ubl.oioubl(supplier=supplier)).seller.name == "Karen Hansen"


def test_every_identifier_of_a_party_is_kept() -> None:
    supplier = """
    <cac:PartyIdentification>
      <cbc:ID schemeID="GLN">5798000990012</cbc:ID></cac:PartyIdentification>
    <cac:PartyIdentification><cbc:ID>138</cbc:ID></cac:PartyIdentification>
    <cac:PartyTaxScheme><cbc:CompanyID>TAX-1</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyTaxScheme><cbc:CompanyID>DE 111 111 125</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:CompanyID>HRB 1</cbc:CompanyID></cac:PartyLegalEntity>"""

    seller = invoice_in(ubl.peppol(supplier=supplier)).seller

    assert [(each.scheme, each.value) for each in seller.identifiers] == [
        ("gln", "5798000990012"),
        ("other", "138"),
        ("other", "TAX-1"),
    ]
    assert seller.vat_id is not None
    assert (seller.vat_id.scheme, seller.vat_id.value) == ("vat", "DE111111125")
    assert seller.legal_id is not None
    assert (seller.legal_id.scheme, seller.legal_id.value) == ("other", "HRB 1")


@pytest.mark.parametrize("family", BUILDERS)
def test_the_lines(family: str) -> None:
    more = """
    <cbc:Note>Haster</cbc:Note><cbc:Note>Meget</cbc:Note>
    <cbc:AccountingCost>220100</cbc:AccountingCost>
    <cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate>
      <cbc:EndDate>2026-10-31</cbc:EndDate></cac:InvoicePeriod>
    <cac:OrderLineReference><cbc:LineID>10</cbc:LineID>
      <cac:OrderReference><cbc:ID>4500000001</cbc:ID></cac:OrderReference>
    </cac:OrderLineReference>"""
    item = "<cac:SellersItemIdentification><cbc:ID>VARE-9</cbc:ID></cac:SellersItemIdentification>"
    first = ubl.line(family, more=more, price_more="<cbc:BaseQuantity>1</cbc:BaseQuantity>")
    first = first.replace("</cbc:Name>", f"</cbc:Name>{item}")
    second = ubl.line(family, "2", "100.00", price="50.00", quantity="2", vat="25.00")

    line = invoice_in(BUILDERS[family](lines=first + second)).lines[0]

    assert (line.number, line.text, line.net) == ("1", "Kontorstol", Decimal("900.00"))
    assert (line.quantity, line.unit) == (Decimal(1), "EA")
    assert (line.price, line.base_quantity) == (Decimal("900.00"), Decimal(1))
    assert (line.vat_category, line.vat_rate) == ("S", Decimal(25))
    assert line.vat_amount == (Decimal("225.00") if family == "oioubl" else None)
    assert (line.order_line, line.order_reference) == ("10", "4500000001")
    assert line.accounting_cost == "220100"
    assert (line.period_start, line.period_end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert line.item_id == "VARE-9"
    assert line.note == "Haster\nMeget"
    assert line.source_line is not None
    assert line.source_line > 20


@pytest.mark.parametrize("family", BUILDERS)
def test_a_credit_note_has_credit_note_lines_and_credited_quantities(family: str) -> None:
    credit_note = invoice_in(BUILDERS[family](kind=ubl.CREDIT_NOTE))

    assert credit_note.kind is Kind.CREDIT_NOTE
    assert [line.quantity for line in credit_note.lines] == [Decimal(1), Decimal(2)]
    assert credit_note.differences == ()


def test_the_lines_of_the_other_kind_are_not_read() -> None:
    document = ubl.oioubl(lines=ubl.two_lines("oioubl", ubl.CREDIT_NOTE))

    assert "no lines (InvoiceLine)" in refusal_of(document).reason


def test_a_line_with_several_rates_leaves_its_rate_open() -> None:
    both = ubl.tax_total(
        "25.00",
        ubl.subtotal("100.00", "25.00", ubl.tax_category("oioubl")),
        ubl.subtotal("800.00", "0.00", ubl.tax_category("oioubl", "ZeroRated", "0")),
    )
    line = ubl.line("oioubl")
    single = line[line.index("<cac:TaxTotal>") : line.index("</cac:TaxTotal>")] + "</cac:TaxTotal>"

    invoice = invoice_in(ubl.oioubl(lines=line.replace(single, both)))

    assert (invoice.lines[0].vat_category, invoice.lines[0].vat_rate) == (None, None)
    assert invoice.lines[0].vat_amount == Decimal("25.00")
    assert invoice.remarks == ("a line has several VAT rates; its rate is left open",)


def test_a_line_is_called_by_its_name_else_its_description_else_its_note() -> None:
    line = ubl.line("oioubl", more="<cbc:Note>note</cbc:Note>")
    name = "<cbc:Name>Kontorstol</cbc:Name>"

    def text(item: str) -> str:
        return invoice_in(ubl.oioubl(lines=line.replace(name, item))).lines[0].text

    assert text(f"<cbc:Description>longer</cbc:Description>{name}") == "Kontorstol"
    assert text("<cbc:Description>longer</cbc:Description>") == "longer"
    assert text("") == "note"


@pytest.mark.parametrize("family", BUILDERS)
def test_allowances_and_charges_of_the_document(family: str) -> None:
    more = (
        "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>"
        "<cbc:AllowanceChargeReason>Fragt</cbc:AllowanceChargeReason>"
    )
    freight = ubl.charge("80.00", more=more).replace(
        "</cac:AllowanceCharge>",
        f'<cbc:BaseAmount currencyID="DKK">800.00</cbc:BaseAmount>'
        f"{ubl.tax_category(family)}</cac:AllowanceCharge>",
    )
    discount = ubl.charge("30.00", charged=False)
    tax_exclusive = "262.50" if family == "oioubl" else "1050.00"
    document = BUILDERS[family](
        charges=freight + discount,
        taxes=ubl.tax_total("262.50", ubl.subtotal("1050.00", "262.50", ubl.tax_category(family))),
        amounts=ubl.totals(
            LineExtensionAmount="1000.00",
            TaxExclusiveAmount=tax_exclusive,
            TaxInclusiveAmount="1312.50",
            AllowanceTotalAmount="30.00",
            ChargeTotalAmount="80.00",
            PayableAmount="1312.50",
        ),
    )

    invoice = invoice_in(document)

    assert invoice.allowances_charges == (
        AllowanceCharge(
            charge=True,
            amount=Decimal("80.00"),
            base=Decimal("800.00"),
            reason="Fragt",
            reason_code="FC",
            vat_category="S",
            vat_rate=Decimal(25),
        ),
        AllowanceCharge(charge=False, amount=Decimal("30.00")),
    )
    assert (invoice.line_total, invoice.allowance_total, invoice.charge_total) == (
        Decimal("1000.00"),
        Decimal("30.00"),
        Decimal("80.00"),
    )
    assert invoice.net == Decimal("1050.00")
    assert invoice.differences == ()


def test_an_allowance_without_an_amount_or_a_direction_is_refused() -> None:
    charge = ubl.charge("80.00")

    without_amount = charge.replace('<cbc:Amount currencyID="DKK">80.00</cbc:Amount>', "")
    without_direction = charge.replace("<cbc:ChargeIndicator>true</cbc:ChargeIndicator>", "")

    assert "no Amount" in refusal_of(ubl.oioubl(charges=without_amount)).reason
    assert "no ChargeIndicator" in refusal_of(ubl.oioubl(charges=without_direction)).reason
    assert "'maybe'" in refusal_of(ubl.oioubl(charges=charge.replace("true", "maybe"))).reason


def test_tax_subtotals_with_their_exemption_reason() -> None:
    exempt = (
        "<cac:TaxCategory><cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>"
        "<cbc:TaxExemptionReasonCode>VATEX-EU-132</cbc:TaxExemptionReasonCode>"
        "<cbc:TaxExemptionReason>Momsloven § 13</cbc:TaxExemptionReason>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>"
    )
    document = ubl.peppol(taxes=ubl.tax_total("0.00", ubl.subtotal("1000.00", "0.00", exempt)))

    assert invoice_in(document).taxes == (
        VatSubtotal(
            taxable=Decimal("1000.00"),
            amount=Decimal("0.00"),
            category="E",
            rate=Decimal(0),
            exemption_reason="Momsloven § 13",
        ),
    )


def test_a_document_without_any_tax_total_has_no_vat() -> None:
    invoice = invoice_in(ubl.peppol(taxes=""))

    assert (invoice.vat, invoice.taxes) == (Decimal(0), ())


def test_tax_totals_in_other_currencies_only_are_refused() -> None:
    taxes = ubl.tax_total("33.50", currency="EUR")

    assert "not in the document's currency DKK" in refusal_of(ubl.peppol(taxes=taxes)).reason


def test_attachments_on_lines_are_found_too() -> None:
    document = (
        "<cac:DocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cac:ExternalReference>"
        "<cbc:URI>https://example.test/x</cbc:URI></cac:ExternalReference></cac:Attachment>"
        "</cac:DocumentReference>"
    )

    invoice = invoice_in(ubl.peppol(lines=ubl.line("peppol", net="1000.00", more=document)))

    assert [attachment.uri for attachment in invoice.attachments] == ["https://example.test/x"]


def test_empty_elements_say_nothing() -> None:
    header = "<cbc:Note/><cbc:UUID> </cbc:UUID><cbc:TaxPointDate/><cbc:CopyIndicator/>"

    invoice = invoice_in(ubl.oioubl(header=header))

    assert (invoice.notes, invoice.uuid, invoice.tax_point_date) == ((), None, None)
    assert not invoice.copy
