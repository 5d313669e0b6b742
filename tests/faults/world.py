"""The project's own documents, rules and small Navision, and a robot in a process of its own."""

from __future__ import annotations

import contextlib
import email
import json
import resource
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from typing import Final, TextIO

from pydantic import SecretStr

from robot import bootstrap
from robot.adapters.store.store import open_store
from robot.errors import RobotError
from robot.flow import failpoint
from robot.flow.context import RunOptions
from robot.flow.ports import Clock
from robot.flow.records import DocumentFilter
from robot.flow.run import run_once
from robot.settings import (
    ErpSettings,
    HistorySettings,
    MailSettings,
    RulesSettings,
    Settings,
    SmtpSettings,
    SourceSettings,
    StoreSettings,
)
from tests.faults.bugs import BUGS

PROJECT: Final = Path(__file__).parents[2]
EXAMPLES: Final = PROJECT / "examples"
#: Two customers and the numbers of their documents: every outcome, and a mail to each.
DOCUMENTS: Final = {
    "fyrvaesenet": ("01", "02", "03", "08", "09", "15", "17"),
    "skovfogedskolen": ("01", "02", "08", "09", "10", "16", "21"),
}
MORNING: Final = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
#: What a robot's process ends with when a technical fault ended its run.
FAULT: Final = 3


class Standing:
    """A clock that stands: two runs of one day decide the same."""

    def now(self) -> datetime:
        return MORNING


class Tomorrow:
    """The same hour of the next day: what was killed yesterday is taken up."""

    def now(self) -> datetime:
        return MORNING + timedelta(days=1)


class Yesterday:
    """Somebody has set the clock back by a day."""

    def now(self) -> datetime:
        return MORNING - timedelta(days=1)


class Jumping:
    """A clock that somebody sets back and forth by an hour while the robot looks at it."""

    def __init__(self) -> None:
        self._looks = 0

    def now(self) -> datetime:
        self._looks += 1
        return MORNING + timedelta(minutes=(0, 60, -60, 1)[self._looks % 4])


_CLOCKS: Final[Mapping[str, Callable[[], Clock]]] = {
    "standing": Standing,
    "jumping": Jumping,
    "tomorrow": Tomorrow,
    "yesterday": Yesterday,
    "running": bootstrap.FixedClock,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What the robot of one process is told to do, and what it has to put up with."""

    #: `NAME:N` to be killed there, `freeze NAME:N` to be stopped there.
    point: str = ""
    owner: str = "child"
    lease_seconds: int = 90
    #: `standing`, `jumping`, `tomorrow`, `yesterday`, or `running` at the real pace.
    clock: str = "standing"
    chunk_size: int = 2
    confirm_seconds: int = 0
    #: The largest file that the system lets it write; the disk is full from there on.
    largest_file: int | None = None
    #: How many files it may have open.
    open_files: int | None = None
    #: Where to write down every moment that it gets to, a line of JSON each.
    trace: Path | None = None
    #: A fault of a programmer's that is put into the robot.
    bug: str = ""
    #: The ERP when it is not the small Navision in the folder.
    erp: ErpSettings | None = None
    #: Port of the mail server when mails don't go to the folder.
    smtp_port: int = 0


def settings_in(
    folder: Path, store: str = "", erp: ErpSettings | None = None, *, smtp_port: int = 0
) -> Settings:
    return Settings(
        data=folder,
        source=SourceSettings(path=folder / "documents"),
        erp=erp or ErpSettings(path=folder / "navision.db"),
        store=StoreSettings(url=store or f"sqlite:///{folder / 'robot.db'}"),
        mail=MailSettings(
            kind="smtp" if smtp_port else "maildir",
            smtp=SmtpSettings(
                host="127.0.0.1", port=smtp_port or 25, security="none", auth="none"
            ),
            path=folder / "mail",
            templates=PROJECT / "config" / "mail",
            # Kept: the same mail has the same Message-ID in every world.
            thread_secret=SecretStr("a-secret-of-the-fault-tests-alone"),
        ),
        rules=RulesSettings(directory=PROJECT / "rules"),
        # Written beside the store, for backtests only; it takes half of so small a run's time.
        history=HistorySettings(keep=False),
    )


def build(folder: Path) -> None:
    """Documents and the small Navision, and an empty store."""
    for customer, numbers in DOCUMENTS.items():
        target = folder / "documents" / customer
        target.mkdir(parents=True)
        for path in (EXAMPLES / "documents" / customer).iterdir():
            if path.name.startswith(numbers):
                shutil.copy(path, target)
    settings = settings_in(folder)
    companies = [c.company or c.name for c in bootstrap.rulebook(settings).customers]
    bootstrap.build_small_world(settings.erp.path, companies, EXAMPLES / "navision")
    open_store(settings.store.url, Standing()).close()


def _write_line(lines: TextIO, line: str) -> None:
    lines.write(line + "\n")
    lines.flush()


def run_in(folder: Path, store: str = "", orders: Orders = Orders()) -> None:
    """One run in this process; it ends with FAULT when a technical fault ends the run."""
    if orders.bug:
        BUGS[orders.bug]()
    try:
        robot = bootstrap.assemble(
            settings_in(folder, store, orders.erp, smtp_port=orders.smtp_port),
            clock=_CLOCKS[orders.clock](),
        )
        options = RunOptions(
            owner=orders.owner,
            batch_size=5,
            chunk_size=orders.chunk_size,
            confirm_seconds=orders.confirm_seconds,
            lease_seconds=orders.lease_seconds,
        )
        with contextlib.ExitStack() as stack:
            stack.callback(robot.close)
            if orders.trace is not None:
                lines = stack.enter_context(orders.trace.open("w", encoding="utf-8"))
                failpoint.watch(
                    lambda name, effects: _write_line(lines, json.dumps([name, effects]))
                )
            if orders.largest_file is not None:
                limit = orders.largest_file
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            if orders.open_files is not None:
                few = orders.open_files
                resource.setrlimit(resource.RLIMIT_NOFILE, (few, few))
            signal.signal(signal.SIGTERM, lambda _number, _frame: options.stop.set())
            failpoint.arm(orders.point)
            run_once(robot.ports, options)
    except RobotError as error:
        print(f"{orders.owner}: {error}", file=sys.stderr)  # noqa: T201 - shown by a failing test
        raise SystemExit(FAULT) from None


@dataclass(frozen=True)
class EndState:
    """All that a run leaves in the world, without what may differ in order."""

    documents: frozenset[tuple[str, ...]]
    ledger: tuple[tuple[str, ...], ...]
    mails: tuple[str, ...]
    rejected: tuple[str, ...]


def end_state(folder: Path, store: str = "") -> EndState:
    opened = open_store(store or f"sqlite:///{folder / 'robot.db'}", Standing(), check=False)
    try:
        documents = frozenset(
            (row.core.source_id, row.core.version, row.state, *row.codes)
            for row in opened.documents.listing(DocumentFilter())
        )
    finally:
        opened.close()
    return EndState(
        documents=documents,
        ledger=ledger_entries(folder / "navision.db"),
        mails=mails_in(folder / "mail"),
        rejected=_files(folder / "documents"),
    )


def ledger_entries(path: Path) -> tuple[tuple[str, ...], ...]:
    """Every vendor ledger entry of every company: what was posted, and how often."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            if name.endswith("$Vendor Ledger Entry")
        ]
        return tuple(
            sorted(
                (table, *(str(value) for value in row))
                for table in tables
                for row in connection.execute(
                    f'SELECT "Vendor No_", "External Document No_" FROM "{table}"'  # noqa: S608
                )
            )
        )


def mails_in(folder: Path) -> tuple[str, ...]:
    """Message-ID and recipients of every copy that was handed over."""
    found = []
    for path in folder.glob("new/*"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append(f"{message['Message-ID']} {message['To']}")
    return tuple(sorted(found))


def _files(folder: Path) -> tuple[str, ...]:
    """Documents, sidecars and marks; a killed robot may leave a hidden temporary file."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(str(path) for path in files if not path.name.startswith(".")))
