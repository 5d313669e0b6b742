"""The audit trail: who did what when, and whether the chain is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.rights import Right
from robot.flow.records import AuditRow
from robot.web.page import Page
from robot.web.visit import Visit

_SHOWN: Final = 200
_WORDS: Final = 400
#: The largest number of a row that an address may name.
_MOST: Final = 10**9 - 1


def _show(visit: Visit) -> Response:
    # The trail is one chain over all customers: it is for those who see all of them.
    if visit.scope.customers is not None:
        raise HTTPException(403)
    trail = visit.dashboard.store.trail
    if visit.asked("format") == "csv":
        return visit.csv(
            "spor",
            ("seq", "at", "actor", "act", "run", "document", "detail"),
            (
                (row.seq, row.at, row.actor, row.act, row.run, row.document, _detail(row))
                for row in _rows(visit)
            ),
        )
    shown = trail.page(
        _SHOWN,
        act=visit.asked("act"),
        actor=visit.asked("actor"),
        before=_place(visit, "before"),
        after=_place(visit, "after"),
    )
    proof = trail.verify() if visit.asked("verify") == "1" else None
    return visit.render(
        "audit.html.j2",
        rows=shown,
        more=len(shown) == _SHOWN,
        moved=visit.asked("before") or visit.asked("after"),
        detail=_detail,
        proof=proof,
    )


def _rows(visit: Visit) -> Iterator[AuditRow]:
    act, actor = visit.asked("act"), visit.asked("actor").casefold()
    rows = visit.dashboard.store.trail.rows(
        after=_place(visit, "after"), acts=(act,) if act else ()
    )
    return (row for row in rows if actor in row.actor.casefold())


def _place(visit: Visit, name: str) -> int:
    """A row that the address names; 0 when it names none."""
    return visit.number(name, 0, _MOST) if visit.asked(name) else 0


def _detail(row: AuditRow) -> str:
    text = json.dumps(row.detail, ensure_ascii=False, default=str)
    return text if len(text) <= _WORDS else text[: _WORDS - 1] + "…"


PAGES: Final = (
    Page(
        path="/audit",
        name="audit",
        da="Spor",
        en="Audit",
        show=_show,
        right=Right.ADMINISTER,
        order=100,
    ),
)
