"""Numbers given out in order. The row stays locked until the transaction ends: no gaps."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from robot.adapters.store.schema import counter

_TAKE: Final = (
    update(counter)
    .where(counter.c.name == bindparam("which"))
    .values(value=counter.c.value + bindparam("many"))
)
_READ: Final = select(counter.c.value).where(counter.c.name == bindparam("which"))


def take(connection: Connection, name: str, many: int = 1) -> int:
    """The first of `many` new numbers."""
    if connection.execute(_TAKE, {"which": name, "many": many}).rowcount == 0:
        connection.execute(insert(counter).values(name=name, value=many))
        return 1
    last = connection.execute(_READ, {"which": name}).scalar_one()
    return int(last) - many + 1
