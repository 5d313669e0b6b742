"""Commands of the dashboard in the store."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from sqlalchemy import Engine, insert, select, update

from robot.adapters.store.columns import AnyRow, holds
from robot.adapters.store.counters import take
from robot.adapters.store.engine import reading
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import command
from robot.domain.answer import Answer, answer_from
from robot.domain.canonical import canonical_text, sha256_hex
from robot.flow.command_port import Command, CommandStatus, NewCommand

#: What a command is called whose act has taken it, until it is answered in words.
_TAKEN: Final = CommandStatus.DONE
_DONE: Final = Answer(code="done")


class SqlCommands:
    """Reading commands."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(
        self, limit: int = 50, *, only: Collection[str] = (), but: Collection[str] = ()
    ) -> list[Command]:
        """What nobody has carried out, oldest first; `only` of some kinds, or not of some."""
        kinds = [command.c.kind.in_(sorted(only))] if only else []
        kinds += [command.c.kind.not_in(sorted(but))] if but else []
        statement = (
            select(command)
            .where(command.c.status == CommandStatus.WAITING.value, *kinds)
            .order_by(command.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_command(row) for row in connection.execute(statement)]

    def about(self, key: str, value: str, *, limit: int = 20) -> list[Command]:
        """The latest commands whose argument has this value, newest first."""
        pair = canonical_text({key: value})[1:-1]
        statement = (
            select(command)
            .where(holds(command.c.argument, pair))
            .order_by(command.c.id.desc())
            .limit(limit)
        )
        with reading(self._engine) as connection:
            found = [_command(row) for row in connection.execute(statement)]
        return [item for item in found if item.argument.get(key) == value]

    def last(self, limit: int = 50) -> list[Command]:
        """The latest, newest first."""
        statement = select(command).order_by(command.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return [_command(row) for row in connection.execute(statement)]


class SqlCommandsUnit(UnitPart):
    """Writing commands in the transaction of a unit, with the trail."""

    def ask(self, new: NewCommand) -> int:
        """Write a command; its number. One with the same `once` is not written again."""
        once = sha256_hex(f"{self._actor}\n{new.once}")
        known = self._connection.execute(
            select(command.c.id).where(command.c.once == once)
        ).scalar()
        if known is not None:
            return int(known)
        number = take(self._connection, "command")
        self._connection.execute(
            insert(command).values(
                id=number,
                kind=new.kind,
                argument=canonical_text(dict(new.argument)),
                reason=new.reason,
                asked_by=self._actor,
                asked_at=self._stamp.now,
                status=CommandStatus.WAITING.value,
                outcome="",
                done_at=None,
                once=once,
            )
        )
        detail = {"command": number, "kind": new.kind, "reason": new.reason}
        self._audit("command-asked", {**detail, "argument": dict(new.argument)})
        return number

    def take(self, number: int, /) -> bool:
        """Call a waiting command done, with what it does; False when somebody else did before."""
        taken = self._connection.execute(
            update(command)
            .where(command.c.id == number, command.c.status == CommandStatus.WAITING.value)
            .values(status=_TAKEN.value, outcome=_DONE.kept(), done_at=self._stamp.now)
        ).rowcount
        return bool(taken)

    def answer(self, number: int, /, status: CommandStatus, outcome: Answer) -> bool:
        """Say what became of a command; False when somebody else did before."""
        unanswered = [CommandStatus.WAITING.value]
        if status is _TAKEN:
            unanswered.append(_TAKEN.value)
        changed = self._connection.execute(
            update(command)
            .where(
                command.c.id == number,
                command.c.status.in_(unanswered),
                command.c.outcome.in_(["", _DONE.kept()]),
            )
            .values(status=status.value, outcome=outcome.kept(), done_at=self._stamp.now)
        ).rowcount
        if changed:
            said = {"code": outcome.code, "values": dict(outcome.values)}
            self._audit("command-answered", {"command": number, "status": status, "outcome": said})
        return bool(changed)


def _command(row: AnyRow) -> Command:
    return Command(
        id=row.id,
        kind=row.kind,
        argument=json.loads(row.argument),
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        status=CommandStatus(row.status),
        outcome=answer_from(row.outcome) if row.outcome else None,
        done_at=row.done_at,
    )
