"""How much a change that a backtest finds needs a person to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from robot.domain.decision import Outcome
from robot.flow.history_port import REGRETTED, Aftermath


class Concern(IntEnum):
    """How much a change needs a person to look at it; the most pressing first."""

    #: It would be posted now, and a person found later that it was not right.
    REGRETTED_POST = 0
    #: It would be posted now, and nobody has said anything about it.
    NEW_POST = 1
    #: It would be posted now, as a clerk had it posted.
    CONFIRMED_POST = 2
    #: It would not be posted any more.
    NO_LONGER_POSTED = 3
    #: It would not be posted any more, and a person found later that it was not right.
    RIGHTLY_STOPPED = 4
    #: Bounced in place of held, or the other way round.
    OTHER = 5

    @classmethod
    def of(cls, old: Outcome, new: Outcome, aftermath: Aftermath | None) -> Concern:
        """The concern of one change."""
        if new is Outcome.POST:
            if aftermath in REGRETTED:
                return cls.REGRETTED_POST
            known = aftermath is Aftermath.POSTED_BY_CLERK
            return cls.CONFIRMED_POST if known else cls.NEW_POST
        if old is Outcome.POST:
            return cls.RIGHTLY_STOPPED if aftermath in REGRETTED else cls.NO_LONGER_POSTED
        return cls.OTHER


WORDS: Final[Mapping[Concern, str]] = {
    Concern.REGRETTED_POST: "newly posted, found wrong later",
    Concern.NEW_POST: "newly posted",
    Concern.CONFIRMED_POST: "newly posted, as a clerk had it posted",
    Concern.NO_LONGER_POSTED: "not posted any more",
    Concern.RIGHTLY_STOPPED: "not posted any more, found wrong later",
    Concern.OTHER: "bounced or held otherwise",
}
