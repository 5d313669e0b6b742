"""NAV's date formulas (`30D`, `CM+14D`): payment terms are written with them.

In SQL each unit is a control character (known from the field, not documented by Microsoft).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

_UNITS: Final = {
    "C": "\x01",
    "D": "\x02",
    "WD": "\x03",
    "W": "\x04",
    "M": "\x05",
    "Q": "\x06",
    "Y": "\x07",
}
_LETTERS: Final = {control: letters for letters, control in _UNITS.items()}
_TERM: Final = re.compile(r"([+-]?)(?:(C)(D|W|M|Q|Y)|([0-9]{1,4})(D|W|M|Q|Y))", re.ASCII)
_MONTHS: Final = {"M": 1, "Q": 3, "Y": 12}


def encode(formula: str) -> str:
    """A formula as people write it, as NAV stores it.

    Raises:
        ValueError: It is no formula of days, weeks, months, quarters and years.
    """
    plain = formula.strip().removeprefix("<").removesuffix(">").upper().replace(" ", "")
    _terms(plain)
    for letters, control in _UNITS.items():
        plain = plain.replace(letters, control)
    return plain


def due(day: date, stored: str) -> date:
    """The date that a stored formula gives, counted from a day; the day itself for none.

    Raises:
        ValueError: The stored formula is not understood.
    """
    for sign, current, number, unit in _terms("".join(_LETTERS.get(c, c) for c in stored)):
        if current:
            day = _end_of(day, unit)
        else:
            day = _add(day, -number if sign == "-" else number, unit)
    return day


def _terms(plain: str) -> list[tuple[str, bool, int, str]]:
    terms = []
    position = 0
    while position < len(plain):
        match = _TERM.match(plain, position)
        if match is None:
            raise ValueError(f"'{plain}' is no date formula")
        sign, current, period, number, unit = match.groups()
        terms.append((sign, current is not None, int(number or 0), period or unit))
        position = match.end()
    return terms


def _add(day: date, number: int, unit: str) -> date:
    if unit in _MONTHS:
        return _add_months(day, number * _MONTHS[unit])
    return day + timedelta(days=number * (7 if unit == "W" else 1))


def _add_months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of(day: date, period: str) -> date:
    match period:
        case "D":
            return day
        case "W":
            return day + timedelta(days=6 - day.weekday())
        case "Q":
            last_month = (day.month - 1) // 3 * 3 + 3
        case "Y":
            last_month = 12
        case _:
            last_month = day.month
    return date(day.year, last_month, monthrange(day.year, last_month)[1])
