"""Four eyes: a rule set comes into force when somebody other than its author approved it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from robot.flow.rule_port import RuleChanges
from robot.flow.rule_records import Proposal
from robot.rulebook.ruleset import CompiledRuleSet

#: Characters of a hash that are shown.
SHOWN: Final = 12


class FourEyes:
    """The gate of `[rules] four_eyes = true`.

    What is approved is the rules, not the robot: when only the robot's field catalogue has become
    another since, which changes the hash, the approval of the same files goes on.

    Args:
        changes: The store's proposals and approvals.
        signed: Only approvals that were given on a signed commit count.
    """

    def __init__(self, changes: RuleChanges, *, signed: bool = False) -> None:
        self._changes = changes
        self._signed = signed
        self._proposals: dict[str, Proposal] = {}
        self._approved: dict[str, list[str]] = {}

    def refresh(self) -> None:
        """Take in what was approved since."""
        self._proposals = {found.ruleset: found for found in self._changes.proposals()}
        self._approved = {}
        counting = [
            (found.approval.at, found.ruleset, found.customer)
            for found in self._proposals.values()
            if found.approval is not None and (found.approval.commit or not self._signed)
        ]
        for _, ruleset, customer in sorted(counting):
            self._approved.setdefault(customer, []).append(ruleset)

    def objection(self, rule_set: CompiledRuleSet) -> str:
        """Why a set must not come into force, in words; empty when it may."""
        approved = self._approved.get(rule_set.customer.bogfoeringskreds, [])
        if rule_set.hash in approved or self._same_files(rule_set, approved):
            return ""
        short = rule_set.hash[:SHOWN]
        proposal = self._proposals.get(rule_set.hash)
        if proposal is None:
            return f"set {short} was not proposed (`invoice-robot rules propose`)"
        if proposal.approval is not None:
            return f"set {short} was not approved on a signed commit"
        return f"set {short} by {proposal.proposed_by} waits for somebody else's approval"

    def standing(self, customer: str) -> Iterable[str]:
        """Texts of the approved sets of a customer, the latest first."""
        for approved in reversed(self._approved.get(customer, [])):
            yield from self._changes.kept_texts(approved).values()

    def latest(self, customer: str) -> str:
        """The hash of the set of a customer that was approved last; empty when none was."""
        return next(reversed(self._approved.get(customer, [])), "")

    def _same_files(self, rule_set: CompiledRuleSet, approved: Sequence[str]) -> bool:
        if not approved:
            return False
        texts = self._changes.kept_texts(approved[-1]).values()
        return any(_without_catalogue(text) == _without_catalogue(rule_set.text) for text in texts)


def _without_catalogue(text: str) -> str:
    """The files of a kept set; its second line names the catalogue that it was read with."""
    form, _, rest = text.partition("\n")
    return f"{form}\n{rest.partition(chr(10))[2]}"
