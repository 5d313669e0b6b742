"""From what the rules say to one decision. Pure: the same input gives the same decision.

Resolution: security holds; so does anything that belongs to the centre or is not known; what only
the customer or the supplier can put right bounces, all of it at once; what is clean posts when a
rule lets it through, and is held as outside the criteria when none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from robot.domain.decision import Decision, Effect, Finding, Outcome, RuleResult, Truth
from robot.domain.fields import FieldValues, LineValues
from robot.domain.taxonomy import ErrorClass, Owner, Taxonomy
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import FieldRef, Test
from robot.rulebook.effective import NOBODY, EffectiveRule, EffectiveSet
from robot.rulebook.rules import Rule
from robot.rulebook.shown import expected_by, shown
from robot.rulebook.taxonomy import CANNOT_CHECK, CUSTOMER_UNKNOWN, OUTSIDE_CRITERIA, suppressors
from robot.rulebook.trace import LineWitness, Trace

POSTING_DATE: Final = "posting.date"
NEXT_OPEN_DATE: Final = "posting.next_open"
#: Owners outside the centre: what they own, the customer is asked to put right.
_OUTSIDE: Final = frozenset({Owner.CUSTOMER, Owner.SUPPLIER})
_EMPTY: Final = frozenset[str]()


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """What the rules said about one document, before it is resolved."""

    findings: list[tuple[Finding, Effect]] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    results: list[RuleResult] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    #: Field that was not known -> the rules that needed it.
    not_known: dict[str, list[str]] = field(default_factory=dict)
    posting_date: date | None = None


class Decider:
    """Decides documents by one effective set."""

    def __init__(self, effective: EffectiveSet, compiled: Compiled) -> None:
        self._effective = effective
        self._compiled = compiled
        self._taxonomy = effective.taxonomy
        self._hidden_by, self._order_of = _relations(effective.taxonomy)
        self._language = effective.customer.language

    def decide(self, values: FieldValues, today: date) -> Decision:
        """Decide a document by its field values."""
        true, unknown = self._compiled.evaluate(values, today)
        gathered = _Gathered(posting_date=_day(values.get(POSTING_DATE)))
        trace = Trace(self._compiled, values, today)
        for index in true:
            self._gather_true(self._effective.rules[index], trace, values, today, gathered)
        for index in unknown:
            self._gather_unknown(self._effective.rules[index], trace, today, gathered)
        for path, rules in gathered.not_known.items():
            gathered.findings.append((_cannot_check(path, rules), Effect.HOLD))
        return self._resolve(gathered, today)

    def _gather_true(
        self,
        part: EffectiveRule,
        trace: Trace,
        values: FieldValues,
        today: date,
        gathered: _Gathered,
    ) -> None:
        rule = part.rule
        gathered.results.append(_result(rule, Truth.TRUE))
        dispensation = part.dispensed(today)
        if rule.effect is Effect.POST:
            if dispensation is None:
                gathered.posts.append(rule.id)
            return
        findings = _findings(rule, trace, today, self._language)
        if rule.effect is Effect.NOTE:
            gathered.notes.extend(findings)
            return
        if dispensation is not None:
            moved = _day(values.get(NEXT_OPEN_DATE))
            if dispensation.action is None:
                gathered.notes.extend(findings)
                return
            if moved is not None:
                gathered.posting_date = moved
                gathered.notes.extend(findings)
                return
        gathered.findings.extend((finding, rule.effect) for finding in findings)

    def _gather_unknown(
        self, part: EffectiveRule, trace: Trace, today: date, gathered: _Gathered
    ) -> None:
        rule = part.rule
        condition = rule.condition
        fields = () if condition is None else trace.unknown_fields(condition)
        gathered.results.append(_result(rule, Truth.UNKNOWN, fields))
        dispensation = part.dispensed(today)
        if not rule.blocking or (dispensation is not None and not dispensation.action):
            return
        for name in fields or ("",):
            gathered.not_known.setdefault(name, []).append(rule.id)

    def _resolve(self, gathered: _Gathered, today: date) -> Decision:
        effects = _strictest(gathered.findings)
        if self._effective.customer is NOBODY and not any(
            finding.code == CUSTOMER_UNKNOWN for finding in effects
        ):
            unknown = Finding(code=CUSTOMER_UNKNOWN, path="", seen="", expected="", rule="")
            effects = {unknown: Effect.HOLD, **effects}
        kept, hidden = self._suppress(effects)
        if kept:
            outcome = self._blocked(kept, effects)
        elif gathered.posts:
            outcome = Outcome.POST
        else:
            outcome = Outcome.HOLD
            kept = [Finding(code=OUTSIDE_CRITERIA, path="", seen="", expected="", rule="")]
        return Decision(
            outcome=outcome,
            findings=tuple(kept),
            suppressed=tuple(hidden),
            notes=tuple(gathered.notes),
            results=tuple(gathered.results),
            posted_by=tuple(gathered.posts) if outcome is Outcome.POST else (),
            ruleset=self._effective.hash,
            decided_on=today,
            posting_date=gathered.posting_date,
        )

    def _suppress(self, effects: Mapping[Finding, Effect]) -> tuple[list[Finding], list[Finding]]:
        """The causes in the taxonomy's order, and what follows from them.

        What is about security is never hidden behind something else.
        """
        kept: list[Finding] = []
        hidden: list[Finding] = []
        for finding in effects:
            hiders = self._hidden_by.get(finding.code, _EMPTY)
            follows = not self._is_security(finding.code) and any(
                cause.code in hiders and _reaches(cause, finding) for cause in effects
            )
            (hidden if follows else kept).append(finding)
        return sorted(kept, key=self._order), sorted(hidden, key=self._order)

    def _order(self, finding: Finding) -> int:
        return self._order_of.get(finding.code, 0)

    def _blocked(self, kept: Sequence[Finding], effects: Mapping[Finding, Effect]) -> Outcome:
        if self._effective.customer is NOBODY:
            return Outcome.HOLD
        bounces = all(
            effects[finding] is Effect.BOUNCE and _for_the_customer(finding, self._taxonomy)
            for finding in kept
        )
        return Outcome.BOUNCE if bounces else Outcome.HOLD

    def _is_security(self, code: str) -> bool:
        return code in self._taxonomy and (self._taxonomy[code].error_class is ErrorClass.SECURITY)


@lru_cache(maxsize=8)
def _relations(
    taxonomy: Taxonomy,
) -> tuple[Mapping[str, frozenset[str]], Mapping[str, int]]:
    """What hides each error type, and its place in the order; the same for all customers."""
    return suppressors(taxonomy), {kind.code: kind.order for kind in taxonomy}


def refused(code: str, reason: str | None, ruleset: str, today: date) -> Decision:
    """The decision on a file that is no readable invoice."""
    outcome = Outcome.NOT_AN_INVOICE if code == Outcome.NOT_AN_INVOICE else Outcome.UNREADABLE
    finding = Finding(code=outcome.value, path="", seen=reason or "", expected="", rule="")
    return Decision(outcome=outcome, findings=(finding,), ruleset=ruleset, decided_on=today)


def _reaches(cause: Finding, finding: Finding) -> bool:
    """Whether one finding can explain another: one on a line explains only those on that line."""
    place, other = cause.path.partition(".")[0], finding.path.partition(".")[0]
    return place == other or not (place.startswith("lines[") and other.startswith("lines["))


def _for_the_customer(finding: Finding, taxonomy: Taxonomy) -> bool:
    if finding.code not in taxonomy:
        return False
    kind = taxonomy[finding.code]
    return kind.owner in _OUTSIDE and kind.error_class is not ErrorClass.SECURITY


def _strictest(findings: Iterable[tuple[Finding, Effect]]) -> dict[Finding, Effect]:
    """Findings each once by code and path; a hold outweighs a bounce of the same."""
    chosen: dict[tuple[str, str], tuple[Finding, Effect]] = {}
    for finding, effect in findings:
        key = (finding.code, finding.path)
        if key not in chosen or (effect is Effect.HOLD and chosen[key][1] is Effect.BOUNCE):
            chosen[key] = (finding, effect)
    return dict(chosen.values())


def _findings(rule: Rule, trace: Trace, today: date, language: str) -> list[Finding]:
    """One finding a line for rules about lines, else one for the document."""
    condition = rule.condition
    witnesses = () if condition is None else trace.witnesses(condition)
    code = rule.error_type or rule.id
    if witnesses:
        reader = (today, language)
        return [_line_finding(rule, code, witness, trace, reader) for witness in witnesses]
    test = None if condition is None else trace.subject(condition)
    subject = rule.seen or (test.field if test is not None else None)
    path = "" if subject is None else subject.name
    seen = "" if subject is None else shown(trace.value(subject), subject, language)
    expected = _expected(rule, test, trace, None, (today, language))
    return [Finding(code=code, path=path, seen=seen, expected=expected, rule=rule.id)]


def _line_finding(
    rule: Rule, code: str, witness: LineWitness, trace: Trace, reader: tuple[date, str]
) -> Finding:
    subject = rule.seen or (witness.test.field if witness.test is not None else None)
    path = f"lines[{_number(witness)}]"
    seen = ""
    if subject is not None:
        path = f"{path}.{subject.key}" if subject.of_line else subject.name
        seen = shown(trace.value(subject, witness.line), subject, reader[1])
    expected = _expected(rule, witness.test, trace, witness.line, reader)
    return Finding(code=code, path=path, seen=seen, expected=expected, rule=rule.id)


def _expected(
    rule: Rule, test: Test | None, trace: Trace, line: LineValues | None, reader: tuple[date, str]
) -> str:
    today, language = reader
    if rule.expected is not None:
        return shown(trace.value(rule.expected, line), rule.expected, language)
    if test is None or (rule.seen is not None and rule.seen != test.field):
        return ""
    others = [operand for operand in test.operands if isinstance(operand, FieldRef)]
    other = trace.value(others[0], line) if others else None
    return expected_by(test, other, today, language)


def _number(witness: LineWitness) -> str:
    number = witness.line.get("number")
    return number if isinstance(number, str) and number else str(witness.index + 1)


def _result(rule: Rule, truth: Truth, unknown: tuple[str, ...] = ()) -> RuleResult:
    return RuleResult(
        rule=rule.id, effect=rule.effect, truth=truth, error_type=rule.error_type, unknown=unknown
    )


def _cannot_check(path: str, rules: Sequence[str]) -> Finding:
    return Finding(code=CANNOT_CHECK, path=path, seen="", expected=", ".join(rules), rule=rules[0])


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
