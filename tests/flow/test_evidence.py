from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from robot.domain.decision import Decision, Outcome
from robot.domain.facts import Facts
from robot.flow.evidence import (
    PostingVerdict,
    RejectionVerdict,
    judge_posting,
    judge_rejection,
    stands_for,
)
from robot.flow.order import make_order
from robot.flow.ports import Evidence, KeyState
from tests.support.factories import TODAY, a_creditor, a_customer, a_document

ORDER = make_order(
    a_document(),
    Facts(creditor=a_creditor()),
    Decision(outcome=Outcome.POST, decided_on=TODAY),
    a_customer(),
)
EARLIER, OURS, LATER = "2026-11-01T10:00:00+00:00", "2026-11-12T11:00:00+00:00", "2026-11-20"
POSTED = Evidence(
    state=KeyState.POSTED,
    generation=OURS,
    payload_hash="ours",
    receipt="PF1",
    creditor="10001",
    external_number="F-1001",
    amount=Decimal("1250.00"),
    currency="DKK",
)


def _verdict(evidence: Evidence) -> PostingVerdict:
    return judge_posting(ORDER, generation=OURS, payload_hash="ours", evidence=evidence)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, PostingVerdict.POSTED),
        ({"external_number": "f-1001 "}, PostingVerdict.POSTED),
        ({"payload_hash": "", "generation": ""}, PostingVerdict.POSTED),
        ({"creditor": "10002"}, PostingVerdict.DIFFERS),
        ({"external_number": "F-1002"}, PostingVerdict.DIFFERS),
        ({"amount": Decimal("1250.01")}, PostingVerdict.DIFFERS),
        ({"currency": "EUR"}, PostingVerdict.DIFFERS),
        ({"currency": None}, PostingVerdict.DIFFERS),
        ({"receipt": None}, PostingVerdict.DIFFERS),
        ({"creditor": None, "amount": None}, PostingVerdict.DIFFERS),
        ({"payload_hash": "other"}, PostingVerdict.CONFLICT),
        ({"generation": EARLIER}, PostingVerdict.CONFLICT),
        ({"generation": LATER}, PostingVerdict.CONFLICT),
    ],
)
def test_posted_is_believed_only_when_it_is_what_was_ordered(
    changes: dict[str, Any], verdict: PostingVerdict
) -> None:
    assert _verdict(replace(POSTED, **changes)) is verdict


@pytest.mark.parametrize(
    ("state", "generation", "payload", "verdict"),
    [
        (KeyState.ABSENT, "", "", PostingVerdict.ABSENT),
        (KeyState.TAKEN, OURS, "ours", PostingVerdict.UNDER_WAY),
        (KeyState.TAKEN, OURS, "other", PostingVerdict.CONFLICT),
        (KeyState.TAKEN, EARLIER, "other", PostingVerdict.CONFLICT),
        (KeyState.REFUSED, OURS, "ours", PostingVerdict.REFUSED),
        (KeyState.REFUSED, EARLIER, "other", PostingVerdict.ABSENT),
        (KeyState.REFUSED, OURS, "other", PostingVerdict.ABSENT),
        (KeyState.REFUSED, LATER, "other", PostingVerdict.CONFLICT),
        (KeyState.TOMBSTONE, EARLIER, "t", PostingVerdict.ABSENT),
        (KeyState.TOMBSTONE, OURS, "t", PostingVerdict.CLOSED),
        (KeyState.TOMBSTONE, LATER, "t", PostingVerdict.CLOSED),
    ],
)
def test_what_is_not_posted(
    state: KeyState, generation: str, payload: str, verdict: PostingVerdict
) -> None:
    evidence = Evidence(state=state, generation=generation, payload_hash=payload)
    assert _verdict(evidence) is verdict


@pytest.mark.parametrize(
    ("state", "generation", "verdict"),
    [
        (KeyState.TOMBSTONE, OURS, RejectionVerdict.WON),
        (KeyState.TOMBSTONE, LATER, RejectionVerdict.WON),
        (KeyState.TOMBSTONE, EARLIER, RejectionVerdict.ABSENT),
        (KeyState.ABSENT, "", RejectionVerdict.ABSENT),
        (KeyState.REFUSED, OURS, RejectionVerdict.ABSENT),
        (KeyState.REFUSED, LATER, RejectionVerdict.WON),
        (KeyState.TAKEN, OURS, RejectionVerdict.LOST_LIVE),
        (KeyState.POSTED, OURS, RejectionVerdict.LOST_POSTED),
        (KeyState.POSTED, EARLIER, RejectionVerdict.LOST_POSTED),
    ],
)
def test_only_our_tombstone_makes_a_bounce(
    state: KeyState, generation: str, verdict: RejectionVerdict
) -> None:
    evidence = Evidence(state=state, generation=generation)
    assert judge_rejection(generation=OURS, evidence=evidence) is verdict


def test_a_posted_version_is_known_again_without_its_order() -> None:
    assert stands_for("F-1001", Decimal(1250), OURS, POSTED)
    assert not stands_for("F-1001", Decimal(1250), LATER, POSTED)
    assert not stands_for("F-1001", Decimal(1251), OURS, POSTED)
    assert not stands_for("F-1002", Decimal(1250), OURS, POSTED)
