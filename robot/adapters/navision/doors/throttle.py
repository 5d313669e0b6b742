"""At most so many requests under way in a company, counted where they are: in NAV."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from robot.errors import ErpUnavailableError

#: Seconds between two counts.
PAUSE: Final = 2.0


class Throttle:
    """Lets a request through when few enough are under way; NAV posts one after another anyway.

    Purchase posting locks the company's ledgers, so a long queue only gives lock time-outs to
    NAV's users. What waits here waits in the robot's own outbox instead.

    Args:
        limit: Requests under way in one company.
        in_flight: Counts them.
        patience: How often it is counted before a request is given up.
        wait: Waits for so many seconds.
    """

    def __init__(
        self,
        limit: int,
        in_flight: Callable[[str], int],
        *,
        patience: int = 30,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._limit = limit
        self._in_flight = in_flight
        self._patience = patience
        self._wait = wait

    def admit(self, company: str) -> None:
        """Wait for a place.

        Raises:
            ErpUnavailableError: None came free; nothing was sent.
        """
        for _ in range(self._patience):
            if self._in_flight(company) < self._limit:
                return
            self._wait(PAUSE)
        raise ErpUnavailableError(
            f"{self._limit} requests are under way in NAV and none gets finished; "
            "nothing more was sent",
            hint="see NAV's job queue: is the task scheduler running?",
            company=company,
        )
