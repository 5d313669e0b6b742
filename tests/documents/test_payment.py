"""How the supplier asks to be paid, in every way that either family can say it."""

from __future__ import annotations

from datetime import date

import pytest

from robot.domain.invoice import PaymentChannel, PaymentMeans
from tests.support import ubl
from tests.support.reading import invoice_in

_IBAN = ' schemeID="IBAN"'
_OCR_15, _OCR_16 = "000000012345674", "0000000123456782"


def means_of(inner: str) -> PaymentMeans:
    payment = f"<cac:PaymentMeans>{inner}</cac:PaymentMeans>"
    (means,) = invoice_in(ubl.oioubl(payment=payment)).payment_means
    return means


def account(number: str, branch: str = "", bic: str = "", scheme: str = "") -> str:
    institution = (
        f"<cac:FinancialInstitution><cbc:ID>{bic}</cbc:ID></cac:FinancialInstitution>"
        if bic
        else ""
    )
    return (
        f"<cac:PayeeFinancialAccount><cbc:ID{scheme}>{number}</cbc:ID>"
        f"<cac:FinancialInstitutionBranch><cbc:ID>{branch}</cbc:ID>{institution}"
        "</cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount>"
    )


def code(number: str, channel: str = "") -> str:
    named = f"<cbc:PaymentChannelCode>{channel}</cbc:PaymentChannelCode>" if channel else ""
    return f"<cbc:PaymentMeansCode>{number}</cbc:PaymentMeansCode>{named}"


@pytest.mark.parametrize(
    ("means_code", "card", "channel"),
    [
        ("93", "71", PaymentChannel.FIK_71),
        ("93", "73", PaymentChannel.FIK_73),
        ("93", "75", PaymentChannel.FIK_75),
        ("50", "01", PaymentChannel.FIK_01),
        ("50", "04", PaymentChannel.FIK_04),
        ("50", "15", PaymentChannel.FIK_15),
    ],
)
def test_cards_of_oioubl(means_code: str, card: str, channel: PaymentChannel) -> None:
    creditor = (
        "<cac:CreditAccount><cbc:AccountID>81234562</cbc:AccountID></cac:CreditAccount>"
        if means_code == "93"
        else account("81234562")
    )
    inner = (
        f"{code(means_code)}<cbc:InstructionID>{_OCR_15}</cbc:InstructionID>"
        f"<cbc:PaymentID>{card}</cbc:PaymentID>{creditor}"
    )

    means = means_of(inner)

    assert (means.code, means.channel) == (means_code, channel)
    assert (means.account, means.reference) == ("81234562", _OCR_15)


@pytest.mark.parametrize(
    ("means_code", "payment_id", "channel", "reference"),
    [
        ("93", f"71#{_OCR_15}", PaymentChannel.FIK_71, _OCR_15),
        ("93", f"75#{_OCR_16}", PaymentChannel.FIK_75, _OCR_16),
        ("93", "73#", PaymentChannel.FIK_73, None),
        ("50", f"04#{_OCR_16}", PaymentChannel.FIK_04, _OCR_16),
        ("50", f"15#{_OCR_16}", PaymentChannel.FIK_15, _OCR_16),
        ("50", "01#", PaymentChannel.FIK_01, None),
        ("30", f"71#{_OCR_15}", PaymentChannel.FIK_71, _OCR_15),
    ],
)
def test_cards_of_peppol_stand_in_one_field(
    means_code: str, payment_id: str, channel: PaymentChannel, reference: str | None
) -> None:
    inner = f"{code(means_code)}<cbc:PaymentID>{payment_id}</cbc:PaymentID>{account('81234562')}"

    means = means_of(inner)

    assert (means.channel, means.account, means.reference) == (channel, "81234562", reference)


def test_a_card_line_as_printed_carries_the_creditor_too() -> None:
    means = means_of(f"{code('93')}<cbc:PaymentID>+71&lt;{_OCR_15}+81234562&lt;</cbc:PaymentID>")

    assert means.channel is PaymentChannel.FIK_71
    assert (means.account, means.reference) == ("81234562", _OCR_15)


def test_a_number_that_looks_like_a_card_is_not_one_in_a_bank_transfer() -> None:
    means = means_of(
        f"{code('42', 'DK:BANK')}<cbc:PaymentID>71</cbc:PaymentID>{account('0001234567', '1551')}"
    )

    assert (means.channel, means.reference) == (PaymentChannel.BANK, "71")


def test_bank_accounts_keep_their_leading_zeros_and_short_branches() -> None:
    means = means_of(f"{code('42', 'DK:BANK')}{account('0001234567', '155')}")

    assert means.channel is PaymentChannel.BANK
    assert (means.branch, means.account) == ("155", "0001234567")


@pytest.mark.parametrize("means_code", ["30", "31", "42", "58"])
def test_an_iban_is_known_by_its_shape(means_code: str) -> None:
    means = means_of(f"{code(means_code)}{account('DK45 1551 0001 2345 67')}")

    assert means.channel is PaymentChannel.IBAN
    assert (means.iban, means.account) == ("DK4515510001234567", None)


@pytest.mark.parametrize(
    "means",
    [
        f"{code('31', 'IBAN')}{account('12345678901234567890')}",
        f"{code('30')}{account('12345678901234567890', scheme=_IBAN)}",
        f"{code('58')}{account('12345678901234567890')}",
    ],
)  # fmt: skip
def test_what_is_called_an_iban_is_one_for_the_checks_to_judge(means: str) -> None:
    assert means_of(means).iban == "12345678901234567890"


def test_a_bic_is_found_at_both_depths() -> None:
    danish = means_of(f"{code('31', 'IBAN')}{account('NO9386011117947', bic='DNBANOKK')}")
    european = means_of(f"{code('30')}{account('NO9386011117947', 'DNBANOKKXXX')}")

    assert (danish.bic, danish.branch) == ("DNBANOKK", None)
    assert (european.bic, european.branch) == ("DNBANOKKXXX", None)


@pytest.mark.parametrize(
    ("inner", "channel"),
    [
        (code("97", "DK:NEMKONTO"), PaymentChannel.NEMKONTO),
        (code("97"), PaymentChannel.NEMKONTO),
        (code("1", "DK:NEMKONTO"), PaymentChannel.NEMKONTO),
        (code("48"), PaymentChannel.CARD),
        (code("49"), PaymentChannel.DIRECT_DEBIT),
        (f"{code('49')}<cbc:PaymentID>71</cbc:PaymentID>", PaymentChannel.DIRECT_DEBIT),
        (code("59"), PaymentChannel.DIRECT_DEBIT),
        (code("10"), PaymentChannel.OTHER),
        (code("20"), PaymentChannel.OTHER),
        (code("ZZZ"), PaymentChannel.OTHER),
        (code("1"), PaymentChannel.NONE),
        ("", PaymentChannel.NONE),
        (f"{code('30')}{account('1112222', 'SE:BANKGIRO')}", PaymentChannel.OTHER),
        (f"{code('31')}{account('0001234567', '1551')}", PaymentChannel.BANK),
    ],
)
def test_every_other_way(inner: str, channel: PaymentChannel) -> None:
    assert means_of(inner).channel is channel


def test_a_note_to_the_payee_is_kept_beside_the_reference() -> None:
    means = invoice_in(ubl.oioubl()).payment_means[0]

    assert (means.reference, means.note) == (None, "Faktura 1001")
    assert means.due_date == date(2026, 12, 10)


def test_no_payment_means_is_no_payment_means() -> None:
    assert invoice_in(ubl.oioubl(payment="")).payment_means == ()


def test_of_several_due_dates_the_earliest_counts_and_it_is_remarked() -> None:
    later = ubl.BANK.replace("2026-12-10", "2027-01-10")

    invoice = invoice_in(ubl.oioubl(payment=later + ubl.BANK))

    assert invoice.due_date == date(2026, 12, 10)
    assert invoice.remarks == ("the payment means have several due dates; the earliest counts",)
