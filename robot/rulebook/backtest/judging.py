"""Decides the documents of a batch by a rule set, each as the live decision would.

Documents in which every rule comes out the same are decided alike, so the live decision is asked
once for each such pattern. Where that is not certain (findings on single lines that can explain
each other) it is asked for each document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from robot.domain.decision import Decision, Effect, Outcome, Truth
from robot.domain.fields import FieldValues
from robot.flow.past import PastBatch
from robot.rulebook.backtest.questions import Question, Questions, over_lines
from robot.rulebook.backtest.vectors import Truths, Vectors
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.conditions import LINES, FieldRef, fields_of
from robot.rulebook.decide import NEXT_OPEN_DATE, POSTING_DATE, Decider
from robot.rulebook.effective import NOBODY, EffectiveRule, EffectiveSet
from robot.rulebook.rule_modules import Evaluation
from robot.rulebook.taxonomy import CANNOT_CHECK, suppressors

_NO_CODES: Final = frozenset[str]()
Structure: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is decided about all documents of one pattern, as far as backtests need it.

    `causes` are the rules behind the findings that stand, `obstacles` every blocking rule that
    held or was unknown; both in the set's order.
    """

    number: int
    outcome: Outcome
    codes: tuple[str, ...]
    causes: tuple[str, ...]
    obstacles: tuple[str, ...]
    posted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _AskedRule:
    """A rule of a set that can change an outcome; `question` None holds always."""

    place: int
    part: EffectiveRule
    question: Question | None
    over_lines: bool


@dataclass(slots=True, kw_only=True)
class JudgedSet:
    """One customer's effective set, ready to decide columns."""

    effective: EffectiveSet
    rules: tuple[_AskedRule, ...]
    fields: tuple[str, ...]
    line_fields: tuple[str, ...]
    #: Equal for sets that decide alike when their rules come out alike; see `_structure`.
    structure: Structure
    _decider: Decider | None = None
    _compiled: Compiled | None = None

    @property
    def compiled(self) -> Compiled:
        """The compiled rules, made when they are first needed."""
        if self._compiled is None:
            self._compiled = compile_set(self.effective)
        return self._compiled

    def decide(self, values: FieldValues, day: date) -> Decision:
        """The live decision."""
        if self._decider is None:
            self._decider = Decider(self.effective, self.compiled)
        return self._decider.decide(values, day)

    def decide_as_if(
        self, values: FieldValues, day: date, *, off: frozenset[int], on: frozenset[int]
    ) -> Decision:
        """The live decision as if some rules (by place) did not hold, and others did."""
        altered = _Altered(self.compiled, off, on)
        return Decider(self.effective, altered).decide(values, day)

    def __getstate__(self) -> tuple[object, ...]:
        return self.effective, self.rules, self.fields, self.line_fields, self.structure

    def __setstate__(self, state: Any) -> None:  # noqa: ANN401 - what __getstate__ gave
        self.effective, self.rules, self.fields, self.line_fields, self.structure = state
        self._decider = self._compiled = None


class _Altered(Compiled):
    """The same compiled rules, with the answers of some rules replaced."""

    def __init__(self, compiled: Compiled, off: frozenset[int], on: frozenset[int]) -> None:
        self.rules = compiled.rules
        self._original = compiled
        self._off, self._on = off, on

    def evaluate(self, values: FieldValues, today: date) -> Evaluation:
        """Which rules hold and which are unknown, after the replacement."""
        true, unknown = self._original.evaluate(values, today)
        replaced = self._off | self._on
        return (
            sorted([*(n for n in true if n not in replaced), *self._on]),
            [n for n in unknown if n not in replaced],
        )

    def truth(self, part, values, line, today) -> Truth:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as its base
        """As the original says."""
        return self._original.truth(part, values, line, today)


def judged(effective: EffectiveSet, questions: Questions) -> JudgedSet:
    """Prepare one effective set; notes change no outcome and are left out."""
    rules = []
    for place, part in enumerate(effective.rules):
        if part.rule.effect is Effect.NOTE:
            continue
        condition = part.rule.condition
        rules.append(
            _AskedRule(
                place=place,
                part=part,
                question=None if condition is None else questions.of(condition, effective.lists),
                over_lines=condition is not None and over_lines(condition),
            )
        )
    fields, line_fields = _fields(effective)
    return JudgedSet(
        effective=effective,
        rules=tuple(rules),
        fields=fields,
        line_fields=line_fields,
        structure=_structure(effective, rules),
    )


def _structure(effective: EffectiveSet, rules: Sequence[_AskedRule]) -> Structure:
    """Everything that the step from what the rules say to an outcome depends on.

    Which conditions the rules have does not matter there: how they come out is the pattern.
    """
    taxonomy = tuple(
        (kind.code, kind.owner, kind.error_class, kind.order, kind.suppressed_by)
        for kind in effective.taxonomy
    )
    asked = tuple(
        (
            rule.part.rule.id,
            rule.part.rule.effect,
            rule.part.rule.error_type,
            rule.over_lines,
            rule.part.dispensation is not None,
            rule.part.dispensation and rule.part.dispensation.action,
        )
        for rule in rules
    )
    return (effective.customer is NOBODY, taxonomy, asked)


def _fields(effective: EffectiveSet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every field that a decision by this set may read."""
    own = {POSTING_DATE, NEXT_OPEN_DATE}
    of_line = {"number"}
    for part in effective.rules:
        rule = part.rule
        named: list[FieldRef] = [ref for ref in (rule.seen, rule.expected) if ref is not None]
        if rule.condition is not None:
            named += fields_of(rule.condition)
        for reference in named:
            (of_line if reference.of_line else own).add(reference.key)
    return tuple(sorted(own - {LINES.key})), tuple(sorted(of_line))


@dataclass(slots=True, kw_only=True)
class Memory:
    """The verdicts of sets of one structure by pattern, kept as long as the process lives."""

    hidden_by: Mapping[str, frozenset[str]]
    verdicts: dict[bytes, Verdict | None] = field(default_factory=dict)
    alike: dict[tuple[object, ...], Verdict] = field(default_factory=dict)
    all: list[Verdict] = field(default_factory=list)

    def of(self, decision: Decision, rules: JudgedSet) -> Verdict:
        """The verdict that a decision stands for; the same one for the same."""
        causes, obstacles = _causes(decision), _obstacles(decision, rules)
        codes = tuple(dict.fromkeys(finding.code for finding in decision.findings))
        key = (decision.outcome, codes, causes, obstacles, decision.posted_by)
        known = self.alike.get(key)
        if known is None:
            known = Verdict(
                number=len(self.all),
                outcome=decision.outcome,
                codes=codes,
                causes=causes,
                obstacles=obstacles,
                posted_by=decision.posted_by,
            )
            self.alike[key] = known
            self.all.append(known)
        return known


class Memories:
    """The memory of each structure."""

    def __init__(self) -> None:
        self._known: dict[Structure, Memory] = {}

    def of(self, rules: JudgedSet) -> Memory:
        """The memory of the sets that decide like this one."""
        known = self._known.get(rules.structure)
        if known is None:
            hidden_by = suppressors(rules.effective.taxonomy)
            known = self._known[rules.structure] = Memory(hidden_by=hidden_by)
        return known


class Judge:
    """Decides the documents of one batch.

    Args:
        batch: What is decided.
        questions: Where the sets' questions come from.
        asked: For each question (by number) the rows whose customer asks it.
    """

    def __init__(
        self, batch: PastBatch, questions: Questions, asked: Mapping[int, Sequence[slice]]
    ) -> None:
        self._batch = batch
        self._vectors = Vectors(batch, questions)
        self._asked = asked
        self._truths: dict[int, Truths] = {}
        self._open_date: Truths | None = None

    def truths(self, question: Question | None, rows: slice) -> Truths:
        """How a condition comes out for some rows; asked once for all rows that ask it."""
        if question is None:
            return np.full(rows.stop - rows.start, 2, dtype=np.uint8)
        known = self._truths.get(question.number)
        if known is None:
            known = self._vectors.truths(question, self._asked[question.number])
            self._truths[question.number] = known
        return known[rows]

    def pattern(self, rules: JudgedSet, rows: slice) -> npt.NDArray[np.uint8]:
        """How every rule comes out, and what else an outcome depends on; one row a document."""
        days, day = self._batch.days
        columns: list[Truths] = []
        more: list[Truths] = []
        for asked in rules.rules:
            truths = self.truths(asked.question, rows)
            rule = asked.part.rule
            if rule.valid_from is not None or rule.valid_to is not None:
                in_force = np.array([rule.in_force(one) for one in days], dtype=np.uint8)
                truths = truths * in_force[day[rows]]
            columns.append(truths)
            if asked.part.dispensation is not None:
                given = np.array([asked.part.dispensed(one) is not None for one in days])
                more.append(given.astype(np.uint8)[day[rows]])
                if asked.part.dispensation.action is not None:
                    more.append(self._has_open_date()[rows])
        if not columns:
            return np.zeros((rows.stop - rows.start, 1), dtype=np.uint8)
        return np.stack([*columns, *more], axis=1)

    def verdicts(self, rules: JudgedSet, rows: slice, memory: Memory) -> list[Verdict]:
        """The verdict on each document of some rows."""
        pattern = self.pattern(rules, rows)
        width = pattern.shape[1]
        text = pattern.tobytes()
        found: list[Verdict] = []
        known = memory.verdicts
        for place in range(rows.stop - rows.start):
            key = text[place * width : (place + 1) * width]
            verdict = known.get(key, _NEW)
            if verdict is None or verdict is _NEW:
                verdict = self._decide(rules, rows.start + place, key, memory)
            found.append(verdict)
        return found

    def values(self, rules: JudgedSet, row: int) -> tuple[FieldValues, date]:
        """What a set needs to decide one document, and the day of its decision."""
        days, day = self._batch.days
        return self._batch.values(row, rules.fields, rules.line_fields), days[day[row]]

    def _decide(self, rules: JudgedSet, row: int, key: bytes, memory: Memory) -> Verdict:
        values, day = self.values(rules, row)
        decision = rules.decide(values, day)
        verdict = memory.of(decision, rules)
        certain = not _depends_on_lines(decision, rules, memory.hidden_by)
        memory.verdicts[key] = verdict if certain else None
        return verdict

    def _has_open_date(self) -> Truths:
        if self._open_date is None:
            column = self._batch.column(NEXT_OPEN_DATE)
            self._open_date = (column.codes > 1).astype(np.uint8)
        return self._open_date


_NEW: Final = Verdict(
    number=-1, outcome=Outcome.HOLD, codes=(), causes=(), obstacles=(), posted_by=()
)


def asked_by(
    places: Mapping[str, slice], sets: Mapping[str, Sequence[JudgedSet]]
) -> dict[int, list[slice]]:
    """For each question the rows (by customer) of the customers whose sets ask it."""
    found: dict[int, list[slice]] = {}
    for customer, rows in places.items():
        numbers = {
            rule.question.number
            for one in sets.get(customer, ())
            for rule in one.rules
            if rule.question is not None
        }
        for number in numbers:
            found.setdefault(number, []).append(rows)
    return found


def _causes(decision: Decision) -> tuple[str, ...]:
    """The rules behind the findings that stand; `cannot-check` names every rule that it stops."""
    found: dict[str, None] = {}
    for finding in decision.findings:
        names = finding.expected.split(", ") if finding.code == CANNOT_CHECK else [finding.rule]
        found.update((name, None) for name in names if name)
    return tuple(found)


def _obstacles(decision: Decision, rules: JudgedSet) -> tuple[str, ...]:
    stands = {asked.part.rule.id: asked.part for asked in rules.rules}
    noted = {note.rule for note in decision.notes}
    found = []
    for result in decision.results:
        part = stands.get(result.rule)
        if part is None or not part.rule.blocking or result.truth is Truth.FALSE:
            continue
        given = part.dispensed(decision.decided_on)
        moved = given is not None and result.rule in noted
        if not moved and (given is None or given.action is not None):
            found.append(result.rule)
    return tuple(found)


def _depends_on_lines(
    decision: Decision, rules: JudgedSet, hidden_by: Mapping[str, frozenset[str]]
) -> bool:
    """Whether documents of the same pattern may differ: by which lines their findings name."""
    of_lines = {asked.part.rule.id for asked in rules.rules if asked.over_lines}
    named = [f for f in (*decision.findings, *decision.suppressed) if f.rule in of_lines]
    codes = {finding.code for finding in named}
    if len(codes) < 2:  # noqa: PLR2004 - one explains another
        return False
    return any(codes & hidden_by.get(code, _NO_CODES) for code in codes)
