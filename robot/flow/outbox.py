"""Carrying out postings and rejections: intent first, then the call, then the evidence.

Safety comes from the document key that the ERP keeps unique, not from anything here: both ways out
of a document go through it, so a request that was lost may be sent again and one that was delayed
loses against the tombstone that overtook it (reliability: the protocol with the key per document).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Final

from robot.domain.state import EffectKind, EffectStatus, State
from robot.errors import SourceError
from robot.flow import findings
from robot.flow.asking import ask
from robot.flow.case_causes import shared_causes
from robot.flow.closing import close_key, outcomes_of_closing
from robot.flow.context import READING, SOURCE, Run
from robot.flow.failpoint import failpoint
from robot.flow.lookup import evidence_by_key
from robot.flow.ports import Evidence
from robot.flow.records import EffectRow, Move, Settlement
from robot.flow.settling import (
    Outcome,
    after_closing,
    after_posting,
    after_tombstone,
    bounced,
    still_unknown,
    withdrawn,
)
from robot.flow.sharing import read_mine

_PAGE: Final = 500
#: Seconds until the first look at what the ERP has not finished, and the most between two: they
#: double, since an ERP that is quick is not to be waited for and a slow one not to be asked often.
_FIRST_LOOK: Final = 0.25
_CONFIRM_STEP: Final = 2.0


class Outbox:
    """Carries out effects of recorded decisions."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.done = 0
        #: What the ERP had taken and not finished when it was last looked at.
        self._under_way = 0
        #: Postings that this run has asked for: once a run is enough.
        self._asked: set[int] = set()

    def reconcile(self) -> None:
        """Settle what earlier runs sent and did not see the end of, by evidence, before all else.

        What the ERP has not got is asked again under the same key, once a run.
        """
        after = self._under_way = 0
        while not self._run.stopping():
            page, rows = read_mine(
                self._run,
                partial(self._run.ports.store.effects.unsettled, after=after, limit=_PAGE),
                attrgetter("company"),
            )
            if not page:
                return
            after = page[-1].id
            self._run.renew()
            postings = [row for row in rows if row.kind is EffectKind.POSTING]
            rejections = [row for row in rows if row.kind is EffectKind.REJECTION]
            absent = self._not_withdrawn(
                [row for row in self._read_back(postings) if row.id not in self._asked]
            )
            for chunk in self._chunks(self._allowed([*absent, *rejections])):
                self._carry_out(chunk)
            self._run.ports.observer.progress("reconcile", self.done)

    def carry_out(self, documents: Sequence[int]) -> None:
        """Carry out what is pending for these documents."""
        pending = self._run.ports.store.effects.of(documents, EffectStatus.PENDING)
        for chunk in self._chunks(pending):
            if self._run.stopping():
                return
            allowed = self._still_approved(self._allowed(chunk))
            if allowed:
                self._carry_out(allowed)
            self._run.ports.observer.progress("act", self.done)

    def confirm(self) -> None:
        """Wait, as long as the options allow, for what the ERP has taken and not finished."""
        waited, step = 0.0, min(_FIRST_LOOK, _CONFIRM_STEP)
        while self._under_way and waited < self._run.options.confirm_seconds:
            if self._run.options.stop.wait(step):
                return
            waited, step = waited + step, min(2 * step, _CONFIRM_STEP)
            self.reconcile()

    def _still_approved(self, rows: Sequence[EffectRow]) -> list[EffectRow]:
        """Those that the source still gives; the others are held before anything is sent."""
        gone = self._withdrawn(rows)
        if gone is None:
            return [row for row in rows if row.kind is not EffectKind.POSTING]
        self._hold(gone)
        return _without(rows, gone)

    def _not_withdrawn(self, rows: Sequence[EffectRow]) -> list[EffectRow]:
        """Those to ask for again; a request whose version the source withdrew is closed instead.

        It may still be on its way, so its key is closed: it then loses, however late it arrives.
        """
        gone = self._withdrawn(rows)
        if gone is None:
            why = still_unknown("the source can't say if it still holds")
            self._settle([(row, why) for row in rows])
            return []
        self._close(gone, findings.SOURCE_WITHDRAWN)
        return _without(rows, gone)

    def _hold(self, rows: Sequence[EffectRow]) -> None:
        """Nothing of these was ever sent."""
        if rows:
            with self._run.unit() as unit:
                withdrawn(unit, rows, self._run.today)

    def _close(self, rows: Sequence[EffectRow], code: str) -> None:
        """Something of these was sent; why they are closed is committed before their keys are."""
        if rows:
            why = still_unknown(code)
            self._settle([(row, why) for row in rows])
            closing = [replace(row, status=why.status, outcome=code) for row in rows]
            for row in self._allowed(closing):
                close_key(self._run, row)
            self._settle(outcomes_of_closing(self._run, closing, code))

    def _withdrawn(self, rows: Sequence[EffectRow]) -> list[EffectRow] | None:
        """The postings whose version the source does not give any more; None when it can't say.

        Asked for a chunk before its claim, and for each document again right before its request.
        """
        postings = [row for row in rows if row.kind is EffectKind.POSTING]
        return self._gone(postings) if postings else []

    def _is_wanted(self, row: EffectRow) -> bool:
        return self._withdrawn([row]) == []

    def _gone(self, rows: Sequence[EffectRow]) -> list[EffectRow] | None:
        if self._run.broken(SOURCE, READING):
            return None
        try:
            gone = self._run.ports.source.withdrawn({(row.source_id, row.version) for row in rows})
        except Exception as error:  # noqa: BLE001 - nothing is known then, and nothing is posted
            if isinstance(error, SourceError):
                self._run.errors["source-unavailable"] += 1
            self._run.failed(SOURCE, READING)
            self._run.fault(error, "the source")
            return None
        self._run.worked(SOURCE, READING)
        return [row for row in rows if (row.source_id, row.version) in gone]

    def _chunks(self, rows: Sequence[EffectRow]) -> Iterator[Sequence[EffectRow]]:
        size = self._run.options.chunk_size
        return (rows[start : start + size] for start in range(0, len(rows), size))

    def _allowed(self, rows: Sequence[EffectRow]) -> list[EffectRow]:
        """Those that no kill switch and no failing company keeps back; asked before each chunk."""
        self._run.pauses()
        return [row for row in rows if not self._kept_back(row)]

    def _kept_back(self, row: EffectRow) -> bool:
        return self._run.broken(row.company) or self._run.is_paused(row.customer)

    def _carry_out(self, rows: Sequence[EffectRow]) -> None:
        kinds = _kinds(rows)
        failpoint("claim-before", kinds)
        claimed = self._claim(rows)
        failpoint("claim-after", kinds)
        called: list[EffectRow] = []
        tombs: list[EffectRow] = []
        untouched: list[EffectRow] = []
        changed: list[EffectRow] = []
        for place, row in enumerate(claimed):
            if self._run.stopping() or self._kept_back(row):
                untouched.append(row)
                continue
            gone = self._withdrawn([row])
            if gone is None:
                # Nor could it be told of a bounce.
                untouched += claimed[place:]
                break
            if gone:
                changed.append(row)
                continue
            if not ask(self._run, row, partial(self._is_wanted, row)):
                untouched.append(row)
                continue
            self._asked.add(row.id)
            (called if row.kind is EffectKind.POSTING else tombs).append(row)
        self._give_back(untouched)
        self._hold([row for row in changed if row.attempts == 1])
        self._close([it for it in changed if it.attempts > 1], findings.SOURCE_WITHDRAWN)
        failpoint("evidence-before", kinds)
        self._give_up_or_wait(self._read_back(called))
        self._reject(tombs)
        self.done += len(called) + len(tombs)

    def _claim(self, rows: Sequence[EffectRow]) -> list[EffectRow]:
        """Commit the intent before any call, so that a crash leaves a trace of it."""
        with self._run.unit() as unit:
            unit.settle(
                [
                    Settlement(effect=row.id, origin=row.status, to=EffectStatus.SENT, tried=1)
                    for row in rows
                ]
            )
            unit.move(
                [
                    Move(
                        document=row.document,
                        origin=row.state,
                        to=_acting(row),
                        act="sending",
                        detail={"effect": row.kind.value, "payload": row.payload_hash},
                    )
                    for row in rows
                    if row.state is State.DECIDED
                ]
            )
        return [_claimed(row) for row in rows]

    def _give_back(self, rows: Sequence[EffectRow]) -> None:
        """Undo the claim of what was, for certain, not sent."""
        fresh = [row for row in rows if row.attempts == 1]
        if not fresh:
            return
        with self._run.unit() as unit:
            unit.settle(
                [
                    Settlement(effect=row.id, origin=row.status, to=EffectStatus.PENDING)
                    for row in fresh
                ]
            )
            unit.move(
                [
                    Move(document=row.document, origin=row.state, to=State.DECIDED, act="not-sent")
                    for row in fresh
                ]
            )

    def _read_back(self, rows: Sequence[EffectRow]) -> list[EffectRow]:
        """Settle postings by evidence; gives those of which the ERP has nothing."""
        found, silent = evidence_by_key(
            self._run, [(row.company, row.document_key) for row in rows]
        )
        absent: list[EffectRow] = []
        outcomes: list[tuple[EffectRow, Outcome]] = []
        for row in rows:
            evidence = found.get(row.document_key)
            if row.company in silent or evidence is None:
                outcomes.append((row, still_unknown("no answer")))
                continue
            outcome = after_posting(self._run, row, evidence)
            if outcome is None:
                absent.append(row)
                continue
            self._under_way += outcome.status is EffectStatus.SENT and not evidence.trouble
            outcomes.append((row, outcome))
        self._settle(outcomes)
        return absent

    def _reject(self, rows: Sequence[EffectRow]) -> None:
        """Bounce what our tombstones won; what they lost goes by what stands there instead."""
        found, silent = evidence_by_key(
            self._run, [(row.company, row.document_key) for row in rows]
        )
        outcomes: list[tuple[EffectRow, Outcome]] = []
        won: list[EffectRow] = []
        for row in rows:
            evidence = found.get(row.document_key)
            if row.company in silent or evidence is None:
                outcomes.append((row, still_unknown("no answer")))
                continue
            outcome = after_tombstone(self._run, row, evidence)
            if outcome is not None:
                outcomes.append((row, outcome))
            elif self._tell_source(row):
                won.append(row)
            else:
                outcomes.append((row, self._not_told(row, evidence)))
        self._settle(outcomes)
        if won:
            failpoint("bounce-before", EffectKind.REJECTION.value)
            ports = self._run.ports
            causes = shared_causes(ports.store, ports.taxonomy, [row.document for row in won])
            with self._run.unit() as unit:
                bounced(unit, won, self._run.today.year, causes)
                failpoint("bounce-within", EffectKind.REJECTION.value)
            failpoint("bounce-after", EffectKind.REJECTION.value)

    def _tell_source(self, row: EffectRow) -> bool:
        if self._run.broken(SOURCE):
            return False
        reasons = json.loads(row.payload)["reasons"]
        failpoint("source-before", row.kind.value)
        try:
            self._run.ports.source.reject(row.source_id, row.version, reasons)
        except Exception as error:  # noqa: BLE001 - tried again in the next run, changes nothing twice
            self._run.fault(error, row.source_id)
            return False
        self._run.worked(SOURCE)
        failpoint("source-told", row.kind.value)
        return True

    def _not_told(self, row: EffectRow, evidence: Evidence) -> Outcome:
        """A version that the source took back itself can't be reopened there; a person looks."""
        unknown = still_unknown("the source was not told")
        if self._run.broken(SOURCE):
            return unknown
        gone = self._gone([row])
        if gone:
            return after_closing(self._run, row, evidence, findings.SOURCE_WITHDRAWN) or unknown
        if gone is not None:
            self._run.errors["source-unavailable"] += 1
        self._run.failed(SOURCE)
        return unknown

    def _give_up_or_wait(self, rows: Sequence[EffectRow]) -> None:
        """Of what the ERP does not show after it was asked: ask on in later runs, or close it.

        A request that the ERP drops each time would be sent for ever. It is not taken for lost
        either: the key is closed first, so that it loses should it arrive after all.
        """
        patience = self._run.options.give_up_after
        overdue = self._allowed([row for row in rows if row.attempts >= patience])
        self._close(overdue, findings.POSTING_GIVEN_UP)
        waits = still_unknown("the ERP has not got it yet")
        self._settle([(row, waits) for row in _without(rows, overdue)])

    def _settle(self, outcomes: Sequence[tuple[EffectRow, Outcome]]) -> None:
        """Write what became of effects; what is as it was before is not written again."""
        changed = [
            (row, outcome)
            for row, outcome in outcomes
            if row.status is not outcome.status or row.outcome != outcome.why
        ]
        if not changed:
            return
        kinds = _kinds([row for row, _ in changed])
        failpoint("settle-before", kinds)
        with self._run.unit() as unit:
            unit.settle(
                [
                    Settlement(
                        effect=row.id, origin=row.status, to=outcome.status, outcome=outcome.why
                    )
                    for row, outcome in changed
                ]
            )
            unit.move([move for _, outcome in changed for move in outcome.moves])
            for row, outcome in changed:
                if not outcome.moves:
                    detail = {"effect": row.kind.value, "why": outcome.why}
                    unit.audit(f"outcome-{outcome.status.value}", detail, row.document)
        failpoint("settle-after", kinds)


def _without(rows: Sequence[EffectRow], others: Sequence[EffectRow]) -> list[EffectRow]:
    ids = {row.id for row in others}
    return [row for row in rows if row.id not in ids]


def _kinds(rows: Sequence[EffectRow]) -> str:
    return "+".join(sorted({row.kind.value for row in rows}))


def _acting(row: EffectRow) -> State:
    return State.POSTING if row.kind is EffectKind.POSTING else State.REJECTING


def _claimed(row: EffectRow) -> EffectRow:
    return replace(
        row, status=EffectStatus.SENT, state=_acting(row), attempts=row.attempts + 1, outcome=""
    )
