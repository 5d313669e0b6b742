"""The smallest sets of changes with which a document would have been posted.

The search is exact over the changes that it may make: fields are tried with every value at which
the rules' answers change, parameters, own limits and lists with the value that lets this document
past, and rules that may be passed over are switched off. It deepens by the number of changes. At
each step it takes a rule that still keeps the document back and tries every change that could be
part of an answer to it, so no smaller answer is missed. Each answer is proved by deciding anew
with the changed document under rules changed as their files would be.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Final

from robot.domain.decision import Effect, Outcome, Truth
from robot.domain.fields import FieldType, FieldValues
from robot.rulebook.compiler import compile_set
from robot.rulebook.decide import Decider
from robot.rulebook.explain.candidates import Candidates
from robot.rulebook.explain.changes import Change, FieldChange, rule_changes, with_fields
from robot.rulebook.explain.edited import edited_set
from robot.rulebook.explain.judging import Judge, State, Violation
from robot.rulebook.explain.moves import Moves
from robot.rulebook.loader import LoadedRules
from robot.rulebook.parts import SourcedRule

#: Fields that say what a document is; it would be another one with another value.
WHAT_IT_IS: Final = frozenset({"invoice.kind"})
_MOST_CHANGES: Final = 8
_MOST_ANSWERS: Final = 40
#: Values tried in one search; a real document takes a few hundred.
_MOST_TRIED: Final = 15_000
_ORDERED: Final = frozenset({FieldType.MONEY, FieldType.NUMBER, FieldType.DATE})
#: What identifies one try: each target with its new value.
_Key = frozenset[tuple[Hashable, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The smallest sets of changes, each of the same size; none when there is none that is known.

    `all_of_them` is false when there are more, or when the search was given up as too large;
    then `ruled_out` is the largest number of changes with which there is surely no answer.
    """

    sets: tuple[tuple[Change, ...], ...] = ()
    all_of_them: bool = True
    ruled_out: int = 0

    @property
    def size(self) -> int:
        """How many changes each takes."""
        return len(self.sets[0]) if self.sets else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """What would have let a document be posted: by any changes, or by one kind alone."""

    smallest: Answers
    by_document: Answers
    by_rules: Answers
    #: Rules that keep it back and that no change of the rules may pass over.
    not_by_rules: tuple[SourcedRule, ...]
    #: The customer is not known, so nothing is ever posted.
    nobody: bool = False


def why_not(
    loaded: LoadedRules,
    stem: str | None,
    values: FieldValues,
    today: date,
    *,
    fixed: Collection[str] = WHAT_IT_IS,
) -> WhyNot:
    """Find what would have let a document be posted.

    Args:
        loaded: The rules.
        stem: The customer file's name, None of nobody.
        values: The document's field values.
        today: The decision's day.
        fixed: Names of fields that stay as they are.

    Raises:
        KeyError: There is no such customer, or its rules can't be used.
    """
    loaded = loaded.met_by(values)
    judge = Judge(loaded, stem, today)
    guarded = tuple(
        violation.part
        for violation in judge.state(values).blocking()
        if judge.protected(violation.part)
    )
    if stem is None:
        empty = Answers()
        return WhyNot(
            smallest=empty, by_document=empty, by_rules=empty, not_by_rules=guarded, nobody=True
        )

    def found(*, of_fields: bool, of_rules: bool) -> Answers:
        moves = Moves(
            judge,
            Candidates(
                (part.rule for part in judge.rules), judge.effective.lists, loaded.fields, today
            ),
            fixed=fixed,
            of_fields=of_fields,
            of_rules=of_rules,
        )
        return _Search(judge, moves, values).answers()

    return WhyNot(
        smallest=found(of_fields=True, of_rules=True),
        by_document=found(of_fields=True, of_rules=False),
        by_rules=found(of_fields=False, of_rules=True),
        not_by_rules=guarded,
    )


class _OutOfStepsError(Exception):
    """The search is too large."""


@dataclass(slots=True)
class _Level:
    """What one depth of the search has found and seen."""

    found: dict[frozenset[Hashable], tuple[Change, ...]] = field(default_factory=dict)
    seen: set[tuple[int, _Key]] = field(default_factory=set)


class _Search:
    """Deepens by the number of changes until a depth has answers."""

    def __init__(self, judge: Judge, moves: Moves, values: FieldValues) -> None:
        self._judge = judge
        self._moves = moves
        self._values = values
        self._ways = tuple(
            part
            for part in judge.rules
            if part.rule.effect is Effect.POST
            and part.rule.in_force(judge.today)
            and part.effective.dispensed(judge.today) is None
        )

    def answers(self) -> Answers:
        """The smallest answers; the empty one when the document is posted as it is."""
        for depth in range(_MOST_CHANGES + 1) if self._ways else ():
            level = _Level()
            complete = True
            try:
                for way in self._ways:
                    self._deepen((), way, depth, level)
            except _OutOfStepsError:
                complete = False
            if level.found or not complete:
                found = self._least(level.found.values())
                proved = tuple(self._with_ranges(one) for one in found if self._proved(one))
                size = min(map(len, found), default=depth)
                complete = complete and size == depth
                return Answers(sets=proved, all_of_them=complete, ruled_out=min(size, depth) - 1)
        return Answers(ruled_out=_MOST_CHANGES)

    def _least(self, found: Iterable[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
        """The sets of the smallest size, after leaving out of each what it does without.

        One change may undo what another was needed for, so a part of a set can do.
        """
        needed = {frozenset(c.target for c in one): one for one in map(self._needed, found)}
        size = min(map(len, needed.values()), default=0)
        return [one for one in needed.values() if len(one) == size]

    def _needed(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        parts = (fewer for size in range(len(changes)) for fewer in combinations(changes, size))
        enough = (fewer for fewer in parts if self._judge.state(self._values, fewer).posts())
        return next(enough, changes)

    def _deepen(
        self, changes: tuple[Change, ...], way: SourcedRule, left: int, level: _Level
    ) -> None:
        key = (way.index, _key(changes))
        if key in level.seen:
            return
        level.seen.add(key)
        if self._moves.tries > _MOST_TRIED or len(level.found) >= _MOST_ANSWERS:
            raise _OutOfStepsError
        state = self._judge.state(self._values, changes)
        violations = list(self._violations(state, way))
        if not violations:
            level.found.setdefault(frozenset(change.target for change in changes), changes)
        elif left:
            self._branch(changes, state, violations, (way, left, level))

    def _branch(
        self,
        changes: tuple[Change, ...],
        state: State,
        violations: Sequence[Violation],
        rest: tuple[SourcedRule, int, _Level],
    ) -> None:
        way, left, level = rest
        taken = {change.target for change in changes}
        options = [
            [move for move in self._moves.of(state, violation) if move.target not in taken]
            for violation in violations
        ]
        if _at_least(options) > left:
            return
        for move in min(options, key=len):
            self._deepen((*changes, move), way, left - 1, level)

    def _violations(self, state: State, way: SourcedRule) -> Iterator[Violation]:
        yield from state.blocking()
        if not state.lets_through(way):
            yield Violation(way, Truth.TRUE)

    def _proved(self, changes: Sequence[Change]) -> bool:
        return posts(self._judge, self._values, changes)

    def _with_ranges(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return tuple(
            self._with_range(change, changes)
            if isinstance(change, FieldChange)
            and change.slot.field.type in _ORDERED
            and change.new is not None
            else change
            for change in changes
        )

    def _with_range(self, change: FieldChange, changes: tuple[Change, ...]) -> FieldChange:
        """How far the value may move with the other changes made."""
        others = tuple(other for other in changes if other is not change)
        state = self._judge.state(self._values, others)
        around = self._moves.tried(change.slot, state.values, change.new)
        place = around.index(change.new)

        def good(value: object) -> bool:
            return self._judge.state(self._values, (*others, replace(change, new=value))).posts()

        low = high = place
        while low and good(around[low - 1]):
            low -= 1
        while high + 1 < len(around) and good(around[high + 1]):
            high += 1
        return replace(
            change,
            low=around[low] if low else None,
            high=around[high] if high + 1 < len(around) else None,
            ranged=True,
        )


def posts(judge: Judge, values: FieldValues, changes: Sequence[Change]) -> bool:
    """Whether the changed document is posted under the changed rules, decided anew and in full."""
    if judge.stem is None:
        return False
    effective = edited_set(judge.loaded, judge.stem, rule_changes(changes), judge.today)
    decider = Decider(effective, compile_set(effective))
    decision = decider.decide(with_fields(values, changes), judge.today)
    return decision.outcome is Outcome.POST


def _key(changes: Sequence[Change]) -> _Key:
    return frozenset(
        (change.target, change.new if isinstance(change, FieldChange) else change)
        for change in changes
    )


def _at_least(options: Sequence[Sequence[Change]]) -> int:
    """How many changes are needed at the least: one for each rule that shares none."""
    used: set[Hashable] = set()
    needed = 0
    for moves in sorted(options, key=len):
        targets = {move.target for move in moves}
        if not targets:
            return _MOST_CHANGES + 1
        if not targets & used:
            used |= targets
            needed += 1
    return needed
