"""Rules: what is in force, what was proposed with its difference, and approving it."""

from __future__ import annotations

import difflib
from typing import Final

from starlette.responses import Response

from robot.domain.rights import Right
from robot.flow.rule_records import Proposal
from robot.web.page import Page, act
from robot.web.visit import Visit

_LINES: Final = 400


def _list(visit: Visit) -> Response:
    store = visit.dashboard.store
    in_force = [
        (customer, visit.dashboard.rules.for_customer(kreds).hash)
        for kreds, customer in visit.dashboard.customers().items()
        if visit.scope.covers(kreds)
    ]
    in_force.sort(key=lambda pair: pair[0].name.casefold())
    proposals = [it for it in reversed(store.rules.proposals()) if _may_see(visit, it)]
    if visit.asked("format") == "csv":
        return visit.csv(
            "regelsaet",
            ("customer", "ruleset", "proposed_by", "proposed_at", "approved_by", "note"),
            (
                (
                    it.customer,
                    it.ruleset,
                    it.proposed_by,
                    it.proposed_at,
                    it.approval.by if it.approval else "",
                    it.note,
                )
                for it in proposals
            ),
        )
    changes = [
        row
        for row in store.trail.rows(acts=("ruleset-in-force", "rules-proposed", "rules-approved"))
        if visit.scope.covers(str(row.detail.get("customer", "")))
    ]
    return visit.render(
        "rules.html.j2",
        in_force=in_force,
        proposals=proposals,
        held_back=visit.dashboard.rules.held_back if visit.scope.customers is None else (),
        shadow=store.rules.shadow() if visit.scope.customers is None else None,
        changes=changes[-50:][::-1],
    )


def _may_see(visit: Visit, proposal: Proposal) -> bool:
    return visit.scope.covers(proposal.customer)


def _one(visit: Visit) -> Response:
    proposal = _proposal(visit)
    store = visit.dashboard.store
    kept = store.rules.kept_texts(proposal.ruleset).get(proposal.ruleset, "")
    customers = visit.dashboard.customers()
    before = ""
    if proposal.customer in customers:
        before = visit.dashboard.rules.for_customer(proposal.customer).text
    lines = list(difflib.unified_diff(before.splitlines(), kept.splitlines(), lineterm="", n=2))[
        2:
    ]
    mine = visit.name.casefold()
    writers = {it.casefold() for it in (*proposal.authors, proposal.proposed_by)}
    return visit.render(
        "proposal.html.j2",
        proposal=proposal,
        lines=lines[:_LINES],
        more=max(0, len(lines) - _LINES),
        may_approve=visit.may(Right.APPROVE_RULES) and mine not in writers,
        own=mine in writers,
        waiting=store.commands.about("ruleset", proposal.ruleset, limit=5),
    )


def _approve(visit: Visit) -> Response:
    proposal = _proposal(visit)
    number = visit.ask(
        "rules-approve", {"ruleset": proposal.ruleset}, reason=visit.form.get("reason", "")
    )
    return visit.go(f"/rules/{proposal.ruleset}", done=str(number))


def _proposal(visit: Visit) -> Proposal:
    wanted = visit.path("hash")
    for proposal in visit.dashboard.store.rules.proposals():
        if proposal.ruleset == wanted and _may_see(visit, proposal):
            return proposal
    raise visit.missing()


PAGES: Final = (
    Page(path="/rules", name="rules", da="Regler", en="Rules", show=_list, order=70),
    Page(path="/rules/{hash}", name="proposal", da="Forslag", en="Proposal", show=_one),
    act("/rules/{hash}/approve", "approve", _approve, right=Right.APPROVE_RULES),
)
