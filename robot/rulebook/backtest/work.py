"""The work on one part of the history, as it is sent to other processes and machines."""

from __future__ import annotations

import threading

from robot.flow.past import Narrowing, Part, Past
from robot.rulebook.backtest.comparison import Comparer, Comparison, Job
from robot.rulebook.backtest.obstacles import Finder, Obstacles, Search


class CompareParts:
    """Reads a part and compares two rule books on it; one comparer a thread, kept throughout."""

    def __init__(self, past: Past, which: Narrowing, job: Job) -> None:
        self._past, self._which, self._job = past, which, job
        self._own = threading.local()

    def __getstate__(self) -> tuple[Past, Narrowing, Job]:
        return self._past, self._which, self._job

    def __setstate__(self, state: tuple[Past, Narrowing, Job]) -> None:
        self._past, self._which, self._job = state
        self._own = threading.local()

    def __call__(self, part: Part) -> Comparison:
        """Compare on one part.

        Raises:
            HistoryError: It can't be read.
        """
        if not hasattr(self._own, "comparer"):
            self._own.comparer = Comparer(self._job)
        batch = self._past.read(part, self._which, self._job.fields, self._job.line_fields)
        comparer: Comparer = self._own.comparer
        return comparer.compare(batch)


class FindObstacles:
    """Reads a part and searches it for obstacles; one finder a thread, kept throughout."""

    def __init__(self, past: Past, which: Narrowing, search: Search) -> None:
        self._past, self._which, self._search = past, which, search
        self._own = threading.local()

    def __getstate__(self) -> tuple[Past, Narrowing, Search]:
        return self._past, self._which, self._search

    def __setstate__(self, state: tuple[Past, Narrowing, Search]) -> None:
        self._past, self._which, self._search = state
        self._own = threading.local()

    def __call__(self, part: Part) -> Obstacles:
        """Search one part.

        Raises:
            HistoryError: It can't be read.
        """
        if not hasattr(self._own, "finder"):
            self._own.finder = Finder(self._search)
        batch = self._past.read(part, self._which, self._search.fields, self._search.line_fields)
        finder: Finder = self._own.finder
        return finder.find(batch)
