"""Renders what a run did as one self-contained page of HTML, Danish with English beside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Final

from robot.adapters.templates import Templates
from robot.adapters.wording import LANGUAGES, Wording, one_line, quotable
from robot.domain.answer import answer_told
from robot.domain.calendar import COPENHAGEN
from robot.domain.report import (
    ErrorCount,
    ReportDocument,
    ReportFinding,
    ReportNotice,
    Result,
    RunReport,
)
from robot.domain.taxonomy import FixableBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word in both languages, and the colour that goes with it (never without the word)."""

    da: str
    en: str
    colour: str


#: In the order in which a person looks: first what waits for one.
RESULTS: Final = {
    Result.UNKNOWN: Label(da="Afventer bevis", en="Not proven yet", colour="#6b2fa0"),
    Result.HELD: Label(da="Hos en medarbejder", en="Held for a clerk", colour="#8a4b00"),
    Result.UNREADABLE: Label(da="Kan ikke læses", en="Unreadable", colour="#4a4a4a"),
    Result.BOUNCED: Label(da="Sendt retur", en="Returned to customer", colour="#a1201c"),
    Result.POSTED: Label(da="Bogført", en="Posted", colour="#1d6b34"),
}
FIXERS: Final = {
    FixableBy.CUSTOMER: Label(da="Kunden", en="Customer", colour="#00497a"),
    FixableBy.SUPPLIER: Label(da="Leverandøren", en="Supplier", colour="#8a4b00"),
    FixableBy.SAM_MASTERDATA: Label(da="SAM, stamdata", en="Master data", colour="#1d6b34"),
    FixableBy.SAM_RULE: Label(da="SAM, regler", en="Rules", colour="#6b2fa0"),
    FixableBy.SYSTEM_OWNER: Label(da="Systemejeren", en="System owner", colour="#4a4a4a"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch of a bar from 0 to 100."""

    start: float
    width: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoRow:
    """One error type with the length of its bar and the share of all up to and including it."""

    error: ErrorCount
    fixer: Label
    width: float
    cumulated: int


def render_report(report: RunReport) -> str:
    """The page. What suppliers wrote is escaped; of confidential documents only the number stands.

    Raises:
        TextError: The page's template is damaged.
    """
    shown = replace(
        report,
        documents=tuple(_as_shown(document) for document in report.documents),
        notices=tuple(_notice_as_shown(notice) for notice in report.notices),
    )
    counts = shown.counts()
    seconds = (report.finished_at - report.started_at).total_seconds()
    return _templates().render(
        "report.html.j2",
        {
            "report": shown,
            "slot": _slot(shown.slot),
            "problems": [_both(problem) for problem in report.problems],
            "started_at": report.started_at.astimezone(COPENHAGEN),
            "seconds": max(round(seconds), 0),
            "results": RESULTS,
            "counts": counts,
            "outcome_bars": _stacked([(RESULTS[r].colour, counts[r]) for r in RESULTS]),
            "pareto": pareto(shown.errors()),
            "fixers": fixer_counts(shown.errors()),
            "sections": {
                result: [document for document in shown.documents if document.result is result]
                for result in RESULTS
            },
        },
    )


def pareto(errors: list[ErrorCount]) -> list[ParetoRow]:
    """Bars as long as the error types are frequent, the longest 100."""
    total = sum(error.documents for error in errors)
    longest = max((error.documents for error in errors), default=1)
    cumulated = accumulate(error.documents for error in errors)
    return [
        ParetoRow(
            error=error,
            fixer=FIXERS[error.fixable_by],
            width=round(100 * error.documents / longest, 2),
            cumulated=round(100 * up_to / total),
        )
        for error, up_to in zip(errors, cumulated, strict=True)
    ]


def fixer_counts(errors: list[ErrorCount]) -> list[tuple[Label, int]]:
    """How many errors each can remove, most first; those who can remove none are left out."""
    sums = dict.fromkeys(FIXERS, 0)
    for error in errors:
        sums[error.fixable_by] += error.documents
    ordered = sorted(sums.items(), key=lambda item: -item[1])
    return [(FIXERS[fixer], count) for fixer, count in ordered if count]


def _stacked(parts: list[tuple[str, int]]) -> list[Bar]:
    total = sum(count for _, count in parts)
    bars: list[Bar] = []
    start = 0.0
    for colour, count in parts:
        if count:
            width = 100 * count / total
            bars.append(Bar(start=round(start, 3), width=round(width, 3), colour=colour))
            start += width
    return bars


def _as_shown(document: ReportDocument) -> ReportDocument:
    shown = replace(
        document,
        source_id=one_line(document.source_id),
        name=one_line(document.name),
        customer=one_line(document.customer),
        supplier=quotable(document.supplier),
        number=one_line(document.number),
        reason=quotable(document.reason),
        findings=tuple(_finding_as_shown(finding) for finding in document.findings),
        notes=tuple(_finding_as_shown(finding) for finding in document.notes),
    )
    if not document.confidential:
        return shown
    return replace(
        shown,
        supplier="",
        due_date=None,
        total=None,
        currency="",
        reason="",
        findings=tuple(_without_content(finding) for finding in shown.findings),
        notes=tuple(_without_content(finding) for finding in shown.notes),
    )


def _finding_as_shown(finding: ReportFinding) -> ReportFinding:
    return replace(
        finding,
        explain=quotable(finding.explain, 600),
        path=one_line(finding.path),
        seen=quotable(finding.seen),
        expected=quotable(finding.expected),
    )


def _without_content(finding: ReportFinding) -> ReportFinding:
    return replace(finding, explain="", path="", seen="", expected="")


def _notice_as_shown(notice: ReportNotice) -> ReportNotice:
    return replace(
        notice,
        customer=one_line(notice.customer),
        subject=one_line(notice.subject),
        recipients=tuple(one_line(recipient) for recipient in notice.recipients),
    )


def _both(problem: str) -> dict[str, str]:
    """A problem in Danish, and in English where that is another."""
    said = answer_told(problem)
    da, en = (quotable(said.text(language), 600) for language in LANGUAGES)
    return {"da": da, "en": "" if en == da else en}


def _slot(key: str) -> dict[str, str]:
    """What the run is called, by language: `2026-11-24/midday` is `middag`."""
    name = key.rpartition("/")[2]
    return {language: Wording(language).slot(name) for language in LANGUAGES}


def _templates() -> Templates:
    danish = Wording("da")
    return Templates(
        Path(__file__).parent,
        {
            "amount": danish.amount,
            "count": danish.number,
            "full_date": danish.full_date,
            "full_date_en": Wording("en").full_date,
            "short_date": danish.short_date,
            "weekday": danish.weekday,
        },
    )
