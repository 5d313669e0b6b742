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
