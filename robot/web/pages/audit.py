"""The audit trail: who did what when, and whether the chain is whole."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.rights import Right
from robot.flow.records import AuditRow
from robot.web.page import Page
from robot.web.visit import Visit

_SHOWN: Final = 200
_WORDS: Final = 400


def _show(visit: Visit) -> Response:
    # The trail is one chain over all customers: it is for those who see all of them.
    if visit.scope.customers is not None:
        raise HTTPException(403)
    act = visit.asked("act")
    actor = visit.asked("actor").casefold()
    trail = visit.dashboard.store.trail
    after = visit.number("after", 0) if visit.asked("after") else 0
    if not (after or act or actor or visit.asked("format") == "csv"):
        after = max(0, trail.end() - _SHOWN)

    def rows() -> Iterator[AuditRow]:
        for row in trail.rows(after=after, acts=(act,) if act else ()):
            if not actor or actor in row.actor.casefold():
                yield row

    if visit.asked("format") == "csv":
        return visit.csv(
            "spor",
            ("seq", "at", "actor", "act", "run", "document", "detail"),
            (
                (row.seq, row.at, row.actor, row.act, row.run, row.document, _detail(row))
                for row in rows()
            ),
        )
    shown = list(islice(rows(), _SHOWN)) if after else list(deque(rows(), maxlen=_SHOWN))
    proof = trail.verify() if visit.asked("verify") == "1" else None
    return visit.render("audit.html.j2", rows=shown[::-1], detail=_detail, proof=proof)


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
