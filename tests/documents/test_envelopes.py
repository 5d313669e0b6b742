"""Envelopes of every shape are taken off; what is in them is judged as if it had come alone."""

from __future__ import annotations

import base64

import pytest

from robot.documents import Limits
from tests.support import ubl
from tests.support.reading import invoice_in, refusal_of

BODY = ubl.oioubl().partition(b"?>")[2].decode()
HEADER = (
    "<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion>"
    "</StandardBusinessDocumentHeader>"
)


def envelope(payload: str, namespace: str = "urn:x", header: str = HEADER) -> bytes:
    name = "StandardBusinessDocument"
    return f'<{name} xmlns="{namespace}">{header}{payload}</{name}>'.encode()


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
        "http://www.gs1.org/standard/sbdh",
        "urn:ean.ucc:2",
    ],
)
def test_the_namespace_of_the_envelope_does_not_matter(namespace: str) -> None:
    assert invoice_in(envelope(BODY, namespace)).number == "1001"


def test_an_envelope_without_a_header_is_taken_off_too() -> None:
    assert invoice_in(envelope(BODY, header="")).number == "1001"


def test_an_envelope_in_an_envelope_is_taken_off() -> None:
    soap = "http://www.w3.org/2003/05/soap-envelope"
    document = (
        f'<e:Envelope xmlns:e="{soap}"><e:Header/><e:Body>{envelope(BODY).decode()}'
        "</e:Body></e:Envelope>"
    )

    assert invoice_in(document.encode()).number == "1001"


def test_a_payload_may_be_text() -> None:
    whole = ubl.oioubl().decode()
    coded = base64.encodebytes(ubl.oioubl()).decode()

    assert invoice_in(envelope(f"<![CDATA[{whole}]]>")).number == "1001"
    assert invoice_in(envelope(coded)).number == "1001"
    assert invoice_in(envelope(f"<BinaryContent>{coded}</BinaryContent>")).number == "1001"
    assert invoice_in(envelope(f"<TextContent><![CDATA[{whole}]]></TextContent>")).number == "1001"


def test_a_text_that_declares_its_old_encoding_is_read() -> None:
    whole = ubl.oioubl().decode().replace("UTF-8", "ISO-8859-1")

    assert invoice_in(envelope(f"<![CDATA[{whole}]]>")).seller.street == "Prøvevej 7"


def test_several_documents_in_one_envelope_are_refused() -> None:
    reason = refusal_of(envelope(BODY + BODY)).reason

    assert "holds 2 documents (Invoice, Invoice)" in reason


@pytest.mark.parametrize("payload", ["", "   ", "hello!", "<BinaryContent>AAA</BinaryContent>"])
def test_an_envelope_without_a_document_is_refused(payload: str) -> None:
    assert refusal_of(envelope(payload)).code == "unreadable"


def test_another_document_in_an_envelope_is_named() -> None:
    order = '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'

    refused = refusal_of(envelope(order))

    assert (refused.code, refused.document_type) == ("not-an-invoice", "Order")


def test_a_doctype_inside_a_text_payload_is_refused() -> None:
    doctype = '<!DOCTYPE Invoice [<!ENTITY x "1">]>'
    hidden = ubl.swapped(ubl.oioubl(), "\n<Invoice", f"\n{doctype}\n<Invoice")

    assert "DOCTYPE" in refusal_of(envelope(base64.b64encode(hidden).decode())).reason


def test_envelopes_are_not_opened_for_ever() -> None:
    document = BODY
    for _ in range(20):
        document = envelope(document).decode()

    assert "envelopes are nested" in refusal_of(document.encode(), Limits(envelopes=3)).reason
