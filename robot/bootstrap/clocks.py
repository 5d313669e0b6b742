"""Where the time comes from: the only place that reads the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

#: Where the demo's day begins; the clock runs on from there.
WORLD_DAY: Final = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock set to another day, which runs on from there at the real pace."""

    def __init__(self, start: datetime = WORLD_DAY) -> None:
        self._offset: timedelta = start - datetime.now(UTC)

    def now(self) -> datetime:
        """The present instant of that day, in UTC."""
        return datetime.now(UTC) + self._offset

    def go_on_after(self, instant: datetime) -> None:
        """Never show a time before this one: what is recorded stays in the past."""
        self._offset = max(self._offset, instant - datetime.now(UTC))
