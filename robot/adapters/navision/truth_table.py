"""What became of a purchase document that NAV was asked to post. Pure: one table, one row a case.

A job's status proves nothing: NAV commits the posting first and can fail afterwards, and a job can
be deleted while it runs. What counts is whether the document is still there and whether a posted
one with its vendor ledger entry is. Source: navision.md §4.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Draft(StrEnum):
    """The purchase document (38) by its Job Queue Status."""

    GONE = "gone"
    IDLE = "idle"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    POSTING = "posting"


class Job(StrEnum):
    """Its job queue entry (472)."""

    MISSING = "missing"
    READY = "ready"
    #: Ready, and the task scheduler has no task for it (2000000175): it never starts.
    UNSCHEDULED = "unscheduled"
    IN_PROCESS = "in-process"
    ERROR = "error"
    #: On hold, waiting, finished, or a value that NAV adds one day.
    OTHER = "other"


class Ledger(StrEnum):
    """The posted document that came of it, and its vendor ledger entry (25)."""

    NONE = "none"
    #: A posted header without its ledger entry: seen in the middle of a posting, or damaged.
    HEADER_ONLY = "header-only"
    POSTED = "posted"


class Session(StrEnum):
    """The session that the job runs in (2000000110) and its server (2000000112)."""

    #: The login may not read these tables, or the job names no session.
    UNKNOWN = "unknown"
    ALIVE = "alive"
    #: Not among the sessions, begun anew under the same number, or its server stopped or crashed.
    GONE = "gone"


class Age(StrEnum):
    """How long ago NAV took the request, against what the site calls stuck."""

    RECENT = "recent"
    OLD = "old"
    #: Longer than a session at work would take: it hangs (a printer's dialogue that nobody sees).
    FAR_TOO_OLD = "far-too-old"


class Verdict(StrEnum):
    """What became of it."""

    POSTED = "posted"
    #: Posted, and something failed afterwards: a person should look.
    POSTED_SIDE_ERROR = "posted-side-error"
    #: An order of which a part is invoiced; orders stay.
    PARTLY_INVOICED = "partly-invoiced"
    #: Deleted by somebody, and nothing is posted.
    VANISHED = "vanished"
    FAILED = "failed"
    #: The job failed before posting began (right, licence, object); a person resets the document.
    FAILED_BEFORE = "failed-before"
    WAITING = "waiting"
    RUNNING = "running"
    STUCK_SCHEDULED = "stuck-scheduled"
    STUCK_POSTING = "stuck-posting"
    #: Never queued, or taken out of the queue by a person; it may be asked for again.
    NOT_QUEUED = "not-queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the tables show at one moment, read committed."""

    draft: Draft
    ledger: Ledger
    job: Job
    age: Age
    session: Session = Session.UNKNOWN
    #: The job's log (474), or the job itself, says Error.
    error: bool = False
    is_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case; an empty set stands for any value."""

    verdict: Verdict
    draft: frozenset[Draft] = frozenset()
    ledger: frozenset[Ledger] = frozenset()
    job: frozenset[Job] = frozenset()
    age: frozenset[Age] = frozenset()
    session: frozenset[Session] = frozenset()
    error: frozenset[bool] = frozenset()
    is_order: frozenset[bool] = frozenset()

    def fits(self, seen: Seen) -> bool:
        """Whether the case is this one."""
        return all(
            not wanted or found in wanted
            for wanted, found in (
                (self.draft, seen.draft),
                (self.ledger, seen.ledger),
                (self.job, seen.job),
                (self.age, seen.age),
                (self.session, seen.session),
                (self.error, seen.error),
                (self.is_order, seen.is_order),
            )
        )


_POSTED: Final = frozenset({Ledger.POSTED})
_NOT_POSTED: Final = frozenset({Ledger.NONE, Ledger.HEADER_ONLY})
_GONE: Final = frozenset({Draft.GONE})
_SCHEDULED: Final = frozenset({Draft.SCHEDULED})
_POSTING: Final = frozenset({Draft.POSTING})
_OLD: Final = frozenset({Age.OLD, Age.FAR_TOO_OLD})
#: A session that is still there is at work, for a while.
_AT_WORK: Final[Mapping[str, frozenset[Any]]] = {
    "session": frozenset({Session.ALIVE}),
    "age": frozenset({Age.RECENT, Age.OLD}),
}

#: The first row that fits counts.
TABLE: Final[tuple[Row, ...]] = (
    Row(
        verdict=Verdict.PARTLY_INVOICED,
        is_order=frozenset({True}),
        ledger=_POSTED,
        draft=frozenset(Draft) - _GONE,
    ),
    Row(verdict=Verdict.POSTED_SIDE_ERROR, ledger=_POSTED, error=frozenset({True})),
    Row(verdict=Verdict.POSTED, ledger=_POSTED),
    # A posted header alone is seen only in the middle of a posting: it may still roll back.
    Row(
        verdict=Verdict.RUNNING,
        draft=_GONE,
        ledger=frozenset({Ledger.HEADER_ONLY}),
        age=frozenset({Age.RECENT}),
    ),
    Row(verdict=Verdict.STUCK_POSTING, draft=_GONE, ledger=frozenset({Ledger.HEADER_ONLY})),
    Row(verdict=Verdict.VANISHED, draft=_GONE),
    Row(verdict=Verdict.FAILED, draft=frozenset({Draft.FAILED})),
    Row(verdict=Verdict.FAILED_BEFORE, draft=_SCHEDULED, job=frozenset({Job.ERROR})),
    Row(
        verdict=Verdict.STUCK_SCHEDULED,
        draft=_SCHEDULED,
        job=frozenset({Job.MISSING, Job.UNSCHEDULED}),
    ),
    Row(verdict=Verdict.RUNNING, draft=_SCHEDULED, job=frozenset({Job.IN_PROCESS}), **_AT_WORK),
    Row(verdict=Verdict.STUCK_SCHEDULED, draft=_SCHEDULED, age=_OLD),
    Row(verdict=Verdict.RUNNING, draft=_SCHEDULED, job=frozenset({Job.IN_PROCESS})),
    Row(verdict=Verdict.WAITING, draft=_SCHEDULED),
    Row(verdict=Verdict.RUNNING, draft=_POSTING, **_AT_WORK),
    Row(verdict=Verdict.STUCK_POSTING, draft=_POSTING, age=_OLD),
    Row(verdict=Verdict.RUNNING, draft=_POSTING),
    # An idle document whose job is still there is between two states: look again.
    Row(
        verdict=Verdict.WAITING,
        draft=frozenset({Draft.IDLE}),
        job=frozenset(Job) - {Job.MISSING},
        age=frozenset({Age.RECENT}),
    ),
    Row(
        verdict=Verdict.STUCK_SCHEDULED,
        draft=frozenset({Draft.IDLE}),
        job=frozenset(Job) - {Job.MISSING},
    ),
    Row(
        verdict=Verdict.WAITING,
        draft=frozenset({Draft.IDLE}),
        age=frozenset({Age.RECENT}),
    ),
    Row(verdict=Verdict.NOT_QUEUED, draft=frozenset({Draft.IDLE})),
)


def judge(seen: Seen) -> Verdict:
    """The verdict of the first case that fits; there is one for everything that can be seen."""
    return next(row.verdict for row in TABLE if row.fits(seen))
