"""What decisions saw, kept so that changed rules can decide the same documents again.

This is the side that a run writes; `robot.flow.past` is the one that backtests read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from robot.domain.decision import Outcome
from robot.domain.fields import FieldValues


class Aftermath(StrEnum):
    """What people did with a document after it was decided."""

    #: A clerk let it be posted as it was.
    POSTED_BY_CLERK = "posted-by-clerk"
    #: A clerk sent it back to its customer.
    BOUNCED_BY_CLERK = "bounced-by-clerk"
    #: A clerk took it out.
    DROPPED = "dropped"
    #: Another version of it came: it was not right as it was.
    CORRECTED = "corrected"
    #: It was posted, and the posting was reversed.
    REVERSED = "reversed"
    #: The same version was decided again, so this decision does not count any more.
    DECIDED_AGAIN = "decided-again"


#: What says that a document should not have been posted as it was.
REGRETTED: Final = frozenset(
    {
        Aftermath.BOUNCED_BY_CLERK,
        Aftermath.DROPPED,
        Aftermath.CORRECTED,
        Aftermath.REVERSED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """One decision with everything that it needs to be made anew.

    `turn` counts the decisions about one version. `amount_dkk` is the total with VAT in kroner,
    None when it is not known. `outcome` and `codes` are what the rules said, before anything a
    clerk or the robot itself added.
    """

    document_key: str
    version: str
    turn: int
    customer: str
    source_id: str
    decided_on: date
    ruleset: str
    outcome: Outcome
    codes: tuple[str, ...]
    amount_dkk: Decimal | None
    values: FieldValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """Something that happened to a version later; `turn` 0 means whichever decision stands."""

    document_key: str
    version: str
    what: Aftermath
    at: datetime
    turn: int = 0


class History(Protocol):
    """Keeps what decisions saw. Writing the same again changes nothing."""

    def record(
        self, run: int, decisions: Sequence[PastDecision], afterwards: Sequence[Afterwards]
    ) -> None:
        """Put decisions aside before they are committed.

        Raises:
            HistoryError: They can't be kept.
        """

    def collect(self) -> None:
        """Move what was put aside, also by a run that was killed, to where it is read.

        Raises:
            HistoryError: It can't be kept.
        """

    def seen_to(self) -> int:
        """The last row of the audit trail that is in the history, 0 at first."""

    def note(self, seen_to: int, afterwards: Sequence[Afterwards]) -> None:
        """Keep what happened up to a row of the audit trail.

        Raises:
            HistoryError: It can't be kept.
        """


class NoHistory:
    """Keeps nothing."""

    def record(
        self, run: int, decisions: Sequence[PastDecision], afterwards: Sequence[Afterwards]
    ) -> None:
        """Keep nothing."""

    def collect(self) -> None:
        """There is nothing to collect."""

    def seen_to(self) -> int:
        """Nothing was seen."""
        return 0

    def note(self, seen_to: int, afterwards: Sequence[Afterwards]) -> None:
        """Keep nothing."""
