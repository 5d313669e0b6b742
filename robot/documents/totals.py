"""The amounts of LegalMonetaryTotal in the terms of EN 16931, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from robot.documents.charges import sums_of
from robot.documents.elements import CBC, Element, children_of, place
from robot.documents.family import Family
from robot.documents.lines import net_by_price
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.documents.taxes import Taxes
from robot.domain.invoice import AllowanceCharge, Line
from robot.domain.money import ZERO

LINE_TOTAL: Final = CBC + "LineExtensionAmount"
TAX_EXCLUSIVE: Final = CBC + "TaxExclusiveAmount"
_TAX_INCLUSIVE: Final = CBC + "TaxInclusiveAmount"
ALLOWANCES: Final = CBC + "AllowanceTotalAmount"
CHARGES: Final = CBC + "ChargeTotalAmount"
_PREPAID: Final = CBC + "PrepaidAmount"
_ROUNDING: Final = CBC + "PayableRoundingAmount"
PAYABLE: Final = CBC + "PayableAmount"


@dataclass(slots=True, kw_only=True)
class Stated:
    """The amounts as they stand in the document; None where it has none."""

    line_total: Decimal | None
    tax_exclusive: Decimal | None
    tax_inclusive: Decimal | None
    allowances: Decimal | None
    charges: Decimal | None
    prepaid: Decimal | None
    rounding: Decimal | None
    payable: Decimal


@dataclass(slots=True, kw_only=True)
class Totals:
    """BT-106, BT-109 and BT-112 in one meaning for both families."""

    line_total: Decimal | None
    net: Decimal
    #: With VAT and duties, without rounding.
    total: Decimal


def stated_totals(element: Element, reading: Reading) -> Stated:
    """Read LegalMonetaryTotal.

    Raises:
        RefusalError: It does not say what is payable.
    """
    children = children_of(element)
    money = reading.money_in
    payable = money(children, PAYABLE)
    if payable is None:
        raise RefusalError(f"{place(element)} has no PayableAmount")
    return Stated(
        line_total=money(children, LINE_TOTAL),
        tax_exclusive=money(children, TAX_EXCLUSIVE),
        tax_inclusive=money(children, _TAX_INCLUSIVE),
        allowances=money(children, ALLOWANCES),
        charges=money(children, CHARGES),
        prepaid=money(children, _PREPAID),
        rounding=money(children, _ROUNDING),
        payable=payable,
    )


def totals_of(
    stated: Stated, lines: Sequence[Line], charges: Sequence[AllowanceCharge], taxes: Taxes,
    reading: Reading,
) -> Totals:  # fmt: skip
    """Net and total in the terms of EN 16931.

    OIOUBL's TaxExclusiveAmount is never used as a net amount: net is the sum of the lines with
    allowances and charges. OIOUBL's TaxInclusiveAmount includes the rounding, BT-112 does not.
    """
    family = reading.family
    line_total = stated.line_total
    if line_total is None:
        line_total = _sum_of_lines(lines, family)
        reading.remark("LineExtensionAmount is missing; the sum of the lines is used")
    net = line_total + _net_charges(stated, charges)
    if not family.tax_exclusive_is_tax and stated.tax_exclusive is not None:
        net = stated.tax_exclusive
    if stated.tax_inclusive is None:
        reading.remark("TaxInclusiveAmount is missing; net amount and taxes are added up")
        total = net + taxes.vat + taxes.duties
    elif family.rounding_in_total:
        total = stated.tax_inclusive - (stated.rounding or ZERO)
    else:
        total = stated.tax_inclusive
    return Totals(line_total=line_total, net=net, total=total)


def _net_charges(stated: Stated, charges: Sequence[AllowanceCharge]) -> Decimal:
    """Charges minus allowances: the stated totals, else the sum of the single ones."""
    if stated.allowances is not None and stated.charges is not None:
        return stated.charges - stated.allowances
    allowed, charged = sums_of(charges)
    allowed = allowed if stated.allowances is None else stated.allowances
    charged = charged if stated.charges is None else stated.charges
    return charged - allowed


def _sum_of_lines(lines: Sequence[Line], family: Family) -> Decimal:
    if family.free_lines_left_out:
        return sum((line.net for line in lines if not line.free_of_charge), ZERO)
    return sum((line.net for line in lines), ZERO)


@dataclass(slots=True, kw_only=True)
class Parts:
    """Everything that the amounts are recomputed from."""

    stated: Stated
    totals: Totals
    lines: Sequence[Line]
    charges: Sequence[AllowanceCharge]
    taxes: Taxes
    #: Amounts of PaymentTerms.
    terms: Sequence[Decimal]
    #: Sum of PrepaidPayment/PaidAmount.
    paid_for_others: Decimal


def differences(parts: Parts, family: Family) -> tuple[tuple[str, Decimal], ...]:
    """Stated minus recomputed amounts that deviate more than the official rules let pass.

    Parts: `line_total`; `net` (the net amount of EN 16931, and the totals of allowances and
    charges against the single ones); `vat` (tax totals against their subtotals, and OIOUBL's
    TaxExclusiveAmount against all taxes); `total`; `payable` (also OIOUBL's payment terms
    against it); `line:N` with the line's number. Each part occurs once, with its largest
    deviation.
    """
    found: dict[str, Decimal] = {}
    for name, difference in _sums(parts, family):
        if abs(difference) > max(family.sum_tolerance, abs(found.get(name, ZERO))):
            found[name] = difference
    for line in parts.lines:
        recomputed = net_by_price(line, family)
        if recomputed is not None and abs(line.net - recomputed) > family.line_tolerance:
            found[f"line:{line.number}"] = line.net - recomputed
    return tuple(found.items())


def _sums(parts: Parts, family: Family) -> Iterator[tuple[str, Decimal]]:
    stated, totals, taxes = parts.stated, parts.totals, parts.taxes
    if stated.line_total is not None:
        yield "line_total", stated.line_total - _sum_of_lines(parts.lines, family)
    yield "net", _unexplained_charges(parts, family)
    all_taxes = taxes.vat + taxes.duties
    if family.tax_exclusive_is_tax:
        difference = taxes.difference
        if stated.tax_exclusive is not None and abs(difference) <= family.sum_tolerance:
            difference = stated.tax_exclusive - all_taxes
        yield "vat", difference
    else:
        yield "vat", taxes.difference
        if stated.tax_exclusive is not None and totals.line_total is not None:
            net = totals.line_total + _net_charges(stated, parts.charges)
            yield "net", stated.tax_exclusive - net
    if stated.tax_inclusive is not None:
        yield "total", totals.total - totals.net - all_taxes
    rounding, prepaid = stated.rounding or ZERO, stated.prepaid or ZERO
    payable = totals.total - prepaid + rounding
    if family.third_party_payments:
        payable += parts.paid_for_others
    yield "payable", stated.payable - payable
    if family.terms_state_payable and parts.terms and stated.payable not in parts.terms:
        yield "payable", stated.payable - sum(parts.terms, ZERO)


def _unexplained_charges(parts: Parts, family: Family) -> Decimal:
    """Stated totals of charges minus allowances that the single ones do not give."""
    stated = parts.stated
    if not parts.charges and stated.allowances is None and stated.charges is None:
        return ZERO
    allowed, charged = sums_of(parts.charges)
    too_much_allowed = (stated.allowances or ZERO) - allowed
    too_much_charged = (stated.charges or ZERO) - charged
    if family.line_allowances_informative and (too_much_allowed or too_much_charged):
        # Some senders add the lines' informative ones up into the document's totals.
        allowed, charged = sums_of(
            each for line in parts.lines for each in line.allowances_charges
        )
        too_much_allowed -= allowed if too_much_allowed == allowed else ZERO
        too_much_charged -= charged if too_much_charged == charged else ZERO
    return too_much_charged - too_much_allowed
