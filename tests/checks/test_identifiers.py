"""Check digits and lengths of domain.md's table of identifiers, with the official examples."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban, luhn

from robot.checks import identifiers
from robot.domain.invoice import PaymentChannel

DIGITS = "0123456789"
numbers = st.text(DIGITS, min_size=1, max_size=20)


def with_digit(number: str, place: int, digit: str) -> str:
    return number[:place] + digit + number[place + 1 :]


@pytest.mark.parametrize("number", ["33391005", "99130008", "13585628"])
def test_a_cvr_number_that_modulus_11_divides_passes(number: str) -> None:
    assert identifiers.is_cvr(number)


@pytest.mark.parametrize(
    "number",
    ["10391005", "33391006", "3339100", "333910050", "DK33391005", "3339 1005", "03391005", ""],
)
def test_another_one_fails(number: str) -> None:
    assert not identifiers.is_cvr(number)


@given(place=st.integers(0, 7), digit=st.sampled_from(DIGITS))
def test_every_wrong_digit_of_a_cvr_number_is_caught(place: int, digit: str) -> None:
    # Modulus 11 is prime and no weight is a multiple of it.
    number = "33391005"
    assume(number[place] != digit)
    assert not identifiers.is_cvr(with_digit(number, place, digit))


def test_a_production_unit_number_is_checked_by_length_only() -> None:
    assert identifiers.is_production_unit("1234567890")
    assert not identifiers.is_production_unit("123456789")
    assert not identifiers.is_production_unit("12345678901")
    assert not identifiers.is_production_unit("12345678X0")


@pytest.mark.parametrize("number", ["5798000880016", "5798000990012", "4006381333931"])
def test_a_gln_with_its_check_digit_passes(number: str) -> None:
    assert identifiers.is_gln(number)


@pytest.mark.parametrize("number", ["5798000880017", "579800088001", "57980008800160", "73513537"])
def test_a_gln_without_it_or_of_another_length_fails(number: str) -> None:
    assert not identifiers.is_gln(number)


@given(place=st.integers(0, 12), digit=st.sampled_from(DIGITS))
def test_every_wrong_digit_of_a_gln_is_caught(place: int, digit: str) -> None:
    number = "5798000880016"
    assume(number[place] != digit)
    assert not identifiers.is_gln(with_digit(number, place, digit))


@pytest.mark.parametrize(
    ("channel", "reference"),
    [
        (PaymentChannel.FIK_71, "000000000000018"),
        (PaymentChannel.FIK_71, "000000000000026"),
        (PaymentChannel.FIK_75, "0000000000000018"),
        (PaymentChannel.FIK_04, "1234567890123456"),
        (PaymentChannel.FIK_15, "1"),
        (PaymentChannel.FIK_01, "Medlem 17, kontingent"),
        (PaymentChannel.FIK_73, "fri tekst"),
        (PaymentChannel.BANK, "Faktura 17"),
    ],
)
def test_a_payment_id_fits_its_card(channel: PaymentChannel, reference: str) -> None:
    assert identifiers.is_payment_id(channel, reference)


@pytest.mark.parametrize(
    ("channel", "reference"),
    [
        (PaymentChannel.FIK_71, "000000000000019"),
        (PaymentChannel.FIK_71, "00000000000018"),
        (PaymentChannel.FIK_71, "0000000000000018"),
        (PaymentChannel.FIK_75, "000000000000018"),
        (PaymentChannel.FIK_75, "0000000000000019"),
        (PaymentChannel.FIK_71, "00000000000001A"),
        (PaymentChannel.FIK_04, "12345678901234567"),
        (PaymentChannel.FIK_15, "12X"),
    ],
)
def test_a_payment_id_of_another_form_does_not(channel: PaymentChannel, reference: str) -> None:
    assert not identifiers.is_payment_id(channel, reference)


@given(st.text(DIGITS, min_size=14, max_size=14), st.integers(0, 14), st.sampled_from(DIGITS))
def test_every_wrong_digit_of_a_fik_71_id_is_caught(body: str, place: int, digit: str) -> None:
    reference = body + luhn.calc_check_digit(body)
    assert identifiers.is_payment_id(PaymentChannel.FIK_71, reference)
    assume(reference[place] != digit)
    wrong = with_digit(reference, place, digit)
    assert not identifiers.is_payment_id(PaymentChannel.FIK_71, wrong)


@pytest.mark.parametrize(
    ("channel", "account", "valid"),
    [
        (PaymentChannel.FIK_71, "81234562", True),
        (PaymentChannel.FIK_73, "89990003", True),
        (PaymentChannel.FIK_75, "71234562", False),
        (PaymentChannel.FIK_71, "8123456", False),
        (PaymentChannel.FIK_04, "1234567", True),
        (PaymentChannel.FIK_01, "12345678", True),
        (PaymentChannel.FIK_15, "123456", False),
        (PaymentChannel.FIK_15, "123456789", False),
        (PaymentChannel.FIK_71, "8123456A", False),
    ],
)
def test_creditor_numbers_begin_with_8_and_giro_accounts_have_7_or_8_digits(
    channel: PaymentChannel, account: str, valid: bool
) -> None:
    assert identifiers.is_card_account(channel, account) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("DE89370400440532013000", True),
        ("GB33BUKB20201555555555", True),
        ("DK5000400440116243", True),
        ("DK5000400440116244", False),
        ("DE8937040044053201300", False),
        ("XX5000400440116243", False),
        ("", False),
    ],
)
def test_an_iban_has_its_check_digits_and_its_countrys_length(number: str, valid: bool) -> None:
    assert identifiers.is_iban(number) is valid


@given(st.text(DIGITS, min_size=14, max_size=14), st.integers(2, 17), st.sampled_from(DIGITS))
def test_every_wrong_digit_of_a_danish_iban_is_caught(body: str, place: int, digit: str) -> None:
    number = f"DK{iban.calc_check_digits(f'DK00{body}')}{body}"
    assert identifiers.is_iban(number)
    assume(number[place] != digit)
    assert not identifiers.is_iban(with_digit(number, place, digit))


@given(st.text())
def test_no_text_makes_a_check_raise(text: str) -> None:
    identifiers.is_cvr(text)
    identifiers.is_gln(text)
    identifiers.is_iban(text)
    identifiers.is_production_unit(text)
    for channel in PaymentChannel:
        identifiers.is_payment_id(channel, text)
        identifiers.is_card_account(channel, text)
