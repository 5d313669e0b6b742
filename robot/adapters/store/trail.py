"""The audit trail: each row's hash covers the row before it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Executable, bindparam, insert, select, update

from robot.adapters.store.columns import AnyRow, instant_text
from robot.adapters.store.engine import reading
from robot.adapters.store.schema import audit, audit_head
from robot.domain.canonical import canonical_text, sha256_hex
from robot.errors import StoreError
from robot.flow.records import AuditRow, TrailProof

#: What the first row's hash covers in place of an earlier row.
START: Final = "0" * 64
_PAGE: Final = 5_000
_INSERT: Final = insert(audit)
_HEAD: Final = select(audit_head.c.seq, audit_head.c.hash)
#: SQLite's writer has the whole database to itself. On SQL Server the row is written as it is: a
#: server that is only compatible with it may pass over its hints for locks (`UPDLOCK`).
LOCKS: Final[Mapping[str, Executable]] = {
    "sqlite": _HEAD,
    "postgresql": _HEAD.with_for_update(),
    "mssql": update(audit_head)
    .values(seq=audit_head.c.seq)
    .returning(audit_head.c.seq, audit_head.c.hash),
}
_SET_HEAD: Final = update(audit_head).values(seq=bindparam("last_seq"), hash=bindparam("last"))
_HASH_AT: Final = select(audit.c.hash).where(audit.c.seq == bindparam("at_seq"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the chain ends."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a unit adds to the trail when it commits."""

    act: str
    document: int | None
    detail: Mapping[str, Any] = field(default_factory=dict)


def lock(connection: Connection) -> Head:
    """The end of the chain, which nobody else moves until the transaction ends."""
    seq, last = connection.execute(LOCKS[connection.dialect.name]).one()
    return Head(seq=seq, hash=last)


def holds(connection: Connection, head: Head) -> bool:
    """Whether this row was committed, as nobody else can have written it."""
    found = connection.execute(_HASH_AT, {"at_seq": head.seq}).scalar()
    return bool(found == head.hash)


def append(
    connection: Connection,
    head: Head,
    entries: list[Entry],
    *,
    at: datetime,
    run: int | None,
    actor: str,
) -> Head:
    """Add rows at the end of the chain, which was locked; where it ends now."""
    if not entries:
        return head
    previous = head.hash
    stamp, said_by = instant_text(at), canonical_text(actor)
    rows = []
    seq = head.seq
    for seq, entry in enumerate(entries, start=head.seq + 1):
        detail = canonical_text(entry.detail)
        previous = _link(previous, _canonical(seq, stamp, run, said_by, entry, detail))
        rows.append(
            {
                "seq": seq,
                "at": at,
                "run_id": run,
                "actor": actor,
                "act": entry.act,
                "document_id": entry.document,
                "detail": detail,
                "hash": previous,
            }
        )
    connection.execute(_INSERT, rows)
    connection.execute(_SET_HEAD, {"last": previous, "last_seq": seq})
    return Head(seq=seq, hash=previous)


def _canonical(
    seq: int, stamp: str, run: int | None, actor: str, entry: Entry, detail: str
) -> str:
    """The row as one line of canonical JSON; actor and detail are JSON already."""
    in_run = "null" if run is None else run
    document = "null" if entry.document is None else entry.document
    return f'[{seq},"{stamp}",{in_run},{actor},"{entry.act}",{document},{detail}]'


def _link(previous: str, row: str) -> str:
    return sha256_hex(previous + row)


class SqlTrail:
    """Reading the trail."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def verify(self) -> TrailProof:
        """Walk the whole chain; the first row that does not fit is named."""
        with reading(self._engine) as connection:
            expected, previous = 0, START
            statement = select(audit).order_by(audit.c.seq)
            for row in connection.execute(statement).yield_per(_PAGE):
                expected += 1
                if row.seq != expected:
                    return _broken(expected, previous, f"row {expected} is missing")
                entry = Entry(act=row.act, document=row.document_id)
                stamp, actor = instant_text(row.at), canonical_text(row.actor)
                line = _canonical(row.seq, stamp, row.run_id, actor, entry, row.detail)
                link = _link(previous, line)
                if link != row.hash:
                    return _broken(expected, previous, f"row {expected} was changed")
                previous = link
            seq, head = connection.execute(_HEAD).one()
        if seq != expected:
            return _broken(expected + 1, previous, f"row {expected + 1} is missing at the end")
        if head != previous:
            return _broken(expected, previous, "the last row is not the one that was written")
        return TrailProof(rows=expected, head=head)

    def rows(
        self,
        *,
        document: int | None = None,
        run: int | None = None,
        after: int = 0,
        acts: Sequence[str] = (),
    ) -> Iterator[AuditRow]:
        """Rows in order, of everything or of one document or run; later than one, of some acts."""
        statement = select(audit).where(audit.c.seq > after).order_by(audit.c.seq)
        if acts:
            statement = statement.where(audit.c.act.in_(list(acts)))
        if document is not None:
            statement = statement.where(audit.c.document_id == document)
        if run is not None:
            statement = statement.where(audit.c.run_id == run)
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                yield _row(row)

    def page(
        self, limit: int, *, act: str = "", actor: str = "", before: int = 0, after: int = 0
    ) -> list[AuditRow]:
        """The newest rows, newest first, of an act and of whoever's name holds a text.

        `before` leaves out that row and later ones; `after` gives the oldest that are later.
        """
        statement = select(audit).limit(limit)
        statement = statement.order_by(audit.c.seq if after else audit.c.seq.desc())
        if before:
            statement = statement.where(audit.c.seq < before)
        if after:
            statement = statement.where(audit.c.seq > after)
        if act:
            statement = statement.where(audit.c.act == act)
        with reading(self._engine) as connection:
            # Each name for itself, as the index gives its rows in order; together they are sorted.
            narrowed = [statement]
            if actor:
                narrowed = [
                    statement.where(audit.c.actor == name)
                    for name in _names_holding(connection, actor)
                ]
            found = [row for each in narrowed for row in connection.execute(each).all()]
        found.sort(key=lambda row: row.seq, reverse=not after)
        return [_row(row) for row in sorted(found[:limit], key=lambda row: -row.seq)]


def _names_holding(connection: Connection, text: str) -> list[str]:
    names = connection.execute(select(audit.c.actor).distinct()).scalars()
    return [name for name in names if text.casefold() in name.casefold()]


def _row(row: AnyRow) -> AuditRow:
    return AuditRow(
        seq=row.seq,
        at=row.at,
        run=row.run_id,
        actor=row.actor,
        act=row.act,
        document=row.document_id,
        detail=_detail(row.detail, row.seq),
    )


def _detail(text: str, seq: int) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise StoreError(f"row {seq} of the audit trail can't be read")
    return found


def _broken(at: int, previous: str, problem: str) -> TrailProof:
    return TrailProof(rows=at - 1, head=previous, broken_at=at, problem=problem)
