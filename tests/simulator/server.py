"""The simulated NAV on loopback: SOAP, OData V4, Business Central's API, OAuth, and an admin door.

Usage: server.py DATABASE LAYOUT LANGUAGE

DATABASE is a path, or a server's address. Prints its port and serves until it is killed. The
admin door (`POST /admin/ACT`, JSON) lets tests choose what the network does to the next requests
and what happens inside NAV.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from robot.adapters.navision.options import InboxState, PurchaseDocumentType
from robot.adapters.navision.schema.model import Layout
from tests.simulator.databases import open_database, put_back
from tests.simulator.drafts import DraftKey
from tests.simulator.gate import Asked, draft_of
from tests.simulator.nav import Nav, NavError, NoSuchCompanyError

USER: Final = "ROBOT"
KEY: Final = "web-service-key"
INSTANCE: Final = "/NAV"
_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_STATES: Final = {state: state.name.capitalize() for state in InboxState}
_DEADLOCK: Final = {
    "en": "The activity was deadlocked with another user who was modifying the G/L Entry table."
    " Please retry the activity.",
    "da": "Aktiviteten gik i hårdknude med en anden bruger, som var ved at ændre tabellen"
    " Finanspost. Prøv aktiviteten igen.",
}


@dataclass
class Reply:
    """What is sent back; `status` 0 closes the connection without a word."""

    status: int
    body: str = ""
    kind: str = "application/json"


@dataclass
class Fault:
    """What the network or server does to the next request whose path holds `path`."""

    kind: str
    path: str = ""


@dataclass
class Simulator:
    """The server's state."""

    nav: Nav
    faults: list[Fault] = field(default_factory=list)
    late: list[Callable[[], Reply]] = field(default_factory=list)
    tokens: int = 0
    accepted: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    #: Set after every request, for whoever works by itself.
    asked: threading.Event = field(default_factory=threading.Event)

    # ------------------------------------------------------------ admin

    def admin(self, act: str, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- JSON
        return getattr(self, f"act_{act}")(**given)

    def act_reset(self, template: str) -> None:
        put_back(self.nav.engine, template)
        self.nav = Nav(engine=self.nav.engine, layout=self.nav.layout, language=self.nav.language)
        self.faults.clear()
        self.late.clear()
        self.calls.clear()

    def act_fault(self, kind: str, path: str = "") -> None:
        self.faults.append(Fault(kind, path))

    def act_deliver(self) -> int:
        late, self.late = self.late, []
        for request in late:
            request()
        self.released.set()
        return len(late)

    def act_work(self, company: str, fault: str = "") -> str:
        return self.nav.work(company, fault)

    def act_auto(self, delay: float) -> None:
        """From now on take jobs by itself, in every company, each after a delay in seconds.

        It looks for jobs whenever somebody has asked for something.
        """

        def run() -> None:
            while True:
                worked = [self.nav.work(company) for company in self.nav.company_names()]
                if set(worked) == {"idle"}:
                    self.asked.wait()
                    self.asked.clear()
                    time.sleep(delay)

        threading.Thread(target=run, daemon=True).start()

    def act_batch(self, company: str) -> list[str]:
        return self.nav.batch(company)

    def act_draft(self, company: str, order_text: str) -> str:
        return self.nav.make_draft(company, order_text).number

    def act_calls(self) -> list[str]:
        return self.calls

    def act_language(self, language: str) -> None:
        self.nav = Nav(engine=self.nav.engine, layout=self.nav.layout, language=language)

    def act_revoke(self) -> None:
        self.accepted.clear()

    def act_nav(self, name: str, **given: Any) -> None:  # noqa: ANN401 -- passed on
        """What people and accidents do: `edit`, `delete_draft`, `drop_tasks`, ..."""
        getattr(self.nav, name)(**given)

    # ------------------------------------------------------------ faults on the way

    def through(self, path: str, serve: Callable[[], Reply]) -> Reply:
        fault = next((it for it in self.faults if it.path in path), None)
        if fault is None:
            return serve()
        self.faults.remove(fault)
        return getattr(self, f"_{fault.kind}")(serve)  # type: ignore[no-any-return]  # by name

    @staticmethod
    def _lost(_serve: Callable[[], Reply]) -> Reply:
        return Reply(0)

    @staticmethod
    def _unanswered(serve: Callable[[], Reply]) -> Reply:
        serve()
        return Reply(0)

    def _late(self, serve: Callable[[], Reply]) -> Reply:
        self.late.append(serve)
        return Reply(0)

    def _silent(self, serve: Callable[[], Reply]) -> Reply:
        """Done, and never answered while the connection stays open."""
        serve()
        self.released.wait(30)
        self.released.clear()
        return Reply(0)

    @staticmethod
    def _unavailable(_serve: Callable[[], Reply]) -> Reply:
        return Reply(503, "<html>Service Unavailable</html>", "text/html")

    @staticmethod
    def _throttled(_serve: Callable[[], Reply]) -> Reply:
        return Reply(429, "")

    @staticmethod
    def _garbled(serve: Callable[[], Reply]) -> Reply:
        serve()
        return Reply(200, "<html>Sign in</html>", "text/html")

    @staticmethod
    def _cut(serve: Callable[[], Reply]) -> Reply:
        reply = serve()
        return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.kind)

    def _deadlock(self, _serve: Callable[[], Reply]) -> Reply:
        raise NavError(_DEADLOCK[self.nav.language])

    @staticmethod
    def _denied(_serve: Callable[[], Reply]) -> Reply:
        return Reply(403, "")

    # ------------------------------------------------------------ the services

    def serve(self, method: str, target: str, body: bytes) -> Reply:
        split = urlsplit(target)
        path = unquote(split.path).removeprefix(INSTANCE)
        if match := re.fullmatch(r"/WS/(?P<company>.+)/Codeunit/RobotGate", path):
            return self._soap(match["company"], body)
        pattern = r"/ODataV4/Company\('(?P<company>.+)'\)/RobotGate\(''\)/NAV\.(?P<act>\w+)"
        if match := re.fullmatch(pattern, path):
            return self._odata(match["company"].replace("''", "'"), match["act"], json.loads(body))
        if path.startswith("/api/"):
            return self._api(method, path, parse_qs(split.query), json.loads(body or b"{}"))
        return Reply(404, _error("BadRequest_ResourceNotFound", f"no service at {path}"))

    def _soap(self, company: str, body: bytes) -> Reply:
        call = next(iter(ET.fromstring(body).find(f"{{{_ENVELOPE}}}Body") or ()))  # noqa: S314
        space, _, function = call.tag[1:].partition("}")
        values = {it.tag.partition("}")[2]: it.text or "" for it in call}
        try:
            text = self.through(
                f"soap {function}", lambda: Reply(200, self._gate(company, function, values))
            )
        except (NavError, NoSuchCompanyError) as error:
            return Reply(500, _fault(str(error)), "text/xml")
        if text.status != 200 or text.kind != "application/json":
            return text
        return Reply(200, _envelope(space, function, text.body), "text/xml")

    def _odata(self, company: str, act: str, values: Mapping[str, str]) -> Reply:
        try:
            reply = self.through(
                f"odata {act}",
                lambda: Reply(200, json.dumps({"value": self._gate(company, act, values)})),
            )
        except NoSuchCompanyError:
            return Reply(404, _error("Internal_CompanyNotFound", "Cannot find company"))
        except NavError as error:
            return Reply(400, _error("Application_DialogException", str(error)))
        return reply

    def _gate(self, company: str, function: str, values: Mapping[str, str]) -> str:
        asked = _asked(values["documentKey"], values)
        if function == "Close":
            row = self.nav.close(company, asked)
        else:
            mode = {"Put": "queue", "Watch": "watch"}[function]
            row = self.nav.put(company, asked, values["orderText"], mode)
        return "\n".join(
            (
                _STATES[InboxState(row["State"])],
                row["Generation"],
                row["Payload Hash"],
                row["Result No_"],
                row["Refusal Text"],
            )
        )

    def _api(
        self, method: str, path: str, query: Mapping[str, list[str]], body: Mapping[str, Any]
    ) -> Reply:
        try:
            return self.through(
                f"{method} {path}", lambda: self._routed(method, path, query, body)
            )
        except NavError as error:
            return Reply(400, _error("Application_DialogException", str(error)))

    def _routed(
        self, method: str, path: str, query: Mapping[str, list[str]], body: Mapping[str, Any]
    ) -> Reply:
        if path == "/api/v2.0/companies":
            return self._named_companies(query["$filter"][0])
        match = re.match(r"/api/.+/companies\(([0-9a-f-]{36})\)/(.+)", path)
        company = next(
            (it for it in self.nav.company_names() if match and _id(it) == match[1]), ""
        )
        if match is None or not company:
            return Reply(404, _error("BadRequest_NotFound", "no such company"))
        rest = match[2]
        if action := re.fullmatch(
            r"(purchaseInvoices|purchaseCreditMemos)\((.+)\)/Microsoft\.NAV\.post", rest
        ):
            return self._post_draft(company, action[1], action[2])
        if entity := re.fullmatch(r"robotRequests\('(.+)'\)", rest):
            return self._request(method, company, entity[1], body)
        if rest == "robotRequests" and method == "POST":
            return self._new_request(company, str(body["documentKey"]), body)
        return Reply(404, _error("BadRequest_NotFound", rest))

    def _new_request(self, company: str, key: str, body: Mapping[str, Any]) -> Reply:
        if self.nav.row(company, key) is not None:
            return Reply(400, _error("Internal_EntityWithSameKeyExists", "it exists"))
        return self._request("PATCH", company, key, body, created=True)

    def _named_companies(self, wanted: str) -> Reply:
        name = wanted.removeprefix("name eq '").removesuffix("'").replace("''", "'")
        names = [it for it in self.nav.company_names() if it == name]
        return Reply(200, json.dumps({"value": [{"id": _id(it), "name": it} for it in names]}))

    def _request(
        self,
        method: str,
        company: str,
        key: str,
        body: Mapping[str, Any],
        *,
        created: bool = False,
    ) -> Reply:
        row: Mapping[str, Any] | None
        if method == "GET":
            row = self.nav.row(company, key)
        elif body["request"] == "Refuse":
            row = self.nav.refuse(company, key, str(body["refusalText"]))
        elif body["request"] == "Close":
            row = self.nav.close(company, _asked(key, body))
        else:
            row = self.nav.put(company, _asked(key, body), str(body["orderText"]), "reserve")
        if row is None:
            return Reply(404, _error("BadRequest_NotFound", "no such request"))
        shown = {
            "@odata.etag": f'W/"{row["State"]}{row["Generation"]}"',
            "documentKey": key,
            "generation": row["Generation"],
            "payloadHash": row["Payload Hash"],
            "state": _STATES[InboxState(row["State"])],
            "refusalText": row["Refusal Text"],
            "resultNumber": row["Result No_"],
            "draftId": _draft_id(company, draft_of(row)) if row["Draft No_"] else "",
        }
        return Reply(201 if created else 200, json.dumps(shown))

    def _post_draft(self, company: str, entity: str, draft_id: str) -> Reply:
        kind = (
            PurchaseDocumentType.INVOICE
            if entity == "purchaseInvoices"
            else PurchaseDocumentType.CREDIT_MEMO
        )
        for draft in self.nav.drafts(company):
            if draft.type == kind and _draft_id(company, draft) == draft_id:
                self.nav.post(company, draft)
                return Reply(204)
        return Reply(404, _error("Internal_RecordNotFound", "the draft is not there"))

    # ------------------------------------------------------------ who asks

    def allows(self, authorization: str) -> bool:
        scheme, _, rest = authorization.partition(" ")
        if scheme == "Basic":
            return base64.b64decode(rest).decode() == f"{USER}:{KEY}"
        return scheme == "Bearer" and rest in self.accepted

    def token(self, form: Mapping[str, list[str]]) -> Reply:
        if form.get("client_secret") != [KEY]:
            return Reply(401, json.dumps({"error": "invalid_client"}))
        self.tokens += 1
        self.accepted.add(f"token-{self.tokens}")
        return Reply(200, json.dumps({"access_token": f"token-{self.tokens}", "expires_in": 3600}))


def _asked(key: str, values: Mapping[str, Any]) -> Asked:
    return Asked(
        key=key,
        generation=str(values["generation"]),
        payload_hash=str(values["payloadHash"]),
    )


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def _draft_id(company: str, draft: DraftKey) -> str:
    return _id(f"{company}/{draft.type}/{draft.series}/{draft.number}")


def _error(code: str, message: str) -> str:
    return json.dumps({"error": {"code": code, "message": message}})


def _envelope(space: str, function: str, text: str) -> str:
    root = ET.Element(f"{{{_ENVELOPE}}}Envelope")
    result = ET.SubElement(
        ET.SubElement(root, f"{{{_ENVELOPE}}}Body"), f"{{{space}}}{function}_Result"
    )
    ET.SubElement(result, f"{{{space}}}return_value").text = text
    return ET.tostring(root, encoding="unicode")


def _fault(text: str) -> str:
    root = ET.Element(f"{{{_ENVELOPE}}}Envelope")
    fault = ET.SubElement(ET.SubElement(root, f"{{{_ENVELOPE}}}Body"), f"{{{_ENVELOPE}}}Fault")
    ET.SubElement(fault, "faultcode").text = "a:Microsoft.Dynamics.Nav.Types.Exceptions"
    ET.SubElement(fault, "faultstring").text = text
    return ET.tostring(root, encoding="unicode")


class Handler(BaseHTTPRequestHandler):
    """One connection; kept open, so that NTLM's three messages find each other."""

    protocol_version = "HTTP/1.1"
    simulator: Simulator
    _windows: Any = None
    _known = False

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PATCH(self) -> None:
        self._handle()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/admin/"):
            answer = self.simulator.admin(self.path[7:], json.loads(body or b"{}"))
            self.simulator.asked.set()
            self._send(Reply(200, json.dumps(answer)))
            return
        if self.path == "/token":
            self._send(self.simulator.token(parse_qs(body.decode())))
            return
        if not self._admitted():
            return
        self.simulator.calls.append(f"{self.command} {unquote(self.path)}")
        reply = self.simulator.serve(self.command, self.path, body)
        self.simulator.asked.set()
        if reply.status:
            self._send(reply)
        else:
            self.close_connection = True

    def _admitted(self) -> bool:
        authorization = self.headers.get("Authorization", "")
        if self._known or self.simulator.allows(authorization):
            return True
        scheme, _, rest = authorization.partition(" ")
        if scheme in {"NTLM", "Negotiate"}:
            return self._ntlm(base64.b64decode(rest))
        self._send(Reply(401), ("WWW-Authenticate", "NTLM"))
        return False

    def _ntlm(self, message: bytes) -> bool:
        import spnego  # noqa: PLC0415 -- for this way to log in only

        if self._windows is None:
            self._windows = spnego.server(
                protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm
            )
        try:
            answer = self._windows.step(message)
        except spnego.exceptions.SpnegoError:
            self._windows = None
            self._send(Reply(401))
            return False
        if self._windows.complete:
            self._known = True
            return True
        challenge = base64.b64encode(answer).decode()
        self._send(Reply(401), ("WWW-Authenticate", f"NTLM {challenge}"))
        return False

    def _send(self, reply: Reply, *headers: tuple[str, str]) -> None:
        content = reply.body.encode()
        self.send_response(reply.status)
        for name, value in headers:
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Type", f"{reply.kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if reply.status != 204:
            self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def main(database: str, layout: str, language: str) -> None:
    """Serve."""
    nav = Nav(engine=open_database(database), layout=Layout(layout), language=language)
    Handler.simulator = Simulator(nav=nav)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
