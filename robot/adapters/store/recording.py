"""Writing versions with their decisions: a fixed number of statements a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    update,
)

from robot.adapters.store.counters import take
from robot.adapters.store.engine import exactly
from robot.adapters.store.listed import follow, parts, searched, write_codes
from robot.adapters.store.schema import decision as decisions
from robot.adapters.store.schema import document, effect, finding
from robot.domain.canonical import compact_text
from robot.domain.decision import Decision, Finding
from robot.domain.facts import Facts
from robot.domain.state import FIRST, EffectStatus, State, allowed
from robot.errors import TransitionError
from robot.flow.records import DocumentCore, Move, NewEffect, Recorded

_DOCUMENT: Final = insert(document)
_DECISION: Final = insert(decisions)
_FINDING: Final = insert(finding)
_EFFECT: Final = insert(effect)
_AT: Final = (
    document.c.id == bindparam("at_id"),
    document.c.state == bindparam("origin"),
    document.c.fence <= bindparam("token"),
)


def mark_of(column: Column[int]) -> ColumnElement[int]:
    """The writer's fence; a person's act leaves the one that stands."""
    return func.coalesce(bindparam("mark", type_=BigInteger), column)


_STEP: Final[dict[str, Any]] = {
    "state": bindparam("to"),
    "run_id": bindparam("in_run"),
    "fence": mark_of(document.c.fence),
    "changed_at": bindparam("now"),
}
_JUDGED: Final[dict[str, Any]] = {
    "outcome": bindparam("new_outcome"),
    "codes": bindparam("new_codes"),
    "digest": bindparam("new_digest"),
    "ruleset": bindparam("new_ruleset"),
}
_AGAIN: Final = (
    update(document)
    .where(*_AT)
    .values(
        **_STEP,
        **_JUDGED,
        receipt=bindparam("new_receipt"),
        attempts=bindparam("new_attempts"),
        turn=document.c.turn + 1,
        recheck=False,
    )
)
_MOVE: Final = (
    update(document)
    .where(*_AT)
    .values(
        **_STEP,
        receipt=bindparam("new_receipt"),
        attempts=document.c.attempts + bindparam("failed"),
    )
)
_MOVE_JUDGED: Final = _MOVE.values(
    **_JUDGED, turn=document.c.turn + 1, recheck=False, released_by=None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What every row written by one unit carries."""

    now: datetime
    run: int | None
    #: What a later lease wrote is not changed.
    token: int
    #: What the rows are marked with; None for a person, who takes nothing from a robot at work.
    mark: int | None

    @property
    def fencing(self) -> dict[str, int | None]:
        """The parameters of a conditional update."""
        return {"token": self.token, "mark": self.mark}


def write(connection: Connection, documents: Sequence[Recorded], stamp: Stamp) -> list[int]:
    """Write versions, decisions, findings and effects; ids in the order of the documents.

    Raises:
        TransitionError: A version is not in the state that it was read in, or can't go on so.
    """
    new = [item for item in documents if item.known is None]
    first = take(connection, "document", len(new)) if new else 0
    ids: list[int] = []
    rows: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for item in documents:
        if item.known is None:
            _refuse_first(item)
            ids.append(first + len(rows))
            rows.append(_row(item, ids[-1], stamp))
        else:
            _refuse(item.known.state, item.state)
            ids.append(item.known.id)
            again.append(_changes(item, item.known.id, item.known.state, stamp))
    if rows:
        connection.execute(_DOCUMENT, follow(connection, rows))
    if not exactly(connection, _AGAIN, again):
        raise TransitionError("a document was changed by somebody else in the meantime")
    write_codes(
        connection,
        {row["id"]: row["codes"] for row in rows}
        | {row["at_id"]: row["new_codes"] for row in again},
        had=[row["at_id"] for row in again],
    )
    cancel_pending(connection, [row["at_id"] for row in again], stamp)
    write_decisions(
        connection,
        [
            (number, item.decision, item.facts)
            for number, item in zip(ids, documents, strict=True)
            if item.decision is not None
        ],
        stamp,
    )
    write_effects(
        connection,
        [
            (number, wanted)
            for number, item in zip(ids, documents, strict=True)
            for wanted in item.effects
        ],
        stamp,
    )
    return ids


def move(connection: Connection, moves: Sequence[Move], stamp: Stamp) -> None:
    """Take documents along the table of transitions.

    Raises:
        TransitionError: A document is not in the state that its move starts from.
    """
    plain: list[dict[str, Any]] = []
    judged: list[dict[str, Any]] = []
    for item in moves:
        _refuse(item.origin, item.to)
        changes = _step(item.document, item.origin, item.to, stamp)
        changes |= {"new_receipt": item.receipt, "failed": int(item.failed)}
        if item.decision is None:
            plain.append(changes)
        else:
            judged.append(changes | _judgement(item.decision, item.digest or ""))
    if not (exactly(connection, _MOVE, plain) and exactly(connection, _MOVE_JUDGED, judged)):
        raise TransitionError("a document is not in the state that the change starts from")
    write_codes(
        connection,
        {row["at_id"]: row["new_codes"] for row in judged},
        had=[row["at_id"] for row in judged],
    )
    write_decisions(
        connection,
        [(item.document, item.decision, None) for item in moves if item.decision is not None],
        stamp,
    )


def write_decisions(
    connection: Connection,
    found: Sequence[tuple[int, Decision, Facts | None]],
    stamp: Stamp,
) -> None:
    """Write decisions with their findings."""
    if not found:
        return
    first = take(connection, "decision", len(found))
    rows: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for number, (document_id, decision, facts) in enumerate(found, start=first):
        rows.append(
            {
                "id": number,
                "document_id": document_id,
                "run_id": stamp.run,
                "decided_at": stamp.now,
                "decided_on": decision.decided_on,
                "outcome": decision.outcome.value,
                "ruleset": decision.ruleset,
                "facts_hash": decision.facts_hash,
                "body": compact_text(
                    {
                        "results": decision.results,
                        "posted_by": decision.posted_by,
                        "posting_date": decision.posting_date,
                    }
                ),
                "facts": None if facts is None else facts.text,
            }
        )
        findings.extend(_findings(number, decision))
    connection.execute(_DECISION, rows)
    if findings:
        connection.execute(_FINDING, findings)


def write_effects(
    connection: Connection, wanted: Sequence[tuple[int, NewEffect]], stamp: Stamp
) -> None:
    """Write effects, all pending."""
    if not wanted:
        return
    first = take(connection, "effect", len(wanted))
    connection.execute(
        _EFFECT,
        [
            {
                "id": number,
                "document_id": document_id,
                "kind": item.kind.value,
                "key": item.key,
                "payload": item.payload,
                "payload_hash": item.payload_hash,
                "status": EffectStatus.PENDING.value,
                "attempts": 0,
                "outcome": "",
                "mail_id": None,
                "fence": stamp.mark or 0,
                "created_at": stamp.now,
                "changed_at": stamp.now,
            }
            for number, (document_id, item) in enumerate(wanted, start=first)
        ],
    )


def cancel_pending(connection: Connection, documents: Sequence[int], stamp: Stamp) -> None:
    """Cancel effects of these documents of which nothing was sent."""
    for part in parts(documents):
        connection.execute(
            update(effect)
            .where(
                effect.c.document_id.in_(part),
                effect.c.status == EffectStatus.PENDING.value,
            )
            .values(status=EffectStatus.CANCELLED.value, changed_at=stamp.now)
        )


def _refuse(origin: State, to: State) -> None:
    if not allowed(origin, to):
        raise TransitionError(f"no document goes from {origin} to {to}")


def _refuse_first(item: Recorded) -> None:
    if item.state not in FIRST:
        raise TransitionError(f"no document begins as {item.state}")


def _row(item: Recorded, number: int, stamp: Stamp) -> dict[str, Any]:
    core = item.core
    judgement = _judgement(item.decision, item.digest)
    row = {name: getattr(core, name) for name in _CORE}
    row.update(
        id=number,
        searched=searched(core),
        state=item.state.value,
        outcome=judgement["new_outcome"],
        codes=judgement["new_codes"],
        digest=judgement["new_digest"],
        ruleset=judgement["new_ruleset"],
        receipt=item.receipt,
        attempts=item.attempts,
        turn=1,
        recheck=False,
        released_by=None,
        sent_back_by=None,
        run_id=stamp.run,
        fence=stamp.mark or 0,
        pulled_at=stamp.now,
        changed_at=stamp.now,
    )
    return row


_CORE: Final = tuple(DocumentCore.__dataclass_fields__)


def _changes(item: Recorded, number: int, origin: State, stamp: Stamp) -> dict[str, Any]:
    changes = _step(number, origin, item.state, stamp)
    changes |= _judgement(item.decision, item.digest)
    changes |= {"new_receipt": item.receipt, "new_attempts": item.attempts}
    return changes


def _step(number: int, origin: State, to: State, stamp: Stamp) -> dict[str, Any]:
    return {
        "at_id": number,
        "origin": origin.value,
        "to": to.value,
        "in_run": stamp.run,
        "now": stamp.now,
        **stamp.fencing,
    }


def _judgement(decision: Decision | None, digest: str) -> dict[str, str]:
    if decision is None:
        return {"new_outcome": "", "new_codes": "", "new_digest": digest, "new_ruleset": ""}
    return {
        "new_outcome": decision.outcome.value,
        "new_codes": " ".join(dict.fromkeys(item.code for item in decision.findings)),
        "new_digest": digest,
        "new_ruleset": decision.ruleset,
    }


def _findings(decision_id: int, decision: Decision) -> list[dict[str, Any]]:
    roles: tuple[tuple[str, tuple[Finding, ...]], ...] = (
        ("cause", decision.findings),
        ("suppressed", decision.suppressed),
        ("note", decision.notes),
    )
    found = [(role, item) for role, items in roles for item in items]
    return [
        {
            "decision_id": decision_id,
            "position": position,
            "role": role,
            "code": item.code,
            "path": item.path,
            "seen": item.seen,
            "expected": item.expected,
            "rule": item.rule,
        }
        for position, (role, item) in enumerate(found)
    ]
