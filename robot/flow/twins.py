"""Documents in the robot's own hands that another one repeats or resembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from robot.domain.decision import Outcome
from robot.domain.facts import Creditor, Duplicate, Facts
from robot.domain.invoice import Invoice
from robot.domain.likeness import Likeness, Trait, likeness
from robot.domain.state import CLAIMS_NUMBER, State
from robot.flow.candidate import Candidate, trait_of
from robot.flow.records import Recorded, Twin
from robot.flow.store_port import Documents


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A document that holds its number; `id` is None when it came with this batch."""

    id: int | None
    document_key: str
    state: State
    number: str
    trait: Trait


class Twins:
    """Who came first: recorded documents, and those of the batch that are decided already."""

    def __init__(self, documents: Documents, candidates: Sequence[Candidate]) -> None:
        self._recorded: dict[str, list[Twin]] = {}
        self._decided: dict[str, list[_Claim]] = {}
        for twin in documents.twins([candidate.core for candidate in candidates]):
            for mark in {twin.number_mark, twin.likeness_mark}:
                if mark:
                    self._recorded.setdefault(mark, []).append(twin)

    def claim(self, candidate: Candidate, recorded: Recorded) -> None:
        """Remember a document that was decided; bounced and unreadable ones claim nothing."""
        invoice, state = candidate.document.invoice, recorded.state
        bounced = recorded.decision is not None and recorded.decision.outcome is Outcome.BOUNCE
        if invoice is None or bounced or state not in CLAIMS_NUMBER:
            return
        claim = _Claim(
            id=candidate.known.id if candidate.known else None,
            document_key=candidate.core.document_key,
            state=state,
            number=invoice.number,
            trait=_trait(candidate, invoice),
        )
        if candidate.core.number_mark:
            claims = self._decided.setdefault(candidate.core.number_mark, [])
            if all(_told_apart(claim, other) for other in claims):
                claims.append(claim)
        if candidate.core.likeness_mark:
            # One stands for all that are alike: a supplier may send thousands.
            self._decided.setdefault(candidate.core.likeness_mark, [claim])

    def with_duplicates(self, facts: Facts, candidate: Candidate) -> Facts:
        """The facts, with the robot's own documents among the duplicates.

        Nothing is added while the ERP's own duplicates are not known: unknown stays unknown.
        """
        invoice = candidate.document.invoice
        if invoice is None or not isinstance(facts.duplicates, tuple):
            return facts
        own = self._earlier(candidate, invoice, facts)
        return replace(facts, duplicates=facts.duplicates + own) if own else facts

    def _earlier(
        self, candidate: Candidate, invoice: Invoice, facts: Facts
    ) -> tuple[Duplicate, ...]:
        trait = _trait(candidate, invoice)
        creditor = facts.creditor.number if isinstance(facts.creditor, Creditor) else ""
        found: dict[tuple[str, str], Duplicate] = {}
        for claim in self._claims(candidate, trait):
            if claim.document_key == candidate.core.document_key:
                continue
            like = likeness(trait, claim.trait)
            if like is Likeness.NONE or not _came_first(claim, candidate):
                continue
            found[claim.document_key, claim.number] = Duplicate(
                number=claim.number,
                where="robot",
                exact=like is Likeness.EXACT,
                creditor=creditor,
                amount=claim.trait.amount,
                issue_date=claim.trait.issue_date,
            )
        return tuple(found.values())

    def _claims(self, candidate: Candidate, trait: Trait) -> list[_Claim]:
        marks = (candidate.core.number_mark, candidate.core.likeness_mark)
        claims = [claim for mark in marks if mark for claim in self._decided.get(mark, ())]
        # A mark covers company, supplier and kind: what it finds has these in common.
        claims += [
            _Claim(
                id=twin.id,
                document_key=twin.document_key,
                state=twin.state,
                number=twin.number,
                trait=replace(
                    trait, number=twin.number, amount=twin.total, issue_date=twin.issue_date
                ),
            )
            for mark in marks
            if mark
            for twin in self._recorded.get(mark, ())
        ]
        return claims


def _trait(candidate: Candidate, invoice: Invoice) -> Trait:
    """With the amount that is posted, as it is recorded and as the ledger has it."""
    return replace(trait_of(invoice), amount=candidate.core.total)


def _came_first(claim: _Claim, candidate: Candidate) -> bool:
    """Of two that are not at the ERP yet the earlier one has the number."""
    if claim.state is State.POSTING or candidate.known is None:
        return True
    return claim.id is not None and claim.id < candidate.known.id


def _told_apart(one: _Claim, other: _Claim) -> bool:
    return (one.number, one.trait.amount) != (other.number, other.trait.amount)
