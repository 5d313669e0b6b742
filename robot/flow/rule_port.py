"""What changing rules needs of the robot's own database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from robot.flow.rule_records import (
    Approval,
    Comparison,
    KeptBacktest,
    NewShadow,
    Proposal,
    Shadow,
    ShadowStatus,
)


class RuleChanges(Protocol):
    """Reading proposals, approvals, kept texts and shadows."""

    def proposals(self) -> list[Proposal]:
        """All of them, oldest first, without their texts."""

    def kept_texts(self, beginning: str, /) -> dict[str, str]:
        """Hash to text of every set that was used or proposed and whose hash begins so."""

    def backtest(self, ruleset: str, /) -> KeptBacktest | None:
        """The latest backtest of a proposed set."""

    def shadow(self, number: int | None = None, /) -> Shadow | None:
        """One shadow, the latest when no number is given."""

    def comparisons(self, shadow: int, /) -> Iterator[Comparison]:
        """What a shadow saw, in the order of the documents' keys; read as it is consumed."""


class RuleChangesUnit(Protocol):
    """Writing them; each act is in the audit trail of the same transaction."""

    def propose(self, proposal: Proposal) -> None:
        """Keep a proposal; a set that was proposed before gets its authors and note added."""

    def approve(self, ruleset: str, /, approval: Approval) -> None:
        """Note that somebody approved a proposed set."""

    def keep_backtest(self, kept: KeptBacktest, /) -> None:
        """Keep a backtest in place of the earlier one of the same set."""

    def start_shadow(self, new: NewShadow) -> int:
        """Begin a shadow; its number. One that is running is stopped."""

    def end_shadow(self, shadow: int, /, status: ShadowStatus, words: str) -> None:
        """End a shadow."""

    def keep_comparisons(self, shadow: int, /, comparisons: Sequence[Comparison]) -> None:
        """Keep what it saw; a version that it saw before is replaced."""

    def shadow_run_done(self, shadow: int, /) -> None:
        """Count one run, and end the shadow when it was the last."""
