"""Words that give something away, and everyday ones that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.checks import wording


@pytest.mark.parametrize(
    "reference",
    ["", " ", "-", "NA", "n/a", "N.A.", "0", "000", "1", "x", "XXXX", "...", "Ingen",
     "ikke oplyst", "123", "1234", "ordre nr.", "TBD", "?", "Mundtlig aftale", "999999", "att."],
)  # fmt: skip
def test_a_filler_says_nothing(reference: str) -> None:
    assert wording.is_filler(reference)


@pytest.mark.parametrize(
    "reference",
    ["abe", "45001234", "ABC-17", "Nanna", "11", "A", "Olsen", "PO-100", "1001", "Ref. 17", "22"],
)
def test_a_short_reference_may_still_be_one(reference: str) -> None:
    assert not wording.is_filler(reference)


@pytest.mark.parametrize(
    "text",
    ["Rykkergebyr", "RYKKER 2", "Morarente okt.", "Rente af faktura 12", "Renter", "Inkasso",
     "Kompensationsgebyr", "Reminder fee", "Late payment interest", "Inkassoomkostninger"],
)  # fmt: skip
def test_reminder_fees_are_known_by_their_names(text: str) -> None:
    assert wording.names_reminder_fee(text)


@pytest.mark.parametrize(
    "text",
    ["Trykkeri", "Rentekursus for økonomer", "Parenteser", "Interest group meeting",
     "Late summer flowers", "Reminderkort", "Gebyr for fakturering", "Forrentning, konsulent"],
)  # fmt: skip
def test_similar_words_are_left_alone(text: str) -> None:
    assert not wording.names_reminder_fee(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Forudbetaling", True),
        ("Depositum, lokaler", True),
        ("50 % down payment", True),
        ("A conto varme", False),
        ("Abonnement 1. kvartal", False),
        ("Betaling netto 30 dage", False),
    ],
)
def test_prepayment_is_named_and_on_account_supply_is_none(text: str, named: bool) -> None:
    assert wording.names_prepayment(text) is named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Mikroskop, 400x", True),
        ("Varevogn", True),
        ("Elbil ", True),
        ("Leje af mikroskop", False),
        ("Serviceaftale, kopimaskine", False),
        ("Konsulentbistand", False),
        ("Mobilabonnement", False),
    ],
)
def test_an_asset_is_a_thing_that_is_bought(text: str, named: bool) -> None:
    assert wording.names_asset(text) is named


@given(st.text())
def test_no_text_makes_the_words_raise(text: str) -> None:
    wording.is_filler(text)
    wording.names_reminder_fee(text)
    wording.names_prepayment(text)
    wording.names_assignment((text,))
    wording.names_asset(text)
