"""Every operator on every type: what makes it true, false and unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from robot.rulebook.vocabulary import OPERATORS
from tests.rulebook.world import CATALOGUE, TODAY, document, truth

YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def dkk(amount: str) -> Money:
    return Money(Decimal(amount), "DKK")


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


#: Field, condition, value that makes it true, value that makes it false.
CASES: list[tuple[str, str, Any, Any]] = [
    ("invoice.total", "{below: 100 DKK}", dkk("99.99"), dkk("100")),
    ("invoice.total", "{at_most: 100 DKK}", dkk("100.00"), dkk("100.01")),
    ("invoice.total", "{above: 100 DKK}", dkk("100.01"), dkk("100")),
    ("invoice.total", "{at_least: 100.50 DKK}", dkk("100.5"), dkk("100.49")),
    ("invoice.total", "{is: 100 DKK}", dkk("100.00"), dkk("99.99")),
    ("invoice.total", "{between: [100 DKK, 200 DKK]}", dkk("200"), dkk("200.01")),
    ("invoice.total", "{between: [-1 DKK, 1 DKK]}", dkk("-1"), dkk("-1.01")),
    ("invoice.total", "{at_least: 100 DKK, below: 200 DKK}", dkk("100"), dkk("200")),
    ("invoice.age_days", "{below: 10}", Decimal(9), Decimal(10)),
    ("invoice.age_days", "{at_most: 10}", Decimal(10), Decimal("10.1")),
    ("invoice.age_days", "{above: 10}", Decimal(11), Decimal(10)),
    ("invoice.age_days", "{at_least: 10}", Decimal(10), Decimal("9.9")),
    ("invoice.age_days", "{is: 12.5}", Decimal("12.50"), Decimal(12)),
    ("invoice.age_days", "{between: [1, 3]}", Decimal(1), Decimal("0.99")),
    ("invoice.issue_date", "{before: 2026-11-24}", date(2026, 11, 23), TODAY),
    ("invoice.issue_date", "{on_or_before: 2026-11-24}", TODAY, date(2026, 11, 25)),
    ("invoice.issue_date", "{after: 2026-11-24}", date(2026, 11, 25), TODAY),
    ("invoice.issue_date", "{on_or_after: 2026-11-24}", TODAY, date(2026, 11, 23)),
    ("invoice.issue_date", "{is: 2026-11-24}", TODAY, date(2026, 11, 23)),
    (
        "invoice.issue_date",
        "{between: [2026-01-01, 2026-12-31]}",
        date(2026, 12, 31),
        date(2027, 1, 1),
    ),
    ("invoice.issue_date", "{before: today}", date(2026, 11, 23), TODAY),
    (
        "invoice.issue_date",
        "{on_or_after: today - 30 days}",
        date(2026, 10, 25),
        date(2026, 10, 24),
    ),
    ("invoice.issue_date", "{after: today + 2 days}", date(2026, 11, 27), date(2026, 11, 26)),
    ("invoice.issue_date", "{within_days: 3}", date(2026, 11, 27), date(2026, 11, 28)),
    ("invoice.issue_date", "{within_days: 3}", date(2026, 11, 21), date(2026, 11, 20)),
    ("invoice.issue_date", "{within_days: next 3}", date(2026, 11, 27), date(2026, 11, 23)),
    ("invoice.issue_date", "{within_days: last 3 days}", date(2026, 11, 21), date(2026, 11, 25)),
    ("order.reference", "{is: '0450'}", "0450", "450"),
    ("order.reference", "{is: 0450}", "0450", "450"),
    ("order.reference", "{is: NO}", "NO", "no"),
    ("order.reference", "{is_not: A1}", "A2", "A1"),
    ("order.reference", "{in: [A1, 12:30]}", "12:30", "A3"),
    ("order.reference", "{not_in: [A1, A2]}", "A3", "A2"),
    ("order.reference", "{in_list: approved}", "A1", "A2"),
    ("order.reference", "{not_in_list: approved}", "A2", "A1"),
    ("order.reference", "{starts_with: '61'}", "6100", "16100"),
    ("order.reference", "{starts_with: ['61', '62']}", "6200", "6300"),
    ("order.reference", r"{matches: '\d{8}'}", "12345678", "x12345678"),
    ("order.reference", r"{matches: '\d{8}'}", "12345678", "123456789"),
    ("supplier.name", "{is: Ærø Kommune}", "Ærø Kommune", "ærø kommune"),
    ("supplier.name", "{is_not: Ærø}", "Als", "Ærø"),
    ("supplier.name", "{in: [Ærø, Als]}", "Als", "Fur"),
    ("supplier.name", "{not_in: [Ærø]}", "Als", "Ærø"),
    ("supplier.name", "{in_list: approved}", "A1", "Als"),
    ("supplier.name", "{not_in_list: approved}", "Als", "A1"),
    ("supplier.name", "{starts_with: Dansk}", "Dansk Kontor", "Norsk Kontor"),
    ("supplier.name", "{matches: '.*A/S'}", "Kontor A/S", "Kontor ApS"),
    ("invoice.kind", "{is: invoice}", "invoice", "credit-note"),
    ("invoice.kind", "{is_not: invoice}", "credit-note", "invoice"),
    ("creditor.blocked", "{in: [payment, all]}", "all", "no"),
    ("creditor.blocked", "{not_in: [payment, all]}", "no", "payment"),
    ("payment.account", "{is: '15510001234567'}", "15510001234567", "15510001234568"),
    ("creditor.known", "yes", True, False),
    ("creditor.known", "no", False, True),
]


@pytest.mark.parametrize(("field", "condition", "right", "wrong"), CASES)
def test_an_operator_is_true_false_and_unknown(
    field: str, condition: str, right: object, wrong: object
) -> None:
    when = f"{field}: {condition}"
    outcomes = [truth(when, document(**{field: value})) for value in (right, wrong, None, UNKNOWN)]
    assert outcomes == [YES, NO, OPEN, OPEN]


#: Field, other field, equal values, values that differ.
COMPARISONS: list[tuple[str, str, tuple[Any, Any], tuple[Any, Any]]] = [
    ("invoice.total", "invoice.payable", (dkk("1"), dkk("1.00")), (dkk("1"), dkk("2"))),
    (
        "invoice.age_days",
        "invoice.payment_days",
        (Decimal(1), Decimal(1)),
        (Decimal(1), Decimal(2)),
    ),
    ("invoice.issue_date", "invoice.due_date", (TODAY, TODAY), (TODAY, date(2026, 1, 1))),
    ("order.reference", "invoice.number", ("A", "A"), ("A", "B")),
    ("supplier.name", "creditor.name", ("A", "A"), ("A", "a")),
    ("order.reference", "supplier.name", ("A", "A"), ("A", "B")),
    ("payment.account", "payment.iban", ("1", "1"), ("1", "01")),
    (
        "payment.account",
        "creditor.accounts",
        ("1", frozenset({"1", "2"})),
        ("1", frozenset({"2"})),
    ),
    ("payment.account", "creditor.accounts", ("1", frozenset({"1"})), ("1", frozenset())),
    ("invoice.kind", "creditor.blocked", ("no", "no"), ("no", "all")),
]


@pytest.mark.parametrize(("field", "other", "equal", "different"), COMPARISONS)
def test_two_fields_are_compared(
    field: str, other: str, equal: tuple[Any, Any], different: tuple[Any, Any]
) -> None:
    pairs = [equal, different, (equal[0], None), (None, equal[1]), (None, None)]
    pairs += [(UNKNOWN, equal[1]), (equal[0], UNKNOWN)]
    documents = [document(**{field: first, other: second}) for first, second in pairs]
    same = [truth(f"{field}: {{same_as: {other}}}", values) for values in documents]
    differs = [truth(f"{field}: {{differs_from: {other}}}", values) for values in documents]
    assert same == [YES, NO, OPEN, OPEN, OPEN, OPEN, OPEN]
    assert differs == [NO, YES, OPEN, OPEN, OPEN, OPEN, OPEN]


@pytest.mark.parametrize(
    "condition",
    [
        "invoice.total: {below: 100 DKK}",
        "invoice.total: {between: [1 DKK, 100 DKK]}",
        "invoice.total: {same_as: invoice.payable}",
        "none_of: [invoice.total: {at_least: 100 DKK}]",
    ],
)
def test_another_currency_is_unknown(condition: str) -> None:
    values = document(**{"invoice.total": eur("50"), "invoice.payable": dkk("50")})
    assert truth(condition, values) is OPEN


@pytest.mark.parametrize("field", [name for name, spec in CATALOGUE.items() if not spec.of_line])
def test_every_field_can_be_missing_and_present(field: str) -> None:
    there: Any = {
        "invoice.total": dkk("0"),
        "invoice.payable": dkk("0"),
        "creditor.accounts": frozenset({"1"}),
        "creditor.known": False,
        "posting.period_open": False,
        "lines": ({},),
    }.get(field, "x")
    outcomes = {
        word: [truth(f"{field}: {word}", document(**{field: v})) for v in (None, there, UNKNOWN)]
        for word in ("missing", "present")
    }
    assert outcomes == {"missing": [YES, NO, OPEN], "present": [NO, YES, OPEN]}


def test_an_empty_set_of_accounts_is_missing() -> None:
    assert (
        truth("creditor.accounts: missing", document(**{"creditor.accounts": frozenset()})) is YES
    )


def test_a_value_of_the_wrong_type_is_unknown_and_never_an_error() -> None:
    wrong = document(
        **{
            "invoice.total": "100",
            "invoice.age_days": "9",
            "invoice.issue_date": "2026-11-24",
            "order.reference": 450,
            "creditor.known": "yes",
        }
    )
    conditions = [
        "invoice.total: {below: 1000 DKK}",
        "invoice.age_days: {below: 10}",
        "invoice.issue_date: {before: 2027-01-01}",
        "order.reference: {is: '450'}",
        "creditor.known: yes",
    ]
    assert [truth(condition, wrong) for condition in conditions] == [OPEN] * 5


def test_a_field_that_the_values_do_not_have_is_unknown() -> None:
    assert truth("invoice.total: {below: 100 DKK}", {}) is OPEN


def test_every_operator_of_every_type_is_tried_here() -> None:
    tried = {(field, condition) for field, condition, _, _ in CASES}
    for field, spec in CATALOGUE.items():
        if spec.of_line:
            continue
        same_type = [name for name, other in CATALOGUE.items() if other.type is spec.type]
        for operator in OPERATORS[spec.type]:
            found = any(f"{operator}:" in c for name, c in tried if name in same_type)
            compared = operator in {"same_as", "differs_from"}
            assert found or compared, (field, operator)
