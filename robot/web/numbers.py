"""The figures behind pages, made once for a while and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeVar, cast

from robot.domain.rights import Scope
from robot.flow.capacity import Inflow, inflow
from robot.flow.figures_port import Figures, Passage, Report
from robot.flow.measure_port import Extent
from robot.flow.ports import Clock
from robot.flow.store_port import Store

T = TypeVar("T")
_KEPT: Final = timedelta(minutes=10)
_MOST: Final = 64


@dataclass(slots=True, kw_only=True)
class Numbers:
    """Makes reports for a scope and a period.

    Args:
        store: Documents and measures.
        figures: Computes; made anew when the rules change.
        clock: The time.
    """

    store: Store
    figures: Callable[[], Figures]
    clock: Clock
    _kept: dict[object, tuple[datetime, object]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def report(
        self, scope: Scope, customer: str, first: date, last: date
    ) -> tuple[Report, datetime]:
        """The report of a period and when it was made."""
        extent = Extent(scope=scope, customer=customer, first=first, last=last)
        return self._once(
            extent,
            lambda: self.figures().report(self.store.measures, extent, self.clock.now()),
        )

    def passages(
        self, scope: Scope, customer: str, first: date, last: date
    ) -> tuple[Passage, ...]:
        """What followed what in the journeys of a period."""
        extent = Extent(scope=scope, customer=customer, first=first, last=last)
        found, _ = self._once(
            ("passages", extent), lambda: self.figures().passages(self.store.measures, extent)
        )
        return found

    def inflow(self, scope: Scope, customer: str, first: date) -> Inflow:
        """What came in on a day or later."""
        found, _ = self._once(
            (scope, customer, first), lambda: inflow(self.store.views, scope, customer, first)
        )
        return found

    def _once(self, name: object, make: Callable[[], T]) -> tuple[T, datetime]:
        """What was made under a name, and when; made anew when that was too long ago."""
        now = self.clock.now()
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or now - kept[0] >= _KEPT:
                if len(self._kept) >= _MOST:
                    self._kept.clear()
                kept = self._kept[name] = (now, make())
        return cast("T", kept[1]), kept[0]
