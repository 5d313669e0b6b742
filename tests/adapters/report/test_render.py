from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from robot.adapters.report import render_report
from robot.adapters.report.render import fixer_counts, pareto
from robot.domain.report import Result
from robot.domain.taxonomy import FixableBy
from tests.support.pages import Page
from tests.support.reports import (
    UNKNOWN_CREDITOR,
    a_report,
    a_row,
    bounced,
    held,
    reported,
    unreadable,
)

EVERYTHING = a_report(
    a_row(),
    bounced(findings=(reported(), reported("account-blocked", title="Kontoen er spærret"))),
    held(),
    unreadable(),
    a_row("SDI-5", result=Result.UNKNOWN, receipt=None, reason="Navision svarede ikke."),
    held("SDI-6", confidential=True, supplier="Klinikken", total=Decimal("777.77"), number="F-9"),
    problems=("Domsarkivet has no mailbox",),
)


def words(html: str) -> str:
    return " ".join(Page(html).text.split())


def test_the_body_is_as_it_was_read_and_approved(golden: Callable[[str, str], None]) -> None:
    page = render_report(EVERYTHING)
    golden("report/main.html", page[page.index("<main>") : page.index("</main>")])


@pytest.mark.parametrize(
    ("slot", "da", "en"),
    [
        ("2026-11-24/morning", "morgen", "morning"),
        ("2026-11-24/midday", "middag", "midday"),
        ("2027-01-07/extra-1530", "ekstra kl. 15.30", "extra at 15:30"),
        ("by-hand", "startet i hånden", "started by hand"),
    ],
)
def test_the_run_is_called_as_people_call_it_in_both_languages(
    slot: str, da: str, en: str
) -> None:
    html = render_report(a_report(slot=slot))
    assert f"<h1>Kørsel tirsdag 24. november 2026, {da}</h1>" in html
    assert f"Run report of the invoice robot, 24 November 2026, {en}." in html


def test_the_page_loads_nothing() -> None:
    html = render_report(EVERYTHING)
    page = Page(html)
    for _, attributes in page.tags:
        assert not {"src", "srcset", "background", "onclick"} & attributes.keys()
    assert {link["href"] for link in page.all("a")} == {f"#{result}" for result in Result}
    for loading in ("link", "script", "img", "iframe", "object", "form"):
        assert not page.all(loading)
    assert not re.search(r"https?:|url\(|@import|//\w", html)
    assert {"http-equiv": "Content-Security-Policy"}.items() <= page.all("meta")[2].items()


def test_each_document_is_there_with_its_outcome_and_reasons() -> None:
    text = words(render_report(EVERYTHING))
    for row in EVERYTHING.documents:
        assert row.source_id in text
    for reason in (
        "En dimension mangler dimension-missing",
        "På linje 2 mangler delregnskab, som skal være udfyldt.",
        "Kontoen er spærret account-blocked",
        "Filen slutter midt i et element (linje 14).",
        "Bilag KF30001 i Navision.",
        "Sag SAM-2026-000123.",
        "Bogført efter post-small-orders",
        "Navision svarede ikke.",
        "Domsarkivet has no mailbox",
    ):
        assert reason in text


def test_what_waits_for_a_person_stands_before_what_is_done() -> None:
    html = render_report(EVERYTHING)
    places = [html.index(f'<h2 id="{result}"') for result in ("unknown", "held", "posted")]
    assert places == sorted(places)


def test_what_suppliers_wrote_stays_text() -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}\u202e"
    html = render_report(
        a_report(bounced(supplier=evil, number=evil, findings=(reported(seen=evil),)))
    )
    assert "<script" not in html
    assert "\u202e" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}") == 3


def test_of_a_confidential_document_only_number_and_place_are_shown() -> None:
    secret = held(
        "SDI-6",
        confidential=True,
        supplier="Klinikken",
        total=Decimal("777.77"),
        number="F-9",
        reason="noget om Klinikken",
        findings=(reported(explain="Klinikken", seen="hemmelig", expected="hemmelig"),),
    )
    html = render_report(a_report(secret))
    assert "Fortroligt dokument F-9" in html
    for content in ("Klinikken", "777", "hemmelig", "lines[2]", "10. december"):
        assert content not in html


def test_accounts_in_values_are_masked() -> None:
    html = render_report(a_report(held(findings=(reported(seen="1551 0001234567"),))))
    assert "0001234567" not in html
    assert "…4567" in html


def test_the_longest_bar_is_the_most_frequent_error_and_all_sum_to_a_hundred() -> None:
    report = a_report(bounced("1"), bounced("2"), bounced("3"), held("4"))
    rows = pareto(report.errors())
    assert [(row.error.code, row.width, row.cumulated) for row in rows] == [
        ("dimension-missing", 100, 75),
        ("creditor-unknown", 33.33, 100),
    ]


def test_errors_are_summed_by_who_can_fix_them() -> None:
    report = a_report(bounced("1", findings=(reported(), UNKNOWN_CREDITOR)), bounced("2"))
    assert [(label.da, count) for label, count in fixer_counts(report.errors())] == [
        ("Kunden", 2),
        ("SAM, stamdata", 1),
    ]


def test_everybody_who_can_fix_an_error_has_a_name() -> None:
    findings = tuple(reported(f"type-{fixer}", fixable_by=fixer) for fixer in FixableBy)
    assert words(render_report(a_report(bounced(findings=findings))))


def test_a_run_without_documents_is_a_page_too() -> None:
    text = words(render_report(a_report(notices=())))
    assert "Ingen fejl i denne kørsel." in text
    assert "0 Dokumenter" in text


def test_a_dry_run_says_that_nothing_was_changed() -> None:
    assert "Prøvekørsel" in words(render_report(a_report(a_row(), dry_run=True)))
    assert "Prøvekørsel" not in words(render_report(a_report(a_row())))


def test_the_page_is_accessible_in_its_structure() -> None:
    page = Page(render_report(EVERYTHING))
    assert page.all("html") == [{"lang": "da"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert all(header.get("scope") in {"row", "col"} for header in page.all("th"))
    for chart in page.all("svg"):
        assert chart.get("aria-label") or chart.get("aria-hidden") == "true"
