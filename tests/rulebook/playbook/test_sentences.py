"""Conditions read as Danish and English sentences; denials stand where the language wants them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.checks.catalogue import CATALOGUE
from robot.domain.fields import FieldType
from robot.rulebook.conditions import FieldRef, walk
from robot.rulebook.conditions import Test as OneTest
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.playbook.flag_sentences import FLAGS
from robot.rulebook.playbook.phrases import CHOICES, NOUNS
from robot.rulebook.playbook.sentences import Sentences
from robot.rulebook.playbook.values import pattern_text
from tests.rulebook.generated import LIST_FILES, blocks
from tests.rulebook.world import CUSTOMER, FIELDS, TODAY, files, loaded, standard

LIST = {"lists/approved.csv": "value,from,until\nA1,,\nB2,,2020-01-01\nC3,,\n"}


def real(when: str) -> LoadedRules:
    """One rule on the real catalogue."""
    texts = {
        "standard.yaml": standard(f"id: tested\nhold: creditor-unknown\nwhen: {when}"),
        "customers/x.yaml": CUSTOMER,
        **LIST,
    }
    read = load_files(files(texts), Fields(CATALOGUE))
    assert [str(problem) for problem in read.errors] == []
    return read


def said(when: str, language: str = "da") -> str:
    read = real(when)
    effective = read.effective("x")
    condition = effective.rules[0].rule.when
    assert condition is not None
    return Sentences(language, read.fields, effective.lists, TODAY).clause(condition)


@pytest.mark.parametrize(
    ("when", "danish", "english"),
    [
        ("{invoice.kind: {is: invoice}}", "bilaget er en faktura", "the document is an invoice"),
        (
            "{invoice.kind: {is_not: invoice}}",
            "bilaget ikke er en faktura",
            "the document is not an invoice",
        ),
        (
            "{invoice.total_dkk: {at_most: 5000 DKK}}",
            "beløbet med moms er højst 5.000,00 kr.",
            "the total with VAT is at most 5,000.00 DKK",
        ),
        ("{creditor.known: no}", "kreditoren ikke er oprettet", "the creditor is not set up"),
        (
            "{creditor.number: {in_list: approved}}",
            "kreditoren står på listen approved (2 rækker)",
            "the creditor is on the list approved (2 rows)",
        ),
        (
            "{none_of: [{creditor.number: {in_list: approved}}]}",
            "kreditoren ikke står på listen approved (2 rækker)",
            "the creditor is not on the list approved (2 rows)",
        ),
        (
            "{order.reference: missing}",
            "ordre- eller rekvisitionsnummeret mangler",
            "the order number is missing",
        ),
        (
            "{order.reference: {matches: '\\d{8}'}}",
            "ordre- eller rekvisitionsnummeret består af otte cifre",
            "the order number consists of eight digits",
        ),
        (
            "{invoice.due_date: {on_or_before: 2026-12-31}}",
            "forfaldsdatoen er senest 31. december 2026",
            "the due date is 31 December 2026 or earlier",
        ),
        (
            "{invoice.issue_date: {after: today - 30 days}}",
            "fakturadatoen er efter 30 dage før dags dato",
            "the date of issue is after 30 days before today",
        ),
        (
            "{invoice.due_date: {within_days: next 14}}",
            "forfaldsdatoen ligger i de næste 14 dage",
            "the due date is in the next 14 days",
        ),
        (
            "{lines: {any: {coded: yes, dimensions.formaal: missing}}}",
            "der er mindst én konteret linje, hvor dimensionen formaal mangler",
            "there is at least one coded line where the dimension formaal is missing",
        ),
        (
            "{lines: {any: {account: {starts_with: '22'}, vat_code: {is: I25}}}}",
            "der er mindst én linje, hvor kontoen begynder med 22, og momskoden er I25",
            "there is at least one line where the account starts with 22, and the VAT code is I25",
        ),
        (
            "{lines: {none: {coded: yes, account: {not_in: ['1', '2']}}}}",
            "det for alle konterede linjer gælder, at kontoen er 1 eller 2",
            "for every coded line the account is 1 or 2",
        ),
        (
            "{lines: {none: {account: {is: '1'}}}}",
            "der ikke er nogen linje, hvor kontoen er 1",
            "there is no line where the account is 1",
        ),
        (
            "{lines: {count: {where: {coded: no}, at_most: 3}}}",
            "antallet af linjer, hvor linjen ikke er konteret, er højst 3",
            "the number of lines where the line is not coded is at most 3",
        ),
        (
            "{lines: {sum: {field: net, above: 9 DKK}}}",
            "summen af linjens beløb uden moms på linjer er over 9 DKK",
            "the sum of the line's net amount over lines is above 9 DKK",
        ),
        (
            "{any_of: [{supplier.foreign: yes}, {order.contract: present}]}",
            "enten leverandøren er udenlandsk, eller kontraktnummeret er angivet",
            "either the supplier is foreign, or the contract number is given",
        ),
        (
            "{none_of: [{supplier.foreign: yes}, {order.contract: present}]}",
            "leverandøren ikke er udenlandsk, og kontraktnummeret mangler",
            "the supplier is not foreign, and the contract number is missing",
        ),
        (
            "{creditor.currency: {differs_from: invoice.currency}}",
            "kreditorens valuta er noget andet end valutaen",
            "currency of the creditor is something else than the currency",
        ),
    ],
)
def test_a_condition_as_a_clause(when: str, danish: str, english: str) -> None:
    if "sum" in when:
        danish = danish.replace("9 DKK", "9,00 kr.")
        english = english.replace("9 DKK", "9.00 DKK")
    assert said(when, "da") == danish
    assert said(when, "en") == english


@pytest.mark.parametrize(
    ("pattern", "danish"),
    [
        (r"\d{8}", "består af otte cifre"),
        (r"FYR-\d{4}", "består af «FYR-» fulgt af fire cifre"),
        (r"P\d+", "består af «P» fulgt af cifre"),
        ("(?i).*(engangs|opstart).*", "indeholder «engangs» eller «opstart»"),
        (r"(a|b)+c?", "har formen «(a|b)+c?»"),
    ],
)
def test_a_pattern_in_words(pattern: str, danish: str) -> None:
    assert pattern_text(pattern, "da") == danish


def test_a_pattern_denied() -> None:
    assert pattern_text(r"\d{8}", "en", denied=True) == "does not consist of eight digits"
    assert pattern_text(r"\d{8}", "da", denied=True) == "ikke består af otte cifre"


def test_phrases_are_about_fields_that_there_are() -> None:
    flags = {name for name, spec in CATALOGUE.items() if spec.type is FieldType.FLAG}
    assert FLAGS.keys() <= flags
    assert NOUNS.keys() <= CATALOGUE.keys() - flags
    for name, choice in CHOICES:
        assert choice in CATALOGUE[name].choices


def test_every_flag_that_the_shipped_rules_use_has_a_phrase(shipped: LoadedRules) -> None:
    used: dict[str, FieldRef] = {}
    for stem in shipped.customers:
        for part in shipped.effective(stem).rules:
            for condition in () if part.rule.condition is None else walk(part.rule.condition):
                if isinstance(condition, OneTest) and condition.field.type is FieldType.FLAG:
                    used[condition.field.name] = condition.field
    assert used.keys() - FLAGS.keys() == set()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(when=blocks(), language=st.sampled_from(["da", "en"]))
def test_every_condition_can_be_said_and_denied(when: str, language: str) -> None:
    read = loaded(
        {
            "standard.yaml": standard(f"id: tested\nhold: creditor-unknown\nwhen: {when}"),
            **LIST_FILES,
        }
    )
    effective = read.effective(None)
    condition = effective.rules[0].rule.when
    assert condition is not None
    sentences = Sentences(language, FIELDS, effective.lists, TODAY)
    clause, denied = sentences.clause(condition), sentences.clause(condition, denied=True)
    assert clause != denied
    for text in (clause, denied):
        assert text.strip() == text
        assert "{}" not in text
        assert "  " not in text
        assert "None" not in text
