"""Tables of cases, the short form, and what else a case can expect."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from robot.domain.decision import Outcome
from robot.rulebook.case_reader import CaseBook, read_cases
from robot.rulebook.cases import CaseResult, CaseRunner, NoticeRequest
from tests.rulebook.test_cases import DOCUMENTS, RULES, computed
from tests.rulebook.world import CUSTOMER, loaded


def read(cases: str) -> tuple[Any, CaseBook]:
    head = "today: 2026-11-24\ncustomer: x\ncases:\n"
    rules = loaded(
        {
            "standard.yaml": RULES,
            "customers/x.yaml": CUSTOMER,
            "cases/a.yaml": DOCUMENTS,
            "cases/b.yaml": head + dedent(cases).strip("\n") + "\n",
        }
    )
    return rules, read_cases(rules.files, rules)


def run(cases: str) -> list[CaseResult]:
    rules, book = read(cases)
    assert [str(problem) for problem in book.problems] == []
    runner = CaseRunner(rules, book, compute=computed, render_notice=written)
    return list(runner.run_all())


def problems(cases: str) -> list[str]:
    _, book = read(cases)
    return [str(problem).removeprefix("rules/cases/b.yaml:") for problem in book.problems]


def written(request: NoticeRequest) -> str:
    codes = ", ".join(finding.code for finding in request.decision.findings)
    number = request.values["invoice.number"]
    return f"Emne: til {request.customer.name}\n\nFaktura {number} mangler\nnoget: {codes}\n"


TABLE = """
- case: Small invoices
  document: clean
  change: {invoice.issue_date: today}
  table:
    - [case,         invoice.total, order.reference, outcome, findings]
    - [at the limit, 1000.00 DKK,   .,               post,    none]
    - [above it,     1000.01 DKK,   .,               hold,    outside-criteria]
    - [no order,     10 DKK,        missing,         bounce,  [reference-missing]]
    - [wrong,        10 DKK,        .,               hold,    .]
"""


class TestTables:
    def test_each_row_is_a_case_with_its_own_name_and_line(self) -> None:
        results = run(TABLE)
        assert [(r.case.text, r.case.at.line, r.passed) for r in results] == [
            ("Small invoices: at the limit", 9, True),
            ("Small invoices: above it", 10, True),
            ("Small invoices: no order", 11, True),
            ("Small invoices: wrong", 12, False),
        ]
        assert str(results[3]) == (
            "rules/cases/b.yaml:12:7: Small invoices: wrong\n    outcome: expected hold, was post"
        )

    def test_rows_may_be_about_lines_and_choose_customer_document_and_day(self) -> None:
        results = run(
            """
            - case: Whose
              expect: {outcome: hold, findings: [customer-unknown]}
              table:
                - [case, customer, document, today, "lines[10].dimensions.delregnskab", findings]
                - [a,    unknown,  clean, 2026-11-24, ., .]
                - [b, unknown, note, 2027-01-01, missing, [customer-unknown, dimension-missing]]
            """
        )
        assert [str(result) for result in results if not result.passed] == []
        assert [str(result.case.today) for result in results] == ["2026-11-24", "2027-01-01"]

    def test_a_case_s_expectations_count_for_rows_that_do_not_say(self) -> None:
        first, second = run(
            """
            - case: All posted
              document: clean
              expect: {outcome: post, posted_by: small}
              table:
                - [case, invoice.total, posted_by]
                - [a,    1 DKK,         .]
                - [b,    1 DKK,         none]
            """
        )
        assert first.passed
        assert second.differences == ("posted_by: expected none, was small",)

    def test_an_outcome_alone_beside_a_table_counts_for_its_rows(self) -> None:
        first, second = run(
            """
            - case: Posted
              document: clean
              expect: post
              table:
                - [case, invoice.total, notes]
                - [a,    1 DKK,         none]
                - [b,    2000 DKK,      none]
            """
        )
        assert first.passed
        assert second.differences[0] == "outcome: expected post, was hold"

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ("table: x", "7:10: 'table' is a list of rows, not 'x'"),
            (
                "table: [[name, outcome], [a, post]]",
                (
                    "7:11: the first row of a table names its columns: 'case', then fields and "
                    "what is expected"
                ),
            ),
            (
                "table: [[case, invoice.totl, outcome], [a, 1 DKK, post]]",
                (
                    "7:18: 'invoice.totl' is neither a field nor something to expect; "
                    "did you mean 'invoice.total'?"
                ),
            ),
            (
                "table: [[case, outcome, outcome], [a, post, post]]",
                "7:27: 'outcome' is there twice",
            ),
            ("table: [[case, outcome]]", "7:11: the table has a header and no rows"),
            ("table: [[case, outcome], x]", "7:28: a row is a list of cells, not 'x'"),
            (
                "table: [[case, outcome], [a, post, none]]",
                "7:28: the row has 3 cells and the header 2",
            ),
            ("table: [[case, outcome], [~, post]]", "7:28: the first cell of a row is its name"),
            (
                "table: [[case, invoice.total, outcome], [a, 5.000 DKK, post]]",
                (
                    "7:47: '5.000 DKK' is ambiguous: write thousands without a separator, "
                    "e.g. '5000 DKK'"
                ),
            ),
            (
                "table: [[case, document, outcome], [a, claen, post]]",
                (
                    "7:42: there is no document 'claen' under 'documents' of any case file; "
                    "did you mean 'clean'?"
                ),
            ),
            (
                "table: [[case, invoice.total, outcome], [a, -, post]]",
                "7:47: '-' can't stand alone in a list; write '.'",
            ),
            (
                "table: [[case, invoice.total], [a, 1 DKK]]",
                "7:34: a case needs 'expect', here",
            ),
        ],
    )
    def test_what_is_wrong_in_a_table_is_told_with_its_place(
        self, table: str, message: str
    ) -> None:
        assert problems(f"- case: t\n  document: clean\n\n  {table}\n") == [message]


class TestShortForm:
    def test_an_outcome_alone_or_with_its_findings(self) -> None:
        results = run(
            """
            - {case: a, document: clean, expect: post}
            - case: b
              document: clean
              change: {order.reference: missing}
              expect: {bounce: [reference-missing]}
            - {case: c, document: clean, change: {order.reference: unknown}, expect: hold}
            - case: d
              document: clean
              change: {order.reference: unknown}
              expect: {hold: {code: cannot-check, path: order.reference}}
            """
        )
        assert [str(result) for result in results if not result.passed] == []

    def test_post_alone_means_that_nothing_is_found(self) -> None:
        _, book = read("- {case: a, document: clean, expect: post}")
        expected = book.cases[0].expected
        assert (expected.outcome, expected.findings) == (Outcome.POST, ())

    def test_an_outcome_is_given_once(self) -> None:
        assert problems(
            "- {case: a, document: clean, expect: {outcome: post, hold: [cannot-check]}}"
        ) == ["4:54: 'expect' gives the outcome twice: hold, outcome"]


class TestMoreExpectations:
    def test_what_let_it_through_and_what_was_not_known(self) -> None:
        results = run(
            """
            - {case: a, document: clean, expect: {post: none, posted_by: small, unknown: none}}
            - case: b
              document: clean
              change: {invoice.total: unknown, order.reference: unknown}
              expect: {outcome: hold, unknown: [invoice.total, order.reference]}
            - case: c
              document: clean
              change: {invoice.total: unknown}
              expect: {outcome: hold, unknown: [order.reference]}
            """
        )
        assert [result.differences for result in results] == [
            (),
            (),
            ("unknown: expected order.reference, was invoice.total",),
        ]

    def test_names_are_checked(self) -> None:
        assert problems(
            "- {case: a, document: clean, expect: {post: none, posted_by: smal, unknown: [x]}}"
        ) == [
            "4:62: there is no rule 'smal'; did you mean 'small'?",
            "4:78: 'x' is not a field",
        ]

    def test_the_mail_to_the_customer(self) -> None:
        good, golden, bad = run(
            """
            - case: good
              document: clean
              change: {order.reference: missing, invoice.number: "F1"}
              expect:
                bounce: [reference-missing]
                notice: {contains: [til Eksempel, mangler noget], lacks: [dimension]}
            - case: golden
              document: clean
              change: {order.reference: missing, invoice.number: "F1"}
              expect:
                bounce: [reference-missing]
                notice:
                  text: |
                    Emne: til Eksempel

                    Faktura F1 mangler
                    noget: reference-missing
            - case: bad
              document: clean
              change: {order.reference: missing, invoice.number: "F1"}
              expect: {bounce: [reference-missing], notice: [kontering]}
            """
        )
        assert good.passed
        assert golden.passed
        assert bad.differences[0] == "notice: 'kontering' is not in it"
        assert "notice: | Faktura F1 mangler" in bad.differences

    def test_a_golden_mail_that_differs_is_shown_as_a_difference(self) -> None:
        (result,) = run(
            """
            - case: a
              document: clean
              change: {order.reference: missing, invoice.number: "F1"}
              expect: {bounce: [reference-missing], notice: {text: "Emne: x"}}
            """
        )
        assert "notice: -Emne: x" in result.differences
        assert "notice: +Emne: til Eksempel" in result.differences

    def test_nobody_is_told_about_what_is_not_sent_back(self) -> None:
        (result,) = run("- {case: a, document: clean, expect: {post: none, notice: [x]}}")
        assert result.differences == ("notice: the customer is told nothing about this document",)
