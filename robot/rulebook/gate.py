"""What stands between a rule set that passed the check and its coming into force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from robot.rulebook.ruleset import CompiledRuleSet


class Gate(Protocol):
    """Says which rule sets may come into force."""

    def refresh(self) -> None:
        """Take in what was approved since; called before each reload."""

    def objection(self, rule_set: CompiledRuleSet) -> str:
        """Why a set must not come into force, in words; empty when it may."""

    def standing(self, customer: str) -> Iterable[str]:
        """Texts of sets of a customer (its bogføringskreds) that may, the latest first."""


class OpenGate:
    """Lets every set come into force that passes the check."""

    def refresh(self) -> None:
        """Nothing to take in."""

    def objection(self, rule_set: CompiledRuleSet) -> str:
        """None."""
        del rule_set
        return ""

    def standing(self, customer: str) -> Iterable[str]:
        """None are kept here."""
        del customer
        return ()
