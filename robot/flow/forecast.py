"""How many documents come on each working day: a forecast with a band, judged on past weeks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from statistics import quantiles
from typing import Final, TypeVar

from robot.domain.calendar import COPENHAGEN, Calendar

T = TypeVar("T", bound=Hashable)
#: Working days of history before the first week that is held back, and the weeks held back.
LEAST_BEFORE, LEAST_HELD, MOST_HELD = 30, 2, 12
_WEEK: Final = timedelta(weeks=1)
_DAY: Final = timedelta(days=1)
#: Working days after which a day counts half as much for the level.
_HALF_LIFE: Final = 20.0
#: Working days to each side over which the level of a past day is measured.
_AROUND: Final = 21
_ROUNDS: Final = 8
#: An effect is drawn towards none as if so many ordinary days had been seen beside its own.
_DOUBT: Final = 3.0
_FIRST_DAYS, _LAST_DAYS = 2, 3
#: From 10 December until period 12 closes, about 11 January.
_YEAR_END: Final = ((12, 10), (1, 11))
_FEWEST_RATIOS: Final = 2


class MonthPart(StrEnum):
    """Where in the month a working day lies."""

    FIRST = "month-start"
    MIDDLE = "middle"
    LAST = "month-end"
    YEAR_END = "year-end"


class Method(StrEnum):
    """How a forecast is made."""

    #: Level, weekday and part of the month.
    PATTERN = "pattern"
    #: As many as on the latest day of the same weekday.
    SEASONAL_NAIVE = "seasonal-naive"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastDay:
    """A working day to come. Eight of ten days are to fall between `low` and `high`."""

    day: date
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """How far forecasts, made before each held-back week, were from what came.

    Errors are sums of absolute differences over the sum of what came (WAPE); None when nothing
    came.
    """

    first: date
    last: date
    days: int
    error: float | None
    naive_error: float | None

    @property
    def beats_naive(self) -> bool:
        """Whether the pattern was nearer than seasonal-naïve."""
        return (
            self.error is not None
            and self.naive_error is not None
            and self.error < self.naive_error
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The days to come and how good such forecasts were.

    `method` is the better one of the backtest; `ratios` are what came over what it expected.
    """

    days: tuple[ForecastDay, ...]
    backtest: Backtest
    method: Method
    ratios: tuple[float, ...]
    #: Whether a year-end is in the history; without one its effect cannot be known.
    saw_year_end: bool

    @property
    def error(self) -> float | None:
        """The backtest error of the method that is used."""
        used = self.backtest
        return used.error if self.method is Method.PATTERN else used.naive_error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    level: float
    weekdays: Mapping[int, float]
    parts: Mapping[MonthPart, float]

    def expects(self, day: date, part: MonthPart) -> float:
        return self.level * self.weekdays.get(day.weekday(), 1.0) * self.parts.get(part, 1.0)


def by_working_day(
    came: Mapping[datetime, int], calendar: Calendar, *, today: date
) -> dict[date, int]:
    """What came on each working day, from the first day with any until the day before today.

    `came` says how many came at an instant or in the hour that began then. What comes on a closed
    day counts on the next working day; days without any are zero.
    """
    days: Counter[date] = Counter()
    for at, many in came.items():
        days[at.astimezone(COPENHAGEN).date()] += many
    found: Counter[date] = Counter()
    for day, many in days.items():
        found[calendar.add_working_days(day, 0)] += many
    if not found:
        return {}
    return {day: found[day] for day in working_days(calendar, min(found), today - _DAY)}


def working_days(calendar: Calendar, first: date, last: date) -> list[date]:
    """The working days from a day to a day, both included."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if calendar.is_working_day(day)]


def month_part(day: date, calendar: Calendar) -> MonthPart:
    """Where in the month a day lies: the first two and last three working days, or year-end."""
    at = (day.month, day.day)
    if at >= _YEAR_END[0] or at <= _YEAR_END[1]:
        return MonthPart.YEAR_END
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if len(working_days(calendar, day, following - _DAY)) <= _LAST_DAYS:
        return MonthPart.LAST
    if len(working_days(calendar, day.replace(day=1), day)) <= _FIRST_DAYS:
        return MonthPart.FIRST
    return MonthPart.MIDDLE


def forecast(
    history: Mapping[date, int], calendar: Calendar, *, today: date, days: int
) -> Forecast | None:
    """The working days from today on; None when the history is too short to judge a forecast.

    Args:
        history: What came on each working day, as `by_working_day` gives it.
        calendar: Working days.
        today: The first day that is not known.
        days: How many working days to look ahead.
    """
    held = _held_back(history)
    if held is None:
        return None
    ahead = working_days(calendar, today, today + timedelta(days=2 * days + 30))[:days]
    parts = {day: month_part(day, calendar) for day in [*history, *ahead]}
    tested = [row for monday in held for row in _week_tested(history, parts, monday)]
    came = sum(actual for actual, _, _ in tested)
    wrong = [sum(abs(row[0] - row[which]) for row in tested) for which in (1, 2)]
    backtest = Backtest(
        first=held[0],
        last=max(history),
        days=len(tested),
        error=wrong[0] / came if came else None,
        naive_error=wrong[1] / came if came else None,
    )
    method = Method.PATTERN if backtest.beats_naive else Method.SEASONAL_NAIVE
    expects = _pattern(history, parts) if backtest.beats_naive else _naive(history)
    which = 1 if backtest.beats_naive else 2
    ratios = tuple(row[0] / row[which] for row in tested if row[which] > 0)
    low, high = _band(ratios)
    return Forecast(
        days=tuple(
            ForecastDay(day=day, expected=it, low=it * low, high=it * high)
            for day, it in ((day, expects(day)) for day in ahead)
        ),
        backtest=backtest,
        method=method,
        ratios=ratios or (1.0,),
        saw_year_end=any(parts[day] is MonthPart.YEAR_END for day in history),
    )


def _held_back(history: Mapping[date, int]) -> list[date] | None:
    """The Mondays of the weeks held back; None when there are too few days."""
    days = sorted(history)
    if len(days) <= LEAST_BEFORE:
        return None
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days[LEAST_BEFORE:]})
    usable = [monday for monday in mondays if sum(d < monday for d in days) >= LEAST_BEFORE]
    return usable[-MOST_HELD:] if len(usable) >= LEAST_HELD else None


def _week_tested(
    history: Mapping[date, int], parts: Mapping[date, MonthPart], monday: date
) -> list[tuple[int, float, float]]:
    """What came, what the pattern and what seasonal-naïve expected, for the days of a week."""
    known = {day: many for day, many in history.items() if day < monday}
    pattern, naive = _pattern(known, parts), _naive(known)
    return [
        (history[day], pattern(day), naive(day))
        for day in history
        if monday <= day < monday + _WEEK
    ]


def _naive(history: Mapping[date, int]) -> Callable[[date], float]:
    latest = {day.weekday(): history[day] for day in sorted(history)}
    mean = sum(history.values()) / len(history)
    return lambda day: float(latest.get(day.weekday(), mean))


def _pattern(
    history: Mapping[date, int], parts: Mapping[date, MonthPart]
) -> Callable[[date], float]:
    """Level × weekday × part of the month, fitted in turn against a level that may wander."""
    days = sorted(history)
    counts = [float(history[day]) for day in days]
    weekdays: dict[int, float] = {}
    effects: dict[MonthPart, float] = {}
    own_weekday, own_part = [day.weekday() for day in days], [parts[day] for day in days]
    for _ in range(_ROUNDS):
        season = _season(own_weekday, own_part, weekdays, effects)
        levels = _levels(counts, season)
        weekdays = _effects(
            own_weekday,
            counts,
            [level * effects.get(part, 1.0) for level, part in zip(levels, own_part, strict=True)],
        )
        effects = _effects(
            own_part,
            counts,
            [
                level * weekdays.get(weekday, 1.0)
                for level, weekday in zip(levels, own_weekday, strict=True)
            ],
        )
        effects = _against(effects, effects.get(MonthPart.MIDDLE, 1.0))
        weekdays = _against(weekdays, sum(weekdays.values()) / len(weekdays))
    season = _season(own_weekday, own_part, weekdays, effects)
    weights = [0.5 ** ((len(days) - 1 - place) / _HALF_LIFE) for place in range(len(days))]
    weighed = sum(weight * part for weight, part in zip(weights, season, strict=True))
    level = sum(weight * many for weight, many in zip(weights, counts, strict=True)) / weighed
    found = _Pattern(level=level, weekdays=weekdays, parts=effects)
    return lambda day: found.expects(day, parts[day])


def _season(
    own_weekday: Sequence[int],
    own_part: Sequence[MonthPart],
    weekdays: Mapping[int, float],
    effects: Mapping[MonthPart, float],
) -> list[float]:
    return [
        weekdays.get(weekday, 1.0) * effects.get(part, 1.0)
        for weekday, part in zip(own_weekday, own_part, strict=True)
    ]


def _levels(counts: Sequence[float], season: Sequence[float]) -> list[float]:
    """The level around each day: what came over what the season says, some weeks each side."""
    came, said = ([0.0, *accumulate(values)] for values in (counts, season))
    ends = [
        (max(0, place - _AROUND), min(len(counts), place + _AROUND + 1))
        for place in range(len(counts))
    ]
    return [(came[end] - came[start]) / (said[end] - said[start]) for start, end in ends]


def _effects(
    groups: Sequence[T], counts: Sequence[float], base: Sequence[float]
) -> dict[T, float]:
    doubt = _DOUBT * sum(counts) / len(counts)
    came: dict[T, float] = defaultdict(float)
    said: dict[T, float] = defaultdict(float)
    for group, many, expected in zip(groups, counts, base, strict=True):
        came[group] += many
        said[group] += expected
    return {
        group: (came[group] + doubt) / (said[group] + doubt) if said[group] + doubt > 0 else 1.0
        for group in came
    }


def _against(effects: Mapping[T, float], one: float) -> dict[T, float]:
    return {name: effect / one for name, effect in effects.items()}


def _band(ratios: Sequence[float]) -> tuple[float, float]:
    """The tenth and ninetieth percentile of what came over what was expected, around one."""
    if len(ratios) < _FEWEST_RATIOS:
        return 1.0, 1.0
    tenths = quantiles(ratios, n=10, method="inclusive")
    return min(tenths[0], 1.0), max(tenths[-1], 1.0)
