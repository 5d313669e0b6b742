"""A candidate set of rules decides beside the one in force, and only that: it never acts.

Whatever goes wrong with the candidate ends the shadow and leaves the run alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Final, Protocol, TypeAlias

from robot.domain.decision import Decision, Outcome
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.errors import LeaseLostError
from robot.flow.records import DocumentCore
from robot.flow.rule_records import Comparison, Shadow, ShadowStatus
from robot.flow.store_port import Store, Unit

#: The outcome of a candidate that failed on a document.
FAULT: Final = "fault"


class CandidateRules(Protocol):
    """Rules that are not in force."""

    def decide(
        self, customer: str, document: ApprovedDocument, facts: Facts, today: date
    ) -> tuple[Decision, Decimal | None] | None:
        """What they would decide, and the document's total in DKK when it is known.

        None when they have nothing to say about the customer (its bogføringskreds).
        """


#: Makes the rules of a kept text; raises when it can't.
LoadCandidate: TypeAlias = Callable[[str], CandidateRules]
#: Told of a fault that the run survives, and what it was about.
OnFault: TypeAlias = Callable[[Exception, str], None]


class ShadowWatch:
    """One run's part of a shadow."""

    def __init__(self, shadow: Shadow, rules: CandidateRules | None, words: str = "") -> None:
        self._shadow = shadow
        self._rules = rules
        self._words = words
        self._seen: list[Comparison] = []

    def compare(
        self,
        core: DocumentCore,
        document: ApprovedDocument,
        facts: Facts,
        decision: Decision,
    ) -> None:
        """Have the candidate decide what was just decided."""
        if self._rules is None or not self._covers(core.customer):
            return
        try:
            answer = self._rules.decide(core.customer, document, facts, decision.decided_on)
        except Exception as error:  # noqa: BLE001 - a candidate never disturbs the run
            self._seen.append(_comparison(core, decision, None, None, type(error).__name__))
            return
        if answer is not None:
            self._seen.append(_comparison(core, decision, *answer))

    def keep(self, unit: Callable[[], AbstractContextManager[Unit]], on_fault: OnFault) -> None:
        """Write what was seen since the last time, in a unit of its own.

        Raises:
            LeaseLostError: Another robot took over.
        """
        seen, self._seen = self._seen, []
        if not seen:
            return
        try:
            with unit() as begun:
                begun.rules.keep_comparisons(self._shadow.id, seen)
        except LeaseLostError:
            raise
        except Exception as error:  # noqa: BLE001 - a candidate never disturbs the run
            self._rules = None
            self._words = f"what it saw could not be kept: {error}"
            on_fault(error, "the shadow")

    def close(self, unit: Unit, *, whole: bool) -> None:
        """Count the run if it was a whole one; end a shadow whose candidate can't be used."""
        if self._rules is None:
            unit.rules.end_shadow(self._shadow.id, ShadowStatus.FAILED, self._words)
        elif whole:
            unit.rules.shadow_run_done(self._shadow.id)

    @property
    def problem(self) -> str:
        """Why the shadow ends, for the run's summary; empty when it goes on."""
        if self._rules is not None:
            return ""
        return f"the shadow of {self._shadow.directory} has ended: {self._words}"

    def _covers(self, customer: str) -> bool:
        return bool(customer) and (
            not self._shadow.customers or customer in self._shadow.customers
        )


def shadow_of(store: Store, load: LoadCandidate | None) -> ShadowWatch | None:
    """The shadow that runs now, with its candidate loaded; None when there is none."""
    shadow = store.rules.shadow()
    if shadow is None or shadow.status is not ShadowStatus.RUNNING or load is None:
        return None
    try:
        return ShadowWatch(shadow, load(shadow.text))
    except Exception as error:  # noqa: BLE001 - a candidate never disturbs the run
        return ShadowWatch(shadow, None, f"its rules can't be read ({error})")


def _comparison(
    core: DocumentCore,
    old: Decision,
    new: Decision | None,
    amount: Decimal | None,
    fault: str = "",
) -> Comparison:
    return Comparison(
        document_key=core.document_key,
        version=core.version,
        customer=core.customer,
        source_id=core.source_id,
        number=core.number,
        supplier="" if core.confidential else core.supplier,
        amount=None if core.confidential else amount,
        old_outcome=old.outcome.value,
        new_outcome=FAULT if new is None else new.outcome.value,
        old_codes=_codes(old),
        new_codes=(fault,) if new is None else _codes(new),
        old_rules=_rules(old),
        new_rules=() if new is None else _rules(new),
    )


def _codes(decision: Decision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.code for finding in decision.findings))


def _rules(decision: Decision) -> tuple[str, ...]:
    if decision.outcome is Outcome.POST:
        return decision.posted_by
    return tuple(dict.fromkeys(finding.rule for finding in decision.findings if finding.rule))
