"""The dashboard as an ASGI application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from loguru import logger
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from robot.domain.rights import Person
from robot.errors import RobotError
from robot.web.dashboard import Dashboard
from robot.web.page import Page
from robot.web.pages import PAGES
from robot.web.security.doors import Door
from robot.web.security.headers import SafeHeaders
from robot.web.security.sessions import Guard, csrf_token, form_is_own
from robot.web.visit import LANGUAGES, Upload, Visit

STATIC: Final = Path(__file__).parent / "static"
#: The largest form, in bytes; a re-posting sheet is the largest thing that is sent.
LARGEST_FORM: Final = 10 * 1024 * 1024
_FORM: Final = Page(path="", name="", da="", en="", show=lambda _visit: Response(), right=None)
_TROUBLE: Final = {
    400: ("Det kunne ikke lade sig gøre", "That can't be done"),
    403: ("Det har du ikke adgang til", "You may not do that"),
    404: ("Siden findes ikke", "There is no such page"),
    405: ("Det kan denne side ikke", "This page can't do that"),
    413: ("Filen er for stor", "The file is too large"),
    500: ("Der er en fejl hos os", "Something is wrong with us"),
    503: ("Det går ikke lige nu", "Not possible just now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What came with a form."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets requests in to pages: person, session, right, form token, language."""

    dashboard: Dashboard
    door: Door
    guard: Guard
    pages: Sequence[Page]

    async def answer(self, page: Page, request: Request) -> Response:
        """The answer of a page, or why there is none."""
        await run_in_threadpool(self.dashboard.refresh)
        sent = await _sent(request, page) if request.method == "POST" else _Sent()
        return await run_in_threadpool(self._answer, page, request, sent)

    def _answer(self, page: Page, request: Request, sent: _Sent) -> Response:
        if page.public:
            visit = self._visit(page, request, None, "", sent)
            return self._shown(page, visit)
        person, secret, is_new = self._identify(request)
        if person is None:
            invitation = self.door.invite(request) if request.method == "GET" else None
            if invitation is not None:
                return invitation
            raise HTTPException(403)
        if page.right is not None and not person.may(page.right):
            raise HTTPException(403)
        if request.method == "POST" and not form_is_own(
            request, secret, sent.fields.get("csrf", "")
        ):
            raise HTTPException(403)
        response = self._shown(page, self._visit(page, request, person, secret, sent))
        if is_new:
            self.guard.hand_over(response, secret)
        return response

    def _identify(self, request: Request) -> tuple[Person | None, str, bool]:
        found = self.guard.find(request)
        person = self.door.person(request, found[0] if found else None)
        if person is None:
            return None, "", False
        if found is not None and found[0].person.name == person.name:
            return person, found[1], False
        # A form can't be the first thing that somebody sends.
        if request.method == "POST":
            return person, "", False
        _, secret = self.guard.begin(person)
        self.dashboard.note(person.name, "web-session-begun", {})
        return person, secret, True

    def _visit(
        self,
        page: Page,
        request: Request,
        person: Person | None,
        secret: str,
        sent: _Sent,
    ) -> Visit:
        return Visit(
            request=request,
            dashboard=self.dashboard,
            page=page,
            menu=[] if page.public else self.pages,
            person=person,
            csrf=csrf_token(secret) if secret else "",
            form=sent.fields,
            files=sent.files,
        )

    @staticmethod
    def _shown(page: Page, visit: Visit) -> Response:
        response = page.show(visit)
        wanted = visit.request.query_params.get("lang")
        if wanted in LANGUAGES:
            response.set_cookie("robot-language", wanted, samesite="lax", httponly=True)
        return response

    def trouble(self, request: Request, status: int, words: str = "") -> Response:
        """A page that says what is wrong, in words."""
        visit = self._visit(_FORM, request, None, "", _Sent())
        title = _TROUBLE.get(status, _TROUBLE[400])
        return visit.render(
            "trouble.html.j2", status=status, title=visit.say(*title), words=words, code=status
        )


def create_app(
    dashboard: Dashboard, door: Door, guard: Guard, pages: Sequence[Page] = PAGES
) -> Starlette:
    """The application.

    Args:
        dashboard: What pages are made from.
        door: How people get in.
        guard: Their sessions.
        pages: All pages and acts.
    """
    gate = Gate(dashboard=dashboard, door=door, guard=guard, pages=pages)

    def route(page: Page) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return await gate.answer(page, request)
            except (HTTPException, RobotError):
                raise
            except Exception as error:  # noqa: BLE001 - its page needs the headers of all pages
                return await fault(request, error)

        return Route(page.path, endpoint, methods=[page.method], name=f"{page.method} {page.name}")

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        told = isinstance(error, HTTPException) and status == HTTPStatus.BAD_REQUEST
        words = str(getattr(error, "detail", "")) if told else ""
        return await run_in_threadpool(gate.trouble, request, status, words)

    async def unavailable(request: Request, error: Exception) -> Response:
        logger.bind(path=request.url.path).warning("The dashboard can't answer: {}", error)
        return await run_in_threadpool(gate.trouble, request, 503, str(error))

    async def fault(request: Request, error: Exception) -> Response:
        logger.bind(path=request.url.path, kind=type(error).__name__).error("A fault of a page")
        try:
            return await run_in_threadpool(gate.trouble, request, 500)
        except Exception:  # noqa: BLE001 - the page that says so is broken too
            return PlainTextResponse("Fejl / error", status_code=500)

    handlers: dict[Any, Any] = {HTTPException: refused, RobotError: unavailable, Exception: fault}
    static = Mount("/static", StaticFiles(directory=STATIC), name="static")
    return Starlette(
        routes=[static, *(route(page) for page in pages)],
        exception_handlers=handlers,
        middleware=[Middleware(SafeHeaders)],
    )


async def _sent(request: Request, page: Page) -> _Sent:
    """The fields of a form, and its files where the page takes one."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or int(length[:12]) > LARGEST_FORM:
        raise HTTPException(413)
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    async with request.form(max_files=2, max_fields=200, max_part_size=LARGEST_FORM) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if page.takes_file:
                    files[name] = Upload(name=value.filename or "", content=await value.read())
            elif name in fields:
                fields[name] += " " + value
            else:
                fields[name] = value
    return _Sent(fields=fields, files=files)
