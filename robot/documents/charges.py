"""Allowances and charges at document and line level (BG-20, BG-21, BG-27, BG-28)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from robot.documents.elements import (
    CAC,
    CBC,
    Element,
    children_of,
    every,
    flag_in,
    number_in,
    place,
    text_in,
)
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.documents.taxes import first_vat_category
from robot.domain.invoice import AllowanceCharge
from robot.domain.money import ZERO

_INDICATOR: Final = CBC + "ChargeIndicator"
_AMOUNT: Final = CBC + "Amount"
_BASE: Final = CBC + "BaseAmount"
_MULTIPLIER: Final = CBC + "MultiplierFactorNumeric"
_REASON: Final = CBC + "AllowanceChargeReason"
_REASON_CODE: Final = CBC + "AllowanceChargeReasonCode"
_CATEGORY: Final = CAC + "TaxCategory"
_HUNDRED: Final = Decimal(100)
#: How near a recomputed amount must be for the multiplier's meaning to be clear.
_NEAR: Final = Decimal("0.02")


def allowance_charge_of(element: Element, reading: Reading) -> AllowanceCharge:
    """One allowance or charge, its multiplier as a percentage whichever way it is written.

    Raises:
        RefusalError: It does not say which of the two it is, or how much.
    """
    children = children_of(element)
    amount = reading.money_in(children, _AMOUNT)
    if amount is None or _INDICATOR not in children:
        missing = "Amount" if amount is None else "ChargeIndicator"
        raise RefusalError(f"{place(element)} has no {missing}")
    base = reading.money_in(children, _BASE)
    category, rate = first_vat_category(every(element, children, _CATEGORY))
    return AllowanceCharge(
        charge=flag_in(children, _INDICATOR),
        amount=amount,
        base=base,
        percent=_percent(number_in(children, _MULTIPLIER), amount, base, reading),
        reason=text_in(children, _REASON),
        reason_code=text_in(children, _REASON_CODE),
        vat_category=category,
        vat_rate=rate,
    )


def _percent(
    multiplier: Decimal | None, amount: Decimal, base: Decimal | None, reading: Reading
) -> Decimal | None:
    if multiplier is None:
        return None
    factor = reading.family.multiplier_to_percent
    if factor is not None:
        return multiplier * factor
    if base is not None and abs(base * multiplier / _HUNDRED - amount) <= _NEAR:
        return multiplier
    if base is None or abs(base * multiplier - amount) <= _NEAR:
        # UBL 2.0 defines the element as a factor.
        return multiplier * _HUNDRED
    return None


def sums_of(allowances_charges: Iterable[AllowanceCharge]) -> tuple[Decimal, Decimal]:
    """The sum of the allowances and the sum of the charges."""
    allowances = charges = ZERO
    for each in allowances_charges:
        if each.charge:
            charges += each.amount
        else:
            allowances += each.amount
    return allowances, charges
