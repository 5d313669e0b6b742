"""How values are written for people: dates, amounts and times by language, and text made safe."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision
from stdnum import ean

from robot.domain.calendar import COPENHAGEN

_LOCALES: Final = {"da": "da_DK", "en": "en_GB"}
#: Languages that texts exist in.
LANGUAGES: Final = tuple(_LOCALES)
#: What runs of the calendar, and those that people start, are called.
_SLOTS: Final = {
    "morning": ("morgen", "morning"),
    "midday": ("middag", "midday"),
    "afternoon": ("eftermiddag", "afternoon"),
    "evening": ("aften", "evening"),
    "by-hand": ("startet i hånden", "started by hand"),
    "mail": ("mail", "mail"),
}
_EXTRA_SLOT: Final = re.compile(r"extra-(\d\d)(\d\d)", re.ASCII)
#: How many characters of a supplier's own words are shown.
MAX_SHOWN: Final = 200
_SHOWN_DIGITS: Final = 4
_SHORTEST_IBAN: Final = 15
_SHORTEST_ACCOUNT: Final = 9
_GLN_DIGITS: Final = 13

_DATE = re.compile(
    r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?!\d)", re.ASCII
)
_LONG_NUMBER = re.compile(
    r"""
    (?P<iban> (?<![A-Z0-9]) [A-Z]{2}\d{2} (?: [ ]?[A-Z0-9]{1,4} ){3,8} (?![A-Z0-9]) )
    | (?<!\d) (?: \d{6}[ -]?\d{4}                # CPR
                | \d{4}(?:[ -]\d{2,10}){1,4}     # registration and account number, card number
                | \d{9,}                         # written together
              ) (?! \d | [.,]\d )
    """,
    re.VERBOSE,
)


class Wording:
    """Values in one language.

    Args:
        language: `da` or `en`.

    Raises:
        ValueError: There are no texts in this language.
    """

    def __init__(self, language: str) -> None:
        if language not in _LOCALES:
            raise ValueError(
                f"no texts in language '{language}'; there are {', '.join(LANGUAGES)}"
            )
        self.language: Final = language
        self._locale: Final = _LOCALES[language]
        self._danish: Final = language == "da"

    def weekday(self, day: date) -> str:
        """`torsdag 26. november` or `Thursday 26 November`."""
        return format_date(day, "EEEE d. MMMM" if self._danish else "EEEE d MMMM", self._locale)

    def full_date(self, day: date) -> str:
        """`26. november 2026` or `26 November 2026`."""
        return format_date(day, "d. MMMM y" if self._danish else "d MMMM y", self._locale)

    def short_date(self, day: date) -> str:
        """`26/11` or `26 Nov`."""
        return format_date(day, "d/M" if self._danish else "d MMM", self._locale)

    def amount(self, amount: Decimal, currency: str) -> str:
        """`12.345,67 kr.`, `1.234,50 EUR` or `DKK 12,345.67`, with the currency's own decimals."""
        decimals = get_currency_precision(currency)
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        rounded = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        number = format_decimal(rounded, pattern, self._locale)
        if not self._danish:
            return f"{currency} {number}"
        return f"{number} {'kr.' if currency == 'DKK' else currency}"

    def number(self, value: int) -> str:
        """`1.234` or `1,234`."""
        return str(format_decimal(value, "#,##0", self._locale))

    def clock(self, at: datetime) -> str:
        """`16.00` or `16:00`, in Copenhagen's time."""
        return f"{at.astimezone(COPENHAGEN):{'%H.%M' if self._danish else '%H:%M'}}"

    def slot(self, name: str) -> str:
        """A run's slot as people call it: `morgen`, `middag`, `ekstra kl. 09.30`, `by hand`.

        Args:
            name: As the calendar or a person gave it; one that nobody translates stands as it is.
        """
        known = _SLOTS.get(name)
        if known is not None:
            return known[0] if self._danish else known[1]
        extra = _EXTRA_SLOT.fullmatch(name)
        if extra is None:
            return name
        hour, minute = extra.groups()
        return f"ekstra kl. {hour}.{minute}" if self._danish else f"extra at {hour}:{minute}"

    def run_time(self, at: datetime, today: date) -> str:
        """`i dag kl. 12.30` or `Wednesday 25 November at 06:30`, in Copenhagen's time."""
        at = at.astimezone(COPENHAGEN)
        if self._danish:
            day = "i dag" if at.date() == today else self.weekday(at.date())
            return f"{day} kl. {at:%H.%M}"
        day = "today" if at.date() == today else self.weekday(at.date())
        return f"{day} at {at:%H:%M}"


def one_line(text: str) -> str:
    """Text from outside on one line, without control, invisible or direction-changing characters.

    Line breaks become spaces, so that nothing can add a header or a line of its own.
    """
    kept = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join(kept.split())


def quotable(text: str, limit: int = MAX_SHOWN) -> str:
    """Text from outside as it may be shown to others: one line, masked, cut to the limit."""
    return shortened(masked(one_line(text)), limit)


def shortened(text: str, limit: int) -> str:
    """The text, cut to the limit with `…` at its end when it is longer."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def masked(text: str) -> str:
    """The text with everything that looks like a bank account, card or CPR number masked.

    The last four digits are kept (`…4567`). Dates, amounts, GLNs (13 digits with a right check
    digit) and numbers of up to eight digits, such as a CVR number, stand. This is the second line:
    findings are masked where they are made.
    """
    pieces: list[str] = []
    end = 0
    for found in _DATE.finditer(text):
        pieces += (_LONG_NUMBER.sub(_mask, text[end : found.start()]), found.group())
        end = found.end()
    pieces.append(_LONG_NUMBER.sub(_mask, text[end:]))
    return "".join(pieces)


def _mask(found: re.Match[str]) -> str:
    shown = found.group()
    plain = shown.replace(" ", "").replace("-", "")
    shortest = _SHORTEST_IBAN if found["iban"] is not None else _SHORTEST_ACCOUNT
    is_gln = shown == plain and len(plain) == _GLN_DIGITS and ean.is_valid(plain)
    return shown if len(plain) < shortest or is_gln else "…" + plain[-_SHOWN_DIGITS:]
