"""Re-posting sheets: what takes them in, and the source that gives what they move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from robot.adapters.folder.sheets import WatchedSheets
from robot.checks import check_sheet
from robot.domain.calendar import Calendar
from robot.domain.customer import Customer
from robot.domain.reposting import Fault, RepostingLine, RepostingSheet
from robot.flow.ports import Clock, ErpReader
from robot.flow.reposting import SheetFiles
from robot.flow.sheets import SheetDesk
from robot.flow.store_port import Store
from robot.settings import Settings


class LateWorkbooks:
    """Writes and reads sheets as workbooks; what it takes is loaded when a sheet is there."""

    @cached_property
    def _files(self) -> SheetFiles:
        from robot.adapters.sheets import RepostingWorkbook  # noqa: PLC0415 - openpyxl is slow

        return RepostingWorkbook()

    def template(self, customer: Customer) -> bytes:
        """An empty sheet."""
        return self._files.template(customer)

    def read(self, content: bytes, customers: Mapping[str, Customer]) -> RepostingSheet:
        """Read a filled sheet.

        Raises:
            SheetError: It is no sheet that was made here.
        """
        return self._files.read(content, customers)

    def mark(self, content: bytes, customer: Customer, faults: Sequence[Fault]) -> bytes:
        """A copy with its wrong cells marked."""
        return self._files.mark(content, customer, faults)

    def journal(self, number: str, customer: Customer, lines: Sequence[RepostingLine]) -> bytes:
        """The lines as a file for the ERP's own import."""
        return self._files.journal(number, customer, lines)


def sheet_files() -> SheetFiles:
    """What writes and reads re-posting sheets."""
    return LateWorkbooks()


def sheet_desk(
    store: Store,
    reader: ErpReader,
    customers: Callable[[], Sequence[Customer]],
    calendar: Calendar,
    clock: Clock,
    settings: Settings,
) -> SheetDesk:
    """What takes sheets in."""
    days = settings.sheets.keep_file_days
    return SheetDesk(
        store=store,
        files=sheet_files(),
        check=check_sheet,
        reader=reader,
        customers=customers,
        terms=calendar,
        clock=clock,
        folder=WatchedSheets(settings.source.path),
        keeps=timedelta(days=days) if days else None,
    )


def posts_repostings(settings: Settings) -> bool:
    """Whether the ERP posts journals for the robot: not where NAV's own batch posts everything."""
    erp = settings.erp
    return erp.posts_repostings and not (erp.kind == "nav" and erp.door == "monitor-only")
