"""Compiles an effective rule set to Python: what runs live, in tests and in backtests."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias, cast

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN, FieldValues, LineValues
from robot.rulebook.code_parts import RUNTIME, Constants, Scope
from robot.rulebook.conditions import LINES, Condition
from robot.rulebook.effective import EffectiveSet
from robot.rulebook.emission import Emitter
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList

#: Indexes of the rules that hold, and of those that are unknown, in the set's order.
Evaluation: TypeAlias = tuple[list[int], list[int]]
Evaluate: TypeAlias = Callable[[FieldValues], Evaluation]
TruthOf: TypeAlias = Callable[[FieldValues, LineValues | None], bool | None]
#: Days for which the bound function is kept; a run has one, a backtest goes day by day.
_DAYS_KEPT: Final = 32
_TRUTH: Final[Mapping[bool | None, Truth]] = {
    True: Truth.TRUE,
    False: Truth.FALSE,
    None: Truth.UNKNOWN,
}


class Compiled:
    """The compiled rules of one set. Compiling waits until the first document is decided.

    Values are of the type of their field. A document's value of another type is unknown.
    """

    def __init__(self, rules: Sequence[Rule], lists: Mapping[str, ValueList]) -> None:
        self.rules = tuple(rules)
        self._lists = lists
        self._module: _Module | None = None
        self._day: date | None = None
        self._run: Evaluate | None = None
        #: By identity, since hashing a tree takes its time; the part is kept, so that no other
        #: one can get its identity.
        self._parts: dict[int, tuple[Condition, _Module]] = {}

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
        """The generated source, for those who want to see it."""
        return self._rules_module().source

    def truth(
        self, part: Condition, values: FieldValues, line: LineValues | None, today: date
    ) -> Truth:
        """How a part of a condition comes out, by the same generated code.

        `line` is the line that the part is asked about when it stands inside `lines`. The part
        must be one of this set's rules.
        """
        kept = self._parts.get(id(part))
        if kept is None:
            kept = self._parts[id(part)] = (part, _part_module(part, self._lists))
        known: TruthOf = kept[1].on(today)["run"]
        try:
            return _TRUTH[known(values, line)]
        except KeyError:
            return _TRUTH[known(_completed(values), _known_line(line))]

    def _bound(self, today: date) -> Evaluate:
        run: Evaluate = self._rules_module().on(today)["run"]
        self._day, self._run = today, run
        return run

    def _rules_module(self) -> _Module:
        if self._module is None:
            self._module = _rules_module(self.rules, self._lists)
        return self._module


def compile_set(effective: EffectiveSet) -> Compiled:
    """The compiled form of an effective set; the code itself is made at the first decision."""
    return Compiled([part.rule for part in effective.rules], effective.lists)


@dataclass(slots=True)
class _Module:
    """Generated code with its constants, bound to days."""

    source: str
    code: types.CodeType
    constants: Constants
    days: dict[date | None, dict[str, Any]]

    def on(self, today: date) -> dict[str, Any]:
        day = today if self.constants.dated else None
        bound = self.days.get(day)
        if bound is None:
            bound = {**RUNTIME, **self.constants.on(today)}
            exec(self.code, bound)  # noqa: S102 - the source is made here, from names made here
            if len(self.days) >= _DAYS_KEPT:
                self.days.pop(next(iter(self.days)))
            self.days[day] = bound
        return bound


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


def _rules_module(rules: Sequence[Rule], lists: Mapping[str, ValueList]) -> _Module:
    emitter = Emitter(lists)
    body = ["true, unknown = [], []"]
    for index, rule in enumerate(rules):
        body += _rule_statements(index, rule, emitter)
    return _module(emitter, "def run(f):", [*body, "return true, unknown"])


def _rule_statements(index: int, rule: Rule, emitter: Emitter) -> list[str]:
    condition = rule.condition
    guard = ""
    if rule.valid_from is not None or rule.valid_to is not None:
        guard = f"{emitter.constants.add_dated(rule.in_force)} and "
    if condition is None:
        return [f"if {guard}True: true.append({index})"]
    pair = emitter.pair(condition)
    return [
        f"if {guard}{pair.possible}:",
        f"    if {pair.certain}: true.append({index})",
        f"    else: unknown.append({index})",
    ]


def _part_module(part: Condition, lists: Mapping[str, ValueList]) -> _Module:
    emitter = Emitter(lists)
    line = Scope(emitter.constants, "l")
    pair = emitter.pair(part, line)
    body = [
        *line.fetch("l"),
        f"if {pair.certain}: return True",
        f"return None if {pair.possible} else False",
    ]
    return _module(emitter, "def run(f, l):", body)


def _module(emitter: Emitter, head: str, body: Sequence[str]) -> _Module:
    source = emitter.module(head, body)
    code = compile(source, "<rules>", "exec")
    return _Module(source=source, code=code, constants=emitter.constants, days={})
