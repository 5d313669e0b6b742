"""Postings that the store does not know of: it was restored from a backup, the ERP was not.

Before anything is decided or done about a document that is new to the store, or that rests in it,
the evidence under its key is looked at. So a restored store reconciles itself document by document
before it acts, without anybody having to say that it was restored; and it never takes its own
posting for somebody else's duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence

from robot.domain.answer import saying
from robot.domain.state import FORGETFUL, State
from robot.flow.candidate import Candidate
from robot.flow.context import Run
from robot.flow.evidence import stands_for
from robot.flow.lookup import evidence_by_key
from robot.flow.ports import Evidence
from robot.flow.records import DocumentCore, DocumentRow, Move, Recorded

_ACT = "posted-in-an-earlier-life"


def forgotten_postings(run: Run, candidates: Sequence[Candidate]) -> dict[str, Evidence]:
    """Of pulled documents that are new or rest in the store: the evidence of those posted."""
    return _posted(
        run,
        [
            candidate.core
            for candidate in candidates
            if candidate.document.invoice is not None
            and (candidate.known is None or candidate.known.state in FORGETFUL)
        ],
    )


def taken_over(candidate: Candidate, evidence: Evidence) -> Recorded:
    """The document as posted, by the evidence."""
    return Recorded(
        known=candidate.known,
        core=candidate.core,
        state=State.POSTED,
        digest="",
        receipt=evidence.receipt,
        attempts=candidate.known.attempts if candidate.known else 0,
        act=_ACT,
        detail={"receipt": evidence.receipt, "payload": evidence.payload_hash},
    )


def moves_of_forgotten(run: Run, rows: Sequence[DocumentRow]) -> dict[int, Move]:
    """Of recorded documents that the source does not give any more: the move of those posted."""
    posted = _posted(run, [row.core for row in rows])
    moves = {}
    for row in rows:
        evidence = posted.get(row.core.document_key)
        if evidence is not None:
            moves[row.id] = Move(
                document=row.id,
                origin=row.state,
                to=State.POSTED,
                act=_ACT,
                receipt=evidence.receipt,
                detail={"payload": evidence.payload_hash},
            )
    return moves


def _posted(run: Run, cores: Sequence[DocumentCore]) -> dict[str, Evidence]:
    asked = {core.document_key: core for core in cores if core.company}
    found, _ = evidence_by_key(run, [(core.company, key) for key, core in asked.items()])
    posted = {
        key: evidence
        for key, evidence in found.items()
        if stands_for(asked[key].number, asked[key].total, asked[key].generation, evidence)
    }
    if posted:
        run.problems.append(saying("store-older", documents=len(posted)))
    return posted
