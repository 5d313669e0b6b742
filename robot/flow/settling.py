"""What follows from the evidence about an effect: the next states, in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from robot.domain.answer import saying
from robot.domain.canonical import sha256_hex
from robot.domain.state import EffectKind, EffectStatus, State
from robot.flow import findings
from robot.flow.context import Run
from robot.flow.evidence import (
    PostingVerdict,
    RejectionVerdict,
    judge_posting,
    judge_rejection,
    stands_for,
)
from robot.flow.order import order_from
from robot.flow.ports import Evidence
from robot.flow.records import EffectRow, Move, NewEffect, Settlement
from robot.flow.store_port import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where an effect goes, why, and where its document goes, if anywhere."""

    status: EffectStatus
    why: str = ""
    moves: tuple[Move, ...] = ()


def after_posting(run: Run, row: EffectRow, evidence: Evidence) -> Outcome | None:
    """What follows from the evidence about a posting; None when the ERP has nothing of it."""
    verdict = judge_posting(
        order_from(json.loads(row.payload)),
        generation=row.generation,
        payload_hash=row.payload_hash,
        evidence=evidence,
    )
    if verdict is PostingVerdict.ABSENT:
        return None
    if verdict is PostingVerdict.UNDER_WAY:
        if evidence.trouble:
            _alert(run, row, evidence)
        why = evidence.trouble or "the ERP has it and is not finished"
        return Outcome(status=EffectStatus.SENT, why=why)
    if verdict is PostingVerdict.POSTED:
        return _posted(row, evidence)
    if verdict is PostingVerdict.DIFFERS:
        # Something of ours is posted: only a person can say what is to happen now.
        run.errors[findings.RECEIPT_DIFFERS] += 1
        return Outcome(status=EffectStatus.UNKNOWN, why=findings.RECEIPT_DIFFERS)
    if verdict is PostingVerdict.REFUSED:
        text = evidence.refusal or ""
        code = evidence.trouble or run.ports.map_refusal(text)
        return _held(run, row, code, seen=text)
    code = findings.KEY_CONFLICT
    if verdict is PostingVerdict.CLOSED:
        # A robot that was killed when it had closed the key had written down why.
        code = row.outcome if row.outcome in findings.CLOSED_FOR else findings.KEY_CLOSED
    return _held(run, row, code, seen=evidence.receipt or "")


def after_tombstone(run: Run, row: EffectRow, evidence: Evidence) -> Outcome | None:
    """What follows from the evidence about a tombstone; None when ours has won."""
    verdict = judge_rejection(generation=row.generation, evidence=evidence)
    if verdict is RejectionVerdict.WON:
        return None
    if verdict is RejectionVerdict.LOST_POSTED:
        if stands_for(row.number, row.total, row.generation, evidence):
            return _posted(row, evidence, EffectStatus.REFUSED)
        return _held(run, row, findings.KEY_CONFLICT, seen=evidence.receipt or "")
    if verdict is RejectionVerdict.LOST_LIVE:
        return Outcome(status=EffectStatus.UNKNOWN, why="a request to post holds the key")
    return Outcome(status=EffectStatus.UNKNOWN, why="the ERP has not got it yet")


def after_closing(run: Run, row: EffectRow, evidence: Evidence, code: str) -> Outcome | None:
    """What follows when the key was closed because a posting must not happen any more.

    None when the ERP shows neither the tombstone nor anything else of it.
    """
    if judge_rejection(generation=row.generation, evidence=evidence) is RejectionVerdict.WON:
        return _held(run, row, code, seen="")
    return after_posting(run, row, evidence)


def still_unknown(why: str) -> Outcome:
    """The outcome is not known; a later run asks again."""
    return Outcome(status=EffectStatus.UNKNOWN, why=why)


def withdrawn(unit: Unit, rows: Sequence[EffectRow], today: date) -> None:
    """Hold documents whose version the source withdrew before anything of them was sent."""
    decision = findings.held_for(findings.SOURCE_WITHDRAWN, today)
    unit.settle(
        [
            Settlement(
                effect=row.id,
                origin=row.status,
                to=EffectStatus.CANCELLED,
                outcome=findings.SOURCE_WITHDRAWN,
            )
            for row in rows
        ]
    )
    unit.move(
        [
            Move(
                document=row.document,
                origin=row.state,
                to=State.HELD,
                act="withdrawn",
                decision=decision,
                digest=findings.digest_of(decision),
            )
            for row in rows
        ]
    )


def bounced(
    unit: Unit, rows: Sequence[EffectRow], year: int, causes: Mapping[int, str] | None = None
) -> None:
    """Write down documents that our tombstones won and that the source has reopened.

    Args:
        unit: The transaction.
        rows: Their rejections.
        year: Part of the number of a new case.
        causes: Row id to the cause that one repair removes, for documents that share a case.
    """
    unit.settle(
        [Settlement(effect=row.id, origin=row.status, to=EffectStatus.DONE) for row in rows]
    )
    numbers = unit.open_cases([row.document for row in rows], year, causes)
    unit.move(
        [
            Move(
                document=row.document,
                origin=row.state,
                to=State.BOUNCED,
                act="bounced",
                detail={"case": number, "payload": row.payload_hash},
            )
            for row, number in zip(rows, numbers, strict=True)
        ]
    )
    unit.add_effects([(row.document, _notice(row)) for row in rows])


def _notice(row: EffectRow) -> NewEffect:
    """One logical notice for a document, its findings and its version (one episode)."""
    return NewEffect(
        kind=EffectKind.NOTICE,
        key=sha256_hex(f"{row.document_key}\n{row.version}\n{row.payload_hash}"),
        payload=row.payload,
        payload_hash=row.payload_hash,
    )


def _posted(
    row: EffectRow, evidence: Evidence, status: EffectStatus = EffectStatus.DONE
) -> Outcome:
    return Outcome(
        status=status,
        why=evidence.receipt or "",
        moves=(
            Move(
                document=row.document,
                origin=row.state,
                to=State.POSTED,
                act="posted",
                receipt=evidence.receipt,
                detail={"payload": row.payload_hash},
            ),
        ),
    )


def _held(run: Run, row: EffectRow, code: str, *, seen: str) -> Outcome:
    decision = findings.held_for(code, run.today, seen=_masked(seen), ruleset=row.ruleset)
    return Outcome(
        status=EffectStatus.REFUSED,
        why=code,
        moves=(
            Move(
                document=row.document,
                origin=row.state,
                to=State.HELD,
                act="refused",
                decision=decision,
                digest=findings.digest_of(decision),
                failed=True,
            ),
        ),
    )


def _alert(run: Run, row: EffectRow, evidence: Evidence) -> None:
    """Tell a person, once a run, of what no later run will settle by itself."""
    refusal = _masked(evidence.refusal or "")
    words = saying(
        "document-unsettled",
        document=row.source_id,
        code=evidence.trouble,
        text=f": {refusal}" if refusal else "",
    )
    if words not in run.problems:
        run.problems.append(words)
        run.errors[evidence.trouble] += 1


#: Account numbers, and CPR numbers with their hyphen or blank, up to their last four digits.
_LONG_NUMBER: Final = re.compile(r"[0-9]{6,}(?=[0-9]{4})|[0-9]{6}[- ](?=[0-9]{4}(?![0-9]))")


def _masked(text: str) -> str:
    """The ERP's words without whole account or CPR numbers."""
    return _LONG_NUMBER.sub("…", text)
