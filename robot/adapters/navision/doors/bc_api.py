"""Business Central's own API: the standard post action, with the key kept by the robot's app.

The standard API has no place for a document key. The robot's app shows its inbox as an API page
(`robotRequests`): writing a row there takes the key and makes the draft. Then the standard action
`Microsoft.NAV.post` posts that draft, and the app's guard looks at the key once more inside the
posting's own transaction, so a request that was delayed loses against a tombstone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from robot.adapters.navision.doors.http import NavHttp, body_of, refusal_of
from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.doors.protocol import STATES, Answer, Request, garbled
from robot.adapters.navision.posting.inbox import is_free
from robot.domain.decision import PostingOrder
from robot.domain.invoice import Kind
from robot.errors import ErpError, ErpUnavailableError
from robot.flow.ports import KeyState

_STANDARD: Final = "api/v2.0"
_OURS: Final = "api/invoiceRobot/gate/v1.0"
_BAD, _ABSENT, _CONFLICT, _PRECONDITION = 400, 404, 409, 412
#: Of the codes of Business Central, those that say that somebody else was quicker.
_OVERTAKEN: Final = frozenset({"Internal_EntityWithSameKeyExists", "Request_EntityChanged"})


class BcApi:
    """Implements `PostingBackend` on Business Central's API v2.0.

    Args:
        http: Business Central's web services.
    """

    def __init__(self, http: NavHttp) -> None:
        self._http = http
        self._companies: dict[str, str] = {}

    def put(self, order: PostingOrder, request: Request) -> Answer:
        """Take the key, make the draft and post it, in Business Central's own session."""
        row = self._take(request, {"request": "Post", "orderText": order_text(order)})
        if row["state"] != "New" or not _is_ours(row, request):
            return _answer(row)
        return self._post(order, request, row)

    def close(self, request: Request) -> Answer:
        """Close the key."""
        return _answer(self._take(request, {"request": "Close"}))

    def _take(self, request: Request, wanted: Mapping[str, str]) -> Mapping[str, Any]:
        """The row under the key, ours when the key was free."""
        row = self._row(request)
        values = {
            "generation": request.generation,
            "payloadHash": request.payload_hash,
            **wanted,
        }
        if row is None:
            address = self._ours(request.company)
            answer = self._http.send(
                "POST",
                address,
                json={"documentKey": request.key, **values},
                read={_BAD, _CONFLICT},
            )
        elif _gives_way(row, request):
            answer = self._http.send(
                "PATCH",
                self._address_of(request),
                json=values,
                headers={"If-Match": str(row.get("@odata.etag") or "*")},
                read={_BAD, _CONFLICT, _PRECONDITION},
            )
        else:
            return row
        if answer.status_code in {_BAD, _CONFLICT, _PRECONDITION}:
            return self._overtaken(request, *refusal_of(answer))
        return _row(body_of(answer))

    def _overtaken(self, request: Request, code: str, message: str) -> Mapping[str, Any]:
        if code not in _OVERTAKEN:
            raise _said(message or code)
        row = self._row(request)
        if row is None:
            raise garbled("Business Central's API")
        return row

    def _post(self, order: PostingOrder, request: Request, row: Mapping[str, Any]) -> Answer:
        credit = order.kind == Kind.CREDIT_NOTE.value
        entity = "purchaseCreditMemos" if credit else "purchaseInvoices"
        company = self._company(request.company)
        draft = quote(str(row.get("draftId") or ""), safe="-")
        answer = self._http.send(
            "POST",
            f"{self._http.base}/{_STANDARD}/companies({company})/{entity}({draft})"
            "/Microsoft.NAV.post",
            read={_BAD, _ABSENT, _CONFLICT},
        )
        if answer.status_code == _BAD:
            return self._refused(request, *refusal_of(answer))
        # 204, or a draft that is not there any more: it was posted before, or deleted.
        now = self._row(request)
        if now is None:
            raise garbled("Business Central's API")
        return _answer(now)

    def _refused(self, request: Request, code: str, message: str) -> Answer:
        """Keep NAV's text under the key; when that fails, the evidence is asked again later."""
        row = self._row(request)
        if row is None or row["state"] != "New" or not _is_ours(row, request):
            raise _said(message or code)
        answer = self._http.send(
            "PATCH",
            self._address_of(request),
            json={"request": "Refuse", "refusalText": message or code},
            headers={"If-Match": str(row.get("@odata.etag") or "*")},
            read={_BAD, _CONFLICT, _PRECONDITION},
        )
        if answer.status_code in {_BAD, _CONFLICT, _PRECONDITION}:
            raise _said(message or code)
        return _answer(_row(body_of(answer)))

    def _row(self, request: Request) -> Mapping[str, Any] | None:
        answer = self._http.send("GET", self._address_of(request), read={_ABSENT})
        return None if answer.status_code == _ABSENT else _row(body_of(answer))

    def _ours(self, company: str) -> str:
        return f"{self._http.base}/{_OURS}/companies({self._company(company)})/robotRequests"

    def _address_of(self, request: Request) -> str:
        return f"{self._ours(request.company)}('{quote(request.key, safe='')}')"

    def _company(self, name: str) -> str:
        """The id of a company by its name.

        Raises:
            ErpError: There is none.
        """
        if name not in self._companies:
            wanted = quote(name.replace("'", "''"), safe="")
            address = f"{self._http.base}/{_STANDARD}/companies?$filter=name eq '{wanted}'"
            found = body_of(self._http.send("GET", address.replace(" eq ", "%20eq%20"))).get(
                "value"
            )
            if not isinstance(found, list):
                raise garbled("Business Central's API")
            ids = [str(it["id"]) for it in found if isinstance(it, Mapping) and it.get("id")]
            if len(ids) != 1:
                raise ErpError(
                    f"Business Central's API shows no company '{name}'.",
                    hint="give the customer's file the company's name as it stands there",
                    company=name,
                )
            self._companies[name] = ids[0]
        return self._companies[name]


def _row(body: Mapping[str, Any]) -> Mapping[str, Any]:
    if body.get("state") not in STATES:
        raise garbled("the robot's API page")
    return body


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(
        state=STATES[row["state"]],
        generation=str(row.get("generation") or ""),
        payload_hash=str(row.get("payloadHash") or ""),
        result=str(row.get("resultNumber") or ""),
        refusal=str(row.get("refusalText") or ""),
    )


def _is_ours(row: Mapping[str, Any], request: Request) -> bool:
    return (row.get("generation"), row.get("payloadHash")) == (
        request.generation,
        request.payload_hash,
    )


def _gives_way(row: Mapping[str, Any], request: Request) -> bool:
    """Whether the row may be written anew; the app's own trigger asks the same once more."""
    state = KeyState.REFUSED if row["state"] == "New" else STATES[row["state"]]
    return is_free(state, str(row.get("generation") or ""), request.generation)


def _said(message: str) -> ErpError:
    kind = ErpUnavailableError if not message else ErpError
    return kind(
        f"Business Central answered: {message}",
        hint="nothing was posted; the evidence decides what happens next",
    )
