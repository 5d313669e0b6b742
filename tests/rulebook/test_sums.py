"""Sums over lines: exact, in one currency, and unknown as soon as one amount is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from tests.rulebook.world import document, line, truth

YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def net(*amounts: str, currency: str = "DKK") -> tuple[dict[str, Any], ...]:
    return tuple(line(net=Money(Decimal(amount), currency)) for amount in amounts)


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("is: 0.30 DKK", YES),
        ("below: 0.30 DKK", NO),
        ("at_most: 0.30 DKK", YES),
        ("above: 0.29 DKK", YES),
        ("at_least: 0.31 DKK", NO),
        ("between: [0.30 DKK, 0.40 DKK]", YES),
        ("above: 0.10 DKK, below: 0.30 DKK", NO),
        ("is: 0.30 EUR", OPEN),
        ("above: 0.10 DKK, below: 0.40 EUR", OPEN),
    ],
)
def test_amounts_add_up_exactly(bound: str, expected: Truth) -> None:
    values = document(lines=net("0.10", "0.20"))
    assert truth(f"lines: {{sum: {{field: net, {bound}}}}}", values) is expected


def test_only_lines_that_meet_where_are_added() -> None:
    lines = (
        line(quantity=Decimal(2), account="610000"),
        line(quantity=Decimal(5), account="220000"),
    )
    condition = "lines: {sum: {field: quantity, where: {account: {starts_with: '61'}}, is: 2}}"
    assert truth(condition, document(lines=lines)) is YES


@pytest.mark.parametrize("gap", [None, UNKNOWN])
def test_an_amount_that_is_not_there_makes_the_sum_unknown(gap: object) -> None:
    lines = (*net("10"), line(net=gap))
    assert truth("lines: {sum: {field: net, above: 5 DKK}}", document(lines=lines)) is OPEN


def test_a_line_that_may_belong_to_the_sum_makes_it_unknown() -> None:
    lines = (line(quantity=Decimal(1), coded=True), line(quantity=Decimal(1), coded=UNKNOWN))
    condition = "lines: {sum: {field: quantity, where: {coded: yes}, is: 1}}"
    assert truth(condition, document(lines=lines)) is OPEN


def test_a_gap_on_a_line_outside_the_sum_does_not_matter() -> None:
    lines = (line(quantity=Decimal(1), coded=True), line(quantity=UNKNOWN, coded=False))
    condition = "lines: {sum: {field: quantity, where: {coded: yes}, is: 1}}"
    assert truth(condition, document(lines=lines)) is YES
