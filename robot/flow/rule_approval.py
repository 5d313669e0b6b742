"""Four eyes on rule sets: propose, and approve what somebody else wrote."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from robot.domain.answer import refusal
from robot.errors import RuleChangeError
from robot.flow.ports import Clock
from robot.flow.rule_records import Approval, Proposal
from robot.flow.store_port import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A person who proposes or approves rule sets.

    Args:
        store: The robot's own database.
        clock: Stamps what is done.
        name: The person's account; goes into the trail.
        also: Other names of the same person (mail address, name in git).
    """

    store: Store
    clock: Clock
    name: str
    also: Collection[str] = ()

    def propose(
        self, customer: str, ruleset: str, text: str, *, authors: Collection[str], note: str = ""
    ) -> Proposal:
        """Propose a set; whoever proposes counts as one of its authors.

        Args:
            customer: Bogføringskreds, empty for the standard alone.
            ruleset: The set's hash.
            text: The set's text.
            authors: Who wrote it.
            note: What it is for.
        """
        proposal = Proposal(
            ruleset=ruleset,
            customer=customer,
            text=text,
            authors=tuple(sorted({*authors, self.name, *self.also})),
            proposed_by=self.name,
            proposed_at=self.clock.now(),
            note=note,
        )
        with self.store.writing(actor=self.name) as unit:
            unit.rules.propose(proposal)
        return proposal

    def approve(self, ruleset: str, reason: str, *, commit: str = "") -> Proposal:
        """Approve a proposed set, which lets the next run use it.

        Args:
            ruleset: The set's hash.
            reason: Kept in the trail.
            commit: The signed commit that holds its files, when one is asked for.

        Raises:
            RuleChangeError: It was not proposed, there is no reason, or the approver is one of
                its authors.
        """
        if not reason.strip():
            raise refusal(RuleChangeError, "no-approval-reason")
        proposal = self._proposed(ruleset)
        mine = {name.casefold() for name in (self.name, *self.also)}
        theirs = {name.casefold() for name in (proposal.proposed_by, *proposal.authors)}
        if mine & theirs:
            raise refusal(RuleChangeError, "own-proposal", person=self.name, ruleset=ruleset[:12])
        approval = Approval(by=self.name, at=self.clock.now(), reason=reason, commit=commit)
        with self.store.writing(actor=self.name) as unit:
            unit.rules.approve(ruleset, approval)
        return replace(proposal, approval=approval)

    def _proposed(self, ruleset: str) -> Proposal:
        for found in self.store.rules.proposals():
            if found.ruleset == ruleset:
                return found
        raise refusal(
            RuleChangeError,
            "not-proposed",
            hint="`invoice-robot rules propose` does",
            ruleset=ruleset[:12],
        )
