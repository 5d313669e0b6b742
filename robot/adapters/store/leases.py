"""The lease of a run, with a fencing token that only grows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from robot.adapters.store.columns import database_seconds
from robot.adapters.store.counters import take
from robot.adapters.store.schema import lease as table
from robot.errors import LeaseHeldError, LeaseLostError
from robot.flow.records import Lease

_NOW: Final = database_seconds()
_PROVE: Final = (
    update(table)
    .where(table.c.name == bindparam("which"), table.c.token == bindparam("held"))
    .values(expires_at=_NOW + bindparam("for_seconds"))
)
_RELEASE: Final = (
    update(table)
    .where(table.c.name == bindparam("which"), table.c.token == bindparam("held"))
    .values(expires_at=0)
)


def acquire(connection: Connection, *, name: str, owner: str, seconds: int, sole: bool) -> Lease:
    """Take the lease when it has run out, or when `sole` proves that its holder is gone.

    Expiry is compared in the database, by its own clock.

    Raises:
        LeaseHeldError: Somebody holds it.
    """
    token = take(connection, "fence")
    statement = update(table).where(table.c.name == name)
    if not sole:
        statement = statement.where(table.c.expires_at <= _NOW)
    taken = connection.execute(
        statement.values(owner=owner, token=token, expires_at=_NOW + seconds)
    )
    if taken.rowcount == 0:
        holder = connection.execute(select(table.c.owner).where(table.c.name == name)).scalar()
        if holder is not None:
            raise LeaseHeldError(f"another robot is at work: {holder}", hint="try again later")
        connection.execute(
            insert(table).values(name=name, owner=owner, token=token, expires_at=_NOW + seconds)
        )
    return Lease(name=name, owner=owner, token=token, seconds=seconds)


def prove(connection: Connection, lease: Lease) -> None:
    """Renew the lease, which locks its row until the transaction ends: nobody can take it over.

    Raises:
        LeaseLostError: Somebody else took it.
    """
    found = connection.execute(
        _PROVE, {"which": lease.name, "held": lease.token, "for_seconds": lease.seconds}
    )
    if found.rowcount != 1:
        raise LeaseLostError(
            f"the lease '{lease.name}' of {lease.owner} was taken over",
            hint="this robot was stopped for too long; what it left is taken up by the other one",
        )


def release(connection: Connection, lease: Lease) -> None:
    """Give it back; harmless when it is lost."""
    connection.execute(_RELEASE, {"which": lease.name, "held": lease.token})
