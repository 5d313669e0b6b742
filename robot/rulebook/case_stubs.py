"""Cases for what no case exercises yet, ready to be put into a case file and checked by a person.

Each starts from the base document that the customer's cases use most and changes the fewest fields
that it takes. What it expects is what is decided now: whether that is right, a person says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from robot.domain.decision import Decision, Outcome, Truth
from robot.domain.fields import UNKNOWN, FieldValues
from robot.domain.money import Money
from robot.rulebook.case_reader import XML
from robot.rulebook.case_values import MISSING_WORD, UNKNOWN_WORD
from robot.rulebook.cases import CaseRunner, PreparedCase
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    FieldRef,
    ForLines,
    Not,
    Test,
)
from robot.rulebook.coverage import Kind, Point
from robot.rulebook.display import literal_text
from robot.rulebook.effective import EffectiveRule
from robot.rulebook.explain.candidates import Candidates
from robot.rulebook.explain.changes import FieldChange, Slot, lines_of, with_fields
from robot.rulebook.loader import LoadedRules
from robot.rulebook.parts import asked_by, part_at
from robot.rulebook.ruleset import CompiledRuleSet
from robot.rulebook.sides import Side, borders
from robot.rulebook.vocabulary import Quantifier

_OPPOSITE: Final = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}
_WANTED: Final = {"true": Truth.TRUE, "false": Truth.FALSE, "not known": Truth.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A case in YAML, and the points that it is for."""

    points: tuple[Point, ...]
    body: str

    @property
    def text(self) -> str:
        """The case under its points as comments, two steps in, as it stands under `cases`."""
        head, rest = self.points[0], self.points[1:]
        what = (
            f"{head.rule}: {head.text} {head.wanted}"
            if head.text
            else (f"{head.rule} {head.wanted}")
        )
        comments = [f"  # {point}" for point in (head, *rest)]
        return "\n".join([*comments, f"  - case: {_quoted(what)}", self.body])


def stubs(loaded: LoadedRules, runner: CaseRunner, points: Iterable[Point]) -> Iterator[Stub]:
    """A case for each point for which one can be thought of.

    Args:
        loaded: The rules.
        runner: The cases that there are.
        points: What they do not exercise.
    """
    prepared = runner.prepared()
    benches: dict[tuple[str | None, bool], _Bench | None] = {}
    made: dict[str, list[Point]] = {}
    for point in points:
        key = (point.stem, point.of_sheet)
        if key not in benches:
            alike = [case for case in prepared if case.of_sheet is point.of_sheet]
            benches[key] = _bench(loaded, runner, alike, point.stem)
        bench = benches[key]
        body = None if bench is None else bench.stub(point)
        if body is not None:
            made.setdefault(body, []).append(point)
    for body, theirs in made.items():
        yield Stub(points=tuple(theirs), body=body)


def _bench(
    loaded: LoadedRules,
    runner: CaseRunner,
    prepared: Sequence[PreparedCase],
    stem: str | None,
) -> _Bench | None:
    """The customer's own most used base document, else that of all."""
    named = [case for case in prepared if not case.case.document.endswith(XML)]
    cases = [case for case in named if case.stem == stem] or named
    used = Counter((case.case.document, case.case.today) for case in cases)
    rule_set = None if stem is None else runner.rule_set(stem)
    if not used or stem is None or rule_set is None:
        return None
    (document, today), _ = used.most_common(1)[0]
    values = runner.base_values(document, today)
    return _Bench(loaded, rule_set.met_by(values), stem, (document, values, today))


class _Bench:
    """One customer's rules and the base document that stubs start from."""

    def __init__(
        self,
        loaded: LoadedRules,
        rule_set: CompiledRuleSet,
        stem: str,
        base: tuple[str, dict[str, Any], date],
    ) -> None:
        self._rule_set = rule_set
        self._stem = stem
        self._document, self._values, self._today = base
        effective = rule_set.effective
        self._rules = {part.rule.id: part for part in effective.rules}
        self._candidates = Candidates(
            (part.rule for part in effective.rules), effective.lists, loaded.fields, self._today
        )

    def stub(self, point: Point) -> str | None:
        """The case without its name, None when none can be thought of."""
        maker = _Maker(self._rule_set.compiled, self._candidates, self._values, self._today)
        part = self._rules.get(point.rule)
        made = (
            self._row(maker, point)
            if point.kind is Kind.ROW
            else (part is not None and self._made(maker, part, point))
        )
        if not made:
            return None
        decision = self._rule_set.decide_values(maker.values, self._today)
        return self._written(maker.changes, decision)

    def _made(self, maker: _Maker, part: EffectiveRule, point: Point) -> bool:
        rule = part.rule
        if point.address is not None:
            condition = part_at(rule, point.address)
            if point.kind is Kind.LIMIT:
                return maker.beside(condition, point)
            return maker.make(condition, _WANTED[point.wanted], maker.place(condition))
        when, unless = rule.when, rule.unless
        if point.kind is Kind.UNLESS:
            return maker.make(when, Truth.TRUE) and maker.make(unless, Truth.TRUE)
        wanted = _WANTED.get(point.wanted, Truth.TRUE)
        if wanted is Truth.TRUE:
            return maker.make(when, Truth.TRUE) and maker.make(unless, Truth.FALSE)
        return maker.make(when, wanted)

    def _row(self, maker: _Maker, point: Point) -> bool:
        name = point.rule.removeprefix("list ")
        for field, lists in self._candidates.listed():
            if name in lists:
                line = 0 if field.of_line else None
                return maker.put(Slot(field=field, line=line), point.text)
        return False

    def _written(self, changes: Mapping[Slot, object], decision: Decision) -> str:
        lines = [f"    customer: {self._stem}", f"    document: {self._document}"]
        if changes:
            lines.append("    change:")
            lines += [
                f"      {slot.name(self._values)}: {written(value)}"
                for slot, value in changes.items()
            ]
        lines.append(f"    expect: {_expected(decision)}  # as decided now; is it right?")
        return "\n".join(lines)


class _Maker:
    """Changes a document until a condition comes out as wanted."""

    def __init__(
        self,
        compiled: Compiled,
        candidates: Candidates,
        values: FieldValues,
        today: date,
    ) -> None:
        self._compiled = compiled
        self._candidates = candidates
        self._today = today
        self.values = values
        self.changes: dict[Slot, object] = {}

    def place(self, condition: Condition) -> int | None:
        """The line on which a condition inside `lines` is tried."""
        return 0 if _of_line(condition) else None

    def make(self, condition: Condition | None, wanted: Truth, line: int | None = None) -> bool:
        """Whether it could be done; `True` of a condition that is not there."""
        if line is not None and not lines_of(self.values):
            return False
        if condition is None or self._truth(condition, line) is wanted:
            return condition is not None or wanted is not Truth.UNKNOWN
        if isinstance(condition, Test):
            return self._test(condition, wanted, line)
        if isinstance(condition, Not):
            return self.make(condition.part, _OPPOSITE[wanted], line)
        if isinstance(condition, AllOf | AnyOf):
            return self._several(condition, wanted, line)
        # Counts and sums are left to people: which lines to add is a question of taste.
        return isinstance(condition, ForLines) and self._lines(condition, wanted)

    def beside(self, condition: Condition, point: Point) -> bool:
        """Put a field on one side of a limit."""
        if not isinstance(condition, Test):
            return False
        asked = asked_by(condition)[point.bound]
        border = list(borders(asked, self._today))[point.border]
        slot = Slot(field=condition.field, line=0 if condition.field.of_line else None)
        return self.put(slot, border.on(Side(point.wanted)))

    def put(self, slot: Slot, value: object) -> bool:
        """Give a field a value."""
        if slot.line is not None and not lines_of(self.values):
            return False
        change = FieldChange(slot=slot, old=slot.value(self.values), new=value)
        self.values = with_fields(self.values, [change])
        self.changes[slot] = value
        return True

    def _truth(self, condition: Condition, line: int | None) -> Truth:
        one = None if line is None else lines_of(self.values)[line]
        return self._compiled.truth(condition, self.values, one, self._today)

    def _test(self, test: Test, wanted: Truth, line: int | None) -> bool:
        slot = Slot(field=test.field, line=line if test.field.of_line else None)
        if (test.field.of_line and line is None) or slot in self.changes:
            return False
        tried = (UNKNOWN,) if wanted is Truth.UNKNOWN else self._candidates.of(slot, self.values)
        before, changes = self.values, dict(self.changes)
        for value in tried:
            if not self.put(slot, value):
                return False
            if self._truth(test, line) is wanted:
                return True
            self.values, self.changes = before, dict(changes)
        return False

    def _several(self, condition: AllOf | AnyOf, wanted: Truth, line: int | None) -> bool:
        """All parts of an `all_of` that is to be true; of one that is to be false, the last."""
        all_needed = Truth.TRUE if isinstance(condition, AllOf) else Truth.FALSE
        if wanted is all_needed:
            return all(self.make(part, wanted, line) for part in condition.parts)
        for part in reversed(condition.parts):
            before = self.values, dict(self.changes)
            rest = [p for p in condition.parts if p is not part]
            settled = wanted is not Truth.UNKNOWN or all(
                self.make(other, all_needed, line) for other in rest
            )
            if settled and self.make(part, wanted, line):
                return True
            self.values, self.changes = before
        return False

    def _lines(self, condition: ForLines, wanted: Truth) -> bool:
        if not lines_of(self.values):
            return False
        if condition.quantifier is Quantifier.NONE:
            wanted = _OPPOSITE[wanted]
        one_is_enough = Truth.FALSE if condition.quantifier is Quantifier.ALL else Truth.TRUE
        places = range(len(lines_of(self.values)))
        if wanted is one_is_enough:
            return self.make(condition.part, wanted, 0)
        return all(self.make(condition.part, wanted, place) for place in places)


def written(value: object) -> str:
    """A field's value as a case file has it."""
    if value is UNKNOWN or value is None:
        return UNKNOWN_WORD if value is UNKNOWN else MISSING_WORD
    if isinstance(value, frozenset):
        return f"[{', '.join(_quoted(str(item)) for item in sorted(value))}]"
    if isinstance(value, Money | date | Decimal | bool):
        return literal_text(value)
    return _quoted(str(value))


def _expected(decision: Decision) -> str:
    codes = list(dict.fromkeys(finding.code for finding in decision.findings))
    if decision.outcome is Outcome.POST:
        return "post"
    return f"{{{decision.outcome}: [{', '.join(codes)}]}}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _of_line(condition: Condition) -> bool:
    if isinstance(condition, Test):
        others = (operand for operand in condition.operands if isinstance(operand, FieldRef))
        return any(field.of_line for field in (condition.field, *others))
    return False
