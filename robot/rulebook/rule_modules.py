"""Modules of generated code: all rules of a set in one function, or in two, one of them shared."""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias
from weakref import WeakValueDictionary

from robot.domain.fields import FieldValues
from robot.rulebook.code_parts import RUNTIME, WALK, Constants, Scope
from robot.rulebook.conditions import Condition
from robot.rulebook.emission import Emitter
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList

#: Indexes of the rules that hold, and of those that are unknown, in the set's order.
Evaluation: TypeAlias = tuple[list[int], list[int]]
Evaluate: TypeAlias = Callable[[FieldValues], Evaluation]
#: Days for which the bound function is kept; a run has one, a backtest goes day by day.
_DAYS_KEPT: Final = 32
#: A rule with its place in the set.
_Placed: TypeAlias = tuple[int, Rule]


@dataclass(slots=True)
class Module:
    """A generated function with its constants, bound to days, and the walks that it calls."""

    function: str
    code: types.CodeType
    constants: Constants
    walks: dict[str, _Walk]
    days: dict[date | None, dict[str, Any]]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of the walks and of the function, each compiled by itself."""
        return (*(walk.source for walk in self.walks.values()), self.function)

    @property
    def source(self) -> str:
        """Everything in one text, for those who want to see it."""
        named = [
            walk.source.replace(f"def {WALK}(", f"def {name}(", 1)
            for name, walk in self.walks.items()
        ]
        return "\n\n".join([*named, self.function])

    def on(self, today: date) -> dict[str, Any]:
        """The module's names on a day."""
        day = today if self.constants.dated else None
        bound = self.days.get(day)
        if bound is None:
            bound = {**RUNTIME, **self.constants.on(today)}
            bound.update({name: walk.run for name, walk in self.walks.items()})
            _define(self.code, bound)
            if len(self.days) >= _DAYS_KEPT:
                oldest, *_ = self.days
                self.days.pop(oldest, None)
            self.days[day] = bound
        return bound


class _Walk:
    """A walk over lines, compiled. It has no constants of its own, so any module can call it."""

    def __init__(self, source: str) -> None:
        self.source = source
        names = dict(RUNTIME)
        _define(compile(source, "<rules>", "exec"), names)
        self.run = names[WALK]


#: By their source; a walk goes with the last module that calls it.
_WALKS: Final[WeakValueDictionary[str, _Walk]] = WeakValueDictionary()


def _walk(source: str) -> _Walk:
    known = _WALKS.get(source)
    if known is None:
        known = _WALKS[source] = _Walk(source)
    return known


def _define(code: types.CodeType, names: dict[str, Any]) -> None:
    exec(code, names)  # noqa: S102 - the source is made here, from names made here


def whole_module(rules: Sequence[Rule], lists: Mapping[str, ValueList]) -> Module:
    """All rules in one function, which fetches each field once."""
    return _rules_module(list(enumerate(rules)), lists, whole=True)


def part_module(part: Condition, lists: Mapping[str, ValueList]) -> Module:
    """One part of a condition, asked of a document and a line."""
    emitter = Emitter(lists)
    line = Scope(emitter.constants, "l")
    pair = emitter.pair(part, line)
    body = [
        *line.fetch("l"),
        f"if {pair.certain}: return True",
        f"return None if {pair.possible} else False",
    ]
    return _module(emitter, "def run(f, l):", body)


class RulesInParts:
    """The rules of a set in two functions: what other sets have too, and what they have not."""

    def __init__(
        self, rules: Sequence[Rule], lists: Mapping[str, ValueList], usual: Collection[int]
    ) -> None:
        self._shared = _shared([(place, rules[place]) for place in sorted(usual)], lists)
        own = [(place, rule) for place, rule in enumerate(rules) if place not in usual]
        self._own = _rules_module(own, lists, whole=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """The generated sources of the shared rules, and of the others."""
        return (*self._shared.module.sources, *self._own.sources)

    def on(self, today: date) -> Evaluate:
        """The evaluation on a day."""
        shared: Any = self._shared.module.on(today)["run"]
        own: Any = self._own.on(today)["run"]

        def run(values: FieldValues) -> Evaluation:
            true: list[int] = []
            unknown: list[int] = []
            shared(values, true, unknown)
            own(values, true, unknown)
            true.sort()
            unknown.sort()
            return true, unknown

        return run


class _Shared:
    """A module for all sets that have the same rules in the same places, with the same lists.

    It keeps what it was made from, so that nothing else can get its identity.
    """

    def __init__(self, rules: Sequence[_Placed], lists: Mapping[str, ValueList]) -> None:
        self.made_from = (rules, lists)
        self.module = _rules_module(rules, lists, whole=False)


#: By the identity of the rules and lists; a module goes with the last set that uses it.
_SHARED: Final[WeakValueDictionary[tuple[int, ...], _Shared]] = WeakValueDictionary()


def _shared(rules: Sequence[_Placed], lists: Mapping[str, ValueList]) -> _Shared:
    used = {name: lists[name] for _, rule in rules for name in rule.lists}
    key = (
        *(number for place, rule in rules for number in (place, id(rule))),
        *(id(used[name]) for name in sorted(used)),
    )
    known = _SHARED.get(key)
    if known is None:
        known = _SHARED[key] = _Shared(rules, used)
    return known


def _rules_module(
    rules: Sequence[_Placed], lists: Mapping[str, ValueList], *, whole: bool
) -> Module:
    emitter = Emitter(lists)
    head = "def run(f):" if whole else "def run(f, true, unknown):"
    body = ["true, unknown = [], []"] if whole else []
    for place, rule in rules:
        body += _rule_statements(place, rule, emitter)
    return _module(emitter, head, [*body, "return true, unknown"])


def _rule_statements(place: int, rule: Rule, emitter: Emitter) -> list[str]:
    condition = rule.condition
    guard = ""
    if rule.valid_from is not None or rule.valid_to is not None:
        guard = f"{emitter.constants.add_dated(rule.in_force)} and "
    if condition is None:
        return [f"if {guard}True: true.append({place})"]
    pair = emitter.pair(condition)
    return [
        f"if {guard}{pair.possible}:",
        f"    (true if {pair.sure} else unknown).append({place})",
    ]


def _module(emitter: Emitter, head: str, body: Sequence[str]) -> Module:
    function = emitter.function(head, body)
    return Module(
        function=function,
        code=compile(function, "<rules>", "exec"),
        constants=emitter.constants,
        walks={name: _walk(source) for source, name in emitter.walks.items()},
        days={},
    )
