"""What people ask for on the dashboard: written by it, carried out by the robot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from robot.domain.answer import Answer


class CommandStatus(StrEnum):
    """How far a command has come."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommand:
    """Something that somebody asks for.

    `once` is the form's own random text: the same form sent twice is one command.
    """

    kind: str
    argument: Mapping[str, str]
    reason: str
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command and what became of it; None while it waits."""

    id: int
    kind: str
    argument: Mapping[str, str]
    reason: str
    asked_by: str
    asked_at: datetime
    status: CommandStatus
    outcome: Answer | None
    done_at: datetime | None


class Commands(Protocol):
    """Reading commands."""

    def waiting(
        self, limit: int = 50, *, only: Collection[str] = (), but: Collection[str] = ()
    ) -> list[Command]:
        """What nobody has carried out, oldest first.

        Args:
            limit: At most so many.
            only: Of these kinds; of all when there are none.
            but: Not of these.
        """

    def about(self, key: str, value: str, *, limit: int = 20) -> list[Command]:
        """The latest commands whose argument has this value, newest first."""

    def last(self, limit: int = 50) -> list[Command]:
        """The latest, newest first."""


class CommandsUnit(Protocol):
    """Writing commands; each act is in the trail of the same transaction."""

    def ask(self, command: NewCommand) -> int:
        """Write a command; its number. One with the same `once` is not written again."""

    def take(self, command: int, /) -> bool:
        """Call a waiting command done, with what it does; False when somebody else did before."""

    def answer(self, command: int, /, status: CommandStatus, outcome: Answer) -> bool:
        """Say what became of a command; False when somebody else did before."""
