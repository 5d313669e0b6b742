"""Cases: the list, one thread with internal and external apart, and mails that wait."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.case import CaseStatus
from robot.domain.incoming import MailKind, Route
from robot.domain.reported import OTHER, FoundBy
from robot.domain.rights import Right, Scope
from robot.errors import ActError
from robot.flow.cases import CaseLine, CaseView, Wanted
from robot.flow.inbox_records import IncomingFilter, IncomingMail
from robot.web import words
from robot.web.page import Page, acts
from robot.web.visit import MOST_ROWS, ROWS, Visit

#: Act, words, whether it needs an address, whether its text is the reason.
_ACTS: Final = (
    ("answer", ("Skriv til alle parter", "Write to all parties"), False),
    ("note", ("Skriv intern note", "Write an internal note"), False),
    ("share", ("Del med en adresse", "Share with an address"), True),
    ("unshare", ("Fjern en adresse", "Remove an address"), True),
    ("close", ("Luk sagen", "Close the case"), False),
    ("reopen", ("Åbn sagen igen", "Open the case again"), False),
)
#: Acts that an open case, or a closed one, has no use for.
_OF_CLOSED: Final = frozenset({"reopen"})
_OF_OPEN: Final = frozenset({"close", "share"})
_NO_TYPE: Final = ("noget andet", "something else")
#: Who said what a mail is about.
_FOUND_BY: Final = {
    FoundBy.RULE: ("robotten, efter ordene", "the robot, by its words"),
    FoundBy.MODEL: ("robotten gætter", "the robot's guess"),
    FoundBy.PERSON: ("en medarbejder", "a clerk"),
}
#: Mails that a person looks at.
_WAITING: Final = frozenset({Route.QUARANTINE, Route.TRIAGE, Route.SET_ASIDE})

#: Mails on a page: each is shown whole.
_MAILS: Final = 20


def _list(visit: Visit) -> Response:
    status = visit.asked("status")
    chosen = visit.asked("customer")
    if chosen and not visit.scope.covers(chosen):
        raise visit.missing()
    wanted = Wanted(
        customer=chosen,
        customers=visit.scope.customers,
        status=CaseStatus(status) if status in set(CaseStatus) else None,
        open_only=visit.asked("all") != "1",
    )
    if visit.asked("format") == "csv":
        headings = ("case", "customer", "status", "ball", "since", "documents")
        lines = sorted(visit.case_reader().listing(wanted), key=lambda it: it.standing.since)
        return visit.csv("sager", headings, (_row(it) for it in lines))
    return visit.render(
        "cases.html.j2",
        rows=visit.case_reader().page(
            wanted, number=visit.number("page", 1), size=visit.number("size", ROWS, MOST_ROWS)
        ),
        statuses=list(CaseStatus),
        status_word=partial(words.case_status, visit.language),
        customers=visit.choices(),
    )


def _row(line: CaseLine) -> tuple[object, ...]:
    return (
        line.case.number,
        line.case.customer,
        line.standing.status.value,
        line.standing.ball.value,
        line.standing.since,
        " ".join(it.number for it in line.documents),
    )


def _one(visit: Visit) -> Response:
    view = _case(visit)
    return visit.render(
        "case.html.j2",
        case=view,
        status_word=partial(words.case_status, visit.language),
        acts=[
            (kind, visit.say(*label), address)
            for kind, label, address in _ACTS
            if kind not in (_OF_OPEN if view.case.closed_by else _OF_CLOSED)
        ],
        waiting=visit.dashboard.store.commands.about("case", view.case.number, limit=5),
    )


def _case(visit: Visit) -> CaseView:
    return _seen_case(visit, visit.path("number"))


def _seen_case(visit: Visit, number: str) -> CaseView:
    try:
        view = visit.case_reader().view(number)
    except ActError as error:
        raise visit.missing() from error
    if not visit.scope.covers(view.case.customer):
        raise visit.missing()
    return view


def _act(kind: str, visit: Visit) -> Response:
    view = _case(visit)
    argument = {"case": view.case.number}
    reason = visit.form.get("reason", "")
    if "address" in visit.form:
        argument["address"] = visit.form["address"].strip()
        reason = reason or argument["address"]
    number = visit.ask(f"case-{kind}", argument, reason=reason)
    return visit.go(f"/cases/{view.case.number}", done=str(number))


def _mails(visit: Visit) -> Response:
    which = IncomingFilter(routes=_WAITING, unhandled=True, customers=visit.scope.customers)
    found = visit.dashboard.store.inbox.listing(which)
    if visit.asked("format") == "csv":
        return visit.csv(
            "mails",
            ("id", "received", "sender", "subject", "kind", "route", "reason"),
            (
                (it.id, it.received_at, it.sender, it.subject, it.kind, it.route, it.reason)
                for it in found
            ),
        )
    taxonomy, rules = visit.dashboard.rules.taxonomy, visit.dashboard.rules
    shown = visit.cut(found, _MAILS)
    about = visit.dashboard.store.reported.of([it.id for it in shown.rows])
    return visit.render(
        "mails.html.j2",
        mails=shown,
        about=about,
        guess={
            it.id: next(iter(rules.error_types_in(f"{it.subject}\n{it.text}")), "")
            for it in shown.rows
            if it.id not in about
        },
        nameable={
            it.id
            for it in shown.rows
            if it.kind is MailKind.NEW_MAIL and it.customer and not it.case_number
        },
        topics={code: visit.title(code) for code in taxonomy.codes()}
        | {OTHER: visit.say(*_NO_TYPE)},
        found_by=lambda it: visit.say(*_FOUND_BY[it.found_by]),
    )


def _may_see(scope: Scope, mail: IncomingMail) -> bool:
    """A mail of nobody knows whom is for those who see all customers."""
    return scope.covers(mail.customer or "")


def _sort(kind: str, visit: Visit) -> Response:
    number = visit.path_number("id")
    try:
        mail = visit.dashboard.store.inbox.get(number)
    except KeyError as error:
        raise visit.missing() from error
    if not _may_see(visit.scope, mail):
        raise visit.missing()
    argument = {"mail": str(number)}
    if kind == "assign":
        argument["case"] = visit.form.get("case", "").strip().upper()
        if not argument["case"]:
            raise HTTPException(400, visit.say("Skriv sagens nummer.", "Name the case."))
        _seen_case(visit, argument["case"])
    reason = visit.form.get("reason", "")
    if kind == "name":
        argument["code"] = reason = visit.form.get("code", "")
    done = visit.ask(f"mail-{kind}", argument, reason=reason)
    return visit.go("/mails", done=str(done))


PAGES: Final = (
    Page(path="/cases", name="cases", da="Sager", en="Cases", show=_list, order=30),
    Page(path="/cases/{number}", name="case", da="Sag", en="Case", show=_one),
    *acts("/cases/{number}", "case", (kind for kind, _, _ in _ACTS), _act),
    Page(
        path="/mails",
        name="mails",
        da="Mails",
        en="Mails",
        show=_mails,
        right=Right.WORK,
        order=35,
    ),
    *acts("/mails/{id}", "mail", ("assign", "dismiss", "name"), _sort),
)
