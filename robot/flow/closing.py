"""Closing the keys of postings that must not happen any more."""

from __future__ import annotations

from collections.abc import Sequence

from robot.flow.context import Run
from robot.flow.failpoint import failpoint
from robot.flow.lookup import evidence_by_key
from robot.flow.records import EffectRow
from robot.flow.settling import Outcome, after_closing, still_unknown


def close_key(run: Run, row: EffectRow) -> None:
    """Ask the ERP to close the key of a posting; whatever it answers, the evidence decides."""
    failpoint("close-before", row.kind.value)
    try:
        run.ports.poster.tombstone(
            row.company,
            row.document_key,
            generation=row.generation,
            payload_hash=row.payload_hash,
        )
        run.worked(row.company)
    except Exception as error:  # noqa: BLE001 - the evidence says whether it is closed
        run.failed(row.company)
        run.fault(error, row.source_id)
    failpoint("closed", row.kind.value)


def outcomes_of_closing(
    run: Run, rows: Sequence[EffectRow], code: str
) -> list[tuple[EffectRow, Outcome]]:
    """What the evidence says after the keys of these postings were closed.

    A document whose key is closed is held; one that was posted before that is posted. Whatever
    arrives at the ERP later loses against the tombstone.

    Args:
        run: The run that asked.
        rows: The postings.
        code: The error type of those that are closed.
    """
    found, silent = evidence_by_key(run, [(row.company, row.document_key) for row in rows])
    outcomes: list[tuple[EffectRow, Outcome]] = []
    for row in rows:
        evidence = found.get(row.document_key)
        outcome = None
        if row.company not in silent and evidence is not None:
            outcome = after_closing(run, row, evidence, code)
        outcomes.append((row, outcome or still_unknown(code)))
    return outcomes
