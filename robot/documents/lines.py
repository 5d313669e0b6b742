"""Invoice lines (BG-25): amounts as stated, recomputed only to compare."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from robot.documents.charges import allowance_charge_of, sums_of
from robot.documents.elements import (
    CAC,
    CBC,
    ID,
    NAME,
    Children,
    Element,
    children_of,
    day_in,
    every,
    flag_in,
    inside,
    line_number,
    number_in,
    number_of,
    place,
    text_in,
    texts_of,
)
from robot.documents.family import Family
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.documents.taxes import first_vat_category, vat_of_line
from robot.domain.invoice import AllowanceCharge, Kind, Line
from robot.domain.money import round_cents

LINE_OF_KIND: Final = {
    Kind.INVOICE: CAC + "InvoiceLine",
    Kind.CREDIT_NOTE: CAC + "CreditNoteLine",
}
_QUANTITY: Final = CBC + "InvoicedQuantity"
_CREDITED_QUANTITY: Final = CBC + "CreditedQuantity"
#: Larger numbers have no øre within the precision of decimal arithmetic (28 digits).
_ROUNDABLE: Final = 24
_SUB_LINES: Final = frozenset({CAC + "SubInvoiceLine", CAC + "SubCreditNoteLine"})
_NOTE: Final = CBC + "Note"
_NET: Final = CBC + "LineExtensionAmount"
_COST: Final = CBC + "AccountingCost"
_COST_CODE: Final = CBC + "AccountingCostCode"
_FREE: Final = CBC + "FreeOfChargeIndicator"
_PERIOD: Final = CAC + "InvoicePeriod"
_START: Final = CBC + "StartDate"
_END: Final = CBC + "EndDate"
_ORDER_LINE: Final = CAC + "OrderLineReference"
_ORDER: Final = CAC + "OrderReference"
_LINE_ID: Final = CBC + "LineID"
_CHARGE: Final = CAC + "AllowanceCharge"
_DOCUMENT: Final = CAC + "DocumentReference"
_ITEM: Final = CAC + "Item"
_DESCRIPTION: Final = CBC + "Description"
_ITEM_IDS: Final = tuple(
    CAC + name
    for name in (
        "SellersItemIdentification",
        "StandardItemIdentification",
        "BuyersItemIdentification",
    )
)
_CATEGORY: Final = CAC + "ClassifiedTaxCategory"
_PRICE: Final = CAC + "Price"
_PRICE_AMOUNT: Final = CBC + "PriceAmount"
_BASE_QUANTITY: Final = CBC + "BaseQuantity"
_UNIT_FACTOR: Final = CBC + "OrderableUnitFactorRate"


def line_of(element: Element, kind: Kind, reading: Reading) -> Line:
    """One line; `net` is the stated LineExtensionAmount.

    Raises:
        RefusalError: The line has no number, or no amount.
    """
    children = children_of(element)
    number = text_in(children, ID)
    net = reading.money_in(children, _NET)
    if number is None or net is None:
        missing = "ID" if number is None else "LineExtensionAmount"
        raise RefusalError(f"{place(element)} has no {missing}")
    quantity_tag = _QUANTITY if kind is Kind.INVOICE else _CREDITED_QUANTITY
    quantity = children.get(quantity_tag)
    item = inside(children, _ITEM)
    price = inside(children, _PRICE)
    category, rate, vat = vat_of_line(element, children, reading)
    if _CATEGORY in item:
        category, rate = first_vat_category(every(children[_ITEM], item, _CATEGORY))
    if not _SUB_LINES.isdisjoint(children):
        reading.remark("sub-lines are not read apart; the amount of the line above covers them")
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    if _CHARGE in children:
        charges = every(element, children, _CHARGE)
        allowances_charges = tuple([allowance_charge_of(each, reading) for each in charges])
    if _DOCUMENT in children:
        reading.line_documents.extend(every(element, children, _DOCUMENT))
    order_line = inside(children, _ORDER_LINE)
    period = inside(children, _PERIOD)
    return Line(
        number=number,
        text=text_in(item, NAME) or text_in(item, _DESCRIPTION) or text_in(children, _NOTE) or "",
        net=net,
        quantity=None if quantity is None else number_of(quantity),
        unit=None if quantity is None else quantity.get("unitCode"),
        price=number_in(price, _PRICE_AMOUNT),
        base_quantity=number_in(price, _BASE_QUANTITY),
        price_factor=number_in(price, _UNIT_FACTOR),
        vat_category=category,
        vat_rate=rate,
        vat_amount=vat,
        allowances_charges=allowances_charges,
        free_of_charge=flag_in(children, _FREE),
        order_line=text_in(order_line, _LINE_ID),
        order_reference=text_in(inside(order_line, _ORDER), ID),
        accounting_cost=text_in(children, _COST) or text_in(children, _COST_CODE),
        period_start=day_in(period, _START),
        period_end=day_in(period, _END),
        item_id=_item_id(item),
        note=_note(element, children),
        source_line=line_number(element),
    )


def _item_id(item: Children) -> str | None:
    for tag in _ITEM_IDS:
        if tag in item:
            found = text_in(children_of(item[tag]), ID)
            if found is not None:
                return found
    return None


def _note(element: Element, children: Children) -> str | None:
    if _NOTE not in children:
        return None
    return "\n".join(texts_of(every(element, children, _NOTE))) or None


def net_by_price(line: Line, family: Family) -> Decimal | None:
    """What a line's price and quantity come to, to two decimals; None when either is missing."""
    if line.price is None or line.quantity is None:
        return None
    gross = line.price * line.quantity
    if family.price_by_unit_factor:
        if line.price_factor is not None:
            gross *= line.price_factor
    elif line.base_quantity is not None:
        if not line.base_quantity:
            return None
        gross /= line.base_quantity
    if gross.adjusted() < _ROUNDABLE:
        gross = round_cents(gross)
    if family.line_allowances_informative or not line.allowances_charges:
        return gross
    allowances, charges = sums_of(line.allowances_charges)
    return gross + charges - allowances
