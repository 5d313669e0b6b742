"""Documents that rest in the store and that the source does not give any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from robot.domain.state import FINAL, FORGETFUL, IN_FLIGHT, State
from robot.flow import findings
from robot.flow.context import Run
from robot.flow.earlier_life import moves_of_forgotten
from robot.flow.records import DocumentFilter, DocumentRow, KnownVersion, Move
from robot.flow.sharing import read_mine

#: Nothing of them was sent, and only a pull moves them on.
_WAITING_FOR_A_PULL: Final = frozenset({State.DECIDED, State.PULLED})


def hold_withdrawn(run: Run, numbers: Collection[int]) -> None:
    """Hold what was not pulled, so that a person sees it; what is posted after all is taken over.

    A version that waits for an earlier one goes on waiting while the outcome of that is open. What
    is held already stays so.

    Args:
        run: The run, which has read the source to its end.
        numbers: Ids of documents that rest in the store and were not pulled.
    """
    if not numbers:
        return
    store, wanted = run.ports.store, frozenset(numbers)
    # Another robot may have gone on with them before this one got their company.
    resting = DocumentFilter(states=FORGETFUL)
    _, known = read_mine(
        run,
        lambda: [row for row in store.documents.listing(resting) if row.id in wanted],
        lambda row: row.core.company,
    )
    if not known:
        return
    versions = store.documents.known(sorted({row.core.document_key for row in known}))
    rows = [row for row in known if not _in_flight(versions[row.core.document_key])]
    posted = moves_of_forgotten(run, rows)
    ids = {row.id for row in rows if row.state in _WAITING_FOR_A_PULL}
    moves: list[Move] = []
    for row in rows:
        others = versions[row.core.document_key]
        latest = others[-1]
        if row.id in posted:
            moves.append(posted[row.id])
        elif row.id not in ids:
            continue
        elif row.id == latest.id:
            moves.append(_held(run, row))
            moves += [
                _superseded(other.id, other.state, latest)
                for other in others
                if other.state not in FINAL and other.id not in ids and other.id not in posted
            ]
        else:
            moves.append(_superseded(row.id, row.state, latest))
    if moves:
        with run.unit() as unit:
            unit.move(moves)


def _in_flight(versions: Sequence[KnownVersion]) -> bool:
    return any(version.state in IN_FLIGHT for version in versions)


def _superseded(document: int, origin: State, latest: KnownVersion) -> Move:
    return Move(
        document=document,
        origin=origin,
        to=State.SUPERSEDED,
        act="superseded",
        detail={"by": latest.version},
    )


def _held(run: Run, row: DocumentRow) -> Move:
    decision = findings.held_for(findings.SOURCE_WITHDRAWN, run.today)
    return Move(
        document=row.id,
        origin=row.state,
        to=State.HELD,
        act="withdrawn",
        decision=decision,
        digest=findings.digest_of(decision),
    )
