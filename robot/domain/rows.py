"""The rows of a document: its lines, allowances, charges and duties, each with its coding.

A line that is coded on several accounts gives one row for each. What stands on the whole document
is coded like a line, under the numbers `allowance-1`, `charge-1`, `duty-1`, ... in the document's
order, and the supplier's rounding of the amount to pay (BT-114) as `rounding-1` where it is coded.
A coding for a number that the invoice does not have gives a row of its own, so that nothing that
would be posted is hidden from the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from robot.domain.document import CodingLine
from robot.domain.invoice import Invoice, Line, VatSubtotal
from robot.domain.money import ZERO

VAT: Final = "VAT"
ROUNDING: Final = "rounding-1"


def duties(invoice: Invoice) -> list[VatSubtotal]:
    """Taxes that are no VAT; they stand beside the lines and are part of what is paid."""
    return [tax for tax in invoice.taxes if tax.tax != VAT]


@dataclass(slots=True, kw_only=True)
class Row:
    """One row; `net` is the whole line's amount without VAT, `coded` what is coded of it.

    `line` is None for what stands on the whole document, `coding` is None when there is none.
    """

    number: str
    text: str | None
    net: Decimal
    vat_rate: Decimal | None
    vat_category: str | None
    line: Line | None = None
    coding: CodingLine | None = None
    coded: Decimal | None = None
    #: The coding names a number that the invoice does not have.
    stray: bool = False


def _of_document(invoice: Invoice) -> list[Row]:
    rows = []
    counts = {False: 0, True: 0}
    for item in invoice.allowances_charges:
        counts[item.charge] += 1
        word = "charge" if item.charge else "allowance"
        rows.append(
            Row(
                number=f"{word}-{counts[item.charge]}",
                text=item.reason or word,
                net=item.amount if item.charge else -item.amount,
                vat_rate=item.vat_rate,
                vat_category=item.vat_category,
            )
        )
    rows += [
        Row(
            number=f"duty-{position}",
            text=tax.tax,
            net=tax.amount,
            vat_rate=None,
            vat_category=None,
        )
        for position, tax in enumerate(duties(invoice), start=1)
    ]
    return rows


def _rounding(invoice: Invoice) -> Row:
    return Row(
        number=ROUNDING,
        text="rounding",
        net=invoice.rounding or ZERO,
        vat_rate=ZERO,
        vat_category=None,
    )


def _of_line(line: Line, coding: CodingLine | None = None) -> Row:
    return Row(
        number=line.number,
        text=line.text,
        net=line.net,
        vat_rate=line.vat_rate,
        vat_category=line.vat_category,
        line=line,
        coding=coding,
        coded=None if coding is None else _amount(coding, line.net),
    )


def _amount(coding: CodingLine, net: Decimal) -> Decimal:
    return net if coding.amount is None else coding.amount


def uncoded_rows(invoice: Invoice) -> list[Row]:
    """Every line, allowance, charge and duty once, without coding."""
    return [_of_line(line) for line in invoice.lines] + _of_document(invoice)


def coded_rows(invoice: Invoice, coding: Sequence[CodingLine]) -> list[Row]:
    """Every line, allowance, charge and duty with its coding, then what is coded besides."""
    by_number: dict[str, list[CodingLine]] = {}
    for entry in coding:
        by_number.setdefault(entry.line, []).append(entry)
    rows: list[Row] = []
    for line in invoice.lines:
        entries = by_number.pop(line.number, None)
        rows += [_of_line(line, entry) for entry in entries] if entries else [_of_line(line)]
    of_document = _of_document(invoice)
    if ROUNDING in by_number and invoice.rounding:
        of_document.append(_rounding(invoice))
    for row in of_document:
        entries = by_number.pop(row.number, None)
        rows += [
            replace(row, coding=entry, coded=_amount(entry, row.net)) for entry in entries or ()
        ] or [row]
    rows += [_stray(entry) for entries in by_number.values() for entry in entries]
    return rows


def _stray(entry: CodingLine) -> Row:
    amount = entry.amount or ZERO
    return Row(
        number=entry.line,
        text=None,
        net=amount,
        vat_rate=None,
        vat_category=None,
        coding=entry,
        coded=amount,
        stray=True,
    )


def amount_to_code(invoice: Invoice, coding: Sequence[CodingLine]) -> Decimal:
    """What the coding must add up to: the total without VAT, the duties and a coded rounding."""
    base = invoice.net + rounding_to_post(invoice, coding)
    return sum((tax.amount for tax in duties(invoice)), base)


def rounding_to_post(invoice: Invoice, coding: Sequence[CodingLine]) -> Decimal:
    """The supplier's rounding where the customer coded it, else nothing."""
    coded = any(entry.line == ROUNDING for entry in coding)
    return invoice.rounding or ZERO if coded else ZERO
