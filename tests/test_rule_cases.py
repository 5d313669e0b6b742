"""The cases that ship with the rules: all pass, and together they reach everything."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from robot import documents
from robot.checks import compute
from robot.checks.catalogue import CATALOGUE
from robot.domain.decision import Decision, Outcome, Truth
from robot.domain.document import ApprovedDocument, SourceStatement
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Invoice
from robot.rulebook.case_expected import Expected
from robot.rulebook.case_reader import Case, CaseBook, read_cases
from robot.rulebook.cases import CaseResult, CaseRunner
from robot.rulebook.coverage import coverage
from robot.rulebook.loader import LoadedRules, load
from robot.rulebook.mutation import mutate
from robot.rulebook.problem import Report
from tests.support import factories as make
from tests.support.everyday import RULES, addressed, approved, facts, rules_of

#: What the rules must know before anything is posted.
NEEDED = (
    "approval.first",
    "approval.second",
    "approval.same_person",
    "approval.within_limit",
    "approval.mandated",
    "arithmetic.total_differs",
    "coding.balanced",
    "coding.complete",
    "creditor.known",
    "creditor.ambiguous",
    "creditor.blocked",
    "creditor.cvr_matches",
    "customer.gln_known",
    "document.confidential",
    "duplicate.exact",
    "duplicate.suspected",
    "invoice.negative",
    "invoice.total_dkk",
    "payment.matches_creditor",
    "payment.method_matches",
    "payment.reference_valid",
    "posting.period_open",
    "posting.year_closed",
    "remark.to_centre",
    "vat.peppol_without_vat",
)


def read_document(path: Path) -> ApprovedDocument:
    read = documents.read(path.read_bytes())
    statement = SourceStatement(system="folder", document_id=path.stem)
    if isinstance(read, Invoice):
        return ApprovedDocument(
            name=path.name, statement=statement, content_hash=read.content_hash, invoice=read
        )
    return ApprovedDocument(
        name=path.name,
        statement=statement,
        content_hash="",
        invoice=None,
        refusal=read.code,
        reason=read.reason,
    )


@pytest.fixture(scope="module")
def loaded() -> LoadedRules:
    return load(RULES, CATALOGUE)


@pytest.fixture(scope="module")
def book(loaded: LoadedRules) -> CaseBook:
    return read_cases(loaded.files, loaded)


@pytest.fixture(scope="module")
def runner(loaded: LoadedRules, book: CaseBook) -> CaseRunner:
    return CaseRunner(loaded, book, compute=compute, read_document=read_document)


@pytest.fixture(scope="module")
def results(runner: CaseRunner) -> tuple[CaseResult, ...]:
    return runner.run_all()


def decisions(results: tuple[CaseResult, ...]) -> Iterator[Decision]:
    return (result.decision for result in results if result.decision is not None)


def test_every_case_can_be_read_and_passes(
    book: CaseBook, results: tuple[CaseResult, ...]
) -> None:
    assert [str(problem) for problem in book.problems] == []
    assert [str(result) for result in results if not result.passed] == []
    assert len(results) >= 150


def test_every_case_says_exactly_which_findings_it_expects(book: CaseBook) -> None:
    for case in book.cases:
        assert case.expected.outcome is not None, case.text
        assert case.expected.findings is not None or case.expected.not_findings, case.text


def test_no_two_cases_have_the_same_words(book: CaseBook) -> None:
    texts = [case.text for case in book.cases]
    assert len(texts) == len(set(texts))


def test_every_rule_holds_in_a_case(
    loaded: LoadedRules, runner: CaseRunner, results: tuple[CaseResult, ...]
) -> None:
    held = {
        (runner.stem(result.case), outcome.rule)
        for result in results
        if result.decision is not None
        for outcome in result.decision.results
        if outcome.truth is Truth.TRUE
    }
    assert loaded.standard is not None
    anywhere = {rule for _, rule in held}
    assert {rule.id for rule in loaded.standard.rules} - anywhere == set()
    for stem, customer in loaded.customers.items():
        for rule in customer.rules:
            assert (stem, rule.id) in held, f"{stem}: {rule.id}"


def test_every_error_type_that_a_document_can_reach_is_met_in_a_case(
    loaded: LoadedRules, results: tuple[CaseResult, ...]
) -> None:
    met = {
        finding.code
        for decision in decisions(results)
        for finding in (*decision.findings, *decision.notes)
    }
    reachable = {
        kind.code for kind in loaded.taxonomy if kind.reached_by in {"rule", "check", "reader"}
    }
    assert reachable | {"outside-criteria", "cannot-check"} <= met


def test_every_customer_posts_bounces_and_holds(
    runner: CaseRunner, results: tuple[CaseResult, ...]
) -> None:
    outcomes: dict[str, set[Outcome]] = {}
    for result in results:
        if result.decision is not None:
            stem = runner.stem(result.case) or "unknown"
            outcomes.setdefault(stem, set()).add(result.decision.outcome)
    wanted = {Outcome.POST, Outcome.BOUNCE, Outcome.HOLD}
    for customer in set(outcomes) - {"unknown", "skovfogedskolen"}:
        assert wanted <= outcomes[customer], customer
    assert {Outcome.POST, Outcome.HOLD} <= outcomes["skovfogedskolen"]


def base_case(name: str, book: CaseBook, customer: str = "eksempelstyrelsen") -> Case:
    """A case that changes nothing about a base document."""
    some = book.cases[0]
    return Case(
        text=name,
        customer=customer,
        document=name,
        changes=(),
        today=make.TODAY,
        expected=Expected(outcome=None, findings=None, not_findings=(), notes=()),
        file=some.file,
        at=some.at,
    )


def test_the_base_document_is_what_the_checks_compute(
    loaded: LoadedRules, book: CaseBook, runner: CaseRunner
) -> None:
    rules = rules_of(loaded, "eksempelstyrelsen")
    document = approved(addressed(make.an_invoice(), rules.customer), rules.customer)
    computed = dict(rules.values(document, facts(), make.TODAY))

    written = runner.values(base_case("office-invoice", book), Report("cases"))

    assert written is not None
    assert written.pop("lines") == computed.pop("lines")
    assert written == computed


def test_every_base_document_is_complete(book: CaseBook, runner: CaseRunner) -> None:
    for name in book.documents.keys() - {"nothing-known"}:
        values = runner.values(base_case(name, book), Report("cases"))
        assert values is not None
        lines = values.pop("lines")
        unknown = [field for field, value in values.items() if value is UNKNOWN]
        assert unknown == [], name
        assert all(UNKNOWN not in line.values() for line in lines), name


@pytest.mark.parametrize("field", NEEDED)
def test_nothing_is_posted_when_something_needed_is_not_known(
    loaded: LoadedRules, book: CaseBook, runner: CaseRunner, field: str
) -> None:
    values = runner.values(base_case("office-invoice", book), Report("cases"))
    assert values is not None
    assert field in values

    decision = rules_of(loaded, "eksempelstyrelsen").decide_values(
        {**values, field: UNKNOWN}, make.TODAY
    )

    assert decision.outcome is Outcome.HOLD
    assert {finding.code for finding in decision.findings} == {"cannot-check"}


def test_not_knowing_any_one_field_neither_bounces_nor_posts_more(
    loaded: LoadedRules, book: CaseBook, runner: CaseRunner
) -> None:
    """An ignorant robot holds: it never blames a customer and never posts what it would not."""
    rules = rules_of(loaded, "eksempelstyrelsen")
    values = runner.values(base_case("office-invoice", book), Report("cases"))
    assert values is not None
    held = {**values, "document.confidential": True}
    for field in values:
        clean = rules.decide_values({**values, field: UNKNOWN}, make.TODAY)
        assert clean.outcome in {Outcome.POST, Outcome.HOLD}, field
        assert rules.decide_values({**held, field: UNKNOWN}, make.TODAY).outcome is Outcome.HOLD


def test_the_cases_exercise_every_condition_and_notice_nearly_every_slip(
    loaded: LoadedRules, runner: CaseRunner
) -> None:
    """What no case notices is a condition that another rule makes superfluous."""
    assert [str(point) for point in coverage(loaded, runner.prepared()).missing] == []
    found = mutate(loaded, runner)
    assert found.score >= Decimal("98.5"), [str(change) for change in found.unnoticed]
