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
    day_of,
    every,
    flag_of,
    line_number,
    number_of,
    place,
    text_of,
    texts_of,
)
from robot.documents.family import Family
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.documents.taxes import first_vat_category, taxes_of, vat_of_line
from robot.domain.invoice import AllowanceCharge, Kind, Line
from robot.domain.money import ZERO, round_cents

LINE_OF_KIND: Final = {
    Kind.INVOICE: CAC + "InvoiceLine",
    Kind.CREDIT_NOTE: CAC + "CreditNoteLine",
}
_QUANTITY_OF_KIND: Final = {
    Kind.INVOICE: CBC + "InvoicedQuantity",
    Kind.CREDIT_NOTE: CBC + "CreditedQuantity",
}
_SUB_LINES: Final = (CAC + "SubInvoiceLine", CAC + "SubCreditNoteLine")
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
_TAX_TOTAL: Final = CAC + "TaxTotal"
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
_NOTHING: Final[Children] = {}


def line_of(element: Element, kind: Kind, reading: Reading) -> Line:
    """One line; `net` is the stated LineExtensionAmount.

    Raises:
        RefusalError: The line has no number, or no amount.
    """
    children = children_of(element)
    number = text_of(children.get(ID))
    if number is None:
        raise RefusalError(f"{place(element)} has no ID")
    quantity = children.get(_QUANTITY_OF_KIND[kind])
    item = _inside(children, _ITEM)
    price = _inside(children, _PRICE)
    order_line = _inside(children, _ORDER_LINE)
    period = _inside(children, _PERIOD)
    net = reading.money_of(children.get(_NET))
    if net is None:
        raise RefusalError(f"{place(element)} has no LineExtensionAmount")
    category, rate, vat = _vat(element, children, item, reading)
    if any(tag in children for tag in _SUB_LINES):
        reading.remark("sub-lines are not read apart; the amount of the line above covers them")
    charges = every(element, children, _CHARGE)
    return Line(
        number=number,
        text=_text(children, item),
        net=net,
        quantity=number_of(quantity),
        unit=None if quantity is None else quantity.get("unitCode"),
        price=number_of(price.get(_PRICE_AMOUNT)),
        base_quantity=number_of(price.get(_BASE_QUANTITY)),
        price_factor=number_of(price.get(_UNIT_FACTOR)),
        vat_category=category,
        vat_rate=rate,
        vat_amount=vat,
        allowances_charges=tuple([allowance_charge_of(each, reading) for each in charges]),
        free_of_charge=flag_of(children.get(_FREE)),
        order_line=text_of(order_line.get(_LINE_ID)),
        order_reference=text_of(_inside(order_line, _ORDER).get(ID)),
        accounting_cost=text_of(children.get(_COST)) or text_of(children.get(_COST_CODE)),
        period_start=day_of(period.get(_START)),
        period_end=day_of(period.get(_END)),
        item_id=_item_id(item),
        note="\n".join(texts_of(every(element, children, _NOTE))) or None,
        source_line=line_number(element),
    )


def _inside(children: Children, tag: str) -> Children:
    element = children.get(tag)
    return _NOTHING if element is None else children_of(element)


def _text(children: Children, item: Children) -> str:
    return (
        text_of(item.get(NAME))
        or text_of(item.get(_DESCRIPTION))
        or text_of(children.get(_NOTE))
        or ""
    )


def _item_id(item: Children) -> str | None:
    for tag in _ITEM_IDS:
        if tag in item:
            found = text_of(children_of(item[tag]).get(ID))
            if found is not None:
                return found
    return None


def _vat(
    element: Element, children: Children, item: Children, reading: Reading
) -> tuple[str | None, Decimal | None, Decimal | None]:
    """Category, rate and amount: EN 16931 has them on the item, OIOUBL in the line's tax total."""
    totals = every(element, children, _TAX_TOTAL)
    taxes = taxes_of(totals, reading, None) if totals else None
    vat = None if taxes is None else taxes.vat
    if _CATEGORY in item:
        category, rate = first_vat_category([item[_CATEGORY]])
        if category is None and rate is None:
            owner = item[_CATEGORY].getparent()
            category, rate = first_vat_category(every(owner, item, _CATEGORY))
        return category, rate, vat
    if taxes is None:
        return None, None, None
    category, rate = vat_of_line(taxes, reading)
    return category, rate, vat


def net_by_price(line: Line, family: Family) -> Decimal | None:
    """What a line's price and quantity come to, to two decimals; None when either is missing."""
    if line.price is None or line.quantity is None:
        return None
    if family.price_by_unit_factor:
        factor = Decimal(1) if line.price_factor is None else line.price_factor
        return round_cents(line.price * factor * line.quantity)
    base = line.base_quantity
    if base is not None and base == 0:
        return None
    gross = line.price * line.quantity if base is None else line.price * line.quantity / base
    if family.line_allowances_informative:
        return round_cents(gross)
    return round_cents(gross) + _charged(line.allowances_charges)


def _charged(allowances_charges: tuple[AllowanceCharge, ...]) -> Decimal:
    if not allowances_charges:
        return ZERO
    allowances, charges = sums_of(allowances_charges)
    return charges - allowances
