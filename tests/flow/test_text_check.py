"""The texts of error types, as they are completed and looked at before they are sent."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from robot.adapters.mail.render import DigestRenderer
from robot.cli.main import main
from robot.domain.decision import Finding
from robot.domain.notice import NoticeFinding, NoticeItem
from robot.domain.readability import HARD_FROM
from robot.domain.taxonomy import ErrorType, Texts
from robot.flow.text_check import MOST_WORDS, CheckedText, check_texts
from tests.support.notices import LETTERHEAD, TEMPLATES, real_taxonomy, renderer

GOOD = Texts(title="Kontoen er spærret", explain="Kontoen er lukket.", fix="Vælg en anden.")


class Careless(DigestRenderer):
    """Says what was seen and who sent it, whatever it is."""

    def finding(
        self, kind: ErrorType, finding: Finding, item: NoticeItem, language: str
    ) -> NoticeFinding:
        texts = super().finding(kind, finding, item, language)
        return replace(texts, explain=f"Hos {item.supplier}: {finding.seen or 0}.")


def a_kind(**texts: str) -> ErrorType:
    """An error type that may quote values, good but for these texts."""
    kind = real_taxonomy()["account-blocked"]
    given = {"title": GOOD.title, "explain": GOOD.explain, "fix": GOOD.fix, **texts}
    text = Texts(title=given["title"], explain=given["explain"], fix=given["fix"])
    return replace(kind, texts={"da": text, "en": text}, quote_values=True)


def remarks(kind: ErrorType) -> set[str]:
    return {remark for text in check_texts([kind], renderer()) for remark in text.remarks}


@pytest.fixture(scope="module")
def shipped() -> tuple[CheckedText, ...]:
    return check_texts(real_taxonomy(), renderer())


def test_every_type_is_read_in_each_language_for_each_source_system(
    shipped: tuple[CheckedText, ...],
) -> None:
    read = {(text.code, text.language, text.source_system) for text in shipped}
    assert len(read) == len(shipped) == len(real_taxonomy()) * 2 * 3


def test_every_text_can_be_sent(shipped: tuple[CheckedText, ...]) -> None:
    assert [(text.code, text.language, text.remarks) for text in shipped if text.remarks] == []
    assert max(text.words for text in shipped) <= MOST_WORDS
    assert max(text.lix for text in shipped) < HARD_FROM


def test_a_good_text_has_no_remark() -> None:
    assert remarks(a_kind()) == set()


@pytest.mark.parametrize(
    ("texts", "remark"),
    [
        ({"explain": "Kontoen {{ konto }} er lukket."}, "'konto' is undefined"),
        ({"explain": "Kontoen {% if %} er lukket."}, "Expected an expression"),
        ({"explain": "Kontoen ({{ seen }}) er lukket."}, "explain has '()' in it"),
        ({"explain": "{{ supplier }} er lukket."}, "begins with a small letter"),
        ({"fix": "Vælg en anden"}, "fix does not end with a full stop"),
        ({"fix": "TODO: skriv det."}, "fix has 'TODO' in it"),
        ({"fix": "{{ 'Vælg en anden. ' * 41 }}"}, "words, above 120"),
        ({"fix": "Konteringsoplysningerne genbehandles efterfølgende."}, "LIX"),
        ({"title": "Kontoen <b>er</b> lukket"}, "title has '<' in it"),
    ],
)
def test_what_can_not_be_sent_is_told(texts: dict[str, str], remark: str) -> None:
    assert any(remark in told for told in remarks(a_kind(**texts)))


def test_a_quoted_account_or_cpr_number_is_masked() -> None:
    assert remarks(a_kind(explain="Der står {{ seen or 'intet' }} på fakturaen.")) == set()


def test_what_nobody_may_read_is_seen_when_it_is_shown() -> None:
    (_, *_, told) = check_texts([a_kind()], Careless(TEMPLATES, LETTERHEAD))
    assert told.remarks == (
        "shows an account or CPR number that is in the invoice",
        "shows the content of a confidential document",
    )


def test_the_command_prints_the_hardest_first() -> None:
    done = CliRunner().invoke(main, ["rules", "docs", "--readability", "--json"])
    assert done.exit_code == 0, done.output
    lix = [text["lix"] for text in json.loads(done.stdout)]
    assert lix == sorted(lix, reverse=True)
    assert len(lix) == len(real_taxonomy()) * 6
