"""The small Navision's door: posts by NAV's rules, every document key at most once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.engine import WRITING, translated
from robot.adapters.navision.options import InboxState
from robot.adapters.navision.posting.inbox import Inbox, Request, is_free
from robot.adapters.navision.posting.routine import PostingRoutine
from robot.adapters.navision.posting.texts import NavTexts, Refusal
from robot.adapters.navision.schema.model import Layout
from robot.domain.decision import PostingOrder
from robot.domain.invoice import Kind
from robot.errors import ErpError
from robot.flow.ports import Clock, Evidence, KeyState


class SmallNavision:
    """Implements `ErpPoster` on the small Navision's tables.

    Each call is one transaction that begins by taking the write lock, so that the look at the key
    and at the ledger, the checks and the entries are one step: two processes can't both find the
    key free, and a process that dies leaves either all of it or nothing.

    Args:
        engine: From `small.connect`.
        language: Of NAV's texts, `da` or `en`.
        clock: The source of time.
        posting_user: Whose User Setup decides the posting dates, and who stands on the entries.
    """

    def __init__(
        self, engine: Engine, language: str, clock: Clock, *, posting_user: str = "ROBOT"
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._texts = NavTexts(language)
        self._posting_user = posting_user
        self._companies = Companies(Layout.SMALL)
        self._inboxes: dict[str, Inbox] = {}
        self._routines: dict[str, PostingRoutine] = {}

    def post(self, order: PostingOrder, *, generation: str, payload_hash: str) -> Evidence:
        """Post the order when its key is free; otherwise show what holds the key.

        A refusal is written under the key, which stays free for this and later generations: what
        NAV refused may be asked for again when somebody has put it right.

        Raises:
            ErpUnavailableError: The database can't be reached; nothing was posted, or all of it.
            ErpError: The company is not there, or the key belongs to another one.
        """
        request = Request(
            key=order.document_key,
            company=order.company,
            generation=generation,
            payload_hash=payload_hash,
        )
        with self._writing(order.company) as (connection, tables):
            inbox = self._inbox(tables)
            holder = self._holder(connection, inbox, request)
            if holder is None or is_free(*holder, generation):
                outcome = self._post(connection, tables, order)
                inbox.put(
                    connection,
                    request,
                    taken=holder is not None,
                    outcome=outcome,
                    at=self._clock.now(),
                )
            return inbox.evidence_of(connection, request.key)

    def tombstone(
        self, company: str, document_key: str, *, generation: str, payload_hash: str
    ) -> Evidence:
        """Close the key for this generation and all before it, unless it is posted under.

        A refused request of this or an earlier generation gives way: nothing was posted by it.

        Raises:
            ErpUnavailableError: The database can't be reached; the outcome is unknown.
            ErpError: The company is not there, or the key belongs to another one.
        """
        request = Request(
            key=document_key, company=company, generation=generation, payload_hash=payload_hash
        )
        with self._writing(company) as (connection, tables):
            inbox = self._inbox(tables)
            holder = self._holder(connection, inbox, request)
            if holder is None or is_free(*holder, generation):
                inbox.put(
                    connection,
                    request,
                    taken=holder is not None,
                    outcome={"State": InboxState.TOMBSTONE.value},
                    at=self._clock.now(),
                )
            return inbox.evidence_of(connection, document_key)

    def evidence(self, company: str, document_keys: Sequence[str]) -> Mapping[str, Evidence]:
        """What stands under each key, read from the tables in one statement.

        Raises:
            ErpUnavailableError: The database can't be reached.
            ErpError: The company is not there.
        """
        try:
            with self._engine.connect() as connection, connection.begin():
                inbox = self._inbox(self._tables(connection, company))
                return inbox.evidence(connection, document_keys)
        except SQLAlchemyError as error:
            raise translated(error) from error

    def _post(
        self, connection: Connection, tables: CompanyTables, order: PostingOrder
    ) -> dict[str, Any]:
        """Post, and say how it came out in the inbox's columns."""
        routine = self._routine(tables)
        try:
            if order.kind == Kind.REPOSTING:
                return {
                    "State": InboxState.POSTED.value,
                    "Result No_": routine.journal.post(connection, order),
                }
            posted = routine.post(connection, order)
        except Refusal as refusal:
            return {"State": InboxState.REFUSED.value, "Refusal Text": refusal.text}
        return {
            "State": InboxState.POSTED.value,
            "Document Type": posted.type.value,
            "Result No_": posted.number,
        }

    @contextmanager
    def _writing(self, company: str) -> Iterator[tuple[Connection, CompanyTables]]:
        """One transaction with the write lock held from its start."""
        try:
            with self._engine.connect().execution_options(**WRITING) as connection:
                with connection.begin():
                    tables = self._tables(connection, company)
                    yield connection, tables
                self._routine(tables).committed(connection)
        except SQLAlchemyError as error:
            raise translated(error) from error

    def _tables(self, connection: Connection, company: str) -> CompanyTables:
        tables = self._companies.tables(connection, company)
        if tables is None:
            raise ErpError(
                f"The ERP has no company '{company}'.",
                hint="give the customer's file the company's name as it stands in Navision",
                company=company,
            )
        return tables

    def _holder(
        self, connection: Connection, inbox: Inbox, request: Request
    ) -> tuple[KeyState, str] | None:
        holder = inbox.holder(connection, request.key)
        if holder is None:
            return None
        state, generation, company = holder
        if company != request.company:
            raise ErpError(
                f"Document key {request.key[:12]}… belongs to company '{company}'.",
                hint="two companies must never give a document the same key",
                company=request.company,
            )
        return state, generation

    def _inbox(self, tables: CompanyTables) -> Inbox:
        if tables.company not in self._inboxes:
            self._inboxes[tables.company] = Inbox(tables)
        return self._inboxes[tables.company]

    def _routine(self, tables: CompanyTables) -> PostingRoutine:
        if tables.company not in self._routines:
            self._routines[tables.company] = PostingRoutine(
                tables, self._texts, self._posting_user
            )
        return self._routines[tables.company]
