"""By what a mail that comes back proves its case: forged marks prove nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.thread import LEAST_SECRET, ThreadKeys, subject_tag, tags_in

KEYS = ThreadKeys([b"the-secret-of-these-tests"])
STRANGE = ThreadKeys([b"the-secret-of-somebody-else"])
SENDER = "robot@sam.example.test"
CASE = "SAM-2026-000123"
numbers = st.builds("SAM-{}-{:06d}".format, st.integers(2000, 2099), st.integers(1, 999_999_999))


@given(numbers)
def test_what_we_made_leads_back_to_its_case_however_it_is_cased(number: str) -> None:
    address = KEYS.reply_address(SENDER, number)
    message_id = KEYS.message_id(number, "a1", "sam.example.test")
    assert KEYS.case_of_address(address.upper()) == number
    assert KEYS.case_of_message_id(message_id) == number
    assert KEYS.case_of_message_id(message_id.strip("<>")) == number


@given(numbers, st.data())
def test_one_changed_character_is_a_forgery(number: str, data: st.DataObject) -> None:
    local = KEYS.reply_address(SENDER, number).partition("@")[0]
    place = data.draw(st.integers(len("robot+"), len(local) - 1))
    other = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789.-"))
    if other != local[place]:
        forged = f"{local[:place]}{other}{local[place + 1 :]}@sam.example.test"
        assert KEYS.case_of_address(forged) is None


@given(numbers, numbers)
def test_the_token_of_one_case_does_not_open_another(one: str, other: str) -> None:
    token = KEYS.token(one)
    found = KEYS.case_of_address(f"robot+{other.lower()}.{token}@sam.example.test")
    assert found == (other if one == other else None)


@given(st.text(max_size=600))
def test_whatever_else_is_written_is_no_case_and_no_fault(text: str) -> None:
    assert KEYS.case_of_address(text) is None
    assert KEYS.case_of_message_id(text) is None
    assert not KEYS.is_ours(text)


def test_another_secret_makes_marks_that_count_for_nothing() -> None:
    assert KEYS.case_of_address(STRANGE.reply_address(SENDER, CASE)) is None
    assert KEYS.case_of_message_id(STRANGE.message_id(CASE, "a", "example.test")) is None


def test_the_token_of_an_address_is_none_of_a_message_id() -> None:
    message_id = f"<{CASE.lower()}.a1.{KEYS.token(CASE)}@example.test>"
    assert KEYS.case_of_message_id(message_id) is None


def test_a_digest_is_ours_and_names_no_case() -> None:
    message_id = KEYS.digest_message_id("a1", "example.test")
    assert KEYS.is_ours(message_id)
    assert KEYS.case_of_message_id(message_id) is None


def test_a_replaced_secret_verifies_and_does_not_sign_any_more() -> None:
    old, new = b"an-old-secret-of-ours", b"a-new-secret-of-ours!"
    before, after = ThreadKeys([old]), ThreadKeys([new, old])
    assert after.case_of_address(before.reply_address(SENDER, CASE)) == CASE
    assert before.case_of_address(after.reply_address(SENDER, CASE)) is None


def test_the_token_has_at_least_80_bits() -> None:
    assert len(KEYS.token(CASE)) * 5 >= 80


def test_a_short_secret_is_refused_and_no_secret_is_shown() -> None:
    with pytest.raises(ValueError, match="at least"):
        ThreadKeys([b"x" * (LEAST_SECRET - 1)])
    with pytest.raises(ValueError, match="at least"):
        ThreadKeys([])
    assert "secret" not in repr(KEYS)


def test_an_address_that_can_carry_no_case_is_refused() -> None:
    for sender in ("", "robot", "@example.test", "robot+x@example.test", f"{'r' * 60}@e.test"):
        with pytest.raises(ValueError, match=r"case|long"):
            KEYS.reply_address(sender, CASE)
    with pytest.raises(ValueError, match="nonce"):
        KEYS.message_id(CASE, "a.b", "example.test")


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        (f"SV: {subject_tag(CASE)} Faktura 1 kan ikke bogføres", (CASE,)),
        ("Vedr. sam-2026-000123 og SAM-2026-000124", (CASE, "SAM-2026-000124")),
        (f"{CASE} {CASE}", (CASE,)),
        ("XSAM-2026-000123 SAM-2026-0001234567 SAM-2026-12", ()),
        ("", ()),
    ],
)
def test_a_subject_names_cases(subject: str, found: tuple[str, ...]) -> None:
    assert tags_in(subject) == found
