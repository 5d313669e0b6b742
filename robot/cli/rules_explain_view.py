"""How `rules explain` shows what it found: as lines for a reader, or for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from robot.cli.joined import findings_as_json
from robot.domain.decision import Decision, Effect, Outcome, Truth
from robot.domain.fields import FieldValues
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.explain.tree import ALL_OF, Explained, ExplainedRule, Node
from robot.rulebook.explain.why_not import WhyNot
from robot.rulebook.explain.words import Teller
from robot.rulebook.loader import LoadedRules
from robot.rulebook.playbook.values import in_words

_MARKS: Final = {Truth.TRUE: "✓", Truth.FALSE: "✗", Truth.UNKNOWN: "?"}
_TRUTHS: Final = {
    Truth.TRUE: ("opfyldt", "true"),
    Truth.FALSE: ("ikke opfyldt", "false"),
    Truth.UNKNOWN: ("kan ikke afgøres", "not known"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is to be explained: what was known about a document, and the rules that count."""

    name: str
    values: FieldValues
    loaded: LoadedRules
    stem: str | None
    today: date
    #: What the robot recorded, of a document in the store.
    recorded: Decision | None = None
    #: Hash of the set that the files give its customer now, when it is another one.
    rules_now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything there is to say about a subject."""

    subject: Subject
    explained: Explained
    answer: WhyNot
    language: str


def as_json(told: Told, rule: str | None) -> dict[str, object]:
    """All there is to say; only of one rule, when it is named."""
    decision = told.explained.decision
    effective = told.subject.loaded.effective(told.subject.stem)
    teller = Teller(effective, told.subject.values, told.subject.today, told.language)
    answer = told.answer
    return {
        "document": told.subject.name,
        "customer": effective.customer.bogfoeringskreds,
        "ruleset": effective.hash,
        "ruleset_now": told.subject.rules_now or effective.hash,
        "today": told.subject.today.isoformat(),
        "outcome": decision.outcome.value,
        "findings": findings_as_json(decision),
        "posted_by": list(decision.posted_by),
        "rules": [one.as_json() for one in _chosen(told.explained, rule)],
        "why_not": {
            "smallest": teller.as_json(answer.smallest),
            "by_document": teller.as_json(answer.by_document),
            "by_rules": teller.as_json(answer.by_rules),
            "not_by_rules": [part.rule.id for part in answer.not_by_rules],
            "words": teller.lines(answer),
        },
    }


def _chosen(explained: Explained, rule: str | None) -> tuple[ExplainedRule, ...]:
    if rule is None:
        return explained.telling()
    return tuple(one for one in explained.rules if one.part.rule.id == rule)


def lines(told: Told, rule: str | None) -> Iterator[str]:
    """The same for a reader."""
    effective = told.subject.loaded.effective(told.subject.stem)
    decision = told.explained.decision
    language = told.language
    customer = effective.customer
    yield (
        f"{told.subject.name}: {decision.outcome.value}  "
        f"({customer.bogfoeringskreds or '–'} {customer.name}, {told.subject.today}, "
        f"{in_words(language, 'regelsæt', 'rule set')} {effective.hash[:12]})"
    )
    yield from _finding_lines(decision, effective.taxonomy, language)
    recorded = told.subject.recorded
    if recorded is not None and _codes(recorded) != _codes(decision):
        yield "  " + in_words(language, "registreret", "recorded") + f": {_codes(recorded)}"
    if told.subject.rules_now:
        yield from _other_rules(told)
    yield ""
    yield in_words(language, "Hvorfor", "Why")
    for one in _chosen(told.explained, rule):
        yield from _rule_lines(one, language)
    if decision.outcome is not Outcome.POST and rule is None:
        yield ""
        yield in_words(language, "Hvorfor ikke bogført", "Why not posted")
        teller = Teller(effective, told.subject.values, told.subject.today, language)
        yield from (f"  {line}" for line in teller.lines(told.answer))


def _other_rules(told: Told) -> Iterator[str]:
    now = told.subject.rules_now[:12]
    yield "  " + in_words(
        told.language,
        f"reglerne er siden ændret (nu {now}): her forklares med dem, der først gav afgørelsen;",
        f"the rules are others now ({now}): this explains by those that first decided it so;",
    )
    yield "  " + in_words(
        told.language,
        "giver nye regler det samme, bliver den stående. --rules svarer med dem, der gælder nu",
        "new rules that give the same leave it as it is. --rules answers by those of today",
    )


def _codes(decision: Decision) -> str:
    codes = sorted({finding.code for finding in decision.findings})
    return " ".join([decision.outcome.value, *codes])


def _finding_lines(decision: Decision, taxonomy: Taxonomy, language: str) -> Iterator[str]:
    for finding in decision.findings:
        title = taxonomy[finding.code].texts[language].title if finding.code in taxonomy else ""
        where = f"  {finding.path}" if finding.path else ""
        yield f"  {finding.code}{where}  {title}"
    for finding in decision.suppressed:
        follows = in_words(language, "følger af en anden", "follows from another")
        yield f"  ({finding.code}  {finding.path}  {follows})"


def _rule_lines(one: ExplainedRule, language: str) -> Iterator[str]:
    rule = one.part.rule
    effect = rule.effect if rule.error_type is None else f"{rule.effect}: {rule.error_type}"
    marks = [in_words(language, *_TRUTHS[one.truth])]
    if rule.mandatory:
        marks.append(in_words(language, "obligatorisk", "mandatory"))
    if one.dispensation is not None:
        until = one.dispensation.valid_to
        marks.append(in_words(language, f"dispenseret til {until}", f"dispensed until {until}"))
    if not one.in_force:
        marks.append(in_words(language, "gælder ikke i dag", "not in force today"))
    yield f"  {_MARKS[one.truth]} {rule.id}  {effect}  [{', '.join(marks)}]  {rule.at}"
    if rule.why:
        yield f"      {in_words(language, 'fordi', 'why')}: {rule.why}"
    for node in _spread(one.when):
        yield from _node_lines(node, 3, language)
    if one.unless is not None:
        yield "      unless"
        for node in _spread(one.unless):
            yield from _node_lines(node, 4, language)
    if one.when is None and one.unless is None and rule.effect is not Effect.POST:
        yield f"      {in_words(language, 'altid', 'always')}"


def _spread(node: Node | None) -> tuple[Node, ...]:
    """What must all hold, one by one: that it all must is what a rule's block means."""
    if node is None:
        return ()
    return node.children if node.text == ALL_OF else (node,)


def _node_lines(node: Node, depth: int, language: str) -> Iterator[str]:
    pad = "  " * depth
    place = f"  :{node.at.line}" if node.at is not None else ""
    seen = f"  ({node.seen})" if node.seen else ""
    yield f"{pad}{_MARKS[node.truth]} {node.text}{seen}{place}"
    for child in node.children:
        yield from _node_lines(child, depth + 1, language)
    if node.left_out:
        more = in_words(language, "linjer mere", "more lines")
        yield f"{pad}  … {node.left_out} {more}"
