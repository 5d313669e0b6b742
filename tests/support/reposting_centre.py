"""A centre that re-posts: the demo's customers, rules and small Navision, and no invoices."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from robot import bootstrap
from robot.cli.demo import placed_in, world
from robot.domain.customer import Customer
from robot.flow.context import RunOptions
from robot.flow.records import DocumentCore, DocumentFilter, DocumentRow
from robot.flow.run import run_once
from robot.flow.sheet_port import SheetRow, Way
from robot.flow.sheets import SheetDesk
from robot.settings import load
from tests.support.reposting import filled

KREDS: Final = "99001"


@cache
def _prepared() -> Path:
    """A world without documents, made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="robot-centre-"))
    (folder / "nothing").mkdir()
    world(folder, folder / "nothing")
    return folder


class Centre:
    """One world; `close` it when done."""

    def __init__(self, folder: Path, at: datetime = datetime(2026, 11, 24, 9, tzinfo=UTC)) -> None:
        self.folder = folder / "centre"
        shutil.copytree(_prepared(), self.folder)
        self.documents_folder = self.folder / "documents"
        self.documents_folder.mkdir(exist_ok=True)
        self.settings = placed_in(load(), self.folder)
        self.joined = bootstrap.assemble(self.settings, clock=bootstrap.FixedClock(at))
        self.store = self.joined.store

    def close(self) -> None:
        self.joined.close()

    @property
    def desk(self) -> SheetDesk:
        desk = self.joined.ports.sheets
        assert desk is not None
        return desk

    @property
    def customer(self) -> Customer:
        served = self.joined.rulebook.customers
        return next(it for it in served if it.bogfoeringskreds == KREDS)

    def sheet(self, *rows: Any, author: str = "Ane Ansvarlig") -> bytes:  # noqa: ANN401 - cells
        return filled(self.customer, *rows, author=author)

    def hand_in(self, content: bytes, by: str = "bo", customer: str = KREDS) -> SheetRow:
        taken = self.desk.take_in("ark.xlsx", content, by=by, way=Way.DASHBOARD, customer=customer)
        return self.desk.answer(taken)

    def run(self, **changed: Any) -> None:  # noqa: ANN401 - fields of the ports
        run_once(replace(self.joined.ports, **changed), RunOptions(owner="robot-1"))

    def document(self, row: SheetRow) -> DocumentRow | None:
        """The one re-posting of a sheet, once a run has taken it."""
        (number,) = row.numbers
        found = list(self.store.documents.listing(DocumentFilter(reference=number)))
        return found[-1] if found else None

    def core(self, number: str) -> DocumentCore:
        (found,) = self.store.documents.listing(DocumentFilter(reference=number))
        return found.core

    def ledger(self, row: SheetRow) -> list[tuple[str, str, Decimal]]:
        """Account, voucher and amount of what a sheet left in table 17."""
        found = entries(self.settings.erp.path)
        return [
            (account, voucher, amount)
            for number, account, voucher, amount in found
            if number in row.numbers
        ]

    @contextmanager
    def unblocked(self, account: str) -> Iterator[None]:
        """An account takes postings for a while."""
        table = '"Eksempelstyrelsen$G_L Account"'
        for blocked in (0, 1):
            with self.joined.erp.begin() as connection:
                connection.exec_driver_sql(
                    f'UPDATE {table} SET "Blocked" = ? WHERE "No_" = ?',  # noqa: S608
                    (blocked, account),
                )
            if not blocked:
                yield

    def import_by_hand(self, number: str) -> None:
        """A clerk posts something under a number of the robot's."""
        table = '"Eksempelstyrelsen$G_L Entry"'
        with self.joined.erp.begin() as connection:
            some = connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 1")  # noqa: S608
            row = {**some.mappings().one(), "Entry No_": 999_999, "Document No_": number}
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                tuple(row.values()),
            )


def entries(navision: Path) -> list[tuple[str, str, str, Decimal]]:
    """Document number, account, voucher and amount of what re-postings left in table 17."""
    with closing(sqlite3.connect(navision)) as database:
        rows = database.execute(
            'SELECT "Document No_", "G_L Account No_", "External Document No_", "Amount"'
            ' FROM "Eksempelstyrelsen$G_L Entry" WHERE "Document No_" LIKE \'OMP-%\''
            ' ORDER BY "Entry No_"'
        ).fetchall()
    return [
        (number, account, voucher, Decimal(amount) / 100_000)
        for number, account, voucher, amount in rows
    ]
