"""Accounts are compared in one form, and the known way to pay goes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from robot.domain import accounts
from robot.domain.facts import BankAccount
from robot.domain.invoice import PaymentChannel, PaymentMeans
from tests.support.factories import (
    a_creditor,
    an_invoice,
    bank_creditor,
    bank_transfer,
    iban_transfer,
    nemkonto,
    payment_means,
)

DIGITS = "0123456789"


@pytest.mark.parametrize(
    ("branch", "account", "expected"),
    [
        ("1551", "0001234567", "15510001234567"),
        ("1551", "1234567", "15510001234567"),
        ("1551", "123 4567", "15510001234567"),
        ("400", "440-116243", "04000440116243"),
        (None, "15510001234567", "15510001234567"),
        (None, "0001234567", None),
        ("15511", "1234567", None),
        ("1551", "00001234567", None),
        ("DABADKKK", "1234567", None),
        ("1551", "12345X7", None),
        ("1551", None, None),
    ],
)
def test_a_danish_account_has_four_and_ten_digits(
    branch: str | None, account: str | None, expected: str | None
) -> None:
    assert accounts.danish_account(branch, account) == expected


@given(st.text(DIGITS, min_size=14, max_size=14))
def test_an_account_and_its_iban_are_the_same_account(account: str) -> None:
    number = accounts.iban_of_account(account)
    assert iban.is_valid(number)
    assert accounts.account_of_iban(number) == account
    assert accounts.account_of_iban(number.lower()) == account


def test_a_foreign_iban_stays_as_it_is() -> None:
    assert accounts.account_of_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("means", "account"),
    [
        (payment_means(), "81234562"),
        (payment_means(channel=PaymentChannel.FIK_04, account="1234567"), "01234567"),
        (payment_means(account=None), None),
        (bank_transfer("1551", "1234567"), "15510001234567"),
        (bank_transfer("1551", "ukendt"), "1551ukendt"),
        (iban_transfer("GB33BUKB20201555555555"), "GB33BUKB20201555555555"),
        (nemkonto(), None),
    ],
)
def test_every_way_to_pay_names_its_account(means: PaymentMeans, account: str | None) -> None:
    assert accounts.account_of(means) == account


def test_a_creditors_accounts_are_known_in_both_forms() -> None:
    creditor = a_creditor(
        accounts=(
            BankAccount(branch="40", account="440116243"),
            BankAccount(iban="DE89 3704 0044 0532 0130 00"),
            BankAccount(iban="DK3215510001234567"),
        )
    )
    assert accounts.creditor_accounts(creditor) == {
        "81234562",
        "00400440116243",
        "DK5000400440116243",
        "DE89370400440532013000",
        "DK3215510001234567",
        "15510001234567",
    }


def test_the_first_way_to_pay_that_says_how_counts() -> None:
    unsaid = PaymentMeans(code="1", channel=PaymentChannel.NONE)
    invoice = an_invoice(payment_means=(unsaid, bank_transfer()))
    assert accounts.primary_means(invoice) == bank_transfer()
    assert accounts.primary_means(an_invoice(payment_means=(unsaid,))) == unsaid
    assert accounts.primary_means(an_invoice(payment_means=())) is None


def test_the_order_pays_by_the_account_that_is_the_creditors() -> None:
    invoice = an_invoice(payment_means=(payment_means(), bank_transfer("1551", "1234567")))
    assert accounts.means_to_pay_by(invoice, bank_creditor()) == invoice.payment_means[1]


def test_else_by_the_method_that_is_the_creditors() -> None:
    invoice = an_invoice(payment_means=(payment_means(), nemkonto()))
    creditor = a_creditor(payment_channel="nemkonto", creditor_number=None)
    assert accounts.means_to_pay_by(invoice, creditor) == nemkonto()


def test_else_by_the_first() -> None:
    invoice = an_invoice(payment_means=(payment_means(),))
    creditor = a_creditor(payment_channel=None, creditor_number=None)
    assert accounts.means_to_pay_by(invoice, creditor) == payment_means()
