"""The creditor in the ERP against the supplier on the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from robot.checks.payment import match_values
from robot.checks.values import Values
from robot.domain.accounts import creditor_accounts
from robot.domain.facts import Blocked, Creditor, Facts
from robot.domain.fields import UNKNOWN, Unknown
from robot.domain.invoice import Invoice

_NAMES: Final = (
    "creditor.known",
    "creditor.number",
    "creditor.name",
    "creditor.blocked",
    "creditor.cvr",
    "creditor.cvr_matches",
    "creditor.pay_to",
    "creditor.country",
    "creditor.currency",
    "creditor.currency_matches",
    "creditor.payment_method",
    "creditor.payment_channel",
    "creditor.accounts",
    "creditor.candidates",
    "creditor.ambiguous",
)
_UNKNOWN: Final[Values] = dict.fromkeys(_NAMES, UNKNOWN)
_ABSENT: Final[Values] = {
    **dict.fromkeys(_NAMES),
    "creditor.known": False,
    "creditor.blocked": Blocked.NO.value,
    "creditor.cvr_matches": True,
    "creditor.currency_matches": True,
    "creditor.accounts": frozenset(),
}


def _card(invoice: Invoice, creditor: Creditor) -> Values:
    cvr = invoice.seller.number("cvr")
    return {
        "creditor.known": True,
        "creditor.number": creditor.number,
        "creditor.name": creditor.name,
        "creditor.blocked": creditor.blocked.value,
        "creditor.cvr": creditor.cvr,
        "creditor.cvr_matches": cvr is None or creditor.cvr is None or cvr == creditor.cvr,
        "creditor.pay_to": creditor.pay_to,
        "creditor.country": creditor.country,
        "creditor.currency": creditor.currency,
        "creditor.currency_matches": creditor.currency in (None, invoice.currency),
        "creditor.payment_method": creditor.payment_method,
        "creditor.payment_channel": creditor.payment_channel,
        "creditor.accounts": creditor_accounts(creditor),
    }


def creditor_values(invoice: Invoice, named: Sequence[str | None], facts: Facts) -> Values:
    """Fields `creditor.*` and how the payment matches it; `named` is `named_accounts`."""
    creditor = facts.creditor
    if isinstance(creditor, Unknown):
        return _UNKNOWN | match_values(invoice, named, creditor, UNKNOWN)
    values = _ABSENT.copy() if creditor is None else _card(invoice, creditor)
    candidates = facts.creditor_candidates
    values["creditor.candidates"] = Decimal(candidates)
    values["creditor.ambiguous"] = candidates > 0
    values |= match_values(invoice, named, creditor, values["creditor.accounts"])
    return values
