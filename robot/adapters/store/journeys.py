"""Journeys in the store: events are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    case,
    exists,
    func,
    insert,
    select,
    update,
)

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.counters import take
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import (
    audit,
    case_document,
    counter,
    document,
    document_clock,
    effect,
    journey_event,
    mail_case,
    payment_file,
)
from robot.domain.canonical import compact_text
from robot.domain.journey import Actor, EventName, JourneyEvent, Precision
from robot.domain.state import State
from robot.flow.journey_port import BankFile, Clocks, Posted, TrailedAct

_MARK: Final = "journey"
_PAGE: Final = 1_000
#: Most events say no more than that they happened.
_NO_DETAIL: Final = "{}"
#: Between a record's name and the number of its correction.
_AGAIN: Final = "#"


class SqlJourneys:
    """Reading journeys."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def seen_to(self) -> int:
        """The last row of the trail that the journeys tell."""
        with reading(self._engine) as connection:
            statement = select(counter.c.value).where(counter.c.name == _MARK)
            return int(connection.execute(statement).scalar() or 0)

    def untold(self, after: int, limit: int) -> list[TrailedAct]:
        """Acts on documents that come later in the trail, in order."""
        statement = (
            select(
                audit.c.seq,
                audit.c.at,
                audit.c.actor,
                audit.c.act,
                audit.c.detail,
                document.c.id,
                document.c.document_key,
                document.c.system,
                document.c.steps,
                document.c.due_date,
            )
            .select_from(audit.join(document, document.c.id == audit.c.document_id))
            .where(audit.c.seq > after)
            .order_by(audit.c.seq)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [
                TrailedAct(
                    seq=row.seq,
                    at=row.at,
                    actor=row.actor,
                    act=row.act,
                    document=row.id,
                    document_key=row.document_key,
                    system=row.system,
                    steps=row.steps or "",
                    due_date=row.due_date,
                    detail=json.loads(row.detail),
                )
                for row in connection.execute(statement)
            ]

    def of(self, document_keys: Collection[str], /) -> dict[str, list[JourneyEvent]]:
        """All events of some documents, oldest first, those that were corrected too."""
        found: dict[str, list[JourneyEvent]] = {}
        with reading(self._engine) as connection:
            for part in parts(sorted(document_keys)):
                statement = select(journey_event).where(journey_event.c.document_key.in_(part))
                statement = statement.order_by(
                    journey_event.c.document_key, journey_event.c.at, journey_event.c.id
                )
                for row in connection.execute(statement):
                    found.setdefault(row.document_key, []).append(_event(row))
        return found

    def events(self, *, since: datetime | None = None) -> Iterator[JourneyEvent]:
        """Every event, document by document; with `since`, of documents with a later one."""
        statement = select(journey_event).order_by(
            journey_event.c.document_key, journey_event.c.at, journey_event.c.id
        )
        if since is not None:
            recent = journey_event.alias("recent")
            statement = statement.where(
                exists().where(
                    recent.c.document_key == journey_event.c.document_key, recent.c.at >= since
                )
            )
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                yield _event(row)

    def carried_by(self, mail: int, /) -> list[tuple[str, int]]:
        """Document key and row id of what a mail told about."""
        told = (
            select(document.c.document_key, document.c.id)
            .select_from(effect.join(document, document.c.id == effect.c.document_id))
            .where(effect.c.mail_id == mail)
        )
        latest = select(func.max(document.c.id)).group_by(document.c.document_key)
        referred = (
            select(document.c.document_key, document.c.id)
            .select_from(
                mail_case.join(
                    case_document, case_document.c.case_number == mail_case.c.case_number
                ).join(document, document.c.document_key == case_document.c.document_key)
            )
            .where(mail_case.c.mail_id == mail, document.c.id.in_(latest))
        )
        with reading(self._engine) as connection:
            rows = connection.execute(told).all() or connection.execute(referred).all()
            return sorted((row.document_key, row.id) for row in rows)

    def unpaid(self, *, after: int, limit: int) -> list[Posted]:
        """Posted documents, by id, that were not cleared yet."""
        cleared = exists().where(
            journey_event.c.document_key == document.c.document_key,
            journey_event.c.event == EventName.CLEARED.value,
        )
        sent = exists().where(
            journey_event.c.document_key == document.c.document_key,
            journey_event.c.event == EventName.SENT_TO_BANK.value,
        )
        statement = _POSTED.add_columns(case((sent, 1), else_=0).label("sent"))
        statement = statement.where(document.c.id > after, ~cleared)
        with reading(self._engine) as connection:
            rows = connection.execute(statement.order_by(document.c.id).limit(limit))
            return [replace(_posted(row), sent=bool(row.sent)) for row in rows]

    def find_posted(self, references: Collection[str], /) -> dict[str, Posted]:
        """Posted documents by receipt, or by invoice number where just one has it."""
        found: dict[str, Posted] = {}
        several: set[str] = set()
        with reading(self._engine) as connection:
            for column in (document.c.number, document.c.receipt):
                named: dict[str, Posted] = {}
                for name, posted in _known_as(connection, column, references):
                    if named.setdefault(name, posted) != posted:
                        several.add(name)
                found |= {name: item for name, item in named.items() if name not in several}
        return found

    def clocks(self, documents: Collection[int], /) -> dict[int, Clocks]:
        """The dates of versions, as they were computed."""
        found: dict[int, Clocks] = {}
        with reading(self._engine) as connection:
            for part in parts(sorted(documents)):
                statement = select(document_clock).where(document_clock.c.document_id.in_(part))
                for row in connection.execute(statement):
                    found[row.document_id] = Clocks(
                        document=row.document_id,
                        approved_at=row.approved_at,
                        goal_at=row.goal_at,
                        pay_by=row.pay_by,
                        late_at_receipt=row.late_at_receipt,
                    )
        return found

    def bank_files(self) -> frozenset[str]:
        """The contents (SHA-256) of the bank's files that were read."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(select(payment_file.c.content_hash)).scalars())


class SqlJourneysUnit(UnitPart):
    """Writing journeys in the transaction of a unit."""

    def tell(self, events: Sequence[JourneyEvent]) -> int:
        """Add events; how many are new."""
        known = self._known({event.document_key for event in events})
        rows: list[dict[str, Any]] = []
        for event in events:
            name = (event.document_key, event.event.value, event.source_ref)
            earlier = known.get(name)
            if earlier is not None and earlier[1] == event.at:
                continue
            number, reference, supersedes = 1, event.source_ref, None
            if earlier is not None:
                number = earlier[2] + 1
                reference = f"{event.source_ref}{_AGAIN}{number}"
                supersedes = earlier[0]
            # Given its number below, when it is known how many there are.
            known[name] = (supersedes, event.at, number)
            rows.append(self._row(replace(event, supersedes=supersedes), reference))
        if rows:
            first = take(self._connection, "journey-event", len(rows))
            for number, row in enumerate(rows, start=first):
                row["id"] = number
            self._connection.execute(insert(journey_event), rows)
        return len(rows)

    def told_to(self, seq: int) -> None:
        """Note how far of the trail is told."""
        changed = self._connection.execute(
            update(counter).where(counter.c.name == _MARK).values(value=seq)
        ).rowcount
        if not changed:
            self._connection.execute(insert(counter).values(name=_MARK, value=seq))

    def set_clocks(self, clocks: Sequence[Clocks]) -> None:
        """Keep dates; those of a version that has them already stay."""
        known: set[int] = set()
        for part in parts([item.document for item in clocks]):
            statement = select(document_clock.c.document_id).where(
                document_clock.c.document_id.in_(part)
            )
            known.update(self._connection.execute(statement).scalars())
        rows: list[dict[str, Any]] = []
        for item in clocks:
            if item.document in known:
                continue
            known.add(item.document)
            rows.append(
                {
                    "document_id": item.document,
                    "approved_at": item.approved_at,
                    "goal_at": item.goal_at,
                    "pay_by": item.pay_by,
                    "late_at_receipt": item.late_at_receipt,
                }
            )
        if rows:
            self._connection.execute(insert(document_clock), rows)

    def bank_file_read(self, file: BankFile, *, unmatched: int) -> None:
        """Note that a file was read."""
        self._connection.execute(
            insert(payment_file).values(
                content_hash=file.content_hash,
                name=file.name[:200],
                kind=file.kind,
                read_at=self._stamp.now,
                rows=len(file.rows),
                unmatched=unmatched,
                problem=file.problem,
            )
        )

    def _known(
        self, keys: Collection[str]
    ) -> dict[tuple[str, str, str], tuple[int | None, datetime, int]]:
        """What was told: name of the record to id, time and number of its last correction."""
        found: dict[tuple[str, str, str], tuple[int | None, datetime, int]] = {}
        columns = (
            journey_event.c.id,
            journey_event.c.document_key,
            journey_event.c.event,
            journey_event.c.source_ref,
            journey_event.c.at,
        )
        for part in parts(sorted(keys)):
            statement = select(*columns).where(journey_event.c.document_key.in_(part))
            for row in self._connection.execute(statement.order_by(journey_event.c.id)):
                reference, _, number = row.source_ref.partition(_AGAIN)
                name = (row.document_key, row.event, reference)
                found[name] = (row.id, row.at, int(number or 1))
        return found

    def _row(self, event: JourneyEvent, reference: str) -> dict[str, Any]:
        return {
            "document_key": event.document_key,
            "document_id": event.document,
            "at": event.at,
            "precision": event.precision.value,
            "event": event.event.value,
            "system": event.system,
            "actor": event.actor.value,
            "actor_name": event.actor_name[:200],
            "source_ref": reference[:200],
            "detail": compact_text(dict(event.detail)),
            "supersedes": event.supersedes,
            "recorded_at": self._stamp.now,
        }


_POSTED: Final = select(
    document.c.id,
    document.c.document_key,
    document.c.company,
    document.c.receipt,
    document.c.payable,
    document.c.currency,
).where(document.c.state == State.POSTED.value, document.c.receipt.is_not(None))


def _known_as(
    connection: Connection, column: ColumnElement[str], names: Collection[str]
) -> Iterator[tuple[str, Posted]]:
    for part in parts(sorted(names)):
        statement = _POSTED.add_columns(column.label("name")).where(column.in_(part))
        for row in connection.execute(statement):
            yield row.name, _posted(row)


def _posted(row: AnyRow) -> Posted:
    return Posted(
        document=row.id,
        document_key=row.document_key,
        company=row.company,
        receipt=row.receipt,
        payable=row.payable,
        currency=row.currency,
    )


def _event(row: AnyRow) -> JourneyEvent:
    return JourneyEvent(
        id=row.id,
        document_key=row.document_key,
        document=row.document_id,
        at=row.at,
        precision=Precision(row.precision),
        event=EventName(row.event),
        system=row.system,
        actor=Actor(row.actor),
        actor_name=row.actor_name,
        source_ref=row.source_ref,
        detail={} if row.detail == _NO_DETAIL else json.loads(row.detail),
        supersedes=row.supersedes,
        recorded_at=row.recorded_at,
    )
