"""Whatever is not an invoice is refused in words that say what it is and what is wrong."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from robot.documents import Limits
from tests.support import ubl
from tests.support.reading import invoice_in, refusal_of


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("invoice.xml", ubl.oioubl())
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (a_zip(), "zip archive"),
        (gzip.compress(ubl.oioubl()), "gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old Office document"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "picture"),
        (b'{"invoice": 1}', "JSON"),
        (b"<!DOCTYPE html><html><body><br></body></html>", "HTML page"),
        (b"<html><body><br></body></html>", "HTML page"),
        (b"Kaere kunde, her er fakturaen", "not XML"),
        (bytes(1000), "not XML"),
        (b"<Invoice", "broken at line 1"),
        (b"\n" + ubl.oioubl(), "broken at line 2"),
        (ubl.oioubl()[:2000], "broken at line"),
        (ubl.oioubl().replace(b"xmlns:cbc", b"xmlns:cbd"), "cbc"),
    ],
)
def test_files_that_are_no_xml_are_unreadable(content: bytes, words: str) -> None:
    refused = refusal_of(content)

    assert refused.code == "unreadable"
    assert words in refused.reason


def test_xhtml_and_unknown_xml_are_no_invoices() -> None:
    page = b'<html xmlns="http://www.w3.org/1999/xhtml"/>'
    for content, name in ((page, "html"), (b"<a/>", "a")):
        refused = refusal_of(content)
        assert (refused.code, refused.document_type) == ("not-an-invoice", name)
        assert name in refused.reason


def test_an_invoice_of_no_namespace_is_not_ubl() -> None:
    refused = refusal_of(b"<Invoice><ID>1</ID></Invoice>")

    assert refused.code == "unreadable"
    assert "without a namespace" in refused.reason


def test_a_reminder_that_calls_itself_an_invoice_is_refused() -> None:
    customization = f"{ubl.PEPPOL_ID}#conformant#urn:fdc:anskaffelser.no:2019:ehf:reminder:3.0"

    refused = refusal_of(ubl.peppol(customization=customization))

    assert refused.code == "not-an-invoice"
    assert "rykker" in refused.reason


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("<cbc:ID>1001</cbc:ID>", "no ID (the invoice number)"),
        ('<cbc:PayableAmount currencyID="DKK">1250.00</cbc:PayableAmount>', "no PayableAmount"),
        (ubl.two_lines("oioubl"), "no lines (InvoiceLine)"),
        ('<cbc:LineExtensionAmount currencyID="DKK">900.00</cbc:LineExtensionAmount>',
         "no LineExtensionAmount"),
        ("<cbc:ID>2</cbc:ID>", "InvoiceLine on line"),
        (ubl.party("AccountingSupplierParty", ubl.OIOUBL_SUPPLIER), "no AccountingSupplierParty"),
    ],
)  # fmt: skip
def test_an_invoice_without_its_essentials_says_which_is_missing(gone: str, words: str) -> None:
    refused = refusal_of(ubl.swapped(ubl.oioubl(), gone, ""))

    assert (refused.code, refused.document_type) == ("unreadable", "Invoice")
    assert words in refused.reason


def test_the_currency_may_stand_on_the_amounts_only() -> None:
    currency = "<cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>"

    assert invoice_in(ubl.swapped(ubl.oioubl(), currency, "")).currency == "DKK"

    nowhere = ubl.oioubl().replace(b' currencyID="DKK"', b"").replace(currency.encode(), b"")
    assert "names no currency" in refusal_of(nowhere).reason
    assert "'kr.'" in refusal_of(ubl.swapped(ubl.oioubl(), ">DKK<", ">kr.<")).reason


def test_limits_of_size_depth_elements_attachments_and_time_each_refuse() -> None:
    document = ubl.oioubl()
    attachment = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment/>"
        "</cac:AdditionalDocumentReference>"
    )

    for limits, words in (
        (Limits(bytes=1000), "at most 1,000 are read"),
        (Limits(depth=3), "nested more than 3 deep"),
        (Limits(elements=20), "more than 20 elements"),
        (Limits(seconds=-1.0), "reading took more than"),
    ):
        refused = refusal_of(document, limits)
        assert refused.code == "unreadable"
        assert words in refused.reason

    three = ubl.oioubl(header=attachment * 3)
    assert len(invoice_in(three, Limits(attachments=3)).attachments) == 3
    assert "more than 2 attachments" in refusal_of(three, Limits(attachments=2)).reason


def test_a_reason_quotes_hostile_text_shortly_and_on_one_line() -> None:
    hostile = "x\u202e\n" * 100

    document = ubl.swapped(ubl.oioubl(), ">1250.00</cbc:Pay", f">{hostile}</cbc:Pay")
    reason = refusal_of(document).reason

    assert "\n" not in reason
    assert "\u202e" not in reason
    assert len(reason) < 500
