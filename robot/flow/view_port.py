"""What the dashboard reads: pages of documents and counts, always within a person's scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from robot.domain.rights import Scope
from robot.domain.state import State

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuery:
    """Which documents a list shows; empty fields do not narrow it."""

    states: frozenset[State] = frozenset()
    customer: str = ""
    code: str = ""
    #: In number, supplier, source id, receipt or case number.
    text: str = ""
    due_before: date | None = None
    #: Its service goal is at or before this instant, and it is not settled.
    goal_before: datetime | None = None
    pulled_from: date | None = None
    #: Something changed about it on this day or later.
    changed_from: date | None = None
    pulled_to: date | None = None
    run: int | None = None
    #: Only the latest version of each document.
    latest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One document as lists show it."""

    id: int
    document_key: str
    customer: str
    source_id: str
    number: str
    supplier: str
    kind: str
    state: State
    codes: tuple[str, ...]
    due_date: date | None
    total: Decimal | None
    currency: str
    receipt: str
    case_number: str
    confidential: bool
    pulled_at: datetime
    changed_at: datetime
    goal_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of rows and how many there are in all."""

    rows: Sequence[T]
    total: int
    number: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page, from 1."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """How many documents of a customer stand in a state, each document by its latest version."""

    customer: str
    state: State
    documents: int


class Views(Protocol):
    """Reading for the dashboard."""

    def documents(
        self,
        scope: Scope,
        query: DocumentQuery,
        *,
        sort: str = "-id",
        page: int = 1,
        size: int = 50,
    ) -> Page[DocumentLine]:
        """A page of documents, sorted by a column (`-` in front: descending)."""

    def every(self, scope: Scope, query: DocumentQuery) -> Iterator[DocumentLine]:
        """All documents of a query, for files; read as it is consumed."""

    def document(self, scope: Scope, number: int, /) -> DocumentLine | None:
        """One version; None when there is none, or none in the scope."""

    def by_state(self, scope: Scope) -> Sequence[StateCount]:
        """How many documents stand where."""

    def inflow(self, scope: Scope, query: DocumentQuery) -> Mapping[datetime, int]:
        """How many documents came in each hour in which any came, by the hour's beginning."""
