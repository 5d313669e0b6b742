"""Sessions: a random secret in a cookie, its hash in the store, an end after silence or a day."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from robot.domain.rights import Person
from robot.flow.ports import Clock
from robot.flow.session_port import Session, Sessions

_BYTES: Final = 32
#: Headers by which browsers say where a request comes from.
_SAME: Final = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Opens, finds and ends sessions, and makes the token that each form carries.

    Args:
        sessions: Where they are kept.
        clock: The time.
        idle: A session ends when it was not used for so long.
        longest: It ends after so long in any case.
        secure: The cookie travels over HTTPS only.
    """

    sessions: Sessions
    clock: Clock
    idle: timedelta
    longest: timedelta
    secure: bool

    @property
    def cookie(self) -> str:
        """The cookie's name; over HTTPS it is bound to this host."""
        return "__Host-robot" if self.secure else "robot"

    def find(self, request: Request) -> tuple[Session, str] | None:
        """The session of a request and its secret; one that is too old is ended."""
        secret = request.cookies.get(self.cookie, "")
        if not secret:
            return None
        session = self.sessions.find(_hash(secret))
        if session is None:
            return None
        now = self.clock.now()
        if now - session.last_seen_at > self.idle or now - session.created_at > self.longest:
            self.sessions.end(session.id)
            return None
        self.sessions.seen(session.id)
        return session, secret

    def begin(self, person: Person) -> tuple[Session, str]:
        """A new session; never one whose secret somebody else may know."""
        secret = secrets.token_urlsafe(_BYTES)
        now = self.clock.now()
        session = Session(id=_hash(secret), person=person, created_at=now, last_seen_at=now)
        self.sessions.begin(session)
        return session, secret

    def hand_over(self, response: Response, secret: str) -> None:
        """Give the browser its cookie."""
        response.set_cookie(
            self.cookie, secret, httponly=True, secure=self.secure, samesite="lax", path="/"
        )

    def take_back(self, response: Response) -> None:
        """Take the cookie back."""
        response.delete_cookie(
            self.cookie, httponly=True, secure=self.secure, samesite="lax", path="/"
        )


def csrf_token(secret: str) -> str:
    """The token of all forms of a session; it can't be made without the cookie's secret."""
    return hmac.new(secret.encode(), b"invoice-robot: form", hashlib.sha256).hexdigest()


def sent_from_own_page(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent it, or does not say."""
    return request.headers.get("sec-fetch-site", "same-origin") in _SAME


def form_is_own(request: Request, secret: str, token: str) -> bool:
    """Whether a form was made by the dashboard for this session, and sent from its own pages."""
    if not secret:  # A token of no session could be made by anybody.
        return False
    if not sent_from_own_page(request):
        return False
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if origin is not None and origin.split("://", 1)[-1] != host:
        return False
    return hmac.compare_digest(token.encode(), csrf_token(secret).encode())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
