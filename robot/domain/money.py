"""Exact amounts. No float ever touches one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal(0)
_XS_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
#: More digits than any amount of the state needs; longer numbers are refused as hostile.
MAX_DIGITS: Final = 40


def parse_decimal(text: str) -> Decimal:
    """Read an amount or quantity as XML Schema writes one.

    Source: XML Schema part 2, 3.2.3 (xs:decimal); Python's Decimal accepts more (NaN, 1E3,
    1_000, Arabic digits), all of which are refused here.

    Raises:
        ValueError: The text is not an xs:decimal, or is longer than `MAX_DIGITS`.
    """
    text = text.strip(" \t\r\n")
    if len(text) > MAX_DIGITS or not _XS_DECIMAL.fullmatch(text):
        raise ValueError(f"'{text[:MAX_DIGITS]}' is not a decimal number")
    return Decimal(text)


def round_cents(amount: Decimal) -> Decimal:
    """Round half up to two decimals, as Danish invoices do."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency (ISO 4217 alphabetic code).

    Raises:
        ValueError: The currency is not three capital letters, or the amount is not finite.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError(f"'{self.currency}' is not a currency code")
        if not self.amount.is_finite():
            raise ValueError("an amount must be a finite number")

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"
