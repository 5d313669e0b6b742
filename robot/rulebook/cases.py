"""Cases: what the rules must decide, written beside them and run by `rules test`.

A case file (`cases/*.yaml`) has these keys, all of them optional:

    today: 2026-11-24            # for every case that does not say
    customer: eksempelstyrelsen  # the same; a customer file's name or its bogføringskreds
    documents:                   # base documents, which cases of every file may start from
      clean:                     # field: value, typed by the field catalogue (`rules fields`)
        invoice.kind: invoice
        invoice.total: 1250.00 DKK
        invoice.issue_date: today - 4 days
        remark.text: missing     # known to be absent
        creditor.accounts: ["15510001234567"]
        lines:
          - {number: "1", net: 1000.00 DKK, account: "220100", dimensions.delregnskab: "100"}
      clean-credit-note:
        like: clean              # another base document with other values
        invoice.kind: credit-note
    cases:
      - case: A line without delregnskab goes back to the customer.
        document: clean          # or the path of an XML file, beside the case file
        change:                  # field: value; one line by its number, or every line
          lines[1].dimensions.delregnskab: missing
          lines.vat_code: I25
        facts:                   # the same for what the ERP says, kept apart for the reader
          creditor.known: yes
        expect:
          outcome: bounce        # post, bounce, hold, unreadable or not-an-invoice
          findings: [dimension-missing]             # exactly these error types, in any order
          # or with details: {code: dimension-missing, path: "lines[1].dimensions.delregnskab"}
          not-findings: [coding-missing]            # instead: none of these
          notes: [vat-reverse-charge]               # these notes, perhaps among others

`unknown` and `missing` without quotes are the two ways of having no value. A field that neither
the base document nor the case names is unknown. `customer: unknown` is a document whose customer
nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from robot.domain.decision import Decision, Finding
from robot.domain.document import ApprovedDocument
from robot.domain.facts import NOTHING_KNOWN
from robot.domain.fields import UNKNOWN
from robot.errors import RobotError
from robot.rulebook.case_reader import XML, Case, CaseBook, Expected
from robot.rulebook.case_values import apply
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Report, listed
from robot.rulebook.ruleset import CompiledRuleSet, Compute

ReadDocument: TypeAlias = Callable[[Path], ApprovedDocument]
#: The customer of a document that belongs to nobody.
NOBODY_WORD: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one case came out. `differences` is empty when it passed."""

    case: Case
    decision: Decision | None
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.differences

    def __str__(self) -> str:
        head = f"{self.case.at}: {self.case.text}"
        return "\n".join([head, *(f"    {line}" for line in self.differences)])

    def as_json(self) -> dict[str, object]:
        """The result for machines."""
        return {
            "path": self.case.at.path,
            "line": self.case.at.line,
            "case": self.case.text,
            "passed": self.passed,
            "outcome": None if self.decision is None else self.decision.outcome.value,
            "findings": []
            if self.decision is None
            else [finding.code for finding in self.decision.findings],
            "differences": list(self.differences),
        }


class CaseRunner:
    """Runs cases against loaded rules.

    Args:
        loaded: The rules.
        book: The cases.
        compute: Gives the fields of a document that is read from a file.
        read_document: Reads such a file; None where documents can't be read.
    """

    def __init__(
        self,
        loaded: LoadedRules,
        book: CaseBook,
        *,
        compute: Compute,
        read_document: ReadDocument | None = None,
    ) -> None:
        self._loaded = loaded
        self._book = book
        self._compute = compute
        self._read_document = read_document
        self._sets: dict[str, CompiledRuleSet | None] = {}
        self._stems = {
            customer.customer.bogfoeringskreds: stem
            for stem, customer in loaded.customers.items()
            if customer.customer is not None
        }

    def run(self, case: Case) -> CaseResult:
        """Decide one case and compare."""
        rule_set = self._rule_set(case.customer)
        if rule_set is None:
            known = ", ".join(self._loaded.customers)
            return CaseResult(
                case=case,
                decision=None,
                differences=(
                    f"customer: '{case.customer}' has no rules that can be used (known: {known})",
                ),
            )
        report = Report(case.file.path, case.file.report.lines)
        decision = self._decide(case, rule_set, report)
        problems = [problem.message for problem in report.problems]
        if decision is None or problems:
            return CaseResult(case=case, decision=decision, differences=tuple(problems))
        differences = compare(case.expected, decision)
        return CaseResult(case=case, decision=decision, differences=differences)

    def run_all(self) -> tuple[CaseResult, ...]:
        """Every case, in the files' order."""
        return tuple(self.run(case) for case in self._book.cases)

    def values(self, case: Case, report: Report) -> dict[str, Any] | None:
        """The field values that a case decides on; None when its document can't be read."""
        rule_set = self._rule_set(case.customer)
        if case.document.endswith(XML) and rule_set is not None:
            document = self._read(case, report)
            if document is None or document.invoice is None:
                return None
            base: Mapping[str, Any] = rule_set.values(document, NOTHING_KNOWN, case.today)
        else:
            base = self._base_values(case.document, case.today, report)
        return apply(case.changes, base, case.today, report)

    def _decide(self, case: Case, rule_set: CompiledRuleSet, report: Report) -> Decision | None:
        if case.document.endswith(XML):
            document = self._read(case, report)
            if document is None:
                return None
            if document.invoice is None:
                return rule_set.decide(document, NOTHING_KNOWN, case.today)
        values = self.values(case, report)
        return None if values is None else rule_set.decide_values(values, case.today)

    def _rule_set(self, customer: str) -> CompiledRuleSet | None:
        if customer not in self._sets:
            stem = self._stems.get(customer, customer)
            try:
                effective = self._loaded.effective(None if stem == NOBODY_WORD else stem)
                self._sets[customer] = CompiledRuleSet(effective, self._compute)
            except KeyError:
                self._sets[customer] = None
        return self._sets[customer]

    def _read(self, case: Case, report: Report) -> ApprovedDocument | None:
        if self._read_document is None:
            report.error("no-reader", case.at, f"document: '{case.document}' can't be read here")
            return None
        path = Path(case.file.path).parent / case.document
        try:
            return self._read_document(path)
        except (RobotError, OSError) as error:
            report.error("no-document", case.at, f"document: {path} can't be read: {error}")
            return None

    def _base_values(self, name: str, today: date, report: Report) -> dict[str, Any]:
        document = self._book.documents[name]
        if document.like is None:
            start: dict[str, Any] = dict.fromkeys(self._loaded.fields.document, UNKNOWN)
            start["lines"] = UNKNOWN
        else:
            start = self._base_values(document.like, today, report)
        return apply(document.values, start, today, report)


def compare(expected: Expected, decision: Decision) -> tuple[str, ...]:
    """What is not as expected, one line each."""
    differences: list[str] = []
    if expected.outcome is not None and expected.outcome is not decision.outcome:
        differences.append(f"outcome: expected {expected.outcome}, was {decision.outcome}")
    if expected.findings is not None:
        differences += _finding_differences(expected.findings, decision.findings)
    given = {finding.code: finding for finding in decision.findings}
    differences += [
        f"findings: {code} was not expected, was given {_where(given[code])}"
        for code in expected.not_findings
        if code in given
    ]
    noted = {finding.code for finding in decision.notes}
    differences += [
        f"notes: {code} was expected, was not given (given: {listed(sorted(noted)) or 'none'})"
        for code in expected.notes
        if code not in noted
    ]
    return tuple(differences)


def _finding_differences(
    expected: tuple[Mapping[str, str], ...], given: tuple[Finding, ...]
) -> list[str]:
    lines = [
        f"- {_described(wanted)} was expected, was not given"
        for wanted in expected
        if not any(_fits(wanted, finding) for finding in given)
    ]
    lines += [
        f"+ {finding.code} was given, was not expected {_where(finding)}"
        for finding in given
        if not any(_fits(wanted, finding) for wanted in expected)
    ]
    return [f"findings: {line}" for line in lines]


def _fits(wanted: Mapping[str, str], finding: Finding) -> bool:
    return all(getattr(finding, key) == text for key, text in wanted.items())


def _described(wanted: Mapping[str, str]) -> str:
    rest = ", ".join(f"{key} {text}" for key, text in wanted.items() if key != "code")
    return f"{wanted['code']} ({rest})" if rest else wanted["code"]


def _where(finding: Finding) -> str:
    parts = [
        f"rule {finding.rule}" if finding.rule else "",
        finding.path,
        f"seen {finding.seen}" if finding.seen else "",
        f"needed by {finding.expected}" if finding.code == "cannot-check" else "",
    ]
    return f"({', '.join(part for part in parts if part) or 'by the robot itself'})"
