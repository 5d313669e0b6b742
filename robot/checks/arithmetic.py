"""Whether the invoice adds up, by its own figures.

The reader states where the sums differ; here they are judged, and VAT is recomputed for each
category and rate. Nothing recomputed is ever posted.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Final

from robot.checks.values import Values, money
from robot.domain.invoice import Format, Invoice, VatSubtotal
from robot.domain.money import ZERO, round_cents
from robot.domain.rows import VAT

#: Half an øre and a little: what the official OIOUBL rules tolerate in sums.
SUM_TOLERANCE: Final = Decimal("0.0055")
#: One krone: what the official rules tolerate in VAT (OIOUBL F-LIB401/402, EN 16931 BR-CO-17).
VAT_TOLERANCE: Final = Decimal("1.00")
#: Peppol's tolerance of quantity times price (PEPPOL-EN16931-R120).
LINE_TOLERANCE: Final = Decimal("0.02")
#: OIOUBL F-INV338.
LARGEST_ROUNDING: Final = Decimal("10.00")
_HUNDRED: Final = Decimal(100)
_LINE_PARTS: Final = frozenset({"line_total", "net"})
_TOTAL_PARTS: Final = frozenset({"total", "payable"})
_LINE_PREFIX: Final = "line:"


def deviating_lines(invoice: Invoice) -> frozenset[str]:
    """Numbers of the lines where quantity times price is not the amount."""
    return frozenset(
        part.removeprefix(_LINE_PREFIX)
        for part, difference in invoice.differences
        if part.startswith(_LINE_PREFIX) and abs(difference) > LINE_TOLERANCE
    )


def vat_subtotals(invoice: Invoice) -> list[VatSubtotal]:
    """The subtotals that are VAT; duties are left out."""
    return [tax for tax in invoice.taxes if tax.tax == VAT]


def _computed(base: Decimal, rate: Decimal) -> Decimal:
    return round_cents(base * rate / _HUNDRED)


def _vat_of_lines(invoice: Invoice) -> Decimal | None:
    bases: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for line in invoice.lines:
        if line.vat_rate is None:
            return None
        bases[line.vat_rate] += line.net
    for item in invoice.allowances_charges:
        if item.vat_rate is None:
            return None
        bases[item.vat_rate] += item.amount if item.charge else -item.amount
    return sum((_computed(base, rate) for rate, base in bases.items()), ZERO)


def _expected_of(tax: VatSubtotal) -> Decimal:
    """VAT of one subtotal by its base and rate; as stated when it lacks one of them."""
    if tax.taxable is None or tax.rate is None:
        return tax.amount
    return _computed(tax.taxable, tax.rate)


def _bases_differ(invoice: Invoice, subtotals: list[VatSubtotal]) -> bool:
    """Whether the bases by rate are not those of the lines (EN 16931 BR-S-08 and its sisters)."""
    if invoice.format is not Format.EN_16931 or len(subtotals) != len(invoice.taxes):
        return False
    left: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for tax in subtotals:
        if tax.rate is None or tax.taxable is None:
            return False
        left[tax.rate] += tax.taxable
    for line in invoice.lines:
        if line.vat_rate is None:
            return False
        left[line.vat_rate] -= line.net
    for item in invoice.allowances_charges:
        if item.vat_rate is None:
            return False
        left[item.vat_rate] += -item.amount if item.charge else item.amount
    return any(abs(rest) > VAT_TOLERANCE for rest in left.values())


def _subtotals_differ(
    invoice: Invoice, subtotals: list[VatSubtotal], expected: list[Decimal]
) -> bool:
    """Whether a category is wrong although the sum may be right, or a base is not the lines'."""
    wrong = any(
        abs(tax.amount - amount) > VAT_TOLERANCE
        for tax, amount in zip(subtotals, expected, strict=True)
    )
    return wrong or (bool(subtotals) and _bases_differ(invoice, subtotals))


def _stated_differences(invoice: Invoice) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """The largest difference of all sums (signed), of the lines', the totals' and the VAT's."""
    largest = lines = totals = vat = ZERO
    for part, difference in invoice.differences:
        if part.startswith(_LINE_PREFIX):
            continue
        largest = max(largest, difference, key=abs)
        if part in _LINE_PARTS:
            lines = max(lines, abs(difference))
        elif part in _TOTAL_PARTS:
            totals = max(totals, abs(difference))
        else:
            vat = max(vat, abs(difference))
    return largest, lines, totals, vat


def arithmetic_values(invoice: Invoice) -> Values:
    """Fields `arithmetic.*`; differences are what is stated minus what it should be.

    VAT is computed from each subtotal's base and rate, from the lines when there is no subtotal.
    """
    currency = invoice.currency
    sums, lines, totals, stated_vat = _stated_differences(invoice)
    subtotals = vat_subtotals(invoice)
    by_subtotal = [_expected_of(tax) for tax in subtotals]
    expected = sum(by_subtotal, ZERO) if subtotals else _vat_of_lines(invoice)
    vat_difference = ZERO if expected is None else invoice.vat - expected
    return {
        "arithmetic.difference": money(max(sums, vat_difference, key=abs), currency),
        "arithmetic.lines_differ": lines > SUM_TOLERANCE,
        "arithmetic.total_differs": totals > SUM_TOLERANCE,
        "arithmetic.vat_differs": abs(vat_difference) > VAT_TOLERANCE
        or stated_vat > SUM_TOLERANCE
        or _subtotals_differ(invoice, subtotals, by_subtotal),
        "arithmetic.vat_expected": money(expected, currency),
        "arithmetic.vat_difference": money(vat_difference, currency),
        "arithmetic.rounding_too_large": abs(invoice.rounding or ZERO) > LARGEST_ROUNDING,
    }
