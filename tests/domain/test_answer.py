"""What people are told about what they asked for: in the language of who reads it."""

from __future__ import annotations

from string import Formatter

import pytest

from robot.domain.answer import Answer, answer_from, answer_of, answer_told, refusal, saying
from robot.domain.answer_words import AS_SAID, WORDS
from robot.errors import ActError, ErpUnavailableError


def test_an_answer_is_kept_as_its_code_and_values_and_read_in_either_language() -> None:
    kept = Answer(code="case-is-closed", values={"case": "SAM-2026-000123"}).kept()
    assert answer_from(kept).text("da") == "SAM-2026-000123 er allerede lukket"
    assert answer_from(kept).text("en") == "SAM-2026-000123 is closed already"


def test_words_that_were_kept_before_answers_had_codes_stay_as_they_are() -> None:
    for language in ("da", "en"):
        assert answer_from("it is taken out").text(language) == "it is taken out"


def test_a_refusal_says_at_the_command_line_what_it_says_on_a_page() -> None:
    error = refusal(ActError, "not-releasable", codes="bank-mismatch")
    assert str(error) == answer_of(error).text("en")
    assert "bank-mismatch" in answer_of(error).text("da")


def test_a_fault_of_another_system_is_said_in_danish_and_by_its_own_words_in_english() -> None:
    answer = answer_of(ErpUnavailableError("no answer from NAV"))
    assert answer.text("da") == "Navision kan ikke nås nu; prøv igen om lidt"
    assert answer.text("en") == "no answer from NAV"


def test_what_a_run_tells_is_english_text_that_knows_its_danish() -> None:
    words = saying("bank-rows-unknown", file="camt.xml", rows=3)
    assert words == "the bank's file camt.xml: 3 rows belong to no posted invoice"
    assert answer_told(words).text("da").startswith("bankens fil camt.xml: 3 linjer")
    assert answer_told("as it was").text("da") == "as it was"


def test_the_answer_of_a_newer_robot_is_not_lost() -> None:
    assert Answer(code="new-wish", values={"case": "SAM-1"}).text("da") == "new-wish SAM-1"


@pytest.mark.parametrize("code", sorted(set(WORDS) - {AS_SAID}))
def test_both_languages_name_values_that_the_other_names_too(code: str) -> None:
    def names(text: str) -> set[str]:
        named = {name for _, name, _, _ in Formatter().parse(text) if name}
        return {name for name in named if name.rpartition("_")[2] not in {"da", "en"}}

    assert names(WORDS[code].da) <= names(WORDS[code].en)
    assert bool(WORDS[code].do_da) == bool(WORDS[code].do_en)
