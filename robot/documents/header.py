"""What stands once for the whole document, outside parties, lines and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from robot.documents.elements import (
    CAC,
    CBC,
    ID,
    Children,
    Element,
    children_of,
    day_in,
    every,
    inside,
    local_name,
    number_in,
    place,
    refuse_repeated,
    text_in,
    texts_of,
)
from robot.documents.family import Family, Shape, family_by_id, family_by_shape
from robot.documents.lines import LINE_OF_KIND
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError, quoted
from robot.documents.taxes import DANISH_CATEGORIES
from robot.documents.totals import ALLOWANCES, CHARGES, LINE_TOTAL, PAYABLE, TAX_EXCLUSIVE
from robot.domain.invoice import Kind, PaymentMeans
from robot.domain.money import ZERO

CUSTOMIZATION: Final = CBC + "CustomizationID"
DUE_DATE: Final = CBC + "DueDate"
NOTE: Final = CBC + "Note"
CURRENCY: Final = CBC + "DocumentCurrencyCode"
TAX_CURRENCY: Final = CBC + "TaxCurrencyCode"
ORDER: Final = CAC + "OrderReference"
CONTRACT: Final = CAC + "ContractDocumentReference"
PROJECT: Final = CAC + "ProjectReference"
BILLING: Final = CAC + "BillingReference"
MEANS: Final = CAC + "PaymentMeans"
TERMS: Final = CAC + "PaymentTerms"
TAX_TOTAL: Final = CAC + "TaxTotal"
TOTALS: Final = CAC + "LegalMonetaryTotal"
_ADDITIONAL: Final = CAC + "AdditionalDocumentReference"
_REFERENCES: Final = (
    _ADDITIONAL,
    CONTRACT,
    CAC + "OriginatorDocumentReference",
    CAC + "DespatchDocumentReference",
    CAC + "ReceiptDocumentReference",
    CAC + "StatementDocumentReference",
)
_ORDER_DOCUMENT: Final = CAC + "DocumentReference"
_DOCUMENT_TYPE: Final = CBC + "DocumentTypeCode"
#: UNCL 1001: project specification; the way a Peppol credit note names its project (BT-11).
_PROJECT_DOCUMENT: Final = "50"
_PERIOD: Final = CAC + "InvoicePeriod"
_START: Final = CBC + "StartDate"
_END: Final = CBC + "EndDate"
_DELIVERY: Final = CAC + "Delivery"
_DELIVERED: Final = CBC + "ActualDeliveryDate"
_CHANNEL: Final = CBC + "PaymentChannelCode"
_TERMS_DUE: Final = CBC + "PaymentDueDate"
_PREPAID: Final = CAC + "PrepaidPayment"
_PAID: Final = CBC + "PaidAmount"
_TAX_AMOUNT: Final = CBC + "TaxAmount"
_SUBTOTAL: Final = CAC + "TaxSubtotal"
_TAX_CATEGORY: Final = CAC + "TaxCategory"
_WITHHOLDING: Final = CAC + "WithholdingTaxTotal"
_CURRENCY_CODE: Final = re.compile(r"[A-Z]{3}")
#: UNCL 1001 codes of credit notes.
_CREDIT_CODES: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420"})
_REPEATABLE: Final = frozenset(
    {*_REFERENCES, PROJECT, _PREPAID, *LINE_OF_KIND.values(), CAC + "Signature"}
)


@dataclass(slots=True)
class Header:
    """The root's children: the first of each name, and all of those that are repeated."""

    root: Element
    children: Children
    repeated: dict[str, list[Element]]

    def every(self, tag: str) -> Sequence[Element]:
        """All children of one name, in document order."""
        repeated = self.repeated.get(tag)
        if repeated is not None:
            return repeated
        only = self.children.get(tag)
        return () if only is None else (only,)

    def required(self, tag: str) -> Element:
        """The first child of a name.

        Raises:
            RefusalError: There is none.
        """
        element = self.children.get(tag)
        if element is None:
            raise RefusalError(f"{local_name(self.root)} has no {tag.rpartition('}')[2]}")
        return element


def header_of(root: Element) -> Header:
    """The root's children by name.

    Raises:
        RefusalError: One that may stand once only stands twice.
    """
    children: Children = {}
    repeated: dict[str, list[Element]] = {}
    for child in root:
        tag = child.tag
        if tag not in children:
            children[tag] = child
        elif tag in repeated:
            repeated[tag].append(child)
        else:
            if tag not in _REPEATABLE:
                refuse_repeated(child, parent=root)
            repeated[tag] = [children[tag], child]
    return Header(root, children, repeated)


def currency_of(header: Header) -> str:
    """DocumentCurrencyCode (BT-5), else the currency that the payable amount is in.

    Raises:
        RefusalError: The document names no currency, or none that is a code.
    """
    children = header.children
    element = children.get(CURRENCY)
    code = text_in(children, CURRENCY)
    if code is None:
        element = inside(children, TOTALS).get(PAYABLE)
        code = None if element is None else element.get("currencyID")
    if code is None or element is None:
        raise RefusalError("the document names no currency (DocumentCurrencyCode)")
    if not _CURRENCY_CODE.fullmatch(code):
        raise RefusalError(f"{place(element)} is {quoted(code)}, not a currency code like DKK")
    return code


def family_of(header: Header) -> Family:
    """The family, by CustomizationID where it is known, else by the document's shape.

    Raises:
        RefusalError: It is not an invoice, or can't be told safely.
    """
    customization = text_in(header.children, CUSTOMIZATION)
    known = family_by_id(customization)
    if known is not None:
        return known
    totals = inside(header.children, TOTALS)
    taxes = [children_of(total) for total in header.every(TAX_TOTAL)]
    return family_by_shape(
        customization,
        Shape(
            danish_words=_danish_words(header),
            line_total=number_in(totals, LINE_TOTAL),
            allowances=number_in(totals, ALLOWANCES) or ZERO,
            charges=number_in(totals, CHARGES) or ZERO,
            tax_exclusive=number_in(totals, TAX_EXCLUSIVE),
            taxes=sum((number_in(tax, _TAX_AMOUNT) or ZERO for tax in taxes), ZERO),
        ),
    )


def _danish_words(header: Header) -> bool:
    """Whether payment channels or tax categories are written as only OIOUBL writes them."""
    for means in header.every(MEANS):
        if (text_in(children_of(means), _CHANNEL) or "").startswith("DK:"):
            return True
    for total in header.every(TAX_TOTAL):
        for subtotal in every(total, children_of(total), _SUBTOTAL):
            category = inside(children_of(subtotal), _TAX_CATEGORY)
            if text_in(category, ID) in DANISH_CATEGORIES:
                return True
    return False


def due_date_of(
    header: Header, means: Sequence[PaymentMeans], terms: Sequence[Children], reading: Reading
) -> date | None:
    """BT-9 at the three places where the families have it; of several, the earliest."""
    stated = day_in(header.children, DUE_DATE)
    if stated is not None:
        return stated
    days = {each.due_date for each in means if each.due_date is not None}
    if not days:
        days = {day for each in terms if (day := day_in(each, _TERMS_DUE)) is not None}
    if len(days) > 1:
        reading.remark("the payment means have several due dates; the earliest counts")
    return min(days, default=None)


def period_of(header: Header) -> tuple[date | None, date | None]:
    """BT-73 and BT-74; several periods are taken together."""
    if _PERIOD not in header.children:
        return None, None
    periods = [children_of(each) for each in header.every(_PERIOD)]
    starts = [day for each in periods if (day := day_in(each, _START)) is not None]
    ends = [day for each in periods if (day := day_in(each, _END)) is not None]
    return min(starts, default=None), max(ends, default=None)


def delivery_date_of(header: Header) -> date | None:
    """BT-72; of several deliveries the last."""
    days = [day_in(children_of(each), _DELIVERED) for each in header.every(_DELIVERY)]
    return max([day for day in days if day is not None], default=None)


def terms_in_words(header: Header, terms: Sequence[Children]) -> tuple[str, ...]:
    """The notes of the payment terms (BT-20)."""
    return tuple(
        note
        for element, children in zip(header.every(TERMS), terms, strict=True)
        for note in texts_of(every(element, children, NOTE))
    )


def first_id(header: Header, tag: str) -> str | None:
    """The ID inside the first child of a name."""
    return text_in(inside(header.children, tag), ID)


def project_of(header: Header) -> str | None:
    """BT-11: ProjectReference, or the additional document that a credit note has for it."""
    stated = first_id(header, PROJECT)
    if stated is not None:
        return stated
    for element in header.every(_ADDITIONAL):
        children = children_of(element)
        if text_in(children, _DOCUMENT_TYPE) == _PROJECT_DOCUMENT:
            return text_in(children, ID)
    return None


def references_of(header: Header, order: Children) -> Iterator[Element]:
    """Every document reference of the header that can carry an attachment."""
    for tag in _REFERENCES:
        if tag in header.children:
            yield from header.every(tag)
    if _ORDER_DOCUMENT in order:
        yield order[_ORDER_DOCUMENT]


def paid_for_others(header: Header, reading: Reading) -> Decimal:
    """The sum of PrepaidPayment/PaidAmount."""
    paid = ZERO
    for each in header.every(_PREPAID):
        paid += reading.money_in(children_of(each), _PAID) or ZERO
    return paid


def remark_on(header: Header, kind: Kind, type_code: str | None, reading: Reading) -> None:
    """Note what a clerk should know: a type code that contradicts the root, withheld tax."""
    if type_code is not None and (type_code in _CREDIT_CODES) is not (kind is Kind.CREDIT_NOTE):
        reading.remark(f"type code {type_code} does not fit a document called {kind.value}")
    if _WITHHOLDING in header.children:
        reading.remark("withheld tax (WithholdingTaxTotal) is not read")
