"""Everything that can be known of a rule directory without deciding a document, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from robot.domain.decision import Truth
from robot.errors import RuleFileError
from robot.rulebook.analysis.contradiction import Contradictions, depends_on_day
from robot.rulebook.analysis.dead_rules import Candidate, DeadRules
from robot.rulebook.analysis.expiry import Expiry
from robot.rulebook.analysis.leftovers import Leftovers, Reached
from robot.rulebook.analysis.reasoning import Reasoner, Scope, Shared, scope_of
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.analysis.thresholds import near_misses
from robot.rulebook.analysis.value_sets import Moment
from robot.rulebook.calendar import read_calendar
from robot.rulebook.cases import CaseResult
from robot.rulebook.effective import EffectiveRule, EffectiveSet
from robot.rulebook.loader import LoadedRules, Progress
from robot.rulebook.nodes import read_yaml
from robot.rulebook.nonsense import filled, without_nonsense
from robot.rulebook.problem import Position, Problem, in_order
from robot.rulebook.rules import Rule
from robot.rulebook.uncollected import uncollected
from robot.rulebook.value_lists import ValueList

_CALENDAR: Final = "calendar.yaml"
_PLACE: Final = re.compile(
    r"(?P<path>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL
)


def check(
    loaded: LoadedRules,
    today: date,
    *,
    cases: Sequence[CaseResult] | None = None,
    progress: Progress | None = None,
) -> tuple[Problem, ...]:
    """Every problem of a rule directory, in the files' order.

    Args:
        loaded: The rules as read; conditions that exclude themselves are told as well.
        today: The day from which dates are counted.
        cases: How the cases came out; None when they are not asked.
        progress: Told after each customer.
    """
    remarks = Remarks(loaded.files.files.values())
    with uncollected():
        _check_dates(loaded, today, remarks)
        if loaded.shared is not None and loaded.standard is not None:
            _check_logic(loaded, today, remarks, progress)
            _check_leftovers(loaded, cases, remarks)
        refused = without_nonsense(loaded).problems
    return in_order([*refused, *_of_calendar(loaded), *remarks.problems])


def _of_calendar(loaded: LoadedRules) -> Iterator[Problem]:
    file = loaded.files.get(_CALENDAR)
    if file is None:
        return
    if file.text is not None and not file.report.broken and read_yaml(file) is not None:
        try:
            read_calendar(file.text, Path(file.path))
        except RuleFileError as error:
            match = _PLACE.fullmatch(str(error))
            at = (int(match["line"]), int(match["column"])) if match else (1, 1)
            message = match["message"] if match else str(error)
            file.report.error("calendar", file.report.at(*at), message)
    yield from file.report.problems


def _check_dates(loaded: LoadedRules, today: date, remarks: Remarks) -> None:
    expiry = Expiry(today, remarks)
    known = {file.customer.bogfoeringskreds for file in loaded.customers.values() if file.customer}
    expiry.lists(loaded.lists.values(), frozenset(known))
    if loaded.standard is None:
        return
    expiry.rules(loaded.standard.every_rule)
    for file in loaded.customers.values():
        expiry.lists(file.lists.values())
        expiry.rules(file.rules)
        expiry.customer(file, loaded.standard)


def _check_leftovers(
    loaded: LoadedRules, cases: Sequence[CaseResult] | None, remarks: Remarks
) -> None:
    if loaded.standard is None or loaded.taxonomy_file is None:
        return
    whole = {stem: one for stem, one in loaded.customers.items() if stem not in loaded.broken}
    leftovers = Leftovers(loaded.standard, whole, remarks)
    if not loaded.broken:
        # A broken file may use what nothing else does.
        leftovers.parameters()
        leftovers.lists(loaded.lists, loaded.list_files)
    leftovers.customers()
    reached = reached_by(cases, loaded) if cases else None
    leftovers.error_types(loaded.taxonomy, loaded.taxonomy_file, reached)
    if reached is not None:
        leftovers.cases(reached)
    elif cases is not None:
        at = Position(loaded.standard.file.path, 1, 1)
        remarks.add("no-cases", at, "there are no cases that say what the rules must decide")


def reached_by(cases: Iterable[CaseResult], loaded: LoadedRules) -> Reached:
    """What cases reach: the rules that one of them makes true, and the error types they give."""
    stems = {
        file.customer.bogfoeringskreds: stem
        for stem, file in loaded.customers.items()
        if file.customer is not None
    }
    rules: dict[str, set[str]] = {}
    codes: set[str] = set()
    for result in cases:
        decision = result.decision
        if decision is None:
            continue
        stem = stems.get(result.case.customer, result.case.customer)
        held = rules.setdefault(stem, set())
        held.update(r.rule for r in decision.results if r.truth is Truth.TRUE)
        told = (*decision.findings, *decision.suppressed, *decision.notes)
        codes.update(finding.code for finding in told)
    return Reached(
        rules={stem: frozenset(held) for stem, held in rules.items()}, codes=frozenset(codes)
    )


def _check_logic(
    loaded: LoadedRules, today: date, remarks: Remarks, progress: Progress | None
) -> None:
    """Compare the standard's rules with each other, then each customer's with all of its set."""
    logic = _Logic(loaded, today, remarks)
    logic.standard()
    stems = [stem for stem in loaded.customers if stem not in loaded.broken]
    for done, stem in enumerate(stems, 1):
        try:
            effective = loaded.effective(stem)
        except KeyError:
            continue
        logic.customer(effective)
        if progress is not None:
            progress(done, len(stems))


class _Logic:
    """Looks at one effective set after another; what is everybody's is looked at once."""

    def __init__(self, loaded: LoadedRules, today: date, remarks: Remarks) -> None:
        self._loaded = loaded
        self._today = today
        self._remarks = remarks
        standard = loaded.standard
        parameters = standard.parameters if standard is not None else {}
        rules = standard.rules if standard is not None else ()
        self._usual = {rule.id: filled(rule, parameters) for rule in rules}
        self._shared: dict[date, Shared] = {}
        self._scopes: dict[int, Scope] = {}
        for rule in self._usual.values():
            scope_of(rule, self._scopes)

    def standard(self) -> None:
        """The standard's rules among themselves; what a broken list belongs to is left out."""
        lists = self._loaded.lists
        rules = [
            EffectiveRule(rule=rule) for rule in self._usual.values() if rule.lists <= lists.keys()
        ]
        self._look(rules, lists, everybody=True)

    def customer(self, effective: EffectiveSet) -> None:
        """A customer's rules, and the standard rules that its settings change."""
        self._look(effective.rules, effective.lists, everybody=False)

    def _look(
        self,
        rules: Sequence[EffectiveRule],
        lists: Mapping[str, ValueList],
        *,
        everybody: bool,
    ) -> None:
        later = {
            part.rule.valid_from
            for part in rules
            if part.rule.valid_from is not None and part.rule.valid_from > self._today
        }
        for day in sorted({self._today, *later}):
            candidates: list[Candidate] = []
            for part in rules:
                if not part.rule.in_force(day) or part.dispensed(day) is not None:
                    continue
                usual = self._usual.get(part.rule.id) if part.standard else None
                own = everybody or (part.rule is not usual and part.rule != usual)
                new = day in {self._today, part.rule.valid_from}
                rule = part.rule if own or usual is None else usual
                shared = rule is usual
                candidates.append(Candidate(rule=rule, fresh=own and new, shared=shared))
            if any(candidate.fresh for candidate in candidates):
                self._compare(candidates, lists, day)

    def _compare(
        self, candidates: Sequence[Candidate], lists: Mapping[str, ValueList], day: date
    ) -> None:
        reasoner = Reasoner(
            fields=self._loaded.fields,
            lists=lists,
            day=day,
            shared=self._shared.setdefault(day, {}),
            scopes=dict(self._scopes),
        )
        moment = Contradictions(self._loaded.fields, Moment(day=day, lists=lists))
        for candidate in candidates:
            if candidate.fresh:
                self._of_the_day(candidate.rule, moment, lists, day)
        DeadRules(candidates, reasoner, self._loaded.taxonomy, self._remarks).compare()
        near_misses(candidates, self._remarks)

    def _of_the_day(
        self, rule: Rule, moment: Contradictions, lists: Mapping[str, ValueList], day: date
    ) -> None:
        """Note what can't hold on this day, although it may on others."""
        if rule.condition is None or not depends_on_day(rule.condition):
            return
        always = Contradictions(self._loaded.fields)
        for nonsense in moment.of(rule):
            if nonsense.always or any(not one.always for one in always.of(rule)):
                continue
            self._remarks.add(
                "never-holds-today",
                nonsense.at,
                f"rule '{rule.id}' can't hold on {day}: {nonsense.words}"
                f"{_run_out(rule, lists, day)}",
            )


def _run_out(rule: Rule, lists: Mapping[str, ValueList], day: date) -> str:
    """The lists of a rule of which nothing counts on a day, as the end of a message."""
    empty = [f"'{name}'" for name in sorted(rule.lists) if not lists[name].values(day)]
    return f"; no row of {' and '.join(empty)} counts then" if empty else ""
