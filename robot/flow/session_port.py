"""Who is at the dashboard, and the lists that they keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from robot.domain.rights import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person's stay at the dashboard; `id` is the SHA-256 of the secret in their cookie."""

    id: str
    person: Person
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A list that somebody keeps under a name: the query of its address."""

    id: int
    name: str
    page: str
    query: str


class Sessions(Protocol):
    """Sessions and saved lists; each act is in the trail."""

    def begin(self, session: Session) -> None:
        """Keep a new session."""

    def find(self, session: str, /) -> Session | None:
        """A session that has not ended."""

    def seen(self, session: str, /) -> None:
        """Note that it was used now; at most once a minute is written."""

    def end(self, session: str, /) -> None:
        """End it; harmless when it has ended."""

    def live(self, idle: timedelta) -> Sequence[Session]:
        """Sessions that have not ended and were used within this time."""

    def filters(self, person: str, page: str) -> Sequence[SavedFilter]:
        """The lists that somebody keeps of a page, by name."""

    def keep(self, person: str, name: str, page: str, query: str) -> None:
        """Keep a list; one of the same name is replaced."""

    def forget(self, person: str, number: int) -> None:
        """Forget a list of this person's own."""
