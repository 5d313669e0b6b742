"""How alike two documents are: what duplicates are recognised by.

Exact: same supplier, kind, number and amount. Suspected: the same number in another spelling or
with another amount, or the same amount and date under another number. NAV itself compares only the
exact number with what is posted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

_SEPARATORS: Final = str.maketrans("", "", " \t-_./\\#:")


class Likeness(StrEnum):
    """How alike two documents are."""

    NONE = "none"
    SUSPECTED = "suspected"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What duplicates are recognised by; `amount` with VAT, positive as in the document.

    `supplier` is the creditor's number or the supplier's own, the same kind on both sides.
    """

    supplier: str
    kind: str
    number: str
    amount: Decimal | None
    issue_date: date | None


def number_key(number: str) -> str:
    """A document number without case, separators and leading zeros, to find other spellings."""
    key = number.upper().translate(_SEPARATORS)
    return key.lstrip("0") or key


def likeness(one: Trait, other: Trait) -> Likeness:
    """Compare two documents of one company; the order does not matter."""
    if one.supplier != other.supplier or one.kind != other.kind:
        return Likeness.NONE
    same_amount = one.amount is not None and one.amount == other.amount
    if one.number.strip().upper() == other.number.strip().upper():
        return Likeness.EXACT if same_amount else Likeness.SUSPECTED
    if number_key(one.number) == number_key(other.number):
        return Likeness.SUSPECTED
    if same_amount and one.issue_date is not None and one.issue_date == other.issue_date:
        return Likeness.SUSPECTED
    return Likeness.NONE
