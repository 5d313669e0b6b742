"""Whether mail reaches the addresses of customers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import Engine, delete, insert, select

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema.dialogue import contact
from robot.flow.contact_port import ContactRow, ContactState, after_failure

#: How much of a server's words is kept, in characters.
_WORDS: Final = 300
_CODE: Final = 20


class SqlContacts:
    """Reading contacts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def states(self, addresses: Collection[str]) -> dict[str, ContactState]:
        """The state of each address, under the address as it was given."""
        wanted = sorted({address.casefold() for address in addresses})
        found: dict[str, ContactState] = {}
        with reading(self._engine) as connection:
            for part in parts(wanted):
                statement = select(contact.c.address, contact.c.state).where(
                    contact.c.address.in_(part)
                )
                for row in connection.execute(statement):
                    found[row.address] = ContactState(row.state)
        return {address: found.get(address.casefold(), ContactState.OK) for address in addresses}

    def listing(self) -> list[ContactRow]:
        """Every address that ever failed, by address."""
        with reading(self._engine) as connection:
            return [
                _row(row)
                for row in connection.execute(select(contact).order_by(contact.c.address))
            ]


class SqlContactsUnit(UnitPart):
    """Writing contacts in the transaction of a unit."""

    def failed(self, address: str, *, code: str, words: str, hard: bool, on: date) -> ContactState:
        """Mail did not reach an address; the state that it has now."""
        known = self._known(address)
        state, score = after_failure(known, hard=hard, on=on)
        self._write(
            ContactRow(
                address=address.casefold(),
                state=state,
                score=score,
                changed_at=self._stamp.now,
                last_failure_on=on,
                last_code=code[:_CODE],
                words=" ".join(words.split())[:_WORDS],
            )
        )
        if known is None or known.state is not state:
            self._audit(
                "contact-failed", {"address": address.casefold(), "state": state, "code": code}
            )
        return state

    def reached(self, address: str) -> bool:
        """Mail reaches the address, after all or again; whether it was not known to be right."""
        known = self._known(address)
        if known is None or known.state is ContactState.OK:
            return False
        self._connection.execute(delete(contact).where(contact.c.address == known.address))
        self._audit("contact-reached", {"address": known.address})
        return True

    def _known(self, address: str) -> ContactRow | None:
        statement = select(contact).where(contact.c.address == address.casefold())
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _row(row)

    def _write(self, row: ContactRow) -> None:
        self._connection.execute(delete(contact).where(contact.c.address == row.address))
        self._connection.execute(
            insert(contact).values(
                address=row.address,
                state=row.state.value,
                score=row.score,
                changed_at=row.changed_at,
                last_failure_on=row.last_failure_on,
                last_code=row.last_code,
                words=row.words,
            )
        )


def _row(row: AnyRow) -> ContactRow:
    return ContactRow(
        address=row.address,
        state=ContactState(row.state),
        score=row.score,
        changed_at=row.changed_at,
        last_failure_on=row.last_failure_on,
        last_code=row.last_code,
        words=row.words,
    )
