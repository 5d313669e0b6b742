"""What one run did, as people read it: every document with its outcome and the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from robot.domain.state import State
from robot.domain.taxonomy import FixableBy


class Result(StrEnum):
    """Where a document stands after the run, as `result.json` counts it."""

    POSTED = "posted"
    BOUNCED = "bounced"
    HELD = "held"
    UNREADABLE = "unreadable"
    #: Nothing is proven yet: asked for and not confirmed, or waiting for its turn.
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, state: State) -> Result:
        """The result that a document's state stands for."""
        try:
            return cls(state.value)
        except ValueError:
            return cls.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFinding:
    """One finding in words, with what a person needs to trace it.

    `seen` and `expected` are masked as in the finding itself.
    """

    code: str
    title: str
    title_en: str
    explain: str
    fixable_by: FixableBy
    path: str
    seen: str
    expected: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """One document of the run. Of a confidential one the report shows no content."""

    source_id: str
    version: str
    #: The file or the id in the source that a person can look for.
    name: str
    customer: str
    bogfoeringskreds: str
    supplier: str
    number: str
    kind: str
    due_date: date | None
    total: Decimal | None
    currency: str
    confidential: bool
    result: Result
    findings: tuple[ReportFinding, ...] = ()
    #: Recorded, but stopped nothing.
    notes: tuple[ReportFinding, ...] = ()
    #: Rules that let it through.
    posted_by: tuple[str, ...] = ()
    #: The number of the posted document in the ERP.
    receipt: str | None = None
    case_number: str | None = None
    #: Why it can't be read, or what is not proven yet, in words.
    reason: str = ""
    #: Content hash of the rules that decided.
    ruleset: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotice:
    """One mail that was handed over."""

    customer: str
    bogfoeringskreds: str
    recipients: tuple[str, ...]
    subject: str
    #: How many documents it is about.
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCount:
    """On how many documents an error type was found."""

    code: str
    title: str
    title_en: str
    fixable_by: FixableBy
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run. Times are aware; paths are as a person would open them, by what they are."""

    run: str
    slot: str
    day: date
    started_at: datetime
    finished_at: datetime
    documents: tuple[ReportDocument, ...]
    notices: tuple[ReportNotice, ...] = ()
    #: What a person has to see besides the documents, in words.
    problems: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False

    def counts(self) -> dict[Result, int]:
        """How many documents came to each result; every result is there."""
        counted = Counter(document.result for document in self.documents)
        return {result: counted[result] for result in Result}

    def amounts(self, result: Result) -> dict[str, Decimal]:
        """The sum of what is to be paid by currency: credit notes count against invoices.

        Confidential documents and those without an amount are left out.
        """
        sums: dict[str, Decimal] = {}
        for document in self.documents:
            if document.result is result and document.total is not None:
                if document.confidential:
                    continue
                sign = -1 if document.kind == "credit-note" else 1
                sums[document.currency] = (
                    sums.get(document.currency, Decimal(0)) + sign * document.total
                )
        return dict(sorted(sums.items(), key=lambda item: (item[0] != "DKK", item[0])))

    def errors(self) -> list[ErrorCount]:
        """The error types met, most frequent first; one counts once for a document."""
        counted: Counter[str] = Counter()
        named: dict[str, ReportFinding] = {}
        for document in self.documents:
            found = {finding.code: finding for finding in document.findings}
            counted.update(found.keys())
            named |= found
        return [
            ErrorCount(
                code=code,
                title=named[code].title,
                title_en=named[code].title_en,
                fixable_by=named[code].fixable_by,
                documents=count,
            )
            for code, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        ]

    def by_customer(self) -> dict[tuple[str, str], dict[Result, int]]:
        """Bogføringskreds and name to the number of documents at each result."""
        grouped: dict[tuple[str, str], Counter[Result]] = {}
        for document in self.documents:
            customer = (document.bogfoeringskreds, document.customer)
            grouped.setdefault(customer, Counter())[document.result] += 1
        return {
            customer: {result: counted[result] for result in Result}
            for customer, counted in sorted(grouped.items())
        }
