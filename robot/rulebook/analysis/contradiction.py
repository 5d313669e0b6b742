"""Conditions that can never hold, or always do, whatever the day: nonsense that is an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.analysis.reasoning import conjuncts, core, impossible, in_words, place_of
from robot.rulebook.analysis.translation import Formulas
from robot.rulebook.analysis.value_sets import Moment, Wanted
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Not,
    SumLines,
    Test,
    walk,
)
from robot.rulebook.names import Fields
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.vocabulary import Operator

#: One such test can be nonsense alone; all others need a second one on the same field.
_ALONE: Final = frozenset({Operator.BETWEEN, Operator.IN_LIST})
#: Fields of which one test says something about others, or leaves no choice.
_RARE: Final = frozenset({FieldType.CHOICE, FieldType.LINES})
_LISTED: Final = frozenset({Operator.IN_LIST, Operator.NOT_IN_LIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonsense:
    """A condition that is never or always so, with what shows it."""

    always: bool
    #: Not the whole rule, but one of several ways to meet it.
    in_part: bool
    at: Position
    words: str
    #: What to do about it, where that is plain.
    fix: str = ""


class Contradictions:
    """Looks for nonsense in rules, for one moment or for every day."""

    def __init__(self, fields: Fields, moment: Moment | None = None) -> None:
        self._formulas = Formulas(fields, moment or Moment(day=None, lists={}))

    def of(self, rule: Rule) -> Iterator[Nonsense]:
        """What is nonsense in a rule; nothing more when the rule itself can never hold."""
        condition = rule.condition if may_be_nonsense(rule) else None
        if condition is None:
            return
        found = self._never(condition, in_part=False)
        if found is not None:
            yield found
            return
        if rule.when is not None and self._is_impossible(rule.when, Wanted.FALSE):
            yield _always(rule.when, rule.at)
            return
        for part in conjuncts(condition):
            yield from self._inside(part)

    def _inside(self, part: Condition) -> Iterator[Nonsense]:
        if isinstance(part, Not):
            yield from self._inside(part.part)
        elif isinstance(part, AnyOf):
            at = place_of(part)
            if at is not None and self._is_impossible(part, Wanted.FALSE):
                yield _always(part, at)
                return
            for one in part.parts:
                yield from self._alternative(one)
        elif isinstance(part, AllOf):
            yield from self._alternative(part)
        elif isinstance(part, ForLines):
            yield from self._alternative(part.part)
        elif isinstance(part, CountLines | SumLines) and part.where is not None:
            yield from self._alternative(part.where)

    def _alternative(self, part: Condition) -> Iterator[Nonsense]:
        found = self._never(part, in_part=True)
        if found is not None:
            yield found
            return
        for inner in conjuncts(part):
            yield from self._inside(inner)

    def _is_impossible(self, condition: Condition, wanted: Wanted) -> bool:
        return impossible([self._formulas.of(condition, wanted)])

    def _never(self, condition: Condition, *, in_part: bool) -> Nonsense | None:
        parts = list(conjuncts(condition))
        formulas = [self._formulas.of(part, Wanted.TRUE) for part in parts]
        if not impossible(formulas):
            return None
        clashing = [parts[place] for place in core(formulas)]
        if len(clashing) == 1 and isinstance(clashing[0], ForLines):
            # What clashes is asked of one line.
            inside = self._never(clashing[0].part, in_part=in_part)
            if inside is not None:
                return inside
        places = [at for part in clashing if (at := place_of(part)) is not None]
        if not places:
            return None
        at = max(places)
        words = " and ".join(f"'{in_words(part)}'{_on_line(part, at)}" for part in clashing)
        return Nonsense(always=False, in_part=in_part, at=at, words=words, fix=_fix(clashing))


def _on_line(condition: Condition, at: Position) -> str:
    """Where a condition stands, when not where the message points at."""
    place = place_of(condition)
    return "" if place is None or place.line == at.line else f" (line {place.line})"


def _fix(clashing: Sequence[Condition]) -> str:
    """Two demands on one field are often meant as alternatives."""
    tests = [part for part in clashing if isinstance(part, Test)]
    if len(tests) == len(clashing) == 1 and tests[0].field.type is FieldType.NUMBER:
        return f"'{tests[0].field.name}' is a whole number"
    alike = len({test.field for test in tests}) == 1 and len(tests) == len(clashing) > 1
    return "if one of them is enough, put them under 'any_of'" if alike else ""


def _always(condition: Condition, at: Position) -> Nonsense:
    return Nonsense(
        always=True, in_part=False, at=place_of(condition) or at, words=f"'{in_words(condition)}'"
    )


def depends_on_day(condition: Condition) -> bool:
    """Whether what a condition asks for changes from day to day: lists, and dates."""
    return any(
        isinstance(part, Test) and (part.field.type is FieldType.DATE or part.operator in _LISTED)
        for part in walk(condition)
    )


def _is_number(test: Test) -> bool:
    """Whether a test asks for one number, which a count may never be."""
    return test.operator is Operator.IS and test.field.type is FieldType.NUMBER


def may_be_nonsense(rule: Rule) -> bool:
    """Whether a field is asked about twice, or something can be nonsense by itself.

    Asked of every rule at each load, so it makes short work of the usual ones.
    """
    seen: set[str] = set()
    waiting: list[Condition | None] = [rule.when, rule.unless]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Test):
            names = {part.field.name, *(o.name for o in part.operands if isinstance(o, FieldRef))}
            alone = part.operator in _ALONE or part.field.type in _RARE or _is_number(part)
            if alone or not seen.isdisjoint(names):
                return True
            seen |= names
        elif isinstance(part, AllOf | AnyOf):
            waiting.extend(part.parts)
        elif isinstance(part, Not | ForLines):
            waiting.append(part.part)
        elif part is not None:
            return True
    return False
