"""What the shipped rules promise: complete, readable, reachable and proven by cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import holidays
import jinja2
import pytest

from robot.checks.catalogue import CATALOGUE
from robot.domain.calendar import Calendar
from robot.domain.decision import Effect
from robot.domain.fields import FieldType
from robot.domain.taxonomy import Disposition, ErrorClass, ErrorType, Taxonomy
from robot.rulebook.calendar import load_calendar
from robot.rulebook.conditions import Test, walk
from robot.rulebook.loader import LoadedRules, load

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "rules"
GOLDEN_CODES = ROOT / "tests" / "golden" / "error_codes.txt"
LANGUAGES = ("da", "en")
SYSTEMS = {"indfak": "IndFak", "sdi": "SDI"}
MOST_WORDS = 120
TEMPLATES = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - plain text
#: What a finding may fill in: nothing, and something for everything.
EMPTY = {"seen": "", "expected": "", "line": "", "path": "", "rule": ""}
FILLED = {"seen": "0450", "expected": "0500", "line": "2", "path": "lines[2].account", "rule": "x"}


@pytest.fixture(scope="module")
def loaded() -> LoadedRules:
    return load(RULES, CATALOGUE)


@pytest.fixture(scope="module")
def taxonomy(loaded: LoadedRules) -> Taxonomy:
    return loaded.taxonomy


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar(RULES / "calendar.yaml")


def rendered(text: str, values: dict[str, str]) -> str:
    return TEMPLATES.from_string(text).render(**values, number="4711", supplier="Dansk Kontor A/S")


def templates_of(kind: ErrorType, language: str) -> Iterator[str]:
    texts = kind.texts[language]
    yield texts.title
    yield texts.explain
    yield texts.fix
    yield from texts.fix_by_source.values()


def all_texts(taxonomy: Taxonomy) -> Iterator[tuple[ErrorType, str, str]]:
    for kind, language, values in product(taxonomy, LANGUAGES, (EMPTY, FILLED)):
        for template in templates_of(kind, language):
            yield kind, language, rendered(template, values)


class TestErrorTypes:
    def test_there_are_at_least_forty_five(self, taxonomy: Taxonomy) -> None:
        assert len(taxonomy) >= 45

    def test_the_codes_that_the_design_names_exist(self, taxonomy: Taxonomy) -> None:
        for code in (
            "dimension-missing",
            "cannot-check",
            "outside-criteria",
            "unreadable",
            "not-an-invoice",
            "erp-unmapped",
        ):
            assert code in taxonomy

    def test_a_code_is_never_removed_or_renamed(self, taxonomy: Taxonomy) -> None:
        golden = GOLDEN_CODES.read_text(encoding="utf-8").split()
        assert len(golden) == len(set(golden))
        assert set(taxonomy.codes()) == set(golden), (
            "a new code is appended to tests/golden/error_codes.txt; one that is there stays"
        )

    def test_every_class_disposition_and_fixer_is_in_use(self, taxonomy: Taxonomy) -> None:
        assert {kind.error_class for kind in taxonomy} == set(ErrorClass)
        assert {Disposition.BOUNCE, Disposition.HOLD, Disposition.RETRY, Disposition.NOTE} <= {
            kind.disposition for kind in taxonomy
        }

    def test_security_is_never_bypassed_quoted_or_left_to_the_customer(
        self, taxonomy: Taxonomy
    ) -> None:
        for kind in taxonomy:
            if kind.error_class is ErrorClass.SECURITY:
                assert kind.disposition is Disposition.HOLD, kind.code
                assert not kind.bypass, kind.code
                assert not kind.quote_values, kind.code

    def test_what_stops_a_document_has_a_deadline(self, taxonomy: Taxonomy) -> None:
        for kind in taxonomy:
            if kind.disposition in {Disposition.BOUNCE, Disposition.HOLD}:
                assert kind.deadline_days is not None, kind.code
            if kind.disposition is Disposition.RETRY:
                assert kind.retry > 0, kind.code
                assert kind.error_class is ErrorClass.SYSTEM, kind.code

    def test_accounts_and_payment_ids_are_never_quoted(self, taxonomy: Taxonomy) -> None:
        for kind in taxonomy:
            if kind.peppol_reason in {"PAY", "PPD"} and kind.disposition is not Disposition.NOTE:
                assert not kind.quote_values, kind.code

    def test_reading_errors_hide_what_follows_from_them(self, taxonomy: Taxonomy) -> None:
        for kind in taxonomy:
            if kind.reached_by == "rule":
                assert {"unreadable", "not-an-invoice"} <= set(kind.suppressed_by), kind.code

    def test_a_cause_is_listed_before_what_it_hides_or_beside_it(self, taxonomy: Taxonomy) -> None:
        """A type is suppressed by causes, so its own order is the later one of its group."""
        for kind in taxonomy:
            for code in kind.suppressed_by:
                assert taxonomy[code].code != kind.code


class TestTexts:
    def test_every_type_has_all_texts_in_both_languages(self, taxonomy: Taxonomy) -> None:
        for kind in taxonomy:
            assert set(kind.texts) == set(LANGUAGES), kind.code
            for language in LANGUAGES:
                assert all(text.strip() for text in templates_of(kind, language)), kind.code

    def test_the_languages_differ(self, taxonomy: Taxonomy) -> None:
        for kind in taxonomy:
            danish, english = (list(templates_of(kind, language)) for language in LANGUAGES)
            assert not set(danish) & set(english), kind.code

    def test_texts_read_well_with_and_without_values(self, taxonomy: Taxonomy) -> None:
        for kind, language, text in all_texts(taxonomy):
            where = f"{kind.code} ({language}): {text}"
            assert not re.search(r"[{}]|None|Undefined|  |\(\)|«»|\n| [.,:;]", text), where
            assert text[0].isupper() or not text[0].isalpha(), where

    def test_sentences_end_and_titles_do_not(self, taxonomy: Taxonomy) -> None:
        for kind, language in product(taxonomy, LANGUAGES):
            title, *others = templates_of(kind, language)
            assert not title.endswith("."), kind.code
            assert "{" not in title, kind.code
            assert len(title.split()) <= 12, kind.code
            for template, values in product(others, (EMPTY, FILLED)):
                assert rendered(template, values).endswith("."), (kind.code, language)

    def test_a_finding_is_short(self, taxonomy: Taxonomy) -> None:
        for kind, language in product(taxonomy, LANGUAGES):
            texts = kind.texts[language]
            for fix in (texts.fix, *texts.fix_by_source.values()):
                whole = " ".join(rendered(t, FILLED) for t in (texts.title, texts.explain, fix))
                assert len(whole.split()) <= MOST_WORDS, (kind.code, language)

    def test_no_internal_name_is_shown(self, taxonomy: Taxonomy) -> None:
        codes = [code for code in taxonomy.codes() if "-" in code]
        names = [name for name in CATALOGUE if "." in name or "_" in name]
        for kind, language, text in all_texts(taxonomy):
            for internal in (*codes, *names, "lines[", "robot.", "BT-", ".yaml"):
                assert internal not in text, f"{kind.code} ({language}) shows '{internal}'"

    def test_nobody_is_blamed_and_nothing_is_begged(self, taxonomy: Taxonomy) -> None:
        words = (
            r"desværre|venligst|beklager|ulovlig|skyld|glemt|sorry|please|fault of|your mistake"
        )
        for kind, language, text in all_texts(taxonomy):
            assert not re.search(words, text, re.IGNORECASE), f"{kind.code} ({language}): {text}"

    def test_values_appear_only_where_they_may_be_quoted(self, taxonomy: Taxonomy) -> None:
        for kind, language in product(taxonomy, LANGUAGES):
            if not kind.quote_values:
                for template in templates_of(kind, language):
                    assert not re.search(r"{[{%].*?\b(seen|expected)\b", template), kind.code

    def test_what_the_customer_fixes_has_a_path_in_each_system(self, taxonomy: Taxonomy) -> None:
        for kind, language in product(taxonomy, LANGUAGES):
            if kind.disposition is not Disposition.BOUNCE:
                continue
            steps = kind.texts[language].fix_by_source
            assert set(steps) == set(SYSTEMS), (kind.code, language)
            for system, text in steps.items():
                assert SYSTEMS[system] in text, (kind.code, language)
                others = set(SYSTEMS.values()) - {SYSTEMS[system]}
                assert not any(other in text for other in others), (kind.code, language)

    def test_what_only_the_centre_fixes_asks_nothing_of_the_customer(
        self, taxonomy: Taxonomy
    ) -> None:
        for kind in taxonomy:
            if kind.disposition is Disposition.HOLD and kind.fixable_by == "sam-masterdata":
                assert kind.texts["da"].fix.startswith("SAM "), kind.code


class TestRules:
    def test_every_file_passes_the_check(self, loaded: LoadedRules) -> None:
        assert [str(problem) for problem in loaded.problems] == []

    def test_every_type_that_a_rule_reaches_is_named_by_one(self, loaded: LoadedRules) -> None:
        assert loaded.standard is not None
        named = {rule.error_type for rule in loaded.standard.every_rule}
        for customer in loaded.customers.values():
            named |= {rule.error_type for rule in customer.rules}
        reached = {kind.code for kind in loaded.taxonomy if kind.reached_by == "rule"}
        assert reached == named - {None}

    def test_every_other_type_is_named_by_the_robot_itself(self, taxonomy: Taxonomy) -> None:
        sources = "\n".join(
            path.read_text(encoding="utf-8") for path in (ROOT / "robot").rglob("*.py")
        )
        refusals = (RULES / "erp_refusals.yaml").read_text(encoding="utf-8")
        for kind in taxonomy:
            named = f'"{kind.code}"' in sources or (
                kind.reached_by == "erp" and f"code: {kind.code}\n" in refusals
            )
            if kind.reached_by != "rule":
                assert named, f"{kind.code} is reached by nothing"

    def test_a_rule_does_what_its_type_says(self, loaded: LoadedRules) -> None:
        assert loaded.standard is not None
        own = (rule for customer in loaded.customers.values() for rule in customer.rules)
        for rule in (*loaded.standard.every_rule, *own):
            if rule.effect is not Effect.POST:
                assert rule.error_type is not None, rule.id
                kind = loaded.taxonomy[rule.error_type]
                assert kind.disposition.value == rule.effect.value, rule.id

    def test_every_rule_says_why(self, loaded: LoadedRules) -> None:
        assert loaded.standard is not None
        own = (rule for customer in loaded.customers.values() for rule in customer.rules)
        for rule in (*loaded.standard.every_rule, *own):
            assert len(rule.why.split()) >= 3, rule.id

    def test_security_duplicates_and_approvals_are_mandatory(self, loaded: LoadedRules) -> None:
        assert loaded.standard is not None
        for rule in loaded.standard.every_rule:
            kind = loaded.taxonomy[rule.error_type] if rule.error_type else None
            if kind is None:
                continue
            if kind.error_class is ErrorClass.SECURITY or kind.code in {
                "duplicate-exact",
                "duplicate-suspected",
                "receipt-missing",
                "approval-missing",
                "approval-limit-exceeded",
                "payment-details-differ",
                "payment-method-differs",
                "payee-differs",
                "remark-to-sam",
                "confidential",
            }:
                assert rule.mandatory, rule.id

    def test_standard_rules_compare_amounts_in_kroner_only(self, loaded: LoadedRules) -> None:
        """A literal in kroner says nothing about an invoice in euro, so the rule would hold it."""
        assert loaded.standard is not None
        for rule in loaded.standard.every_rule:
            for part in walk(rule.condition) if rule.condition is not None else ():
                if isinstance(part, Test) and part.field.type is FieldType.MONEY:
                    assert part.field.key == "invoice.total_dkk", rule.id


class TestCustomers:
    def test_the_six_of_the_small_world_are_there(self, loaded: LoadedRules) -> None:
        found = {
            c.customer.bogfoeringskreds: c.customer.name
            for c in loaded.customers.values()
            if c.customer is not None
        }
        assert found == {
            "99001": "Eksempelstyrelsen",
            "99002": "Fyrvæsenet",
            "99003": "Nordhavns Museum",
            "99004": "Institut for Klimaforskning",
            "99005": "Domsarkivet",
            "99006": "Skovfogedskolen",
        }

    def test_mail_goes_to_invented_addresses_of_the_customers_own_domain(
        self, loaded: LoadedRules
    ) -> None:
        for file in loaded.customers.values():
            assert file.customer is not None
            assert file.customer.mailboxes
            for mailbox in file.customer.mailboxes:
                for address in (mailbox.address, *mailbox.members):
                    domain = address.partition("@")[2]
                    assert domain.endswith(".example.test")
                    assert domain in file.customer.domains

    def test_each_has_its_own_way_to_post(self, loaded: LoadedRules) -> None:
        texts = set()
        for file in loaded.customers.values():
            assert file.file.text is not None
            body = file.file.text.partition("\nset:")[2] or file.file.text.partition("\nrules:")[2]
            texts.add(body)
        assert len(texts) == len(loaded.customers)


class TestCalendar:
    @pytest.mark.parametrize("year", [2026, 2027, 2028])
    def test_public_holidays_are_closed_for_centre_and_banks(
        self, calendar: Calendar, year: int
    ) -> None:
        for day in holidays.country_holidays("DK", years=year):
            assert not calendar.is_working_day(day), day
            assert not calendar.is_bank_day(day), day

    @pytest.mark.parametrize("year", [2026, 2027, 2028])
    def test_closed_days_are_the_public_ones_and_four_more(
        self, calendar: Calendar, year: int
    ) -> None:
        public = set(holidays.country_holidays("DK", years=year))
        ascension = next(
            day
            for day, name in holidays.country_holidays("DK", years=year, language="da").items()
            if name == "Kristi himmelfartsdag"
        )
        more = {
            ascension.replace(day=ascension.day + 1),
            date(year, 6, 5),
            date(year, 12, 24),
            date(year, 12, 31),
        }
        expected = {day for day in public | more if day.weekday() < 5}
        for closed in (calendar.centre_closed, calendar.bank_closed):
            assert {d for d in closed if d.year == year and d.weekday() < 5} == expected

    def test_the_first_of_may_is_a_day_like_others(self, calendar: Calendar) -> None:
        assert calendar.is_working_day(date(2026, 5, 1))
        assert calendar.is_bank_day(date(2026, 5, 1))

    def test_the_robot_runs_twice_a_day_and_more_often_when_a_period_closes(
        self, calendar: Calendar
    ) -> None:
        assert [run.slot for run in calendar.runs_on(date(2026, 11, 24))] == ["morning", "midday"]
        assert len(calendar.runs_on(date(2027, 1, 11))) > 2

    def test_periods_close_on_working_days_in_order(self, calendar: Calendar) -> None:
        closing = [period.closes for period in calendar.periods]
        assert [period.name for period in calendar.periods] == ["12", "13.1", "13.2"]
        assert closing == sorted(closing)
        assert all(calendar.is_working_day(day) for day in closing)
