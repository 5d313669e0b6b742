"""At most so many requests under way in a company."""

from __future__ import annotations

import pytest

from robot.adapters.navision.doors.throttle import Throttle
from robot.errors import ErpFullError


def test_while_there_is_a_place_a_request_gets_through() -> None:
    for under_way in (0, 1):
        Throttle(2, {"A": under_way}.__getitem__).admit("A")


@pytest.mark.parametrize("under_way", [2, 3])
def test_when_there_is_none_nothing_is_sent(under_way: int) -> None:
    with pytest.raises(ErpFullError, match="nothing more was sent"):
        Throttle(2, lambda _company: under_way).admit("A")


def test_each_company_is_counted_by_itself() -> None:
    asked: list[str] = []

    def in_flight(company: str) -> int:
        asked.append(company)
        return 0

    gate = Throttle(1, in_flight)
    gate.admit("A")
    gate.admit("B")
    assert asked == ["A", "B"]
