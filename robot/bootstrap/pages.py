"""What pages, reports and exports take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from robot.adapters.templates import Templates
from robot.adapters.wording import Wording
from robot.domain.calendar import Calendar
from robot.domain.journey import JourneyEvent
from robot.domain.taxonomy import Taxonomy
from robot.flow.figures_port import Figures
from robot.flow.view_port import DocumentLine

#: Writes documents and their events into a file.
WriteLog: TypeAlias = Callable[[Iterable[DocumentLine], Iterable[JourneyEvent], Path], None]


def page_templates(folder: Path) -> Templates:
    """The templates of the dashboard's pages."""
    return Templates(folder, {})


def figures(calendar: Calendar, taxonomy: Taxonomy) -> Figures:
    """What computes the figures of journeys."""
    # pandas takes half a second to load, which commands without figures need not wait for.
    from robot.adapters.figures import PandasFigures  # noqa: PLC0415

    return PandasFigures(calendar, taxonomy)


def export_writers() -> Mapping[str, WriteLog]:
    """Name of a format to what writes a log of documents and their events into a file."""
    from robot.adapters.export import ocel, tables, xes  # noqa: PLC0415 - openpyxl takes its time, too
    from robot.adapters.export.log import Log, log_of  # noqa: PLC0415

    def writer(
        write: Callable[[Log, Path], None],
    ) -> WriteLog:
        return lambda documents, events, path: write(log_of(documents, events), path)

    return {
        "ocel": writer(ocel.write_json),
        "ocel-sqlite": writer(ocel.write_sqlite),
        "xes": writer(xes.write_xes),
        "csv": writer(tables.write_csv),
        "xlsx": writer(tables.write_xlsx),
    }


def wording(language: str) -> Wording:
    """Dates and amounts as people write them in a language."""
    return Wording(language)
