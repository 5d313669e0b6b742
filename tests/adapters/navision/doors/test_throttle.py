"""At most so many requests under way in a company."""

from __future__ import annotations

import pytest

from robot.adapters.navision.doors.throttle import PAUSE, Throttle
from robot.errors import ErpUnavailableError


def throttle(counts: list[int], waits: list[float], limit: int = 2) -> Throttle:
    return Throttle(
        limit,
        lambda _company: counts.pop(0) if len(counts) > 1 else counts[0],
        patience=5,
        wait=waits.append,
    )


@pytest.mark.parametrize("under_way", [0, 1])
def test_while_there_is_a_place_nothing_waits(under_way: int) -> None:
    waits: list[float] = []
    throttle([under_way], waits).admit("A")
    assert waits == []


def test_a_request_waits_until_a_place_comes_free() -> None:
    waits: list[float] = []
    throttle([2, 3, 2, 1], waits).admit("A")
    assert waits == [PAUSE] * 3


def test_when_nothing_gets_finished_nothing_more_is_sent() -> None:
    waits: list[float] = []
    with pytest.raises(ErpUnavailableError, match="none gets finished; nothing more was sent"):
        throttle([2], waits).admit("A")
    assert len(waits) == 5


def test_each_company_is_counted_by_itself() -> None:
    asked: list[str] = []

    def in_flight(company: str) -> int:
        asked.append(company)
        return 0

    gate = Throttle(1, in_flight)
    gate.admit("A")
    gate.admit("B")
    assert asked == ["A", "B"]
