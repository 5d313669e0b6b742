"""NAV's own batch posting posts; the robot looks beforehand, keeps the key, and follows.

For a site where a job in NAV (report 497 for invoices, 498 for credit memos) posts what is
released. The purchase document is in NAV already. The robot takes its key, so that a document that
it bounces can't be posted by a batch that comes late: the guard in the robot's app refuses it.
"""

from __future__ import annotations

from robot.adapters.navision.doors.protocol import Answer, KeyKeeper, Request
from robot.domain.decision import PostingOrder


class MonitorOnly:
    """Implements `PostingBackend` without posting anything.

    Args:
        keeper: The door through which keys are taken and closed.
    """

    def __init__(self, keeper: KeyKeeper) -> None:
        self._keeper = keeper

    def put(self, order: PostingOrder, request: Request) -> Answer:
        """Take the key for the document that NAV will post."""
        return self._keeper.watch(order, request)

    def close(self, request: Request) -> Answer:
        """Close the key, as every door does."""
        return self._keeper.close(request)
