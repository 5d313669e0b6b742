"""A rule as read: condition, effect, reason, and what may be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from robot.domain.decision import Effect
from robot.rulebook.conditions import AllOf, Condition, FieldRef, Not, Value, names_in, substitute
from robot.rulebook.names import ParameterSpec
from robot.rulebook.problem import Position

_NONE: Final = frozenset[str]()


class Action(StrEnum):
    """What a dispensation may do to a rule besides switching it off."""

    MOVE_POSTING_DATE = "move-posting-date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `when` None holds always; `unless` is its exception.

    `seen` and `expected` are the fields whose values a finding shows; without them the first
    field of the condition and what it asks are shown.
    """

    id: str
    effect: Effect
    error_type: str | None = None
    why: str = ""
    when: Condition | None = None
    unless: Condition | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    mandatory: bool = False
    seen: FieldRef | None = None
    expected: FieldRef | None = None
    actions: tuple[Action, ...] = ()
    at: Position
    #: `when` and not `unless`; None when the rule always holds. Always the same object, since
    #: compiled parts are known by their identity.
    condition: Condition | None = field(init=False, repr=False, compare=False)
    #: The parameters and lists that the condition uses.
    parameters: frozenset[str] = field(init=False, repr=False, compare=False)
    lists: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        condition = self.when
        if self.unless is not None:
            exception = Not(part=self.unless)
            condition = exception if self.when is None else AllOf(parts=(self.when, exception))
        parameters, lists = (_NONE, _NONE) if condition is None else names_in(condition)
        object.__setattr__(self, "condition", condition)
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "lists", lists)

    @property
    def blocking(self) -> bool:
        """Whether the rule keeps a document from being posted when it holds."""
        return self.effect in {Effect.BOUNCE, Effect.HOLD}

    def filled(self, parameters: Mapping[str, ParameterSpec]) -> Rule:
        """The rule with values in the place of parameters; itself when it uses none.

        Raises:
            KeyError: A parameter is not there.
        """

        def values(name: str) -> tuple[Value, ...]:
            return parameters[name].values

        if not self.parameters:
            return self
        when = None if self.when is None else substitute(self.when, values)
        unless = None if self.unless is None else substitute(self.unless, values)
        return replace(self, when=when, unless=unless)

    def in_force(self, today: date) -> bool:
        """Whether the rule counts on a day."""
        return _within(today, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispensation:
    """A time-boxed relaxation of a standard rule. Without an action the rule is switched off."""

    rule: str
    action: Action | None
    valid_from: date | None = None
    valid_to: date
    why: str
    approved_by: str
    at: Position

    def in_force(self, today: date) -> bool:
        """Whether it counts on a day; `until` is its last day."""
        return _within(today, self.valid_from, self.valid_to)


def _within(today: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= today) and (last is None or today <= last)
