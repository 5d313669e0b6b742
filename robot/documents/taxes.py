"""Tax totals: VAT apart from duties, the document's currency apart from the tax currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from robot.documents.elements import (
    CAC,
    CBC,
    ID,
    NAME,
    Children,
    Element,
    children_of,
    every,
    inside,
    number_in,
    place,
    text_in,
)
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.domain.invoice import VatSubtotal
from robot.domain.money import ZERO
from robot.domain.rows import VAT

_TAX_TOTAL: Final = CAC + "TaxTotal"
_AMOUNT: Final = CBC + "TaxAmount"
_SUBTOTAL: Final = CAC + "TaxSubtotal"
_TAXABLE: Final = CBC + "TaxableAmount"
_CATEGORY: Final = CAC + "TaxCategory"
_SCHEME: Final = CAC + "TaxScheme"
_TYPE_CODE: Final = CBC + "TaxTypeCode"
_PERCENT: Final = CBC + "Percent"
_REASON: Final = CBC + "TaxExemptionReason"
_REASON_CODE: Final = CBC + "TaxExemptionReasonCode"
_IN_OTHER_CURRENCY: Final = CBC + "TransactionCurrencyTaxAmount"

#: TaxScheme/ID, or TaxTypeCode or Name where there is no ID, that mean VAT. Sources: OIOUBL code
#: list taxschemeid-1.x (63), UN/CEFACT 5153 (VAT, GST), the UBL 2.0 samples (UK VAT), Turkish
#: UBL-TR (0015, KDV).
_VAT_SCHEMES: Final = frozenset(
    {"63", "VAT", "GST", "MOMS", "UK VAT", "KDV", "0015", "MVA", "TVA"}
)
#: The document's category → EN 16931 letter (UNCL 5305). OIOUBL's words come from its code list
#: taxcategoryid-1.x; `Excise` and its older numbers 3010 to 3671 are duties and have no letter.
#: AA and H are reduced and higher rates, which EN 16931 writes as S; SR, ZR are Singapore's.
_LETTERS: Final = {
    "StandardRated": "S",
    "ZeroRated": "Z",
    "ReverseCharge": "AE",
    "AA": "S",
    "H": "S",
    "SR": "S",
    "ZR": "Z",
} | {letter: letter for letter in ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")}
#: Category words that occur in OIOUBL only.
DANISH_CATEGORIES: Final = frozenset({"StandardRated", "ZeroRated", "ReverseCharge", "Excise"})
_EXCISE: Final = "Excise"
_OLD_EXCISE: Final = frozenset(str(number) for number in range(3010, 3672))


@dataclass(slots=True, kw_only=True)
class Taxes:
    """The taxes that a document states, in its currency."""

    subtotals: list[VatSubtotal] = field(default_factory=list)
    vat: Decimal = ZERO
    duties: Decimal = ZERO
    vat_in_tax_currency: Decimal | None = None
    #: Stated totals minus the sums of their subtotals.
    difference: Decimal = ZERO


def is_vat_scheme(scheme: Children) -> bool:
    """Whether a TaxScheme's children say VAT; one that says nothing at all is taken for VAT."""
    name = text_in(scheme, ID) or text_in(scheme, _TYPE_CODE) or text_in(scheme, NAME)
    return name is None or name in _VAT_SCHEMES or name.upper() in _VAT_SCHEMES


def first_vat_category(categories: Iterable[Element]) -> tuple[str | None, Decimal | None]:
    """The letter and rate of the first category that is about VAT."""
    for element in categories:
        children = children_of(element)
        if is_vat_scheme(inside(children, _SCHEME)):
            word = text_in(children, ID)
            return _LETTERS.get(word) if word else None, number_in(children, _PERCENT)
    return None, None


def taxes_of(totals: Sequence[Element], reading: Reading, tax_currency: str | None) -> Taxes:
    """The taxes that a document's tax totals state, chosen by currency and never by position.

    Args:
        totals: TaxTotal elements.
        reading: The reading they belong to.
        tax_currency: TaxCurrencyCode (BT-6), where the document has one.

    Raises:
        RefusalError: There are totals, but none in the document's currency.
    """
    taxes = Taxes()
    own: list[tuple[Element, Children]] = []
    for element in totals:
        children = children_of(element)
        amount = children.get(_AMOUNT)
        currency = None if amount is None else amount.get("currencyID")
        if currency is None or currency == reading.currency:
            own.append((element, children))
        elif currency == tax_currency:
            taxes.vat_in_tax_currency = number_in(children, _AMOUNT)
        else:
            reading.remark(f"{place(element)} is in {currency} and is left out")
    if totals and not own:
        raise RefusalError(
            f"{place(totals[0])} is not in the document's currency {reading.currency}, "
            "and there is no other"
        )
    for element, children in _counted(own, reading):
        _add_total(taxes, element, children, reading)
    return taxes


def _counted(
    own: list[tuple[Element, Children]], reading: Reading
) -> list[tuple[Element, Children]]:
    """The totals that count: EN 16931 has one with subtotals; one without repeats it."""
    if len(own) <= 1 or reading.family.every_tax_total_counts:
        return own
    detailed = [(element, children) for element, children in own if _SUBTOTAL in children]
    if detailed and len(detailed) < len(own):
        reading.remark("a second TaxTotal without subtotals is left out")
        return detailed
    return own


def _add_total(taxes: Taxes, element: Element, children: Children, reading: Reading) -> None:
    vat = duties = ZERO
    subtotals: list[VatSubtotal] = []
    for each in every(element, children, _SUBTOTAL):
        parts = children_of(each)
        subtotal = _subtotal(parts, reading)
        subtotals.append(subtotal)
        if subtotal.tax == VAT:
            vat += subtotal.amount
            converted = number_in(parts, _IN_OTHER_CURRENCY)
            if converted is not None:
                taxes.vat_in_tax_currency = (taxes.vat_in_tax_currency or ZERO) + converted
        else:
            duties += subtotal.amount
    stated = reading.money_in(children, _AMOUNT)
    difference = ZERO if stated is None or not subtotals else stated - vat - duties
    # What the total states beyond its parts belongs to VAT, unless it is about duties only.
    if subtotals and all(subtotal.tax != VAT for subtotal in subtotals):
        duties += difference
    elif stated is not None:
        vat = stated - duties
    taxes.subtotals += subtotals
    taxes.vat += vat
    taxes.duties += duties
    taxes.difference += difference


def _subtotal(parts: Children, reading: Reading) -> VatSubtotal:
    category = inside(parts, _CATEGORY)
    word = text_in(category, ID)
    # UBL 2.0 has the rate on the subtotal itself.
    rate = number_in(category if _PERCENT in category else parts, _PERCENT)
    reasons = (text_in(category, _REASON), text_in(category, _REASON_CODE))
    return VatSubtotal(
        taxable=reading.money_in(parts, _TAXABLE),
        amount=reading.money_in(parts, _AMOUNT) or ZERO,
        category=_LETTERS.get(word) if word else None,
        rate=rate,
        tax=_tax_name(word, inside(category, _SCHEME), reading),
        exemption_reason=reasons[0] or reasons[1],
    )


def _tax_name(word: str | None, scheme: Children, reading: Reading) -> str:
    """`VAT`, or the name of the duty."""
    if word is not None and _is_duty(word):
        return text_in(scheme, NAME) or text_in(scheme, ID) or word
    if is_vat_scheme(scheme):
        return VAT
    name = text_in(scheme, NAME) or text_in(scheme, ID) or text_in(scheme, _TYPE_CODE)
    if word in _LETTERS:
        reading.remark(f"tax scheme {name} with category {word} is read as VAT")
        return VAT
    return name or "duty"


def _is_duty(word: str) -> bool:
    return word == _EXCISE or word in _OLD_EXCISE


def vat_of_line(
    element: Element, children: Children, reading: Reading
) -> tuple[str | None, Decimal | None, Decimal | None]:
    """Letter, rate and amount of VAT in a line's tax totals (OIOUBL, UBL 2.0).

    Letter and rate are None where the subtotals disagree; duties are left out.
    """
    vat: Decimal | None = None
    found: set[tuple[str | None, Decimal | None]] = set()
    for total in every(element, children, _TAX_TOTAL):
        parts = children_of(total)
        if _SUBTOTAL not in parts:
            vat = (vat or ZERO) + (reading.money_in(parts, _AMOUNT) or ZERO)
        for subtotal in every(total, parts, _SUBTOTAL):
            amounts = children_of(subtotal)
            category = inside(amounts, _CATEGORY)
            word = text_in(category, ID)
            if word is not None and _is_duty(word):
                continue
            if word in _LETTERS or is_vat_scheme(inside(category, _SCHEME)):
                rate = number_in(category if _PERCENT in category else amounts, _PERCENT)
                found.add((_LETTERS.get(word) if word else None, rate))
                vat = (vat or ZERO) + (reading.money_in(amounts, _AMOUNT) or ZERO)
    if len(found) == 1:
        return *found.pop(), vat
    if found:
        reading.remark("a line has several VAT rates; its rate is left open")
    return None, None, vat
