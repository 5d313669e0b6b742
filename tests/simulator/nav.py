"""A simulated NAV server: the robot's app, the job queue and the posting (navision.md §4.2).

Posting is the small Navision's routine, so NAV's checks come in NAV's order with NAV's texts. A
lock stands for NAV's own serialisation on the ledger.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.engine import WRITING
from robot.adapters.navision.options import (
    HeaderJobStatus,
    InboxState,
    JobLogStatus,
    JobStatus,
    LedgerDocumentType,
)
from robot.adapters.navision.posting.routine import Posted, PostingRoutine
from robot.adapters.navision.posting.texts import NavTexts, Refusal
from robot.adapters.navision.schema.inbox import ROBOT_INBOX
from robot.adapters.navision.schema.jobs import JOB_QUEUE_ENTRY, JOB_QUEUE_LOG_ENTRY
from robot.adapters.navision.schema.masterdata import COMPANY
from robot.adapters.navision.schema.model import Layout
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER, PURCHASE_LINE
from robot.adapters.navision.schema.sqltypes import NO_GUID
from robot.domain.decision import PostingOrder
from robot.domain.invoice import Kind
from tests.simulator.approvals import Obstacles
from tests.simulator.drafts import DraftKey, Drafts, order_of
from tests.simulator.gate import Asked, Gate, draft_of
from tests.simulator.platform import Platform

USER: Final = "ROBOT"
#: NAV 2018 keeps a text in four pieces of this length.
_PIECE: Final = 250
_TEXTS: Final = ("Error Message", "Error Message 2", "Error Message 3", "Error Message 4")
_LANGUAGES: Final = {"da": 1030, "en": 1033}
DELETED: Final = {
    "en": "The job queue entry has been deleted.",
    "da": "Opgavekøposten er blevet slettet.",
}
AFTER_COMMIT: Final = {
    "en": "The activity was deadlocked with another user who was modifying the Analysis View"
    " table. Please retry the activity.",
    "da": "Aktiviteten gik i hårdknude med en anden bruger, som var ved at ændre tabellen"
    " Analysevisning. Prøv aktiviteten igen.",
}
NO_RIGHT: Final = {
    "en": "You do not have the following permissions on TableData Purch. Inv. Header: Insert.",
    "da": "Du har ikke følgende rettigheder til TableData Købsfakturahoved: Indsæt.",
}
BY_A_CLERK: Final = {
    "en": "A re-posting is not here already: a journal is imported by a person.",
    "da": "En ompostering findes ikke i forvejen: en kladde indlæses af en medarbejder.",
}
#: What goes wrong once the posting is committed.
_AFTERWARDS: Final = {"error-after-commit": AFTER_COMMIT, "lost": DELETED}


class NoSuchCompanyError(Exception):
    """NAV does not know the company."""


class NavError(Exception):
    """NAV's own error, with its text, after which nothing was done."""


@dataclass
class _Company:
    tables: CompanyTables
    drafts: Drafts
    gate: Gate
    routine: PostingRoutine
    obstacles: Obstacles
    platform: Platform


@dataclass
class Nav:
    """One server on one database."""

    engine: Engine
    layout: Layout
    language: str = "da"
    #: NAV's clock; a test moves it.
    at: datetime = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _companies: dict[str, _Company] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.at

    def move_clock(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    # ------------------------------------------------------------ the robot's app

    def put(self, company: str, asked: Asked, order_text: str, mode: str) -> Mapping[str, Any]:
        """`queue`, `watch` (NAV posts by itself) or `reserve` (the caller posts the draft)."""
        with self._lock:
            own = self._of(company)
            order = order_of(order_text, asked.key, company)
            with self._writing() as connection:
                self._refuse_stranger(connection, own, asked.key)
                mine = own.gate.take(connection, asked, order)
            if mine and order.kind == Kind.REPOSTING:
                self._repost(own, asked, order, mode)
            elif mine:
                try:
                    with self._writing() as connection:
                        draft = own.gate.find_or_make(
                            connection, asked.key, order, make=mode != "watch"
                        )
                        if mode == "queue":
                            self._enqueue(connection, own, asked.key, draft)
                except Refusal as refusal:
                    with self._writing() as connection:
                        own.gate.refuse(connection, asked, refusal.text)
            return self.row(company, asked.key) or {}

    def _repost(self, own: _Company, asked: Asked, order: PostingOrder, mode: str) -> None:
        """Post a journal and note it under its key, in one transaction; nothing is queued."""
        if mode == "watch":
            with self._writing() as connection:
                own.gate.refuse(connection, asked, BY_A_CLERK[self.language])
            return
        try:
            with self._writing() as connection:
                number = own.routine.journal.post(connection, order)
                own.gate.posted(connection, asked.key, number, LedgerDocumentType.NONE.value)
            own.routine.committed(connection)
        except Refusal as refusal:
            with self._writing() as connection:
                own.gate.refuse(connection, asked, refusal.text)

    def close(self, company: str, asked: Asked) -> Mapping[str, Any]:
        """Leave a tombstone when the key is free for one."""
        with self._lock:
            own = self._of(company)
            with self._writing() as connection:
                self._refuse_stranger(connection, own, asked.key)
                own.gate.take(connection, asked, None)
            return self.row(company, asked.key) or {}

    def refuse(self, company: str, key: str, text: str) -> Mapping[str, Any]:
        """Keep the text with which the draft of this request was refused."""
        with self._lock:
            own = self._of(company)
            with self._writing() as connection:
                row = own.gate.row(connection, key)
                if row is not None:
                    asked = Asked(
                        key=key, generation=row["Generation"], payload_hash=row["Payload Hash"]
                    )
                    own.gate.refuse(connection, asked, text)
            return self.row(company, key) or {}

    def row(self, company: str, key: str) -> Mapping[str, Any] | None:
        with self._lock, self._writing() as connection:
            own = self._of(company)
            own.gate.settle(connection, key)
            return own.gate.row(connection, key)

    # ------------------------------------------------------------ posting

    def post(self, company: str, draft: DraftKey) -> Posted:
        """Post a purchase document in one transaction.

        Raises:
            NavError: NAV refuses; nothing was done.
        """
        with self._lock:
            own = self._of(company)
            with self.engine.connect().execution_options(**WRITING) as connection:
                try:
                    with connection.begin():
                        posted = self._post(connection, own, draft)
                except Refusal as refusal:
                    raise NavError(refusal.text) from None
                own.routine.committed(connection)
            return posted

    def batch(self, company: str) -> list[str]:
        """NAV's own batch posting: every released document, one after another."""
        said = []
        for draft in self.drafts(company):
            try:
                said.append(self.post(company, draft).number)
            except NavError as error:
                said.append(str(error))
        return said

    def drafts(self, company: str) -> list[DraftKey]:
        own = self._of(company)
        header = own.tables[PURCHASE_HEADER]
        statement = select(
            header.c["Document Type"], header.c["No_"], header.c["No_ Series"]
        ).order_by(header.c["No_"])
        with self.engine.connect() as connection, connection.begin():
            return [
                DraftKey(type=kind, number=number, series=series)
                for kind, number, series in connection.execute(statement)
            ]

    def _post(self, connection: Connection, own: _Company, draft: DraftKey) -> Posted:
        if own.drafts.header(connection, draft) is None:
            raise NavError("The Purchase Header does not exist. Identification fields and values:")
        own.obstacles.refuse_restricted(connection, draft)
        held_to = own.gate.guard(connection, draft)
        order = own.drafts.as_order(
            connection,
            draft,
            company=own.tables.company,
            bank_details_hash=held_to["Bank Details Hash"] if held_to else "",
        )
        number = own.drafts.number_of(connection, draft)
        posted = own.routine.post(connection, order, draft=number)
        own.drafts.delete(connection, draft)
        if held_to is not None:
            own.gate.posted(connection, held_to["Document Key"], posted.number, posted.type.value)
        return posted

    # ------------------------------------------------------------ the job queue

    def work(self, company: str, fault: str = "") -> str:
        """Run the first job that is ready, one step of NAV's own after another."""
        with self._lock:
            own = self._of(company)
            job = self._first_ready(own)
            if job is None:
                return "idle"
            return self._run(own, *job, fault)

    def _run(self, own: _Company, job: UUID, draft: DraftKey, fault: str) -> str:
        with self._writing() as connection:
            self._set_job(connection, own, job, JobStatus.IN_PROCESS)
            session = own.platform.begin(connection, job, self.now())
            log = self._begin_log(connection, own, job)
        outcome = self._work_on(own, job, draft, log, fault)
        if fault != "hangs":
            with self._writing() as connection:
                own.platform.end(connection, session)
        return outcome

    def _work_on(self, own: _Company, job: UUID, draft: DraftKey, log: int, fault: str) -> str:
        if fault == "killed-early":
            return fault
        if fault == "fail-before":
            return self._failed(own, job, log, None, NO_RIGHT[self.language])
        with self._writing() as connection:
            own.drafts.change(connection, draft, Job_Queue_Status=HeaderJobStatus.POSTING.value)
        if fault == "lost":
            self._delete_job(own, job)
        if fault.startswith("refuse:"):
            return self._failed(own, job, log, draft, fault.removeprefix("refuse:"))
        if fault in {"killed", "hangs"}:
            return fault
        return self._run_posting(own, job, draft, log, fault)

    def _run_posting(self, own: _Company, job: UUID, draft: DraftKey, log: int, fault: str) -> str:
        try:
            self.post(own.tables.company, draft)
        except NavError as error:
            return self._failed(own, job, log, draft, str(error))
        if fault in _AFTERWARDS:
            return self._failed(own, job, log, None, _AFTERWARDS[fault][self.language])
        if fault != "killed-after":
            self._delete_job(own, job)
            with self._writing() as connection:
                self._end_log(connection, own, log, JobLogStatus.SUCCESS, "")
        return fault or "posted"

    def _failed(
        self, own: _Company, job: UUID, log: int, draft: DraftKey | None, text: str
    ) -> str:
        with self._writing() as connection:
            if draft is not None:
                own.drafts.change(connection, draft, Job_Queue_Status=HeaderJobStatus.ERROR.value)
            self._set_job(connection, own, job, JobStatus.ERROR, text)
            self._end_log(connection, own, log, JobLogStatus.ERROR, text)
        return text

    def _enqueue(self, connection: Connection, own: _Company, key: str, draft: DraftKey) -> None:
        job = uuid4()
        own.drafts.change(
            connection,
            draft,
            Job_Queue_Status=HeaderJobStatus.SCHEDULED.value,
            Job_Queue_Entry_ID=job,
        )
        connection.execute(
            insert(own.tables[JOB_QUEUE_ENTRY]),
            [
                {
                    "ID": job,
                    "User ID": USER,
                    "Last Ready State": self.now(),
                    "Object Type to Run": 5,
                    "Object ID to Run": 98,
                    "Status": JobStatus.READY.value,
                    "User Language ID": _LANGUAGES[self.language],
                    "System Task ID": own.platform.schedule(connection),
                }
            ],
        )
        own.gate.write(
            connection, key, {"State": InboxState.TAKEN.value, "Job Queue Entry ID": job}
        )

    def _first_ready(self, own: _Company) -> tuple[UUID, DraftKey] | None:
        job, header = own.tables[JOB_QUEUE_ENTRY], own.tables[PURCHASE_HEADER]
        statement = (
            select(job.c["ID"], header.c["Document Type"], header.c["No_"], header.c["No_ Series"])
            .join(header, header.c["Job Queue Entry ID"] == job.c["ID"])
            .where(
                job.c["Status"] == JobStatus.READY.value,
                job.c["System Task ID"] != NO_GUID,
                own.platform.is_scheduled(),
            )
            .order_by(header.c["No_"])
        )
        with self.engine.connect() as connection, connection.begin():
            row = connection.execute(statement).first()
        return row and (row[0], DraftKey(type=row[1], number=row[2], series=row[3]))

    def _set_job(
        self,
        connection: Connection,
        own: _Company,
        job: UUID,
        status: JobStatus,
        text: str = "",
    ) -> None:
        table = own.tables[JOB_QUEUE_ENTRY]
        connection.execute(
            update(table)
            .where(table.c["ID"] == job)
            .values({"Status": status.value, **self._pieces(text)})
        )

    def _delete_job(self, own: _Company, job: UUID) -> None:
        table = own.tables[JOB_QUEUE_ENTRY]
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c["ID"] == job))

    def _begin_log(self, connection: Connection, own: _Company, job: UUID) -> int:
        table = own.tables[JOB_QUEUE_LOG_ENTRY]
        number = int(connection.scalar(select(func.max(table.c["Entry No_"]))) or 0) + 1
        connection.execute(
            insert(table),
            [
                {
                    "Entry No_": number,
                    "ID": job,
                    "User ID": USER,
                    "Start Date_Time": self.now(),
                    "Status": JobLogStatus.IN_PROCESS.value,
                }
            ],
        )
        return number

    def _end_log(
        self, connection: Connection, own: _Company, log: int, status: JobLogStatus, text: str
    ) -> None:
        table = own.tables[JOB_QUEUE_LOG_ENTRY]
        connection.execute(
            update(table)
            .where(table.c["Entry No_"] == log)
            .values({"Status": status.value, "End Date_Time": self.now(), **self._pieces(text)})
        )

    def _pieces(self, text: str) -> dict[str, str]:
        if self.layout is Layout.BUSINESS_CENTRAL:
            return {"Error Message": text[:2048]}
        return {
            name: text[place * _PIECE : (place + 1) * _PIECE] for place, name in enumerate(_TEXTS)
        }

    # ------------------------------------------------------------ what people and accidents do

    def edit(self, company: str, key: str, amount: str) -> None:
        """A person changes the first line of the document that a request led to."""
        with self._lock, self._writing() as connection:
            own = self._of(company)
            line = own.tables[PURCHASE_LINE]
            number = self._draft(connection, own, key).number
            net = Decimal(amount)
            connection.execute(
                update(line)
                .where(line.c["Document No_"] == number, line.c["Line No_"] == 10000)
                .values({"Amount": net, "Amount Including VAT": net * Decimal("1.25")})
            )

    def delete_draft(self, company: str, key: str) -> None:
        with self._lock, self._writing() as connection:
            own = self._of(company)
            own.drafts.delete(connection, self._draft(connection, own, key))

    def remove_from_queue(self, company: str, key: str) -> None:
        """The user's action: the document is idle again and its job gone."""
        with self._lock, self._writing() as connection:
            own = self._of(company)
            draft = self._draft(connection, own, key)
            header = own.drafts.header(connection, draft)
            assert header is not None
            table = own.tables[JOB_QUEUE_ENTRY]
            connection.execute(delete(table).where(table.c["ID"] == header["Job Queue Entry ID"]))
            own.drafts.change(
                connection,
                draft,
                Job_Queue_Status=HeaderJobStatus.NONE.value,
                Job_Queue_Entry_ID=NO_GUID,
            )

    def drop_tasks(self, company: str) -> None:
        """The task scheduler loses its tasks (a restart, a disabled user)."""
        with self._lock, self._writing() as connection:
            table = self._of(company).tables[JOB_QUEUE_ENTRY]
            connection.execute(update(table).values({"System Task ID": NO_GUID}))

    def lose_tasks(self, company: str) -> None:
        """The task scheduler's own list is emptied; the jobs still name their tasks."""
        with self._lock, self._writing() as connection:
            self._of(company).platform.lose_tasks(connection)

    def crash_server(self, company: str) -> None:
        with self._lock, self._writing() as connection:
            self._of(company).platform.crash(connection)

    def reuse_sessions(self, company: str) -> None:
        """After a restart the old session's number is somebody else's."""
        self.move_clock(10)
        with self._lock, self._writing() as connection:
            self._of(company).platform.reuse(connection, self.now())

    def delete_jobs(self, company: str) -> None:
        with self._lock, self._writing() as connection:
            connection.execute(delete(self._of(company).tables[JOB_QUEUE_ENTRY]))

    def purge_keys(self, company: str) -> None:
        with self._lock, self._writing() as connection:
            connection.execute(delete(self._of(company).tables[ROBOT_INBOX]))

    def make_draft(self, company: str, order_text: str) -> DraftKey:
        """A document that is in NAV already: approved elsewhere and delivered there."""
        with self._lock, self._writing() as connection:
            return self._of(company).drafts.make(connection, order_of(order_text, "", company))

    def open_approval(self, company: str, number: str) -> None:
        """A document is Released although an approver has not answered."""
        with self._lock, self._writing() as connection:
            own = self._of(company)
            own.obstacles.open_approval(connection, own.drafts.called(connection, number))

    def restrict(self, company: str, number: str) -> None:
        with self._lock, self._writing() as connection:
            own = self._of(company)
            own.obstacles.restrict(connection, own.drafts.called(connection, number))

    def set_status(self, company: str, number: str, status: int) -> None:
        """A document is opened again, or sent for approval."""
        with self._lock, self._writing() as connection:
            own = self._of(company)
            own.drafts.change(connection, own.drafts.called(connection, number), Status=status)

    def company_names(self) -> list[str]:
        with self.engine.connect() as connection, connection.begin():
            common = CompanyTables("", self.layout, dialect_name=self.engine.dialect.name)
            return sorted(connection.scalars(select(common[COMPANY].c.Name)))

    # ------------------------------------------------------------ inside

    def _draft(self, connection: Connection, own: _Company, key: str) -> DraftKey:
        row = own.gate.row(connection, key)
        assert row is not None
        return draft_of(row)

    def _refuse_stranger(self, connection: Connection, own: _Company, key: str) -> None:
        """A key of another company is an error."""
        inbox = own.tables[ROBOT_INBOX]
        holder = connection.scalar(
            select(inbox.c["Company Name"]).where(inbox.c["Document Key"] == key)
        )
        if holder not in {None, own.tables.company}:
            raise NavError(f"The document key belongs to company '{holder}'.")

    def _of(self, company: str) -> _Company:
        if company not in self._companies:
            with self.engine.connect() as connection, connection.begin():
                found = Companies(self.layout).tables(connection, company)
            if found is None:
                raise NoSuchCompanyError(company)
            texts = NavTexts(self.language)
            dialect_name = self.engine.dialect.name
            tables = CompanyTables(company, self.layout, dialect_name=dialect_name)
            drafts = Drafts(tables, texts, USER)
            obstacles = Obstacles(tables, dialect_name, self.language)
            self._companies[company] = _Company(
                tables=tables,
                drafts=drafts,
                gate=Gate(tables, drafts, texts, obstacles, self.now),
                routine=PostingRoutine(tables, texts, USER),
                obstacles=obstacles,
                platform=Platform(tables),
            )
        return self._companies[company]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with (
            self.engine.connect().execution_options(**WRITING) as connection,
            connection.begin(),
        ):
            yield connection
