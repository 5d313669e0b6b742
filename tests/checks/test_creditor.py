"""The creditor in the ERP against the supplier on the invoice."""

from __future__ import annotations

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.domain.facts import Blocked
from robot.domain.fields import UNKNOWN
from tests.checks.asking import fields
from tests.support.factories import a_creditor, a_party, an_invoice, facts

CREDITOR_FIELDS = [name for name in CATALOGUE if name.startswith("creditor.")]


def test_a_creditor_that_was_not_looked_up_is_unknown_in_every_field() -> None:
    values = fields(known=facts(creditor=UNKNOWN))
    assert {name for name in CREDITOR_FIELDS if values[name] is not UNKNOWN} == set()
    assert fields()["creditor.known"] is True


def test_a_creditor_that_is_not_there_is_known_to_be_absent() -> None:
    values = fields(known=facts(creditor=None))
    assert values["creditor.known"] is False
    assert values["creditor.number"] is None
    assert values["creditor.blocked"] == "no"
    assert values["creditor.accounts"] == frozenset()
    assert values["creditor.cvr_matches"] is True
    assert values["creditor.currency_matches"] is True
    assert UNKNOWN not in [values[name] for name in CREDITOR_FIELDS]


@pytest.mark.parametrize("blocked", list(Blocked))
def test_the_block_is_the_cards(blocked: Blocked) -> None:
    values = fields(known=facts(creditor=a_creditor(blocked=blocked)))
    assert values["creditor.blocked"] == blocked.value


@pytest.mark.parametrize(
    ("cvr", "on_card", "matches"),
    [
        ("99130008", "99130008", True),
        ("99130008", "99130016", False),
        (None, "99130008", True),
        ("99130008", None, True),
    ],
)
def test_two_different_cvr_numbers_do_not_match(
    cvr: str | None, on_card: str | None, matches: bool
) -> None:
    invoice = an_invoice(seller=a_party("Dansk Kontor A/S", cvr=cvr))
    values = fields(invoice, facts(creditor=a_creditor(cvr=on_card)))
    assert values["creditor.cvr_matches"] is matches


def test_other_rows_with_the_same_cvr_number_make_the_choice_uncertain() -> None:
    assert fields()["creditor.ambiguous"] is False
    values = fields(known=facts(creditor_candidates=1))
    assert values["creditor.ambiguous"] is True
    assert values["creditor.candidates"] == 1


@pytest.mark.parametrize(("currency", "matches"), [(None, True), ("DKK", True), ("EUR", False)])
def test_a_creditor_with_a_currency_of_its_own_is_billed_in_it(
    currency: str | None, matches: bool
) -> None:
    values = fields(known=facts(creditor=a_creditor(currency=currency)))
    assert values["creditor.currency_matches"] is matches
