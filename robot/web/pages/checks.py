"""Every check of one document: what each rule asked, the value that it saw, how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from robot import bootstrap
from robot.checks.catalogue import CATALOGUE
from robot.domain.decision import Decision, Truth
from robot.flow.view_port import DocumentLine
from robot.rulebook.diff.tongue import Tongue
from robot.rulebook.explain.recorded import seen_values
from robot.rulebook.explain.tree import ExplainedRule, explain
from robot.rulebook.loader import LoadedRules
from robot.rulebook.versions import loaded_from_text
from robot.web.page import Page
from robot.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """The rules of one decision, with what they saw when the history has it."""

    rules: tuple[ExplainedRule, ...] = ()
    problem: str = ""


def _show(visit: Visit) -> Response:
    line = visit.dashboard.store.views.document(visit.scope, visit.path_number("id"))
    if line is None:
        raise visit.missing()
    decisions = visit.dashboard.store.documents.decisions(line.id)
    decision = decisions[-1].decision if decisions else None
    checked = _checked(visit, line, decision)
    if visit.asked("format") == "csv":
        return visit.csv(
            "kontroller",
            ("rule", "why", "effect", "error_type", "result"),
            (
                (
                    it.part.rule.id,
                    it.part.rule.why,
                    it.part.rule.effect.value,
                    it.part.rule.error_type or "",
                    it.truth.value,
                )
                for it in checked.rules
            ),
        )
    mattered = [it for it in checked.rules if it.truth is not Truth.FALSE]
    others = [it for it in checked.rules if it.truth is Truth.FALSE]
    return visit.render(
        "checks.html.j2",
        line=line,
        decision=decision,
        groups=[
            (visit.say("Opfyldt, eller kan ikke afgøres", "True, or not known"), mattered, True),
            (visit.say("Ikke opfyldt", "Not true"), others, False),
        ],
        checked=checked,
    )


def _checked(visit: Visit, line: DocumentLine, decision: Decision | None) -> _Checked:
    if line.confidential:
        return _Checked(
            problem=visit.say(
                "Bilaget er fortroligt: værdierne vises ikke her.",
                "The document is confidential: its values are not shown here.",
            )
        )
    loaded = None if decision is None else _loaded(visit, decision.ruleset)
    if decision is None or loaded is None:
        return _Checked(problem=visit.say("Ingen regler afgjorde det.", "No rules decided it."))
    past = bootstrap.history_reader(visit.dashboard.settings.history.directory)
    core = visit.dashboard.store.documents.get(line.id).core
    values = seen_values(past, core, decision.decided_on, loaded)
    if values is None:
        return _Checked(
            problem=visit.say(
                "Værdierne er ikke gemt i historikken.", "The history does not have its values."
            )
        )
    stem = next(iter(loaded.customers), None)
    told = Tongue(visit.language)
    explained = explain(loaded, stem, values, decision.decided_on, visit.language, told)
    return _Checked(rules=explained.rules)


def _loaded(visit: Visit, ruleset: str) -> LoadedRules | None:
    """The rules as they decided; None when their text is not kept."""
    if not ruleset:
        return None
    text = visit.dashboard.store.rules.kept_texts(ruleset).get(ruleset)
    if text is None:
        return None
    return loaded_from_text(text, "(as decided)", CATALOGUE)


PAGES: Final = (
    Page(path="/documents/{id}/checks", name="checks", da="Kontroller", en="Checks", show=_show),
)
