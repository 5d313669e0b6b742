"""The pitfalls of XML, one test each; the numbers are those of the survey of readers.

Trap 21 is about the official rules and stands in test_official_rules.py.
"""

from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import ubl
from tests.support.reading import invoice_in, refusal_of

_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PAYABLE = '<cbc:PayableAmount currencyID="DKK">1250.00</cbc:PayableAmount>'


def payable(text: str) -> bytes:
    """The OIOUBL invoice with another text of PayableAmount."""
    return ubl.swapped(ubl.oioubl(), _PAYABLE, _PAYABLE.replace("1250.00", text))


def with_doctype(doctype: str, *, value: str = "1001") -> bytes:
    """The OIOUBL invoice with a DOCTYPE and another number."""
    document = ubl.swapped(ubl.oioubl(), "<cbc:ID>1001<", f"<cbc:ID>{value}<")
    return ubl.swapped(document, "\n<Invoice", f"\n{doctype}\n<Invoice")


def test_trap_16_prefixes_mean_nothing() -> None:
    odd = ubl.oioubl().replace(b"cbc:", b"Harry.1:").replace(b"xmlns:cbc", b"xmlns:Harry.1")
    odd = odd.replace(b"cac:", b"x-y:").replace(b"xmlns:cac", b"xmlns:x-y")
    rooted = odd.replace(b"<Invoice xmlns=", b"<_r:Invoice xmlns:_r=")
    rooted = rooted.replace(b"</Invoice>", b"</_r:Invoice>")

    for document in (odd, rooted):
        invoice = invoice_in(document)
        assert invoice.payable == Decimal("1250.00")
        assert len(invoice.lines) == 2


def test_trap_16_a_default_namespace_may_be_declared_on_every_element() -> None:
    document = ubl.swapped(ubl.oioubl(), "<cbc:ID>1001</cbc:ID>", f'<ID xmlns="{_CBC}">1001</ID>')

    assert invoice_in(document).number == "1001"


def test_trap_17_comments_and_instructions_inside_a_value_do_not_cut_it() -> None:
    assert invoice_in(payable("1<!-- x -->250.00")).payable == Decimal("1250.00")
    assert invoice_in(payable("<?pi?>1250<?pi x?>.00")).payable == Decimal("1250.00")
    assert invoice_in(payable("12<![CDATA[50.0]]>0")).payable == Decimal("1250.00")


def test_trap_17_an_element_inside_a_value_is_refused() -> None:
    reason = refusal_of(payable("1<cbc:ID>7</cbc:ID>250.00")).reason

    assert "PayableAmount on line" in reason
    assert "ID" in reason


def test_trap_18_decoys_in_extensions_and_referenced_documents_are_not_picked() -> None:
    decoy = (
        f'<ext:UBLExtensions xmlns:ext="urn:x"><ext:Any><cbc:ID xmlns:cbc="{_CBC}">666</cbc:ID>'
        "<cac:LegalMonetaryTotal><cbc:PayableAmount>1</cbc:PayableAmount></cac:LegalMonetaryTotal>"
        "<cac:InvoiceLine/></ext:Any></ext:UBLExtensions>"
        "<cac:AdditionalDocumentReference><cbc:ID>667</cbc:ID></cac:AdditionalDocumentReference>"
    )
    document = ubl.swapped(ubl.oioubl(), "<cbc:UBLVersionID>", f"{decoy}<cbc:UBLVersionID>")

    invoice = invoice_in(document)

    assert (invoice.number, invoice.payable) == ("1001", Decimal("1250.00"))
    assert len(invoice.lines) == 2


@pytest.mark.parametrize(
    "single",
    [
        "<cbc:ID>1001</cbc:ID>",
        "<cbc:IssueDate>2026-11-10</cbc:IssueDate>",
        _PAYABLE,
        "<cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>",
        "<cac:OrderReference><cbc:ID>4500123456</cbc:ID></cac:OrderReference>",
        '<cbc:LineExtensionAmount currencyID="DKK">900.00</cbc:LineExtensionAmount>',
        "<cbc:Percent>25</cbc:Percent>",
        "<cbc:PaymentMeansCode>42</cbc:PaymentMeansCode>",
    ],
)
def test_trap_18_a_single_value_that_stands_twice_is_refused(single: str) -> None:
    name = single[5:].partition(">")[0].partition(" ")[0]

    refused = refusal_of(ubl.swapped(ubl.oioubl(), single, single * 2))

    assert refused.code == "unreadable"
    assert f"more than one {name}" in refused.reason


def test_trap_18_what_ubl_lets_be_repeated_is_read() -> None:
    allowance = ubl.charge("1.00").replace(
        "</cac:AllowanceCharge>", ubl.tax_category("oioubl") * 2 + "</cac:AllowanceCharge>"
    )
    document = ubl.oioubl(charges=allowance)
    for repeated in (
        "<cac:PartyName><cbc:Name>Dansk Kontor A/S</cbc:Name></cac:PartyName>",
        "<cbc:PaymentNote>Faktura 1001</cbc:PaymentNote>",
    ):
        document = ubl.swapped(document, repeated, repeated * 2)

    assert invoice_in(document).seller.name == "Dansk Kontor A/S"


def test_trap_18_a_second_legal_monetary_total_is_refused() -> None:
    second = ubl.totals(PayableAmount="1.00")
    document = ubl.swapped(ubl.oioubl(), "</cac:LegalMonetaryTotal>",
                           f"</cac:LegalMonetaryTotal>{second}")  # fmt: skip

    assert "more than one LegalMonetaryTotal" in refusal_of(document).reason


@pytest.mark.parametrize(
    "text",
    ["NaN", "INF", "1E3", "1.25e3", "1_250.00", "1.250,00", "1250,00", "1.250.00", "0x10", "--1",
     "٦٣١٢", "１２５０", "1250.00 DKK", "+", ".", "12 50", "9" * 41],
)  # fmt: skip
def test_trap_19_only_what_xml_calls_a_decimal_number_is_one(text: str) -> None:
    refused = refusal_of(payable(text))

    assert refused.code == "unreadable"
    assert "PayableAmount on line" in refused.reason
    assert "not a decimal number" in refused.reason
    assert text[:20] in refused.reason


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1250", "1250"), ("+1250.00", "1250.00"), ("\n 1250.00\t", "1250.00"), ("-5", "-5"),
     (".5", "0.5"), ("5.", "5"), ("0001250.0", "1250.0")],
)  # fmt: skip
def test_trap_19_every_form_of_a_decimal_number_is_exact(text: str, amount: str) -> None:
    assert invoice_in(payable(text)).payable == Decimal(amount)


def test_trap_19_the_decimals_of_a_price_are_kept() -> None:
    price = "33.044430000000000000000001"
    document = ubl.oioubl(
        lines=ubl.line("oioubl", net="1000.00", price=price, quantity="30.26", vat="250.00")
    )

    assert invoice_in(document).lines[0].price == Decimal(price)


def test_trap_20_a_file_is_never_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish")
    doctype = f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'

    refused = refusal_of(with_doctype(doctype, value="&x;"))

    assert refused.code == "unreadable"
    assert "DOCTYPE" in refused.reason
    assert "swordfish" not in refused.reason


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Invoice>",
        '<!DOCTYPE Invoice SYSTEM "http://attacker.example/x.dtd">',
        '<!DOCTYPE Invoice PUBLIC "-//X//Y" "http://attacker.example/x.dtd">',
        '<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
        '<!DOCTYPE Invoice [<!ENTITY x "1">]>',
        "<!-- <Invoice> -->\n<?pi <!-- ?>\n<!DOCTYPE Invoice>",
    ],
)
def test_trap_20_any_doctype_is_refused(doctype: str) -> None:
    refused = refusal_of(with_doctype(doctype))

    assert refused.code == "unreadable"
    assert "DOCTYPE" in refused.reason


def test_trap_20_a_doctype_hides_in_no_encoding() -> None:
    document = with_doctype('<!DOCTYPE Invoice [<!ENTITY x "1">]>').decode()
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        declared = document.replace('encoding="UTF-8"', 'encoding="UTF-16"')
        assert "DOCTYPE" in refusal_of(declared.encode(encoding)).reason


def test_trap_20_a_doctype_in_a_text_is_text() -> None:
    note = "<cbc:Note><![CDATA[<!DOCTYPE html><p>Hej</p>]]></cbc:Note>"

    assert invoice_in(ubl.oioubl(header=note)).notes == ("<!DOCTYPE html><p>Hej</p>",)


@pytest.mark.parametrize("huge", [False, True])
def test_trap_20_entities_that_grow_are_refused_before_they_grow(*, huge: bool) -> None:
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    quadratic = f'<!ENTITY q "{"x" * 50_000}">'
    padding = f"<!-- {'x' * (9 * 1024 * 1024)} -->" if huge else ""

    for doctype, value in (
        (f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{laughs}]>', "&l9;"),
        (f"<!DOCTYPE Invoice [{quadratic}]>", "&q;" * 50_000),
    ):
        document = with_doctype(f"{padding}{doctype}", value=value)
        assert "DOCTYPE" in refusal_of(document).reason
        as_utf_16 = document.decode().replace("UTF-8", "UTF-16").encode("utf-16")
        assert refusal_of(as_utf_16).code == "unreadable"


def test_trap_22_an_attachment_is_named_and_measured_and_left_alone() -> None:
    data = bytes(range(256)) * 40
    wrapped = base64.encodebytes(data).decode()
    reference = (
        "<cac:{0}><cbc:ID>bilag</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
        'mimeCode="application/pdf" filename="{1}">{2}</cbc:EmbeddedDocumentBinaryObject>'
        "</cac:Attachment></cac:{0}>"
    )
    names = ("AdditionalDocumentReference", "ContractDocumentReference",
             "OriginatorDocumentReference")  # fmt: skip
    header = "".join(reference.format(name, f"{name}.pdf", wrapped) for name in names)

    attachments = invoice_in(ubl.peppol(header=header)).attachments

    assert [attachment.name for attachment in attachments] == [f"{name}.pdf" for name in names]
    assert {attachment.media_type for attachment in attachments} == {"application/pdf"}
    assert {attachment.size for attachment in attachments} == {len(data)}


@pytest.mark.parametrize("size", range(1, 8))
def test_trap_22_the_size_is_that_of_the_decoded_bytes(size: int) -> None:
    text = base64.b64encode(b"x" * size).decode()
    header = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject>\n {text} \n</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )

    assert invoice_in(ubl.peppol(header=header)).attachments[0].size == size


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\Temp\\passwd", "/passwd", "a/../passwd"]
)
def test_trap_22_a_file_name_leads_nowhere(name: str) -> None:
    header = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject filename="{name}">AAAA'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )

    assert invoice_in(ubl.peppol(header=header)).attachments[0].name == "passwd"


def test_trap_22_a_link_is_kept_and_never_followed() -> None:
    header = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        "<cac:ExternalReference><cbc:URI>http://localhost:9/x.pdf</cbc:URI>"
        "</cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>"
    )

    attachment = invoice_in(ubl.peppol(header=header)).attachments[0]

    assert (attachment.uri, attachment.size) == ("http://localhost:9/x.pdf", None)


def test_trap_22_a_text_longer_than_the_parsers_own_limit_is_read() -> None:
    text = "QUJD" * 3_000_000
    header = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject>{text}</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )

    assert invoice_in(ubl.peppol(header=header)).attachments[0].size == 9_000_000


@pytest.mark.parametrize("padding", ["", " " * (9 * 1024 * 1024)])
def test_trap_23_deep_nesting_is_refused_in_words(padding: str) -> None:
    deep = "<a>" * 1000 + padding + "</a>" * 1000

    refused = refusal_of(ubl.oioubl(header=deep))

    assert refused.code == "unreadable"
    assert "nested more than 256 deep" in refused.reason


def test_trap_23_white_space_around_a_date_is_nothing() -> None:
    document = ubl.swapped(ubl.oioubl(), ">2026-11-10<", ">\n  2026-11-10\t<")

    assert str(invoice_in(document).issue_date) == "2026-11-10"


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-16", "ISO-8859-15"])
def test_trap_24_declared_encodings_are_read(encoding: str) -> None:
    text = ubl.oioubl().decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')

    invoice = invoice_in(text.encode(encoding))

    assert invoice.seller.street == "Prøvevej 7"


def test_trap_24_a_byte_order_mark_and_a_missing_declaration_are_read() -> None:
    undeclared = ubl.oioubl().partition(b"?>")[2].lstrip()

    assert invoice_in(b"\xef\xbb\xbf" + ubl.oioubl()).seller.street == "Prøvevej 7"
    assert invoice_in(undeclared).seller.street == "Prøvevej 7"


def test_trap_24_bytes_that_are_not_in_the_declared_encoding_are_refused_with_the_line() -> None:
    document = ubl.oioubl().replace("ø".encode(), b"\xf8")

    refused = refusal_of(document)

    assert refused.code == "unreadable"
    assert "line" in refused.reason


def test_trap_24_invisible_and_decomposed_characters_stay_in_texts() -> None:
    name = "A\u030angstro\u0308m\u200b \u202eA/S\u2066 =cmd|' /C' &lt;script&gt; \U0001f9fe"
    document = ubl.swapped(ubl.oioubl(), ">Dansk Kontor A/S<", f">{name}<")

    read_name = invoice_in(document).seller.name

    assert read_name == name.replace("&lt;", "<").replace("&gt;", ">")


def test_trap_25_an_envelope_is_taken_off_first() -> None:
    inside, outside = invoice_in(ubl.oioubl()), invoice_in(ubl.enveloped(ubl.oioubl()))

    assert outside.payable == inside.payable
    assert outside.seller == inside.seller
    assert outside.content_hash != inside.content_hash
