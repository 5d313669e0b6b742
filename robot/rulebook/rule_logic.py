"""What the rules of each customer make of each other, on the days on which that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from robot.rulebook.analysis.compared_rules import Candidate, ComparedRules
from robot.rulebook.analysis.contradiction import Contradictions, depends_on_day
from robot.rulebook.analysis.covered_rules import CoveredRules
from robot.rulebook.analysis.reasoning import Reasoner, Scope, Shared, scope_of
from robot.rulebook.analysis.redundant_rules import RedundantRules
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.analysis.thresholds import near_misses
from robot.rulebook.analysis.value_sets import Moment
from robot.rulebook.effective import EffectiveRule, EffectiveSet
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import ParameterSpec
from robot.rulebook.nonsense import filled
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList


class RuleLogic:
    """Looks at one effective set after another; what is everybody's is looked at once.

    Each set is looked at as it is today and as it will be on each day on which a rule begins.
    """

    def __init__(self, loaded: LoadedRules, today: date, remarks: Remarks) -> None:
        self._loaded = loaded
        self._today = today
        self._remarks = remarks
        standard = loaded.standard
        parameters = standard.parameters if standard is not None else {}
        rules = standard.every_rule if standard is not None else ()
        self._repostings = frozenset(r.id for r in standard.repostings) if standard else ()
        self._usual = {rule.id: filled(rule, parameters) for rule in rules}
        self._parameters = {rule.id: rule.parameters for rule in rules}
        self._shared: dict[date, Shared] = {}
        self._scopes: dict[int, Scope] = {}
        for rule in self._usual.values():
            scope_of(rule, self._scopes)

    def standard(self) -> None:
        """The standard's rules among themselves; what a broken list belongs to is left out."""
        lists = self._loaded.lists
        rules = [rule for rule in self._usual.values() if rule.lists <= lists.keys()]
        for of_sheets in (False, True):
            together = [rule for rule in rules if (rule.id in self._repostings) is of_sheets]
            self._look([EffectiveRule(rule=rule) for rule in together], lists, None)

    def customer(self, effective: EffectiveSet, settings: Mapping[str, ParameterSpec]) -> None:
        """A customer's rules, and the standard rules that its settings change."""
        for rules in (effective.rules, effective.repostings):
            self._look(rules, effective.lists, settings)

    def _look(
        self,
        rules: Sequence[EffectiveRule],
        lists: Mapping[str, ValueList],
        settings: Mapping[str, ParameterSpec] | None,
    ) -> None:
        """Look at rules on all days; `settings` are a customer's, None for everybody's rules."""
        later = {
            part.rule.valid_from
            for part in rules
            if part.rule.valid_from is not None and part.rule.valid_from > self._today
        }
        for day in sorted({self._today, *later}):
            candidates = [
                self._candidate(part, settings, day)
                for part in rules
                if part.rule.in_force(day) and part.dispensed(day) is None
            ]
            if any(candidate.fresh for candidate in candidates):
                self._compare(candidates, lists, day)

    def _candidate(
        self, part: EffectiveRule, settings: Mapping[str, ParameterSpec] | None, day: date
    ) -> Candidate:
        usual = self._usual.get(part.rule.id) if part.standard else None
        own = settings is None or (part.rule is not usual and part.rule != usual)
        new = day in {self._today, part.rule.valid_from}
        rule = part.rule if own or usual is None else usual
        ends = [] if rule.valid_to is None else [rule.valid_to]
        given = part.dispensation
        if given is not None and given.valid_from is not None and given.valid_from > day:
            ends.append(given.valid_from - timedelta(days=1))
        used = self._parameters.get(rule.id, ()) if own and usual is not None else ()
        return Candidate(
            rule=rule,
            fresh=own and new,
            shared=rule is usual,
            lasts=min(ends, default=None),
            set_at=next((one.at for name, one in (settings or {}).items() if name in used), None),
        )

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
                self._of_the_day(candidate, moment, lists, day)
        compared = ComparedRules(candidates, reasoner, today=self._today)
        told = CoveredRules(compared, self._loaded.taxonomy, self._remarks).tell()
        RedundantRules(compared, self._remarks).tell(told)
        near_misses(candidates, reasoner, self._remarks)

    def _of_the_day(
        self,
        candidate: Candidate,
        moment: Contradictions,
        lists: Mapping[str, ValueList],
        day: date,
    ) -> None:
        """Note what can't hold on this day, although it may on others."""
        rule = candidate.rule
        if rule.condition is None or not depends_on_day(rule.condition):
            return
        always = Contradictions(self._loaded.fields)
        for nonsense in moment.of(rule):
            if nonsense.always or any(not one.always for one in always.of(rule)):
                continue
            self._remarks.add(
                "never-holds-today",
                candidate.set_at or nonsense.at,
                f"{candidate.itself} can't hold on {day}: {nonsense.words}"
                f"{_run_out(rule, lists, day)}",
            )


def _run_out(rule: Rule, lists: Mapping[str, ValueList], day: date) -> str:
    """The lists of a rule of which nothing counts on a day, as the end of a message."""
    empty = [f"'{name}'" for name in sorted(rule.lists) if not lists[name].values(day)]
    return f"; no row of {' and '.join(empty)} counts then" if empty else ""
