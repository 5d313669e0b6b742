"""Clocks jump, summer time begins and ends: each planned run happens once, each posting once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from robot.daemon import CalendarTrigger, Daemon, Work
from robot.domain.calendar import COPENHAGEN, Calendar, DueRun, RunSlot
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.site import Site
from tests.faults.world import EndState, Orders

#: Times at which schedulers lose or double runs, and the usual ones.
SLOTS = Calendar(
    slots=tuple(
        RunSlot(name=f"at-{hour:02}{minute:02}", at=time(hour, minute))
        for hour, minute in ((0, 0), (0, 30), (1, 59), (2, 0), (2, 30), (3, 0), (6, 30), (23, 59))
    )
)
LAST_YEAR = 2040
FEW_YEARS = range(2026, 2028)
MINUTE = timedelta(minutes=1)


def last_sunday(year: int, month: int) -> date:
    """Summer time begins and ends on it (directive 2000/84/EC)."""
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def changes(years: range) -> list[date]:
    return [last_sunday(year, month) for year in years for month in (3, 10)]


def minutes_around(change: date) -> Iterator[datetime]:
    """Every minute from the Friday before to the end of the Tuesday after, in UTC."""
    instant = datetime.combine(change - timedelta(days=2), time(), COPENHAGEN).astimezone(UTC)
    end = datetime.combine(change + timedelta(days=3), time(), COPENHAGEN).astimezone(UTC)
    while instant < end:
        yield instant
        instant += MINUTE


class Watched:
    """A daemon whose clock a test moves, and the runs that it found due."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2020, 1, 1, tzinfo=UTC)
        self.ran: list[tuple[str, datetime]] = []
        self._keys: set[str] = set()
        work = Work(
            run=lambda _slot, _stop: None,
            has_run=self._keys.__contains__,
            progress=lambda: None,
            now=lambda: self.now,
        )
        self._daemon = Daemon(SLOTS, work, heartbeat=folder / "heartbeat", catch_up_hours=20)

    def look(self, now: datetime) -> DueRun | None:
        """What the service does at this instant."""
        self.now = now
        due = self._daemon.missed()
        if due is not None:
            self.ran.append((due.key, now))
            self._keys.add(due.key)
        return due


def planned(change: date) -> list[DueRun]:
    days = [change + timedelta(days=offset) for offset in (-2, 1, 2)]
    return [run for day in days for run in SLOTS.runs_on(day)]


def each_once_at_its_minute(folder: Path, change: date) -> None:
    watched = Watched(folder)
    minutes = minutes_around(change)
    watched.look(next(minutes) - MINUTE)
    watched.ran.clear()
    for instant in minutes_around(change):
        watched.look(instant)
    assert watched.ran == [(run.key, run.at.astimezone(UTC)) for run in planned(change)]
    fired = CalendarTrigger(SLOTS)
    at = fired.get_next_fire_time(None, planned(change)[0].at - MINUTE)
    for run in planned(change):
        assert at == run.at
        at = fired.get_next_fire_time(at, at)


@pytest.mark.parametrize("change", changes(FEW_YEARS), ids=str)
def test_every_planned_run_happens_once_around_the_change(
    change: date, tmp_path: Path, tally: Tally
) -> None:
    each_once_at_its_minute(tmp_path, change)
    tally("summer time begins or ends", "")


@pytest.mark.faults
@pytest.mark.parametrize("change", changes(range(2028, LAST_YEAR + 1)), ids=str)
def test_every_planned_run_happens_once_around_every_change(
    change: date, tmp_path: Path, tally: Tally
) -> None:
    each_once_at_its_minute(tmp_path, change)
    tally("summer time begins or ends", "")


@pytest.mark.parametrize("jump", [-25, -2, -1, 1, 2, 3])
def test_a_clock_that_is_set_runs_nothing_twice_and_catches_up_the_latest(
    jump: int, tmp_path: Path, tally: Tally
) -> None:
    watched = Watched(tmp_path)
    start = datetime(2026, 11, 24, 0, 0, tzinfo=COPENHAGEN)
    for step in range(180):
        watched.look(start + step * MINUTE)
    jumped = start + 180 * MINUTE + timedelta(hours=jump)
    for step in range(60 * 8):
        watched.look(jumped + step * MINUTE)
    counted = Counter(key for key, _ in watched.ran)
    assert max(counted.values()) == 1
    assert counted["2026-11-24/at-0630"] == (jumped + timedelta(hours=8) > start.replace(hour=6))
    tally("clock set while the service waits", "")


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)], indirect=True
)
def test_a_clock_that_jumps_during_the_run_changes_nothing(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    assert site.run(Orders(clock="jumping")) == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("clock jumps during a run", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("clock", ["tomorrow", "yesterday"])
@pytest.mark.parametrize("point", ["record-after:2", "claim-after", "called:3", "mail-before"])
def test_the_run_after_the_kill_is_on_another_day(
    site: Site, undisturbed: EndState, tally: Tally, point: str, clock: str
) -> None:
    site.kill_at(point)
    assert site.run(Orders(clock=clock)) == 0
    assert site.end().ledger == undisturbed.ledger
    assert site.breaches() == []
    tally("clock set between two runs", site.engine.name)
