"""One difference between two sets of rules, and which way it turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from robot.rulebook.problem import Position


class Direction(StrEnum):
    """What a change does to the documents that the robot posts by itself."""

    #: More may be posted, or more may be passed over.
    LOOSER = "looser"
    #: Less may be posted.
    TIGHTER = "tighter"
    #: Posting is as before.
    NEUTRAL = "neutral"
    #: Some documents more and others less, or it can't be told without looking at documents.
    EITHER = "either"

    def opposite(self) -> Direction:
        """Of the change back."""
        turned = {Direction.LOOSER: Direction.TIGHTER, Direction.TIGHTER: Direction.LOOSER}
        return turned.get(self, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    `customer` is a bogføringskreds, empty for everybody; `who` is its name. `kind` is `parameter`,
    `rule`, `dispensation`, `list`, `mandate`, `mailbox`, `customer`, `error-type` or `file`. `at`
    is its place in the new files, in the old ones for what is gone.
    """

    customer: str = ""
    who: str = "everybody"
    kind: str
    item: str
    text: str
    details: tuple[str, ...] = ()
    direction: Direction
    at: Position

    def as_json(self) -> dict[str, object]:
        """The change for machines."""
        return {
            "customer": self.customer or None,
            "who": self.who,
            "kind": self.kind,
            "item": self.item,
            "text": self.text,
            "details": list(self.details),
            "direction": self.direction.value,
            "path": self.at.path,
            "line": self.at.line,
        }


def together(directions: Iterable[Direction]) -> Direction:
    """The direction of several changes at once."""
    found = set(directions) - {Direction.NEUTRAL}
    if not found:
        return Direction.NEUTRAL
    return found.pop() if len(found) == 1 else Direction.EITHER
