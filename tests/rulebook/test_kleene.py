"""Three-valued logic: what is not known stays unknown until it can't matter any more."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN
from tests.rulebook.world import document, line, truth

YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
#: A flag's value for each truth.
FLAG: dict[Truth, Any] = {YES: True, NO: False, OPEN: UNKNOWN}
PAIRS = list(product((YES, NO, OPEN), repeat=2))


def both(first: Truth, second: Truth) -> Truth:
    if NO in (first, second):
        return NO
    return YES if (first, second) == (YES, YES) else OPEN


def either(first: Truth, second: Truth) -> Truth:
    return opposite(both(opposite(first), opposite(second)))


def opposite(value: Truth) -> Truth:
    return {YES: NO, NO: YES, OPEN: OPEN}[value]


def two(first: Truth, second: Truth) -> dict[str, Any]:
    return document(**{"creditor.known": FLAG[first], "posting.period_open": FLAG[second]})


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_blocks_follow_kleenes_tables(first: Truth, second: Truth) -> None:
    parts = "[{creditor.known: yes}, {posting.period_open: yes}]"
    values = two(first, second)
    assert truth("creditor.known: yes\nposting.period_open: yes", values) is both(first, second)
    assert truth(f"all_of: {parts}", values) is both(first, second)
    assert truth(f"any_of: {parts}", values) is either(first, second)
    assert truth(f"none_of: {parts}", values) is opposite(either(first, second))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_blocks_nest(first: Truth, second: Truth) -> None:
    when = """
        none_of:
          - all_of:
              - creditor.known: yes
              - any_of: [{posting.period_open: yes}, {creditor.known: yes}]
    """
    expected = opposite(both(first, either(second, first)))
    assert truth(when, two(first, second)) is expected


def of_lines(*coded: Truth) -> dict[str, Any]:
    return document(lines=tuple(line(coded=FLAG[value]) for value in coded))


LINES = [
    ((YES,), YES, YES, NO),
    ((NO,), NO, NO, YES),
    ((OPEN,), OPEN, OPEN, OPEN),
    ((YES, NO), YES, NO, NO),
    ((YES, OPEN), YES, OPEN, NO),
    ((NO, OPEN), OPEN, NO, OPEN),
    ((NO, YES, OPEN), YES, NO, NO),
]


@pytest.mark.parametrize(("coded", "any_", "all_", "none_"), LINES)
def test_lines_are_quantified(
    coded: tuple[Truth, ...], any_: Truth, all_: Truth, none_: Truth
) -> None:
    outcomes = [
        truth(f"lines: {{{word}: {{coded: yes}}}}", of_lines(*coded))
        for word in ("any", "all", "none")
    ]
    assert outcomes == [any_, all_, none_]


@pytest.mark.parametrize("lines", [(), None, UNKNOWN])
@pytest.mark.parametrize(
    "condition",
    [
        "any: {coded: yes}",
        "all: {coded: yes}",
        "none: {coded: yes}",
        "count: {at_most: 5}",
        "count: {where: {coded: yes}, is: 0}",
        "sum: {field: quantity, at_most: 5}",
    ],
)
def test_over_no_lines_everything_is_unknown(lines: object, condition: str) -> None:
    assert truth(f"lines: {{{condition}}}", document(lines=lines)) is OPEN


COUNTS = [
    ("at_least: 2", (YES, YES), YES),
    ("at_least: 2", (YES, NO), NO),
    ("at_least: 2", (YES, OPEN), OPEN),
    ("at_least: 1", (YES, OPEN), YES),
    ("above: 1", (YES, YES, OPEN), YES),
    ("above: 1", (NO, OPEN), NO),
    ("below: 2", (YES, OPEN), OPEN),
    ("below: 2", (YES, NO), YES),
    ("at_most: 1", (YES, YES, OPEN), NO),
    ("is: 1", (YES, NO), YES),
    ("is: 1", (YES, OPEN), OPEN),
    ("is: 3", (YES, OPEN), NO),
    ("between: [1, 2]", (YES, OPEN), YES),
    ("between: [2, 3]", (YES, NO), NO),
    ("between: [2, 3]", (YES, OPEN), OPEN),
    ("at_least: 1, below: 2", (YES, NO), YES),
]


@pytest.mark.parametrize(("bound", "coded", "expected"), COUNTS)
def test_lines_are_counted(bound: str, coded: tuple[Truth, ...], expected: Truth) -> None:
    condition = f"lines: {{count: {{where: {{coded: yes}}, {bound}}}}}"
    assert truth(condition, of_lines(*coded)) is expected


def test_all_lines_are_counted_without_where() -> None:
    values = of_lines(OPEN, OPEN)
    assert truth("lines: {count: {is: 2}}", values) is YES
    assert truth("lines: {count: {at_least: 3}}", values) is NO


def test_missing_lines_are_asked_for_by_name() -> None:
    asked = [truth("lines: missing", document(lines=value)) for value in ((), None, UNKNOWN)]
    assert asked == [YES, YES, OPEN]
    assert truth("lines: present", of_lines(OPEN)) is YES
