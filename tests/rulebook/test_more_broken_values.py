"""Values that look right and are not: each is refused, in words that fit in a terminal."""

from __future__ import annotations

import pytest

from tests.rulebook.world import CUSTOMER, messages, standard


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("invoice.total: {at_most: 5 %}", "'5 %' is not an amount; write e.g. '5000 DKK'"),
        ("order.reference: {matches: ''}", "a value is needed here; for no value use 'missing'"),
    ],
)
def test_what_looks_like_a_value_and_is_none_is_refused(condition: str, told: str) -> None:
    rule = f"id: tested\nhold: creditor-unknown\nwhen: {{{condition}}}"
    (message,) = messages({"standard.yaml": standard(rule)})
    assert message.endswith(told)


@pytest.mark.parametrize(
    ("mandate", "told"),
    [
        (
            "{person: anna, limit: 5 DKK, from: 2026-02-01, until: 2026-01-01}",
            "rules/customers/x.yaml:4:59: 'until' is before 'from': it never counts",
        ),
        (
            "{person: anna, limit: -5 DKK}",
            "rules/customers/x.yaml:4:34: a mandate's limit can't be below zero",
        ),
    ],
)
def test_a_mandate_that_can_never_count_is_refused(mandate: str, told: str) -> None:
    assert messages({"customers/x.yaml": f"{CUSTOMER}mandates: [{mandate}]\n"}) == [told]


def test_a_value_of_thousands_of_characters_is_cut_in_the_message() -> None:
    rule = (
        f"id: tested\nhold: creditor-unknown\nwhen: {{invoice.total: {{above: {'9' * 5000} DKK}}}}"
    )
    (message,) = messages({"standard.yaml": standard(rule)})
    assert "9…' is larger than any amount can be" in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("invoice.total: '> 5000'", "write '{above: 5000 DKK}'"),
        ("invoice.total: '<= 12.50 EUR'", "write '{at_most: 12.50 EUR}'"),
        ("invoice.total: 5000", "write '{is: 5000 DKK}'"),
        ("invoice.due_date: '>= 2026-01-01'", "write '{on_or_after: 2026-01-01}'"),
        ("order.reference: '!= A1'", "write '{is_not: A1}'"),
    ],
)
def test_a_comparison_written_with_signs_is_told_in_words(condition: str, told: str) -> None:
    rule = f"id: tested\nhold: creditor-unknown\nwhen: {{{condition}}}"
    (message,) = messages({"standard.yaml": standard(rule)})
    assert message.endswith(told)


@pytest.mark.parametrize(
    "condition",
    [
        "order.reference: {is: ' A1'}",
        "order.reference: {in: [B, 'A1 ']}",
        "order.reference: {starts_with: ' A1'}",
    ],
)
def test_blanks_around_a_value_are_refused(condition: str) -> None:
    rule = f"id: tested\nhold: creditor-unknown\nwhen: {{{condition}}}"
    (message,) = messages({"standard.yaml": standard(rule)})
    assert message.endswith("begins or ends with a blank, so it is never met; write 'A1'")


def test_a_beginning_may_end_with_a_blank() -> None:
    rule = "id: tested\nhold: creditor-unknown\nwhen: {order.reference: {starts_with: 'Att. '}}"
    assert messages({"standard.yaml": standard(rule)}) == []


def test_blanks_around_a_row_of_a_list_are_refused() -> None:
    (message,) = messages({"lists/a.yaml": "- 'A1 '\n- B\n"})
    assert message == (
        "rules/lists/a.yaml:1:3: 'A1 ' begins or ends with a blank, so it is never met; write 'A1'"
    )


def test_a_limit_below_zero_is_refused_where_the_standards_is_not() -> None:
    parameters = "parameters: {limit: {value: 5000 DKK}, least: {value: -10 DKK}}\n"
    own = f"{CUSTOMER}set: {{limit: -5000 DKK, least: -20 DKK}}\n"
    (message,) = messages({"standard.yaml": parameters, "customers/x.yaml": own})
    assert message == (
        "rules/customers/x.yaml:4:14: 'limit' can't be below zero: "
        "its value in the standard is not; write '5000 DKK'"
    )
