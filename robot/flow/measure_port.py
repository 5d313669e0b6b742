"""What became of documents in numbers that a database can sum up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntFlag, StrEnum, auto
from typing import Protocol

from robot.domain.case import Ball
from robot.domain.rights import Scope
from robot.domain.state import State


class Mark(IntFlag):
    """What holds for a document. The values are kept: new ones come at the end."""

    POSTED = auto()
    DROPPED = auto()
    #: A clerk acted on it.
    TOUCHED = auto()
    BOUNCED = auto()
    REVERSED = auto()
    PAID = auto()
    #: It has a due date.
    DUE = auto()
    PAID_ON_TIME = auto()
    LATE_AT_RECEIPT = auto()
    #: Posted, bounced or taken out for the first time.
    DEALT = auto()
    HAS_GOAL = auto()
    IN_GOAL = auto()
    REMINDED = auto()
    CHECKED_AGAIN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What measuring needs of a document beside its journey: its latest version."""

    document_key: str
    customer: str
    state: State
    due_date: date | None
    pulled_at: datetime
    goal_at: datetime | None
    late_at_receipt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Days for which each had the ball; whoever has it now, until it came there."""

    customer: float = 0.0
    centre: float = 0.0
    bank: float = 0.0
    supplier: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One document's journey so far. It says nothing that depends on when it is asked."""

    document_key: str
    customer: str
    #: When it was approved, else pulled (Copenhagen).
    day: date
    marks: Mark
    #: Something is left to be done.
    waiting: bool
    bounces: int
    #: Bounces whose causes the centre can remove.
    preventable: int
    refusals: int
    unmapped: int
    #: Working hours at the centre until the ball came where it is; only of what was dealt with.
    centre_hours: float | None
    #: Working hours from the first bounce to the approval after it.
    turnaround_hours: float | None
    payment_lead_days: float | None
    held: Held
    #: Who has the ball; None when the journey has ended.
    ball: Ball | None
    ball_since: datetime | None
    due: date | None
    goal_at: datetime | None
    #: Error types that its checks met, in order.
    codes: tuple[str, ...]
    #: Its events in order.
    path: tuple[str, ...]
    #: Days from each event to the next.
    path_days: tuple[float, ...]

    @property
    def moving(self) -> bool:
        """Whether figures about it go on with the time, so that it is looked at for itself."""
        dealt = Mark.DEALT in self.marks
        return (
            (dealt and self.ball is Ball.SAM)
            or (Mark.PAID in self.marks and self.ball is not None)
            or (Mark.HAS_GOAL in self.marks and not dealt)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Documents of one day with the same marks, none of them moving, summed up."""

    day: date
    marks: Mark
    documents: int
    bounces: int
    preventable: int
    refusals: int
    unmapped: int
    held: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Documents that wait for the same party and are due on the same day."""

    ball: Ball | None
    due: date | None
    documents: int


class Spread(StrEnum):
    """Numbers of which quantiles are shown."""

    CENTRE_HOURS = "centre_hours"
    TURNAROUND_HOURS = "turnaround_hours"
    PAYMENT_LEAD_DAYS = "payment_lead_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Whose documents a report is about, and of which days, both included.

    `customer` is a bogføringskreds, empty for all that the scope covers.
    """

    scope: Scope
    customer: str
    first: date
    last: date


class Measures(Protocol):
    """Reading measures, summed up by the database."""

    def alike(self, extent: Extent, /) -> list[Alike]:
        """Documents that do not move, by day and marks."""

    def moving(self, extent: Extent, /) -> Iterator[Measure]:
        """Documents that move, one by one."""

    def spread(self, extent: Extent, what: Spread, /) -> list[tuple[float, int]]:
        """Each value of those that do not move, and how many have it."""

    def codes(self, extent: Extent, /) -> Mapping[str, int]:
        """Error type to how many documents met it."""

    def waiting(self, extent: Extent, /) -> list[Waiting]:
        """Documents of which something is left to be done, by ball and due date."""

    def paths(self, extent: Extent, /) -> Iterator[tuple[str, str]]:
        """Each document's events and the days between them, both separated by spaces."""

    def basis(self) -> int:
        """By which calendar and taxonomy they were measured, as a number; 0: by none."""

    def behind(self) -> int:
        """How many events were told that nothing measured."""

    def due(self, limit: int, /) -> tuple[list[str], int]:
        """Documents to measure after so many more events, and the last of these events.

        Those that a later event is about are left to it.
        """

    def subjects(self, document_keys: Sequence[str], /) -> list[Subject]:
        """The latest versions of documents. Re-postings are left out: they are no invoices."""


class MeasuresUnit(Protocol):
    """Writing measures."""

    def keep(self, measures: Sequence[Measure]) -> None:
        """Put them in place of those that are there of the same documents."""

    def measured_to(self, event: int) -> None:
        """Note how far of the journeys is measured."""

    def begin_anew(self, basis: int) -> None:
        """Note that all has to be measured by another calendar or taxonomy."""
