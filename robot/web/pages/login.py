"""Choosing a role in the demo, and logging out."""

from __future__ import annotations

from typing import Final

from loguru import logger
from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.web.page import Page, act
from robot.web.security.doors import DEMO_PERSONS
from robot.web.security.sessions import Guard
from robot.web.visit import Visit

_ROLES: Final = {
    "viewer": (("Læser", "Viewer"), ("ser alt, ændrer intet", "sees everything, changes nothing")),
    "clerk": (
        ("Sagsbehandler", "Clerk"),
        ("afgør det, robotten holder", "decides what the robot holds"),
    ),
    "rule-author": (
        ("Regelforfatter", "Rule author"),
        ("foreslår regler og prøver dem på fortiden", "proposes rules and tries them on the past"),
    ),
    "approver": (
        ("Godkender", "Approver"),
        ("godkender regler, som andre har skrevet", "approves rules that others wrote"),
    ),
    "admin": (
        ("Administrator", "Administrator"),
        (
            "som sagsbehandler; sætter på pause, knytter Navisions tekster, ser hele sporet",
            "as a clerk; pauses, maps Navision's texts, sees the whole trail",
        ),
    ),
}


def _choose(visit: Visit) -> Response:
    _demo_only(visit)
    roles = [(role, visit.say(*name), visit.say(*text)) for role, (name, text) in _ROLES.items()]
    return visit.render("login.html.j2", roles=roles)


def _enter(visit: Visit) -> Response:
    _demo_only(visit)
    person = DEMO_PERSONS.get(visit.form.get("role", ""))
    if person is None:
        raise HTTPException(400, visit.say("Vælg en rolle.", "Choose a role."))
    guard = _guard(visit)
    _, secret = guard.begin(person)
    response = visit.go("/")
    guard.hand_over(response, secret)
    return response


def _leave(visit: Visit) -> Response:
    guard = _guard(visit)
    found = guard.find(visit.request)
    if found is not None:
        guard.sessions.end(found[0].id)
        visit.dashboard.note(visit.name, "web-session-ended", {})
    response = visit.go("/")
    guard.take_back(response)
    return response


def _guard(visit: Visit) -> Guard:
    guard: Guard = visit.request.app.state.guard
    return guard


def _demo_only(visit: Visit) -> None:
    if visit.dashboard.settings.web.auth != "demo":
        raise visit.missing()


def _back(visit: Visit) -> Response:
    """The provider's answer; a new session begins, whatever the browser had before."""
    door = visit.request.app.state.door
    arrived = getattr(door, "arrived", None)
    if arrived is None:
        raise visit.missing()
    try:
        person = arrived(visit.request)
    except Exception as error:
        logger.bind(why=str(error)).warning("Somebody could not log in")
        raise HTTPException(403) from error
    guard = _guard(visit)
    _, secret = guard.begin(person)
    visit.dashboard.note(person.name, "web-session-begun", {})
    response = visit.go("/")
    guard.hand_over(response, secret)
    return response


PAGES: Final = (
    Page(path="/login/back", name="back", da="", en="", show=_back, public=True),
    Page(
        path="/login", name="login", da="Vælg rolle", en="Choose a role", show=_choose, public=True
    ),
    act("/login", "enter", _enter, public=True),
    act("/logout", "leave", _leave, right=None),
)
