"""The store: opening it, its lease, its units of writing, and its readers."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, Transaction, func, select
from sqlalchemy.exc import DBAPIError

from robot.adapters.store import leases, trail
from robot.adapters.store.cases import SqlCases
from robot.adapters.store.columns import AnyRow
from robot.adapters.store.commands import SqlCommands
from robot.adapters.store.contacts import SqlContacts
from robot.adapters.store.documents import SqlDocuments
from robot.adapters.store.engine import (
    atomically,
    begun,
    open_engine,
    reading,
    sqlite_file,
    translated,
)
from robot.adapters.store.inbox import SqlInbox
from robot.adapters.store.journeys import SqlJourneys
from robot.adapters.store.measures import SqlMeasures
from robot.adapters.store.noted import SqlNoted
from robot.adapters.store.outbox import SqlEffects, SqlMails
from robot.adapters.store.recording import Stamp
from robot.adapters.store.reported import SqlReportedErrors
from robot.adapters.store.rule_changes import SqlRuleChanges
from robot.adapters.store.schema import counter, pause, ruleset, run
from robot.adapters.store.sessions import SqlSessions
from robot.adapters.store.sheets import SqlSheets
from robot.adapters.store.trail import SqlTrail
from robot.adapters.store.unit import SqlUnit
from robot.adapters.store.views import SqlViews
from robot.errors import LeaseHeldError, StoreUnavailableError
from robot.flow.case_port import Cases
from robot.flow.command_port import Commands
from robot.flow.contact_port import Contacts
from robot.flow.inbox_port import Inbox
from robot.flow.journey_port import Journeys
from robot.flow.measure_port import Measures
from robot.flow.ports import Clock
from robot.flow.radar_port import Noted
from robot.flow.records import Lease, PauseRow, RunRow, Standing
from robot.flow.reported_port import ReportedErrors
from robot.flow.rule_port import RuleChanges
from robot.flow.session_port import Sessions
from robot.flow.sheet_port import Sheets
from robot.flow.store_port import Documents, Effects, Mails, Runs, Trail
from robot.flow.view_port import Views


def open_store(url: str, clock: Clock, *, check: bool = True) -> SqlStore:
    """Open, check and migrate the store.

    Args:
        url: SQLAlchemy's URL, `sqlite:///var/robot.db` by default.
        clock: Stamps what is written; leases go by the database's own clock.
        check: Look for damage first (SQLite's `quick_check`).

    Raises:
        StoreError: It can't be opened, is damaged, or is newer than this robot.
    """
    return SqlStore(open_engine(url, check=check), clock, lock_file=_lock_file(url))


class SqlStore:
    """The robot's own database on SQLite, PostgreSQL or SQL Server.

    On SQLite all robots run on one machine, so a locked file says for certain whether another one
    is alive: a killed robot's lease is free at once. On a server its lease has to run out.
    """

    def __init__(self, engine: Engine, clock: Clock, *, lock_file: Path | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._lock_file = lock_file
        self.shared = engine.dialect.name != "sqlite"
        self._lock: IO[str] | None = None
        self.documents: Documents = SqlDocuments(engine)
        self.effects: Effects = SqlEffects(engine)
        self.mails: Mails = SqlMails(engine)
        self.trail: Trail = SqlTrail(engine)
        self.runs: Runs = SqlRuns(engine)
        self.rules: RuleChanges = SqlRuleChanges(engine)
        self.contacts: Contacts = SqlContacts(engine)
        self.cases: Cases = SqlCases(engine)
        self.inbox: Inbox = SqlInbox(engine)
        self.reported: ReportedErrors = SqlReportedErrors(engine)
        self.noted: Noted = SqlNoted(engine)
        self.journeys: Journeys = SqlJourneys(engine)
        self.measures: Measures = SqlMeasures(engine)
        self.sessions: Sessions = SqlSessions(engine, clock)
        self.commands: Commands = SqlCommands(engine)
        self.views: Views = SqlViews(engine)
        self.sheets: Sheets = SqlSheets(engine)

    def acquire(self, *, name: str, owner: str, seconds: int) -> Lease:
        """Take the lease when nobody holds it.

        Raises:
            LeaseHeldError: Somebody holds it.
        """
        sole = self._lock_file is not None
        if self._lock_file is not None:
            self._take_lock(self._lock_file)
        try:
            return atomically(
                self._engine,
                lambda connection: leases.acquire(
                    connection, name=name, owner=owner, seconds=seconds, sole=sole
                ),
            )
        except BaseException:
            self._drop_lock()
            raise

    def join(self, *, owner: str, seconds: int) -> Lease:
        """Take a seat beside other robots, without any share yet.

        Raises:
            LeaseHeldError: A robot of this very name is at work.
        """
        return atomically(
            self._engine,
            lambda connection: leases.join(connection, owner=owner, seconds=seconds),
        )

    def take_shares(self, lease: Lease, wanted: Sequence[str]) -> Lease:
        """Take the companies among these that are free, as long as no robot holds fewer.

        Raises:
            LeaseLostError: Somebody else took what it held.
        """
        return atomically(
            self._engine, lambda connection: leases.take_shares(connection, lease, wanted)
        )

    def hand_on(self, lease: Lease, shares: Collection[str], *, done: bool) -> Lease:
        """Give companies up: done with, or for another robot to go on with.

        Raises:
            LeaseLostError: Somebody else took what it held.
        """
        return atomically(
            self._engine, lambda connection: leases.hand_on(connection, lease, shares, done=done)
        )

    def standing(self, lease: Lease, shares: Collection[str]) -> Standing:
        """Who else is at work, and what became of these shares."""
        with reading(self._engine) as connection:
            return leases.standing(connection, lease, shares)

    def renew(self, lease: Lease) -> None:
        """Hold it for its full time again.

        Raises:
            LeaseLostError: Somebody else took it.
        """
        atomically(self._engine, lambda connection: leases.prove(connection, lease))

    def release(self, lease: Lease) -> None:
        """Give it back; harmless when it is lost."""
        try:
            atomically(self._engine, lambda connection: leases.release(connection, lease))
        finally:
            self._drop_lock()

    @contextmanager
    def claimed(self, *, name: str, owner: str, seconds: int) -> Iterator[Lease]:
        """Hold a lease of work that goes on beside runs; given back at the end.

        Raises:
            LeaseHeldError: Somebody holds it.
        """
        lease = atomically(
            self._engine,
            lambda connection: leases.acquire(
                connection, name=name, owner=owner, seconds=seconds, sole=False
            ),
        )
        try:
            yield lease
        finally:
            atomically(self._engine, lambda connection: leases.release(connection, lease))

    @contextmanager
    def writing(
        self, *, actor: str, run: int | None = None, lease: Lease | None = None
    ) -> Iterator[SqlUnit]:
        """Begin a unit. Under a lease its first act is to prove that the lease is still held.

        Raises:
            LeaseLostError: The lease was lost; nothing is written.
            StoreError: The database can't be used.
        """
        with translated():
            connection, transaction, opening = begun(
                self._engine, lambda connection: _opening(connection, lease)
            )
            with connection:
                stamp = Stamp(
                    now=self._clock.now(),
                    run=run,
                    token=opening.token,
                    mark=None if lease is None else lease.token,
                )
                unit = SqlUnit(connection, stamp, actor, opening.head)
                yield unit
                self._commit(transaction, unit.close())

    def _commit(self, transaction: Transaction, last: trail.Head | None) -> None:
        """Commit; when the answer is lost, the trail tells whether it was committed.

        Locking the end of the trail waits until the transaction of the lost connection has ended.
        """
        try:
            transaction.commit()
        except DBAPIError:
            if last is None or not self._was_committed(last):
                raise

    def _was_committed(self, last: trail.Head) -> bool:
        def look(connection: Connection) -> bool:
            trail.lock(connection)
            return trail.holds(connection, last)

        return atomically(self._engine, look)

    def close(self) -> None:
        """Close all connections."""
        self._drop_lock()
        self._engine.dispose()

    def _take_lock(self, path: Path) -> None:
        self._drop_lock()
        try:
            handle = path.open("a", encoding="utf-8")
        except OSError as error:
            raise StoreUnavailableError(
                f"{path} can't be opened: {error.strerror}",
                hint="check the folder's permissions, the disk and the limit of open files",
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise LeaseHeldError(
                "another robot is at work on this machine", hint="try again when it is done"
            ) from None
        self._lock = handle

    def _drop_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    token: int
    head: trail.Head


def _opening(connection: Connection, lease: Lease | None) -> _Opening:
    """The locks of a unit, in one order for all: its own lease, then the end of the trail."""
    if lease is not None:
        leases.prove(connection, lease)
        return _Opening(token=lease.token, head=trail.lock(connection))
    # A person's act waits for no lease and takes nothing from the robot at work.
    head = trail.lock(connection)
    statement = select(counter.c.value).where(counter.c.name == "fence")
    return _Opening(token=int(connection.execute(statement).scalar() or 0), head=head)


class SqlRuns:
    """Reading runs, rule sets and kill switches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def has_slot(self, slot: str) -> bool:
        """Whether a run for this slot was done."""
        statement = select(run.c.id).where(run.c.slot == slot, run.c.status == "done").limit(1)
        with reading(self._engine) as connection:
            return connection.execute(statement).first() is not None

    def last(self, limit: int = 1, *, offset: int = 0) -> list[RunRow]:
        """The latest runs, newest first; without so many of the newest."""
        statement = select(run).order_by(run.c.id.desc()).limit(limit).offset(offset)
        with reading(self._engine) as connection:
            return [_run(row) for row in connection.execute(statement)]

    def count(self) -> int:
        """How many runs there were."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(run)).scalar_one()

    def get(self, number: int, /) -> RunRow | None:
        """One run; None when there is none with this id."""
        with reading(self._engine) as connection:
            row = connection.execute(select(run).where(run.c.id == number)).one_or_none()
        return None if row is None else _run(row)

    def ruleset_text(self, ruleset_hash: str, /) -> str | None:
        """The exact text of a rule set that was ever used, by its hash."""
        statement = select(ruleset.c.text).where(ruleset.c.hash == ruleset_hash)
        with reading(self._engine) as connection:
            found: str | None = connection.execute(statement).scalar()
        return found

    def pauses(self) -> list[PauseRow]:
        """The kill switches that are set."""
        with reading(self._engine) as connection:
            return [
                PauseRow(scope=row.scope, reason=row.reason, by=row.set_by, at=row.set_at)
                for row in connection.execute(select(pause).order_by(pause.c.scope))
            ]


def _run(row: AnyRow) -> RunRow:
    return RunRow(
        id=row.id,
        slot=row.slot,
        owner=row.owner,
        status=row.status,
        started_at=row.started_at,
        finished_at=row.finished_at,
        summary=json.loads(row.summary),
    )


def _lock_file(url: str) -> Path | None:
    path = sqlite_file(url)
    return None if path is None else path.with_name(path.name + ".lock")
