"""LIX: counted as Björnsson does, on texts as they are written here."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from robot.domain.readability import measure


def test_words_a_sentence_and_long_words_in_per_cent() -> None:
    read = measure("SAM opretter kreditoren. I skal ikke gøre noget.")
    assert (read.words, read.sentences, read.long_words) == (8, 2, 2)
    assert read.lix == 4 + 25


def test_a_title_is_a_sentence_without_a_full_stop() -> None:
    assert measure("Kontoen er spærret\nVælg en anden.").sentences == 2


def test_a_number_with_a_point_ends_no_sentence() -> None:
    assert measure("Send den til 2. godkendelse i dag.").sentences == 1
    assert measure("Beløbet er 12.345,67 kr. og skal rettes.").sentences == 1


def test_a_colon_ends_what_is_read_at_once() -> None:
    assert measure("Send den igen: først til 1. godkendelse.").sentences == 2


def test_seven_letters_are_long_and_digits_are_none() -> None:
    assert measure("faktura").long_words == 1
    assert measure("faktur").long_words == 0
    assert measure("1234567").long_words == 0


def test_no_words_are_no_burden() -> None:
    assert measure("").lix == 0
    assert measure("… – !").lix == 0


@given(st.text())
def test_every_text_has_a_number(text: str) -> None:
    read = measure(text)
    assert read.lix >= 0
    assert read.long_words <= read.words
    assert read.sentences >= 1


@given(st.lists(st.sampled_from(["SAM", "opretter", "kontoen", "i", "dag"]), min_size=1))
def test_splitting_a_sentence_never_makes_it_harder(words: list[str]) -> None:
    whole = " ".join(words) + "."
    split = ". ".join(word.capitalize() for word in words) + "."
    assert measure(split).lix <= measure(whole).lix
