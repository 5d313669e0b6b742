from __future__ import annotations

from decimal import Decimal

import pytest

from robot.domain.report import Result
from robot.domain.state import State
from tests.support.reports import UNKNOWN_CREDITOR, a_report, a_row, bounced, held, reported


def test_every_result_is_counted_also_when_there_is_none() -> None:
    counts = a_report(a_row("1"), a_row("2"), held("3")).counts()
    assert counts == {
        Result.POSTED: 2,
        Result.BOUNCED: 0,
        Result.HELD: 1,
        Result.UNREADABLE: 0,
        Result.UNKNOWN: 0,
    }


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (State.POSTED, Result.POSTED),
        (State.BOUNCED, Result.BOUNCED),
        (State.HELD, Result.HELD),
        (State.UNREADABLE, Result.UNREADABLE),
        (State.POSTING, Result.UNKNOWN),
        (State.REJECTING, Result.UNKNOWN),
        (State.DECIDED, Result.UNKNOWN),
    ],
)
def test_only_what_is_proven_counts_as_done(state: State, result: Result) -> None:
    assert Result.of(state) is result


def test_amounts_are_summed_by_currency_and_credit_notes_taken_off() -> None:
    report = a_report(
        a_row("1", total=Decimal("0.10")),
        a_row("2", total=Decimal("0.20")),
        a_row("3", total=Decimal("0.05"), kind="credit-note"),
        a_row("4", total=Decimal(7), currency="EUR"),
        held("5", total=Decimal(1000)),
        a_row("6", total=None),
    )
    assert report.amounts(Result.POSTED) == {"DKK": Decimal("0.25"), "EUR": Decimal(7)}


def test_the_amount_of_a_confidential_document_can_not_be_worked_out_from_the_sum() -> None:
    report = a_report(a_row("1", total=Decimal(10)), a_row("2", confidential=True))
    assert report.amounts(Result.POSTED) == {"DKK": Decimal(10)}


def test_an_error_type_counts_once_for_a_document() -> None:
    twice = (reported(path="lines[1]"), reported(path="lines[2]"))
    report = a_report(bounced("1", findings=twice), bounced("2"), held("3"))
    assert [(error.code, error.documents) for error in report.errors()] == [
        ("dimension-missing", 2),
        ("creditor-unknown", 1),
    ]


def test_error_types_that_are_as_frequent_stand_by_their_code() -> None:
    report = a_report(bounced("1", findings=(reported(), UNKNOWN_CREDITOR)))
    assert [error.code for error in report.errors()] == ["creditor-unknown", "dimension-missing"]


def test_documents_are_counted_by_customer_in_the_order_of_their_numbers() -> None:
    report = a_report(
        held("1", bogfoeringskreds="99005", customer="Domsarkivet"), a_row("2"), bounced("3")
    )
    grouped = report.by_customer()
    assert list(grouped) == [("99001", "Eksempelstyrelsen"), ("99005", "Domsarkivet")]
    assert grouped["99001", "Eksempelstyrelsen"][Result.POSTED] == 1
    assert grouped["99005", "Domsarkivet"][Result.HELD] == 1
