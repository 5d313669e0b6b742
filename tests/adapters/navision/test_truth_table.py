"""What became of a document: one test for each row of the table, and none is missing."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from robot.adapters.navision.truth_table import (
    TABLE,
    Age,
    Draft,
    Job,
    Ledger,
    Seen,
    Session,
    Verdict,
    judge,
)


def seen(
    draft: Draft,
    ledger: Ledger,
    job: Job,
    age: Age = Age.RECENT,
    **more: Any,  # noqa: ANN401 -- any other field
) -> Seen:
    return Seen(draft=draft, ledger=ledger, job=job, age=age, **more)


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        pytest.param(
            seen(Draft.GONE, Ledger.POSTED, Job.MISSING), Verdict.POSTED, id="as it should be"
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.POSTED, Job.ERROR, error=True),
            Verdict.POSTED_SIDE_ERROR,
            id="an error after the commit",
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.POSTED, Job.MISSING, error=True),
            Verdict.POSTED_SIDE_ERROR,
            id="the job was deleted while it ran",
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.POSTED, Job.IN_PROCESS),
            Verdict.POSTED,
            id="the server was killed after the commit",
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.NONE, Job.MISSING),
            Verdict.VANISHED,
            id="deleted by a person",
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.NONE, Job.ERROR, Age.OLD, error=True),
            Verdict.VANISHED,
            id="deleted after it failed",
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.HEADER_ONLY, Job.IN_PROCESS),
            Verdict.RUNNING,
            id="in the middle of a posting",
        ),
        pytest.param(
            seen(Draft.GONE, Ledger.HEADER_ONLY, Job.MISSING, Age.OLD),
            Verdict.STUCK_POSTING,
            id="a posted header without its entry",
        ),
        pytest.param(
            seen(Draft.FAILED, Ledger.NONE, Job.ERROR, error=True), Verdict.FAILED, id="refused"
        ),
        pytest.param(
            seen(Draft.FAILED, Ledger.NONE, Job.MISSING, Age.OLD),
            Verdict.FAILED,
            id="refused and its job deleted",
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.READY), Verdict.WAITING, id="in the queue"
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.READY, Age.OLD),
            Verdict.STUCK_SCHEDULED,
            id="in the queue for too long",
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.IN_PROCESS), Verdict.RUNNING, id="just begun"
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.ERROR),
            Verdict.FAILED_BEFORE,
            id="the job failed before it took over",
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.MISSING),
            Verdict.STUCK_SCHEDULED,
            id="the job is lost",
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.UNSCHEDULED),
            Verdict.STUCK_SCHEDULED,
            id="the job has no task",
        ),
        pytest.param(
            seen(Draft.POSTING, Ledger.NONE, Job.IN_PROCESS), Verdict.RUNNING, id="being posted"
        ),
        pytest.param(
            seen(Draft.POSTING, Ledger.NONE, Job.IN_PROCESS, Age.OLD),
            Verdict.STUCK_POSTING,
            id="being posted for too long",
        ),
        pytest.param(
            seen(Draft.POSTING, Ledger.NONE, Job.IN_PROCESS, Age.OLD, session=Session.ALIVE),
            Verdict.RUNNING,
            id="being posted for long by a session that is there",
        ),
        pytest.param(
            seen(Draft.POSTING, Ledger.NONE, Job.IN_PROCESS, Age.OLD, session=Session.GONE),
            Verdict.STUCK_POSTING,
            id="being posted for long by a session that is gone",
        ),
        pytest.param(
            seen(
                Draft.POSTING, Ledger.NONE, Job.IN_PROCESS, Age.FAR_TOO_OLD, session=Session.ALIVE
            ),
            Verdict.STUCK_POSTING,
            id="a session that hangs",
        ),
        pytest.param(
            seen(Draft.SCHEDULED, Ledger.NONE, Job.IN_PROCESS, Age.OLD, session=Session.ALIVE),
            Verdict.RUNNING,
            id="begun long ago by a session that is there",
        ),
        pytest.param(
            seen(Draft.IDLE, Ledger.NONE, Job.MISSING, Age.OLD),
            Verdict.NOT_QUEUED,
            id="taken out of the queue, or never in it",
        ),
        pytest.param(
            seen(Draft.IDLE, Ledger.NONE, Job.MISSING),
            Verdict.WAITING,
            id="not in the queue yet",
        ),
        pytest.param(
            seen(Draft.IDLE, Ledger.NONE, Job.READY), Verdict.WAITING, id="between two states"
        ),
        pytest.param(
            seen(Draft.IDLE, Ledger.NONE, Job.READY, Age.OLD),
            Verdict.STUCK_SCHEDULED,
            id="between two states for too long",
        ),
        pytest.param(
            seen(Draft.IDLE, Ledger.POSTED, Job.MISSING, is_order=True),
            Verdict.PARTLY_INVOICED,
            id="an order of which a part is invoiced",
        ),
    ],
)
def test_a_case(case: Seen, verdict: Verdict) -> None:
    assert judge(case) is verdict


ALL = [
    Seen(
        draft=draft,
        ledger=ledger,
        job=job,
        age=age,
        session=session,
        error=error,
        is_order=is_order,
    )
    for draft, ledger, job, age, session, error, is_order in product(
        Draft, Ledger, Job, Age, Session, (False, True), (False, True)
    )
]


def test_everything_that_can_be_seen_has_a_verdict() -> None:
    assert {judge(case) for case in ALL} == set(Verdict)


def test_every_row_of_the_table_is_needed() -> None:
    first = [next(row for row in TABLE if row.fits(case)) for case in ALL]
    assert [row for row in TABLE if row not in first] == []


def test_posted_is_what_the_ledger_says_whatever_the_job_says() -> None:
    posted = {Verdict.POSTED, Verdict.POSTED_SIDE_ERROR, Verdict.PARTLY_INVOICED}
    for case in ALL:
        assert (judge(case) in posted) == (case.ledger is Ledger.POSTED)


def test_it_may_be_asked_for_again_only_when_it_is_there_idle_and_nothing_else_is() -> None:
    for case in ALL:
        if judge(case) is Verdict.NOT_QUEUED:
            assert (case.draft, case.job) == (Draft.IDLE, Job.MISSING)
            assert case.age is not Age.RECENT
            assert case.ledger is not Ledger.POSTED
