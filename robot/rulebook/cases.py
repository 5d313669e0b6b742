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
          notes: [vat-reverse-charge]               # these, perhaps among others; or none
          posted_by: none                           # exactly these rules let it through
          unknown: [remark.to_centre]               # exactly these fields were needed and unknown
          notice: [delregnskab]                     # what the mail to the customer must contain
          # or {contains: [..], lacks: [..]}, or {text: |}, the whole mail with its subject first
      - case: The short form; 'post' says also that nothing is found.
        document: clean
        expect: post             # or {bounce: [dimension-missing]}
      - case: Small invoices     # many variants: a header, then one row each, reported by its name
        document: clean
        table:
          - [case,          invoice.total,  posted_by,  outcome, findings]
          - [at the limit,  5000.00 DKK,    small,      post,    none]
          - [an øre over,   5000.01 DKK,    .,          hold,    outside-criteria]

The columns of a table are fields, `customer`, `document`, `today`, and what can stand in `expect`;
`.` leaves a field as the base document has it and an expectation unsaid. `change`, `facts` and
`expect` beside a table count for every row.

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

from robot.domain.customer import Customer
from robot.domain.decision import Decision, Outcome
from robot.domain.document import ApprovedDocument
from robot.domain.facts import NOTHING_KNOWN
from robot.domain.fields import UNKNOWN, FieldValues
from robot.domain.taxonomy import Taxonomy
from robot.errors import RobotError
from robot.rulebook.case_comparison import compare
from robot.rulebook.case_reader import XML, Case, CaseBook
from robot.rulebook.case_values import apply
from robot.rulebook.effective import of_sheet
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Report
from robot.rulebook.ruleset import CompiledRuleSet, Compute

ReadDocument: TypeAlias = Callable[[Path], ApprovedDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRequest:
    """A bounced document about which its customer is told."""

    customer: Customer
    taxonomy: Taxonomy
    values: FieldValues
    decision: Decision


#: The mail about one document as text, its subject first.
RenderNotice: TypeAlias = Callable[[NoticeRequest], str]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCase:
    """A case that decides on field values: what it decides on, and by which rules.

    `stem` is the customer file's name, None of a document that belongs to nobody; `rule_set` has
    the rules that its kind of document meets.
    """

    case: Case
    stem: str | None
    rule_set: CompiledRuleSet
    values: dict[str, Any]

    @property
    def of_sheet(self) -> bool:
        """Whether it is about a re-posting sheet."""
        return of_sheet(self.values)


class CaseRunner:
    """Runs cases against loaded rules.

    Args:
        loaded: The rules.
        book: The cases.
        compute: Gives the fields of a document that is read from a file.
        read_document: Reads such a file; None where documents can't be read.
        render_notice: Renders the mail to a customer; None where mails can't be rendered.
    """

    def __init__(
        self,
        loaded: LoadedRules,
        book: CaseBook,
        *,
        compute: Compute,
        read_document: ReadDocument | None = None,
        render_notice: RenderNotice | None = None,
    ) -> None:
        self._loaded = loaded
        self._book = book
        self._compute = compute
        self._read_document = read_document
        self._render_notice = render_notice
        self._sets: dict[str, CompiledRuleSet | None] = {}
        self._stems = {
            customer.customer.bogfoeringskreds: stem
            for stem, customer in loaded.customers.items()
            if customer.customer is not None
        }

    def run(self, case: Case) -> CaseResult:
        """Decide one case and compare."""
        rule_set = self.rule_set(case.customer)
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
        refused = self._refused(case, rule_set, report)
        values = self.values(case, report) if refused is None and not report.broken else None
        decision = refused
        if values is not None:
            decision = rule_set.decide_values(values, case.today)
        problems = [problem.message for problem in report.problems]
        if decision is None or problems:
            return CaseResult(case=case, decision=decision, differences=tuple(problems))
        differences = self.differences(case, rule_set, values or {}, decision)
        return CaseResult(case=case, decision=decision, differences=differences)

    def run_all(self) -> tuple[CaseResult, ...]:
        """Every case, in the files' order."""
        return tuple(self.run(case) for case in self._book.cases)

    def differences(
        self, case: Case, rule_set: CompiledRuleSet, values: FieldValues, decision: Decision
    ) -> tuple[str, ...]:
        """What of a decision is not as the case expects."""

        def notice() -> str | None:
            if render is None or decision.outcome is not Outcome.BOUNCE:
                return None
            return render(
                NoticeRequest(
                    customer=rule_set.customer,
                    taxonomy=rule_set.taxonomy,
                    values=values,
                    decision=decision,
                )
            )

        render = self._render_notice
        return compare(case.expected, decision, None if render is None else notice)

    def prepared(self) -> tuple[PreparedCase, ...]:
        """Every case that can be decided on field values, with these."""
        found: list[PreparedCase] = []
        for case in self._book.cases:
            rule_set = self.rule_set(case.customer)
            report = Report(case.file.path, case.file.report.lines)
            if rule_set is None or self._refused(case, rule_set, report) is not None:
                continue
            values = self.values(case, report)
            if values is not None and not report.broken:
                found.append(
                    PreparedCase(
                        case=case,
                        stem=self.stem(case),
                        rule_set=rule_set.met_by(values),
                        values=values,
                    )
                )
        return tuple(found)

    def stem(self, case: Case) -> str | None:
        """The name of the case's customer file; None of a document that belongs to nobody."""
        stem = self._stems.get(case.customer, case.customer)
        return None if stem == NOBODY_WORD else stem

    def values(self, case: Case, report: Report) -> dict[str, Any] | None:
        """The field values that a case decides on; None when its document can't be read."""
        rule_set = self.rule_set(case.customer)
        if case.document.endswith(XML) and rule_set is not None:
            document = self._read(case, report)
            if document is None or document.invoice is None:
                return None
            base: Mapping[str, Any] = rule_set.values(document, NOTHING_KNOWN, case.today)
        else:
            base = self._base_values(case.document, case.today, report)
        return apply(case.changes, base, case.today, report)

    def base_values(self, name: str, today: date) -> dict[str, Any]:
        """The field values of a base document."""
        return self._base_values(name, today, Report(name))

    def _refused(self, case: Case, rule_set: CompiledRuleSet, report: Report) -> Decision | None:
        """The decision on a file that is no readable invoice."""
        if not case.document.endswith(XML):
            return None
        document = self._read(case, report)
        if document is None or document.invoice is not None:
            return None
        return rule_set.decide(document, NOTHING_KNOWN, case.today)

    def rule_set(self, customer: str) -> CompiledRuleSet | None:
        """The rules of a customer (a file's name or a bogføringskreds); None when unusable."""
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
