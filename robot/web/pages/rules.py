"""Rules: what is in force, what was proposed with its difference and its trial, and approving."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from starlette.responses import Response

from robot.checks.catalogue import CATALOGUE
from robot.domain.decision import Outcome
from robot.domain.rights import Right
from robot.errors import RuleChangeError
from robot.flow.records import AuditRow
from robot.flow.rule_records import TRIED_WEEKS, KeptBacktest, Proposal
from robot.rulebook.backtest.concern import WORDS, Concern
from robot.rulebook.diff.change import Change, Direction
from robot.rulebook.diff.compare import compare_rules
from robot.rulebook.diff.tongue import Tongue
from robot.rulebook.versions import loaded_from_text
from robot.web.page import Page, act
from robot.web.visit import Visit

_LINES: Final = 400
_CHANGES: Final = 50
#: Changed documents that the page shows; its file has all that were kept.
_SHOWN: Final = 50
_ACTS: Final = ("ruleset-in-force", "rules-proposed", "rules-backtested", "rules-approved")
_OUTCOMES: Final = (Outcome.POST, Outcome.BOUNCE, Outcome.HOLD)
_TURNS: Final = {
    Direction.LOOSER: ("løsere: mere kan bogføres", "looser: more may be posted"),
    Direction.TIGHTER: ("strammere: mindre kan bogføres", "tighter: less may be posted"),
    Direction.NEUTRAL: ("ændrer ikke, hvad der bogføres", "posting is as before"),
    Direction.EITHER: ("kun fakturaer kan vise det", "only invoices can tell"),
}
_CONCERNS: Final = {
    Concern.REGRETTED_POST: (
        "ville nu blive bogført; en medarbejder eller kunden rettede det senere",
        "would be posted now; a clerk or the customer corrected it later",
    ),
    Concern.NEW_POST: ("ville nu blive bogført", "would be posted now"),
    Concern.CONFIRMED_POST: (
        "ville nu blive bogført, som en medarbejder fik det bogført",
        "would be posted now, as a clerk had it posted",
    ),
    Concern.NO_LONGER_POSTED: ("ville ikke længere blive bogført", "would not be posted any more"),
    Concern.RIGHTLY_STOPPED: (
        "ville ikke længere blive bogført; det blev rettet senere",
        "would not be posted any more; it was corrected later",
    ),
    Concern.OTHER: (
        "ville blive sendt tilbage eller holdt på en anden måde",
        "would be sent back or held otherwise",
    ),
}


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
    return visit.render(
        "rules.html.j2",
        in_force=in_force,
        proposals=proposals,
        tried={it.ruleset: store.rules.backtest(it.ruleset) for it in proposals[:_CHANGES]},
        held_back=visit.dashboard.rules.held_back if visit.scope.customers is None else (),
        shadow=store.rules.shadow() if visit.scope.customers is None else None,
        changes=list(_changes(visit))[-_CHANGES:][::-1],
        gated=visit.dashboard.settings.rules.four_eyes,
    )


def _changes(visit: Visit) -> Iterator[tuple[AuditRow, str, str]]:
    """Rows about rule sets in the person's scope: row, customer, hash."""
    whose: dict[str, str] = {}
    for row in visit.dashboard.store.trail.rows(acts=_ACTS):
        ruleset = str(row.detail.get("ruleset", ""))
        customer = str(row.detail.get("customer", whose.get(ruleset, "")))
        whose[ruleset] = customer
        if visit.scope.covers(customer):
            yield row, customer, ruleset


def _may_see(visit: Visit, proposal: Proposal) -> bool:
    return visit.scope.covers(proposal.customer)


def _one(visit: Visit) -> Response:
    wanted = visit.path("hash")
    proposal = _proposal_of(visit, wanted)
    customer = _customer_of(visit, wanted) if proposal is None else proposal.customer
    store = visit.dashboard.store
    in_force = _in_force(visit, customer)
    kept = store.rules.backtest(wanted)
    if visit.asked("format") == "csv":
        return _file(visit, kept)
    compared, text = _compared(visit, wanted, customer, proposal)
    before = store.rules.kept_texts(compared).get(compared, "") if compared else ""
    lines = list(difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=2))[
        2:
    ]
    own = proposal is not None and _wrote(visit, proposal)
    return visit.render(
        "proposal.html.j2",
        proposal=proposal,
        ruleset=wanted,
        customer=customer,
        is_in_force=wanted == in_force,
        compared=compared,
        told=_told(visit, before, text),
        lines=lines[:_LINES],
        more=max(0, len(lines) - _LINES),
        text=text,
        may_approve=proposal is not None and visit.may(Right.APPROVE_RULES) and not own,
        own=own,
        backtest=None if kept is None else _shown(visit, kept),
        fresh=kept is not None and kept.is_fresh(in_force, visit.dashboard.now()),
        weeks=TRIED_WEEKS,
        waiting=store.commands.about("ruleset", wanted, limit=5),
        gated=visit.dashboard.settings.rules.four_eyes,
    )


def _told(visit: Visit, before: str, after: str) -> list[tuple[str, Change]]:
    """What changes, one by one, with the way it turns; nothing when that can't be told."""
    if not (before and after):
        return []
    try:
        old, new = (loaded_from_text(text, "", CATALOGUE) for text in (before, after))
        found = compare_rules(old, new, Tongue(visit.language))
        return [(visit.say(*_TURNS[it.direction]), it) for it in found]
    except (RuleChangeError, ValueError):
        return []


def _wrote(visit: Visit, proposal: Proposal) -> bool:
    names = (*proposal.authors, proposal.proposed_by)
    return visit.name.casefold() in {it.casefold() for it in names}


def _compared(
    visit: Visit, ruleset: str, customer: str, proposal: Proposal | None
) -> tuple[str, str]:
    """The hash that a set is compared with, and the set's own text.

    A proposal is compared with what is in force; a set that was in force, with the one before it.
    """
    in_force = _in_force(visit, customer)
    text = visit.dashboard.store.rules.kept_texts(ruleset).get(ruleset, "")
    if not text and ruleset == in_force:
        text = visit.dashboard.rules.for_customer(customer).text
    if proposal is not None and in_force != ruleset:
        return in_force, text
    earlier = ""
    for row, whose, other in _changes(visit):
        if whose != customer or row.act != "ruleset-in-force":
            continue
        if other == ruleset:
            break
        earlier = other
    return earlier, text


def _in_force(visit: Visit, customer: str) -> str:
    try:
        return visit.dashboard.rules.for_customer(customer).hash
    except KeyError:
        return ""


def _shown(visit: Visit, kept: KeptBacktest) -> dict[str, Any]:
    """A kept backtest as the page shows it, the dangerous changes first."""
    result = kept.result
    regretted = WORDS[Concern.REGRETTED_POST]
    changes = result["changes"]
    dangerous = [it for it in changes if it["concern"] == regretted][:_SHOWN]
    others = [it for it in changes if it["concern"] != regretted][:_SHOWN]
    cells = {(it["old"], it["new"]): it for it in _summed(result["matrix"])}
    return {
        "kept": kept,
        "documents": result["documents"],
        "changed": result["changed"]["documents"],
        "newly_posted": _tally(result["newly_posted"]),
        "regretted": _tally(result["concerns"][regretted]),
        "dangerous": list(_with_rows(visit, dangerous)),
        "others": list(_with_rows(visit, others)),
        "outcomes": [it.value for it in _OUTCOMES],
        "matrix": [
            (old.value, [cells.get((old.value, new.value)) for new in _OUTCOMES])
            for old in _OUTCOMES
        ],
        "concerns": [
            (visit.say(*_CONCERNS[kind]), _tally(result["concerns"][WORDS[kind]]))
            for kind in Concern
            if result["concerns"][WORDS[kind]]["documents"]
        ],
        "rules": [{**it, **_tally(it)} for it in result["rules"]],
        "repostings": result.get("repostings", 0),
        "untried": result.get("repostings_untried", False),
        "idle": [_beginning(visit, it) for it in result["begins_later"]]
        if "begins_later" in result
        else result["not_in_force"],
        "not_replayed": result["not_replayed"],
        "not_recorded": sorted(result["not_recorded"].items()),
    }


def _beginning(visit: Visit, told: Mapping[str, Any]) -> str:
    """A rule or dispensation that counts only later, with its day."""
    day = visit.dashboard.wording(visit.language).full_date(date.fromisoformat(told["from"]))
    what = visit.say("dispensation fra ", "dispensation from ") if told["dispensation"] else ""
    return f"{what}{told['rule']} ({visit.say('fra', 'from')} {day})"


def _with_rows(visit: Visit, changes: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Changed documents with the row that a link leads to; confidential ones name nothing."""
    documents = visit.dashboard.store.documents
    known = documents.known([it["document_key"] for it in changes])
    for it in changes:
        versions = known.get(it["document_key"])
        row = documents.get(versions[-1].id) if versions else None
        hidden = {"number": "", "supplier": ""} if row and row.core.confidential else {}
        day = {"decided_on": date.fromisoformat(it["decided_on"])}
        yield {
            **it,
            **hidden,
            **day,
            "amount": _amount(it["amount_dkk"]),
            "row": row.id if row else None,
        }


def _summed(matrix: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for it in matrix:
        yield {**it, **_tally(it)}


def _tally(it: Mapping[str, Any]) -> dict[str, Any]:
    return {"documents": it["documents"], "amount": Decimal(it["amount_dkk"])}


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _file(visit: Visit, kept: KeptBacktest | None) -> Response:
    headings = (
        "concern",
        "document",
        "number",
        "supplier",
        "amount_dkk",
        "decided_on",
        "old",
        "new",
        "old_error_types",
        "new_error_types",
        "rules",
        "afterwards",
    )
    rows = [] if kept is None else _with_rows(visit, kept.result["changes"])
    several = {"old_error_types", "new_error_types", "rules"}
    return visit.csv(
        "proevet-paa-fortiden",
        headings,
        (
            [
                " ".join(row[name])
                if name in several
                else _amount(row[name])
                if name == "amount_dkk"
                else row[name]
                for name in headings
            ]
            for row in rows
        ),
    )


def _try(visit: Visit) -> Response:
    proposal = _proposal(visit)
    number = visit.ask(
        "rules-backtest",
        {"ruleset": proposal.ruleset},
        reason=visit.say("før godkendelse", "before approval"),
    )
    return visit.go(f"/rules/{proposal.ruleset}", done=str(number))


def _approve(visit: Visit) -> Response:
    proposal = _proposal(visit)
    number = visit.ask(
        "rules-approve", {"ruleset": proposal.ruleset}, reason=visit.form.get("reason", "")
    )
    return visit.go(f"/rules/{proposal.ruleset}", done=str(number))


def _proposal(visit: Visit) -> Proposal:
    found = _proposal_of(visit, visit.path("hash"))
    if found is None:
        raise visit.missing()
    return found


def _proposal_of(visit: Visit, ruleset: str) -> Proposal | None:
    for proposal in visit.dashboard.store.rules.proposals():
        if proposal.ruleset == ruleset and _may_see(visit, proposal):
            return proposal
    return None


def _customer_of(visit: Visit, ruleset: str) -> str:
    """Whose set this was when it came into force."""
    for row, customer, found in _changes(visit):
        if found == ruleset and row.act == "ruleset-in-force":
            return customer
    for kreds in visit.dashboard.customers():
        if visit.scope.covers(kreds) and _in_force(visit, kreds) == ruleset:
            return kreds
    raise visit.missing()


PAGES: Final = (
    Page(path="/rules", name="rules", da="Regler", en="Rules", show=_list, order=70),
    Page(path="/rules/{hash}", name="proposal", da="Regelsæt", en="Rule set", show=_one),
    act("/rules/{hash}/try", "try", _try, right=Right.TRY_RULES),
    act("/rules/{hash}/approve", "approve", _approve, right=Right.APPROVE_RULES),
)
