"""The rules in force for one customer, as the flow uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeAlias

from robot.domain.canonical import sha256_hex
from robot.domain.customer import Customer
from robot.domain.decision import Decision, Finding, Outcome
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.fields import FieldValues
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.decide import Decider, refused
from robot.rulebook.effective import NOBODY, EffectiveSet, of_sheet
from robot.rulebook.taxonomy import RULES_MISSING, UNREADABLE

#: Gives every field of the catalogue for one document; robot.checks.compute is the real one.
Compute: TypeAlias = Callable[[ApprovedDocument, Facts, Customer | None, date], Mapping[str, Any]]
_NO_RULES: Final = hashlib.sha256(b"").hexdigest()


class CompiledRuleSet:
    """One effective set, compiled when the first document is decided."""

    def __init__(self, effective: EffectiveSet, compute: Compute) -> None:
        self.effective = effective
        self._compute = compute

    @property
    def hash(self) -> str:
        """Content hash over `text`, hex."""
        return self.effective.hash

    @property
    def customer(self) -> Customer:
        """Whose rules these are."""
        return self.effective.customer

    @property
    def text(self) -> str:
        """The exact text of all files that the set was made from."""
        return self.effective.text

    @property
    def taxonomy(self) -> Taxonomy:
        """The error types that came with the set."""
        return self.effective.taxonomy

    @cached_property
    def compiled(self) -> Compiled:
        """The compiled rules."""
        return compile_set(self.effective)

    @cached_property
    def decider(self) -> Decider:
        """What decides by field values, whatever kind of document they are of."""
        return Decider(self.effective, self.compiled)

    @cached_property
    def _for_repostings(self) -> CompiledRuleSet:
        effective = self.effective.for_repostings
        return self if effective is self.effective else CompiledRuleSet(effective, self._compute)

    def met_by(self, values: FieldValues) -> CompiledRuleSet:
        """The set as a document of this kind meets it: sheets have rules of their own."""
        return self._for_repostings if of_sheet(values) else self

    def values(self, document: ApprovedDocument, facts: Facts, today: date) -> FieldValues:
        """Every field of the catalogue for one document."""
        customer = None if self.customer is NOBODY else self.customer
        return self._compute(document, facts, customer, today)

    def decide(self, document: ApprovedDocument, facts: Facts, today: date) -> Decision:
        """Decide one document. Pure: the same input gives the same decision."""
        if document.refusal is not None or document.invoice is None:
            code = document.refusal or UNREADABLE
            decision = refused(code, document.reason, self.hash, today)
            return replace(decision, facts_hash=sha256_hex(facts.text))
        values = self.values(document, facts, today)
        decision = self.decide_values(values, today)
        return replace(decision, facts_hash=sha256_hex(facts.text), values=values)

    def decide_values(self, values: FieldValues, today: date) -> Decision:
        """Decide by field values alone, as cases and backtests do."""
        return self.met_by(values).decider.decide(values, today)


class MissingRuleSet:
    """Stands where a customer has no usable rules: everything is held with `rules-missing`."""

    def __init__(self, customer: Customer, reason: str) -> None:
        self._customer = customer
        self._reason = reason

    @property
    def hash(self) -> str:
        """The hash of no rules at all."""
        return _NO_RULES

    @property
    def customer(self) -> Customer:
        """Whose rules are missing."""
        return self._customer

    @property
    def text(self) -> str:
        """Nothing."""
        return ""

    def decide(self, document: ApprovedDocument, facts: Facts, today: date) -> Decision:
        """Hold the document, whatever it is; what can't be read is still called that."""
        if document.refusal is not None or document.invoice is None:
            decision = refused(document.refusal or UNREADABLE, document.reason, self.hash, today)
        else:
            finding = Finding(code=RULES_MISSING, path="", seen=self._reason, expected="", rule="")
            decision = Decision(
                outcome=Outcome.HOLD,
                findings=(finding,),
                ruleset=self.hash,
                decided_on=today,
                posting_date=document.statement.posting_date,
            )
        return replace(decision, facts_hash=sha256_hex(facts.text))
