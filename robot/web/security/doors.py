"""Ways in: the organisation's proxy names the person, or the demo lets anybody choose a role."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Sequence
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from robot.domain.rights import Grant, Person, Role, Scope, person_of
from robot.flow.session_port import Session
from robot.settings import DashboardSettings


class Door(Protocol):
    """How people get in."""

    def person(self, request: Request, session: Session | None) -> Person | None:
        """Who asks; None lets nobody in."""

    def invite(self, request: Request) -> Response | None:
        """Where somebody who is not in goes to get in; None when there is no way from here."""

    @property
    def logs_out(self) -> bool:
        """Whether ending the session here ends the stay."""


class ProxyDoor:
    """The organisation's reverse proxy has logged the person in and says so in a header.

    The header counts only from one of the proxy's addresses and beside the secret that only the
    proxy knows; a header that comes twice counts for nothing.
    """

    logs_out: Final = False

    def __init__(self, settings: DashboardSettings, secret: str, grants: Sequence[Grant]) -> None:
        self._settings = settings
        self._secret = secret.encode()
        self._grants = grants
        self._trusted = [ipaddress.ip_network(text) for text in settings.trusted_proxies]

    def person(self, request: Request, session: Session | None) -> Person | None:
        """Who asks, by the proxy's word, with what is granted to them now."""
        del session
        if not self._from_proxy(request):
            return None
        name = _only(request, self._settings.user_header)
        groups = _only(request, self._settings.groups_header).replace(";", ",").split(",")
        return person_of(name, [group.strip() for group in groups], self._grants)

    def invite(self, request: Request) -> Response | None:
        """There is no way in from here: the proxy's login is."""
        del request
        return None

    def _from_proxy(self, request: Request) -> bool:
        if request.client is None:
            return False
        try:
            address = ipaddress.ip_address(request.client.host)
        except ValueError:
            return False
        if not any(address in network for network in self._trusted):
            return False
        given = _only(request, self._settings.secret_header).encode()
        return bool(self._secret) and hmac.compare_digest(given, self._secret)


def _only(request: Request, name: str) -> str:
    values = request.headers.getlist(name)
    return values[0].strip() if len(values) == 1 else ""


#: Persons of the demo, by role.
DEMO_PERSONS: Final = {
    role.value: Person(name=f"demo-{role.value}", roles=frozenset({role}), scope=Scope())
    for role in Role
}


class DemoDoor:
    """Anybody on this machine chooses a role; there is nothing but invented data behind it."""

    logs_out: Final = True

    def person(self, request: Request, session: Session | None) -> Person | None:
        """The person that was chosen."""
        del request
        return session.person if session else None

    def invite(self, request: Request) -> Response | None:
        """To the page on which a role is chosen."""
        del request
        return RedirectResponse("/login", status_code=303)
