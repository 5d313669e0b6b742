"""The project's own documents, rules and small Navision, and a robot in a process of its own."""

from __future__ import annotations

import email
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from pathlib import Path
from typing import Final

from robot import bootstrap
from robot.adapters.store.store import open_store
from robot.flow import failpoint
from robot.flow.context import RunOptions
from robot.flow.records import DocumentFilter
from robot.flow.run import run_once
from robot.settings import (
    ErpSettings,
    MailSettings,
    RulesSettings,
    Settings,
    SourceSettings,
    StoreSettings,
)

PROJECT: Final = Path(__file__).parents[2]
EXAMPLES: Final = PROJECT / "examples"
#: Two customers and the numbers of their documents: every outcome, and a mail to each.
DOCUMENTS: Final = {
    "fyrvaesenet": ("01", "02", "03", "08", "09", "15", "17"),
    "skovfogedskolen": ("01", "02", "08", "09", "10", "16", "21"),
}
MORNING: Final = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


class Standing:
    """A clock that stands: two runs of one day decide the same."""

    def now(self) -> datetime:
        return MORNING


def settings_in(folder: Path) -> Settings:
    return Settings(
        data=folder,
        source=SourceSettings(path=folder / "documents"),
        erp=ErpSettings(path=folder / "navision.db"),
        store=StoreSettings(url=f"sqlite:///{folder / 'robot.db'}"),
        mail=MailSettings(path=folder / "mail", templates=PROJECT / "config" / "mail"),
        rules=RulesSettings(directory=PROJECT / "rules"),
    )


def build(folder: Path) -> None:
    for customer, numbers in DOCUMENTS.items():
        target = folder / "documents" / customer
        target.mkdir(parents=True)
        for path in (EXAMPLES / "documents" / customer).iterdir():
            if path.name.startswith(numbers):
                shutil.copy(path, target)
    settings = settings_in(folder)
    companies = [c.company or c.name for c in bootstrap.rulebook(settings).customers]
    bootstrap.build_small_world(settings.erp.path, companies, EXAMPLES / "navision")


def run_in(folder: Path, point: str = "") -> None:
    """One run in this process, which dies at the failpoint when one is named."""
    robot = bootstrap.assemble(settings_in(folder), clock=Standing())
    failpoint.arm(point)
    try:
        run_once(robot.ports, RunOptions(owner="child", batch_size=5, chunk_size=2))
    finally:
        robot.close()


@dataclass(frozen=True)
class EndState:
    """All that a run leaves in the world, without what may differ in order."""

    documents: frozenset[tuple[str, ...]]
    ledger: tuple[tuple[str, ...], ...]
    mails: tuple[str, ...]
    rejected: tuple[str, ...]


def end_state(folder: Path) -> EndState:
    store = open_store(f"sqlite:///{folder / 'robot.db'}", Standing())
    try:
        assert store.trail.verify().broken_at is None
        documents = frozenset(
            (row.core.source_id, row.core.version, row.state, *row.codes)
            for row in store.documents.listing(DocumentFilter())
        )
    finally:
        store.close()
    return EndState(
        documents=documents,
        ledger=_ledger(folder / "navision.db"),
        mails=_mails(folder / "mail"),
        rejected=_rejected(folder / "documents"),
    )


def _ledger(path: Path) -> tuple[tuple[str, ...], ...]:
    """Every vendor ledger entry of every company: what was posted, and how often."""
    connection = sqlite3.connect(path)
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name.endswith("$Vendor Ledger Entry")
    ]
    rows = sorted(
        (table, *(str(value) for value in row))
        for table in tables
        for row in connection.execute(
            f'SELECT "Vendor No_", "External Document No_" FROM "{table}"'  # noqa: S608 - our own
        )
    )
    connection.close()
    return tuple(rows)


def _mails(folder: Path) -> tuple[str, ...]:
    found = []
    for path in folder.glob("new/*"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append(f"{message['Message-ID']} {message['To']}")
    return tuple(sorted(found))


def _rejected(folder: Path) -> tuple[str, ...]:
    """Documents, sidecars and marks; a killed robot may leave a hidden temporary file."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(str(path) for path in files if not path.name.startswith(".")))
