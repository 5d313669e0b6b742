"""The OData V4 bound action of the robot's page: NAV 2018 and Business Central.

The same codeunit as behind the SOAP service, where a site publishes OData only.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from robot.adapters.navision.doors.http import NavHttp, body_of, refusal_of
from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.doors.protocol import Answer, Request, answer_from, garbled
from robot.domain.decision import PostingOrder
from robot.errors import ErpError

_REFUSED: Final = 400


class NavODataAction:
    """Implements `KeyKeeper` on `…/ODataV4/Company('X')/<service>('')/NAV.<function>`.

    Args:
        http: NAV's web services.
        service: The name under which the page is published. Its one record has an empty key.
    """

    def __init__(self, http: NavHttp, service: str = "RobotGate") -> None:
        self._http = http
        self._service = service

    def put(self, order: PostingOrder, request: Request) -> Answer:
        """Take the key and queue the document."""
        return self._call("Put", request, order_text(order))

    def watch(self, order: PostingOrder, request: Request) -> Answer:
        """Take the key for the document that is in NAV already."""
        return self._call("Watch", request, order_text(order))

    def close(self, request: Request) -> Answer:
        """Close the key."""
        return self._call("Close", request, None)

    def _call(self, function: str, request: Request, order: str | None) -> Answer:
        company = quote(request.company.replace("'", "''"), safe="")
        address = (
            f"{self._http.base}/ODataV4/Company('{company}')/{self._service}('')/NAV.{function}"
        )
        values = {
            "documentKey": request.key,
            "generation": request.generation,
            "payloadHash": request.payload_hash,
        }
        if order is not None:
            values["orderText"] = order
        answer = self._http.send("POST", address, json=values, read={_REFUSED})
        if answer.status_code == _REFUSED:
            code, message = refusal_of(answer)
            raise ErpError(
                f"NAV answered: {message or code}",
                hint="nothing was posted; the evidence decides what happens next",
            )
        value = body_of(answer).get("value")
        if not isinstance(value, str):
            raise garbled("NAV's OData action")
        return answer_from(value)
