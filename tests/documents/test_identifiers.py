"""A party's identifier has many spellings on the wire and one inside; nothing is guessed."""

from __future__ import annotations

import pytest

from robot.documents.identifiers import normalised, scheme_of
from tests.support import ubl
from tests.support.reading import invoice_in


@pytest.mark.parametrize(
    ("spelling", "scheme"),
    [
        ("DK:CVR", "cvr"), ("dk:cvr", "cvr"), ("CVR", "cvr"), ("0184", "cvr"), ("9902", "cvr"),
        (" DK:CVR ", "cvr"), ("DK:SE", "se"), ("0198", "se"), ("9904", "se"), ("DKVAT", "se"),
        ("DK:P", "p"), ("0096", "p"), ("DK:CPR", "cpr"), ("9901", "cpr"),
        ("GLN", "gln"), ("gln", "gln"), ("EAN", "gln"), ("0088", "gln"),
        ("DUNS", "duns"), ("0060", "duns"), ("IBAN", "iban"),
        ("VAT", "vat"), ("DE:VAT", "vat"), ("BEVAT", "vat"), ("9930", "vat"),
        ("DK:VANS", "other"), ("ZZZ", "other"), ("0002", "other"), ("EM", "other"),
        ("GLN2", "other"), ("٠٠٨٨", "other"),
    ],
)  # fmt: skip
def test_schemes(spelling: str, scheme: str) -> None:
    assert scheme_of(spelling) == scheme


@pytest.mark.parametrize(
    ("scheme", "written", "value"),
    [
        ("cvr", "DK99130008", "99130008"),
        ("cvr", "dk 99 13 00 08", "99130008"),
        ("cvr", "DK-99130008", "99130008"),
        ("cvr", "0184:99130008", "99130008"),
        ("gln", "5798 000 880 016", "5798000880016"),
        ("gln", "5798000880016\u200b", "5798000880016"),
        ("gln", "0088:5798000880016", "5798000880016"),
        ("se", "99130008", "99130008"),
        ("vat", "de 111.111.125", "DE111111125"),
        ("iban", "dk45 1551 0001 2345 67", "DK4515510001234567"),
        ("cvr", "NL12345", "NL12345"),
        ("cvr", "DK", "DK"),
        ("other", " as it stands ", " as it stands "),
    ],
)
def test_values(scheme: str, written: str, value: str) -> None:
    assert normalised(scheme, written) == value


def test_an_identifier_without_a_scheme_is_not_given_one() -> None:
    supplier = "<cbc:EndpointID>5798000880016</cbc:EndpointID>"

    endpoint = invoice_in(ubl.oioubl(supplier=supplier)).seller.endpoint

    assert endpoint is not None
    assert (endpoint.scheme, endpoint.value, endpoint.raw_scheme) == (
        "other",
        "5798000880016",
        "",
    )


def test_a_vat_registration_without_a_scheme_is_a_vat_number() -> None:
    vat_id = invoice_in(ubl.peppol()).seller.vat_id

    assert vat_id is not None
    assert (vat_id.scheme, vat_id.raw_scheme) == ("vat", "")
