"""Payment terms as NAV writes them."""

from __future__ import annotations

from datetime import date

import pytest

from robot.adapters.navision.dateformula import due, encode


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("", date(2026, 11, 24)),
        ("30D", date(2026, 12, 24)),
        ("<14D>", date(2026, 12, 8)),
        ("1M", date(2026, 12, 24)),
        ("CM", date(2026, 11, 30)),
        ("CM+30D", date(2026, 12, 30)),
        ("CM+1M", date(2026, 12, 30)),
        ("2W", date(2026, 12, 8)),
        ("CW", date(2026, 11, 29)),
        ("CQ", date(2026, 12, 31)),
        ("CY-1D", date(2026, 12, 30)),
        ("1Q", date(2027, 2, 24)),
        ("1Y", date(2027, 11, 24)),
    ],
)
def test_terms_give_the_due_date(formula: str, expected: date) -> None:
    assert due(date(2026, 11, 24), encode(formula)) == expected


def test_a_month_ends_where_it_ends() -> None:
    assert due(date(2027, 1, 31), encode("1M")) == date(2027, 2, 28)


def test_units_are_control_characters_in_sql() -> None:
    assert encode("30D") == "30\x02"
    assert encode("CM+14D") == "\x01\x05+14\x02"


@pytest.mark.parametrize("formula", ["30", "D30", "30 dage", "30D!"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="no date formula"):
        encode(formula)
