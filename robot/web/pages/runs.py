"""Runs and kill switches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.rights import Right
from robot.flow.records import RunRow
from robot.flow.view_port import DocumentQuery
from robot.flow.view_port import Page as Rows
from robot.web.page import Page, act
from robot.web.pages.documents import documents_file
from robot.web.visit import ROWS, Visit

_WORDS: Final = {
    "pulled": ("Hentet", "Pulled"),
    "posted": ("Bogført", "Posted"),
    "bounced": ("Sendt tilbage", "Sent back"),
    "held": ("Holdt", "Held"),
    "unreadable": ("Ulæselige", "Unreadable"),
    "unknown": ("Uvisse", "Not known"),
}
_COUNTS: Final = tuple(_WORDS)
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
        counted=[(name, visit.say(*label)) for name, label in _WORDS.items()],
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
    query = DocumentQuery(run=number, latest=False)
    if visit.asked("format") == "csv":
        return documents_file(visit, query)
    documents = visit.dashboard.store.views.documents(
        visit.scope,
        query,
        page=visit.number("page", 1),
        size=ROWS,
    )
    sees_all = visit.scope.customers is None
    errors: Mapping[str, int] = run.summary.get("errors", {}) if sees_all else {}
    return visit.render(
        "run.html.j2",
        run=run,
        counts=[
            (visit.say(*label), run.summary.get("counts", {}).get(name, 0))
            for name, label in _WORDS.items()
        ],
        errors=sorted(errors.items(), key=lambda pair: (-pair[1], pair[0])),
        problems=visit.problems(run) if sees_all else [],
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


PAGES: Final = (
    Page(path="/runs", name="runs", da="Kørsler", en="Runs", show=_list, order=40),
    Page(path="/runs/{id}", name="run", da="Kørsel", en="Run", show=_one),
    *(
        act(f"/{kind}", kind, partial(_switch, kind), right=Right.ADMINISTER)
        for kind in ("pause", "resume")
    ),
)
