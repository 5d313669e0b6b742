"""A small world for the flow: real store, texts and Maildir; ERP and source in memory."""

# ruff: noqa: ANN401 - overrides take any field of the value that is built

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from robot.adapters.mail.maildir import MaildirMailer
from robot.adapters.store.store import SqlStore, open_store
from robot.domain.customer import Customer, Mailbox
from robot.domain.document import Approval, ApprovedDocument, Step
from robot.domain.state import State
from robot.flow.context import Ports, RunOptions
from robot.flow.ports import Mailer
from robot.flow.records import DocumentFilter, DocumentRow
from robot.flow.run import run_once
from robot.flow.summary import RunSummary, result_lines
from tests.support.factories import a_customer, a_document, an_invoice, approvals
from tests.support.fakes import FewRules, KeyedErp, ListSource, NotedFaults, SetClock
from tests.support.notices import real_calendar, real_taxonomy, renderer


class FlowWorld:
    """One customer (99001) and whatever documents a test puts into `source`."""

    def __init__(self, folder: Path, *documents: ApprovedDocument) -> None:
        self.folder = folder
        self.clock = SetClock()
        self.source = ListSource(*documents)
        self.erp = KeyedErp()
        self.rules = FewRules(a_served_customer())
        self.faults = NotedFaults()
        self.store = self.open()
        self.mailer: Mailer = MaildirMailer(folder / "mail", self.clock)

    def open(self) -> SqlStore:
        path = self.folder / "robot.db"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(_empty_database(), path)
        return open_store(f"sqlite:///{self.folder / 'robot.db'}", self.clock)

    @property
    def ports(self) -> Ports:
        return Ports(
            source=self.source,
            reader=self.erp,
            poster=self.erp,
            store=self.store,
            mailer=self.mailer,
            renderer=renderer(),
            rulebook=self.rules,
            taxonomy=real_taxonomy(),
            calendar=real_calendar(),
            clock=self.clock,
            observer=self.faults,
        )

    def run(self, **options: Any) -> RunSummary:
        return run_once(self.ports, RunOptions(**{"owner": "robot-1", **options}))

    def rows(self, **narrowed: Any) -> list[DocumentRow]:
        return list(self.store.documents.listing(DocumentFilter(**narrowed)))

    def states(self) -> dict[str, State]:
        """Source document id to the state of its latest version."""
        return {row.core.source_id: row.state for row in self.rows()}

    def result(self, summary: RunSummary) -> Any:
        return json.loads("".join(result_lines(summary, self.store.documents)))

    def mails(self) -> list[str]:
        return sorted(
            path.read_text(encoding="utf-8") for path in (self.folder / "mail").glob("new/*")
        )


@cache
def _empty_database() -> Path:
    """A migrated database without rows, made once a process."""
    path = Path(tempfile.mkdtemp(prefix="robot-empty-")) / "robot.db"
    open_store(f"sqlite:///{path}", SetClock()).close()
    return path


def a_served_customer(**overrides: Any) -> Customer:
    return a_customer(**{"mailboxes": (Mailbox(address="regnskab@example.test"),), **overrides})


def an_approved(
    number: str = "F-1001", remark: str = "", *, at: int = 12, **statement: Any
) -> ApprovedDocument:
    """A document named after its invoice number; a later `at` is a later approval."""
    said = {"document_id": f"SDI-{number}", "remark": remark, **statement}
    document = a_document(an_invoice(number=number), **said)
    if document.statement.approvals is None:
        return document
    last = Approval(step=Step.SECOND_APPROVAL, by="dan", at=datetime(2026, 11, 23, at, tzinfo=UTC))
    given = (*approvals()[:-1], last)
    return replace(document, statement=replace(document.statement, approvals=given))
