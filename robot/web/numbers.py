"""The report behind the pages of figures, made once for a while and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from robot.domain.rights import Scope
from robot.flow.figures_port import Figures, Report
from robot.flow.period_report import Extent, report_on
from robot.flow.ports import Clock
from robot.flow.store_port import Store
from robot.flow.view_port import DocumentLine, DocumentQuery

_KEPT: Final = timedelta(minutes=10)
_MOST: Final = 32
#: Lists of documents are large; so many are kept.
_FEW: Final = 4


@dataclass(slots=True, kw_only=True)
class Numbers:
    """Makes reports for a scope and a period.

    Args:
        store: Documents and journeys.
        figures: Computes; made anew when the rules change.
        clock: The time.
    """

    store: Store
    figures: Callable[[], Figures]
    clock: Clock
    _kept: dict[Extent, tuple[datetime, Report]] = field(default_factory=dict)
    _lines: dict[tuple[Scope, str, date], tuple[datetime, Sequence[DocumentLine]]] = field(
        default_factory=dict
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def report(
        self, scope: Scope, customer: str, first: date, last: date
    ) -> tuple[Report, datetime]:
        """The report of a period and when it was made."""
        extent = Extent(scope=scope, customer=customer, first=first, last=last)
        now = self.clock.now()
        with self._lock:
            kept = self._kept.get(extent)
            if kept is not None and now - kept[0] < _KEPT:
                return kept[1], kept[0]
            made = report_on(self.store, self.figures(), extent, now)
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[extent] = (now, made)
        return made, now

    def pulled_since(self, scope: Scope, customer: str, first: date) -> Sequence[DocumentLine]:
        """The documents that came on a day or later, read once for a while."""
        key = (scope, customer, first)
        now = self.clock.now()
        with self._lock:
            kept = self._lines.get(key)
            if kept is not None and now - kept[0] < _KEPT:
                return kept[1]
            query = DocumentQuery(customer=customer, pulled_from=first)
            lines = tuple(self.store.views.every(scope, query))
            if len(self._lines) >= _FEW:
                self._lines.clear()
            self._lines[key] = (now, lines)
        return lines
