"""Runs, kill switches, what nobody could settle, and what was asked for."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.rights import Right
from robot.domain.state import State
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.records import RunRow
from robot.flow.view_port import DocumentQuery
from robot.flow.view_port import Page as Rows
from robot.web.page import Page, act
from robot.web.visit import ROWS, Visit

_COUNTS: Final = ("pulled", "posted", "bounced", "held", "unreadable", "unknown")
#: Runs in a file.
_MOST: Final = 2_000


def _list(visit: Visit) -> Response:
    runs = visit.dashboard.store.runs
    if visit.asked("format") == "csv":
        headings = ("run", "slot", "status", "begun", "ended", *_COUNTS)
        return visit.csv("koersler", headings, (_row(run) for run in runs.last(_MOST)))
    page = visit.number("page", 1)
    return visit.render(
        "runs.html.j2",
        rows=Rows(
            rows=runs.last(ROWS, offset=(page - 1) * ROWS),
            total=runs.count(),
            number=page,
            size=ROWS,
        ),
        counted=_COUNTS,
        pauses=_pauses(visit),
        customers=visit.choices(),
    )


def _pauses(visit: Visit) -> list[object]:
    return [
        pause
        for pause in visit.dashboard.store.runs.pauses()
        if not pause.scope or visit.scope.covers(pause.scope)
    ]


def _row(run: RunRow) -> tuple[object, ...]:
    counts = run.summary.get("counts", {})
    return (
        run.id,
        run.slot,
        run.status,
        run.started_at,
        run.finished_at,
        *(counts.get(name, 0) for name in _COUNTS),
    )


def _one(visit: Visit) -> Response:
    number = visit.path_number("id")
    run = visit.dashboard.store.runs.get(number)
    if run is None:
        raise visit.missing()
    documents = visit.dashboard.store.views.documents(
        visit.scope,
        DocumentQuery(run=number, latest=False),
        page=visit.number("page", 1),
        size=ROWS,
    )
    sees_all = visit.scope.customers is None
    return visit.render(
        "run.html.j2",
        run=run,
        counts=[(name, run.summary.get("counts", {}).get(name, 0)) for name in _COUNTS],
        errors=run.summary.get("errors", {}) if sees_all else {},
        problems=run.summary.get("problems", []) if sees_all else [],
        rows=documents,
    )


def _switch(kind: str, visit: Visit) -> Response:
    customer = visit.form.get("customer", "")
    # The switch of everything is for those who see everything.
    if not visit.scope.covers(customer):
        raise HTTPException(403)
    if customer and customer not in visit.dashboard.customers():
        raise HTTPException(400, visit.say("Vælg en kunde.", "Choose a customer."))
    number = visit.ask(kind, {"customer": customer}, reason=visit.form.get("reason", ""))
    return visit.go("/runs", done=str(number))


def _dead_letters(visit: Visit) -> Response:
    """What no run settles by itself: unreadable documents and refusals without an error type."""
    store = visit.dashboard.store
    unreadable = store.views.documents(
        visit.scope,
        DocumentQuery(states=frozenset({State.UNREADABLE})),
        page=visit.number("page", 1),
        size=ROWS,
    )
    unmapped = store.views.documents(
        visit.scope,
        DocumentQuery(states=frozenset({State.HELD}), code=ERP_UNMAPPED),
        size=ROWS,
    )
    if visit.asked("format") == "csv":
        every = store.views.every(visit.scope, DocumentQuery(states=frozenset({State.UNREADABLE})))
        return visit.csv(
            "lagt-til-side",
            ("id", "document", "customer", "codes", "since"),
            (
                (it.id, it.source_id, it.customer, " ".join(it.codes), it.changed_at)
                for it in every
            ),
        )
    said = {}
    for line in unmapped.rows:
        decisions = store.documents.decisions(line.id)
        said[line.id] = " ".join(
            it.seen
            for it in (decisions[-1].decision.findings if decisions else ())
            if it.code == ERP_UNMAPPED
        )
    undelivered = []
    sees_all = visit.scope.customers is None
    if sees_all:
        undelivered = [it for it in store.contacts.listing() if it.state.value != "ok"]
    return visit.render(
        "dead_letters.html.j2",
        rows=unreadable,
        unmapped=unmapped,
        said=said,
        undelivered=undelivered,
        commands=[
            it
            for it in (store.commands.last(ROWS) if visit.may(Right.WORK) else ())
            if sees_all or it.asked_by == visit.name
        ],
    )


PAGES: Final = (
    Page(path="/runs", name="runs", da="Kørsler", en="Runs", show=_list, order=40),
    Page(path="/runs/{id}", name="run", da="Kørsel", en="Run", show=_one),
    *(
        act(f"/{kind}", kind, partial(_switch, kind), right=Right.ADMINISTER)
        for kind in ("pause", "resume")
    ),
    Page(
        path="/dead-letters",
        name="dead-letters",
        da="Lagt til side",
        en="Set aside",
        show=_dead_letters,
        order=65,
    ),
)
