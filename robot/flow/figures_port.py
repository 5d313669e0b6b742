"""Numbers that the centre is measured by, each with what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from robot.flow.measure_port import Extent, Measures

#: Shares of fewer than so many are not shown: they say nothing.
FEWEST = 20


class Unit(StrEnum):
    """What a figure counts in."""

    SHARE = "share"
    COUNT = "count"
    #: Working hours of the centre.
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. `numerator` over `denominator`; quantiles have the number of cases below."""

    code: str
    title: Mapping[str, str]
    definition: Mapping[str, str]
    unit: Unit
    numerator: float
    denominator: int
    #: The value of a quantile or a mean; None: numerator over denominator.
    measured: float | None = None

    @property
    def value(self) -> float | None:
        """The number; None when there is nothing to divide by."""
        if self.denominator == 0:
            return None
        return self.numerator / self.denominator if self.measured is None else self.measured

    @property
    def hidden(self) -> bool:
        """A share of too few to say anything."""
        return self.unit is Unit.SHARE and self.denominator < FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """How often an error type stopped a document, and who can remove its cause."""

    code: str
    fixable_by: str
    documents: int
    #: Manual minutes, by the taxonomy.
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeCount:
    """Open documents by who has the ball and days until they are due."""

    ball: str
    #: `overdue`, `0-2`, `3-7`, `8-30`, `later` or `unknown`.
    due_in: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was approved in a week (its Monday) and how it went."""

    monday: date
    approved: int
    closed: int
    touchless: int
    settled: int
    on_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How often one event followed another directly, and the median time between (days)."""

    origin: str
    to: str
    times: int
    median_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything for a period and some customers."""

    first: date
    last: date
    documents: int
    figures: tuple[Figure, ...]
    #: Share of the days of late payments by who held them; sums to 1 when there are any.
    late_causes: Mapping[str, float]
    late: int
    codes: tuple[CodeCount, ...]
    ages: tuple[AgeCount, ...]
    weeks: tuple[Week, ...]


class Figures(Protocol):
    """Makes reports."""

    def report(self, measures: Measures, extent: Extent, now: datetime) -> Report:
        """The report of documents approved (else pulled) on these days, as of an instant."""

    def passages(self, measures: Measures, extent: Extent) -> tuple[Passage, ...]:
        """What followed what in the journeys of these documents, the most frequent first."""


def shares(parts: Mapping[str, float]) -> Mapping[str, float]:
    """Parts of a whole; nothing when the whole is nothing."""
    whole = sum(parts.values())
    return {name: part / whole for name, part in parts.items()} if whole else {}


def in_period(found: Sequence[Figure], code: str) -> Figure:
    """A figure by its code.

    Raises:
        KeyError: There is none.
    """
    for figure in found:
        if figure.code == code:
            return figure
    raise KeyError(code)
