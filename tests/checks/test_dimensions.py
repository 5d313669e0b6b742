"""NAV's dimension rules, evaluated as posting does (navision.md 3.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from robot.checks.dimensions import DimensionProblems, dimension_problems, hangs_on_creditor
from robot.domain.facts import BlockedCombination, Coding, Creditor, DimensionRule, ValuePosting
from robot.domain.fields import UNKNOWN
from tests.support.factories import a_creditor, coding_facts

CODING = coding_facts(rules=())
RIGHT = {"delregnskab": "100", "formaal": "10"}


def rule(posting: ValuePosting, **change: Any) -> DimensionRule:  # noqa: ANN401 - any field
    base = DimensionRule(
        table="account", owner="220100", dimension="sted", value=None, posting=posting
    )
    return replace(base, **change)


def problems(
    values: dict[str, str],
    *rules: DimensionRule,
    account: str | None = "220100",
    creditor: Creditor | None = None,
    coding: Coding = CODING,
) -> DimensionProblems:
    return dimension_problems(account, values, replace(coding, rules=rules), creditor)


def test_values_that_exist_and_no_rules_are_right() -> None:
    assert problems(RIGHT) == DimensionProblems()


@pytest.mark.parametrize(
    ("values", "unknown", "blocked"),
    [
        ({"delregnskab": "123"}, ["delregnskab=123"], []),
        ({"afdeling": "1"}, ["afdeling"], []),
        ({"delregnskab": "900"}, [], ["delregnskab=900"]),
        ({"delregnskab": "999"}, [], ["delregnskab=999"]),
        ({"delregnskab": "123", "sted": "X"}, ["delregnskab=123", "sted=X"], []),
    ],
)
def test_a_value_exists_is_not_blocked_and_is_no_total(
    values: dict[str, str], unknown: list[str], blocked: list[str]
) -> None:
    found = problems(values)
    assert found.unknown == unknown
    assert found.blocked == blocked


def test_a_blocked_dimension_blocks_all_of_its_values() -> None:
    coding = replace(CODING, blocked_dimensions=frozenset({"formaal"}))
    assert problems(RIGHT, coding=coding).blocked == ["formaal"]


@pytest.mark.parametrize(
    ("made", "values", "missing", "wrong"),
    [
        (rule(ValuePosting.MANDATORY), {}, ["sted"], []),
        (rule(ValuePosting.MANDATORY), {"sted": "AAR"}, [], []),
        (rule(ValuePosting.MANDATORY, value="KBH"), {"sted": "AAR"}, [], []),
        (rule(ValuePosting.SAME, value="KBH"), {"sted": "KBH"}, [], []),
        (rule(ValuePosting.SAME, value="KBH"), {"sted": "AAR"}, [], ["sted=AAR"]),
        (rule(ValuePosting.SAME, value="KBH"), {}, ["sted"], []),
        (rule(ValuePosting.SAME), {}, [], []),
        (rule(ValuePosting.SAME), {"sted": "KBH"}, [], ["sted=KBH"]),
        (rule(ValuePosting.NONE), {}, [], []),
        (rule(ValuePosting.NONE), {"sted": "KBH"}, [], ["sted=KBH"]),
        (rule(ValuePosting.FREE), {}, [], []),
        (rule(ValuePosting.FREE, value="KBH"), {"sted": "AAR"}, [], []),
    ],
)
def test_mandatory_same_code_and_no_code(
    made: DimensionRule, values: dict[str, str], missing: list[str], wrong: list[str]
) -> None:
    found = problems(values, made)
    assert found.missing == missing
    assert found.wrong == wrong


@pytest.mark.parametrize(
    ("owner", "account", "missing"),
    [
        ("220100", "220100", ["sted"]),
        ("225000", "220100", []),
        ("", "220100", ["sted"]),
        ("", None, []),
        ("220100", None, []),
    ],
)
def test_rules_of_the_account_and_of_the_whole_table_count(
    owner: str, account: str | None, missing: list[str]
) -> None:
    made = rule(ValuePosting.MANDATORY, owner=owner)
    assert problems({}, made, account=account).missing == missing


def test_the_accounts_own_rule_does_not_override_the_tables() -> None:
    found = problems({}, rule(ValuePosting.NONE), rule(ValuePosting.MANDATORY, owner=""))
    assert found.missing == ["sted"]
    found = problems(
        {"sted": "KBH"}, rule(ValuePosting.NONE), rule(ValuePosting.MANDATORY, owner="")
    )
    assert found.wrong == ["sted=KBH"]


def test_a_dimension_that_two_rules_require_is_missing_once() -> None:
    twice = (rule(ValuePosting.MANDATORY), rule(ValuePosting.MANDATORY, owner=""))
    assert problems({}, *twice).missing == ["sted"]


@pytest.mark.parametrize(
    ("owner", "creditor", "missing"),
    [
        ("10001", a_creditor(), ["sted"]),
        ("10002", a_creditor(), []),
        ("", a_creditor(), ["sted"]),
        ("", None, []),
        ("10002", a_creditor(pay_to="10002"), ["sted"]),
        ("10001", a_creditor(pay_to="10002"), []),
    ],
)
def test_rules_of_the_creditor_are_those_of_the_one_that_is_paid(
    owner: str, creditor: Creditor | None, missing: list[str]
) -> None:
    made = rule(ValuePosting.MANDATORY, table="creditor", owner=owner)
    assert problems({}, made, creditor=creditor).missing == missing


def combined(first_value: str | None, second_value: str | None) -> Coding:
    row = BlockedCombination(
        first="delregnskab", first_value=first_value, second="formaal", second_value=second_value
    )
    return replace(CODING, combinations=(row,))


@pytest.mark.parametrize(
    ("values", "blocked"),
    [
        ({"delregnskab": "300", "formaal": "10"}, True),
        ({"formaal": "10", "delregnskab": "300"}, True),
        ({"delregnskab": "300", "formaal": "20"}, False),
        ({"delregnskab": "100", "formaal": "10"}, False),
        ({"delregnskab": "300"}, False),
        ({"delregnskab": "300", "sted": "KBH"}, False),
    ],
)
def test_a_pair_of_values_may_be_blocked(values: dict[str, str], blocked: bool) -> None:
    found = problems(values, coding=combined("300", "10"))
    assert found.combination == (["delregnskab=300, formaal=10"] if blocked else [])


def test_a_pair_may_be_written_the_other_way_round() -> None:
    row = BlockedCombination(
        first="formaal", first_value="10", second="delregnskab", second_value="300"
    )
    found = problems(
        {"delregnskab": "300", "formaal": "10"}, coding=replace(CODING, combinations=(row,))
    )
    assert found.combination == ["delregnskab=300, formaal=10"]


def test_two_dimensions_may_be_blocked_altogether() -> None:
    assert problems(RIGHT, coding=combined(None, None)).combination
    for other in ({"delregnskab": "100"}, {"delregnskab": "100", "sted": "KBH"}):
        assert not problems(other, coding=combined(None, None)).combination


def test_rules_of_creditors_hang_on_a_creditor_that_is_not_known() -> None:
    made = rule(ValuePosting.MANDATORY, table="creditor", owner="")
    coding = replace(CODING, rules=(made,))
    assert hangs_on_creditor(coding, UNKNOWN)
    assert not hangs_on_creditor(coding, None)
    assert not hangs_on_creditor(coding, a_creditor())
    assert not hangs_on_creditor(CODING, UNKNOWN)
    free = replace(CODING, rules=(replace(made, posting=ValuePosting.FREE),))
    assert not hangs_on_creditor(free, UNKNOWN)
