"""VAT by the supplier's country, the document family and the rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from robot.checks.arithmetic import vat_subtotals
from robot.checks.parties import charges_danish_vat, is_foreign
from robot.checks.values import Values
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Format, Invoice

#: Denmark has one rate (momsloven § 33), and none for what is exempt or reverse-charged.
DANISH_RATES: Final = frozenset({Decimal(0), Decimal(25)})
REVERSE_CHARGE: Final = frozenset({"AE", "K"})
_STANDARD: Final = "S"


def _named(invoice: Invoice) -> tuple[set[Decimal], set[str]]:
    """Every VAT rate and every VAT category that the document names."""
    rates = {line.vat_rate for line in invoice.lines}
    categories = {line.vat_category for line in invoice.lines}
    for item in invoice.allowances_charges:
        rates.add(item.vat_rate)
        categories.add(item.vat_category)
    for tax in vat_subtotals(invoice):
        rates.add(tax.rate)
        categories.add(tax.category)
    return (
        {rate for rate in rates if rate is not None},
        {category for category in categories if category is not None},
    )


def _lost_on_the_way(invoice: Invoice, named: set[Decimal], kinds: set[str]) -> bool:
    """A known fault of the transfer: Peppol documents that arrive without their VAT."""
    if invoice.format is not Format.EN_16931 or invoice.vat != 0 or invoice.net == 0:
        return False
    return not invoice.taxes or _STANDARD in kinds or any(rate > 0 for rate in named)


def vat_values(invoice: Invoice) -> Values:
    """Fields `vat.*`. Where the supplier's country is not known, what depends on it is not."""
    named, kinds = _named(invoice)
    foreign = is_foreign(invoice.seller)
    charged = invoice.vat != 0
    lost: Scalar = _lost_on_the_way(invoice, named, kinds)
    unusual: Scalar = any(rate not in DANISH_RATES for rate in named)
    foreign_vat: Scalar = charged and not charges_danish_vat(invoice)
    if isinstance(foreign, Unknown):
        lost, unusual, foreign_vat = (
            UNKNOWN if value else False for value in (lost, unusual, foreign_vat)
        )
    elif foreign:
        lost = unusual = False
    else:
        foreign_vat = False
    return {
        "vat.foreign": foreign_vat,
        "vat.peppol_without_vat": lost,
        "vat.rate_unusual": unusual,
        "vat.reverse_charge": not kinds.isdisjoint(REVERSE_CHARGE),
    }
