"""Pages and counts for the dashboard. The scope is in every statement, not in what calls it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Select, and_, func, or_, select

from robot.adapters.store.columns import AnyRow, holds
from robot.adapters.store.documents import has_code, is_latest
from robot.adapters.store.engine import reading
from robot.adapters.store.schema import (
    case_document,
    document,
    document_clock,
)
from robot.domain.calendar import day_start
from robot.domain.rights import Scope
from robot.domain.state import State
from robot.flow.view_port import DocumentLine, DocumentQuery, Page, StateCount

_PAGE: Final = 1_000
#: States in which nothing is left for the centre to do.
_SETTLED: Final = (State.POSTED, State.BOUNCED, State.DROPPED, State.SUPERSEDED)
_COLUMNS: Final = (
    document.c.id,
    document.c.document_key,
    document.c.customer,
    document.c.source_id,
    document.c.number,
    document.c.supplier,
    document.c.kind,
    document.c.state,
    document.c.codes,
    document.c.due_date,
    document.c.total,
    document.c.currency,
    document.c.receipt,
    document.c.confidential,
    document.c.pulled_at,
    document.c.changed_at,
)
_FROM: Final = document.outerjoin(
    case_document, case_document.c.document_key == document.c.document_key
).outerjoin(document_clock, document_clock.c.document_id == document.c.id)
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "id": document.c.id,
    "customer": document.c.customer,
    "state": document.c.state,
    "due": document.c.due_date,
    "goal": document_clock.c.goal_at,
    "changed": document.c.changed_at,
}


class SqlViews:
    """Reading for the dashboard."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def documents(
        self,
        scope: Scope,
        query: DocumentQuery,
        *,
        sort: str = "-id",
        page: int = 1,
        size: int = 50,
    ) -> Page[DocumentLine]:
        """A page of documents, sorted by a column (`-` in front: descending)."""
        conditions = _conditions(scope, query)
        plain = query.goal_before is None and not query.text
        source = document if plain else _FROM
        total = select(func.count()).select_from(source).where(*conditions)
        column = _SORTS.get(sort.lstrip("-"), document.c.id)
        orders = [column.desc() if sort.startswith("-") else column.asc()]
        if column is not document.c.id:  # SQL Server refuses a column that is named twice.
            orders.append(document.c.id.desc())
        ids = (
            select(document.c.id)
            .select_from(_FROM)
            .where(*conditions)
            .order_by(*orders)
            .limit(size)
            .offset((page - 1) * size)
        )
        with reading(self._engine) as connection:
            many = connection.execute(total).scalar_one()
            wanted = list(connection.execute(ids).scalars())
            rows = {
                row.id: _line(row)
                for row in connection.execute(_lines().where(document.c.id.in_(wanted)))
            }
        return Page(
            rows=[rows[number] for number in wanted if number in rows],
            total=many,
            number=page,
            size=size,
        )

    def every(self, scope: Scope, query: DocumentQuery) -> Iterator[DocumentLine]:
        """All documents of a query, for files; read as it is consumed."""
        statement = _lines().where(*_conditions(scope, query)).order_by(document.c.id)
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                yield _line(row)

    def document(self, scope: Scope, number: int, /) -> DocumentLine | None:
        """One version; None when there is none, or none in the scope."""
        statement = _lines().where(document.c.id == number, *_within(scope))
        with reading(self._engine) as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else _line(row)

    def by_state(self, scope: Scope) -> Sequence[StateCount]:
        """How many documents stand where."""
        counted = (
            select(document.c.customer, document.c.state, func.count().label("many"))
            .where(*_within(scope))
            .group_by(document.c.customer, document.c.state)
        )
        # Few documents have several versions: it is quicker to count all versions, and those that
        # a later one followed, than to ask of each whether it is the latest.
        several = (
            select(document.c.document_key, func.max(document.c.id).label("newest"))
            .group_by(document.c.document_key)
            .having(func.count() > 1)
            .subquery("several")
        )
        followed = counted.join(
            several,
            and_(
                several.c.document_key == document.c.document_key,
                document.c.id < several.c.newest,
            ),
        )
        found: Counter[tuple[str, str]] = Counter()
        with reading(self._engine) as connection:
            for row in connection.execute(counted):
                found[row.customer, row.state] += row.many
            for row in connection.execute(followed):
                found[row.customer, row.state] -= row.many
        return [
            StateCount(customer=customer, state=State(state), documents=many)
            for (customer, state), many in sorted(found.items())
            if many
        ]


def _lines() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS, case_document.c.case_number, document_clock.c.goal_at).select_from(
        _FROM
    )


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.customers is None:
        return []
    return [document.c.customer.in_(sorted(scope.customers))]


def _conditions(scope: Scope, query: DocumentQuery) -> list[ColumnElement[bool]]:
    found = _within(scope)
    if query.latest:
        found.append(is_latest())
    if query.states:
        found.append(document.c.state.in_(sorted(state.value for state in query.states)))
    if query.customer:
        found.append(document.c.customer == query.customer)
    if query.code:
        found.append(has_code(query.code))
    if query.due_before is not None:
        found.append(document.c.due_date < query.due_before)
    if query.goal_before is not None:
        settled = [state.value for state in _SETTLED]
        found.append(
            and_(
                document_clock.c.goal_at <= query.goal_before,
                document.c.state.not_in(settled),
            )
        )
    if query.run is not None:
        found.append(document.c.run_id == query.run)
    return found + _in_time(query) + _with_text(query.text)


def _in_time(query: DocumentQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.pulled_from is not None:
        found.append(document.c.pulled_at >= day_start(query.pulled_from))
    if query.changed_from is not None:
        found.append(document.c.changed_at >= day_start(query.changed_from))
    if query.pulled_to is not None:
        after = query.pulled_to + timedelta(days=1)
        found.append(document.c.pulled_at < day_start(after))
    return found


def _with_text(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    columns = (
        document.c.number,
        document.c.supplier,
        document.c.source_id,
        document.c.receipt,
        case_document.c.case_number,
    )
    return [or_(*(holds(column, text, any_case=True) for column in columns))]


def _line(row: AnyRow) -> DocumentLine:
    hidden = bool(row.confidential)
    return DocumentLine(
        id=row.id,
        document_key=row.document_key,
        customer=row.customer,
        source_id=row.source_id,
        number=row.number,
        supplier="" if hidden else row.supplier,
        kind=row.kind,
        state=State(row.state),
        codes=tuple(row.codes.split()),
        due_date=row.due_date,
        total=None if hidden else row.total,
        currency=row.currency,
        receipt=row.receipt or "",
        case_number=row.case_number or "",
        confidential=hidden,
        pulled_at=row.pulled_at,
        changed_at=row.changed_at,
        goal_at=row.goal_at,
    )
