"""The list of documents, one document with its journey, and what a clerk does with it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.calendar import COPENHAGEN, day_start
from robot.domain.case import Ball
from robot.domain.invoice import Kind
from robot.domain.journey import JourneyEvent, ball, in_order, spans
from robot.domain.state import State
from robot.flow.view_port import DocumentLine, DocumentQuery
from robot.web import words
from robot.web.charts.lanes import lanes
from robot.web.page import Page, act, acts
from robot.web.pages.causes import causes_of
from robot.web.pages.today import end_of_day
from robot.web.visit import MOST_ROWS, ROWS, Visit

_LISTS: Final[dict[str, tuple[tuple[str, str], frozenset[State]]]] = {
    "held": (("Venter på os", "Waiting for us"), frozenset({State.HELD, State.UNREADABLE})),
    "late": (("Skal være færdige i dag", "To be done by today"), frozenset()),
    "soon": (("Forfalder inden 2 dage", "Payable within 2 days"), frozenset({State.HELD})),
    "bounced": (("Hos kunden", "With the customer"), frozenset({State.BOUNCED})),
    "robot": (
        ("Hos robotten", "With the robot"),
        frozenset({State.PULLED, State.DECIDED, State.POSTING, State.REJECTING}),
    ),
    "posted": (("Bogført", "Posted"), frozenset({State.POSTED})),
}
_ACTS: Final = (
    ("recheck", ("Kontrollér igen", "Check again"), False),
    ("release", ("Frigiv til bogføring", "Release for posting"), False),
    ("bounce", ("Send tilbage til kunden", "Send back to the customer"), True),
    ("drop", ("Tag ud – klares uden for robotten", "Take out – settled elsewhere"), True),
)
_WAITING: Final = frozenset({State.HELD, State.UNREADABLE})
_HEADINGS: Final = (
    (
        "Id",
        "Faktura",
        "Leverandør",
        "Kunde",
        "Beløb",
        "Valuta",
        "Forfald",
        "Status",
        "Fejltyper",
        "Bilag",
        "Sag",
        "Hentet",
        "Ændret",
        "Servicemål",
    ),
    (
        "Id",
        "Invoice",
        "Supplier",
        "Customer",
        "Amount",
        "Currency",
        "Due",
        "State",
        "Error types",
        "Posted as",
        "Case",
        "Pulled",
        "Changed",
        "Service goal",
    ),
)


def _list(visit: Visit) -> Response:
    query = _query(visit)
    if visit.asked("format") == "csv":
        return documents_file(visit, query)
    page = visit.number("page", 1)
    rows = visit.dashboard.store.views.documents(
        visit.scope,
        query,
        sort=visit.asked("sort") or "-id",
        page=page,
        size=visit.number("size", ROWS, MOST_ROWS),
    )
    named = _LISTS.get(visit.asked("list"))
    kept = {k: v for k, v in visit.request.query_params.items() if k not in {"page", "lang"}}
    return visit.render(
        "documents.html.j2",
        rows=rows,
        title=visit.say(*named[0]) if named else visit.say("Fakturaer", "Invoices"),
        customers=visit.choices(),
        states=[state for state in State if state is not State.SUPERSEDED],
        codes=visit.dashboard.rules.taxonomy.codes(),
        lists=[(name, visit.say(*entry[0])) for name, entry in _LISTS.items()],
        saved=visit.dashboard.sessions.filters(visit.name, "documents"),
        query=urlencode(kept),
    )


def documents_file(visit: Visit, query: DocumentQuery) -> Response:
    """All documents of a query as a file."""
    every = visit.dashboard.store.views.every(visit.scope, query)
    headings = _HEADINGS[visit.language != "da"]
    return visit.csv("fakturaer", headings, (_row(line) for line in every))


def _query(visit: Visit) -> DocumentQuery:
    wanted = visit.asked("list")
    states = _LISTS[wanted][1] if wanted in _LISTS else frozenset()
    if visit.asked("state") in set(State):
        states = frozenset({State(visit.asked("state"))})
    due = visit.day("due")
    if wanted == "soon" and due is None:
        due = visit.today + timedelta(days=3)
    return DocumentQuery(
        states=states,
        customer=visit.asked("customer"),
        code=visit.asked("code"),
        text=visit.asked("q").strip(),
        due_before=due,
        goal_before=end_of_day(visit) if wanted == "late" else None,
        run=visit.number("run", 0) or None,
    )


def _row(line: DocumentLine) -> tuple[object, ...]:
    return (
        line.id,
        line.number or line.source_id,
        line.supplier,
        line.customer,
        line.total,
        line.currency,
        line.due_date,
        line.state.value,
        " ".join(line.codes),
        line.receipt,
        line.case_number,
        line.pulled_at,
        line.changed_at,
        line.goal_at,
    )


def _keep(visit: Visit) -> Response:
    name = visit.form.get("name", "").strip()
    if not name:
        raise HTTPException(400, visit.say("Giv listen et navn.", "Give the list a name."))
    visit.dashboard.sessions.keep(visit.name, name, "documents", visit.form.get("query", ""))
    return visit.go("/documents")


def _forget(visit: Visit) -> Response:
    visit.dashboard.sessions.forget(visit.name, visit.path_number("id"))
    return visit.go("/documents")


def _one(visit: Visit) -> Response:
    line = _line(visit)
    store = visit.dashboard.store
    decisions = store.documents.decisions(line.id)
    decision = decisions[-1].decision if decisions else None
    told = in_order(store.journeys.of([line.document_key]).get(line.document_key, []))
    part = store.sheets.part(line.source_id) if line.kind == Kind.REPOSTING else None
    offered = [
        (kind, visit.say(*label), danger)
        for kind, label, danger in _ACTS
        # A sheet is corrected by handing in another one.
        if part is None or kind != "bounce"
    ]
    return visit.render(
        "document.html.j2",
        line=line,
        causes=causes_of(visit, store.documents.get(line.id).core, decision) if decision else (),
        rules=decision.results if decision else (),
        acts=offered if line.state in _WAITING else [],
        waiting=store.commands.about("document", line.document_key, limit=5),
        bounce_codes=[
            kind.code
            for kind in visit.dashboard.rules.taxonomy
            if kind.disposition.value == "bounce"
        ],
        events=told,
        # What a sheet moved is done when it is posted: nobody pays it.
        held=ball(told) if part is None or line.state is not State.POSTED else None,
        lanes=_lanes(visit, line, told),
        times=_times(visit, told),
        mails=store.mails.of_document(line.id),
        versions=store.documents.versions(line.document_key),
        sheet=part,
    )


def _lanes(visit: Visit, line: DocumentLine, told: list[JourneyEvent]) -> object:
    now = visit.dashboard.now()
    wording = visit.dashboard.wording(visit.language)
    return lanes(
        spans(told, until=now),
        now=now,
        due=day_start(line.due_date) if line.due_date is not None else None,
        title=visit.say("Hvem havde bolden hvornår", "Who had the ball when"),
        due_word=visit.say("forfald", "due"),
        ball_word=partial(words.ball, visit.language),
        day=lambda at: wording.short_date(at.astimezone(COPENHAGEN).date()),
    )


def _times(visit: Visit, told: list[JourneyEvent]) -> list[tuple[Ball, float, float]]:
    work: dict[Ball, timedelta] = {}
    whole: dict[Ball, timedelta] = {}
    for span in spans(told, until=visit.dashboard.now()):
        worked = visit.dashboard.calendar.working_time(span.start, span.end)
        work[span.holder] = work.get(span.holder, timedelta()) + worked
        whole[span.holder] = whole.get(span.holder, timedelta()) + span.end - span.start
    return [
        (holder, work[holder] / timedelta(hours=1), whole[holder] / timedelta(days=1))
        for holder in work
    ]


def _act(kind: str, visit: Visit) -> Response:
    line = _line(visit)
    # By its key: a number may be that of another customer's document too.
    argument = {"document": line.document_key, "source": line.source_id, "id": str(line.id)}
    if kind == "bounce":
        argument["codes"] = visit.form.get("codes", "")
    number = visit.ask(kind, argument, reason=visit.form.get("reason", ""))
    return visit.go(f"/documents/{line.id}", done=str(number))


def _line(visit: Visit) -> DocumentLine:
    line = visit.dashboard.store.views.document(visit.scope, visit.path_number("id"))
    if line is None:
        raise visit.missing()
    return line


PAGES: Final = (
    Page(path="/documents", name="documents", da="Fakturaer", en="Invoices", show=_list, order=20),
    act("/documents/lists", "keep-list", _keep),
    act("/documents/lists/{id}/forget", "forget-list", _forget),
    Page(path="/documents/{id}", name="document", da="Faktura", en="Invoice", show=_one),
    *acts("/documents/{id}", "document", (kind for kind, _, _ in _ACTS), _act),
)
