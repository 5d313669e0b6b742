"""Compiles an effective rule set to Python: what runs live, in tests and in backtests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias, cast

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN, FieldValues, LineValues
from robot.rulebook.conditions import LINES, Condition
from robot.rulebook.effective import EffectiveSet
from robot.rulebook.rule_modules import (
    Evaluate,
    Evaluation,
    Module,
    RulesInParts,
    part_module,
    whole_module,
)
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList

TruthOf: TypeAlias = Callable[[FieldValues, LineValues | None], bool | None]
#: Documents after which it pays to compile a set as a whole.
_TRIED: Final = 200
_TRUTH: Final[Mapping[bool | None, Truth]] = {
    True: Truth.TRUE,
    False: Truth.FALSE,
    None: Truth.UNKNOWN,
}


class Compiled:
    """The compiled rules of one set. Compiling waits until the first document is decided.

    Values are of the type of their field. A document's value of another type is unknown.

    Rules that other sets have too are compiled once for all of them, apart from the set's own.
    A set that decides many documents is compiled again as a whole, which is faster to run.

    Args:
        rules: The rules.
        lists: The lists that they use.
        usual: Indexes of the rules that other sets are likely to have too.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        lists: Mapping[str, ValueList],
        usual: Collection[int] = (),
    ) -> None:
        self.rules = tuple(rules)
        self._lists = lists
        self._usual = frozenset(usual)
        self._whole: Module | None = None
        self._in_parts: RulesInParts | None = None
        self._day: date | None = None
        self._run: Evaluate | None = None
        self._asked = 0
        #: By identity, since hashing a tree takes its time; the part is kept, so that no other
        #: one can get its identity.
        self._parts: dict[int, tuple[Condition, Module]] = {}

    def evaluate(self, values: FieldValues, today: date) -> Evaluation:
        """Which rules hold and which are unknown.

        Fields of the catalogue that `values` does not have count as unknown.
        """
        run = self._run
        if run is None or today is not self._day:
            run = self._bound(today)
        try:
            return run(values)
        except KeyError:
            return run(_completed(values))

    def source(self) -> str:
        """The generated source of the whole set, for those who want to see it."""
        return self._made_whole().source

    def sources(self) -> tuple[str, ...]:
        """The generated sources that decide the first documents, compiled by now."""
        return self._made_in_parts().sources if self._usual else self._made_whole().sources

    def truth(
        self, part: Condition, values: FieldValues, line: LineValues | None, today: date
    ) -> Truth:
        """How a part of a condition comes out, by the same generated code.

        `line` is the line that the part is asked about when it stands inside `lines`. The part
        must be one of this set's rules.
        """
        kept = self._parts.get(id(part))
        if kept is None:
            kept = self._parts[id(part)] = (part, part_module(part, self._lists))
        known: TruthOf = kept[1].on(today)["run"]
        try:
            return _TRUTH[known(values, line)]
        except KeyError:
            return _TRUTH[known(_completed(values), _known_line(line))]

    def _bound(self, today: date) -> Evaluate:
        if self._usual and self._whole is None and self._asked < _TRIED:
            run = self._counted(self._made_in_parts().on(today), today)
        else:
            run = self._made_whole().on(today)["run"]
        self._day, self._run = today, run
        return run

    def _counted(self, evaluate: Evaluate, today: date) -> Evaluate:
        def run(values: FieldValues) -> Evaluation:
            self._asked += 1
            if self._asked > _TRIED:
                return self._bound(today)(values)
            return evaluate(values)

        return run

    def _made_whole(self) -> Module:
        if self._whole is None:
            self._whole = whole_module(self.rules, self._lists)
            self._in_parts = None
        return self._whole

    def _made_in_parts(self) -> RulesInParts:
        if self._in_parts is None:
            self._in_parts = RulesInParts(self.rules, self._lists, self._usual)
        return self._in_parts


def compile_set(effective: EffectiveSet) -> Compiled:
    """The compiled form of an effective set; the code itself is made at the first decision."""
    return Compiled(
        [part.rule for part in effective.rules],
        effective.lists,
        [index for index, part in enumerate(effective.rules) if part.usual],
    )


class _Known(dict[str, object]):
    """Values in which every field that is not there is unknown."""

    def __missing__(self, key: str) -> object:
        return UNKNOWN


def _known_line(line: LineValues | None) -> LineValues | None:
    return None if line is None else cast(LineValues, _Known(line))


def _completed(values: FieldValues) -> FieldValues:
    completed = _Known(values)
    lines = values.get(LINES.key, UNKNOWN)
    if isinstance(lines, tuple | list):
        completed[LINES.key] = tuple(_Known(line) for line in lines)
    return cast(FieldValues, completed)
