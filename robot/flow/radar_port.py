"""What the daily list needs of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedDocument:
    """A document whose decision carries a note."""

    document: int
    customer: str
    system: str
    source_id: str
    number: str
    confidential: bool
    decided_at: datetime


class Noted(Protocol):
    """Reading; `store.noted`."""

    def since(self, code: str, start: datetime) -> list[NotedDocument]:
        """Documents that got this note since then, each once, in the order of their decisions."""
