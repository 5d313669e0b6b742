"""What the flow needs of the store about the addresses that it writes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

#: What one failure of a day counts (after Mailman's scoring of bounces).
HARD_SCORE: Final = Decimal(1)
SOFT_SCORE: Final = Decimal("0.5")
#: From this score on, soft failures alone make an address dead: six bad days.
DEAD_SCORE: Final = Decimal(3)
#: Days without a failure after which earlier ones are forgotten.
STALE_DAYS: Final = 7


class ContactState(StrEnum):
    """Whether mail reaches an address."""

    OK = "ok"
    #: The address is right; its mailbox was full or closed to us of late.
    SOFT = "soft"
    #: Nobody has it, or it failed for days. It is not written to any more.
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """An address that failed at least once, in lower case."""

    address: str
    state: ContactState
    score: Decimal
    changed_at: datetime
    last_failure_on: date | None
    #: Enhanced status code (RFC 3463) and words of the last failure.
    last_code: str
    words: str


class Contacts(Protocol):
    """Reading; `store.contacts`. Addresses are compared in lower case."""

    def states(self, addresses: Collection[str]) -> dict[str, ContactState]:
        """The state of each address, under the address as it was given."""

    def listing(self) -> list[ContactRow]:
        """Every address that ever failed, by address."""


class ContactsUnit(Protocol):
    """Writing in the transaction of a unit; `unit.contacts`. A change of state is audited."""

    def failed(self, address: str, *, code: str, words: str, hard: bool, on: date) -> ContactState:
        """Mail did not reach an address; the state that it has now.

        A hard failure makes it dead at once. Soft ones count once a day, until they make it dead.
        """

    def reached(self, address: str) -> bool:
        """Mail reaches the address, after all or again; whether it was not known to be right."""


def after_failure(row: ContactRow | None, *, hard: bool, on: date) -> tuple[ContactState, Decimal]:
    """State and score of an address after one more failure.

    Args:
        row: What was known of it.
        hard: Whether nobody has this address.
        on: The day of the failure.
    """
    last = row.last_failure_on if row is not None else None
    stale = last is None or (on - last).days > STALE_DAYS
    score = Decimal(0) if row is None or stale else row.score
    if hard:
        return ContactState.DEAD, score + HARD_SCORE
    if row is not None and row.state is ContactState.DEAD and not stale:
        return ContactState.DEAD, score
    # One bad day is one failure, however often the robot tried.
    score += SOFT_SCORE if stale or last != on else Decimal(0)
    return (ContactState.DEAD if score >= DEAD_SCORE else ContactState.SOFT), score
