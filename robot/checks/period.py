"""The posting date, its period, and the currency.

NAV takes a date inside the allowed range (tables 91 and 98) in a period that exists (table 50); a
closed year is taken but marked, so it is a field of its own. The cost belongs to the period of
delivery (regnskabsbekendtgørelsen § 26).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from robot.checks.invoice import delivery_period
from robot.checks.values import Values
from robot.domain.document import SourceStatement
from robot.domain.facts import Facts, Posting
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Invoice

_ONE: Final = Decimal(1)
_NAMES: Final = (
    "posting.period_open",
    "posting.period_exists",
    "posting.year_closed",
    "posting.allowed_from",
    "posting.allowed_to",
    "posting.next_open",
)
_UNKNOWN: Final[Values] = dict.fromkeys(_NAMES, UNKNOWN)
_OF_DATE: Final = (
    "posting.date",
    "posting.date_missing",
    "posting.date_in_future",
    "posting.before_issue",
    "posting.delivery_year_differs",
)
_DATE_UNKNOWN: Final[Values] = dict.fromkeys(_OF_DATE, UNKNOWN)


def wanted_date(statement: SourceStatement) -> date | Unknown | None:
    """The posting date of the coding; UNKNOWN when the source says nothing about the coding."""
    if statement.posting_date is None and statement.coding is None:
        return UNKNOWN
    return statement.posting_date


def is_open(posting: Posting, day: date) -> bool:
    """Whether NAV takes the date."""
    return (
        posting.period_exists
        and (posting.allowed_from is None or posting.allowed_from <= day)
        and (posting.allowed_to is None or day <= posting.allowed_to)
    )


def _period(posting: Posting | Unknown, day: date | Unknown | None) -> Values:
    if isinstance(posting, Unknown):
        return _UNKNOWN
    opened: Scalar = UNKNOWN
    if not isinstance(day, Unknown):
        opened = day is not None and is_open(posting, day)
    return {
        "posting.period_open": opened,
        "posting.period_exists": posting.period_exists,
        "posting.year_closed": posting.year_closed,
        "posting.allowed_from": posting.allowed_from,
        "posting.allowed_to": posting.allowed_to,
        "posting.next_open": posting.next_open,
    }


def _dates(
    invoice: Invoice,
    day: date | Unknown | None,
    today: date,
    delivered: tuple[date | None, date | None],
) -> Values:
    if isinstance(day, Unknown):
        return _DATE_UNKNOWN
    start, end = delivered
    return {
        "posting.date": day,
        "posting.date_missing": day is None,
        "posting.date_in_future": day is not None and day > today,
        "posting.before_issue": day is not None
        and invoice.issue_date is not None
        and day < invoice.issue_date,
        "posting.delivery_year_differs": day is not None
        and start is not None
        and end is not None
        and not start.year <= day.year <= end.year,
    }


def _currency(invoice: Invoice, facts: Facts) -> Values:
    rate: Scalar = facts.rate_to_dkk
    if invoice.currency == "DKK":
        rate = _ONE
    currencies = facts.currencies
    return {
        "currency.set_up": UNKNOWN
        if isinstance(currencies, Unknown)
        else invoice.currency in currencies,
        "currency.rate": rate,
    }


def posting_values(
    invoice: Invoice, statement: SourceStatement, facts: Facts, today: date
) -> Values:
    """Fields `posting.*` and `currency.*`."""
    day = wanted_date(statement)
    delivered = delivery_period(invoice)
    start, end = delivered
    return {
        **_dates(invoice, day, today, delivered),
        **_period(facts.posting, day),
        "posting.delivery_spans_years": start is not None
        and end is not None
        and start.year != end.year,
        **_currency(invoice, facts),
    }
