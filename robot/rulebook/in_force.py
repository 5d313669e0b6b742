"""The rule sets in force at one moment, and which of them a document belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from robot.domain.decision import RuleSet
from robot.domain.document import ApprovedDocument
from robot.domain.invoice import Party
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.mail_words import MailWords
from robot.rulebook.problem import Problem
from robot.rulebook.refusals import RefusalTable
from robot.rulebook.ruleset import MissingRuleSet


@dataclass(slots=True, kw_only=True)
class InForce:
    """The sets of one moment, and the numbers that find them."""

    sets: dict[str, RuleSet] = field(default_factory=dict)
    by_gln: dict[str, str] = field(default_factory=dict)
    by_cvr: dict[str, list[str]] = field(default_factory=dict)
    nobody: RuleSet
    taxonomy: Taxonomy
    refusals: RefusalTable
    mail_words: MailWords
    problems: tuple[Problem, ...] = ()

    def add(self, rule_set: RuleSet) -> None:
        """Put a set in force; one that is only missing takes no other's place."""
        customer = rule_set.customer
        kreds = customer.bogfoeringskreds
        present = self.sets.get(kreds)
        if present is not None and isinstance(rule_set, MissingRuleSet):
            return
        self.sets[kreds] = rule_set
        for gln in customer.glns:
            self.by_gln.setdefault(gln, kreds)
        if customer.cvr is not None and kreds not in self.by_cvr.setdefault(customer.cvr, []):
            self.by_cvr[customer.cvr].append(kreds)

    def kreds_of(self, document: ApprovedDocument) -> str | None:
        """The customer by the source's own word, else by the buyer's GLN, else by its CVR.

        A CVR that several customers share names none of them.
        """
        stated = document.statement.customer
        if stated is not None:
            return stated
        if document.invoice is None:
            return None
        buyer = document.invoice.buyer
        for gln in _numbers(buyer, "gln"):
            if gln in self.by_gln:
                return self.by_gln[gln]
        for cvr in _numbers(buyer, "cvr"):
            sharing = self.by_cvr.get(cvr, [])
            if len(sharing) == 1:
                return sharing[0]
        return None


def _numbers(party: Party, scheme: str) -> list[str]:
    """Every identifier of a scheme that a party states, the endpoint first."""
    stated = (party.endpoint, *party.identifiers, party.legal_id, party.vat_id)
    return [one.value for one in stated if one is not None and one.scheme == scheme]
