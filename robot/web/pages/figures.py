"""Figures: KPIs with their definitions, error types by who can fix, aging, trend, process."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any, Final

from starlette.responses import Response

from robot.domain.journey import EventName
from robot.flow.figures_port import Figure, Report, Unit
from robot.web import words
from robot.web.charts.bars import Bar, Part, bars
from robot.web.charts.process import process
from robot.web.charts.trend import Series, trend
from robot.web.page import Page
from robot.web.visit import Visit

_WEEKS: Final = 12
_FIXERS: Final = {
    "sam-rule": ("SAM – regel", "Centre – rule", "fill-1"),
    "sam-masterdata": ("SAM – stamdata", "Centre – master data", "fill-4"),
    "customer": ("Kunden", "Customer", "fill-2"),
    "supplier": ("Leverandøren", "Supplier", "fill-3"),
    "system-owner": ("Systemejer", "System owner", "fill-5"),
    "": ("Ukendt", "Unknown", "fill-5"),
}
_DUE: Final = ("overdue", "0-2", "3-7", "8-30", "later", "unknown")
_DUE_WORDS: Final = {
    "overdue": ("over tiden", "overdue"),
    "0-2": ("0–2 dage", "0–2 days"),
    "3-7": ("3–7 dage", "3–7 days"),
    "8-30": ("8–30 dage", "8–30 days"),
    "later": ("senere", "later"),
    "unknown": ("uden forfald", "no due date"),
}
_CAUSES: Final = {
    "customer": ("kunden", "customer"),
    "sam": ("SAM", "the centre"),
    "bank": ("banken", "bank"),
    "supplier": ("leverandøren", "supplier"),
    "late-at-receipt": ("for sen fra start", "late at receipt"),
}


def _period(visit: Visit) -> tuple[date, date]:
    last = visit.day("to") or visit.today
    return visit.day("from") or last - timedelta(weeks=_WEEKS), last


def _report(visit: Visit) -> tuple[Report, datetime]:
    first, last = _period(visit)
    return visit.dashboard.numbers.report(visit.scope, visit.asked("customer"), first, last)


def _common(visit: Visit, report: Report, made: datetime) -> dict[str, Any]:
    return {
        "report": report,
        "made": made,
        "behind": visit.dashboard.store.measures.behind(),
        "customers": visit.choices(),
    }


def _kpi(visit: Visit) -> Response:
    report, made = _report(visit)
    rows = [
        {
            "title": it.title[visit.language],
            "definition": it.definition[visit.language],
            "value": figure_text(visit, it),
            "numerator": f"{it.numerator:g}" if it.measured is None else "–",
            "denominator": words.number(visit.language, it.denominator),
        }
        for it in report.figures
    ]
    if visit.asked("format") == "csv":
        return visit.csv(
            "noegletal",
            ("figure", "value", "numerator", "denominator", "definition"),
            (
                (
                    it.title[visit.language],
                    it.value,
                    it.numerator,
                    it.denominator,
                    it.definition[visit.language],
                )
                for it in report.figures
            ),
        )
    causes = [
        Bar(
            label=visit.say(*_CAUSES[name]),
            parts=(Part(value=round(100 * share, 1), kind="fill-1"),),
        )
        for name, share in sorted(report.late_causes.items(), key=lambda pair: -pair[1])
    ]
    return visit.render(
        "kpi.html.j2",
        rows=rows,
        causes=bars(
            causes,
            title=visit.say("Hvem havde de sene betalinger", "Who held late payments"),
            text=lambda value: words.decimal(visit.language, value) + " %",
        ),
        cause_rows=[(bar.label, words.decimal(visit.language, bar.total)) for bar in causes],
        trend=_trend(visit, report),
        marks=_rule_changes(visit, report),
        **_common(visit, report, made),
    )


def _trend(visit: Visit, report: Report) -> object:
    weeks = report.weeks
    return trend(
        [week.monday for week in weeks],
        [
            Series(
                name=visit.say("urørt", "touchless"),
                kind="line-1",
                values=tuple(_share(week.touchless, week.closed) for week in weeks),
            ),
            Series(
                name=visit.say("betalt til tiden", "on time"),
                kind="line-2",
                values=tuple(_share(week.on_time, week.settled) for week in weeks),
            ),
        ],
        marks=_rule_changes(visit, report),
        title=visit.say(
            "Uge for uge; stiplet: regler ændret", "Week by week; dashed: rules changed"
        ),
        mark_word=visit.say("regler ændret", "rules changed"),
    )


def _rule_changes(visit: Visit, report: Report) -> list[date]:
    """Days on which a rule set came into force, after the first sets of all."""
    started: set[str] = set()
    found: list[date] = []
    for row in visit.dashboard.store.trail.rows(acts=("ruleset-in-force",)):
        customer = str(row.detail.get("customer", ""))
        if customer in started and visit.scope.covers(customer):
            found.append(row.at.date())
        started.add(customer)
    return sorted({day for day in found if report.first <= day <= report.last})


def _errors(visit: Visit) -> Response:
    report, made = _report(visit)
    if visit.asked("format") == "csv":
        return visit.csv(
            "fejltyper",
            ("code", "title", "fixable_by", "documents", "minutes"),
            (
                (it.code, visit.title(it.code), it.fixable_by, it.documents, it.minutes)
                for it in report.codes
            ),
        )
    by_fixer: dict[str, int] = defaultdict(int)
    for it in report.codes:
        by_fixer[it.fixable_by] += it.documents
    whole = max(sum(by_fixer.values()), 1)
    shares = accumulate(it.documents / whole for it in report.codes)
    top = report.codes[:20]
    drawn = bars(
        [
            Bar(
                label=visit.title(it.code),
                parts=(Part(value=it.documents, kind=_FIXERS[it.fixable_by][2]),),
            )
            for it in top
        ],
        title=visit.say("De hyppigste fejltyper", "The most frequent error types"),
    )
    return visit.render(
        "errors.html.j2",
        drawn=drawn,
        codes=list(zip(report.codes, shares, strict=True)),
        fixers={name: visit.say(entry[0], entry[1]) for name, entry in _FIXERS.items()},
        fixer_kinds={name: entry[2] for name, entry in _FIXERS.items()},
        by_fixer=sorted(by_fixer.items(), key=lambda pair: -pair[1]),
        **_common(visit, report, made),
    )


def _aging(visit: Visit) -> Response:
    report, made = _report(visit)
    kinds = ("customer", "sam", "supplier", "bank", "nobody", "robot")
    counted = {(it.ball, it.due_in): it.documents for it in report.ages}
    table = [
        (name, visit.say(*_DUE_WORDS[name]), [counted.get((ball, name), 0) for ball in kinds])
        for name in _DUE
    ]
    if visit.asked("format") == "csv":
        return visit.csv(
            "alder", ("until_due", *kinds), ((label, *row) for _, label, row in table)
        )
    drawn = bars(
        [
            Bar(
                label=label,
                parts=tuple(
                    Part(value=many, kind=f"fill-{ball}")
                    for ball, many in zip(kinds, row, strict=True)
                ),
            )
            for _, label, row in table
        ],
        title=visit.say(
            "Åbne fakturaer efter dage til forfald", "Open invoices by days until due"
        ),
    )
    return visit.render(
        "aging.html.j2", drawn=drawn, table=table, kinds=kinds, **_common(visit, report, made)
    )


def _process(visit: Visit) -> Response:
    report, made = _report(visit)
    passages = visit.dashboard.numbers.passages(
        visit.scope, visit.asked("customer"), report.first, report.last
    )
    if visit.asked("format") == "csv":
        return visit.csv(
            "proces",
            ("from", "to", "times", "median_days"),
            (
                (it.origin, it.to, it.times, words.decimal(visit.language, it.median_days, 2))
                for it in passages
            ),
        )
    drawn = process(
        passages,
        title=visit.say("Hvad der følger efter hvad", "What follows what"),
        event_word=lambda name: words.event(visit.language, EventName(name)),
        duration=partial(words.duration, visit.language),
    )
    return visit.render(
        "process.html.j2",
        drawn=drawn,
        passages=[
            (
                words.event(visit.language, EventName(it.origin)),
                words.event(visit.language, EventName(it.to)),
                it.times,
                it.median_days,
            )
            for it in passages
        ],
        **_common(visit, report, made),
    )


def figure_text(visit: Visit, figure: Figure) -> str:
    """A figure's value with its unit."""
    if figure.value is None:
        return "–"
    if figure.hidden:
        return visit.say("for få til en procent", "too few for a percentage")
    decimal = partial(words.decimal, visit.language)
    if figure.unit is Unit.SHARE:
        return f"{decimal(100 * figure.value)} %"
    if figure.unit is Unit.HOURS:
        return f"{decimal(figure.value)} {visit.say('arbejdstimer', 'working hours')}"
    if figure.unit is Unit.DAYS:
        return f"{decimal(figure.value)} {visit.say('dage', 'days')}"
    return decimal(figure.value, 2)


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


PAGES: Final = (
    Page(path="/errors", name="errors", da="Fejltyper", en="Error types", show=_errors, order=60),
    Page(path="/kpi", name="kpi", da="Nøgletal", en="Figures", show=_kpi, order=80),
    Page(path="/aging", name="aging", da="Alder", en="Aging", show=_aging, order=82),
    Page(path="/process", name="process", da="Proces", en="Process", show=_process, order=85),
)
