"""What NAV's own tables prove about requests to post: by key, by draft number, read committed.

The inbox's row says what was asked for and which purchase document it became; whether that was
posted is read from the posted header and its vendor ledger entry alone (`truth_table`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from robot.adapters.navision.batch import chunks
from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.database import Database, Reading
from robot.adapters.navision.ledger_currency import read_own_currency
from robot.adapters.navision.options import (
    HeaderJobStatus,
    InboxState,
    JobLogStatus,
    JobStatus,
    PurchaseDocumentType,
)
from robot.adapters.navision.readback_queries import (
    PostedDocument,
    count_in_flight,
    error_text,
    job_logs,
    posted_documents,
    posted_from,
    requests_for,
)
from robot.adapters.navision.readback_sessions import AtWork, read_at_work
from robot.adapters.navision.reposted import amounts_moved, with_entries
from robot.adapters.navision.schema.ledger import GL_ENTRY
from robot.adapters.navision.truth_table import (
    Age,
    Draft,
    Job,
    Ledger,
    Seen,
    Verdict,
    judge,
)
from robot.errors import ErpError
from robot.flow.findings import POSTING_STUCK, POSTING_VANISHED
from robot.flow.ports import Clock, Evidence, KeyState

#: Keys in one statement.
_KEYS: Final = 500
#: A session at work is believed for so many times as long as a request without one.
_HANGING: Final = 4
_ABSENT: Final = Evidence(state=KeyState.ABSENT)
_DRAFTS: Final[Mapping[int, Draft]] = {
    HeaderJobStatus.NONE: Draft.IDLE,
    HeaderJobStatus.SCHEDULED: Draft.SCHEDULED,
    HeaderJobStatus.ERROR: Draft.FAILED,
    HeaderJobStatus.POSTING: Draft.POSTING,
}
_JOBS: Final[Mapping[int, Job]] = {
    JobStatus.READY: Job.READY,
    JobStatus.IN_PROCESS: Job.IN_PROCESS,
    JobStatus.ERROR: Job.ERROR,
}
#: What a verdict means for the key, and the error type of what a person has to look at.
_MEANING: Final[Mapping[Verdict, tuple[KeyState, str]]] = {
    Verdict.POSTED: (KeyState.POSTED, ""),
    Verdict.POSTED_SIDE_ERROR: (KeyState.POSTED, ""),
    Verdict.PARTLY_INVOICED: (KeyState.POSTED, ""),
    Verdict.VANISHED: (KeyState.REFUSED, POSTING_VANISHED),
    Verdict.FAILED: (KeyState.REFUSED, ""),
    Verdict.FAILED_BEFORE: (KeyState.REFUSED, ""),
    Verdict.WAITING: (KeyState.TAKEN, ""),
    Verdict.RUNNING: (KeyState.TAKEN, ""),
    Verdict.STUCK_SCHEDULED: (KeyState.TAKEN, POSTING_STUCK),
    Verdict.STUCK_POSTING: (KeyState.TAKEN, POSTING_STUCK),
    Verdict.NOT_QUEUED: (KeyState.ABSENT, ""),
}


class ReadBack:
    """Evidence for one ERP's companies.

    Args:
        database: The ERP's database.
        companies: Finds a company's tables.
        clock: The source of time.
        stuck_after: How long a request may be under way before a person is told; four times as
            long while the session that works on it is there.
    """

    def __init__(
        self,
        database: Database,
        companies: Companies,
        clock: Clock,
        *,
        stuck_after: timedelta = timedelta(minutes=30),
    ) -> None:
        self._database = database
        self._companies = companies
        self._clock = clock
        self._stuck_after = stuck_after

    def evidence(self, company: str, keys: Sequence[str]) -> dict[str, Evidence]:
        """What stands under each key; at most ten statements for each 500 keys.

        Raises:
            ErpUnavailableError: The database can't be reached.
            ErpError: The company or a table is not there.
        """
        now = self._clock.now()

        def look(reading: Reading) -> dict[str, Evidence]:
            found = dict.fromkeys(keys, _ABSENT)
            tables = self._tables(reading.discovery, company)
            for chunk in chunks(found, _KEYS):
                found.update(self._of_chunk(reading, tables, chunk, now))
            return found

        return self._database.read(look)

    def in_flight(self, company: str) -> int:
        """How many of the robot's requests NAV's job queue has not finished.

        Raises:
            ErpUnavailableError: The database can't be reached.
        """

        def look(reading: Reading) -> int:
            tables = self._tables(reading.discovery, company)
            return int(reading.decisive.scalar(count_in_flight(tables)) or 0)

        return self._database.read(look)

    def _tables(self, connection: Connection, company: str) -> CompanyTables:
        tables = self._companies.tables(connection, company)
        if tables is None:
            raise ErpError(
                f"The ERP has no company '{company}'.",
                hint="give the customer's file the company's name as it stands in Navision",
                company=company,
            )
        return tables

    def _of_chunk(
        self, reading: Reading, tables: CompanyTables, keys: Sequence[str], now: datetime
    ) -> dict[str, Evidence]:
        connection = reading.decisive
        requests = connection.execute(requests_for(tables, keys)).all()
        at_work = read_at_work(reading.discovery, tables, requests)
        posted = posted_documents(connection, tables, requests)
        logs = job_logs(connection, tables, [row.job_id for row in requests])
        reposted = [row.result for row in requests if _is_reposted(row)]
        moved = amounts_moved(connection, tables.read(GL_ENTRY), reposted) if reposted else {}
        own = read_own_currency(connection, tables) if reposted else ""
        return {
            row.key: with_entries(_evidence(row, KeyState.POSTED), row.result, moved, own)
            for row in requests
            if _is_reposted(row)
        } | {
            row.key: self._shown(
                row,
                posted_from(
                    row, posted.get((row.draft_type, row.draft_number, row.draft_series), ())
                ),
                logs.get(row.job_id),
                at_work,
                self._age(row.received, now),
            )
            for row in requests
            if not _is_reposted(row)
        }

    def _age(self, received: datetime | None, now: datetime) -> Age:
        if received is not None and now - received < self._stuck_after:
            return Age.RECENT
        hanging = received is None or now - received >= _HANGING * self._stuck_after
        return Age.FAR_TOO_OLD if hanging else Age.OLD

    @staticmethod
    def _shown(
        row: Row[*tuple[Any, ...]],
        posted: PostedDocument | None,
        log: tuple[int, str] | None,
        at_work: AtWork,
        age: Age,
    ) -> Evidence:
        if row.state == InboxState.TOMBSTONE:
            return _evidence(row, KeyState.TOMBSTONE)
        if not row.draft_number:
            return _without_draft(row, recent=age is Age.RECENT)
        verdict = judge(_seen(row, posted, log, at_work, age))
        state, trouble = _MEANING[verdict]
        queued = row.job_status in {HeaderJobStatus.SCHEDULED, HeaderJobStatus.POSTING}
        if row.state == InboxState.REFUSED and state is not KeyState.POSTED and not queued:
            said = row.refusal or _said(row, log, verdict)
            return _evidence(row, KeyState.REFUSED, said=said)
        if state is KeyState.ABSENT:
            return _ABSENT
        return _evidence(
            row,
            state,
            posted=posted if state is KeyState.POSTED else None,
            said=_said(row, log, verdict),
            trouble=trouble,
        )


def _is_reposted(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a journal was posted, which NAV does at once and without a purchase document."""
    return row.state == InboxState.POSTED and not row.draft_number


def _said(row: Row[*tuple[Any, ...]], log: tuple[int, str] | None, verdict: Verdict) -> str:
    """NAV's own words about a failure; the name of the case about what is stuck."""
    if verdict in {Verdict.FAILED, Verdict.FAILED_BEFORE}:
        return error_text(row) or (log[1] if log else "")
    return verdict.value if _MEANING[verdict][1] == POSTING_STUCK else ""


def _without_draft(row: Row[*tuple[Any, ...]], *, recent: bool) -> Evidence:
    """The key is there and no purchase document was made for it."""
    if row.state == InboxState.REFUSED:
        return _evidence(row, KeyState.REFUSED, said=row.refusal)
    # NAV was stopped between taking the key and making the document: it is asked again.
    return _evidence(row, KeyState.TAKEN) if recent else _ABSENT


def _evidence(
    row: Row[*tuple[Any, ...]],
    state: KeyState,
    *,
    posted: PostedDocument | None = None,
    said: str = "",
    trouble: str = "",
) -> Evidence:
    return Evidence(
        state=state,
        generation=row.generation,
        payload_hash=row.payload_hash,
        receipt=posted.number if posted else None,
        creditor=posted.creditor if posted else None,
        external_number=posted.external_number if posted else None,
        amount=posted.amount if posted else None,
        currency=posted.currency if posted and posted.amount is not None else None,
        refusal=said if said or state is KeyState.REFUSED else None,
        trouble=trouble,
    )


def _seen(
    row: Row[*tuple[Any, ...]],
    posted: PostedDocument | None,
    log: tuple[int, str] | None,
    at_work: AtWork,
    age: Age,
) -> Seen:
    if posted is None:
        ledger = Ledger.NONE
    else:
        ledger = Ledger.HEADER_ONLY if posted.amount is None else Ledger.POSTED
    logged = log is not None and log[0] == JobLogStatus.ERROR
    return Seen(
        draft=Draft.GONE if row.job_status is None else _DRAFTS.get(row.job_status, Draft.POSTING),
        ledger=ledger,
        job=_job(row.queue_status, scheduled=at_work.has_task(row.task)),
        age=age,
        session=at_work.session_of(row),
        error=logged or row.queue_status == JobStatus.ERROR,
        is_order=row.draft_type == PurchaseDocumentType.ORDER,
    )


def _job(status: int | None, *, scheduled: bool) -> Job:
    if status is None:
        return Job.MISSING
    if status == JobStatus.READY and not scheduled:
        return Job.UNSCHEDULED
    return _JOBS.get(status, Job.OTHER)
