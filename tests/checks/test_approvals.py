"""Two persons, in order, within limits, on the mandate list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.domain.customer import Customer, Mandate
from robot.domain.document import Approval, Step
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from tests.checks.asking import fields
from tests.support.factories import a_customer, an_invoice, approvals, facts


def step(kind: Step, by: str, hour: int, limit: str | None = None) -> Approval:
    return Approval(
        step=kind,
        by=by,
        at=datetime(2026, 11, 12, hour, tzinfo=UTC),
        limit=None if limit is None else Decimal(limit),
    )


FIRST = step(Step.FIRST_APPROVAL, "abe", 10)
SECOND = step(Step.SECOND_APPROVAL, "dan", 11, "50000")


def test_an_everyday_approval() -> None:
    values = fields()
    assert values["approval.complete"] is True
    assert values["approval.requester"] == "abe"
    assert values["approval.approver"] == "dan"
    assert values["approval.limit"] == Money(Decimal(50000), "DKK")
    assert values["approval.same_person"] is False


def test_a_source_that_does_not_say_leaves_every_field_unknown() -> None:
    values = fields(approvals=None)
    names = [name for name in CATALOGUE if name.startswith("approval.")]
    assert {name for name in names if values[name] is not UNKNOWN} == set()


@pytest.mark.parametrize(
    ("said", "present", "first", "second"),
    [
        ((), False, False, False),
        ((step(Step.RECEIVED, "sdi", 8), step(Step.DISTRIBUTED, "bod", 9)), False, False, False),
        ((FIRST,), True, True, False),
        ((SECOND,), True, False, True),
        ((SECOND, FIRST), True, True, True),
    ],
)
def test_both_approvals_must_be_there(
    said: tuple[Approval, ...], present: bool, first: bool, second: bool
) -> None:
    values = fields(approvals=said)
    assert values["approval.present"] is present
    assert values["approval.first"] is first
    assert values["approval.second"] is second
    assert values["approval.complete"] is (first and second)
    assert values["approval.same_person"] is False
    assert values["approval.within_limit"] is True


@pytest.mark.parametrize(("hour", "right"), [(10, True), (9, False)])
def test_the_first_comes_before_the_second(hour: int, right: bool) -> None:
    said = (FIRST, step(Step.SECOND_APPROVAL, "dan", hour))
    assert fields(approvals=said)["approval.order_right"] is right


def test_the_last_round_counts() -> None:
    said = (FIRST, SECOND, step(Step.FIRST_APPROVAL, "cara", 12))
    values = fields(approvals=said)
    assert values["approval.requester"] == "cara"
    assert values["approval.order_right"] is False


@pytest.mark.parametrize("approver", ["abe", "ABE", " Abe "])
def test_one_person_may_not_give_both(approver: str) -> None:
    assert fields(approvals=approvals("abe", approver))["approval.same_person"] is True


@pytest.mark.parametrize(
    ("limit", "within"), [("1249.99", False), ("1250.00", True), (None, True)]
)
def test_the_amount_with_vat_is_within_the_limit(limit: str | None, within: bool) -> None:
    values = fields(approvals=approvals(limit=limit))
    assert values["approval.within_limit"] is within


def test_a_credit_note_is_measured_by_its_size() -> None:
    values = fields(an_invoice(total=Decimal(-5000)), approvals=approvals(limit="4000"))
    assert values["approval.within_limit"] is False


def test_another_currency_is_converted() -> None:
    euros = an_invoice(currency="EUR")
    said = approvals(limit="9000")
    known = facts(rate_to_dkk=Decimal("7.46"))
    assert fields(euros, known, approvals=said)["approval.within_limit"] is False
    unknown = facts(rate_to_dkk=UNKNOWN)
    assert fields(euros, unknown, approvals=said)["approval.within_limit"] is UNKNOWN
    unlimited = approvals(limit=None)
    assert fields(euros, unknown, approvals=unlimited)["approval.within_limit"] is True


def mandated(*mandates: Mandate) -> Customer:
    return a_customer(mandates=mandates)


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        (None, True),
        (a_customer(), True),
        (mandated(Mandate(person="dan")), True),
        (mandated(Mandate(person="DAN ")), True),
        (mandated(Mandate(person="eva")), False),
        (mandated(Mandate(person="dan", valid_from=date(2026, 11, 12))), True),
        (mandated(Mandate(person="dan", valid_from=date(2026, 11, 13))), False),
        (mandated(Mandate(person="dan", valid_to=date(2026, 11, 12))), True),
        (mandated(Mandate(person="dan", valid_to=date(2026, 11, 11))), False),
    ],
)
def test_a_customer_with_a_mandate_list_names_its_approvers(
    customer: Customer | None, expected: bool
) -> None:
    assert fields(customer=customer)["approval.mandated"] is expected


def test_the_day_of_an_approval_is_the_danish_one() -> None:
    late = (FIRST, step(Step.SECOND_APPROVAL, "dan", 23))
    assert fields(approvals=late)["approval.date"] == date(2026, 11, 13)
    customer = mandated(Mandate(person="dan", valid_from=date(2026, 11, 13)))
    assert fields(customer=customer, approvals=late)["approval.mandated"] is True


@pytest.mark.parametrize(
    ("source", "mandate", "limit"),
    [("50000", "1000", 1000), ("1000", "50000", 1000), (None, "1000", 1000), ("1000", None, 1000)],
)
def test_the_lower_of_two_limits_counts(
    source: str | None, mandate: str | None, limit: int
) -> None:
    customer = mandated(Mandate(person="dan", limit=Decimal(mandate) if mandate else None))
    values = fields(customer=customer, approvals=approvals(limit=source))
    assert values["approval.limit"] == Money(Decimal(limit), "DKK")
    assert values["approval.within_limit"] is False


def test_without_a_second_approval_there_is_no_mandate_to_check() -> None:
    customer = mandated(Mandate(person="eva"))
    assert fields(customer=customer, approvals=(FIRST,))["approval.mandated"] is True
