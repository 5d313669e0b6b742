"""Figures of a small world, computed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from robot.adapters.figures import PandasFigures
from robot.adapters.store.store import open_store
from robot.domain.case import Ball
from robot.domain.rights import Scope
from robot.flow.figures_port import AgeCount, CodeCount, Report, Unit, Week, in_period
from robot.flow.measure_port import Mark, Measures
from tests.support.fakes import SetClock
from tests.support.journeys import EVER, NOW, at, measured, measures
from tests.support.notices import real_calendar, real_taxonomy


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Measures:
    return measured(tmp_path_factory.mktemp("figures"))


def made(stored: Measures, first: date, last: date, **whose: Any) -> Report:  # noqa: ANN401 - of an extent
    extent = replace(EVER, first=first, last=last, **whose)
    return PandasFigures(real_calendar(), real_taxonomy()).report(stored, extent, NOW)


@pytest.fixture(scope="module")
def second_of_november(stored: Measures) -> Report:
    return made(stored, date(2026, 11, 2), date(2026, 11, 2))


@pytest.mark.parametrize(
    ("code", "numerator", "denominator"),
    [
        ("robot-share", 3, 4),
        ("touchless-strict", 1, 4),
        ("touchless-lenient", 2, 4),
        ("first-time-right", 1, 2),
        ("bounce-rate", 1, 4),
        ("loops", 1, 1),
        ("preventable-bounces", 0, 1),
        ("within-goal", 4, 4),
        ("on-time", 1, 2),
        ("late-at-receipt", 0, 2),
        ("notice-effectiveness", 1, 1),
        ("precision", 3, 3),
        ("unmapped", 0, 0),
    ],
)
def test_a_ratio_shows_what_it_is_made_of(
    second_of_november: Report, code: str, numerator: int, denominator: int
) -> None:
    found = in_period(second_of_november.figures, code)
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert found.definition["da"]
    assert found.definition["en"]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        # Hours at the centre: 1, 5, 11 and 2.
        ("handling-p50", 3.5),
        ("handling-p90", 9.2),
        # From 11 to 16 and from 8 to 9.
        ("turnaround", 6.0),
        # From 2 November 10:00 and 3 November 12:00 to midnight of the 10th and the 20th.
        ("payment-lead", (7 + 14 / 24 + 16.5) / 2),
    ],
)
def test_times_are_quantiles_of_working_time(
    second_of_november: Report, code: str, value: float
) -> None:
    assert in_period(second_of_november.figures, code).value == pytest.approx(value)


def test_a_share_of_few_is_hidden_and_a_count_is_not(second_of_november: Report) -> None:
    assert in_period(second_of_november.figures, "robot-share").hidden
    shown = in_period(second_of_november.figures, "handling-p50")
    assert shown.unit is Unit.HOURS
    assert not shown.hidden


def test_the_days_of_a_late_payment_are_split_over_who_held_it(second_of_november: Report) -> None:
    # Two and three hours at the centre, 22 at the customer; then it waited for its payment.
    assert second_of_november.late == 1
    assert second_of_november.late_causes == pytest.approx({"customer": 22 / 27, "sam": 5 / 27})


def test_error_types_are_counted_by_document_with_their_minutes(
    second_of_november: Report,
) -> None:
    minutes = real_taxonomy()["dimension-missing"].minutes
    assert second_of_november.codes[0] == CodeCount(
        code="dimension-missing", fixable_by="customer", documents=1, minutes=minutes
    )


def test_a_week_counts_what_was_approved_in_it(stored: Measures) -> None:
    weeks = made(stored, date(2026, 11, 1), date(2026, 11, 30)).weeks
    assert weeks == (
        Week(monday=date(2026, 11, 2), approved=4, closed=4, touchless=1, settled=2, on_time=1),
        Week(monday=date(2026, 11, 23), approved=1, closed=0, touchless=0, settled=0, on_time=0),
    )


def test_open_documents_are_counted_by_ball_and_days_until_due(stored: Measures) -> None:
    ages = made(stored, date(2026, 11, 1), date(2026, 11, 30)).ages
    assert ages == (AgeCount(ball="sam", due_in="0-2", documents=1),)


def test_the_process_is_what_follows_what(stored: Measures) -> None:
    day = replace(EVER, first=date(2026, 11, 2), last=date(2026, 11, 2))
    figures = PandasFigures(real_calendar(), real_taxonomy())
    found = {(it.origin, it.to): it for it in figures.passages(stored, day)}
    passage = found["InvoiceApproved", "ChecksEvaluated"]
    assert passage.times == 4
    assert passage.median_days == pytest.approx(1 / 24)


def test_a_period_without_documents_has_no_values(stored: Measures) -> None:
    empty = made(stored, date(2026, 1, 1), date(2026, 1, 31))
    assert empty.documents == 0
    assert in_period(empty.figures, "robot-share").value is None
    assert empty.weeks == ()


@pytest.mark.parametrize(
    "whose",
    [{"customer": "99002"}, {"scope": Scope(customers=frozenset({"99002"}))}],
)
def test_a_report_counts_nothing_of_another_customer(
    stored: Measures, whose: dict[str, Any]
) -> None:
    report = made(stored, EVER.first, EVER.last, **whose)
    assert (report.documents, report.codes, report.ages) == (0, (), ())


def test_what_is_still_at_the_centre_counts_until_now(tmp_path: Path) -> None:
    # Bounced and approved again on the 24th at 9, it waits since; at 12 UTC that is four hours.
    held = next(it for it in measures() if it.document_key == "b")
    again = replace(
        held,
        marks=held.marks & ~(Mark.POSTED | Mark.PAID),
        ball=Ball.SAM,
        ball_since=at("24 09:00"),
        centre_hours=2.0,
    )
    store = open_store(f"sqlite:///{tmp_path / 'measured.db'}", SetClock())
    with store.writing(actor="robot") as unit:
        unit.measures.keep([again])
    report = made(store.measures, EVER.first, EVER.last)
    assert in_period(report.figures, "handling-p50").value == pytest.approx(6.0)
    store.close()


def test_a_goal_that_is_not_reached_yet_is_not_judged(tmp_path: Path) -> None:
    open_one = next(it for it in measures() if it.document_key == "e")
    store = open_store(f"sqlite:///{tmp_path / 'measured.db'}", SetClock())
    with store.writing(actor="robot") as unit:
        unit.measures.keep(
            [
                replace(
                    open_one,
                    document_key=name,
                    marks=open_one.marks | Mark.HAS_GOAL,
                    goal_at=NOW + timedelta(hours=hours),
                )
                for name, hours in (("past", -1), ("to come", 1))
            ]
        )
    found = in_period(made(store.measures, EVER.first, EVER.last).figures, "within-goal")
    assert (found.numerator, found.denominator) == (0, 1)
    store.close()
