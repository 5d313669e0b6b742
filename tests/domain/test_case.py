"""Where a case stands, and which documents one repair puts right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from robot.domain.case import (
    Ball,
    CaseMarks,
    CaseStatus,
    DocumentStanding,
    cause_of,
    status_of,
    status_words,
)
from robot.domain.decision import Finding
from robot.domain.state import State
from robot.domain.taxonomy import (
    Disposition,
    ErrorClass,
    ErrorType,
    FixableBy,
    OneRepair,
    Owner,
    Severity,
    Taxonomy,
)

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def after(hours: int) -> datetime:
    return MONDAY + timedelta(hours=hours)


def a_document(state: State = State.BOUNCED, **instants: datetime) -> DocumentStanding:
    return DocumentStanding(state=state, since=after(1), **instants)


def standing(*documents: DocumentStanding, **marks: datetime) -> tuple[CaseStatus, Ball, datetime]:
    found = status_of(replace(CaseMarks(opened_at=MONDAY), **marks), documents)
    return found.status, found.ball, found.since


TOLD = a_document(told_at=after(2))


def test_a_bounced_document_is_the_robots_until_its_customer_is_told() -> None:
    assert standing(a_document()) == (CaseStatus.RECEIVED, Ball.ROBOT, after(1))
    assert standing(TOLD) == (CaseStatus.WAITING_CUSTOMER, Ball.CUSTOMER, after(2))


def test_the_customers_word_that_it_is_fixed_moves_nothing() -> None:
    assert standing(TOLD, said_fixed_at=after(3))[0] is CaseStatus.WAITING_CUSTOMER


def test_the_supplier_has_the_ball_when_the_customer_says_so() -> None:
    assert standing(TOLD, supplier_since=after(3)) == (
        CaseStatus.WAITING_SUPPLIER,
        Ball.SUPPLIER,
        after(3),
    )


def test_what_was_said_before_the_last_notice_is_overtaken() -> None:
    again = a_document(told_at=after(9))
    assert standing(again, supplier_since=after(3), asked_at=after(4))[1] is Ball.CUSTOMER


def test_a_question_puts_the_ball_with_the_centre() -> None:
    assert standing(TOLD, asked_at=after(4)) == (CaseStatus.WITH_US, Ball.SAM, after(4))


@pytest.mark.parametrize(
    ("state", "status", "ball"),
    [
        (State.DECIDED, CaseStatus.RECEIVED, Ball.ROBOT),
        (State.POSTING, CaseStatus.RECEIVED, Ball.ROBOT),
        (State.HELD, CaseStatus.WITH_US, Ball.SAM),
        (State.UNREADABLE, CaseStatus.WITH_US, Ball.SAM),
        (State.POSTED, CaseStatus.POSTED, Ball.BANK),
        (State.DROPPED, CaseStatus.CLOSED, Ball.NOBODY),
    ],
)
def test_the_latest_version_says_where_it_stands(
    state: State, status: CaseStatus, ball: Ball
) -> None:
    document = a_document(state, told_at=after(0))
    assert standing(document, supplier_since=after(5))[:2] == (status, ball)


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_status(state: State) -> None:
    assert standing(a_document(state))[0] in CaseStatus


def test_a_paid_document_is_nobodys() -> None:
    paid = a_document(State.POSTED, paid_at=after(50))
    assert standing(paid) == (CaseStatus.PAID, Ball.NOBODY, after(50))


def test_the_document_that_needs_somebody_most_stands_for_the_case() -> None:
    earlier = a_document(told_at=after(1))
    found = standing(a_document(State.POSTED), TOLD, a_document(State.HELD), earlier)
    assert found == (CaseStatus.WAITING_CUSTOMER, Ball.CUSTOMER, after(1))


def test_a_closed_case_is_closed_unless_everything_is_posted() -> None:
    assert standing(TOLD, closed_at=after(5)) == (CaseStatus.CLOSED, Ball.NOBODY, after(5))
    assert standing(a_document(State.POSTED), closed_at=after(5))[0] is CaseStatus.POSTED


def test_who_writes_on_a_closed_case_is_heard() -> None:
    assert standing(TOLD, closed_at=after(5), asked_at=after(6))[0] is CaseStatus.WITH_US


def test_each_status_has_words_in_each_language() -> None:
    assert [status_words(status, "da") for status in CaseStatus] == [
        "modtaget",
        "venter på jer",
        "venter på leverandøren",
        "hos os",
        "bogført",
        "betalt",
        "lukket",
    ]
    assert all(status_words(status, "en") for status in CaseStatus)


def a_kind(code: str, one_repair: OneRepair | None) -> ErrorType:
    return ErrorType(
        code=code,
        texts={},
        error_class=ErrorClass.BUSINESS,
        disposition=Disposition.BOUNCE,
        owner=Owner.CUSTOMER,
        fixable_by=FixableBy.CUSTOMER,
        severity=Severity.ERROR,
        order=1,
        one_repair=one_repair,
    )


TAXONOMY = Taxonomy(
    [
        a_kind("creditor-blocked", OneRepair.CREDITOR),
        a_kind("account-blocked", OneRepair.ACCOUNT),
        a_kind("totals-wrong", None),
    ]
)


def a_finding(code: str, seen: str = "", path: str = "") -> Finding:
    return Finding(code=code, path=path, seen=seen, expected="", rule="standard:test")


def key_of(
    findings: Sequence[Finding], customer: str = "99001", creditor: str = "10200"
) -> str | None:
    found = cause_of(findings, TAXONOMY, customer=customer, creditor=creditor)
    return None if found is None else found.hash


def test_a_blocked_creditor_is_one_cause_however_many_invoices_it_sends() -> None:
    cause = [a_finding("creditor-blocked", "all")]
    assert key_of(cause) == key_of([a_finding("creditor-blocked", "ja")])
    assert key_of(cause) != key_of(cause, creditor="10300")
    assert key_of(cause) != key_of(cause, customer="99002")


def test_a_closed_account_is_one_cause_on_whatever_lines() -> None:
    one = [a_finding("account-blocked", "2210", "lines[1].account")]
    two = [*one, a_finding("account-blocked", "2210", "lines[7].account")]
    assert key_of(one) == key_of(two)
    assert key_of(one) != key_of([a_finding("account-blocked", "2211")])


def test_a_document_with_an_error_of_its_own_has_a_case_of_its_own() -> None:
    assert key_of([a_finding("creditor-blocked"), a_finding("totals-wrong")]) is None
    assert key_of([]) is None
    assert key_of([a_finding("account-blocked", "")]) is None
    assert key_of([a_finding("no-such-type", "1")]) is None
