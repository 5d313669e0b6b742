"""What a person does to a held document: each act has a reason, a name and a row in the trail.

A clerk changes no invoice and posts nothing by hand: a release lets the next run post what it has
looked up and decided anew, and only when all that stands against it may be passed over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from robot.domain.answer import refusal
from robot.domain.calendar import COPENHAGEN
from robot.domain.decision import Decision, Finding, Outcome
from robot.domain.reposting import REPOSTING
from robot.domain.state import State
from robot.domain.taxonomy import ErrorClass, Taxonomy
from robot.errors import ActError
from robot.flow import findings
from robot.flow.deciding import effect_key, rejection
from robot.flow.ports import Clock
from robot.flow.records import DocumentFilter, DocumentRow, Lease, Move
from robot.flow.store_port import Store

_WAITING: Final = frozenset({State.HELD, State.UNREADABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """A person at work on held documents.

    Args:
        store: The robot's own database.
        taxonomy: Says what may be passed over.
        clock: Gives the day of the decision.
        name: Who acts; goes into the trail.
    """

    store: Store
    taxonomy: Taxonomy
    clock: Clock
    name: str
    #: Under which an act that takes minutes writes, so that nobody does it twice.
    lease: Lease | None = None

    def find(self, reference: str) -> DocumentRow:
        """The latest version of the one document that the reference means.

        Args:
            reference: Source document id, invoice number, case number or the beginning (at least
                eight characters) of the document key.

        Raises:
            ActError: There is none, or several documents are meant.
        """
        rows = list(self.store.documents.listing(DocumentFilter(reference=reference)))
        keys = {row.core.document_key for row in rows}
        if not rows:
            raise refusal(
                ActError,
                "no-document",
                hint="see `invoice-robot invoice list`",
                reference=reference,
            )
        if len(keys) > 1:
            named = ", ".join(f"{row.core.customer} {row.core.source_id}" for row in rows)
            raise refusal(ActError, "several-documents", reference=reference, documents=named)
        return rows[-1]

    def recheck(self, reference: str, reason: str) -> DocumentRow:
        """Have the next run look it up and decide it again.

        Raises:
            ActError: It is not held, or the reason is missing.
        """
        row = self._held(reference, reason)
        with self.store.writing(actor=self.name) as unit:
            unit.request(row.id)
            unit.audit("recheck-asked", {"reason": reason}, row.id)
        return self.store.documents.get(row.id)

    def release(self, reference: str, reason: str) -> DocumentRow:
        """Have the next run post it in spite of its findings, when nothing new speaks against it.

        Raises:
            ActError: It is not held, the reason is missing, or a finding may not be passed over.
        """
        row = self._held(reference, reason)
        if row.state is State.UNREADABLE:
            raise refusal(ActError, "not-readable")
        refused = self._not_releasable(row.codes)
        if refused:
            raise refusal(ActError, "not-releasable", codes=", ".join(refused))
        if findings.SECOND_PERSON in row.codes and _handed_in_by(row) == self.name.casefold():
            raise refusal(ActError, "second-person")
        with self.store.writing(actor=self.name) as unit:
            unit.request(row.id, released_by=self.name)
            unit.audit("released", {"reason": reason, "codes": list(row.codes)}, row.id)
        return self.store.documents.get(row.id)

    def bounce(self, reference: str, reason: str, codes: Sequence[str]) -> DocumentRow:
        """Send it back to its customer with these error types; the next run carries it out.

        Raises:
            ActError: It is not held, reason or codes are missing or unknown, a finding is one of
                security, or nobody knows the customer.
        """
        row = self._held(reference, reason)
        unknown = [code for code in codes if code not in self.taxonomy]
        if unknown or not codes:
            raise (
                refusal(ActError, "no-error-type", codes=", ".join(unknown))
                if unknown
                else refusal(ActError, "no-error-type-given")
            )
        if not row.core.company:
            raise refusal(ActError, "nobody-knows-whose")
        if row.core.system == REPOSTING:
            raise refusal(ActError, "sheet-not-sent-back")
        if self._of_security(row.codes):
            raise refusal(ActError, "of-security")
        decision = self._decided(row, codes, reason)
        version = next(
            known
            for known in self.store.documents.known([row.core.document_key])[row.core.document_key]
            if known.id == row.id
        )
        effect = rejection(
            effect_key(row.core.document_key, row.core.version, version.turn + 1), list(codes)
        )
        with self.store.writing(actor=self.name) as unit:
            unit.request(row.id, sent_back_by=self.name)
            unit.move(
                [
                    Move(
                        document=row.id,
                        origin=row.state,
                        to=State.DECIDED,
                        act="bounce-asked",
                        detail={"reason": reason},
                        decision=decision,
                        digest=findings.digest_of(decision, effect.payload_hash),
                    )
                ]
            )
            unit.add_effects([(row.id, effect)])
        return self.store.documents.get(row.id)

    def drop(self, reference: str, reason: str) -> DocumentRow:
        """Take it out: it is settled outside the robot, which does nothing more about it.

        Raises:
            ActError: It is not held, or the reason is missing.
        """
        row = self._held(reference, reason)
        with self.store.writing(actor=self.name) as unit:
            unit.move(
                [
                    Move(
                        document=row.id,
                        origin=row.state,
                        to=State.DROPPED,
                        act="dropped",
                        detail={"reason": reason},
                    )
                ]
            )
        return self.store.documents.get(row.id)

    def pause(self, customer: str, reason: str) -> None:
        """Stop the robot for one customer, or for everything when `customer` is empty.

        Raises:
            ActError: The reason is missing.
        """
        _demand(reason)
        with self.store.writing(actor=self.name) as unit:
            unit.pause(customer, reason)

    def resume(self, customer: str) -> bool:
        """Let it go on; whether it was paused."""
        with self.store.writing(actor=self.name) as unit:
            return unit.resume(customer)

    def note_restore(self, reason: str, skip_cases: int) -> None:
        """Note that the store was restored from an older copy.

        Case numbers that customers may have been told since then are not given out again, and a
        robot that has not noticed holds no token that is given out anew.

        Args:
            reason: Why; goes into the trail.
            skip_cases: How many case numbers are left out.

        Raises:
            ActError: The reason is missing.
        """
        _demand(reason)
        with self.store.writing(actor=self.name) as unit:
            unit.skip_numbers(skip_cases)
            unit.audit("store-restored", {"reason": reason, "skipped": skip_cases})

    def _held(self, reference: str, reason: str) -> DocumentRow:
        _demand(reason)
        row = self.find(reference)
        if row.state not in _WAITING:
            raise refusal(ActError, "not-held", document=row.core.source_id, state=row.state.value)
        return row

    def _not_releasable(self, codes: Sequence[str]) -> list[str]:
        return [code for code in codes if not findings.may_be_released((code,), self.taxonomy)]

    def _of_security(self, codes: Sequence[str]) -> bool:
        return any(
            findings.error_class(code, self.taxonomy) is ErrorClass.SECURITY for code in codes
        )

    def _decided(self, row: DocumentRow, codes: Sequence[str], reason: str) -> Decision:
        """The clerk's own decision; causes keep what was seen when the robot found them too."""
        stands = self.store.documents.decisions(row.id)[-1].decision
        seen = {finding.code: finding for finding in stands.findings}
        made_by = f"clerk {self.name}"
        return Decision(
            outcome=Outcome.BOUNCE,
            findings=tuple(
                seen.get(code) or Finding(code=code, path="", seen="", expected="", rule=made_by)
                for code in dict.fromkeys(codes)
            ),
            notes=(Finding(code=codes[0], path="", seen=reason, expected="", rule=made_by),),
            ruleset=row.ruleset,
            facts_hash=stands.facts_hash,
            decided_on=self.clock.now().astimezone(COPENHAGEN).date(),
        )


def _handed_in_by(row: DocumentRow) -> str:
    """Who handed a re-posting sheet in, by the steps that its source states."""
    steps = json.loads(row.core.steps or "[]")
    return str(steps[0][1]).casefold() if steps else ""


def _demand(reason: str) -> None:
    if not reason.strip():
        raise refusal(ActError, "no-reason")
