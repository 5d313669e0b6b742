"""Measures of journeys in the store: kept one a document, summed up by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, delete, false, func, insert, select, true, update

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import (
    counter,
    document,
    document_clock,
    document_measure,
    journey_event,
)
from robot.domain.case import Ball
from robot.domain.reposting import REPOSTING
from robot.domain.state import State
from robot.flow.measure_port import (
    Alike,
    Extent,
    Held,
    Mark,
    Measure,
    Spread,
    Subject,
    Waiting,
)

#: The last event that is measured, and by what it was.
_MARK, _BASIS = "measured-event", "measured-by"
_PAGE: Final = 1_000
_OF: Final = document_measure.c
#: Significant digits of days between events; a second of a year has eight.
_DIGITS: Final = ".10g"


class SqlMeasures:
    """Reading measures."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def alike(self, extent: Extent, /) -> list[Alike]:
        """Documents that do not move, by day and marks."""
        added = (
            _OF.bounces,
            _OF.preventable,
            _OF.refusals,
            _OF.unmapped,
            _OF.customer_days,
            _OF.centre_days,
            _OF.bank_days,
            _OF.supplier_days,
        )
        sums = [func.sum(column).label(column.name) for column in added]
        statement = (
            select(_OF.day, _OF.marks, func.count().label("documents"), *sums)
            .where(_OF.moving == false(), *_within(extent))
            .group_by(_OF.day, _OF.marks)
            .order_by(_OF.day, _OF.marks)
        )
        with reading(self._engine) as connection:
            return [
                Alike(
                    day=row.day,
                    marks=Mark(row.marks),
                    documents=row.documents,
                    bounces=row.bounces,
                    preventable=row.preventable,
                    refusals=row.refusals,
                    unmapped=row.unmapped,
                    held=_held(row),
                )
                for row in connection.execute(statement)
            ]

    def moving(self, extent: Extent, /) -> Iterator[Measure]:
        """Documents that move, one by one."""
        statement = select(document_measure).where(_OF.moving == true(), *_within(extent))
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                yield _measure(row)

    def spread(self, extent: Extent, what: Spread, /) -> list[tuple[float, int]]:
        """Each value of those that do not move, and how many have it."""
        column = _OF[what.value]
        statement = (
            select(column, func.count())
            .where(_OF.moving == false(), column.is_not(None), *_within(extent))
            .group_by(column)
        )
        with reading(self._engine) as connection:
            return [(value, many) for value, many in connection.execute(statement)]

    def codes(self, extent: Extent, /) -> Mapping[str, int]:
        """Error type to how many documents met it."""
        statement = (
            select(_OF.codes, func.count())
            .where(_OF.codes != "", *_within(extent))
            .group_by(_OF.codes)
        )
        found: Counter[str] = Counter()
        with reading(self._engine) as connection:
            for codes, many in connection.execute(statement):
                found.update(dict.fromkeys(codes.split(), many))
        return found

    def waiting(self, extent: Extent, /) -> list[Waiting]:
        """Documents of which something is left to be done, by ball and due date."""
        statement = (
            select(_OF.ball, _OF.due, func.count())
            .where(_OF.waiting == true(), *_within(extent))
            .group_by(_OF.ball, _OF.due)
        )
        with reading(self._engine) as connection:
            return [
                Waiting(ball=Ball(ball) if ball else None, due=due, documents=many)
                for ball, due, many in connection.execute(statement)
            ]

    def paths(self, extent: Extent, /) -> Iterator[tuple[str, str]]:
        """Each document's events and the days between them, both separated by spaces."""
        statement = select(_OF.path, _OF.path_days).where(*_within(extent))
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                yield row.path, row.path_days

    def basis(self) -> int:
        """By which calendar and taxonomy they were measured, as a number; 0: by none."""
        return self._counted(_BASIS)

    def behind(self) -> int:
        """How many events were told that nothing measured."""
        told = select(func.count()).where(journey_event.c.id > self._counted(_MARK))
        with reading(self._engine) as connection:
            return connection.execute(told).scalar_one()

    def due(self, limit: int, /) -> tuple[list[str], int]:
        """Documents to measure after so many more events, and the last of these events."""
        after = self._counted(_MARK)
        numbers = (
            select(journey_event.c.id)
            .where(journey_event.c.id > after)
            .order_by(journey_event.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            found = list(connection.execute(numbers).scalars())
            if not found:
                return [], 0
            touched = select(journey_event.c.document_key).where(
                journey_event.c.id > after, journey_event.c.id <= found[-1]
            )
            keys = (
                select(journey_event.c.document_key)
                .where(journey_event.c.document_key.in_(touched))
                .group_by(journey_event.c.document_key)
                .having(func.max(journey_event.c.id) <= found[-1])
            )
            return list(connection.execute(keys).scalars()), found[-1]

    def subjects(self, document_keys: Sequence[str], /) -> list[Subject]:
        """The latest versions of documents. Re-postings are left out: they are no invoices."""
        statement = select(
            document.c.document_key,
            document.c.customer,
            document.c.state,
            document.c.due_date,
            document.c.pulled_at,
            document_clock.c.goal_at,
            document_clock.c.late_at_receipt,
        ).select_from(
            document.outerjoin(document_clock, document_clock.c.document_id == document.c.id)
        )
        found: list[Subject] = []
        with reading(self._engine) as connection:
            for part in parts(document_keys):
                these = statement.where(
                    document.c.document_key.in_(part),
                    document.c.latest == true(),
                    document.c.system != REPOSTING,
                )
                found += [
                    Subject(
                        document_key=row.document_key,
                        customer=row.customer,
                        state=State(row.state),
                        due_date=row.due_date,
                        pulled_at=row.pulled_at,
                        goal_at=row.goal_at,
                        late_at_receipt=bool(row.late_at_receipt),
                    )
                    for row in connection.execute(these)
                ]
        return found

    def _counted(self, name: str) -> int:
        statement = select(counter.c.value).where(counter.c.name == name)
        with reading(self._engine) as connection:
            return int(connection.execute(statement).scalar() or 0)


class SqlMeasuresUnit(UnitPart):
    """Writing measures in the transaction of a unit."""

    def keep(self, measures: Sequence[Measure]) -> None:
        """Put them in place of those that are there of the same documents."""
        for part in parts(measures):
            keys = [item.document_key for item in part]
            self._connection.execute(delete(document_measure).where(_OF.document_key.in_(keys)))
            self._connection.execute(insert(document_measure), [_row(item) for item in part])

    def measured_to(self, event: int) -> None:
        """Note how far of the journeys is measured."""
        self._count(_MARK, event)

    def begin_anew(self, basis: int) -> None:
        """Note that all has to be measured by another calendar or taxonomy."""
        self._count(_BASIS, basis)
        self._count(_MARK, 0)

    def _count(self, name: str, value: int) -> None:
        changed = self._connection.execute(
            update(counter).where(counter.c.name == name).values(value=value)
        ).rowcount
        if not changed:
            self._connection.execute(insert(counter).values(name=name, value=value))


def _within(extent: Extent) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_OF.day >= extent.first, _OF.day <= extent.last]
    if extent.customer:
        found.append(_OF.customer == extent.customer)
    if extent.scope.customers is not None:
        found.append(_OF.customer.in_(sorted(extent.scope.customers)))
    return found


def _row(item: Measure) -> dict[str, Any]:
    return {
        "document_key": item.document_key,
        "customer": item.customer,
        "day": item.day,
        "marks": int(item.marks),
        "moving": item.moving,
        "waiting": item.waiting,
        "bounces": item.bounces,
        "preventable": item.preventable,
        "refusals": item.refusals,
        "unmapped": item.unmapped,
        "centre_hours": item.centre_hours,
        "turnaround_hours": item.turnaround_hours,
        "payment_lead_days": item.payment_lead_days,
        "customer_days": item.held.customer,
        "centre_days": item.held.centre,
        "bank_days": item.held.bank,
        "supplier_days": item.held.supplier,
        "ball": item.ball.value if item.ball else "",
        "ball_since": item.ball_since,
        "due": item.due,
        "goal_at": item.goal_at,
        "codes": " ".join(item.codes),
        "path": " ".join(item.path),
        "path_days": " ".join(format(days, _DIGITS) for days in item.path_days),
    }


def _measure(row: AnyRow) -> Measure:
    return Measure(
        document_key=row.document_key,
        customer=row.customer,
        day=row.day,
        marks=Mark(row.marks),
        waiting=row.waiting,
        bounces=row.bounces,
        preventable=row.preventable,
        refusals=row.refusals,
        unmapped=row.unmapped,
        centre_hours=row.centre_hours,
        turnaround_hours=row.turnaround_hours,
        payment_lead_days=row.payment_lead_days,
        held=_held(row),
        ball=Ball(row.ball) if row.ball else None,
        ball_since=row.ball_since,
        due=row.due,
        goal_at=row.goal_at,
        codes=tuple(row.codes.split()),
        path=tuple(row.path.split()),
        path_days=tuple(float(days) for days in row.path_days.split()),
    )


def _held(row: AnyRow) -> Held:
    return Held(
        customer=row.customer_days,
        centre=row.centre_days,
        bank=row.bank_days,
        supplier=row.supplier_days,
    )
