"""When a customer is reminded of what it was told, in working days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

#: Working days after the notice on which a customer with plenty of time is reminded first.
FIRST_AFTER: Final = 2
#: From so many working days on, there is plenty of time.
_PLENTY: Final = 4
#: Working days after the second contact role was told until a person takes up the telephone.
DESK_AFTER: Final = 2


class Step(StrEnum):
    """What is done next about a document that its customer has not put right."""

    REMIND = "remind"
    #: Tell the customer's second contact role.
    ESCALATE = "escalate"
    #: A person at the centre calls.
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a customer was told about one document, and what was done since."""

    told_on: date
    fix_by: date
    reminders: int = 0
    reminded_on: date | None = None
    escalated_on: date | None = None
    #: The customer asked for time until this day.
    waits_until: date | None = None


#: The working day so many after a day; negative counts back.
AddWorkingDays = Callable[[date, int], date]


def next_step(waiting: Waiting, *, today: date, add: AddWorkingDays) -> Step | None:
    """What is due today; None when nothing is.

    The first reminder comes after two working days when there is plenty of time, and again on the
    working day before the deadline. The deadline's day is the customer's own: the second contact
    role is told on the working day after it, and a person calls two working days later. Nothing
    comes on the day of the notice, two things never come on one day, and time that a customer was
    given moves the deadline.

    Args:
        waiting: The document.
        today: In Copenhagen.
        add: The calendar's working days.
    """
    deadline = max(waiting.fix_by, waiting.waits_until or waiting.fix_by)
    last = max(waiting.told_on, waiting.reminded_on or waiting.told_on)
    if today <= last or add(today, 0) != today:
        return None
    if waiting.escalated_on is not None:
        called = waiting.reminded_on is not None and waiting.reminded_on > waiting.escalated_on
        due = today >= add(waiting.escalated_on, DESK_AFTER)
        return Step.DESK if due and not called else None
    if today >= max(add(deadline, 1), add(waiting.told_on, 2)):
        return Step.ESCALATE
    before = max(add(deadline, -1), add(waiting.told_on, 1))
    if today >= before and last < before:
        return Step.REMIND
    plenty = deadline >= add(waiting.told_on, _PLENTY)
    early = plenty and not waiting.reminders and waiting.waits_until is None
    return Step.REMIND if early and today >= add(waiting.told_on, FIRST_AFTER) else None
