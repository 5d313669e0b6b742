"""The rows of a document: its lines, allowances, charges and duties, each with its coding.

A line that is coded on several accounts gives one row for each. What stands on the whole document
is coded like a line, under the numbers `allowance-1`, `charge-1`, `duty-1`, ... in the document's
order. A coding for a number that the invoice does not have gives a row of its own, so that nothing
that would be posted is hidden from the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from robot.checks.arithmetic import duties
from robot.domain.document import CodingLine
from robot.domain.invoice import Invoice, Line


@dataclass(frozen=True, slots=True, kw_only=True)
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


def uncoded_rows(invoice: Invoice) -> list[Row]:
    """Every line, allowance, charge and duty once, without coding."""
    rows = [
        Row(
            number=line.number,
            text=line.text,
            net=line.net,
            vat_rate=line.vat_rate,
            vat_category=line.vat_category,
            line=line,
        )
        for line in invoice.lines
    ]
    return rows + _of_document(invoice) if invoice.allowances_charges or invoice.taxes else rows


def _coded(row: Row, coding: CodingLine) -> Row:
    return Row(
        number=row.number,
        text=row.text,
        net=row.net,
        vat_rate=row.vat_rate,
        vat_category=row.vat_category,
        line=row.line,
        coding=coding,
        coded=row.net if coding.amount is None else coding.amount,
    )


def coded_rows(invoice: Invoice, coding: Sequence[CodingLine]) -> list[Row]:
    """Every line, allowance, charge and duty with its coding, then what is coded besides."""
    by_number: dict[str, list[CodingLine]] = defaultdict(list)
    for entry in coding:
        by_number[entry.line].append(entry)
    rows: list[Row] = []
    for row in uncoded_rows(invoice):
        entries = by_number.pop(row.number, None)
        rows += [_coded(row, entry) for entry in entries] if entries else [row]
    rows += [
        Row(
            number=entry.line,
            text=None,
            net=entry.amount or Decimal(0),
            vat_rate=None,
            vat_category=None,
            coding=entry,
            coded=entry.amount or Decimal(0),
            stray=True,
        )
        for entries in by_number.values()
        for entry in entries
    ]
    return rows


def amount_to_code(invoice: Invoice) -> Decimal:
    """What the coding must add up to: the total without VAT and the duties beside it."""
    return sum((tax.amount for tax in duties(invoice)), invoice.net)
