"""What stands once for the whole document, outside parties, lines and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    day_of,
    every,
    local_name,
    number_of,
    place,
    refuse_repeated,
    text_of,
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

#: The root's children by Clark name, in document order.
Groups = dict[str, list[Element]]

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
    {*_REFERENCES, BILLING, PROJECT, NOTE, _PREPAID, *LINE_OF_KIND.values()}
    | {CAC + "Signature", CAC + "DiscrepancyResponse"}
)
_NOTHING: Final[Children] = {}


def grouped(root: Element) -> Groups:
    """The root's children by name.

    Raises:
        RefusalError: One that may stand once only stands twice.
    """
    groups: Groups = {}
    for child in root:
        group = groups.get(child.tag)
        if group is None:
            groups[child.tag] = [child]
            continue
        if child.tag not in _REPEATABLE:
            refuse_repeated(child, parent=root)
        group.append(child)
    return groups


def first(groups: Groups, tag: str) -> Element | None:
    """The first (mostly the only) child of a name."""
    group = groups.get(tag)
    return None if group is None else group[0]


def required(groups: Groups, tag: str, root: Element) -> Element:
    """The first child of a name.

    Raises:
        RefusalError: There is none.
    """
    group = groups.get(tag)
    if group is None:
        raise RefusalError(f"{local_name(root)} has no {tag.rpartition('}')[2]}")
    return group[0]


def inside(groups: Groups, tag: str) -> Children:
    """The children of the first child of a name; nothing when there is none."""
    group = groups.get(tag)
    return _NOTHING if group is None else children_of(group[0])


def currency_of(groups: Groups) -> str:
    """DocumentCurrencyCode (BT-5), else the currency that the payable amount is in.

    Raises:
        RefusalError: The document names no currency, or none that is a code.
    """
    element = first(groups, CURRENCY)
    code = text_of(element)
    if code is None:
        element = inside(groups, TOTALS).get(PAYABLE)
        code = None if element is None else element.get("currencyID")
    if code is None or element is None:
        raise RefusalError("the document names no currency (DocumentCurrencyCode)")
    if not _CURRENCY_CODE.fullmatch(code):
        raise RefusalError(f"{place(element)} is {quoted(code)}, not a currency code like DKK")
    return code


def family_of(groups: Groups) -> Family:
    """The family, by CustomizationID where it is known, else by the document's shape.

    Raises:
        RefusalError: It is not an invoice, or can't be told safely.
    """
    customization = text_of(first(groups, CUSTOMIZATION))
    known = family_by_id(customization)
    if known is not None:
        return known
    totals = inside(groups, TOTALS)
    taxes = [children_of(total) for total in groups.get(TAX_TOTAL, ())]
    return family_by_shape(
        customization,
        Shape(
            danish_words=_danish_words(groups),
            line_total=number_of(totals.get(LINE_TOTAL)),
            allowances=number_of(totals.get(ALLOWANCES)) or ZERO,
            charges=number_of(totals.get(CHARGES)) or ZERO,
            tax_exclusive=number_of(totals.get(TAX_EXCLUSIVE)),
            taxes=sum((number_of(tax.get(_TAX_AMOUNT)) or ZERO for tax in taxes), ZERO),
        ),
    )


def _danish_words(groups: Groups) -> bool:
    """Whether payment channels or tax categories are written as only OIOUBL writes them."""
    for means in groups.get(MEANS, ()):
        if (text_of(children_of(means).get(_CHANNEL)) or "").startswith("DK:"):
            return True
    for total in groups.get(TAX_TOTAL, ()):
        for subtotal in every(total, children_of(total), _SUBTOTAL):
            category = children_of(subtotal).get(_TAX_CATEGORY)
            if (
                category is not None
                and text_of(children_of(category).get(ID)) in DANISH_CATEGORIES
            ):
                return True
    return False


def due_date_of(
    groups: Groups, means: Sequence[PaymentMeans], terms: Sequence[Children], reading: Reading
) -> date | None:
    """BT-9 at the three places where the families have it; of several, the earliest."""
    stated = day_of(first(groups, DUE_DATE))
    if stated is not None:
        return stated
    days = {each.due_date for each in means if each.due_date is not None}
    if not days:
        days = {day for each in terms if (day := day_of(each.get(_TERMS_DUE))) is not None}
    if len(days) > 1:
        reading.remark("the payment means have several due dates; the earliest counts")
    return min(days, default=None)


def period_of(groups: Groups) -> tuple[date | None, date | None]:
    """BT-73 and BT-74; several periods are taken together."""
    if _PERIOD not in groups:
        return None, None
    periods = [children_of(each) for each in groups[_PERIOD]]
    starts = [day for each in periods if (day := day_of(each.get(_START))) is not None]
    ends = [day for each in periods if (day := day_of(each.get(_END))) is not None]
    return min(starts, default=None), max(ends, default=None)


def delivery_date_of(groups: Groups) -> date | None:
    """BT-72; of several deliveries the last."""
    days = (day_of(children_of(each).get(_DELIVERED)) for each in groups.get(_DELIVERY, ()))
    return max((day for day in days if day is not None), default=None)


def terms_in_words(groups: Groups, terms: Sequence[Children]) -> tuple[str, ...]:
    """The notes of the payment terms (BT-20)."""
    return tuple(
        note
        for element, children in zip(groups.get(TERMS, ()), terms, strict=True)
        for note in texts_of(every(element, children, NOTE))
    )


def first_id(groups: Groups, tag: str) -> str | None:
    """The ID inside the first child of a name."""
    return text_of(inside(groups, tag).get(ID))


def project_of(groups: Groups) -> str | None:
    """BT-11: ProjectReference, or the additional document that a credit note has for it."""
    stated = first_id(groups, PROJECT)
    if stated is not None or _ADDITIONAL not in groups:
        return stated
    for element in groups[_ADDITIONAL]:
        children = children_of(element)
        if text_of(children.get(_DOCUMENT_TYPE)) == _PROJECT_DOCUMENT:
            return text_of(children.get(ID))
    return None


def references_of(groups: Groups, order: Children) -> Iterator[Element]:
    """Every document reference of the header that can carry an attachment."""
    for tag in _REFERENCES:
        yield from groups.get(tag, ())
    if _ORDER_DOCUMENT in order:
        yield order[_ORDER_DOCUMENT]


def paid_for_others(groups: Groups, reading: Reading) -> Decimal:
    """The sum of PrepaidPayment/PaidAmount."""
    payments = groups.get(_PREPAID, ())
    return sum((reading.money_of(children_of(each).get(_PAID)) or ZERO for each in payments), ZERO)


def remark_on(groups: Groups, kind: Kind, type_code: str | None, reading: Reading) -> None:
    """Note what a clerk should know: a type code that contradicts the root, withheld tax."""
    if type_code is not None and (type_code in _CREDIT_CODES) != (kind is Kind.CREDIT_NOTE):
        reading.remark(f"type code {type_code} does not fit a document called {kind.value}")
    if _WITHHOLDING in groups:
        reading.remark("withheld tax (WithholdingTaxTotal) is not read")
