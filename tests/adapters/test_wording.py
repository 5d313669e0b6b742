from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.wording import Wording, masked, one_line, quotable, shortened
from robot.domain.calendar import COPENHAGEN

DAY = date(2026, 11, 26)
DANISH, ENGLISH = Wording("da"), Wording("en")


def test_dates_have_their_weekday_in_the_reader_s_language() -> None:
    assert DANISH.weekday(DAY) == "torsdag 26. november"
    assert ENGLISH.weekday(DAY) == "Thursday 26 November"


def test_dates_with_the_year_and_in_short() -> None:
    assert (DANISH.full_date(DAY), DANISH.short_date(DAY)) == ("26. november 2026", "26/11")
    assert (ENGLISH.full_date(DAY), ENGLISH.short_date(DAY)) == ("26 November 2026", "26 Nov")


@pytest.mark.parametrize(
    ("amount", "currency", "danish", "english"),
    [
        ("12345.67", "DKK", "12.345,67 kr.", "DKK 12,345.67"),
        ("-0.5", "DKK", "-0,50 kr.", "DKK -0.50"),
        ("0.125", "DKK", "0,13 kr.", "DKK 0.13"),
        ("1234.5", "EUR", "1.234,50 EUR", "EUR 1,234.50"),
        ("1234", "JPY", "1.234 JPY", "JPY 1,234"),
        ("99999999999999999999.99", "DKK", "99.999.999.999.999.999.999,99 kr.", None),
    ],
)
def test_amounts(amount: str, currency: str, danish: str, english: str | None) -> None:
    assert DANISH.amount(Decimal(amount), currency) == danish
    assert english is None or ENGLISH.amount(Decimal(amount), currency) == english


def test_the_next_run_is_today_or_on_a_named_day_in_copenhagen_s_time() -> None:
    noon = datetime(2026, 11, 26, 12, 30, tzinfo=COPENHAGEN)
    assert DANISH.run_time(noon, DAY) == "i dag kl. 12.30"
    assert ENGLISH.run_time(noon, date(2026, 11, 25)) == "Thursday 26 November at 12:30"
    assert DANISH.run_time(datetime.fromisoformat("2026-11-26T05:30:00+00:00"), DAY) == (
        "i dag kl. 06.30"
    )


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="da, en"):
        Wording("de")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("1551 0001234567", "…4567", id="registration and account number"),
        pytest.param("15510001234567", "…4567", id="account written together"),
        pytest.param("konto 1551-0001234567.", "konto …4567.", id="account in a sentence"),
        pytest.param("240785-1234", "…1234", id="CPR"),
        pytest.param("2407851234", "…1234", id="CPR written together"),
        pytest.param("240785 1234", "…1234", id="CPR with a space"),
        pytest.param("DE89370400440532013000", "…3000", id="IBAN"),
        pytest.param("DK50 0040 0440 1162 43", "…6243", id="IBAN in groups"),
        pytest.param("4571 2345 6789 0123", "…0123", id="card"),
        pytest.param("１５５１ ０００１２３４５６７", "…４５６７", id="wide digits"),
    ],
)
def test_accounts_cards_and_cpr_numbers_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "5798000880016",
        "33391005",
        "DK33391005",
        "DE111111125",
        "NL123456789B01",
        "2026-11-24",
        "24-11-2026 25-11-2026",
        "1.234.567,89 kr.",
        "1234567890.00 DKK",
        "konto 225000 og 229900",
        "order 4500 1234",
        "PO 45001234",
    ],
)
def test_what_only_resembles_an_account_stands(text: str) -> None:
    assert masked(text) == text


@given(
    before=st.text("abcæ ,.:", max_size=6),
    branch=st.integers(0, 9999),
    account=st.integers(0, 10**10 - 1),
    between=st.sampled_from([" ", "-", ""]),
)
def test_no_account_number_ever_gets_through(
    before: str, branch: int, account: int, between: str
) -> None:
    text = f"{before}{branch:04}{between}{account:010}"
    assert f"{account:010}" not in masked(text)


def test_a_number_with_hard_spaces_is_masked_when_quoted() -> None:
    assert quotable("1551\u00a00001234567") == "…4567"


def test_line_breaks_and_hidden_characters_go() -> None:
    assert one_line("A\r\nBcc: x\u202e\u0000B\u200b  c\t") == "A Bcc: xB c"


@given(st.text())
def test_what_is_shown_is_one_line_of_visible_text(text: str) -> None:
    shown = quotable(text, 50)
    assert len(shown) <= 50
    assert shown == shown.strip()
    assert not [c for c in shown if unicodedata.category(c)[0] == "C" or c in "\r\n\u2028\u2029"]


def test_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"
