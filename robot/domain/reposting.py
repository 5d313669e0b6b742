"""Re-posting sheets (*omposteringsark*): costs that a customer wants moved, row by row.

A filled sheet gives one re-posting for each of its posting dates. What identifies a re-posting is
what it moves, not the file that it came in: a sheet that is saved anew is the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.canonical import canonical_text, decimal_text, sha256_hex
from robot.domain.money import ZERO

#: What a source statement calls the system that re-postings come from.
REPOSTING: Final = "reposting"
#: Columns of a sheet, before and after those of the customer's dimensions.
VOUCHER, DATE, TEXT, ACCOUNT, AMOUNT = "Bilag", "Bogføringsdato", "Tekst", "Finanskonto", "Beløb"
CUSTOMER, AUTHOR = "Bogføringskreds", "Udfyldt af"
#: How every number of a re-posting begins.
PREFIX: Final = "OMP-"
#: Signs of the hash in a number: with the prefix as many as NAV's Document No. holds.
_SIGNS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a cell, in Danish and English. Row 0 is the head of the sheet."""

    row: int
    column: str
    da: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepostingLine:
    """One row. `amount` is in DKK, positive for debit; `voucher` is the customer's own number."""

    row: int
    voucher: str
    posting_date: date
    text: str
    account: str
    dimensions: tuple[tuple[str, str], ...]
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RepostingSheet:
    """A sheet as read. Rows that can't be read are not among the lines but in `faults`."""

    customer: str
    author: str
    lines: tuple[RepostingLine, ...]
    faults: tuple[Fault, ...]
    #: SHA-256 of the file, hex.
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reposting:
    """What an approved document is that came in a sheet: its rows of one posting date.

    What the calendar says is that of the moment when it was pulled.
    """

    author: str
    lines: tuple[RepostingLine, ...]
    #: The period takes vouchers only from persons on the customer's declaration.
    declaration_needed: bool = False
    #: The last hour for sheets of this period is over.
    cut_off_passed: bool = False


def by_date(lines: Iterable[RepostingLine]) -> dict[date, tuple[RepostingLine, ...]]:
    """The rows of each posting date, in their order, the earliest date first."""
    found: dict[date, list[RepostingLine]] = {}
    for line in lines:
        found.setdefault(line.posting_date, []).append(line)
    return {day: tuple(found[day]) for day in sorted(found)}


def moved(lines: Iterable[RepostingLine]) -> Decimal:
    """How much is moved, in DKK: all that is debited."""
    return sum((line.amount for line in lines if line.amount > 0), ZERO)


def reposting_number(customer: str, day: date, lines: Iterable[RepostingLine]) -> str:
    """The number of a re-posting, which is its document number in the ERP.

    Equal for equal re-postings of a customer: the same vouchers, accounts, dimensions and amounts
    on the same day, in whatever order and with whatever texts.

    Returns:
        `OMP-` and 16 signs of a SHA-256, which is all that NAV's Document No. (Code 20) holds.
    """
    rows = sorted(
        canonical_text(
            [
                line.voucher.casefold(),
                line.account.casefold(),
                sorted((name.casefold(), code.casefold()) for name, code in line.dimensions),
                decimal_text(line.amount),
            ]
        )
        for line in lines
    )
    return f"{PREFIX}{sha256_hex(canonical_text([customer, day, rows]))[:_SIGNS].upper()}"
