"""Writes a bill as Peppol BIS Billing 3 (EN 16931), with Denmark's own rules for payment."""

from __future__ import annotations

from decimal import Decimal

from examples.make_documents.bill import Adjustment, Bill, Line, Totals, Vat, line_net, totals
from examples.make_documents.oioubl import plain_price
from examples.make_documents.payment import Payment, Way
from examples.make_documents.ubl import (
    CREDIT_NOTE,
    INVOICE,
    PLAIN,
    Element,
    Sheet,
    Wire,
    plain,
)
from examples.make_documents.world import Customer, Supplier

_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_CODES = {
    Way.FIK_71: "93",
    Way.FIK_73: "93",
    Way.FIK_75: "93",
    Way.GIRO_01: "50",
    Way.GIRO_04: "50",
    Way.BANK: "42",
    Way.IBAN: "58",
    Way.NEMKONTO: "97",
    Way.CARD: "48",
}


def write(bill: Bill, wire: Wire = PLAIN) -> Element:
    """The document's root element."""
    sums = totals(bill)
    name, space = ("CreditNote", CREDIT_NOTE) if bill.credit_note else ("Invoice", INVOICE)
    sheet = Sheet(space, name, wire)
    _header(sheet, bill)
    _references(sheet, bill)
    _supplier(sheet, bill)
    _customer(sheet, bill)
    if bill.payee is not None:
        payee = sheet.add(sheet.root, "cac:PayeeParty")
        sheet.path(payee, "cac:PartyName", "cbc:Name", text=bill.payee.name)
        sheet.path(
            payee,
            "cac:PartyLegalEntity",
            "cbc:CompanyID",
            text=bill.payee.cvr or "",
            schemeID="0184",
        )
    _delivery(sheet, bill)
    for payment in bill.payments:
        _payment(sheet, bill, payment)
    if bill.due is not None:
        sheet.path(sheet.root, "cac:PaymentTerms", "cbc:Note", text="Netto 30 dage")
    for adjustment in bill.adjustments:
        _adjustment(sheet, sheet.root, adjustment, bill.currency, with_vat=True)
    _taxes(sheet, bill, sums)
    _sums(sheet, bill, sums)
    for number, line in enumerate(bill.lines, start=1):
        _line(sheet, bill, line, number)
    return sheet.root


def _header(sheet: Sheet, bill: Bill) -> None:
    root = sheet.root
    sheet.add(root, "cbc:CustomizationID", _CUSTOMIZATION)
    sheet.add(root, "cbc:ProfileID", _PROFILE)
    sheet.add(root, "cbc:ID", bill.number)
    sheet.add(root, "cbc:IssueDate", bill.issued.isoformat())
    if bill.credit_note:
        sheet.add(root, "cbc:CreditNoteTypeCode", bill.type_code or "381")
    else:
        if bill.due is not None:
            sheet.add(root, "cbc:DueDate", bill.due.isoformat())
        sheet.add(root, "cbc:InvoiceTypeCode", bill.type_code or "380")
    for note in bill.notes:
        sheet.add(root, "cbc:Note", note)
    sheet.add(root, "cbc:DocumentCurrencyCode", bill.currency)
    sheet.add_if(root, "cbc:BuyerReference", bill.reference)


def _references(sheet: Sheet, bill: Bill) -> None:
    root = sheet.root
    if bill.period is not None:
        period = sheet.add(root, "cac:InvoicePeriod")
        sheet.add(period, "cbc:StartDate", bill.period[0].isoformat())
        sheet.add(period, "cbc:EndDate", bill.period[1].isoformat())
    if bill.order is not None:
        sheet.path(root, "cac:OrderReference", "cbc:ID", text=bill.order)
    if bill.billing_reference is not None:
        number, issued = bill.billing_reference
        holder = sheet.add(root, "cac:BillingReference")
        reference = sheet.add(holder, "cac:InvoiceDocumentReference")
        sheet.add(reference, "cbc:ID", number)
        sheet.add(reference, "cbc:IssueDate", issued.isoformat())
    if bill.contract is not None:
        sheet.path(root, "cac:ContractDocumentReference", "cbc:ID", text=bill.contract)
    for attached in bill.attachments:
        sheet.attachment(root, attached, "cbc:DocumentDescription")
    if bill.project is not None and not bill.credit_note:
        sheet.path(root, "cac:ProjectReference", "cbc:ID", text=bill.project)


def _supplier(sheet: Sheet, bill: Bill) -> None:
    seller = bill.supplier
    party = sheet.add(sheet.add(sheet.root, "cac:AccountingSupplierParty"), "cac:Party")
    cvr = bill.supplier_cvr or seller.cvr
    scheme, endpoint = seller.endpoint or ("0184", cvr or "")
    sheet.add(party, "cbc:EndpointID", endpoint, schemeID=scheme)
    _name_and_address(sheet, party, seller)
    _vat_number(sheet, party, f"DK{cvr}" if cvr else seller.vat_number or "")
    legal = sheet.add(party, "cac:PartyLegalEntity")
    sheet.add(legal, "cbc:RegistrationName", seller.name)
    if cvr:
        sheet.add(legal, "cbc:CompanyID", cvr, schemeID="0184")
    contact = sheet.add(party, "cac:Contact")
    sheet.add(contact, "cbc:ElectronicMail", "faktura@example.test")


def _customer(sheet: Sheet, bill: Bill) -> None:
    buyer = bill.customer
    party = sheet.add(sheet.add(sheet.root, "cac:AccountingCustomerParty"), "cac:Party")
    gln = bill.receiver_gln or buyer.gln
    sheet.add(party, "cbc:EndpointID", gln, schemeID="0088")
    sheet.path(party, "cac:PartyIdentification", "cbc:ID", text=gln, schemeID="0088")
    _name_and_address(sheet, party, buyer)
    _vat_number(sheet, party, f"DK{buyer.cvr}")
    legal = sheet.add(party, "cac:PartyLegalEntity")
    sheet.add(legal, "cbc:RegistrationName", buyer.name)
    sheet.add(legal, "cbc:CompanyID", buyer.cvr, schemeID="0184")


def _name_and_address(sheet: Sheet, party: Element, who: Customer | Supplier) -> None:
    sheet.path(party, "cac:PartyName", "cbc:Name", text=who.name)
    address = sheet.add(party, "cac:PostalAddress")
    sheet.add(address, "cbc:StreetName", who.street)
    sheet.add(address, "cbc:CityName", who.city)
    sheet.add(address, "cbc:PostalZone", who.postal_code)
    country = who.country if isinstance(who, Supplier) else "DK"
    sheet.path(address, "cac:Country", "cbc:IdentificationCode", text=country)


def _vat_number(sheet: Sheet, party: Element, number: str) -> None:
    tax = sheet.add(party, "cac:PartyTaxScheme")
    sheet.add(tax, "cbc:CompanyID", number)
    sheet.path(tax, "cac:TaxScheme", "cbc:ID", text="VAT")


def _delivery(sheet: Sheet, bill: Bill) -> None:
    if bill.delivered is None:
        return
    delivery = sheet.add(sheet.root, "cac:Delivery")
    sheet.add(delivery, "cbc:ActualDeliveryDate", bill.delivered.isoformat())
    sheet.path(
        delivery,
        "cac:DeliveryLocation",
        "cac:Address",
        "cac:Country",
        "cbc:IdentificationCode",
        text="DK",
    )


def _payment(sheet: Sheet, bill: Bill, payment: Payment) -> None:
    means = sheet.add(sheet.root, "cac:PaymentMeans")
    code = _CODES[payment.way]
    sheet.add(means, "cbc:PaymentMeansCode", code)
    if bill.credit_note and bill.due is not None:
        sheet.add(means, "cbc:PaymentDueDate", bill.due.isoformat())
    if code in ("93", "50"):
        sheet.add(means, "cbc:PaymentID", f"{payment.way.value}#{payment.payment_id}")
    elif payment.way in (Way.BANK, Way.IBAN):
        sheet.add(means, "cbc:PaymentID", bill.number)
    if not payment.account:
        return
    account = sheet.add(means, "cac:PayeeFinancialAccount")
    sheet.add(account, "cbc:ID", payment.account)
    if payment.branch or payment.bic:
        sheet.path(
            account,
            "cac:FinancialInstitutionBranch",
            "cbc:ID",
            text=payment.branch or payment.bic,
        )


def _adjustment(
    sheet: Sheet, parent: Element, one: Adjustment, currency: str, *, with_vat: bool
) -> None:
    holder = sheet.add(parent, "cac:AllowanceCharge")
    sheet.add(holder, "cbc:ChargeIndicator", "true" if one.charge else "false")
    sheet.add(holder, "cbc:AllowanceChargeReason", one.reason)
    if one.percent is not None:
        sheet.add(holder, "cbc:MultiplierFactorNumeric", plain(one.percent))
    sheet.amount(holder, "cbc:Amount", one.amount, currency)
    if one.base is not None:
        sheet.amount(holder, "cbc:BaseAmount", one.base, currency)
    if with_vat:
        _category(sheet, holder, "cac:TaxCategory", one.vat)


def _category(
    sheet: Sheet, parent: Element, name: str, vat: Vat, *, exemption: bool = False
) -> None:
    category = sheet.add(parent, name)
    sheet.add(category, "cbc:ID", vat.letter)
    sheet.add(category, "cbc:Percent", plain(vat.rate) if vat.rate else "0")
    if exemption:
        sheet.add_if(category, "cbc:TaxExemptionReason", vat.exemption)
    sheet.path(category, "cac:TaxScheme", "cbc:ID", text="VAT")


def _taxes(sheet: Sheet, bill: Bill, sums: Totals) -> None:
    total = sheet.add(sheet.root, "cac:TaxTotal")
    sheet.amount(total, "cbc:TaxAmount", sums.tax, bill.currency)
    for group in sums.groups:
        subtotal = sheet.add(total, "cac:TaxSubtotal")
        sheet.amount(subtotal, "cbc:TaxableAmount", group.taxable, bill.currency)
        sheet.amount(subtotal, "cbc:TaxAmount", group.amount, bill.currency)
        _category(sheet, subtotal, "cac:TaxCategory", group.vat, exemption=True)


def _sums(sheet: Sheet, bill: Bill, sums: Totals) -> None:
    total = sheet.add(sheet.root, "cac:LegalMonetaryTotal")
    amounts: tuple[tuple[str, Decimal | None], ...] = (
        ("cbc:LineExtensionAmount", sums.lines),
        ("cbc:TaxExclusiveAmount", sums.net),
        ("cbc:TaxInclusiveAmount", sums.inclusive),
        ("cbc:AllowanceTotalAmount", sums.allowances or None),
        ("cbc:ChargeTotalAmount", sums.charges or None),
        ("cbc:PrepaidAmount", bill.prepaid),
        ("cbc:PayableRoundingAmount", bill.rounding),
        ("cbc:PayableAmount", sums.payable),
    )
    for name, amount in amounts:
        if amount is not None:
            sheet.amount(total, name, amount, bill.currency)


def _line(sheet: Sheet, bill: Bill, line: Line, number: int) -> None:
    name, quantity = (
        ("cac:CreditNoteLine", "cbc:CreditedQuantity")
        if bill.credit_note
        else ("cac:InvoiceLine", "cbc:InvoicedQuantity")
    )
    holder = sheet.add(sheet.root, name)
    sheet.add(holder, "cbc:ID", str(number))
    sheet.add(holder, quantity, plain(line.quantity), unitCode=line.unit)
    sheet.amount(holder, "cbc:LineExtensionAmount", line_net(line, bill.standard), bill.currency)
    if line.allowance is not None:
        _adjustment(sheet, holder, line.allowance, bill.currency, with_vat=False)
    item = sheet.add(holder, "cac:Item")
    sheet.add(item, "cbc:Name", line.text)
    _category(sheet, item, "cac:ClassifiedTaxCategory", line.vat)
    price = sheet.add(holder, "cac:Price")
    sheet.add(price, "cbc:PriceAmount", plain_price(line.price), currencyID=bill.currency)
