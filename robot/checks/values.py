"""How checks write values: amounts in the document's currency, counts as decimals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.money import CENT, Money

#: Values of fields by name, before they are joined to one document's.
Values: TypeAlias = dict[str, Scalar]


@lru_cache(maxsize=256)
def _nothing(currency: str) -> Money:
    return Money(CENT - CENT, currency)


def money(amount: Decimal | None, currency: str) -> Money | Unknown | None:
    """An amount; None for none, UNKNOWN when amount or currency can't be one."""
    if amount is None:
        return None
    try:
        return Money(amount, currency) if amount else _nothing(currency)
    except ValueError:
        return UNKNOWN


def days_between(first: date | None, second: date | None) -> Decimal | None:
    """Days from the first to the second; None when either is missing."""
    if first is None or second is None:
        return None
    return Decimal((second - first).days)


def text_or_none(text: str | None) -> str | None:
    """The text without space around it, None when nothing is left."""
    return (text.strip() or None) if text else None
