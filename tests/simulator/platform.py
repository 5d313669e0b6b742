"""The simulated NAV's platform: its server, its sessions, and the task scheduler's list."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import ServerStatus
from robot.adapters.navision.schema.jobs import JOB_QUEUE_ENTRY
from robot.adapters.navision.schema.sessions import (
    ACTIVE_SESSION,
    SCHEDULED_TASK,
    SERVER_INSTANCE,
)

_SERVER: Final = 7


class Platform:
    """What NAV's platform keeps of jobs; NAV 2016 has no task scheduler, its NAS polls."""

    def __init__(self, tables: CompanyTables) -> None:
        self._job = tables[JOB_QUEUE_ENTRY]
        self._session = tables[ACTIVE_SESSION]
        self._server = tables[SERVER_INSTANCE]
        self._task = tables[SCHEDULED_TASK] if tables.has(SCHEDULED_TASK) else None

    def schedule(self, connection: Connection) -> UUID:
        """A task for the scheduler; its id."""
        task = uuid4()
        if self._task is not None:
            connection.execute(insert(self._task), [{"ID": task}])
        return task

    def is_scheduled(self) -> ColumnElement[bool]:
        """Whether a job's task is on the scheduler's list."""
        if self._task is None:
            return true()
        return exists().where(self._task.c["ID"] == self._job.c["System Task ID"])

    def begin(self, connection: Connection, job: UUID, now: datetime) -> int:
        """A session takes a job and its task; the session's number."""
        server = self._server
        if not connection.scalar(select(func.count()).select_from(server)):
            started = {"Server Instance ID": _SERVER, "Status": ServerStatus.STARTED.value}
            connection.execute(insert(server), [started])
        session = self._session
        number = int(connection.scalar(select(func.max(session.c["Session ID"]))) or 50) + 1
        connection.execute(
            insert(session),
            [{"Server Instance ID": _SERVER, "Session ID": number, "Login Datetime": now}],
        )
        connection.execute(
            update(self._job)
            .where(self._job.c["ID"] == job)
            .values(
                {
                    "User Service Instance ID": _SERVER,
                    "User Session ID": number,
                    "User Session Started": now,
                }
            )
        )
        if self._task is not None:
            its = select(self._job.c["System Task ID"]).where(self._job.c["ID"] == job)
            connection.execute(delete(self._task).where(self._task.c["ID"].in_(its)))
        return number

    def end(self, connection: Connection, session: int) -> None:
        """The session is over, or was killed."""
        table = self._session
        connection.execute(delete(table).where(table.c["Session ID"] == session))

    def reuse(self, connection: Connection, now: datetime) -> None:
        """A restarted server gives the numbers of its sessions to others."""
        connection.execute(update(self._session).values({"Login Datetime": now}))

    def crash(self, connection: Connection) -> None:
        """The server is gone; its sessions stay on the list until it starts again."""
        connection.execute(update(self._server).values({"Status": ServerStatus.CRASHED.value}))

    def lose_tasks(self, connection: Connection) -> None:
        """The scheduler's list is empty."""
        if self._task is not None:
            connection.execute(delete(self._task))
