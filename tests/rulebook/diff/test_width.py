"""Wider and narrower are told only when they are certain: a reference interpreter agrees."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Truth
from robot.rulebook.conditions import Condition
from robot.rulebook.diff.width import Width, compare
from tests.rulebook.generated import LIST_FILES, blocks, documents
from tests.rulebook.reference import rule_truth
from tests.rulebook.world import TODAY, loaded, standard

ORDER = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


def condition(when: str) -> Condition:
    rule = f"id: tested\nhold: creditor-unknown\nwhen: {when}"
    read = loaded({"standard.yaml": standard(rule), **LIST_FILES})
    assert [str(problem) for problem in read.errors] == []
    assert read.standard is not None
    found = read.standard.rules[0].when
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("old", "new", "width"),
    [
        ("{invoice.total: {at_most: 5 DKK}}", "{invoice.total: {at_most: 6 DKK}}", "wider"),
        ("{invoice.total: {at_most: 5 DKK}}", "{invoice.total: {below: 5 DKK}}", "narrower"),
        ("{invoice.total: {above: 5 DKK}}", "{invoice.total: {at_least: 5 DKK}}", "wider"),
        ("{invoice.total: {above: 5 DKK}}", "{invoice.total: {above: 6 DKK}}", "narrower"),
        ("{invoice.total: {at_most: 5 DKK}}", "{invoice.total: {at_most: 6 EUR}}", "unclear"),
        ("{invoice.total: {at_most: 5 DKK}}", "{invoice.total: {above: 5 DKK}}", "unclear"),
        (
            "{invoice.age_days: {between: [2, 5]}}",
            "{invoice.age_days: {between: [1, 5]}}",
            "wider",
        ),
        (
            "{invoice.age_days: {between: [2, 5]}}",
            "{invoice.age_days: {between: [3, 9]}}",
            "unclear",
        ),
        ("{creditor.number: {is: A}}", "{creditor.number: {in: [A, B]}}", "wider"),
        ("{creditor.number: {not_in: [A]}}", "{creditor.number: {not_in: [A, B]}}", "narrower"),
        ("{creditor.number: {is: A}}", "{creditor.number: present}", "wider"),
        (
            "{creditor.number: {starts_with: A}}",
            "{creditor.number: {starts_with: AB}}",
            "narrower",
        ),
        ("{creditor.number: missing}", "{creditor.number: present}", "unclear"),
        (
            "{invoice.due_date: {within_days: 5}}",
            "{invoice.due_date: {within_days: 9}}",
            "wider",
        ),
        (
            "{invoice.due_date: {before: today - 9 days}}",
            "{invoice.due_date: {before: today}}",
            "wider",
        ),
        (
            "{lines: {any: {lines.account: missing}}}".replace("lines.account", "account"),
            "{lines: {all: {account: missing}}}",
            "narrower",
        ),
        (
            "{lines: {none: {net: {at_most: 5 DKK}}}}",
            "{lines: {none: {net: {at_most: 6 DKK}}}}",
            "narrower",
        ),
        (
            "{lines: {count: {where: {account: missing}, at_least: 2}}}",
            "{lines: {count: {where: {account: missing}, at_least: 1}}}",
            "wider",
        ),
        (
            "{any_of: [{creditor.known: yes}]}",
            "{any_of: [{creditor.known: yes}, {posting.period_open: yes}]}",
            "wider",
        ),
        (
            "{none_of: [{invoice.total: {at_most: 5 DKK}}]}",
            "{none_of: [{invoice.total: {at_most: 6 DKK}}]}",
            "narrower",
        ),
        (
            "{creditor.known: yes}",
            "{creditor.known: yes, posting.period_open: yes}",
            "narrower",
        ),
        (
            "{creditor.known: yes, invoice.total: {at_most: 5 DKK}}",
            "{posting.period_open: yes, invoice.total: {at_most: 6 DKK}}",
            "unclear",
        ),
    ],
)
def test_how_a_condition_relates_to_the_one_before(old: str, new: str, width: str) -> None:
    found = compare(condition(old), condition(new))
    assert found == width
    assert compare(condition(new), condition(old)) is found.turned()


def test_a_condition_is_the_same_as_itself_wherever_it_stands() -> None:
    one = condition("{creditor.known: yes, posting.period_open: no}")
    other = condition("\n    posting.period_open: no\n    creditor.known: yes")
    assert compare(one, other) is Width.SAME


def test_no_condition_always_holds() -> None:
    assert compare(None, condition("{creditor.known: yes}")) is Width.NARROWER
    assert compare(condition("{creditor.known: yes}"), None) is Width.WIDER


def variants(one: str, other: str) -> list[str]:
    """Conditions that are related, so that there is something to tell."""
    raised = re.sub(r"((?:at_most|below|above|at_least): )(\d+)", _raised, one)
    # Both ends of a range move, so that it stays one.
    raised = re.sub(r"(between: \[)(\d+)([^],]*, )(\d+)", _raised, raised)
    return [
        f"{{all_of: [{one}]}}",
        f"{{all_of: [{raised}]}}",
        f"{{all_of: [{one}, {other}]}}",
        f"{{all_of: [{raised}, {other}]}}",
        f"{{any_of: [{one}, {other}]}}",
        f"{{any_of: [{raised}, {other}]}}",
        f"{{any_of: [{one}]}}",
        f"{{none_of: [{one}]}}",
        f"{{none_of: [{raised}]}}",
        f"{{none_of: [{one}, {other}]}}",
    ]


def _raised(found: re.Match[str]) -> str:
    return "".join(str(int(part) + 7) if part.isdigit() else part for part in found.groups())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(one=blocks(), other=blocks(), seen=st.lists(documents(), min_size=3, max_size=3))
def test_what_is_called_wider_holds_for_every_document_of_the_narrower(
    one: str, other: str, seen: list[dict[str, Any]]
) -> None:
    made = [
        (condition(text), [truth(text, values) for values in seen])
        for text in variants(one, other)
    ]
    for (old, before), (new, after) in permutations(made, 2):
        width = compare(old, new)
        pairs = list(zip(before, after, strict=True))
        if width in {Width.SAME, Width.WIDER}:
            assert all(ORDER[was] <= ORDER[now] for was, now in pairs)
        if width in {Width.SAME, Width.NARROWER}:
            assert all(ORDER[was] >= ORDER[now] for was, now in pairs)


def truth(when: str, values: dict[str, Any]) -> Truth:
    rule = f"id: tested\nhold: creditor-unknown\nwhen: {when}"
    read = loaded({"standard.yaml": standard(rule), **LIST_FILES})
    made = read.effective(None)
    lists = {
        name: [(r.value, r.valid_from, r.valid_to) for r in rows.rows]
        for name, rows in made.lists.items()
    }
    return rule_truth(made.rules[0].rule, values, TODAY, lists)
