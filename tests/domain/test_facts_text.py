"""Facts in JSON: what is stored comes back equal, what a person wrote wrongly is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.canonical import canonical_text, compact_text
from robot.domain.facts import (
    Account,
    Coding,
    Creditor,
    DimensionValue,
    Duplicate,
    Facts,
    Posting,
)
from robot.domain.facts_text import FactsTextError, facts_from
from robot.domain.fields import UNKNOWN

TEXT = st.text(alphabet="abc 0123æøå", max_size=6)
AMOUNT = st.decimals(min_value=-999, max_value=999, places=2)
DAY = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))
CODINGS = st.builds(
    Coding,
    accounts=st.dictionaries(TEXT, st.builds(Account, number=TEXT, blocked=st.booleans())),
    dimensions=st.frozensets(TEXT, max_size=3),
    values=st.dictionaries(
        st.tuples(TEXT, TEXT), st.builds(DimensionValue, dimension=TEXT, code=TEXT), max_size=3
    ),
    vat_rates=st.dictionaries(TEXT, AMOUNT, max_size=2),
)
FACTS = st.builds(
    Facts,
    creditor=st.none() | st.just(UNKNOWN) | st.builds(Creditor, number=TEXT, name=TEXT, cvr=TEXT),
    coding=st.just(UNKNOWN) | CODINGS,
    posting=st.just(UNKNOWN)
    | st.builds(Posting, allowed_from=DAY, allowed_to=st.none(), period_exists=st.booleans()),
    duplicates=st.just(UNKNOWN)
    | st.lists(
        st.builds(
            Duplicate, number=TEXT, where=TEXT, exact=st.booleans(), creditor=TEXT, amount=AMOUNT
        ),
        max_size=2,
    ).map(tuple),
    currencies=st.just(UNKNOWN) | st.frozensets(TEXT, max_size=2),
    rate_to_dkk=st.none() | st.just(UNKNOWN) | AMOUNT,
)


@given(FACTS)
def test_what_is_stored_comes_back_equal(facts: Facts) -> None:
    assert facts_from(compact_text(facts)) == facts
    assert facts_from(canonical_text(facts)) == facts


def test_what_is_left_out_is_not_known() -> None:
    assert facts_from("{}") == Facts()


def test_a_creditor_that_is_not_there_is_null() -> None:
    assert facts_from('{"creditor": null}').creditor is None


def test_an_amount_keeps_every_digit() -> None:
    assert facts_from('{"rate_to_dkk": 7.4604500001}').rate_to_dkk == Decimal("7.4604500001")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "line 1, column 2: not valid JSON"),
        ("[]", "facts: expected an object"),
        ('{"credtor": null}', "facts: unknown name 'credtor', did you mean 'creditor'?"),
        ('{"creditor": {"number": "1"}}', "facts.creditor: 'name' is missing"),
        (
            '{"creditor": {"number": 1, "name": "x", "cvr": null}}',
            "facts.creditor.number: expected a text in quotes",
        ),
        (
            '{"creditor": {"number": "1", "name": "x", "cvr": null, "blocked": "maybe"}}',
            "facts.creditor.blocked: 'maybe' is not one of: no, payment, all, privacy",
        ),
        ('{"rate_to_dkk": "NaN"}', "facts.rate_to_dkk: 'NaN' is not an amount"),
        ('{"currencies": "DKK"}', "facts.currencies: expected a list"),
        (
            '{"posting": {"allowed_from": "1/11", "allowed_to": null, "period_exists": true}}',
            "facts.posting.allowed_from: '1/11' is not a date written YYYY-MM-DD",
        ),
        (
            '{"coding": {"accounts": {}, "dimensions": [], "values": [1]}}',
            "facts.coding.values: expected pairs",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(FactsTextError) as raised:
        facts_from(text)
    assert message in str(raised.value)
