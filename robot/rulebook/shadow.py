"""Candidate rules that decide in the shadow: a directory frozen as one text, and made again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.decision import Decision
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.fields import FieldSpec
from robot.domain.money import Money
from robot.errors import RuleChangeError
from robot.rulebook.effective import files_of, kept_text
from robot.rulebook.loader import ERROR_TYPES, LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.ruleset import CompiledRuleSet, Compute
from robot.rulebook.standard import NAME as STANDARD

_TOTAL: Final = "invoice.total_dkk"


def frozen(loaded: LoadedRules, customers: Collection[str] = ()) -> str:
    """A rule directory as one text: the standard, error types, lists and customers' files.

    Args:
        loaded: The directory.
        customers: Stems of the customer files to keep; all of them when empty.

    Raises:
        RuleChangeError: Something in it is broken, so it can't decide.
    """
    if loaded.errors:
        raise RuleChangeError(
            f"the candidate has {len(loaded.errors)} errors, the first: {loaded.errors[0]}",
            hint="`invoice-robot rules check` shows them all",
        )
    kept = [file for stem, file in loaded.customers.items() if not customers or stem in customers]
    if not kept:
        raise RuleChangeError(f"there is no customer's file in {loaded.files.root}")
    shared = [loaded.files.files[name] for name in (STANDARD, ERROR_TYPES)]
    return kept_text(
        [*shared, *loaded.list_files.values(), *(file.file for file in kept)],
        loaded.fields.version,
    )


class FrozenRules:
    """Implements robot.flow.shadow.CandidateRules on a frozen directory.

    Raises:
        ValueError: The text is not one, or this robot can't use its rules.
    """

    def __init__(self, text: str, *, catalogue: Mapping[str, FieldSpec], compute: Compute) -> None:
        self._loaded = load_files(files_of(text, "(candidate)"), Fields(catalogue))
        if self._loaded.errors:
            raise ValueError(str(self._loaded.errors[0]))
        self._compute = compute
        self._sets: dict[str, CompiledRuleSet] = {}
        self._stems = {
            file.customer.bogfoeringskreds: stem
            for stem, file in self._loaded.customers.items()
            if file.customer is not None
        }

    def decide(
        self, customer: str, document: ApprovedDocument, facts: Facts, today: date
    ) -> tuple[Decision, Decimal | None] | None:
        """What the candidate would decide, and the document's total in DKK when it is known."""
        stem = self._stems.get(customer)
        if stem is None:
            return None
        if stem not in self._sets:
            self._sets[stem] = CompiledRuleSet(self._loaded.effective(stem), self._compute)
        rule_set = self._sets[stem]
        if document.refusal is not None or document.invoice is None:
            return rule_set.decide(document, facts, today), None
        values = rule_set.values(document, facts, today)
        total = values.get(_TOTAL)
        amount = total.amount if isinstance(total, Money) else None
        return rule_set.decide_values(values, today), amount
