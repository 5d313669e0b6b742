"""Duplicates name the other document."""

from __future__ import annotations

import pytest

from robot.domain.facts import Duplicate
from robot.domain.fields import UNKNOWN
from tests.checks.asking import fields
from tests.support.factories import facts


def duplicate(number: str, where: str, *, exact: bool) -> Duplicate:
    return Duplicate(number=number, where=where, exact=exact, creditor="10001")


def test_no_other_document() -> None:
    values = fields()
    assert values["duplicate.exact"] is False
    assert values["duplicate.suspected"] is False
    assert values["duplicate.other"] is None
    assert values["duplicate.where"] is None


def test_what_was_not_looked_up_is_unknown() -> None:
    values = fields(known=facts(duplicates=UNKNOWN))
    for name in ("exact", "suspected", "other", "where"):
        assert values[f"duplicate.{name}"] is UNKNOWN


@pytest.mark.parametrize(
    ("others", "exact", "named"),
    [
        ((duplicate("A", "robot", exact=True),), True, "A"),
        ((duplicate("A", "posted", exact=False),), False, "A"),
        (
            (duplicate("A", "posted", exact=False), duplicate("B", "robot", exact=True)),
            True,
            "B",
        ),
        (
            (duplicate("A", "draft", exact=False), duplicate("B", "posted", exact=False)),
            False,
            "B",
        ),
    ],
)
def test_an_exact_one_goes_before_a_similar_and_a_posted_before_a_draft(
    others: tuple[Duplicate, ...], exact: bool, named: str
) -> None:
    values = fields(known=facts(duplicates=others))
    assert values["duplicate.exact"] is exact
    assert values["duplicate.suspected"] is not exact
    assert values["duplicate.other"] == named
