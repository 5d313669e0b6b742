"""Any door as the flow's `ErpPoster`: asks through it, and reads back from NAV's own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from robot.adapters.navision.doors.protocol import PostingBackend, Request
from robot.adapters.navision.doors.throttle import Throttle
from robot.adapters.navision.readback import ReadBack
from robot.domain.decision import PostingOrder
from robot.flow.ports import Evidence


class NavPoster:
    """Implements `ErpPoster`.

    Args:
        door: How NAV is asked.
        read_back: What is evidence.
        throttle: How many requests may be under way.
    """

    def __init__(self, door: PostingBackend, read_back: ReadBack, throttle: Throttle) -> None:
        self._door = door
        self._read_back = read_back
        self._throttle = throttle

    def post(self, order: PostingOrder, *, generation: str, payload_hash: str) -> Evidence:
        """Ask NAV to post.

        Raises:
            ErpFullError: Too much is under way; nothing was sent.
            ErpUnavailableError: The outcome is unknown.
            ErpError: NAV says that it did nothing.
        """
        self._throttle.admit(order.company)
        request = Request(
            key=order.document_key,
            company=order.company,
            generation=generation,
            payload_hash=payload_hash,
        )
        return self._door.put(order, request).as_evidence()

    def tombstone(
        self, company: str, document_key: str, *, generation: str, payload_hash: str
    ) -> Evidence:
        """Close the key.

        Raises:
            ErpUnavailableError: The outcome is unknown.
            ErpError: NAV says that it did nothing.
        """
        request = Request(
            key=document_key, company=company, generation=generation, payload_hash=payload_hash
        )
        return self._door.close(request).as_evidence()

    def evidence(self, company: str, document_keys: Sequence[str]) -> Mapping[str, Evidence]:
        """What NAV's tables prove.

        Raises:
            ErpUnavailableError: The database can't be reached.
            ErpError: The company or a table is not there.
        """
        return self._read_back.evidence(company, document_keys)
