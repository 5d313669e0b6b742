"""`rules/calendar.yaml` and what is said when it is wrong."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from robot.errors import RuleFileError
from robot.rulebook.calendar import load_calendar

SHIPPED = Path("rules/calendar.yaml")


def write(folder: Path, text: str) -> Path:
    path = folder / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_calendar_runs_twice_a_day() -> None:
    calendar = load_calendar(SHIPPED)
    runs = calendar.runs_on(date(2026, 11, 24))
    assert [run.at.time() for run in runs] == [time(6, 30), time(12, 30)]


def test_the_shipped_calendar_knows_the_friday_after_ascension_as_a_bank_holiday() -> None:
    assert not load_calendar(SHIPPED).is_bank_day(date(2026, 5, 15))


def test_the_shipped_calendar_is_open_longer_at_year_end() -> None:
    calendar = load_calendar(SHIPPED)
    spans = [calendar.open_on(date(2027, 1, day)) for day in (6, 7)]
    assert [closes - opens for opens, closes in filter(None, spans)] == [
        timedelta(hours=8),
        timedelta(hours=11),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("runs: []", "calendar.yaml:1:1: at least one run is needed"),
        ("", "calendar.yaml: the calendar is empty"),
        ("runs: [{slot: night, at: '02:30'}]", ":1:26: a run must lie between 03:30 and 23:30"),
        ("runs: [{slot: a, at: soon}]", ":1:22: expected a time of day written HH:MM"),
        ("holidays: []", ":1:1: unknown key 'holidays'"),
        ("runs: [{slot: a}]", ":1:8: 'at' is missing"),
        ("runs: [{slot: a, at: '06:30'}]\nbank-closed: [24-12-2026]", ":2:15: expected a date"),
        ("runs: [", "not a readable YAML file"),
        ("runs: []\nruns: []", ":2:1: 'runs' is written twice"),
        (
            "runs: [{slot: a, at: '06:30'}]\nopening-hours: {weekdays: 8 to 4}",
            ":2:27: expected opening hours written HH:MM-HH:MM",
        ),
        (
            "runs: [{slot: a, at: '06:30'}]\nopening-hours: {weekdays: '16:00-08:00'}",
            ":2:27: closing time is not after opening time",
        ),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(RuleFileError) as raised:
        load_calendar(write(tmp_path, text))
    assert message in str(raised.value)


def test_a_missing_calendar_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="the calendar is missing"):
        load_calendar(tmp_path / "calendar.yaml")


_PERIOD = (
    "runs: [{slot: a, at: '06:30'}]\nperiods: [{name: '12', year: 2026, closes: 2027-01-11}]\n"
)


def test_a_cut_off_is_an_instant_in_copenhagen(tmp_path: Path) -> None:
    text = (
        _PERIOD + "cut-offs:\n"
        "  - {period: '12', year: 2026, date: 2027-01-06, at: '12:00', da: Sidste, en: Last,\n"
        "     customer: '99001', authorised-only: yes}\n"
    )
    (cut_off,) = load_calendar(write(tmp_path, text)).cut_offs
    assert cut_off.at.isoformat() == "2027-01-06T12:00:00+01:00"
    assert (cut_off.customer, cut_off.authorised_only) == ("99001", True)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("period: '14', year: 2026, date: 2027-01-06", "there is no period '14' of 2026"),
        ("period: '12', year: 2026, date: 2027-01-12", "the period closes on 2027-01-11"),
        ("period: '12', year: 2026, date: 6/1-2027", "expected a date written YYYY-MM-DD"),
    ],
)
def test_a_cut_off_that_cannot_be_is_named_with_its_place(
    tmp_path: Path, entry: str, message: str
) -> None:
    text = f"{_PERIOD}cut-offs: [{{{entry}, at: '12:00', da: Sidste, en: Last}}]\n"
    with pytest.raises(RuleFileError, match=message) as caught:
        load_calendar(write(tmp_path, text))
    assert "calendar.yaml:3:" in str(caught.value)


def test_the_shipped_cut_offs_lie_before_their_periods_close() -> None:
    calendar = load_calendar(SHIPPED)
    closes = {(it.name, it.year): it.closes for it in calendar.periods}
    assert {it.period for it in calendar.cut_offs} == {"12", "13.1", "13.2"}
    for cut_off in calendar.cut_offs:
        assert cut_off.at.date() <= closes[cut_off.period, cut_off.year]
        assert calendar.is_working_day(cut_off.at.date())
