from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from robot.domain.likeness import Likeness, Trait, likeness, number_key

ONE = Trait(
    supplier="cvr:99130008",
    kind="invoice",
    number="INV-001",
    amount=Decimal("1250.00"),
    issue_date=date(2026, 11, 9),
)


@pytest.mark.parametrize("other", ["INV 001", "inv-001", "INV/001", "00INV001"])
def test_other_spellings_of_a_number_have_one_key(other: str) -> None:
    assert number_key(other) == number_key("INV-001")


def test_same_number_and_amount_is_exact() -> None:
    assert likeness(ONE, replace(ONE, number="inv-001 ")) is Likeness.EXACT


def test_same_number_with_another_amount_is_suspected() -> None:
    assert likeness(ONE, replace(ONE, amount=Decimal(9))) is Likeness.SUSPECTED


def test_another_spelling_is_suspected() -> None:
    assert likeness(ONE, replace(ONE, number="INV 001")) is Likeness.SUSPECTED


def test_same_amount_and_date_under_another_number_is_suspected() -> None:
    assert likeness(ONE, replace(ONE, number="77")) is Likeness.SUSPECTED


def test_another_supplier_or_kind_is_nothing_alike() -> None:
    assert likeness(ONE, replace(ONE, supplier="cvr:99130016")) is Likeness.NONE
    assert likeness(ONE, replace(ONE, kind="credit-note")) is Likeness.NONE
