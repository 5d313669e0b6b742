"""The conditions of many rule sets, each once, asked once for all that share it.

The compiled rules answer every question; what is remembered here is only that two are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from robot.domain.decision import Effect
from robot.domain.fields import UNKNOWN as NOT_KNOWN
from robot.domain.fields import FieldType, FieldValues
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    ListName,
    Literal,
    Not,
    SumLines,
    Test,
    lists_of,
    operands_of,
)
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator, Quantifier

FALSE: Final = 0
UNKNOWN: Final = 1
TRUE: Final = 2
#: What a list says, without where it says it.
Rows: TypeAlias = tuple[tuple[str, tuple[tuple[str, date | None, date | None], ...]], ...]
#: Answers a condition for field values on a day: FALSE, UNKNOWN or TRUE.
Ask: TypeAlias = Callable[[FieldValues, date], int]

_NOWHERE: Final = Position("", 0, 0)
_COUNTED: Final = FieldRef(key="counted", type=FieldType.FLAG, of_line=True)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A condition with the lists that it names; `number` is its own among all."""

    number: int
    condition: Condition
    lists: Mapping[str, ValueList]


class Questions:
    """All questions of a backtest."""

    def __init__(self) -> None:
        self._known: dict[tuple[Condition, Rows], Question] = {}
        #: Conditions live as long as their sets, and hashing a tree takes its time.
        self._by_identity: dict[tuple[int, Rows], tuple[Condition, Question]] = {}
        self._asked: dict[tuple[Condition, Rows], Ask] = {}

    def __len__(self) -> int:
        return len(self._known)

    def __getstate__(self) -> dict[tuple[Condition, Rows], Question]:
        return self._known

    def __setstate__(self, known: dict[tuple[Condition, Rows], Question]) -> None:
        self._known = known
        self._by_identity, self._asked = {}, {}

    def of(self, condition: Condition, lists: Mapping[str, ValueList]) -> Question:
        """The question for a condition; the same one for equal conditions and list rows."""
        used = {name: lists[name] for name in sorted(lists_of(condition))}
        rows = rows_of(used)
        known = self._by_identity.get((id(condition), rows))
        if known is not None:
            return known[1]
        bare = placeless(condition)
        question = self._known.get((bare, rows))
        if question is None:
            question = Question(len(self._known), bare, used)
            self._known[bare, rows] = question
        self._by_identity[id(condition), rows] = condition, question
        return question

    def asking(self, test: Test | SumLines, lists: Mapping[str, ValueList]) -> Ask:
        """What answers one test, or a sum, on given values: the compiled rules themselves.

        A test on a field of a line is asked about the only line of `lines`.
        """
        key = (test, rows_of({name: lists[name] for name in sorted(lists_of(test))}))
        ask = self._asked.get(key)
        if ask is None:
            ask = self._asked[key] = _ask(test, lists)
        return ask

    def counting(self, condition: CountLines) -> Callable[[int, int, int], int]:
        """What answers a count: of so many lines these surely meet it, and those may."""
        if condition.where is None:
            asked: CountLines = condition
        else:
            asked = replace(
                condition,
                where=Test(
                    field=_COUNTED, operator=Operator.IS, operands=(Literal(True),), at=_NOWHERE
                ),
            )
        ask = _ask(asked, {})

        def count(lines: int, certain: int, possible: int) -> int:
            states = [True] * certain + [NOT_KNOWN] * (possible - certain)
            states += [False] * (lines - possible)
            made = tuple({_COUNTED.key: state} for state in states)
            return ask({"lines": made}, date.min)

        return count


def dated(test: Test, lists: Mapping[str, ValueList]) -> bool:
    """Whether the answer depends on the day."""
    for operand in test.operands:
        if isinstance(operand, Literal) and isinstance(operand.value, RelativeDate | Window):
            return True
        if isinstance(operand, ListName) and lists[operand.name].dated:
            return True
    return False


def rows_of(lists: Mapping[str, ValueList]) -> Rows:
    """What lists say, comparable."""
    return tuple(
        (name, tuple((row.value, row.valid_from, row.valid_to) for row in values.rows))
        for name, values in lists.items()
    )


def placeless(condition: Condition) -> Condition:
    """The condition without where it stands, so that equal ones are equal."""
    if isinstance(condition, AllOf | AnyOf):
        return replace(condition, parts=tuple(map(placeless, condition.parts)))
    if isinstance(condition, Not):
        return replace(condition, part=placeless(condition.part))
    if isinstance(condition, ForLines):
        return replace(condition, part=placeless(condition.part), at=_NOWHERE)
    if isinstance(condition, CountLines | SumLines):
        where = None if condition.where is None else placeless(condition.where)
        bounds = tuple(replace(bound, at=_NOWHERE) for bound in condition.bounds)
        return replace(condition, where=where, bounds=bounds, at=_NOWHERE)
    return replace(condition, at=_NOWHERE)


def over_lines(condition: Condition) -> bool:
    """Whether a condition asks of lines anywhere, so that its findings may name some."""
    if isinstance(condition, AllOf | AnyOf):
        return any(map(over_lines, condition.parts))
    if isinstance(condition, Not):
        return over_lines(condition.part)
    return not isinstance(condition, Test)


def inputs_of(test: Test) -> tuple[FieldRef, ...]:
    """The fields that a test reads."""
    return (test.field, *(part for part in operands_of(test) if isinstance(part, FieldRef)))


def _ask(condition: Test | CountLines | SumLines, lists: Mapping[str, ValueList]) -> Ask:
    whole: Condition = condition
    if isinstance(condition, Test) and any(field.of_line for field in inputs_of(condition)):
        whole = ForLines(quantifier=Quantifier.ANY, part=condition, at=_NOWHERE)
    rule = Rule(id="asked", effect=Effect.NOTE, when=whole, at=_NOWHERE)
    compiled = Compiled([rule], lists)

    def ask(values: FieldValues, day: date) -> int:
        true, unknown = compiled.evaluate(values, day)
        return TRUE if true else UNKNOWN if unknown else FALSE

    return ask
