"""Values and patterns of rules as people write them in a language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from babel.dates import format_date

from robot.domain.money import Money
from robot.rulebook.conditions import Value
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.shown import written

LANGUAGES: Final = ("da", "en")
_LOCALES: Final = {"da": ("d. MMMM y", "da_DK"), "en": ("d MMMM y", "en_GB")}
_NUMBERS: Final = {
    "da": ("nul", "ét", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}
_WORD: Final = r"[\w /&'+-]+"
_CONTAINS: Final = re.compile(rf"\.\*\(?({_WORD}(?:\|{_WORD})*)\)?\.\*")
_CASELESS: Final = "(?i)"
_PIECE: Final = re.compile(
    r"(?P<digits>\\d|\[0-9\])(?:\{(?P<count>\d+)\}|(?P<more>\+))?|(?P<text>[\w /&-]|\\[-.])"
)


def in_words(language: str, danish: str, english: str) -> str:
    """The one of the two that is in the language."""
    return danish if language == "da" else english


def day_text(day: date, language: str) -> str:
    """`26. november 2026` or `26 November 2026`."""
    pattern, locale = _LOCALES[language]
    return format_date(day, pattern, locale)


def period_text(first: date | None, last: date | None, language: str) -> str:
    """`1. januar 2026 – 31. december 2026`, `fra …`, `til og med …`, or nothing."""
    if first is not None and last is not None:
        return f"{day_text(first, language)} – {day_text(last, language)}"
    if first is not None:
        return f"{in_words(language, 'fra', 'from')} {day_text(first, language)}"
    if last is not None:
        return f"{in_words(language, 'til og med', 'until')} {day_text(last, language)}"
    return ""


def value_text(value: Value, language: str) -> str:
    """A value in a sentence: `5.000,00 kr.`, `5,000.00 DKK`, `30 dage før dags dato`."""
    if isinstance(value, Money):
        text = written(value, language)
        kroner = language == "da" and value.currency == "DKK"
        return f"{text.removesuffix(' DKK')} kr." if kroner else text
    if isinstance(value, date):
        return day_text(value, language)
    if isinstance(value, RelativeDate):
        return _relative(value, language)
    if isinstance(value, Window):
        return _window(value, language)
    if isinstance(value, str) and re.search(r"\s", value):
        return f"«{value}»"
    return written(value, language)


def _relative(value: RelativeDate, language: str) -> str:
    if value.days == 0:
        return in_words(language, "dags dato", "today")
    days = abs(value.days)
    if value.days < 0:
        return in_words(language, f"{days} dage før dags dato", f"{days} days before today")
    return in_words(language, f"{days} dage efter dags dato", f"{days} days after today")


def _window(value: Window, language: str) -> str:
    days = max(value.before, value.after)
    if value.before and value.after:
        return in_words(language, f"højst {days} dage fra dags dato", f"at most {days} days away")
    if value.before:
        return in_words(language, f"i de seneste {days} dage", f"in the last {days} days")
    return in_words(language, f"i de næste {days} dage", f"in the next {days} days")


def either(texts: Sequence[str], language: str) -> str:
    """`A`, `A eller B`, `A, B eller C`."""
    return _joined(texts, in_words(language, "eller", "or"))


def both(texts: Sequence[str], language: str) -> str:
    """`A`, `A og B`, `A, B og C`."""
    return _joined(texts, in_words(language, "og", "and"))


def _joined(texts: Sequence[str], word: str) -> str:
    if len(texts) < 2:  # noqa: PLR2004 - one needs no conjunction
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def pattern_text(pattern: str, language: str, *, denied: bool = False) -> str:
    """A pattern as a predicate: `består af otte cifre`, `indeholder «el»`; else the pattern."""
    word: Callable[[str, str], str] = lambda da, en: in_words(language, da, en)  # noqa: E731
    no_da, no_en = ("ikke ", "does not ") if denied else ("", "")
    plain = pattern.removeprefix(_CASELESS)
    contains = _CONTAINS.fullmatch(plain)
    if contains is not None:
        words = either([f"«{part}»" for part in contains[1].split("|")], language)
        return word(f"{no_da}indeholder {words}", f"{no_en}{_verb('contain', denied)} {words}")
    pieces = _pieces(plain, language)
    if pieces:
        shape = word(" fulgt af ", " followed by ").join(pieces)
        return word(f"{no_da}består af {shape}", f"{no_en}{_verb('consist', denied)} of {shape}")
    return word(
        f"{no_da}har formen «{pattern}»", f"{no_en}{_verb('follow', denied)} the form «{pattern}»"
    )


def _verb(verb: str, denied: bool) -> str:
    return verb if denied else f"{verb}s"


def _pieces(pattern: str, language: str) -> list[str]:
    """`FYR-` and digits as «FYR-» and four digits; nothing when it is more than that."""
    found: list[str] = []
    text, at = "", 0
    while at < len(pattern):
        match = _PIECE.match(pattern, at)
        if match is None:
            return []
        at = match.end()
        if match["text"]:
            text += match["text"].removeprefix("\\")
            continue
        if text:
            found.append(f"«{text}»")
            text = ""
        found.append(_digits(match["count"], match["more"], language))
    return [*found, f"«{text}»"] if text else found


def _digits(count: str | None, more: str | None, language: str) -> str:
    if more:
        return in_words(language, "cifre", "digits")
    number = int(count or 1)
    names = _NUMBERS[language]
    name = names[number] if number < len(names) else str(number)
    return in_words(
        language,
        f"{name} {'ciffer' if number == 1 else 'cifre'}",
        f"{name} digit{'' if number == 1 else 's'}",
    )
