"""Which small changes of the rules no case would notice.

Each rule is changed a little, one change at a time, and the cases that the rule has a say in are
decided again; only the changed rule is compiled anew.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from robot.domain.decision import Truth
from robot.domain.fields import FieldValues, LineValues
from robot.rulebook.cases import CaseRunner, PreparedCase
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.conditions import Condition, ListName, Parameter, operands_of, walk
from robot.rulebook.decide import Decider
from robot.rulebook.effective import EffectiveSet
from robot.rulebook.loader import LoadedRules
from robot.rulebook.mutants import Mutant, mutants_of
from robot.rulebook.parts import SourcedRule, asked_by, conditions_of, part_at, sourced
from robot.rulebook.problem import Position
from robot.rulebook.rule_modules import Evaluation
from robot.rulebook.value_lists import ValueList

#: Told after each change: how many were tried, how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A small change of a rule, and whether a case notices it."""

    rule: str
    what: str
    at: Position
    #: The customer, when the change is about what it says for itself; empty of a standard rule.
    customer: str
    noticed: bool

    def __str__(self) -> str:
        whose = f" ({self.customer})" if self.customer else ""
        return f"{self.at}: {self.rule}{whose}: {self.what}: no case notices"

    def as_json(self) -> dict[str, object]:
        """The change for machines."""
        return {
            "rule": self.rule,
            "change": self.what,
            "path": self.at.path,
            "line": self.at.line,
            "customer": self.customer,
            "noticed": self.noticed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """Every small change that was tried."""

    changes: tuple[Change, ...]

    @property
    def unnoticed(self) -> tuple[Change, ...]:
        """Those that no case notices, by file and line."""
        missed = (change for change in self.changes if not change.noticed)
        return tuple(sorted(missed, key=lambda change: (change.at, change.what)))

    @property
    def score(self) -> Decimal:
        """The changes noticed, of a hundred; of no changes, all."""
        if not self.changes:
            return Decimal(100)
        noticed = len(self.changes) - len(self.unnoticed)
        return (Decimal(100 * noticed) / len(self.changes)).quantize(Decimal("0.1"))


@dataclass(slots=True)
class _Tried:
    """One change with the customers whose rules have it."""

    rule: str
    what: str
    at: Position
    customer: str
    tries: list[Callable[[], bool]] = field(default_factory=list)


def mutate(
    loaded: LoadedRules,
    runner: CaseRunner,
    *,
    rules: Sequence[str] = (),
    customer: str | None = None,
    progress: Progress | None = None,
) -> Mutation:
    """Change the rules a little, one change at a time, and see whether a case fails.

    Args:
        loaded: The rules.
        runner: The cases. Those that fail without any change are left out.
        rules: Ids of the rules to change; all when empty.
        customer: The name of the one customer file whose rules are changed; all when None.
        progress: Told after each change.
    """
    cases: dict[tuple[str | None, bool], list[PreparedCase]] = {}
    for case in runner.prepared():
        if not _differences(runner, case, None):
            cases.setdefault((case.stem, case.of_sheet), []).append(case)
    sides = {False: loaded, True: loaded.for_repostings}
    tried: dict[tuple[object, ...], _Tried] = {}
    for stem in [*loaded.customers, None] if customer is None else [customer]:
        if loaded.shared is None or stem in loaded.broken:
            continue
        for of_sheets, side in sides.items():
            bench = _Bench(side, stem, runner, cases.get((stem, of_sheets), []))
            for key, change, notices in bench.changes(frozenset(rules)):
                tried.setdefault(key, change).tries.append(notices)
    changes: list[Change] = []
    for number, one in enumerate(tried.values(), 1):
        noticed = any(notices() for notices in one.tries)
        changes.append(
            Change(rule=one.rule, what=one.what, at=one.at, customer=one.customer, noticed=noticed)
        )
        if progress is not None:
            progress(number, len(tried))
    return Mutation(changes=tuple(changes))


_Keyed = tuple[tuple[object, ...], _Tried, Callable[[], bool]]


class _Bench:
    """The rules of one customer with the cases that are about it."""

    def __init__(
        self,
        loaded: LoadedRules,
        stem: str | None,
        runner: CaseRunner,
        cases: Sequence[PreparedCase],
    ) -> None:
        self._stem = stem
        self._runner = runner
        self._cases = cases
        self._effective = loaded.effective(stem)
        self._rules = sourced(loaded, stem)
        self._settings = loaded.customers[stem].settings if stem is not None else {}
        self._compiled = compile_set(self._effective)
        self._truths: list[Mapping[int, Truth]] = [_truths(case) for case in cases]

    def changes(self, only: frozenset[str]) -> Iterator[_Keyed]:
        """Every change, with what tells whether one of this customer's cases notices it."""
        rows: dict[str, SourcedRule] = {}
        for part in self._rules:
            if only and part.rule.id not in only:
                continue
            for mutant in mutants_of(part.rule):
                yield self._of_mutant(part, mutant)
            yield from self._of_dispensation(part)
            for _, condition in conditions_of(part.rule):
                for operand in operands_of(condition):
                    if isinstance(operand, ListName):
                        rows.setdefault(operand.name, part)
        for name in rows:
            yield from self._of_list(name)

    def _of_mutant(self, part: SourcedRule, mutant: Mutant) -> _Keyed:
        rule = part.rule
        customer = self._stem or "" if self._own_limit(part, mutant) else ""
        key = (rule.at.path, rule.id, *mutant.key, customer)

        def notices() -> bool:
            lists = self._effective.lists
            return self._notices({part.index: Compiled([mutant.rule], lists)}, lists)

        return key, _Tried(rule.id, mutant.what, mutant.at, customer), notices

    def _of_dispensation(self, part: SourcedRule) -> Iterator[_Keyed]:
        given = part.effective.dispensation
        if given is None:
            return

        def notices() -> bool:
            effective = _clone(self._effective)
            effective.rules = tuple(
                replace(one, dispensation=None) if place == part.index else one
                for place, one in enumerate(effective.rules)
            )
            decider = Decider(effective, self._compiled)
            return any(
                _differences(self._runner, case, decider)
                for case, truths in zip(self._cases, self._truths, strict=True)
                if part.index in truths
            )

        key = ("dispensation", self._stem, part.rule.id)
        what = "the dispensation is taken away"
        yield key, _Tried(part.rule.id, what, given.at, self._stem or ""), notices

    def _of_list(self, name: str) -> Iterator[_Keyed]:
        rows = self._effective.lists[name]
        own = (self._stem or "") if rows.file is None else ""
        for row in rows.rows:
            kept = replace(rows, rows=tuple(other for other in rows.rows if other is not row))

            def notices(kept: ValueList = kept) -> bool:
                lists = {**self._effective.lists, name: kept}
                using = {
                    part.index: Compiled([part.rule], lists)
                    for part in self._rules
                    if name in _lists(part)
                }
                return self._notices(using, lists)

            key = ("row", name, row.at, row.value, own)
            yield key, _Tried(f"list {name}", f"{row.value} is taken off", row.at, own), notices

    def _own_limit(self, part: SourcedRule, mutant: Mutant) -> bool:
        """Whether the change moves a limit that the customer sets for itself."""
        if mutant.limit is None:
            return False
        address, bound = mutant.limit
        written = asked_by(part_at(part.source, address))[bound]
        names = {operand.name for operand in written.operands if isinstance(operand, Parameter)}
        return bool(names & self._settings.keys())

    def _notices(self, changed: Mapping[int, Compiled], lists: Mapping[str, ValueList]) -> bool:
        effective = _clone(self._effective)
        effective.lists = lists
        effective.rules = tuple(
            replace(one, rule=changed[place].rules[0]) if place in changed else one
            for place, one in enumerate(effective.rules)
        )
        decider = Decider(effective, _Changed(self._compiled, changed, lists))
        return any(
            _differences(self._runner, case, decider)
            for case, truths in zip(self._cases, self._truths, strict=True)
            if _may_differ(case, truths, changed)
        )


class _Changed(Compiled):
    """Compiled rules some of which are replaced by others that are compiled already."""

    def __init__(
        self,
        base: Compiled,
        changed: Mapping[int, Compiled],
        lists: Mapping[str, ValueList],
    ) -> None:
        super().__init__(base.rules, lists)
        self._base = base
        self._changed = changed
        self._theirs = {
            id(part): compiled
            for compiled in changed.values()
            if compiled.rules[0].condition is not None
            for part in walk(compiled.rules[0].condition)
        }

    def evaluate(self, values: FieldValues, today: date) -> Evaluation:
        """Which rules hold and which are unknown."""
        true, unknown = (set(found) for found in self._base.evaluate(values, today))
        for place, compiled in self._changed.items():
            true.discard(place)
            unknown.discard(place)
            holds, not_known = compiled.evaluate(values, today)
            if holds:
                true.add(place)
            elif not_known:
                unknown.add(place)
        return sorted(true), sorted(unknown)

    def truth(
        self, part: Condition, values: FieldValues, line: LineValues | None, today: date
    ) -> Truth:
        """How a part of a condition comes out."""
        return self._theirs.get(id(part), self._base).truth(part, values, line, today)


def _may_differ(
    case: PreparedCase, truths: Mapping[int, Truth], changed: Mapping[int, Compiled]
) -> bool:
    """Whether a changed rule says something else, or says it of something else."""
    for place, compiled in changed.items():
        true, unknown = compiled.evaluate(case.values, case.case.today)
        if true or unknown or place in truths:
            return True
    return False


def _differences(
    runner: CaseRunner, case: PreparedCase, decider: Decider | None
) -> tuple[str, ...]:
    if decider is None:
        decision = case.rule_set.decide_values(case.values, case.case.today)
    else:
        decision = decider.decide(case.values, case.case.today)
    return runner.differences(case.case, case.rule_set, case.values, decision)


def _truths(case: PreparedCase) -> Mapping[int, Truth]:
    true, unknown = case.rule_set.compiled.evaluate(case.values, case.case.today)
    return dict.fromkeys(true, Truth.TRUE) | dict.fromkeys(unknown, Truth.UNKNOWN)


def _lists(part: SourcedRule) -> frozenset[str]:
    names: Iterable[str] = (
        operand.name
        for _, condition in conditions_of(part.rule)
        for operand in operands_of(condition)
        if isinstance(operand, ListName)
    )
    return frozenset(names)


def _clone(effective: EffectiveSet) -> EffectiveSet:
    return copy.copy(effective)
