"""What no run settles by itself: unreadable documents, and refusals that nobody has mapped."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.rights import Right
from robot.domain.state import State
from robot.errors import RuleFileError
from robot.flow.contact_port import ContactState
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.unmapped import unmapped_texts
from robot.flow.view_port import DocumentLine, DocumentQuery
from robot.flow.view_port import Page as Rows
from robot.rulebook.refusal_mapping import Mapping, codes_to_map, previewed
from robot.web.page import Page, act
from robot.web.visit import ROWS, Visit

#: What RE2 takes for more than itself.
_SPECIAL: Final = re.compile(r"([\\.+*?()|\[\]{}^$])")
_LONGEST_PATTERN: Final = 200


def _list(visit: Visit) -> Response:
    store = visit.dashboard.store
    query = DocumentQuery(states=frozenset({State.UNREADABLE}))
    if visit.asked("format") == "csv":
        return visit.csv(
            "lagt-til-side",
            ("id", "document", "customer", "codes", "since"),
            (
                (it.id, it.source_id, it.customer, " ".join(it.codes), it.changed_at)
                for it in store.views.every(visit.scope, query)
            ),
        )
    unreadable = store.views.documents(visit.scope, query, page=visit.number("page", 1), size=ROWS)
    unmapped = _unmapped(visit)
    sees_all = visit.scope.customers is None
    return visit.render(
        "set_aside.html.j2",
        rows=unreadable,
        unmapped=unmapped,
        said={line.id: _said(visit, line) for line in unmapped.rows},
        may_map=_may_map(visit),
        undelivered=[it for it in store.contacts.listing() if it.state is not ContactState.OK]
        if sees_all
        else [],
        commands=[
            it
            for it in (store.commands.last(ROWS) if visit.may(Right.WORK) else ())
            if sees_all or it.asked_by == visit.name
        ],
    )


def _unmapped(visit: Visit) -> Rows[DocumentLine]:
    query = DocumentQuery(states=frozenset({State.HELD}), code=ERP_UNMAPPED)
    return visit.dashboard.store.views.documents(visit.scope, query, size=ROWS)


def _said(visit: Visit, line: DocumentLine) -> str:
    decisions = visit.dashboard.store.documents.decisions(line.id)
    findings = decisions[-1].decision.findings if decisions else ()
    return " ".join(it.seen for it in findings if it.code == ERP_UNMAPPED)


def _may_map(visit: Visit) -> bool:
    """The table counts for all customers, so it is for those who see all of them."""
    return visit.may(Right.ADMINISTER) and visit.scope.customers is None


def _map(visit: Visit) -> Response:
    """Every text with its documents, and what mapping a pattern would do; changes nothing."""
    _demand_mapper(visit)
    pattern, code = visit.asked("pattern"), visit.asked("code")
    found, problem = None, ""
    if pattern and code:
        try:
            found = _previewed(visit, pattern, code)
        except RuleFileError as error:
            problem = str(error)
    texts = unmapped_texts(visit.dashboard.store)
    if visit.asked("format") == "csv":
        return visit.csv(
            "ukendte-tekster",
            ("text", "documents"),
            ((it.text, " ".join(name for _, name in it.documents)) for it in texts),
        )
    taxonomy = visit.dashboard.rules.taxonomy
    return visit.render(
        "unmapped.html.j2",
        texts=[(it, _SPECIAL.sub(r"\\\1", it.text)[:_LONGEST_PATTERN]) for it in texts],
        pattern=pattern,
        code=code,
        codes=codes_to_map(taxonomy),
        found=found,
        kind=_kind(visit, code) if found else None,
        problem=problem,
        waiting=[it for it in visit.dashboard.store.commands.last(ROWS) if it.kind == "erp-map"],
    )


def _kind(visit: Visit, code: str) -> dict[str, Any]:
    """What an error type does with a document, as far as it stands alone."""
    kind = visit.dashboard.rules.taxonomy[code]
    return {
        "disposition": {
            "bounce": visit.say("sendes tilbage til kunden", "are sent back to the customer"),
            "hold": visit.say("holdes til en medarbejder", "are held for a clerk"),
            "retry": visit.say("prøves igen af robotten", "are tried again by the robot"),
        }.get(kind.disposition.value, visit.say("afgøres på ny", "are decided anew")),
        "explain": kind.texts[visit.language].title,
    }


def _previewed(visit: Visit, pattern: str, code: str) -> Mapping:
    return previewed(visit.dashboard.store, visit.dashboard.rules.taxonomy, pattern, code)


def _do_map(visit: Visit) -> Response:
    _demand_mapper(visit)
    pattern, code = visit.form.get("pattern", ""), visit.form.get("code", "")
    try:
        _previewed(visit, pattern[:_LONGEST_PATTERN], code)
    except RuleFileError as error:
        raise HTTPException(400, str(error)) from error
    number = visit.ask(
        "erp-map", {"pattern": pattern, "code": code}, reason=visit.form.get("reason", "")
    )
    return visit.go("/dead-letters/map", done=str(number))


def _demand_mapper(visit: Visit) -> None:
    if not _may_map(visit):
        raise HTTPException(403)


PAGES: Final = (
    Page(
        path="/dead-letters",
        name="dead-letters",
        da="Lagt til side",
        en="Set aside",
        show=_list,
        order=65,
    ),
    Page(
        path="/dead-letters/map",
        name="unmapped",
        da="Ukendte tekster",
        en="Unknown texts",
        show=_map,
        right=Right.ADMINISTER,
    ),
    act("/dead-letters/map", "map", _do_map, right=Right.ADMINISTER),
)
