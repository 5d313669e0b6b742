"""Tax totals: VAT apart from duties, the document's currency apart from the tax currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    number_of,
    place,
    text_of,
    texts_of,
)
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.domain.invoice import VatSubtotal
from robot.domain.money import ZERO

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
_OLD_EXCISE: Final = range(3010, 3672)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxes:
    """The taxes of a document, or of a line."""

    subtotals: tuple[VatSubtotal, ...] = ()
    #: VAT as stated, in the document's currency.
    vat: Decimal = ZERO
    #: Duties as stated, in the document's currency.
    duties: Decimal = ZERO
    #: VAT in the tax currency, where a total states it.
    vat_in_tax_currency: Decimal | None = None
    #: Stated totals minus the sums of their subtotals.
    difference: Decimal = ZERO
    #: False when no total is there at all.
    stated: bool = False


NO_TAXES: Final = Taxes()


def is_vat_scheme(scheme: Children) -> bool:
    """Whether a TaxScheme's children say VAT; one that says nothing at all is taken for VAT."""
    name = text_of(scheme.get(ID)) or text_of(scheme.get(_TYPE_CODE)) or text_of(scheme.get(NAME))
    return name is None or name in _VAT_SCHEMES or name.upper() in _VAT_SCHEMES


def letter_of(category: str | None) -> str | None:
    """The EN 16931 letter of a tax category, or None when it has none."""
    return None if category is None else _LETTERS.get(category)


def category_of(element: Element | None) -> tuple[str | None, Decimal | None]:
    """The letter and the rate of a TaxCategory or ClassifiedTaxCategory."""
    if element is None:
        return None, None
    children = children_of(element)
    return letter_of(text_of(children.get(ID))), number_of(children.get(_PERCENT))


def taxes_of(totals: Sequence[Element], reading: Reading, tax_currency: str | None) -> Taxes:
    """The taxes that a document's or a line's tax totals state, chosen by currency.

    Args:
        totals: TaxTotal elements.
        reading: The reading they belong to.
        tax_currency: TaxCurrencyCode (BT-6), where the document has one.

    Raises:
        RefusalError: There are totals, but none in the document's currency.
    """
    if not totals:
        return NO_TAXES
    own: list[_Total] = []
    in_tax_currency = None
    for element in totals:
        children = children_of(element)
        currency = _currency(children)
        if currency is None or currency == reading.currency:
            own.append(_total(element, children, reading))
        elif currency == tax_currency:
            in_tax_currency = number_of(children.get(_AMOUNT))
        else:
            reading.remark(f"{place(element)} is in {currency} and is left out")
    if not own:
        raise RefusalError(
            f"{place(totals[0])} is not in the document's currency {reading.currency}, "
            "and there is no other"
        )
    counted = _counted(own, reading)
    for total in own:
        if total.in_other_currency is not None and in_tax_currency is None:
            in_tax_currency = total.in_other_currency
    return Taxes(
        subtotals=tuple(subtotal for total in counted for subtotal in total.subtotals),
        vat=sum((total.vat for total in counted), ZERO),
        duties=sum((total.duties for total in counted), ZERO),
        vat_in_tax_currency=in_tax_currency,
        difference=sum((total.difference for total in counted), ZERO),
        stated=True,
    )


@dataclass(slots=True, kw_only=True)
class _Total:
    subtotals: list[VatSubtotal]
    vat: Decimal
    duties: Decimal
    difference: Decimal
    in_other_currency: Decimal | None


def _currency(total: Children) -> str | None:
    amount = total.get(_AMOUNT)
    return None if amount is None else amount.get("currencyID")


def _counted(own: list[_Total], reading: Reading) -> list[_Total]:
    """The totals that count: EN 16931 has one with subtotals; one without repeats it."""
    if len(own) == 1 or reading.family.every_tax_total_counts:
        return own
    detailed = [total for total in own if total.subtotals]
    if detailed and len(detailed) < len(own):
        reading.remark("a second TaxTotal without subtotals is left out")
        return detailed
    return own


def _total(element: Element, children: Children, reading: Reading) -> _Total:
    subtotals: list[VatSubtotal] = []
    vat = duties = ZERO
    in_other_currency = None
    for each in every(element, children, _SUBTOTAL):
        parts = children_of(each)
        subtotal = _subtotal(parts, reading)
        subtotals.append(subtotal)
        if subtotal.tax == "VAT":
            vat += subtotal.amount
            converted = number_of(parts.get(_IN_OTHER_CURRENCY))
            if converted is not None:
                in_other_currency = (in_other_currency or ZERO) + converted
        else:
            duties += subtotal.amount
    stated = reading.money_of(children.get(_AMOUNT))
    difference = ZERO if stated is None or not subtotals else stated - vat - duties
    # What the total states beyond its parts belongs to VAT, unless it is about duties only.
    if subtotals and all(subtotal.tax != "VAT" for subtotal in subtotals):
        duties += difference
    elif stated is not None:
        vat = stated - duties
    return _Total(
        subtotals=subtotals,
        vat=vat,
        duties=duties,
        difference=difference,
        in_other_currency=in_other_currency,
    )


def _subtotal(parts: Children, reading: Reading) -> VatSubtotal:
    element = parts.get(_CATEGORY)
    category = children_of(element) if element is not None else {}
    word = text_of(category.get(ID))
    rate = category.get(_PERCENT)
    return VatSubtotal(
        taxable=reading.money_of(parts.get(_TAXABLE)),
        amount=reading.money_of(parts.get(_AMOUNT)) or ZERO,
        category=_LETTERS.get(word) if word else None,
        # UBL 2.0 has the rate on the subtotal itself.
        rate=number_of(rate if rate is not None else parts.get(_PERCENT)),
        tax=_tax_name(word, category.get(_SCHEME), reading),
        exemption_reason=_exemption(element, category),
    )


def _exemption(element: Element | None, category: Children) -> str | None:
    if _REASON in category:
        return " ".join(texts_of(every(element, category, _REASON))) or None
    return text_of(category.get(_REASON_CODE))


def _tax_name(word: str | None, scheme: Element | None, reading: Reading) -> str:
    """`VAT`, or the name of the duty."""
    parts = children_of(scheme) if scheme is not None else {}
    if word is not None and _is_duty(word):
        return text_of(parts.get(NAME)) or text_of(parts.get(ID)) or word
    if is_vat_scheme(parts):
        return "VAT"
    name = text_of(parts.get(NAME)) or text_of(parts.get(ID)) or text_of(parts.get(_TYPE_CODE))
    if word in _LETTERS:
        reading.remark(f"tax scheme {name} with category {word} is read as VAT")
        return "VAT"
    return name or "duty"


def _is_duty(word: str) -> bool:
    return word == _EXCISE or (word.isascii() and word.isdigit() and int(word) in _OLD_EXCISE)


def vat_of_line(taxes: Taxes, reading: Reading) -> tuple[str | None, Decimal | None]:
    """The letter and rate of a line's VAT subtotals; None where they disagree."""
    found = {(each.category, each.rate) for each in taxes.subtotals if each.tax == "VAT"}
    if len(found) == 1:
        return found.pop()
    if found:
        reading.remark("a line has several VAT rates; its rate is left open")
    return None, None


def first_vat_category(categories: Iterable[Element]) -> tuple[str | None, Decimal | None]:
    """The letter and rate of the first category that is about VAT."""
    for element in categories:
        children = children_of(element)
        scheme = children.get(_SCHEME)
        if scheme is None or is_vat_scheme(children_of(scheme)):
            return letter_of(text_of(children.get(ID))), number_of(children.get(_PERCENT))
    return None, None
