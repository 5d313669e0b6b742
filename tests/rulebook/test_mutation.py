"""Small changes of rules, and whether a case notices them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from robot.rulebook.case_reader import read_cases
from robot.rulebook.cases import CaseRunner
from robot.rulebook.mutants import mutants_of
from robot.rulebook.mutation import Mutation, mutate
from tests.rulebook.world import CUSTOMER, loaded, standard

POST = "id: small\npost:\nwhen: {invoice.total: {at_most: 1000 DKK}, creditor.known: yes}"
HEAD = """\
today: 2026-11-24
customer: x
documents:
  clean:
    invoice.total: 500 DKK
    creditor.known: yes
    creditor.number: "9"
    order.reference: A
    lines: [{number: "1", account: "7"}, {number: "2", account: "7"}]
cases:
"""
LIMITS = """\
  - {case: at, document: clean, change: {invoice.total: 1000 DKK}, expect: post}
  - {case: over, document: clean, change: {invoice.total: 1000.01 DKK}, expect: hold}
"""
KNOWN = "  - {case: known, document: clean, change: {creditor.known: no}, expect: hold}\n"


def mutated(
    rules: str,
    cases: str,
    customer: str = CUSTOMER,
    only: tuple[str, ...] = (),
    approved: str = "value\n",
) -> Mutation:
    texts = {
        "standard.yaml": rules,
        "customers/x.yaml": customer,
        "cases/a.yaml": HEAD + cases,
        "lists/approved.csv": approved,
    }
    read = loaded(texts)
    book = read_cases(read.files, read)
    assert [str(problem) for problem in (*read.problems, *book.problems)] == []
    runner = CaseRunner(read, book, compute=lambda *_: {})
    return mutate(read, runner, rules=only)


def unnoticed(found: Mutation) -> list[str]:
    return [f"{change.at.line}: {change.what}" for change in found.unnoticed]


def test_cases_that_test_everything_notice_every_change() -> None:
    found = mutated(standard(POST), LIMITS + KNOWN)
    assert unnoticed(found) == []
    assert found.score == Decimal("100.0")
    assert len(found.changes) == 7


@pytest.mark.parametrize(
    ("cases", "gaps"),
    [
        (
            LIMITS.splitlines(keepends=True)[0] + KNOWN,
            [
                "4: 'invoice.total at_most 1000 DKK' is left out",
                "4: invoice.total: 1000 DKK becomes 1000.01 DKK",
            ],
        ),
        (
            LIMITS.splitlines(keepends=True)[1] + KNOWN,
            [
                "2: post becomes note",
                "4: invoice.total: 1000 DKK becomes 999.99 DKK",
            ],
        ),
        (LIMITS, ["4: 'creditor.known yes' is left out"]),
    ],
)
def test_a_planted_gap_is_found(cases: str, gaps: list[str]) -> None:
    assert unnoticed(mutated(standard(POST), cases)) == gaps


def test_an_exception_that_no_case_uses() -> None:
    rule = (
        "id: ref\nbounce: reference-missing\nwhen: {order.reference: missing}\n"
        "unless: {creditor.number: {in_list: approved}}"
    )
    cases = (
        LIMITS + KNOWN + "  - {case: r, document: clean, change: {order.reference: missing}, "
        "expect: {bounce: [reference-missing]}}\n"
    )
    rows = "value\nA1\nA2\n"
    found = mutated(standard(POST, rule), cases, approved=rows)
    assert unnoticed(found) == [
        "2: A1 is taken off",
        "3: A2 is taken off",
        "8: the whole 'unless' is left out",
    ]
    excepted = (
        cases + "  - {case: u, document: clean, change: {order.reference: missing, "
        'creditor.number: "A1"}, expect: post}\n'
    )
    assert unnoticed(mutated(standard(POST, rule), excepted, approved=rows)) == [
        "3: A2 is taken off"
    ]


def test_an_effect_a_quantifier_and_words_of_a_list() -> None:
    rule = (
        "id: six\nbounce: dimension-missing\nwhen: {lines: {any: {account: {in: ['61', '62']}}}}"
    )
    cases = (
        LIMITS
        + KNOWN
        + ("  - {case: a, document: clean, change: {lines.account: '61'}, expect: bounce}\n")
    )
    assert unnoticed(mutated(standard(POST, rule), cases)) == [
        "7: lines any becomes lines all",
        "7: account: 62 is taken out of in",
    ]
    better = cases + (
        "  - {case: b, document: clean, change: {'lines[2].account': '62'}, expect: bounce}\n"
    )
    assert unnoticed(mutated(standard(POST, rule), better)) == []


def test_a_dispensation_is_taken_away() -> None:
    rule = "id: ref\nbounce: reference-missing\nwhen: {order.reference: missing}"
    given = (
        f"{CUSTOMER}dispensations:\n  - {{rule: ref, until: 2026-12-31, why: x, approved-by: y}}\n"
    )
    found = mutated(standard(POST, rule), LIMITS + KNOWN, given, only=("ref",))
    assert "5: the dispensation is taken away" in unnoticed(found)
    used = "  - {case: r, document: clean, change: {order.reference: missing}, expect: post}\n"
    found = mutated(standard(POST, rule), LIMITS + KNOWN + used, given, only=("ref",))
    assert "5: the dispensation is taken away" not in unnoticed(found)


def test_a_customer_s_own_setting_is_moved_for_itself() -> None:
    rules = "parameters:\n  limit: {value: 1000 DKK}\n" + standard(
        "id: small\npost:\nwhen: {invoice.total: {at_most: $limit}}"
    )
    found = mutated(rules, LIMITS, f"{CUSTOMER}set: {{limit: 1000 DKK}}\n")
    assert {change.customer for change in found.changes if "becomes 1000.01" in change.what} == {
        "x"
    }
    assert unnoticed(found) == []


def test_cases_that_fail_anyway_prove_nothing() -> None:
    wrong = "  - {case: w, document: clean, expect: bounce}\n"
    assert mutated(standard(POST), wrong).score == Decimal("0.0")


def test_every_change_is_a_change_and_has_its_own_name() -> None:
    rule = """
id: all
hold: creditor-unknown
when:
  invoice.total: {between: [1 DKK, 2 DKK]}
  invoice.issue_date: {before: today - 30 days}
  invoice.due_date: {within_days: next 14}
  any_of: [{order.reference: {starts_with: [A, B]}}, {supplier.name: {matches: 'a.*'}}]
  lines: {none: {account: missing}, sum: {field: net, above: 5 DKK}}
unless: {none_of: [{invoice.number: {same_as: order.reference}}]}
"""
    read = loaded({"standard.yaml": standard(rule)})
    assert [str(problem) for problem in read.problems] == []
    assert read.standard is not None
    (given,) = read.standard.rules
    found = list(mutants_of(given))
    assert all(mutant.rule != given for mutant in found)
    assert len({mutant.key for mutant in found}) == len(found)
    assert len(found) == 32
