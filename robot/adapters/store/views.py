"""Pages and counts for the dashboard. The scope is in every statement, not in what calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    String,
    func,
    or_,
    select,
)

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
#: Documents that are named one by one; SQL Server takes 2,100 parameters.
_FEW: Final = 1_000
#: Characters of an instant until its hour.
_HOUR: Final = 13
#: States in which nothing is left for the centre to do.
_SETTLED: Final = frozenset({State.POSTED, State.BOUNCED, State.DROPPED, State.SUPERSEDED})
_OPEN: Final = [state.value for state in State if state not in _SETTLED]
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
_SAME_KEY: Final = document.c.document_key == case_document.c.document_key
_CLOCKED: Final = document.outerjoin(document_clock, document_clock.c.document_id == document.c.id)
_FROM: Final = _CLOCKED.outerjoin(case_document, _SAME_KEY)
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
        column = _SORTS.get(sort.lstrip("-"), document.c.id)
        source = _source(query, column)
        orders = [column.desc() if sort.startswith("-") else column.asc()]
        if column is not document.c.id:  # SQL Server refuses a column that is named twice.
            orders.append(document.c.id.desc())
        with reading(self._engine) as connection:
            conditions = _conditions(scope, query) + _of_text(connection, query.text)
            many = connection.execute(
                select(func.count()).select_from(_source(query)).where(*conditions)
            ).scalar_one()
            wanted = list(
                connection.execute(
                    select(document.c.id)
                    .select_from(source)
                    .where(*conditions)
                    .order_by(*orders)
                    .limit(size)
                    .offset((page - 1) * size)
                ).scalars()
            )
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
        with reading(self._engine) as connection:
            conditions = _conditions(scope, query) + _of_text(connection, query.text)
            statement = _lines().where(*conditions).order_by(document.c.id)
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
        statement = (
            select(document.c.customer, document.c.state, func.count().label("many"))
            .where(is_latest(), *_within(scope))
            .group_by(document.c.customer, document.c.state)
            .order_by(document.c.customer, document.c.state)
        )
        with reading(self._engine) as connection:
            return [
                StateCount(customer=row.customer, state=State(row.state), documents=row.many)
                for row in connection.execute(statement)
            ]

    def inflow(self, scope: Scope, query: DocumentQuery) -> Mapping[datetime, int]:
        """How many documents came in each hour in which any came, by the hour's beginning."""
        hour = func.substring(document.c.pulled_at, 1, _HOUR, type_=String()).label("hour")
        hours = (
            select(hour).select_from(_source(query)).where(*_conditions(scope, query)).subquery()
        )
        statement = select(hours.c.hour, func.count()).group_by(hours.c.hour)
        with reading(self._engine) as connection:
            return {
                datetime.fromisoformat(f"{text}:00+00:00"): many
                for text, many in connection.execute(statement)
            }


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
        # Named one by one, and not by what they are not, they lead to the few that are open.
        found.append(document.c.state.in_(_OPEN))
        found.append(document_clock.c.goal_at <= query.goal_before)
    if query.run is not None:
        found.append(document.c.run_id == query.run)
    return found + _in_time(query)


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


def _of_text(connection: Connection, text: str) -> list[ColumnElement[bool]]:
    """The few that hold a text by their ids; where many do, the condition finds them soon enough.

    To find a few, the index of what is searched is read once from end to end; ordered or together
    with other conditions the database would read all documents.
    """
    if not text:
        return []
    condition = _with_text(connection, text)
    found = select(document.c.id).where(condition).limit(_FEW + 1)
    numbers = list(connection.execute(found).scalars())
    return [condition if len(numbers) > _FEW else document.c.id.in_(numbers)]


def _with_text(connection: Connection, text: str) -> ColumnElement[bool]:
    # Navision's codes and the numbers of cases are in capitals.
    in_capitals = text.upper()
    held = [holds(document.c.searched, text.lower()), holds(document.c.receipt, in_capitals)]
    on_case = holds(case_document.c.case_number, in_capitals)
    named = select(case_document.c.document_key).where(on_case).limit(_FEW + 1)
    keys = list(connection.execute(named).scalars())
    if len(keys) > _FEW:
        held.append(
            document.c.id.in_(select(document.c.id).join(case_document, _SAME_KEY).where(on_case))
        )
    elif keys:
        numbers = select(document.c.id).where(document.c.document_key.in_(keys))
        held.append(document.c.id.in_(list(connection.execute(numbers).scalars())))
    return or_(*held)


def _source(query: DocumentQuery, sorted_by: ColumnElement[Any] = document.c.id) -> FromClause:
    """The fewest tables in which a query can be asked."""
    by_goal = query.goal_before is not None or sorted_by is document_clock.c.goal_at
    return _CLOCKED if by_goal else document


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
