from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.canonical import canonical_text, compact_text, decimal_text
from robot.domain.facts import NOTHING_KNOWN, Coding, DimensionValue, Facts
from robot.domain.fields import UNKNOWN, Unknown
from robot.domain.state import State

_AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    name: str
    note: str | None = None
    seen: str | Unknown | None = UNKNOWN


@given(_AMOUNTS)
def test_an_amount_comes_back_from_its_text(amount: Decimal) -> None:
    assert Decimal(decimal_text(amount)) == amount


@given(_AMOUNTS)
def test_equal_amounts_have_one_text(amount: Decimal) -> None:
    assert decimal_text(amount) == decimal_text(Decimal(f"{amount:f}000"))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("100", "100"), ("1E+2", "100"), ("0.50", "0.5"), ("-0", "0"), ("-12.250", "-12.25")],
)
def test_amounts_are_written_plainly(amount: str, text: str) -> None:
    assert decimal_text(Decimal(amount)) == text


def test_the_order_of_a_mapping_does_not_matter() -> None:
    assert canonical_text({"b": 1, "a": 2}) == canonical_text({"a": 2, "b": 1}) == '{"a":2,"b":1}'


def test_sets_are_sorted() -> None:
    assert canonical_text(frozenset({"SEK", "DKK"})) == '["DKK","SEK"]'


def test_fields_at_their_default_are_left_out() -> None:
    assert canonical_text(_Named(name="x")) == '{"name":"x"}'


def test_unknown_and_absent_are_told_apart() -> None:
    absent = canonical_text(_Named(name="x", seen=None))
    assert absent == '{"name":"x","seen":null}'
    assert canonical_text(UNKNOWN) == '{"unknown":true}'


def test_dates_instants_and_words_are_text() -> None:
    values = [date(2026, 11, 24), datetime(2026, 11, 24, 5, 30, tzinfo=UTC), State.HELD]
    assert json.loads(canonical_text(values)) == [
        "2026-11-24",
        "2026-11-24T05:30:00+00:00",
        "held",
    ]


def test_a_mapping_with_pairs_as_keys_is_a_sorted_list() -> None:
    value = DimensionValue(dimension="sted", code="KBH")
    facts = Facts(
        coding=Coding(
            accounts={}, dimensions=frozenset(), values={("sted", "KBH"): value, ("a", "b"): value}
        )
    )
    values = json.loads(canonical_text(facts))["coding"]["values"]
    assert [pair[0] for pair in values] == [["a", "b"], ["sted", "KBH"]]


def test_facts_about_nothing_are_empty() -> None:
    assert compact_text(NOTHING_KNOWN) == "{}"


def test_what_has_no_canonical_text_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes has no canonical text"):
        canonical_text(b"raw")
