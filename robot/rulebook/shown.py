"""Values as people read them in findings: in their language, accounts and CPR numbers masked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.decision import ABSENT
from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import Money
from robot.rulebook.conditions import FieldRef, ListName, Literal, Operand, Test
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.vocabulary import Operator

_MOST_CHARACTERS: Final = 160
_MOST_VALUES: Final = 8
_KEPT_DIGITS: Final = 4
_KEPT_OF_CPR: Final = 2
_MASKED_TYPES: Final = frozenset({FieldType.ACCOUNT, FieldType.ACCOUNTS})
#: A Danish personal number: a possible day and month, with or without the hyphen.
_CPR: Final = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?!\d)")
_CPR_WITH_HYPHEN: Final = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}(?!\d)"
)
_YES_NO: Final = {"da": ("ja", "nej"), "en": ("yes", "no")}
#: The opposite of what a rule asks, as a sign that every language reads.
_EXPECTED_SIGNS: Final = {
    Operator.BELOW: "≥",
    Operator.AT_MOST: ">",
    Operator.ABOVE: "≤",
    Operator.AT_LEAST: "<",
    Operator.BEFORE: "≥",
    Operator.ON_OR_BEFORE: ">",
    Operator.AFTER: "≤",
    Operator.ON_OR_AFTER: "<",
    Operator.IS: "≠",
    Operator.IS_NOT: "",
    Operator.NOT_IN: "",
}


def shown(value: object, field: FieldRef, language: str) -> str:
    """A field's value for a reader; `ABSENT` when it is missing or not known."""
    if value is None or value is UNKNOWN or value in ("", frozenset()):
        return ABSENT
    if field.type in _MASKED_TYPES:
        values = sorted(value) if isinstance(value, frozenset) else [str(value)]
        return ", ".join(masked(item) for item in values[:_MOST_VALUES])
    text = written(value, language)
    personal = _CPR if field.type is FieldType.TEXT else _CPR_WITH_HYPHEN
    text = personal.sub(lambda match: masked(match.group(), kept=_KEPT_OF_CPR), text)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def written(value: object, language: str) -> str:
    """A value in a language: `4.200,50 DKK` in Danish, `4,200.50 DKK` in English."""
    if isinstance(value, Money):
        return f"{_grouped(value.amount, language)} {value.currency}"
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return text.replace(".", ",") if language == "da" else text
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def masked(text: str, *, kept: int = _KEPT_DIGITS) -> str:
    """The last digits of an account or personal number, at most a third; the rest hidden."""
    digits = re.sub(r"\W", "", text)
    shown_digits = min(kept, len(digits) // 3)
    return f"…{digits[len(digits) - shown_digits :]}"


def expected_by(test: Test, other: object, today: date, language: str) -> str:
    """What would have been right, as far as one test says it; empty when it does not.

    Args:
        test: The test that held, and so describes what is wrong.
        other: The value of the field that it compares with, when it does.
        today: The decision's date.
        language: `da` or `en`.
    """
    if test.operator is Operator.DIFFERS_FROM:
        (operand,) = test.operands
        return shown(other, operand, language) if isinstance(operand, FieldRef) else ""
    sign = _EXPECTED_SIGNS.get(test.operator)
    if sign is None or test.field.type in {*_MASKED_TYPES, FieldType.LINES}:
        return ""
    if test.field.type is FieldType.FLAG:
        (operand,) = test.operands
        value = isinstance(operand, Literal) and operand.value is True
        return written(not value, language)
    values = [_operand(operand, today, language) for operand in test.operands]
    more = " …" if len(values) > _MOST_VALUES else ""
    return f"{sign} {', '.join(values[:_MOST_VALUES])}{more}".strip()


def _operand(operand: Operand, today: date, language: str) -> str:
    if isinstance(operand, ListName):
        return operand.name
    if not isinstance(operand, Literal):
        return ""
    value = operand.value
    if isinstance(value, RelativeDate):
        return written(value.on(today), language)
    if isinstance(value, Window):
        first, last = value.on(today)
        return f"{first}–{last}"
    return written(value, language)


def _grouped(amount: Decimal, language: str) -> str:
    exact = amount.normalize()
    exponent = exact.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    text = f"{amount:,.{decimals}f}"
    if language == "da":
        return text.translate(str.maketrans(",.", ".,"))
    return text
