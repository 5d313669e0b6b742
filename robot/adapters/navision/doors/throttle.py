"""At most so many requests under way in a company, counted where they are: in NAV."""

from __future__ import annotations

from collections.abc import Callable

from robot.errors import ErpFullError


class Throttle:
    """Lets a request through when few enough are under way; NAV posts one after another anyway.

    Purchase posting locks the company's ledgers, so a long queue only gives lock time-outs to
    NAV's users. What finds no place waits in the robot's own outbox instead, which can be stopped.

    Args:
        limit: Requests under way in one company.
        in_flight: Counts them.
    """

    def __init__(self, limit: int, in_flight: Callable[[str], int]) -> None:
        self._limit = limit
        self._in_flight = in_flight

    def admit(self, company: str) -> None:
        """Find a place.

        Raises:
            ErpFullError: There is none; nothing was sent.
            ErpUnavailableError: They can't be counted; nothing was sent.
        """
        if self._in_flight(company) >= self._limit:
            raise ErpFullError(
                f"{self._limit} requests are under way in NAV and none gets finished; "
                "nothing more was sent",
                hint="see NAV's job queue: is the task scheduler running?",
                company=company,
            )
