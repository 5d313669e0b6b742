"""The posting date, its period, and the currency."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from robot.domain.facts import Posting
from robot.domain.fields import UNKNOWN
from tests.checks.asking import fields
from tests.support.factories import an_invoice, facts

OPEN = Posting(allowed_from=date(2026, 11, 1), allowed_to=date(2026, 12, 31), period_exists=True)


def opened(posting: Posting, day: date | None) -> object:
    return fields(known=facts(posting=posting), posting_date=day)["posting.period_open"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
        (None, False),
    ],
)
def test_both_ends_of_the_allowed_range_are_open(day: date | None, expected: bool) -> None:
    assert opened(OPEN, day) is expected


def test_an_empty_end_is_no_limit() -> None:
    assert opened(replace(OPEN, allowed_to=None), date(2099, 1, 1)) is True
    assert opened(replace(OPEN, allowed_from=None), date(1999, 1, 1)) is True


def test_there_must_be_an_accounting_period() -> None:
    assert opened(replace(OPEN, period_exists=False), date(2026, 11, 24)) is False


def test_a_closed_year_is_open_to_nav_and_a_field_of_its_own() -> None:
    values = fields(known=facts(posting=replace(OPEN, year_closed=True)))
    assert values["posting.period_open"] is True
    assert values["posting.year_closed"] is True


def test_a_missing_date_is_known_to_be_missing() -> None:
    values = fields(posting_date=None)
    assert values["posting.date"] is None
    assert values["posting.date_missing"] is True
    assert values["posting.date_in_future"] is False


def test_a_source_that_says_nothing_leaves_the_date_unknown() -> None:
    values = fields(posting_date=None, coding=None)
    assert values["posting.date"] is UNKNOWN
    assert values["posting.date_missing"] is UNKNOWN
    assert values["posting.period_open"] is UNKNOWN
    assert values["posting.allowed_to"] == date(2026, 12, 31)


def test_periods_that_were_not_looked_up_are_unknown() -> None:
    values = fields(known=facts(posting=UNKNOWN))
    assert values["posting.period_open"] is UNKNOWN
    assert values["posting.next_open"] is UNKNOWN
    assert values["posting.date"] == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "future", "before"),
    [
        (date(2026, 11, 24), False, False),
        (date(2026, 11, 25), True, False),
        (date(2026, 11, 9), False, False),
        (date(2026, 11, 8), False, True),
    ],
)
def test_a_date_is_compared_with_today_and_the_date_of_issue(
    day: date, future: bool, before: bool
) -> None:
    values = fields(posting_date=day)
    assert values["posting.date_in_future"] is future
    assert values["posting.before_issue"] is before


@pytest.mark.parametrize(
    ("start", "end", "differs", "spans"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), False, False),
        (date(2025, 12, 31), date(2025, 12, 31), True, False),
        (date(2027, 1, 1), date(2027, 1, 31), True, False),
        (date(2026, 12, 1), date(2027, 2, 28), False, True),
        (None, None, False, False),
    ],
)
def test_the_cost_belongs_to_the_year_of_delivery(
    start: date | None, end: date | None, differs: bool, spans: bool
) -> None:
    values = fields(an_invoice(delivery_start=start, delivery_end=end))
    assert values["posting.delivery_year_differs"] is differs
    assert values["posting.delivery_spans_years"] is spans


def test_a_currency_must_be_set_up() -> None:
    assert fields()["currency.set_up"] is True
    assert fields(an_invoice(currency="XTS"))["currency.set_up"] is False
    assert fields(known=facts(currencies=UNKNOWN))["currency.set_up"] is UNKNOWN


def test_a_krone_is_a_krone() -> None:
    assert fields(known=facts(rate_to_dkk=UNKNOWN))["currency.rate"] == 1
    euros = an_invoice(currency="EUR")
    assert fields(euros, facts(rate_to_dkk=Decimal("7.46")))["currency.rate"] == Decimal("7.46")
    assert fields(euros, facts(rate_to_dkk=UNKNOWN))["currency.rate"] is UNKNOWN
