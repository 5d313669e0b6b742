"""What the parts of a unit write with: one transaction, one stamp, one actor, one trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Connection

from robot.adapters.store.recording import Stamp


class Audit(Protocol):
    """Adds a row to the trail of a unit."""

    def __call__(self, act: str, detail: Mapping[str, Any] | None = None, /) -> None:
        """Add it."""


class UnitPart:
    """Writes one subject in the transaction of a unit.

    Args:
        connection: The unit's own.
        stamp: What its rows carry.
        actor: Who acts.
        audit: Adds a row to the unit's trail.
    """

    def __init__(self, connection: Connection, stamp: Stamp, actor: str, audit: Audit) -> None:
        self._connection = connection
        self._stamp = stamp
        self._actor = actor
        self._audit = audit
