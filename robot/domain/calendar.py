"""Working days, bank days and run times, as data that the centre owns."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_SATURDAY = 5


def day_start(day: date) -> datetime:
    """Midnight in Copenhagen, with which a day begins (aware, Europe/Copenhagen)."""
    return datetime.combine(day, time(), COPENHAGEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSlot:
    """A named time of day (Europe/Copenhagen) at which the robot runs."""

    name: str
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraRun:
    """An additional run on each working day of a span, such as at year-end."""

    first: date
    last: date
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """From when until when people are at work on each working day of a span (Copenhagen)."""

    opens: time
    closes: time
    first: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An accounting period (12, 13.1, 13.2) of a year and the last day on which it is open."""

    name: str
    year: int
    closes: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """Until when something is to be done for a period, for everybody or for one customer."""

    period: str
    year: int
    #: Aware, Europe/Copenhagen.
    at: datetime
    #: What is to be done, in Danish and English.
    da: str
    en: str
    #: Bogføringskreds; empty for everybody.
    customer: str = ""
    #: Whether only persons on the customer's declaration (*bemyndigelseserklæring*) may do it.
    authorised_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a voucher is still taken into a year that is over."""

    #: Only from persons on the customer's declaration (*bemyndigelseserklæring*).
    declaration_needed: bool = False
    #: Every cut-off of the period that is open is over (the customer's own, where it has one), or
    #: no period is open any more.
    cut_off_passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRun:
    """One planned run: a slot on a day; `key` is unique for ever."""

    day: date
    slot: str
    at: datetime

    @property
    def key(self) -> str:
        """`2026-11-24/morning`."""
        return f"{self.day.isoformat()}/{self.slot}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The calendar of `rules/calendar.yaml`. Implements the flow's WorkCalendar port."""

    slots: tuple[RunSlot, ...]
    centre_closed: frozenset[date] = frozenset()
    bank_closed: frozenset[date] = frozenset()
    extra_runs: tuple[ExtraRun, ...] = ()
    periods: tuple[Period, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    hours: OpeningHours = OpeningHours(opens=time(8), closes=time(16))
    #: Longer or shorter hours of a span, such as at year-end; the first that fits counts.
    other_hours: tuple[OpeningHours, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether the centre works: Monday to Friday, but for its closed days."""
        return day.weekday() < _SATURDAY and day not in self.centre_closed

    def is_bank_day(self, day: date) -> bool:
        """Whether banks settle payments.

        Source: Danmarks Nationalbank's list of closing days.
        """
        return day.weekday() < _SATURDAY and day not in self.bank_closed

    def add_working_days(self, day: date, days: int) -> date:
        """The working day `days` after; negative counts back; 0 gives the day or the next."""
        if days == 0:
            while not self.is_working_day(day):
                day += timedelta(days=1)
            return day
        step = timedelta(days=1 if days > 0 else -1)
        left = abs(days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def open_on(self, day: date) -> tuple[datetime, datetime] | None:
        """When the centre opens and closes on a day (aware, UTC); None when it is closed."""
        if not self.is_working_day(day):
            return None
        hours = next((it for it in self.other_hours if it.first <= day <= it.last), self.hours)
        opens, closes = (
            datetime.combine(day, at, COPENHAGEN).astimezone(UTC)
            for at in (hours.opens, hours.closes)
        )
        return opens, closes

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the centre was open between two instants; nothing when the end is not later."""
        worked = timedelta()
        day, last = (at.astimezone(COPENHAGEN).date() for at in (start, end))
        while day <= last:
            span = self.open_on(day)
            if span is not None:
                worked += max(timedelta(), min(end, span[1]) - max(start, span[0]))
            day += timedelta(days=1)
        return worked

    def goal(self, received: datetime, working_days: int) -> datetime:
        """Until when what came in at an instant is to be done: the close of a working day (UTC).

        What comes in after closing time, or on a closed day, counts from the next working day.
        """
        day = received.astimezone(COPENHAGEN).date()
        span = self.open_on(day)
        if span is None or received >= span[1]:
            day = self.add_working_days(day, 1)
        closing = self.open_on(self.add_working_days(day, working_days))
        if closing is None:
            raise ValueError("add_working_days gave a closed day")
        return closing[1]

    def terms(self, posting_date: date, customer: str, at: datetime) -> Terms:
        """The terms for a voucher of a customer (bogføringskreds) on a posting date.

        Vouchers of the running year have none; neither has a year whose periods are not in the
        calendar: what Navision takes decides then.
        """
        today = at.astimezone(COPENHAGEN).date()
        periods = sorted(
            (it for it in self.periods if it.year == posting_date.year), key=lambda it: it.closes
        )
        if posting_date.year >= today.year or not periods:
            return Terms()
        opened = next((it for it in periods if today <= it.closes), None)
        if opened is None:
            return Terms(declaration_needed=True, cut_off_passed=True)
        cut_offs = [
            it
            for it in self.cut_offs
            if (it.period, it.year) == (opened.name, opened.year) and it.customer in {"", customer}
        ]
        own = [it for it in cut_offs if it.customer] or cut_offs
        return Terms(
            declaration_needed=any(it.authorised_only for it in cut_offs),
            cut_off_passed=bool(own) and all(it.at < at for it in own),
        )

    def next_bank_day(self, day: date) -> date:
        """The day itself when banks are open, else the first one after."""
        while not self.is_bank_day(day):
            day += timedelta(days=1)
        return day

    def previous_bank_day(self, day: date) -> date:
        """The day itself when banks are open, else the last one before."""
        while not self.is_bank_day(day):
            day -= timedelta(days=1)
        return day

    def runs_on(self, day: date) -> list[DueRun]:
        """The planned runs of one day, in order; none when the centre is closed."""
        if not self.is_working_day(day):
            return []
        times = [(slot.at, slot.name) for slot in self.slots]
        times += [
            (extra.at, f"extra-{extra.at:%H%M}")
            for extra in self.extra_runs
            if extra.first <= day <= extra.last
        ]
        return [
            DueRun(day=day, slot=name, at=datetime.combine(day, at, COPENHAGEN))
            for at, name in sorted(times)
        ]

    def next_run(self, after: datetime) -> datetime:
        """When the robot runs next (aware, Europe/Copenhagen)."""
        day = after.astimezone(COPENHAGEN).date()
        while True:
            for run in self.runs_on(day):
                if run.at > after:
                    return run.at
            day += timedelta(days=1)

    def last_due(self, now: datetime) -> DueRun | None:
        """The latest planned run at or before now, looking back two weeks."""
        day = now.astimezone(COPENHAGEN).date()
        for back in range(15):
            runs = self.runs_on(day - timedelta(days=back))
            index = bisect_right([run.at for run in runs], now)
            if index:
                return runs[index - 1]
        return None
