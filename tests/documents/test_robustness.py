"""No bytes of any kind make the reader raise; a damaged document is read right or refused."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from robot.documents import Refused, read
from robot.domain.invoice import Invoice
from tests.support import ubl

DOCUMENTS = (
    ubl.oioubl(),
    ubl.peppol(),
    ubl.peppol(kind=ubl.CREDIT_NOTE),
    ubl.enveloped(ubl.oioubl()),
)
ELEMENTS = tuple(sorted(set(re.findall(rb"<c[ab]c:\w+[^>]*>", DOCUMENTS[0]))))
TEXTS = st.sampled_from(DOCUMENTS)


def is_answer(found: object) -> bool:
    """An invoice, or a refusal by a step of the chain: its last net caught nothing."""
    if isinstance(found, Refused):
        return bool(found.reason) and "the reader failed" not in found.reason
    return isinstance(found, Invoice)


@given(st.binary(max_size=400))
def test_random_bytes(content: bytes) -> None:
    assert is_answer(read(content))


@given(st.text(max_size=200))
def test_random_text_as_xml(text: str) -> None:
    assert is_answer(read(f"<?xml version='1.0'?><a>{text}</a>".encode(errors="surrogatepass")))


@given(TEXTS, st.data())
def test_truncations(document: bytes, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(document) - 20))

    assert isinstance(read(document[:end]), Refused)


@given(TEXTS, st.data())
def test_flipped_bits(document: bytes, data: st.DataObject) -> None:
    damaged = bytearray(document)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert is_answer(read(bytes(damaged)))


@settings(max_examples=200)
@given(TEXTS, st.data())
def test_removed_doubled_and_moved_pieces(document: bytes, data: st.DataObject) -> None:
    lines = document.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        act = data.draw(st.sampled_from(("remove", "double", "move")))
        piece = lines.pop(place)
        if act != "remove":
            lines[place:place] = [piece] * (2 if act == "double" else 1)
        if act == "move":
            lines.insert(data.draw(st.integers(0, len(lines))), piece)
        if not lines:
            break

    assert is_answer(read(b"\n".join(lines)))


@settings(max_examples=200)
@given(TEXTS, st.data(), st.text(max_size=30))
def test_any_text_in_any_value(document: bytes, data: st.DataObject, text: str) -> None:
    values = list(re.finditer(rb">([^<>\n]+)</", document))
    match = values[data.draw(st.integers(0, len(values) - 1))]
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").encode(errors="replace")

    assert is_answer(read(document[: match.start(1)] + escaped + document[match.end(1) :]))


@given(st.data())
def test_any_element_anywhere(data: st.DataObject) -> None:
    opening = data.draw(st.sampled_from(ELEMENTS))
    name = opening[1:-1].split()[0]
    places = [match.start() for match in re.finditer(rb"<cac:", DOCUMENTS[0])]
    place = data.draw(st.sampled_from(places))
    piece = opening + data.draw(st.sampled_from((b"", b"1", b"<x/>"))) + b"</" + name + b">"

    assert is_answer(read(DOCUMENTS[0][:place] + piece + DOCUMENTS[0][place:]))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12
    )
)
def test_an_amount_is_read_exactly(amount: Decimal) -> None:
    document = ubl.swapped(ubl.oioubl(), ">1250.00</cbc:Pay", f">{amount:f}</cbc:Pay")

    found = read(document)

    assert isinstance(found, Invoice)
    assert found.payable == amount
