"""A candidate directory is frozen as it is, and made again from the text alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from robot.domain.decision import Outcome
from robot.domain.document import ApprovedDocument, SourceStatement
from robot.domain.facts import NOTHING_KNOWN
from robot.domain.fields import FieldSpec, FieldType
from robot.domain.money import Money
from robot.errors import RuleChangeError
from robot.rulebook.loader import LoadedRules
from robot.rulebook.shadow import FrozenRules, frozen
from tests.rulebook.world import CATALOGUE, CUSTOMER, document, loaded, standard
from tests.support.factories import an_invoice

TODAY = date(2026, 11, 24)
OTHER = CUSTOMER.replace("99001", "99002").replace("5798000880016", "5798000990012")
TEXTS = {
    "standard.yaml": standard("id: small\npost:\nwhen: {invoice.number: {in_list: approved}}"),
    "customers/eksempel.yaml": CUSTOMER,
    "customers/andet.yaml": OTHER.replace("Eksempel", "Andet"),
    "lists/approved.csv": "value\nF-1\n",
    "cases/x.yaml": "cases: []\n",
}
TOTAL = FieldSpec(name="invoice.total_dkk", type=FieldType.MONEY, da="", en="", source="test")


def received(number: str = "F-1", refusal: str | None = None) -> ApprovedDocument:
    return ApprovedDocument(
        name="a.xml",
        statement=SourceStatement(system="folder", document_id="1"),
        content_hash="0" * 64,
        invoice=None if refusal else an_invoice(number=number),
        refusal=refusal,
    )


def computed(source: ApprovedDocument, *_: object) -> dict[str, Any]:
    assert source.invoice is not None
    values = document(**{"invoice.number": source.invoice.number})
    return {**values, TOTAL.name: Money(Decimal(1250), "DKK")}


def made(read: LoadedRules, *customers: str) -> FrozenRules:
    return FrozenRules(frozen(read, customers), catalogue=CATALOGUE, compute=computed)


def test_it_decides_as_the_directory_would() -> None:
    rules = made(loaded(TEXTS))
    answer = rules.decide("99001", received(), NOTHING_KNOWN, TODAY)
    assert answer is not None
    decision, amount = answer
    assert (decision.outcome, amount) == (Outcome.POST, Decimal(1250))
    other = rules.decide("99001", received("F-2"), NOTHING_KNOWN, TODAY)
    assert other is not None
    assert other[0].outcome is Outcome.HOLD


def test_a_customer_that_it_has_not_is_left_alone() -> None:
    assert made(loaded(TEXTS)).decide("99009", received(), NOTHING_KNOWN, TODAY) is None
    only = made(loaded(TEXTS), "eksempel")
    assert only.decide("99002", received(), NOTHING_KNOWN, TODAY) is None


def test_what_is_no_invoice_is_decided_without_rules() -> None:
    answer = made(loaded(TEXTS)).decide(
        "99001", received(refusal="unreadable"), NOTHING_KNOWN, TODAY
    )
    assert answer is not None
    assert answer[0].outcome is Outcome.UNREADABLE


def test_broken_rules_are_not_frozen() -> None:
    broken = {**TEXTS, "customers/eksempel.yaml": "customer: 1\n"}
    with pytest.raises(RuleChangeError, match="the candidate has 1 errors"):
        frozen(loaded(broken))


def test_rules_without_customers_are_not_frozen() -> None:
    with pytest.raises(RuleChangeError, match="there is no customer's file"):
        frozen(loaded({"standard.yaml": TEXTS["standard.yaml"], "lists/approved.csv": "value\n"}))


def test_rules_that_this_robot_can_not_use_are_refused() -> None:
    text = frozen(loaded(TEXTS))
    less = {name: spec for name, spec in CATALOGUE.items() if name != "invoice.number"}
    with pytest.raises(ValueError, match=r"invoice\.number"):
        FrozenRules(text, catalogue=less, compute=computed)
