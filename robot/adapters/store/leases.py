"""Leases with fencing tokens that only grow: one for a run, or a seat with shares of the work.

All rows of one robot carry one token. Whoever takes a share over gives it a token of its own, so
one conditional update proves that a robot still holds everything that it believes to hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from robot.adapters.store.columns import database_seconds
from robot.adapters.store.counters import take
from robot.adapters.store.schema import lease as table
from robot.domain.canonical import sha256_hex
from robot.errors import LeaseHeldError, LeaseLostError
from robot.flow.records import Lease, Standing

#: A share whose documents are all through; any other free share expired or was handed on.
_DONE: Final = 0
_NOBODY: Final = 0
_SEAT: Final = "seat/"
_SHARE: Final = "share/"
_NOW: Final = database_seconds()
_PROVE: Final = (
    update(table)
    .where(table.c.token == bindparam("held"))
    .values(expires_at=_NOW + bindparam("for_seconds"))
)
_RELEASE: Final = (
    update(table).where(table.c.token == bindparam("held")).values(expires_at=_NOW, token=_NOBODY)
)
_LOOK: Final = select(table.c.name, table.c.token, table.c.expires_at, _NOW.label("now"))
_HAND_ON: Final = update(table).where(
    table.c.name == bindparam("which"), table.c.token == bindparam("held")
)
_PURGE: Final = delete(table).where(table.c.name.startswith(_SEAT), table.c.expires_at <= _NOW)


def acquire(connection: Connection, *, name: str, owner: str, seconds: int, sole: bool) -> Lease:
    """Take the lease when it has run out, or when `sole` proves that its holder is gone.

    Expiry is compared in the database, by its own clock.

    Raises:
        LeaseHeldError: Somebody holds it.
    """
    token = take(connection, "fence")
    if not _taken(connection, name, owner=owner, token=token, seconds=seconds, sole=sole):
        holder = connection.execute(select(table.c.owner).where(table.c.name == name)).scalar()
        raise LeaseHeldError(f"another robot is at work: {holder}", hint="try again later")
    return Lease(name=name, owner=owner, token=token, seconds=seconds)


def join(connection: Connection, *, owner: str, seconds: int) -> Lease:
    """Take a seat beside other robots; it holds no share yet.

    Raises:
        LeaseHeldError: A robot of this very name is at work.
    """
    # Deleting a seat that has run out takes it from its holder as surely as another token does.
    connection.execute(_PURGE)
    name = _SEAT + sha256_hex(owner)
    return acquire(connection, name=name, owner=owner, seconds=seconds, sole=False)


def prove(connection: Connection, lease: Lease) -> None:
    """Renew all that it holds, which locks the rows until the transaction ends.

    Raises:
        LeaseLostError: Somebody else took some of it.
    """
    found = connection.execute(_PROVE, {"held": lease.token, "for_seconds": lease.seconds})
    if found.rowcount != 1 + len(lease.shares):
        raise _lost(lease)


def release(connection: Connection, lease: Lease) -> None:
    """Give everything back, for others to go on with; harmless when it is lost."""
    connection.execute(_RELEASE, {"held": lease.token})


def standing(connection: Connection, lease: Lease, shares: Collection[str]) -> Standing:
    """Who else is at work, and what became of these shares."""
    board = _board(connection)
    live = {name for name, row in board.items() if row.live and row.token != lease.token}
    done = {name for name, row in board.items() if row.expires_at == _DONE}
    return Standing(
        fewest=_fewest(board, lease),
        held=frozenset(share for share in shares if _key(share) in live),
        done=frozenset(share for share in shares if _key(share) in done),
    )


def take_shares(connection: Connection, lease: Lease, wanted: Sequence[str]) -> Lease:
    """Take those that are free, as long as no other robot holds fewer.

    Raises:
        LeaseLostError: Somebody else took what it held.
    """
    if not _free(_board(connection), lease, wanted):
        return lease
    # From here on nobody else deals out shares.
    token = take(connection, "fence")
    free = _free(_board(connection), lease, wanted)
    if not free:
        prove(connection, lease)
        return lease
    held = connection.execute(
        update(table)
        .where(table.c.token == lease.token)
        .values(token=token, expires_at=_NOW + lease.seconds)
    )
    if held.rowcount != 1 + len(lease.shares):
        raise _lost(lease)
    given = [
        share
        for share in free
        if _taken(
            connection,
            _key(share),
            owner=lease.owner,
            token=token,
            seconds=lease.seconds,
            sole=False,
        )
    ]
    return replace(lease, token=token, shares=lease.shares.union(given))


def hand_on(connection: Connection, lease: Lease, shares: Collection[str], *, done: bool) -> Lease:
    """Give shares up, either done with or for another robot to go on with.

    Raises:
        LeaseLostError: Somebody else took what it held.
    """
    prove(connection, lease)
    statement = _HAND_ON.values(expires_at=_DONE if done else _NOW, token=_NOBODY)
    for share in sorted(shares):
        connection.execute(statement, {"which": _key(share), "held": lease.token})
    return replace(lease, shares=lease.shares.difference(shares))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    token: int
    expires_at: int
    live: bool


def _board(connection: Connection) -> dict[str, _Row]:
    return {
        row.name: _Row(
            token=row.token, expires_at=row.expires_at, live=bool(row.expires_at > row.now)
        )
        for row in connection.execute(_LOOK)
    }


def _fewest(board: dict[str, _Row], lease: Lease) -> int | None:
    """The fewest shares that another robot at work holds; None when there is no other."""
    others = [(name, row) for name, row in board.items() if row.live and row.token != lease.token]
    held = Counter({row.token: 0 for name, row in others if name.startswith(_SEAT)})
    held.update(row.token for name, row in others if name.startswith(_SHARE))
    return min(held.values(), default=None)


def _free(board: dict[str, _Row], lease: Lease, wanted: Sequence[str]) -> list[str]:
    fewest = _fewest(board, lease)
    free: list[str] = []
    for share in wanted:
        row = board.get(_key(share))
        even = fewest is None or len(lease.shares) + len(free) <= fewest
        if even and (row is None or not row.live):
            free.append(share)
    return free


def _taken(
    connection: Connection, name: str, *, owner: str, token: int, seconds: int, sole: bool
) -> bool:
    statement = update(table).where(table.c.name == name)
    if not sole:
        statement = statement.where(table.c.expires_at <= _NOW)
    until = _NOW + seconds
    if connection.execute(statement.values(owner=owner, token=token, expires_at=until)).rowcount:
        return True
    known = connection.execute(select(table.c.name).where(table.c.name == name)).first()
    if known is None:
        connection.execute(
            insert(table).values(name=name, owner=owner, token=token, expires_at=until)
        )
    return known is None


def _key(share: str) -> str:
    """A name for the row that any company name gives, in the letters of every code page."""
    return _SHARE + sha256_hex(share)


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(
        f"the lease '{lease.name}' of {lease.owner} was taken over",
        hint="this robot was stopped for too long; what it left is taken up by the other one",
    )
