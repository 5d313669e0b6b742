"""Re-posting sheets on their way in: handed in, checked cell by cell, answered, and then pulled.

A sheet with a wrong cell goes back marked. What an accepted sheet moves is a document like any
other from here on: pulled, looked up, decided, recorded and carried out by the runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Protocol

from robot.domain.answer import Answer, refusal
from robot.domain.calendar import COPENHAGEN, Terms
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument, document_key
from robot.domain.reposting import (
    PREFIX,
    REPOSTING,
    Fault,
    RepostingSheet,
    by_date,
    reposting_number,
)
from robot.errors import ActError, RobotError, SheetError, SourceError, TransitionError
from robot.flow.failpoint import failpoint
from robot.flow.findings import IMPORT_BY_CLERK
from robot.flow.order import company_of
from robot.flow.ports import Clock, ErpReader, Source
from robot.flow.reposting import CheckSheet, SheetFiles, document_of, questions
from robot.flow.sheet_port import NewSheet, Part, SheetRow, SheetStatus, Way
from robot.flow.store_port import Store


class PeriodTerms(Protocol):
    """Says on which terms a voucher is taken (`robot.domain.calendar.Calendar`)."""

    def terms(self, posting_date: date, customer: str, at: datetime, /) -> Terms:
        """The terms of a posting date at an instant (aware)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSheet:
    """A workbook in the watched folder."""

    name: str
    content: bytes


class SheetFolder(Protocol):
    """The watched folder, as far as sheets lie in it."""

    def found(self) -> Iterator[FoundSheet]:
        """The workbooks that nobody has answered.

        Raises:
            SourceError: The folder can't be listed.
        """

    def answer(self, name: str, marked: bytes | None, da: str, en: str) -> None:
        """Lay the answer beside a workbook, in Danish and English, with the marked copy.

        Raises:
            SourceError: It can't be written.
        """


class NoFolder:
    """Nobody watches a folder for sheets."""

    def found(self) -> Iterator[FoundSheet]:
        """None."""
        return iter(())

    def answer(self, name: str, marked: bytes | None, da: str, en: str) -> None:
        """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDesk:
    """Takes sheets in and answers them."""

    store: Store
    files: SheetFiles
    check: CheckSheet
    reader: ErpReader
    #: The customers served now.
    customers: Callable[[], Sequence[Customer]]
    terms: PeriodTerms
    clock: Clock
    folder: SheetFolder = field(default_factory=NoFolder)
    #: How long files are kept after their answer; None: for good.
    keeps: timedelta | None = None

    def take_in(self, name: str, content: bytes, *, by: str, way: Way, customer: str = "") -> str:
        """Keep a file until it is looked at; its hash, by which it is known from here on.

        Args:
            name: Of the file.
            content: Its bytes.
            by: Who hands it in.
            way: How.
            customer: Bogføringskreds of the customer whose it is to be; empty: the sheet says it.
        """
        found = new_sheet(name, content, way=way, customer=customer)
        with self.store.writing(actor=by) as unit:
            unit.sheets.take_in(found)
        return found.content_hash

    def answer(self, content_hash: str) -> SheetRow:
        """Look at a sheet that waits, and answer it; one that was answered stays as it is.

        Raises:
            ActError: There is no such sheet.
            ErpUnavailableError: The ERP can't be asked; the sheet waits.
        """
        row = self._row(content_hash)
        if row.status is SheetStatus.WAITING:
            # When somebody else is quicker, what they said stands.
            with suppress(TransitionError):
                failpoint("sheet-answering")
                self._answer(row)
                failpoint("sheet-answered")
        return self._row(content_hash)

    def look_over(self, content: bytes) -> tuple[RepostingSheet, Customer, list[Fault]]:
        """Read and check a sheet without keeping anything.

        Raises:
            SheetError: It is no sheet that was made here.
            ErpUnavailableError: The ERP can't be asked.
        """
        customers = {it.bogfoeringskreds: it for it in self.customers()}
        sheet = self.files.read(content, customers)
        customer = customers[sheet.customer]
        now = self.clock.now()
        today = now.astimezone(COPENHAGEN).date()
        asked = questions(sheet, customer, today, now)
        answers = self.reader.facts(list(asked.values())) if asked else []
        facts = dict(zip(asked, answers, strict=True))
        terms = {day: self.terms.terms(day, sheet.customer, now) for day in asked}
        return sheet, customer, self.check(sheet, customer, facts, terms, today)

    def work_off(self, fault: Callable[[Exception, str], None]) -> None:
        """Take in what lies in the folder, answer all that waits, delete files that are too old.

        One stops no other.
        """
        try:
            for found in self.folder.found():
                self._from_folder(found, fault)
        except SourceError as error:
            fault(error, "sheets in the folder")
        for content_hash in self.store.sheets.waiting():
            try:
                self.answer(content_hash)
            except Exception as error:  # noqa: BLE001 - looked at again in the next run
                fault(error, f"sheet {content_hash[:12]}")
        self._let_go()

    def _let_go(self) -> None:
        """Delete the files of sheets that were done with long ago: they name people."""
        if self.keeps is None:
            return
        for content_hash in self.store.sheets.done_before(self.clock.now() - self.keeps):
            with self.store.writing(actor="robot") as unit:
                unit.sheets.let_go_of_file(content_hash)

    def journal(self, number: str) -> bytes:
        """A re-posting as a file for the ERP's own import, for a clerk.

        Raises:
            ActError: There is none with this number that waits for being imported.
        """
        return journal_of(number, self.store, self.files, self.customers())

    def _row(self, content_hash: str) -> SheetRow:
        row = self.store.sheets.get(content_hash)
        if row is None:
            raise refusal(ActError, "no-sheet")
        return row

    def _answer(self, row: SheetRow) -> None:
        content = self.store.sheets.content(row.content_hash)
        try:
            sheet, customer, faults = self.look_over(content)
        except SheetError as error:
            self._refuse(row, error.da, error.message)
            return
        if row.customer and row.customer != sheet.customer:
            self._refuse(
                row,
                f"Arket er lavet til {sheet.customer}, ikke til {row.customer}.",
                f"the sheet is one of {sheet.customer}, not of {row.customer}",
            )
        elif faults:
            marked = self.files.mark(content, customer, faults)
            with self.store.writing(actor=row.handed_in_by) as unit:
                unit.sheets.give_back(
                    row.content_hash, sheet.customer, sheet.author, faults, marked
                )
        else:
            self._accept(row, sheet, customer)

    def _accept(self, row: SheetRow, sheet: RepostingSheet, customer: Customer) -> None:
        company = company_of(customer)
        parts = []
        for day, lines in by_date(sheet.lines).items():
            number = reposting_number(sheet.customer, day, lines)
            key = document_key(REPOSTING, company, number)
            parts.append(Part(number=number, document_key=key, lines=lines))
        with self.store.writing(actor=row.handed_in_by) as unit:
            earlier = unit.sheets.accept(row.content_hash, sheet.customer, sheet.author, parts)
        if earlier:
            self._refuse(
                row,
                f"Det samme er indleveret før: det er {earlier}.",
                f"this was handed in before: it is {earlier}",
            )

    def _refuse(self, row: SheetRow, da: str, en: str) -> None:
        with self.store.writing(actor=row.handed_in_by) as unit:
            unit.sheets.refuse(row.content_hash, Fault(row=0, column="", da=da, en=en))

    def _from_folder(self, found: FoundSheet, fault: Callable[[Exception, str], None]) -> None:
        try:
            failpoint("sheet-found")
            content_hash = self.take_in(found.name, found.content, by="folder", way=Way.FOLDER)
            failpoint("sheet-taken")
            row = self.answer(content_hash)
            marked = self.store.sheets.marked(content_hash)
            said = answer_about(row)
            self.folder.answer(found.name, marked, said.text("da"), said.text("en"))
            failpoint("sheet-told")
        except RobotError as error:
            fault(error, found.name)


def journal_of(
    number: str, store: Store, files: SheetFiles, customers: Sequence[Customer]
) -> bytes:
    """A re-posting that a clerk is to import as the file for it.

    Raises:
        ActError: There is none with this number that waits for being imported: what the robot
            posts, or posted, would be posted twice.
    """
    part = store.sheets.part(number)
    versions = store.documents.versions(part.document_key) if part is not None else []
    served = {it.bogfoeringskreds: it for it in customers}
    if part is None or part.customer not in served or not versions:
        raise ActError(f"there is no re-posting {number}")
    if IMPORT_BY_CLERK not in versions[-1].codes:
        raise ActError(f"{number} does not wait for a clerk's import")
    return files.journal(number, served[part.customer], part.lines)


def new_sheet(name: str, content: bytes, *, way: Way, customer: str = "") -> NewSheet:
    """A file as it is kept; of its name only the last part, and nothing that prints nothing."""
    last = PurePath(name.replace("\\", "/")).name
    return NewSheet(
        content_hash=hashlib.sha256(content).hexdigest(),
        name="".join(sign for sign in last if sign.isprintable()) or "omposteringsark.xlsx",
        content=content,
        way=way,
        customer=customer,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWithSheets:
    """The purchasing system's documents, and then the re-postings of accepted sheets.

    Implements `robot.flow.ports.Source`.
    """

    documents: Source
    store: Store
    terms: PeriodTerms
    clock: Clock

    def pull(self) -> Iterator[ApprovedDocument]:
        """All documents that are approved now.

        Raises:
            SourceError: The source can't be reached.
        """
        yield from self.documents.pull()
        for part in self.store.sheets.unfinished():
            yield self._document(part)

    def withdrawn(self, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Which of these are not given any more. An accepted sheet is never taken back.

        Raises:
            SourceError: The source can't be reached.
        """
        of_sheets: dict[tuple[str, str], bool] = {}
        for identity in versions:
            part = self._part(identity[0])
            if part is not None:
                of_sheets[identity] = self._document(part).version == identity[1]
        others = [identity for identity in versions if identity not in of_sheets]
        gone = frozenset(identity for identity, holds in of_sheets.items() if not holds)
        return gone | (self.documents.withdrawn(others) if others else frozenset())

    def reject(self, document_id: str, version: str, reasons: Sequence[str]) -> None:
        """Reopen a document of the purchasing system.

        Raises:
            SourceError: The source can't be reached, or it came in a sheet.
        """
        if self._part(document_id) is not None:
            raise SourceError(
                f"{document_id} came in a re-posting sheet, which can't be reopened",
                hint="take it out, and hand in a corrected sheet",
            )
        self.documents.reject(document_id, version, reasons)

    def _part(self, document_id: str) -> Part | None:
        """The re-posting with this id; the store is not asked about thousands of invoices."""
        return self.store.sheets.part(document_id) if document_id.startswith(PREFIX) else None

    def _document(self, part: Part) -> ApprovedDocument:
        return document_at(part, self.terms, self.clock.now())


def document_at(part: Part, terms: PeriodTerms, at: datetime) -> ApprovedDocument:
    """A re-posting as the document that is decided about at an instant (aware)."""
    return document_of(
        part.lines,
        customer=part.customer,
        author=part.author,
        handed_in=(part.handed_in_by, part.received_at or at),
        content_hash=part.content_hash,
        terms=terms.terms(part.lines[0].posting_date, part.customer, at),
    )


def answer_about(row: SheetRow) -> Answer:
    """What became of a sheet, for the answer to who handed it in."""
    if row.status is SheetStatus.ACCEPTED:
        return Answer(code="sheet-accepted", values={"numbers": ", ".join(row.numbers)})
    if row.status is SheetStatus.RETURNED:
        cells = str(len(row.faults))
        code = "sheet-cell-wrong" if cells == "1" else "sheet-cells-wrong"
        return Answer(code=code, values={"cells": cells})
    if row.status is SheetStatus.REFUSED:
        fault = row.faults[0] if row.faults else Fault(row=0, column="", da="", en="")
        return Answer(code="sheet-refused", values={"da": fault.da, "en": fault.en})
    return Answer(code="sheet-waits")
