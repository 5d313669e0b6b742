"""What the store keeps of changes to rules: proposals, approvals, shadows and their findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

#: A backtest older than this no longer says what is: new documents came since.
FRESH: Final = timedelta(days=7)
#: How far back a proposed set is tried: long enough for a month's end of every kind.
TRIED_WEEKS: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody else's yes to one rule set."""

    by: str
    at: datetime
    reason: str
    #: The signed commit that held the files when it was given; empty when none was asked for.
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule set that is to come into force for one customer.

    `customer` is a bogføringskreds, empty for the standard alone. `authors` are all names under
    which whoever wrote or proposed it is known (user, mail address, name in git).
    """

    ruleset: str
    customer: str
    text: str
    authors: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    note: str = ""
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBacktest:
    """What a proposed set would have decided otherwise, kept for who approves it.

    `against` is the hash of the set that it was compared with. `since` and `until` are the days of
    the decisions that were looked at, None where nothing narrowed them. `result` is what
    `rules backtest --json` prints.
    """

    ruleset: str
    against: str
    customer: str
    made_by: str
    made_at: datetime
    since: date | None
    until: date | None
    result: Mapping[str, Any]

    def is_fresh(self, in_force: str, now: datetime) -> bool:
        """Whether it was compared with the set that is in force now, and lately."""
        return self.against == in_force and now - self.made_at <= FRESH


class ShadowStatus(StrEnum):
    """How far a shadow has come."""

    RUNNING = "running"
    #: All its runs are done.
    DONE = "done"
    STOPPED = "stopped"
    #: The candidate could not be used.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShadow:
    """A candidate that is to decide beside the rules in force, as it was when it began.

    `text` is the whole directory, with only the named customers when `customers` names any.
    """

    directory: str
    customers: tuple[str, ...]
    text: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A candidate that decides, or has decided, beside the rules in force."""

    id: int
    directory: str
    customers: tuple[str, ...]
    text: str
    runs: int
    runs_done: int
    status: ShadowStatus
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    #: Why it ended, when it was stopped or failed.
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One document decided by the rules in force and by the candidate.

    Rules are those that let it through, or that gave the findings. `amount` is the total with VAT
    in DKK, None when it is not known. A candidate that failed has the outcome `fault`.
    """

    document_key: str
    version: str
    customer: str
    source_id: str
    number: str
    supplier: str
    amount: Decimal | None
    old_outcome: str
    new_outcome: str
    old_codes: tuple[str, ...]
    new_codes: tuple[str, ...]
    old_rules: tuple[str, ...]
    new_rules: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the outcome or its reasons are others; the rules' own names do not count."""
        return self.old_outcome != self.new_outcome or set(self.old_codes) != set(self.new_codes)
