"""The report of a period, from the documents and journeys that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from robot.domain.calendar import day_start
from robot.domain.rights import Scope
from robot.flow.figures_port import Figures, Report
from robot.flow.store_port import Store
from robot.flow.view_port import DocumentQuery

#: A document of a period was changed in it or later; a day more, for clocks that differ.
_BEFORE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Whose documents a report is about, and of which days, both included.

    `customer` is a bogføringskreds, empty for all that the scope covers.
    """

    scope: Scope
    customer: str
    first: date
    last: date


def report_on(store: Store, figures: Figures, extent: Extent, now: datetime) -> Report:
    """The report as it stands at an instant."""
    query = DocumentQuery(customer=extent.customer, changed_from=extent.first - _BEFORE)
    lines = list(store.views.every(extent.scope, query))
    return figures.report(
        lines,
        store.journeys.events(since=day_start(extent.first)),
        store.journeys.clocks([line.id for line in lines]),
        first=extent.first,
        last=extent.last,
        now=now,
    )
