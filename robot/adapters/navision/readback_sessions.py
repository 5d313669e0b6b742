"""Whether anybody in NAV is still at work on a job: its session, its server, its task.

Age alone is a bad witness: a large document posts for an hour. These tables are the platform's,
which holds locks on them for its own ends, so they are read as discovery is, without waiting. What
the site does not show is unknown, and then age decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, null, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import JobStatus, ServerStatus
from robot.adapters.navision.schema.jobs import JOB_QUEUE_ENTRY
from robot.adapters.navision.schema.sessions import (
    ACTIVE_SESSION,
    SCHEDULED_TASK,
    SERVER_INSTANCE,
)
from robot.adapters.navision.schema.sqltypes import NO_GUID
from robot.adapters.navision.truth_table import Session

#: A session's number is given again after a restart; one that began so much after the job says is
#: another one.
_SAME_SESSION: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """What NAV's platform shows at one moment; None for what the login may not see."""

    #: When each session began, by server and number.
    sessions: Mapping[tuple[int, int], datetime | None] | None = None
    #: The servers that stopped or crashed.
    dead_servers: frozenset[int] = field(default_factory=frozenset)
    #: The tasks that wait for the scheduler, of those asked about.
    tasks: frozenset[UUID] | None = None

    def session_of(self, job: Row[*tuple[Any, ...]]) -> Session:
        """Whether the session is there that the job says it runs in."""
        named = job._mapping  # noqa: SLF001 -- SQLAlchemy's public way to columns by name
        if self.sessions is None or not named["session"]:
            return Session.UNKNOWN
        place = (named["server"], named["session"])
        if named["server"] in self.dead_servers or place not in self.sessions:
            return Session.GONE
        login, began = self.sessions[place], named.get("session_began")
        reused = login is not None and began is not None and login > began + _SAME_SESSION
        return Session.GONE if reused else Session.ALIVE

    def has_task(self, task: UUID | None) -> bool:
        """Whether the scheduler will ever start the job with this task."""
        return task != NO_GUID and (self.tasks is None or task in self.tasks)


def read_at_work(
    connection: Connection, tables: CompanyTables, jobs: Sequence[Row[*tuple[Any, ...]]]
) -> AtWork:
    """Look up who works on these jobs: three statements at most, none when no job is under way."""
    running = [job for job in jobs if job.queue_status == JobStatus.IN_PROCESS]
    waiting = [job for job in jobs if job.queue_status == JobStatus.READY]
    return AtWork(
        sessions=_sessions(connection, tables, running),
        dead_servers=_dead_servers(connection, tables, running),
        tasks=_tasks(connection, tables, waiting),
    )


def _sessions(
    connection: Connection, tables: CompanyTables, running: Sequence[Row[*tuple[Any, ...]]]
) -> dict[tuple[int, int], datetime | None] | None:
    known = tables.has(ACTIVE_SESSION, "Server Instance ID", "Session ID") and tables.has(
        JOB_QUEUE_ENTRY, "User Service Instance ID", "User Session ID"
    )
    if not running or not known:
        return None
    session = tables.read(ACTIVE_SESSION)
    login = session.c["Login Datetime"] if "Login Datetime" in session.c else null()
    statement = select(session.c["Server Instance ID"], session.c["Session ID"], login).where(
        session.c["Session ID"].in_(sorted({job.session for job in running}))
    )
    return {(server, number): began for server, number, began in connection.execute(statement)}


def _dead_servers(
    connection: Connection, tables: CompanyTables, running: Sequence[Row[*tuple[Any, ...]]]
) -> frozenset[int]:
    if not running or not tables.has(SERVER_INSTANCE, "Server Instance ID", "Status"):
        return frozenset()
    server = tables.read(SERVER_INSTANCE)
    statement = select(server.c["Server Instance ID"]).where(
        server.c["Status"] != ServerStatus.STARTED.value
    )
    return frozenset(connection.scalars(statement))


def _tasks(
    connection: Connection, tables: CompanyTables, waiting: Sequence[Row[*tuple[Any, ...]]]
) -> frozenset[UUID] | None:
    wanted = sorted({job.task for job in waiting if job.task not in {None, NO_GUID}}, key=str)
    if not wanted or not tables.has(SCHEDULED_TASK, "ID"):
        return None
    task = tables.read(SCHEDULED_TASK)
    return frozenset(connection.scalars(select(task.c["ID"]).where(task.c["ID"].in_(wanted))))
