"""How the invoice asks to be paid, against the creditor's card (Navision Stat 9.7.003)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from robot.domain.facts import BankAccount, Creditor
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Invoice, PaymentChannel, PaymentMeans
from tests.checks.asking import fields
from tests.support.factories import (
    a_credit_note,
    a_creditor,
    a_party,
    an_invoice,
    bank_creditor,
    bank_transfer,
    facts,
    iban_transfer,
    nemkonto,
    payment_means,
)

NOTHING_SAID = PaymentMeans(code="1", channel=PaymentChannel.NONE)
NEMKONTO_CREDITOR = a_creditor(payment_channel="nemkonto", creditor_number=None)


def paid_by(*means: PaymentMeans) -> Invoice:
    return an_invoice(payment_means=means)


def test_an_everyday_fik_card() -> None:
    values = fields()
    assert values["payment.channel"] == "fik-71"
    assert values["payment.account"] == "81234562"
    assert values["payment.reference"] == "000000012345674"
    assert values["payment.iban"] is None
    assert values["payment.means_count"] == 1


def test_a_bank_account_is_given_with_fourteen_digits() -> None:
    assert fields(paid_by(bank_transfer("1551", "1234567")))["payment.account"] == "15510001234567"


def test_an_iban_is_given_in_capitals_with_its_country() -> None:
    values = fields(paid_by(iban_transfer("de89 3704 0044 0532 0130 00")))
    assert values["payment.iban"] == "DE89370400440532013000"
    assert values["payment.iban_country"] == "DE"
    assert values["payment.account"] == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("field", "means"),
    [
        ("payment.reference_valid", payment_means(reference="000000012345675")),
        ("payment.account_valid", payment_means(account="71234562")),
        ("payment.account_valid", bank_transfer("155", "12345678901")),
        ("payment.iban_valid", iban_transfer("DE89370400440532013001")),
        (
            "payment.iban_matches_account",
            PaymentMeans(
                code="42",
                channel=PaymentChannel.BANK,
                branch="1551",
                account="7654321",
                iban="DK3215510001234567",
            ),
        ),
    ],
)
def test_one_wrong_number_among_several_ways_to_pay_is_seen(
    field: str, means: PaymentMeans
) -> None:
    assert fields(paid_by(payment_means()))[field] is True
    assert fields(paid_by(payment_means(), means))[field] is False


def beside(iban: str, branch: str | None, account: str | None) -> PaymentMeans:
    return PaymentMeans(
        code="42", channel=PaymentChannel.BANK, branch=branch, account=account, iban=iban
    )


@pytest.mark.parametrize(
    "means",
    [
        iban_transfer("DK3215510001234567"),
        beside("DK3215510001234567", "1551", "1234567"),
        beside("DE89370400440532013000", "1551", "1234567"),
        beside("DK3215510001234567", None, "1234567"),
    ],
)
def test_an_iban_is_compared_with_a_danish_account_only(means: PaymentMeans) -> None:
    assert fields(paid_by(means))["payment.iban_matches_account"] is True


def test_what_is_not_stated_is_not_invalid() -> None:
    values = fields(paid_by(payment_means(account=None, reference=" ")))
    assert values["payment.account_valid"] is True
    assert values["payment.reference_valid"] is True
    assert values["payment.iban_valid"] is True


@pytest.mark.parametrize(
    ("means", "missing"),
    [
        ((), True),
        ((NOTHING_SAID,), True),
        ((payment_means(reference=None),), True),
        ((payment_means(account=None),), True),
        ((bank_transfer("", "1234567"),), True),
        ((PaymentMeans(code="30", channel=PaymentChannel.OTHER),), True),
        ((payment_means(channel=PaymentChannel.FIK_73, reference=None),), False),
        ((NOTHING_SAID, bank_transfer()), False),
        ((nemkonto(),), False),
        ((iban_transfer("GB33BUKB20201555555555"),), False),
        ((PaymentMeans(code="30", channel=PaymentChannel.OTHER, account="021000021-77"),), False),
    ],
)
def test_details_are_missing_when_no_way_to_pay_is_complete(
    means: tuple[PaymentMeans, ...], missing: bool
) -> None:
    assert fields(paid_by(*means))["payment.details_missing"] is missing


def test_nothing_is_missing_where_nothing_is_to_be_paid() -> None:
    assert not fields(a_credit_note(payment_means=()))["payment.details_missing"]
    assert not fields(an_invoice(payment_means=(), payable=Decimal(0)))["payment.details_missing"]


@pytest.mark.parametrize(
    ("means", "several"),
    [
        ((bank_transfer("1551", "1234567"), bank_transfer("1551", "7654321")), True),
        ((payment_means(), payment_means(account="87654328")), True),
        ((bank_transfer("1551", "1234567"), iban_transfer("DE89370400440532013000")), True),
        ((bank_transfer("1551", "1234567"), iban_transfer("DK3215510001234567")), False),
        ((bank_transfer("1551", "1234567"), bank_transfer("1551", "0001234567")), False),
        ((payment_means(), bank_transfer()), False),
        ((payment_means(),), False),
    ],
)
def test_two_accounts_of_one_kind_are_several(
    means: tuple[PaymentMeans, ...], several: bool
) -> None:
    assert fields(paid_by(*means))["payment.several_accounts"] is several


@pytest.mark.parametrize(
    ("invoice", "paid"),
    [
        (paid_by(PaymentMeans(code="48", channel=PaymentChannel.CARD)), True),
        (paid_by(PaymentMeans(code="49", channel=PaymentChannel.DIRECT_DEBIT)), True),
        (an_invoice(prepaid=Decimal("1250.00"), payable=Decimal(0)), True),
        (an_invoice(prepaid=Decimal("250.00"), payable=Decimal("1000.00")), False),
        (an_invoice(prepaid=Decimal(0), payable=Decimal(0)), False),
        (an_invoice(), False),
    ],
)
def test_a_card_a_direct_debit_or_a_full_prepayment_looks_paid(
    invoice: Invoice, paid: bool
) -> None:
    assert fields(invoice)["payment.already_paid"] is paid


@pytest.mark.parametrize(
    ("means", "creditor", "matches"),
    [
        (payment_means(), a_creditor(), True),
        (payment_means(account="87654328"), a_creditor(), False),
        (payment_means(account="8123 4562"), a_creditor(), True),
        (bank_transfer("1551", "1234567"), bank_creditor(), True),
        (bank_transfer("1551", "1234568"), bank_creditor(), False),
        (bank_transfer("1552", "1234567"), bank_creditor(), False),
        (iban_transfer("DK3215510001234567"), bank_creditor(), True),
        (bank_transfer(), a_creditor(accounts=(BankAccount(iban="DK3215510001234567"),)), True),
        (bank_transfer(), NEMKONTO_CREDITOR, False),
        (nemkonto(), bank_creditor(), True),
        (nemkonto(), NEMKONTO_CREDITOR, True),
    ],
)
def test_an_account_on_the_invoice_must_be_the_creditors(
    means: PaymentMeans, creditor: Creditor, matches: bool
) -> None:
    values = fields(paid_by(means), facts(creditor=creditor))
    assert values["payment.matches_creditor"] is matches


def test_one_known_account_among_several_is_enough() -> None:
    values = fields(paid_by(bank_transfer("9999", "1"), payment_means()))
    assert values["payment.matches_creditor"] is True
    assert values["payment.several_accounts"] is False


@pytest.mark.parametrize(
    ("means", "creditor", "matches"),
    [
        (payment_means(), a_creditor(), True),
        (payment_means(channel=PaymentChannel.FIK_75), a_creditor(), True),
        (bank_transfer(), a_creditor(), False),
        (iban_transfer("DK3215510001234567"), bank_creditor(), True),
        (nemkonto(), bank_creditor(), False),
        (payment_means(), NEMKONTO_CREDITOR, False),
        (payment_means(), a_creditor(payment_channel=None), True),
        (NOTHING_SAID, a_creditor(), True),
    ],
)
def test_the_method_must_be_the_creditors(
    means: PaymentMeans, creditor: Creditor, matches: bool
) -> None:
    values = fields(paid_by(means), facts(creditor=creditor))
    assert values["payment.method_matches"] is matches


@pytest.mark.parametrize("invoice", [a_credit_note(), an_invoice(payable=Decimal(0))])
def test_nothing_is_compared_where_nothing_is_to_be_paid(invoice: Invoice) -> None:
    values = fields(invoice, facts(creditor=NEMKONTO_CREDITOR))
    assert values["payment.matches_creditor"] is True
    assert values["payment.method_matches"] is True


def test_without_a_creditor_there_is_nothing_to_compare_with() -> None:
    values = fields(known=facts(creditor=None))
    assert values["payment.matches_creditor"] is True
    assert values["payment.nemkonto_exception"] is False


def test_a_creditor_that_was_not_looked_up_is_not_compared() -> None:
    values = fields(known=facts(creditor=UNKNOWN))
    assert values["payment.matches_creditor"] is UNKNOWN
    assert values["payment.method_matches"] is UNKNOWN
    assert values["payment.nemkonto_exception"] is UNKNOWN


@pytest.mark.parametrize(
    ("creditor", "cvr", "exception"),
    [
        (NEMKONTO_CREDITOR, "99130008", True),
        (NEMKONTO_CREDITOR, "99130016", False),
        (NEMKONTO_CREDITOR, None, False),
        (a_creditor(payment_channel="nemkonto", cvr="10391005"), "10391005", False),
        (a_creditor(), "99130008", False),
    ],
)
def test_money_to_the_nemkonto_of_the_same_valid_cvr_number_is_an_exception(
    creditor: Creditor, cvr: str | None, exception: bool
) -> None:
    invoice = an_invoice(
        seller=a_party("Dansk Kontor A/S", cvr=cvr), payment_means=(bank_transfer(),)
    )
    values = fields(invoice, facts(creditor=creditor))
    assert values["payment.nemkonto_exception"] is exception
    if creditor is NEMKONTO_CREDITOR:
        assert values["payment.matches_creditor"] is False
