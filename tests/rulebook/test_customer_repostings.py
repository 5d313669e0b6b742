"""A customer's own rules for re-posting sheets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from robot.domain.decision import Decision, Outcome
from robot.domain.money import Money
from robot.rulebook.case_reader import read_cases
from robot.rulebook.cases import CaseRunner
from robot.rulebook.check import check
from robot.rulebook.coverage import coverage
from robot.rulebook.diff.compare import compare_rules
from robot.rulebook.explain.tree import explain
from robot.rulebook.explain.why_not import why_not
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.mutation import mutate
from robot.rulebook.names import Fields
from robot.rulebook.ruleset import CompiledRuleSet
from tests.rulebook.world import CATALOGUE, CUSTOMER, TODAY, document, files

_KIND = replace(CATALOGUE["invoice.kind"], choices=("invoice", "reposting"))
FIELDS = Fields({**CATALOGUE, _KIND.name: _KIND})

STANDARD = """\
rules:
  - id: post-invoices
    post:
    when: {invoice.total: {at_most: 1000 DKK}}
repostings:
  - id: post-sheets
    post:
    when: {posting.period_open: yes}
"""
OWN = """\
repostings:
  - id: large-sheets
    hold: creditor-unknown
    when: {invoice.total: {above: 500 DKK}}
"""
CASES = f"""\
today: {TODAY}
customer: eksempel
documents:
  sheet: {{invoice.kind: reposting, invoice.total: 100 DKK, posting.period_open: yes}}
cases:
  - {{case: small, document: sheet, expect: post}}
  - case: large
    document: sheet
    change: {{invoice.total: 501 DKK}}
    expect: {{hold: [creditor-unknown]}}
"""


def rules(own: str = OWN, **more: str) -> LoadedRules:
    texts = {"standard.yaml": STANDARD, "customers/eksempel.yaml": CUSTOMER + own, **more}
    return load_files(files(texts), FIELDS)


def values(kind: str = "reposting") -> dict[str, Any]:
    total = Money(Decimal(600), "DKK")
    return document(invoice__kind=kind, invoice__total=total, posting__period_open=True)


def decide(read: LoadedRules, kind: str = "reposting") -> Decision:
    rule_set = CompiledRuleSet(read.effective("eksempel"), compute=lambda *_: {})
    return rule_set.decide_values(values(kind), TODAY)


@pytest.mark.parametrize(
    ("kind", "outcome", "codes"),
    [("reposting", Outcome.HOLD, ["creditor-unknown"]), ("invoice", Outcome.POST, [])],
)
def test_they_decide_re_postings_and_no_invoice(
    kind: str, outcome: Outcome, codes: list[str]
) -> None:
    decision = decide(rules(), kind)
    assert (decision.outcome, [it.code for it in decision.findings]) == (outcome, codes)


def test_its_rules_for_invoices_decide_no_re_posting() -> None:
    read = rules(OWN.replace("repostings", "rules"))
    assert decide(read).outcome is Outcome.POST


def test_an_id_is_there_once_among_both_kinds() -> None:
    read = rules(OWN.replace("large-sheets", "post-invoices"))
    (told,) = (str(problem) for problem in read.problems)
    assert told.endswith("there is already a rule 'post-invoices' at rules/standard.yaml:2:5")


def test_a_bounce_is_told_to_become_a_hold() -> None:
    read = rules(OWN.replace("hold: creditor-unknown", "bounce: reference-missing"))
    assert [it.code for it in read.problems] == ["bounce-becomes-hold"]
    assert decide(read).findings[0].code == "reference-missing"


def test_rules_check_looks_at_them_like_at_any_others() -> None:
    read = rules(OWN.replace("above: 500 DKK", "above: 500 DKK, below: 100 DKK"))
    told = {it.code for it in check(read, TODAY) if "large-sheets" in it.message}
    assert told == {"never-holds"}


def test_a_case_that_is_missing_is_told() -> None:
    few = CASES[: CASES.index("  - case: large")]
    read = rules(**{"cases/sheets.yaml": few})
    results = runner(read).run_all()
    told = [it.message for it in check(read, TODAY, cases=results) if "large" in it.message]
    assert told == ["no case makes rule 'large-sheets' hold"]


def runner(read: LoadedRules) -> CaseRunner:
    return CaseRunner(read, read_cases(read.files, read), compute=lambda *_: {})


def test_cases_cover_them_and_notice_slips_in_them() -> None:
    read = rules(**{"cases/sheets.yaml": CASES})
    found = coverage(read, runner(read).prepared(), rules=["large-sheets"])
    assert {point.wanted for point in found.missing} == {"not known", "at", "just over"}
    slips = mutate(read, runner(read), rules=["large-sheets"])
    assert [slip.noticed for slip in slips.changes].count(True) >= 2


def test_they_explain_re_postings_and_say_what_would_post_them() -> None:
    read = rules()
    told = explain(read, "eksempel", values(), TODAY, "en")
    assert [one.part.rule.id for one in told.rules] == ["post-sheets", "large-sheets"]
    assert told.decision.ruleset == read.effective("eksempel").hash
    assert why_not(read, "eksempel", values(), TODAY).smallest.size == 1


def test_a_new_one_is_a_difference_of_the_customer() -> None:
    changes = compare_rules(rules(own=""), rules())
    assert [(it.customer, it.item) for it in changes] == [("99001", "large-sheets")]


def test_nobody_s_set_posts_no_re_posting() -> None:
    assert rules().effective(None).repostings == ()
