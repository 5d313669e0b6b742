"""The customer's remark, and what the source says about the document as a whole.

Convention of the centre: a remark is read by people only when it begins with `TIL SAM`; all other
remarks are the customer's own. A remark that seems meant for the centre without it is a trap.
"""

from __future__ import annotations

from typing import Final

from robot.checks.values import Values, text_or_none
from robot.domain.document import ApprovedDocument
from robot.domain.fields import UNKNOWN, Unknown

_PREFIX: Final = ("TIL", "SAM")
#: Marks that people put around words; the prefix counts behind and before them.
_MARKS: Final = " \t\r\n\u00a0\u200b\ufeff-_.,:;!?*#>\"'()[]«»“”/"
_ADDRESSED: Final = (
    "til sam ",
    "statens administration",
    "to sam ",
    "betal ikke",
    "må ikke betales",
    "skal ikke betales",
    "må først betales",
    "afvent betaling",
    "vent med at betale",
    "vent med betaling",
    "stop betaling",
    "betalingen stoppes",
    "skal udlignes",
    "bedes udlignet",
    "udlignes med",
    "udlignes mod",
    "modregnes i",
    "do not pay",
    "don't pay",
    "hold payment",
    "stop payment",
)
_CONFIRMING: Final = ("bekræft", "confirm", "verificeret", "verified", "kontrolleret")
_PAYMENT_PARTS: Final = (
    "betaling",
    "konto",
    "bank",
    "iban",
    "kreditornummer",
    "fik",
    "payment",
    "account",
)
_SHOUTING_LENGTH: Final = 20

_UNSAID: Final[Values] = dict.fromkeys(
    (
        "remark.text",
        "remark.to_centre",
        "remark.looks_meant_for_centre",
        "remark.confirms_payment",
    ),
    UNKNOWN,
)
_EMPTY: Final[Values] = {
    "remark.text": None,
    "remark.to_centre": False,
    "remark.looks_meant_for_centre": False,
    "remark.confirms_payment": False,
}


def is_to_centre(remark: str) -> bool:
    """Whether a remark begins with `TIL SAM`.

    Capitals and small letters count alike, and so do marks and space before, between and after
    the two words; `TIL SAMTLIGE` does not count.
    """
    words = remark.lstrip(_MARKS)[:40].replace("\u00a0", " ").split(None, 2)
    if len(words) < len(_PREFIX):
        return False
    first, second = words[0], words[1]
    if first.upper() != _PREFIX[0]:
        return False
    second = second.upper()
    return second[:3] == _PREFIX[1] and not second[3:4].isalnum()


def looks_meant_for_centre(remark: str) -> bool:
    """Whether a remark without the prefix speaks to the centre or about the payment."""
    folded = " ".join(remark.split()).casefold() + " "
    if any(part in folded for part in _ADDRESSED):
        return True
    words = {word.strip(_MARKS) for word in remark.split()}
    return "SAM" in words and not (remark.isupper() and len(remark) > _SHOUTING_LENGTH)


def confirms_payment(remark: str) -> bool:
    """Whether a remark confirms how the supplier is to be paid.

    It is the customer's word that the payment details were checked outside the invoice; it lets a
    person decide and lets nothing through by itself.
    """
    folded = remark.casefold()
    return any(part in folded for part in _CONFIRMING) and any(
        part in folded for part in _PAYMENT_PARTS
    )


def remark_values(remark: str | None) -> Values:
    """The remark's fields; UNKNOWN when the source does not say whether there is one."""
    if remark is None:
        return _UNSAID
    text = text_or_none(remark)
    if text is None:
        return _EMPTY
    to_centre = is_to_centre(text)
    return {
        "remark.text": text,
        "remark.to_centre": to_centre,
        "remark.looks_meant_for_centre": not to_centre and looks_meant_for_centre(text),
        "remark.confirms_payment": confirms_payment(text),
    }


def document_values(document: ApprovedDocument) -> Values:
    """Where the document comes from, whether it is confidential and whether it could be read."""
    statement = document.statement
    confidential: bool | Unknown = (
        UNKNOWN if statement.confidential is None else statement.confidential
    )
    deviations = document.invoice.remarks if document.invoice is not None else ()
    return {
        "document.source": statement.system,
        "document.id": statement.document_id,
        "document.confidential": confidential,
        "document.refusal": document.refusal,
        "document.reason": document.reason,
        "document.deviations": "; ".join(deviations) or None,
    }
