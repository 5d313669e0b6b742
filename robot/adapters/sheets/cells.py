"""What stands in a cell, or why it can't be read."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

_AMOUNT: Final = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d{1,2})?")
_DAY: Final = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_ORE: Final = Decimal("0.01")
#: How far a number may be from whole øre for being so by its binary form alone.
_BINARY: Final = Decimal("0.000001")
_MOST: Final = Decimal(10) ** 12
_LONGEST: Final = 100


class CellError(Exception):
    """A cell can't be read; Danish and English say why."""

    def __init__(self, da: str, en: str) -> None:
        super().__init__(en)
        self.da, self.en = da, en


def text_in(value: object) -> str:
    """Text; whole numbers as they are typed, so that accounts can be numbers."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise CellError("Skriv tekst her.", "Write text here.")
    if isinstance(value, float):
        if not value.is_integer():
            raise CellError("Skriv tekst eller et helt tal.", "Write text or a whole number.")
        value = int(value)
    found = str(value).strip()
    if len(found) > _LONGEST or not found.isprintable():
        raise CellError("Højst 100 tegn på én linje.", "At most 100 characters on one line.")
    return found


def day_in(value: object) -> date:
    """A date, typed as one or written `31-12-2026` or `2026-12-31`."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        written = _DAY.fullmatch(value.strip())
        try:
            if written:
                return date(int(written[3]), int(written[2]), int(written[1]))
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise CellError("Skriv en dato, fx 31-12-2026.", "Write a date such as 31-12-2026.")


def amount_in(value: object) -> Decimal:
    """Kroner and øre, as a number or written `-1.234,50`."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        value = Decimal(value.strip().replace(".", "").replace(",", "."))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        value = Decimal(repr(value))
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= _MOST:
        raise CellError("Skriv et beløb, fx -1.234,50.", "Write an amount such as -1.234,50.")
    rounded = value.quantize(_ORE)
    if abs(rounded - value) > _BINARY:
        raise CellError("Højst to decimaler.", "At most two decimals.")
    return rounded
