"""What naming the error types of customers' own mails needs of the store and of a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from robot.domain.reported import FoundBy


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMail:
    """A customer's own mail, which belongs to no case."""

    id: int
    received_at: datetime
    sender: str
    customer: str | None
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedError:
    """The error type that a mail is about."""

    mail: int
    code: str
    found_by: FoundBy
    confidence: Decimal
    decided_at: datetime
    decided_by: str


class ReportedErrors(Protocol):
    """Reading; `store.reported`."""

    def unnamed(self, *, after: int, limit: int) -> list[OwnMail]:
        """Customers' own mails that wait for a person and of which nobody said it yet, by id."""

    def get(self, mail: int, /) -> OwnMail:
        """One mail of a customer's own, named or not.

        Raises:
            KeyError: There is none with this id, or it belongs to a case.
        """

    def of(self, mails: Collection[int]) -> dict[int, ReportedError]:
        """What these mails (ids) are about; those that nobody named are left out."""

    def counts(self, since: datetime | None = None) -> dict[str, int]:
        """Code to the number of mails about it, of those that came in since then."""

    def named_by_persons(self) -> Iterator[tuple[OwnMail, str]]:
        """Mails with the code that a person gave them, by id: what a model can learn from."""


class ReportedErrorsUnit(Protocol):
    """Writing in the transaction of a unit; `unit.reported`. Each act is audited."""

    def name(self, mail: int, *, code: str, found_by: FoundBy, confidence: float) -> None:
        """Say what a mail is about, in place of what was said before.

        Raises:
            TransitionError: A person has said it, and now it is not a person.
        """


class TopicModel(Protocol):
    """A trained model of what customers write about."""

    def guess(self, text: str, /) -> list[tuple[str, float]]:
        """Codes with how sure it is of each, from 0 to 1, the likeliest first."""
