"""How values are written in rule files. Nothing is guessed: what is ambiguous is an error."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

import re2
from babel.core import get_global

from robot.domain.money import Money
from robot.rulebook.problem import did_you_mean

_MONEY: Final = re.compile(r"([+-]?[0-9]+(?:\.[0-9]{1,2})?) ([A-Z]{3})")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_LOOSE_AMOUNT: Final = re.compile(
    r"(?P<before>[A-Za-z]{2,3}\.?)?\s*(?P<number>[+-]?[0-9][0-9.,'’ ]*)\s*(?P<after>[^0-9]*)"
)
_ONE_GROUP: Final = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:([.,'’ ])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?[0-9]+,[0-9]+")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OTHER_DATE: Final = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{4})")
_RELATIVE: Final = re.compile(r"today(?:\s*([+-])\s*([0-9]{1,5}) days?)?")
_WINDOW: Final = re.compile(r"(?:(next|last) )?([0-9]{1,5})(?: days?)?")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: More digits than any amount needs; longer ones are typing errors.
_MAX_DIGITS: Final = 18
_YES_NO: Final = {
    **dict.fromkeys(("yes", "true", "ja", "y", "j", "on", "1"), "yes"),
    **dict.fromkeys(("no", "false", "nej", "n", "off", "0"), "no"),
}
_KRONER: Final = frozenset({"kr", "kr.", "kroner", "dkk", ""})
_MAX_PATTERN: Final = 500


class LiteralError(ValueError):
    """A value that can't be read, in words, with what was probably meant."""

    def __init__(self, code: str, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class RelativeDate:
    """A date that counts from the decision's own date."""

    days: int

    def on(self, today: date) -> date:
        """The date when the decision is made on `today`; clipped to what a date can hold."""
        return shifted(today, self.days)

    def __str__(self) -> str:
        if self.days == 0:
            return "today"
        return f"today {'+' if self.days > 0 else '-'} {abs(self.days)} days"


@dataclass(frozen=True, slots=True)
class Window:
    """Days before and after the decision's date, both ends included."""

    before: int
    after: int

    def on(self, today: date) -> tuple[date, date]:
        """First and last day of the window when the decision is made on `today`."""
        return shifted(today, -self.before), shifted(today, self.after)

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.after} days"
        return f"last {self.before} days" if self.before else f"next {self.after} days"


def shifted(day: date, days: int) -> date:
    """A day some days later or earlier; the first or last possible day when out of range."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def money(text: str) -> Money:
    """An amount with its currency: `5000 DKK`, `-12.50 EUR`.

    Raises:
        LiteralError: Ambiguous (`5.000`), without currency, or no amount at all.
    """
    match = _MONEY.fullmatch(text)
    if match is None or len(match[1]) > _MAX_DIGITS:
        raise _not_money(text)
    if match[2] not in get_global("all_currencies"):
        raise LiteralError(
            "unknown-currency",
            f"'{match[2]}' is not a currency (ISO 4217)",
            did_you_mean(match[2], ("DKK", "EUR", "SEK", "NOK", "USD", "GBP", "CHF")),
        )
    return Money(Decimal(match[1]), match[2])


def number(text: str) -> Decimal:
    """A number with a decimal point and no thousands separator: `25`, `12.5`.

    Raises:
        LiteralError: Ambiguous (`5.000`), a decimal comma, or no number at all.
    """
    if _ONE_GROUP.fullmatch(text):
        plain = text.replace(".", "").replace(",", "")
        raise LiteralError(
            "ambiguous-number",
            f"'{text}' is ambiguous: write thousands without a separator, e.g. '{plain}'",
        )
    if _NUMBER.fullmatch(text) and len(text) <= _MAX_DIGITS:
        return Decimal(text)
    if _DECIMAL_COMMA.fullmatch(text):
        raise LiteralError(
            "decimal-comma", f"'{text}' has a decimal comma", f"write '{text.replace(',', '.')}'"
        )
    bare = text.rstrip("% abcdefghijklmnopqrstuvwxyzæøå.")
    if bare != text and _NUMBER.fullmatch(bare):
        raise LiteralError("not-a-number", f"'{text}' is not a number", f"write '{bare}'")
    raise LiteralError("not-a-number", f"'{text}' is not a number")


def calendar_date(text: str) -> date:
    """A day written YYYY-MM-DD.

    Raises:
        LiteralError: Written another way, or a day that does not exist.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise _not_a_date(text)
    year, month, day = (int(part) for part in match.groups())
    if year == 0 or not 1 <= month <= len(_MONTHS):
        what = f"year {year}" if year == 0 else f"month {month}"
        raise LiteralError("impossible-date", f"'{text}' does not exist: there is no {what}")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise LiteralError(
            "impossible-date",
            f"'{text}' does not exist: {_MONTHS[month - 1]} {year} has {last} days",
        )
    return date(year, month, day)


def date_or_relative(text: str) -> date | RelativeDate:
    """A day, or one counted from the decision's: `today`, `today - 30 days`.

    Raises:
        LiteralError: Neither.
    """
    match = _RELATIVE.fullmatch(text)
    if match is not None:
        return RelativeDate(int(f"{match[1] or ''}{match[2] or 0}"))
    if text.casefold().startswith("today"):
        raise LiteralError(
            "not-a-date", f"'{text}' is not a date; write 'today', 'today - 30 days' or YYYY-MM-DD"
        )
    return calendar_date(text)


def window(text: str) -> Window:
    """Days around the decision's date: `14` (either side), `next 14`, `last 14`.

    Raises:
        LiteralError: Not a number of days.
    """
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise LiteralError(
            "not-days", f"'{text}' is not a number of days; write '14', 'next 14' or 'last 14'"
        )
    days = int(match[2])
    return Window(0 if match[1] == "next" else days, 0 if match[1] == "last" else days)


def flag(text: str) -> bool:
    """`yes` or `no`.

    Raises:
        LiteralError: Anything else.
    """
    if text == "yes":
        return True
    if text == "no":
        return False
    raise LiteralError("not-yes-no", f"'{text}' is neither yes nor no", yes_or_no(text))


def yes_or_no(text: str) -> str:
    """The phrase that offers `yes` or `no` for what means the same, or nothing."""
    word = _YES_NO.get(text.casefold())
    return f"write '{word}'" if word else ""


def pattern(text: str) -> str:
    """A regular expression in RE2's syntax (no look-around, no back references: it can't hang).

    Raises:
        LiteralError: RE2 refuses it.
    """
    if len(text) > _MAX_PATTERN:
        raise LiteralError("pattern-too-long", f"a pattern has at most {_MAX_PATTERN} characters")
    try:
        compiled_pattern(text)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        words = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise LiteralError(
            "bad-pattern", f"'{text}' is not a pattern that RE2 takes: {words}"
        ) from None
    return text


@lru_cache(maxsize=4096)
def compiled_pattern(text: str) -> re2._Regexp:
    """The compiled form of a pattern.

    Raises:
        re2.error: RE2 refuses it.
    """
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)


def text_value(text: str) -> str:
    """A code or text, exactly as written.

    Raises:
        LiteralError: Nothing was written, or blanks stand around it.
    """
    _written(text)
    if text != text.strip():
        raise blanks_around(text)
    return text


def beginning(text: str) -> str:
    """What a code or text begins with; a blank may end it, as in `'Att. '`.

    Raises:
        LiteralError: Nothing was written, or it begins with a blank.
    """
    _written(text)
    if text != text.lstrip():
        raise blanks_around(text)
    return text


def blanks_around(text: str) -> LiteralError:
    """Says that a value has blanks around it, which no value of a document has."""
    return LiteralError(
        "blanks-around",
        f"'{text}' begins or ends with a blank, so it is never met",
        f"write '{text.strip()}'",
    )


def _written(text: str) -> None:
    if not text.strip():
        raise LiteralError("value-missing", "a value is needed here; for no value use 'missing'")


def _not_money(text: str) -> LiteralError:
    loose = _LOOSE_AMOUNT.fullmatch(text.strip())
    if loose is None or not loose["number"].strip():
        return LiteralError("not-an-amount", f"'{text}' is not an amount; write e.g. '5000 DKK'")
    digits = loose["number"].strip()
    word = (loose["before"] or loose["after"]).strip()
    currency = "DKK" if word.casefold() in _KRONER else word.upper()[:3]
    if _ONE_GROUP.fullmatch(digits):
        plain = digits.replace(".", "").replace(",", "")
        return LiteralError(
            "ambiguous-amount",
            f"'{text}' is ambiguous: write thousands without a separator, "
            f"e.g. '{plain} {currency}'",
        )
    if _DECIMAL_COMMA.fullmatch(digits):
        plain = digits.replace(",", ".")
        return LiteralError(
            "decimal-comma", f"'{text}' has a decimal comma", f"write '{plain} {currency}'"
        )
    if _GROUPED.fullmatch(digits):
        return LiteralError(
            "thousands-separator",
            f"'{text}' has a thousands separator",
            f"write '{_ungrouped(digits)} {currency}'",
        )
    return _badly_formed(text, digits, word, currency)


def _badly_formed(text: str, digits: str, word: str, currency: str) -> LiteralError:
    if not _NUMBER.fullmatch(digits) or (word and not currency.isalpha()):
        return LiteralError("not-an-amount", f"'{text}' is not an amount; write e.g. '5000 DKK'")
    if not word:
        return LiteralError(
            "currency-missing", f"'{text}' has no currency", f"write '{digits} DKK'"
        )
    if len(digits.partition(".")[2]) > 2:  # noqa: PLR2004 - øre, cents
        return LiteralError("too-many-decimals", f"'{text}' has more than two decimals")
    if len(digits) > _MAX_DIGITS:
        return LiteralError("amount-too-large", f"'{text}' is larger than any amount can be")
    return LiteralError(
        "amount-form", f"'{text}' is not written as an amount", f"write '{digits} {currency}'"
    )


def _ungrouped(digits: str) -> str:
    match = _GROUPED.fullmatch(digits)
    separator = match[1] if match is not None else ""
    return digits.replace(separator, "").replace(",", ".")


def _not_a_date(text: str) -> LiteralError:
    match = _OTHER_DATE.fullmatch(text.strip())
    meant = ""
    if match is not None:
        meant = f"did you mean '{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}'?"
    return LiteralError("not-a-date", f"'{text}' is not a date; write YYYY-MM-DD", meant)
