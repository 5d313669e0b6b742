"""Sessions of the dashboard and saved lists in the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select, update

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.counters import take
from robot.adapters.store.engine import atomically, reading
from robot.adapters.store.schema import saved_filter, web_session
from robot.domain.canonical import canonical_text
from robot.domain.rights import Person, Role, Scope
from robot.flow.ports import Clock
from robot.flow.session_port import SavedFilter, Session

#: How often the last use of a session is written.
_SEEN_EVERY: Final = timedelta(minutes=1)
#: Characters that a name may have.
_SHORT: Final = 200


class SqlSessions:
    """Implements `robot.flow.session_port.Sessions`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        row = {
            "id": session.id,
            "person": session.person.name[:_SHORT],
            "rights": _rights(session.person),
            "created_at": session.created_at,
            "last_seen_at": session.last_seen_at,
            "ended_at": None,
        }
        atomically(self._engine, lambda connection: connection.execute(insert(web_session), row))

    def find(self, session: str, /) -> Session | None:
        """A session that has not ended."""
        statement = select(web_session).where(
            web_session.c.id == session, web_session.c.ended_at.is_(None)
        )
        with reading(self._engine) as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else _session(row)

    def seen(self, session: str, /) -> None:
        """Note that it was used now; at most once a minute is written."""
        now = self._clock.now()
        statement = (
            update(web_session)
            .where(web_session.c.id == session, web_session.c.last_seen_at < now - _SEEN_EVERY)
            .values(last_seen_at=now)
        )
        known = self.find(session)
        if known is not None and known.last_seen_at < now - _SEEN_EVERY:
            atomically(self._engine, lambda connection: connection.execute(statement))

    def end(self, session: str, /) -> None:
        """End it; harmless when it has ended."""
        statement = (
            update(web_session)
            .where(web_session.c.id == session, web_session.c.ended_at.is_(None))
            .values(ended_at=self._clock.now())
        )
        atomically(self._engine, lambda connection: connection.execute(statement))

    def live(self, idle: timedelta) -> Sequence[Session]:
        """Sessions that have not ended and were used within this time."""
        statement = (
            select(web_session)
            .where(
                web_session.c.ended_at.is_(None),
                web_session.c.last_seen_at >= self._clock.now() - idle,
            )
            .order_by(web_session.c.last_seen_at.desc())
        )
        with reading(self._engine) as connection:
            return [_session(row) for row in connection.execute(statement)]

    def filters(self, person: str, page: str) -> Sequence[SavedFilter]:
        """The lists that somebody keeps of a page, by name."""
        statement = (
            select(saved_filter)
            .where(saved_filter.c.person == person, saved_filter.c.page == page)
            .order_by(saved_filter.c.name)
        )
        with reading(self._engine) as connection:
            return [
                SavedFilter(id=row.id, name=row.name, page=row.page, query=row.query)
                for row in connection.execute(statement)
            ]

    def keep(self, person: str, name: str, page: str, query: str) -> None:
        """Keep a list; one of the same name is replaced."""
        person, name = person[:_SHORT], name[:_SHORT]

        def write(connection: Connection) -> None:
            connection.execute(
                delete(saved_filter).where(
                    saved_filter.c.person == person,
                    saved_filter.c.page == page,
                    saved_filter.c.name == name,
                )
            )
            connection.execute(
                insert(saved_filter).values(
                    id=take(connection, "saved-filter"),
                    person=person,
                    name=name,
                    page=page,
                    query=query,
                )
            )

        atomically(self._engine, write)

    def forget(self, person: str, number: int) -> None:
        """Forget a list of this person's own."""
        statement = delete(saved_filter).where(
            saved_filter.c.id == number, saved_filter.c.person == person
        )
        atomically(self._engine, lambda connection: connection.execute(statement))


def _rights(person: Person) -> str:
    customers = person.scope.customers
    return canonical_text(
        {
            "roles": sorted(role.value for role in person.roles),
            "customers": None if customers is None else sorted(customers),
        }
    )


def _session(row: AnyRow) -> Session:
    rights = json.loads(row.rights)
    customers = rights["customers"]
    return Session(
        id=row.id,
        person=Person(
            name=row.person,
            roles=frozenset(Role(role) for role in rights["roles"]),
            scope=Scope(customers=None if customers is None else frozenset(customers)),
        ),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
    )
