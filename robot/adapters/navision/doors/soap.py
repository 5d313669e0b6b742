"""The SOAP service of the robot's codeunit: NAV 2016, NAV 2018, and Business Central on-premises.

The codeunit takes the key, makes the purchase document, and puts it into NAV's own job queue.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from lxml import etree

from robot.adapters.navision.doors.http import NavHttp
from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.doors.protocol import Answer, Request, answer_from, garbled
from robot.domain.decision import PostingOrder
from robot.errors import ErpError

_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
#: SOAP 1.1 gives a fault with this status, whatever it is about.
_FAULT: Final = 500


class NavSoap:
    """Implements `KeyKeeper` on `…/WS/<company>/Codeunit/<service>`.

    Args:
        http: NAV's web services.
        service: The name under which the codeunit is published.
    """

    def __init__(self, http: NavHttp, service: str = "RobotGate") -> None:
        self._http = http
        self._service = service
        self._space = f"urn:microsoft-dynamics-schemas/codeunit/{service}"

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
        address = (
            f"{self._http.base}/WS/{quote(request.company, safe='')}/Codeunit/{self._service}"
        )
        answer = self._http.send(
            "POST",
            address,
            data=self._envelope(function, request, order),
            headers={
                "Content-Type": "text/xml; charset=utf-8",
                "SOAPAction": f'"{self._space}:{function}"',
            },
            read={_FAULT},
        )
        return self._read(function, answer.content)

    def _envelope(self, function: str, request: Request, order: str | None) -> bytes:
        root = Element(f"{{{_ENVELOPE}}}Envelope")
        call = SubElement(SubElement(root, f"{{{_ENVELOPE}}}Body"), f"{{{self._space}}}{function}")
        values = {
            "documentKey": request.key,
            "generation": request.generation,
            "payloadHash": request.payload_hash,
        }
        if order is not None:
            values["orderText"] = order
        for name, value in values.items():
            SubElement(call, f"{{{self._space}}}{name}").text = value
        text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return text

    def _read(self, function: str, content: bytes) -> Answer:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            raise garbled("NAV's SOAP service") from None
        fault = root.find(f"{{{_ENVELOPE}}}Body/{{{_ENVELOPE}}}Fault/faultstring")
        if fault is not None:
            raise ErpError(
                f"NAV answered: {' '.join((fault.text or 'a fault without a text').split())}",
                hint="nothing was posted; the evidence decides what happens next",
            )
        result = root.find(
            f"{{{_ENVELOPE}}}Body/{{{self._space}}}{function}_Result/{{{self._space}}}return_value"
        )
        if result is None or not result.text:
            raise garbled("NAV's SOAP service")
        return answer_from(result.text)
