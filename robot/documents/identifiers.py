"""Party identifiers: many spellings of a scheme on the wire, one name inside."""

from __future__ import annotations

import re
from typing import Final

from robot.documents.elements import Children, text_of
from robot.domain.invoice import Identifier

#: Spelling on the wire (upper case) → scheme. Sources: OIOUBL code list endpointid-1.x and
#: partyid-1.x; Peppol EAS and the older participant identifier list (99xx). DK:VANS and schemes
#: that are not here are `other`, with the raw pair kept: nothing is guessed.
_SCHEMES: Final[dict[str, str]] = {
    "DK:CVR": "cvr", "CVR": "cvr", "DKCVR": "cvr", "0184": "cvr", "9902": "cvr",
    "DK:SE": "se", "SE": "se", "DKSE": "se", "DK:VAT": "se", "DKVAT": "se", "0198": "se",
    "9904": "se",
    "DK:P": "p", "P": "p", "DK:PNR": "p", "0096": "p",
    "DK:CPR": "cpr", "CPR": "cpr", "9901": "cpr",
    "GLN": "gln", "EAN": "gln", "DK:GLN": "gln", "DK:EAN": "gln", "0088": "gln",
    "DUNS": "duns", "0060": "duns",
    "IBAN": "iban", "9918": "iban",
    "VAT": "vat", "9906": "vat", "9957": "vat",
} | {str(code): "vat" for code in (9910, 9914, 9920, *range(9922, 9954), 9955)}  # fmt: skip
#: `SE:VAT`, `BEVAT`: a country's VAT number.
_COUNTRY_VAT: Final = re.compile(r"[A-Z]{2}:?VAT")
#: Schemes whose values are digits only, written with or without the country.
_DIGITS: Final = frozenset({"cvr", "se", "p", "cpr", "gln", "duns"})
#: White space (also the no-break kinds) and the separators people put into numbers.
_SEPARATORS: Final = re.compile(r"[\s.\-\u200b\ufeff]+")
#: A Peppol participant id carries its scheme: 0088:5798000880016.
_PARTICIPANT: Final = re.compile(r"[0-9]{4}:")


def scheme_of(raw: str) -> str:
    """The scheme that a spelling on the wire stands for; `other` when it is not in the table."""
    scheme = _SCHEMES.get(raw)
    if scheme is not None:
        return scheme
    spelling = "".join(raw.split()).upper()
    scheme = _SCHEMES.get(spelling)
    if scheme is not None:
        return scheme
    return "vat" if _COUNTRY_VAT.fullmatch(spelling) else "other"


def normalised(scheme: str, raw: str) -> str:
    """The value as the scheme writes it; what does not fit the scheme is left for the checks."""
    if scheme == "other":
        return raw
    if scheme in _DIGITS:
        if raw.isdecimal() and raw.isascii():
            return raw
        value = _SEPARATORS.sub("", raw).upper()
        value = _PARTICIPANT.sub("", value, count=1) if ":" in value else value
        return value[2:] if value.startswith("DK") and value[2:].isdecimal() else value
    return _SEPARATORS.sub("", raw).upper()


def identifier_in(children: Children, tag: str, unnamed: str = "other") -> Identifier | None:
    """The identifier in the child of a name; `unnamed` is its scheme when it has no schemeID."""
    element = children.get(tag)
    raw = None if element is None else text_of(element)
    if raw is None or element is None:
        return None
    raw_scheme = element.get("schemeID") or ""
    scheme = scheme_of(raw_scheme) if raw_scheme else unnamed
    return Identifier(
        scheme=scheme, value=normalised(scheme, raw), raw_scheme=raw_scheme, raw_value=raw
    )
