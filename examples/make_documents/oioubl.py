"""Writes a bill as OIOUBL 2.02 or 2.1.

Amounts follow OIOUBL: `TaxExclusiveAmount` is the VAT (F-INV127), the rounding is part of
`TaxInclusiveAmount` (F-INV128), `PaymentTerms/Amount` is the payable amount (F-INV134), and an
allowance on a line is information only.
"""

from __future__ import annotations

from decimal import Decimal

from examples.make_documents.bill import (
    Adjustment,
    Bill,
    Line,
    Standard,
    Totals,
    Vat,
    cents,
    line_net,
    totals,
)
from examples.make_documents.payment import Payment, Way
from examples.make_documents.ubl import (
    CREDIT_NOTE,
    INVOICE,
    PLAIN,
    Element,
    Sheet,
    Wire,
    plain,
    uuid_of,
)
from examples.make_documents.world import Customer, Supplier

_AGENCY = "320"
_VERSIONS = {
    Standard.OIOUBL_2_02: ("2.0", "Procurement-OrdSim-BilSim-1.0"),
    Standard.OIOUBL_2_1: ("2.1", "urn:www.nesubl.eu:profiles:profile5:ver2.0"),
}
_CODES = {
    Way.FIK_71: "93",
    Way.FIK_73: "93",
    Way.FIK_75: "93",
    Way.GIRO_01: "50",
    Way.GIRO_04: "50",
    Way.BANK: "42",
    Way.IBAN: "31",
    Way.NEMKONTO: "97",
    Way.CARD: "48",
}
_CHANNELS = {
    "93": "DK:FIK",
    "50": "DK:GIRO",
    "42": "DK:BANK",
    "31": "IBAN",
    "97": "DK:NEMKONTO",
}


def write(bill: Bill, wire: Wire = PLAIN) -> Element:
    """The document's root element."""
    sums = totals(bill)
    name, space = ("CreditNote", CREDIT_NOTE) if bill.credit_note else ("Invoice", INVOICE)
    sheet = Sheet(space, name, wire)
    _header(sheet, bill)
    _references(sheet, bill)
    _supplier(sheet, sheet.add(sheet.root, "cac:AccountingSupplierParty"), bill)
    _customer(sheet, sheet.add(sheet.root, "cac:AccountingCustomerParty"), bill)
    if bill.payee is not None:
        _payee(sheet, bill.payee)
    if bill.delivered is not None:
        sheet.path(
            sheet.root,
            "cac:Delivery",
            "cbc:ActualDeliveryDate",
            text=bill.delivered.isoformat(),
        )
    for number, payment in enumerate(bill.payments, start=1):
        _payment(sheet, bill, payment, number)
    if bill.payments:
        terms = sheet.add(sheet.root, "cac:PaymentTerms")
        sheet.add(terms, "cbc:ID", "1")
        sheet.add(terms, "cbc:PaymentMeansID", "1")
        sheet.amount(terms, "cbc:Amount", sums.payable, bill.currency)
    if bill.prepaid is not None:
        prepaid = sheet.add(sheet.root, "cac:PrepaidPayment")
        sheet.add(prepaid, "cbc:ID", "1")
        sheet.amount(prepaid, "cbc:PaidAmount", bill.prepaid, bill.currency)
    for number, adjustment in enumerate(bill.adjustments, start=1):
        _adjustment(sheet, sheet.root, adjustment, bill.currency, number)
    _taxes(sheet, bill, sums)
    _sums(sheet, bill, sums)
    for number, line in enumerate(bill.lines, start=1):
        _line(sheet, bill, line, number)
    return sheet.root


def _header(sheet: Sheet, bill: Bill) -> None:
    root = sheet.root
    version, profile = _VERSIONS[bill.standard]
    sheet.add(root, "cbc:UBLVersionID", version)
    sheet.add(root, "cbc:CustomizationID", bill.standard.value)
    sheet.add(
        root,
        "cbc:ProfileID",
        profile,
        schemeAgencyID=_AGENCY,
        schemeID="urn:oioubl:id:profileid-1.2",
    )
    sheet.add(root, "cbc:ID", bill.number)
    sheet.add(root, "cbc:CopyIndicator", "true" if bill.copy else "false")
    sheet.add(root, "cbc:UUID", uuid_of(f"{bill.supplier.name} {bill.number}"))
    sheet.add(root, "cbc:IssueDate", bill.issued.isoformat())
    if not bill.credit_note:
        sheet.add(
            root,
            "cbc:InvoiceTypeCode",
            bill.type_code or "380",
            listAgencyID=_AGENCY,
            listID="urn:oioubl:codelist:invoicetypecode-1.1",
        )
    for note in bill.notes:
        sheet.add(root, "cbc:Note", note)
    sheet.add(root, "cbc:DocumentCurrencyCode", bill.currency)


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
        sheet.attachment(root, attached, "cbc:DocumentType")


def _supplier(sheet: Sheet, holder: Element, bill: Bill) -> None:
    seller = bill.supplier
    party = sheet.add(holder, "cac:Party")
    cvr = bill.supplier_cvr or seller.cvr
    number = f"DK{cvr}" if cvr else seller.vat_number or ""
    scheme = "DK:CVR" if cvr else "ZZZ"
    sheet.add(party, "cbc:EndpointID", number, schemeID=scheme)
    sheet.path(party, "cac:PartyIdentification", "cbc:ID", text=number, schemeID=scheme)
    _name_and_address(sheet, party, seller)
    tax = sheet.add(party, "cac:PartyTaxScheme")
    sheet.add(tax, "cbc:CompanyID", number, schemeID="DK:SE" if cvr else "ZZZ")
    _tax_scheme(sheet, tax)
    legal = sheet.add(party, "cac:PartyLegalEntity")
    sheet.add(legal, "cbc:RegistrationName", seller.name)
    sheet.add(legal, "cbc:CompanyID", number, schemeID=scheme)
    contact = sheet.add(party, "cac:Contact")
    sheet.add(contact, "cbc:ID", "bogholderi")
    sheet.add(contact, "cbc:ElectronicMail", "faktura@example.test")


def _customer(sheet: Sheet, holder: Element, bill: Bill) -> None:
    buyer = bill.customer
    party = sheet.add(holder, "cac:Party")
    gln = bill.receiver_gln or buyer.gln
    sheet.add(party, "cbc:EndpointID", gln, schemeAgencyID="9", schemeID="GLN")
    sheet.path(
        party,
        "cac:PartyIdentification",
        "cbc:ID",
        text=gln,
        schemeAgencyID="9",
        schemeID="GLN",
    )
    _name_and_address(sheet, party, buyer)
    legal = sheet.add(party, "cac:PartyLegalEntity")
    sheet.add(legal, "cbc:RegistrationName", buyer.name)
    sheet.add(legal, "cbc:CompanyID", f"DK{buyer.cvr}", schemeID="DK:CVR")
    if bill.reference is not None:
        sheet.path(party, "cac:Contact", "cbc:ID", text=bill.reference)


def _payee(sheet: Sheet, payee: Supplier) -> None:
    party = sheet.add(sheet.root, "cac:PayeeParty")
    sheet.path(
        party,
        "cac:PartyIdentification",
        "cbc:ID",
        text=f"DK{payee.cvr}",
        schemeID="DK:CVR",
    )
    sheet.path(party, "cac:PartyName", "cbc:Name", text=payee.name)
    legal = sheet.add(party, "cac:PartyLegalEntity")
    sheet.add(legal, "cbc:RegistrationName", payee.name)
    sheet.add(legal, "cbc:CompanyID", f"DK{payee.cvr}", schemeID="DK:CVR")


def _name_and_address(sheet: Sheet, party: Element, who: Customer | Supplier) -> None:
    sheet.path(party, "cac:PartyName", "cbc:Name", text=who.name)
    address = sheet.add(party, "cac:PostalAddress")
    sheet.add(
        address,
        "cbc:AddressFormatCode",
        "StructuredLax",
        listAgencyID=_AGENCY,
        listID="urn:oioubl:codelist:addressformatcode-1.1",
    )
    sheet.add(address, "cbc:StreetName", who.street)
    sheet.add(address, "cbc:CityName", who.city)
    sheet.add(address, "cbc:PostalZone", who.postal_code)
    country = who.country if isinstance(who, Supplier) else "DK"
    sheet.path(address, "cac:Country", "cbc:IdentificationCode", text=country)


def _payment(sheet: Sheet, bill: Bill, payment: Payment, number: int) -> None:
    means = sheet.add(sheet.root, "cac:PaymentMeans")
    code = _CODES[payment.way]
    sheet.add(means, "cbc:ID", str(number))
    sheet.add(means, "cbc:PaymentMeansCode", code)
    if bill.due is not None:
        sheet.add(means, "cbc:PaymentDueDate", bill.due.isoformat())
    sheet.add_if(
        means,
        "cbc:PaymentChannelCode",
        _CHANNELS.get(code),
        listAgencyID=_AGENCY,
        listID="urn:oioubl:codelist:paymentchannelcode-1.1",
    )
    sheet.add_if(means, "cbc:InstructionID", payment.payment_id)
    if code in ("93", "50"):
        sheet.add(
            means,
            "cbc:PaymentID",
            payment.way.value,
            schemeAgencyID=_AGENCY,
            schemeID="urn:oioubl:id:paymentid-1.1",
        )
    if code == "93":
        sheet.path(means, "cac:CreditAccount", "cbc:AccountID", text=payment.account)
    elif payment.account:
        _account(sheet, means, payment)


def _account(sheet: Sheet, means: Element, payment: Payment) -> None:
    account = sheet.add(means, "cac:PayeeFinancialAccount")
    sheet.add(account, "cbc:ID", payment.account)
    if payment.branch:
        sheet.path(account, "cac:FinancialInstitutionBranch", "cbc:ID", text=payment.branch)
    if payment.bic:
        sheet.path(
            account,
            "cac:FinancialInstitutionBranch",
            "cac:FinancialInstitution",
            "cbc:ID",
            text=payment.bic,
        )


def _adjustment(
    sheet: Sheet, parent: Element, one: Adjustment, currency: str, number: int
) -> None:
    holder = sheet.add(parent, "cac:AllowanceCharge")
    sheet.add(holder, "cbc:ID", str(number))
    sheet.add(holder, "cbc:ChargeIndicator", "true" if one.charge else "false")
    sheet.add(holder, "cbc:AllowanceChargeReason", one.reason)
    if one.percent is not None:
        sheet.add(holder, "cbc:MultiplierFactorNumeric", plain(one.percent / 100))
    sheet.add(holder, "cbc:SequenceNumeric", str(number))
    sheet.amount(holder, "cbc:Amount", one.amount, currency)
    if one.base is not None:
        sheet.amount(holder, "cbc:BaseAmount", one.base, currency)
    _category(sheet, holder, one.vat)


def _category(sheet: Sheet, parent: Element, vat: Vat) -> None:
    category = sheet.add(parent, "cac:TaxCategory")
    sheet.add(
        category,
        "cbc:ID",
        vat.word,
        schemeAgencyID=_AGENCY,
        schemeID="urn:oioubl:id:taxcategoryid-1.1",
    )
    sheet.add(category, "cbc:Percent", plain(vat.rate) if vat.rate else "0")
    _tax_scheme(sheet, category)


def _tax_scheme(sheet: Sheet, parent: Element) -> None:
    scheme = sheet.add(parent, "cac:TaxScheme")
    sheet.add(
        scheme,
        "cbc:ID",
        "63",
        schemeAgencyID=_AGENCY,
        schemeID="urn:oioubl:id:taxschemeid-1.1",
    )
    sheet.add(scheme, "cbc:Name", "Moms")


def _taxes(sheet: Sheet, bill: Bill, sums: Totals) -> None:
    total = sheet.add(sheet.root, "cac:TaxTotal")
    sheet.amount(total, "cbc:TaxAmount", sums.tax, bill.currency)
    for group in sums.groups:
        _subtotal(sheet, total, (group.vat, group.taxable, group.amount), bill.currency)


def _subtotal(
    sheet: Sheet, total: Element, group: tuple[Vat, Decimal, Decimal], currency: str
) -> None:
    vat, taxable, amount = group
    subtotal = sheet.add(total, "cac:TaxSubtotal")
    sheet.amount(subtotal, "cbc:TaxableAmount", taxable, currency)
    sheet.amount(subtotal, "cbc:TaxAmount", amount, currency)
    _category(sheet, subtotal, vat)


def _sums(sheet: Sheet, bill: Bill, sums: Totals) -> None:
    total = sheet.add(sheet.root, "cac:LegalMonetaryTotal")
    for name, amount in (
        ("cbc:LineExtensionAmount", sums.lines),
        ("cbc:TaxExclusiveAmount", sums.tax),
        ("cbc:TaxInclusiveAmount", sums.inclusive),
        ("cbc:AllowanceTotalAmount", sums.allowances or None),
        ("cbc:ChargeTotalAmount", sums.charges or None),
        ("cbc:PrepaidAmount", bill.prepaid),
        ("cbc:PayableRoundingAmount", bill.rounding),
        ("cbc:PayableAmount", sums.payable),
    ):
        if amount is not None:
            sheet.amount(total, name, amount, bill.currency)


def _line(sheet: Sheet, bill: Bill, line: Line, number: int) -> None:
    net = line_net(line, bill.standard)
    name, quantity = (
        ("cac:CreditNoteLine", "cbc:CreditedQuantity")
        if bill.credit_note
        else ("cac:InvoiceLine", "cbc:InvoicedQuantity")
    )
    holder = sheet.add(sheet.root, name)
    sheet.add(holder, "cbc:ID", str(number))
    sheet.add(holder, quantity, plain(line.quantity), unitCode=line.unit)
    sheet.amount(holder, "cbc:LineExtensionAmount", net, bill.currency)
    if line.allowance is not None and not bill.credit_note:
        _adjustment(sheet, holder, line.allowance, bill.currency, 1)
    total = sheet.add(holder, "cac:TaxTotal")
    tax = cents(net * line.vat.rate / 100)
    sheet.amount(total, "cbc:TaxAmount", tax, bill.currency)
    _subtotal(sheet, total, (line.vat, net, tax), bill.currency)
    item = sheet.add(holder, "cac:Item")
    sheet.add(item, "cbc:Description", line.text)
    sheet.add(item, "cbc:Name", line.text[:40])
    price = sheet.add(holder, "cac:Price")
    sheet.add(price, "cbc:PriceAmount", plain_price(line.price), currencyID=bill.currency)
    sheet.add(price, "cbc:BaseQuantity", "1", unitCode=line.unit)
    sheet.add(price, "cbc:OrderableUnitFactorRate", "1")


def plain_price(price: Decimal) -> str:
    """A price with two decimals, or as many as it has."""
    return f"{price:.2f}" if price == cents(price) else plain(price)
