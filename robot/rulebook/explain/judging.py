"""How the rules of one customer come out on one document with some changes made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from robot.domain.decision import Effect, Truth
from robot.domain.fields import FieldValues, LineValues
from robot.domain.taxonomy import ErrorClass
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.conditions import Condition
from robot.rulebook.decide import NEXT_OPEN_DATE
from robot.rulebook.explain.changes import (
    Change,
    ListChange,
    LiteralChange,
    ParameterChange,
    RuleChange,
    SwitchOff,
    rule_changes,
    with_fields,
)
from robot.rulebook.explain.edited import edited_list, edited_rule, parameters_in_force
from robot.rulebook.loader import LoadedRules
from robot.rulebook.parts import SourcedRule, sourced
from robot.rulebook.rules import Rule

_OPPOSITE: Final = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}


class Judge:
    """Asks the compiled rules of one customer.

    Args:
        loaded: The rules.
        stem: The customer file's name, None of nobody.
        today: The decision's day.

    Raises:
        KeyError: There is no such customer, or its rules can't be used.
    """

    def __init__(self, loaded: LoadedRules, stem: str | None, today: date) -> None:
        self.loaded = loaded
        self.stem = stem
        self.today = today
        self.effective = loaded.effective(stem)
        self.rules = sourced(loaded, stem)
        self.parameters = parameters_in_force(loaded, stem)
        self._compiled = compile_set(self.effective)
        self._edited: dict[tuple[int, tuple[RuleChange, ...]], tuple[Rule, Compiled]] = {}

    @cached_property
    def fixed_names(self) -> frozenset[str]:
        """Parameters and lists that rules use which nobody may weaken."""
        names: set[str] = set()
        for part in self.rules:
            if self.protected(part):
                names |= _names(part.source)
        return frozenset(names)

    def protected(self, part: SourcedRule) -> bool:
        """Whether no change of the rules may let a document past this one."""
        rule = part.rule
        if rule.mandatory:
            return True
        taxonomy = self.effective.taxonomy
        return rule.error_type in taxonomy and (
            taxonomy[rule.error_type or ""].error_class is ErrorClass.SECURITY
        )

    def state(self, values: FieldValues, changes: Sequence[Change] = ()) -> State:
        """How the rules stand to a document with changes made."""
        return State(self, with_fields(values, changes), rule_changes(changes))

    def evaluated(
        self, values: FieldValues, changes: tuple[RuleChange, ...]
    ) -> Mapping[int, Truth]:
        """The rules that are true or unknown, by their place in the set."""
        true, unknown = self._compiled.evaluate(values, self.today)
        truths = dict.fromkeys(true, Truth.TRUE) | dict.fromkeys(unknown, Truth.UNKNOWN)
        for part in self.rules if changes else ():
            mine = _about(part, changes)
            if not mine:
                continue
            truths.pop(part.index, None)
            true, unknown = self.edited(part, mine)[1].evaluate(values, self.today)
            if true or unknown:
                truths[part.index] = Truth.TRUE if true else Truth.UNKNOWN
        return truths

    def truth(self, part: Condition, values: FieldValues, line: LineValues | None) -> Truth:
        """How a part of a rule comes out on a document."""
        return self._compiled.truth(part, values, line, self.today)

    def edited(self, part: SourcedRule, changes: tuple[RuleChange, ...]) -> tuple[Rule, Compiled]:
        """A rule with the changes that are about it, and its compiled form."""
        if not changes:
            return part.rule, self._compiled
        key = (part.index, changes)
        if key not in self._edited:
            rule = edited_rule(part, changes, self.parameters)
            lists = {
                name: edited_list(rows, changes) for name, rows in self.effective.lists.items()
            }
            self._edited[key] = (rule, Compiled([rule], lists))
        return self._edited[key]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that keeps the document from being posted, and how it must come out instead."""

    part: SourcedRule
    wanted: Truth


class State:
    """One document under one customer's rules, both perhaps changed."""

    def __init__(self, judge: Judge, values: FieldValues, changes: tuple[RuleChange, ...]) -> None:
        self._judge = judge
        self.values = values
        self._changes = changes
        self._off = frozenset(
            change.rule.index for change in changes if isinstance(change, SwitchOff)
        )

    @cached_property
    def truths(self) -> Mapping[int, Truth]:
        """The rules that are true or unknown, by their place in the set."""
        return self._judge.evaluated(self.values, self._changes)

    def looked_at(self, values: FieldValues) -> State:
        """The same rules and another document."""
        return State(self._judge, values, self._changes)

    def rule(self, part: SourcedRule) -> Rule:
        """A rule as it is changed."""
        return self._judge.edited(part, _about(part, self._changes))[0]

    def truth(
        self, part: SourcedRule, condition: Condition, line: LineValues | None = None
    ) -> Truth:
        """How a part of a (changed) rule comes out."""
        compiled = self._judge.edited(part, _about(part, self._changes))[1]
        return compiled.truth(condition, self.values, line, self._judge.today)

    def unedited(self, condition: Condition, line: LineValues | None = None) -> Truth:
        """How a part of any rule of the set comes out, without changes of the rules."""
        return self._judge.truth(condition, self.values, line)

    def blocking(self) -> Iterator[Violation]:
        """The rules that keep the document back."""
        for index, truth in self.truths.items():
            part = self._judge.rules[index]
            if self._blocks(part, truth):
                yield Violation(part, Truth.FALSE)

    def lets_through(self, part: SourcedRule) -> bool:
        """Whether a rule that posts does."""
        return (
            self.truths.get(part.index) is Truth.TRUE
            and part.effective.dispensed(self._judge.today) is None
        )

    def posts(self) -> bool:
        """Whether the document is posted."""
        return not any(True for _ in self.blocking()) and any(
            self.lets_through(part)
            for part in self._judge.rules
            if part.rule.effect is Effect.POST
        )

    def _blocks(self, part: SourcedRule, truth: Truth) -> bool:
        if not part.rule.blocking or part.index in self._off:
            return False
        dispensation = part.effective.dispensed(self._judge.today)
        if dispensation is None:
            return True
        if dispensation.action is None:
            return False
        moves = isinstance(self.values.get(NEXT_OPEN_DATE), date)
        return truth is Truth.UNKNOWN or not moves


def opposite(truth: Truth) -> Truth:
    """What the inside of a `not` must be."""
    return _OPPOSITE[truth]


def _about(part: SourcedRule, changes: tuple[RuleChange, ...]) -> tuple[RuleChange, ...]:
    """The changes that reach a rule's condition."""
    if not changes:
        return ()
    names = _names(part.source)
    return tuple(
        change
        for change in changes
        if (isinstance(change, ParameterChange) and change.old.name in names)
        or (isinstance(change, ListChange) and change.name in names)
        or (isinstance(change, LiteralChange) and change.rule.index == part.index)
    )


def _names(rule: Rule) -> frozenset[str]:
    return rule.parameters | rule.lists
