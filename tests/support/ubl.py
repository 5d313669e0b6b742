"""UBL documents for tests, in both families, small and right; a test changes what it is about.

    from tests.support import ubl

    ubl.oioubl()                                    # bytes of a right OIOUBL 2.1 invoice
    ubl.peppol(kind=ubl.CREDIT_NOTE)                # a Peppol BIS 3 credit note
    ubl.oioubl(payment=ubl.FIK_71)                  # other payment means
    ubl.oioubl(header="<cbc:Note>Hej</cbc:Note>")   # more children of the root
    ubl.swapped(ubl.oioubl(), ">1250.00<", ">0<")   # a value replaced; it must be there

Amounts: two lines, 900.00 and 2 x 50.00, 25 % VAT 250.00, total 1250.00. Everything in them is
invented; the world is that of examples/README.md.
"""

from __future__ import annotations

from typing import Final

INVOICE: Final = "Invoice"
CREDIT_NOTE: Final = "CreditNote"

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
PEPPOL_ID: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

BANK: Final = """
  <cac:PaymentMeans>
    <cbc:ID>1</cbc:ID>
    <cbc:PaymentMeansCode>42</cbc:PaymentMeansCode>
    <cbc:PaymentDueDate>2026-12-10</cbc:PaymentDueDate>
    <cbc:PaymentChannelCode>DK:BANK</cbc:PaymentChannelCode>
    <cac:PayeeFinancialAccount>
      <cbc:ID>0001234567</cbc:ID>
      <cbc:PaymentNote>Faktura 1001</cbc:PaymentNote>
      <cac:FinancialInstitutionBranch><cbc:ID>1551</cbc:ID></cac:FinancialInstitutionBranch>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>"""
FIK_71: Final = """
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>93</cbc:PaymentMeansCode>
    <cbc:PaymentDueDate>2026-12-10</cbc:PaymentDueDate>
    <cbc:InstructionID>000000012345674</cbc:InstructionID>
    <cbc:PaymentID>71</cbc:PaymentID>
    <cac:CreditAccount><cbc:AccountID>81234562</cbc:AccountID></cac:CreditAccount>
  </cac:PaymentMeans>"""
PEPPOL_BANK: Final = """
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>31</cbc:PaymentMeansCode>
    <cbc:PaymentID>Faktura 1001</cbc:PaymentID>
    <cac:PayeeFinancialAccount>
      <cbc:ID>0001234567</cbc:ID>
      <cac:FinancialInstitutionBranch><cbc:ID>1551</cbc:ID></cac:FinancialInstitutionBranch>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>"""


def tax_category(
    family: str, category: str = "", percent: str = "25", tag: str = "TaxCategory"
) -> str:
    """A tax category of `oioubl` (words, scheme 63) or `peppol` (letters, scheme VAT)."""
    word, scheme = ("StandardRated", "63") if family == "oioubl" else ("S", "VAT")
    return (
        f"<cac:{tag}><cbc:ID>{category or word}</cbc:ID><cbc:Percent>{percent}</cbc:Percent>"
        f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme></cac:{tag}>"
    )


def subtotal(taxable: str, tax: str, category: str, currency: str = "DKK") -> str:
    """A TaxSubtotal; `category` is a whole TaxCategory."""
    return (
        f'<cac:TaxSubtotal><cbc:TaxableAmount currencyID="{currency}">{taxable}'
        f'</cbc:TaxableAmount><cbc:TaxAmount currencyID="{currency}">{tax}</cbc:TaxAmount>'
        f"{category}</cac:TaxSubtotal>"
    )


def tax_total(tax: str, *subtotals: str, currency: str = "DKK") -> str:
    """A TaxTotal with whole TaxSubtotals."""
    return (
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{tax}</cbc:TaxAmount>'
        f"{''.join(subtotals)}</cac:TaxTotal>"
    )


def charge(amount: str, *, charged: bool = True, more: str = "") -> str:
    """An AllowanceCharge; `more` goes between the indicator and the amount."""
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{str(charged).lower()}</cbc:ChargeIndicator>"
        f'{more}<cbc:Amount currencyID="DKK">{amount}</cbc:Amount></cac:AllowanceCharge>'
    )


def totals(**amounts: str) -> str:
    """LegalMonetaryTotal with the amounts named, in the order given."""
    inner = "".join(
        f'<cbc:{name} currencyID="DKK">{amount}</cbc:{name}>' for name, amount in amounts.items()
    )
    return f"\n  <cac:LegalMonetaryTotal>{inner}</cac:LegalMonetaryTotal>"


def _parts(defaults: dict[str, str], changes: dict[str, str]) -> dict[str, str]:
    assert changes.keys() <= defaults.keys(), f"no such part: {changes.keys() - defaults.keys()}"
    return defaults | changes


def line(family: str, number: str = "1", net: str = "900.00", **parts: str) -> str:
    """One line. Parts: kind, quantity, price, vat, name; `more` are further children after the
    amount, `price_more` further children of the price.
    """
    usual = {"kind": INVOICE, "quantity": "1", "price": "900.00", "vat": "225.00"}
    part = _parts(usual | {"name": "Kontorstol", "more": "", "price_more": ""}, parts)
    kind, vat = part["kind"], part["vat"]
    counted = "InvoicedQuantity" if kind == INVOICE else "CreditedQuantity"
    in_tax_total = family == "oioubl"
    tax = tax_total(vat, subtotal(net, vat, tax_category(family))) if in_tax_total else ""
    on_item = "" if in_tax_total else tax_category(family, tag="ClassifiedTaxCategory")
    return f"""
  <cac:{kind}Line>
    <cbc:ID>{number}</cbc:ID>
    <cbc:{counted} unitCode="EA">{part["quantity"]}</cbc:{counted}>
    <cbc:LineExtensionAmount currencyID="DKK">{net}</cbc:LineExtensionAmount>{part["more"]}{tax}
    <cac:Item><cbc:Name>{part["name"]}</cbc:Name>{on_item}</cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="DKK">{part["price"]}</cbc:PriceAmount>
      {part["price_more"]}</cac:Price>
  </cac:{kind}Line>"""


def two_lines(family: str, kind: str = INVOICE) -> str:
    """The usual lines: 900.00 and 2 x 50.00."""
    return line(family, kind=kind) + line(
        family, "2", "100.00", kind=kind, quantity="2", price="50.00", vat="25.00", name="Lampe"
    )


def party(role: str, inner: str) -> str:
    """AccountingSupplierParty or AccountingCustomerParty around the children of its party."""
    return f"\n  <cac:{role}><cac:Party>{inner}</cac:Party></cac:{role}>"


OIOUBL_SUPPLIER: Final = """
    <cbc:EndpointID schemeID="DK:CVR">DK99130008</cbc:EndpointID>
    <cac:PartyIdentification>
      <cbc:ID schemeID="DK:CVR">DK99130008</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name>Dansk Kontor A/S</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cbc:StreetName>Prøvevej</cbc:StreetName>
      <cbc:BuildingNumber>7</cbc:BuildingNumber><cbc:CityName>Odense</cbc:CityName>
      <cbc:PostalZone>5000</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID schemeID="DK:SE">DK99130008</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>63</cbc:ID><cbc:Name>Moms</cbc:Name></cac:TaxScheme>
    </cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Dansk Kontor Aktieselskab</cbc:RegistrationName>
      <cbc:CompanyID schemeID="DK:CVR">DK99130008</cbc:CompanyID></cac:PartyLegalEntity>
    <cac:Contact><cbc:ID>77</cbc:ID><cbc:Name>Sara Salg</cbc:Name>
      <cbc:Telephone>99999999</cbc:Telephone>
      <cbc:ElectronicMail>sara@example.test</cbc:ElectronicMail></cac:Contact>"""
OIOUBL_CUSTOMER: Final = """
    <cbc:EndpointID schemeID="GLN" schemeAgencyID="9">5798000880016</cbc:EndpointID>
    <cac:PartyName><cbc:Name>Eksempelstyrelsen</cbc:Name></cac:PartyName>
    <cac:PartyLegalEntity><cbc:CompanyID schemeID="DK:CVR">DK33391005</cbc:CompanyID>
    </cac:PartyLegalEntity>
    <cac:Contact><cbc:ID>abe</cbc:ID></cac:Contact>"""
PEPPOL_SUPPLIER: Final = """
    <cbc:EndpointID schemeID="0184">99130008</cbc:EndpointID>
    <cac:PartyName><cbc:Name>Dansk Kontor A/S</cbc:Name></cac:PartyName>
    <cac:PostalAddress>
      <cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>DK99130008</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Dansk Kontor Aktieselskab</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0184">99130008</cbc:CompanyID></cac:PartyLegalEntity>"""
PEPPOL_CUSTOMER: Final = """
    <cbc:EndpointID schemeID="0088">5798000880016</cbc:EndpointID>
    <cac:PartyLegalEntity><cbc:RegistrationName>Eksempelstyrelsen</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0184">33391005</cbc:CompanyID></cac:PartyLegalEntity>"""


_HEAD: Final = """
  <cbc:ID>1001</cbc:ID>
  <cbc:IssueDate>2026-11-10</cbc:IssueDate>
  <cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>4500123456</cbc:ID></cac:OrderReference>"""


def _document(kind: str, *parts: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_UBL}{kind}-2" '
        f'xmlns:cac="{_UBL}CommonAggregateComponents-2" '
        f'xmlns:cbc="{_UBL}CommonBasicComponents-2">{"".join(parts)}\n</{kind}>\n'
    ).encode()


def oioubl(kind: str = INVOICE, **parts: str) -> bytes:
    """An OIOUBL 2 invoice or credit note.

    Parts: customization (text) and, as whole elements, header, supplier, payment, charges,
    taxes, amounts, lines.
    """
    usual = {
        "customization": "OIOUBL-2.1",
        "header": "",
        "supplier": OIOUBL_SUPPLIER,
        "payment": BANK,
        "charges": "",
        "taxes": tax_total("250.00", subtotal("1000.00", "250.00", tax_category("oioubl"))),
        "amounts": totals(
            LineExtensionAmount="1000.00",
            TaxExclusiveAmount="250.00",
            TaxInclusiveAmount="1250.00",
            PayableAmount="1250.00",
        ),
        "lines": two_lines("oioubl", kind),
    }
    part = _parts(usual, parts)
    return _document(
        kind,
        f"""
  <cbc:UBLVersionID>2.1</cbc:UBLVersionID>
  <cbc:CustomizationID>{part["customization"]}</cbc:CustomizationID>
  <cbc:ProfileID>urn:www.nesubl.eu:profiles:profile5:ver2.0</cbc:ProfileID>""",
        _HEAD,
        part["header"],
        party("AccountingSupplierParty", part["supplier"]),
        party("AccountingCustomerParty", OIOUBL_CUSTOMER),
        *(part[name] for name in ("payment", "charges", "taxes", "amounts", "lines")),
    )


def peppol(kind: str = INVOICE, **parts: str) -> bytes:
    """A Peppol BIS Billing 3 invoice or credit note; the parts are those of `oioubl`."""
    usual = {
        "customization": PEPPOL_ID,
        "header": "",
        "supplier": PEPPOL_SUPPLIER,
        "payment": PEPPOL_BANK,
        "charges": "",
        "taxes": tax_total("250.00", subtotal("1000.00", "250.00", tax_category("peppol"))),
        "amounts": totals(
            LineExtensionAmount="1000.00",
            TaxExclusiveAmount="1000.00",
            TaxInclusiveAmount="1250.00",
            PayableAmount="1250.00",
        ),
        "lines": two_lines("peppol", kind),
    }
    part = _parts(usual, parts)
    return _document(
        kind,
        f"""
  <cbc:CustomizationID>{part["customization"]}</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>""",
        _HEAD,
        "<cbc:DueDate>2026-12-10</cbc:DueDate>" if kind == INVOICE else "",
        part["header"],
        party("AccountingSupplierParty", part["supplier"]),
        party("AccountingCustomerParty", PEPPOL_CUSTOMER),
        *(part[name] for name in ("payment", "charges", "taxes", "amounts", "lines")),
    )


def swapped(document: bytes, old: str, new: str, *, count: int = -1) -> bytes:
    """The document with a piece of it replaced; an AssertionError when it is not there."""
    assert old.encode() in document, f"{old!r} is not in the document"
    return document.replace(old.encode(), new.encode(), count)


def enveloped(document: bytes) -> bytes:
    """The document inside a Standard Business Document envelope."""
    body = document.partition(b"?>")[2]
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<StandardBusinessDocument xmlns="http://www.'
        b'unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
        b"<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion>"
        b"</StandardBusinessDocumentHeader>" + body + b"</StandardBusinessDocument>"
    )
