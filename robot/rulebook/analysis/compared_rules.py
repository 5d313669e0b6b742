"""The rules of one set that are in force on one day, and what can be asked of several of them.

Each claim is proven on the sets of documents that the rules are about, and shown with a document
that the compiled rules confirm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from robot.domain.decision import Effect
from robot.rulebook.analysis.dodging import compatible_at_once, given_by
from robot.rulebook.analysis.formulas import Formula
from robot.rulebook.analysis.reasoning import (
    Example,
    Reasoner,
    impossible,
    scope_of,
    written_order,
)
from robot.rulebook.analysis.solver import OutOfBudgetError
from robot.rulebook.analysis.value_index import ValueIndex
from robot.rulebook.analysis.value_sets import Wanted
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule

DOES: Final = {
    Effect.POST: "posts",
    Effect.BOUNCE: "bounces",
    Effect.HOLD: "holds",
    Effect.NOTE: "notes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule in force.

    `fresh` rules are this customer's; of the others all is said already. `shared` ones are the
    standard's as it stands, the same object for every customer.
    """

    rule: Rule
    fresh: bool
    shared: bool = False
    #: The last day on which it certainly counts: it ends, or a dispensation begins.
    lasts: date | None = None
    #: Where a customer sets the values that make a standard rule its own.
    set_at: Position | None = None

    @property
    def at(self) -> Position:
        """Where to look: at the rule, or at what a customer makes of it."""
        return self.set_at or self.rule.at

    @property
    def named(self) -> str:
        """The rule with its place, for messages about another."""
        values = f", with the values of {self.set_at}" if self.set_at else ""
        return f"'{self.rule.id}' ({self.rule.at}{values})"

    @property
    def itself(self) -> str:
        """The rule as the subject of a message that stands at its place."""
        values = f" ({self.rule.at}) with these values" if self.set_at else ""
        return f"rule '{self.rule.id}'{values}"


class ComparedRules:
    """The rules that count on one day: neither dispensed from nor out of their dates.

    Args:
        candidates: The rules.
        reasoner: For the day and the customer's lists.
        today: The day on which this is asked, which may be earlier.
    """

    def __init__(
        self, candidates: Sequence[Candidate], reasoner: Reasoner, *, today: date
    ) -> None:
        self.candidates = candidates
        self.rules = [candidate.rule for candidate in candidates]
        self.reasoner = reasoner
        self._today = today
        self._shared = mask(i for i, one in enumerate(candidates) if one.shared)
        self.fresh = mask(i for i, one in enumerate(candidates) if one.fresh)
        self.scopes = [scope_of(rule, reasoner.scopes) for rule in self.rules]
        self.given = [
            given_by(self.formula(index, Wanted.TRUE)) for index in range(len(self.rules))
        ]
        self.index = ValueIndex(self.scopes, self.given)

    def with_effect(self, *effects: Effect) -> int:
        """The rules that do one of some things, as bits."""
        return mask(i for i, rule in enumerate(self.rules) if rule.effect in effects)

    def formula(self, index: int, wanted: Wanted) -> Formula:
        """A rule as it must come out."""
        shared = bool(self._shared >> index & 1)
        return self.reasoner.formula(self.rules[index], wanted, shared=shared)

    def implied(self, narrow: int, wides: Sequence[int]) -> bool:
        """Whether of every document that one rule is true of, one of the others is true."""
        positive = self.formula(narrow, Wanted.TRUE)
        negative = [self.formula(wide, Wanted.NOT_TRUE) for wide in wides]
        if len(negative) == 1 and compatible_at_once(positive, negative[0]):
            return False
        return impossible([positive, *negative])

    def stops(self, one: int, rule: int) -> bool:
        """Whether one rule is false of no document that another is true of."""
        return impossible([self.formula(rule, Wanted.TRUE), self.formula(one, Wanted.FALSE)])

    def span(self, rule: int, others: Sequence[int], wanted: Wanted) -> str | None:
        """When what others make of a rule is so, as the beginning of a message.

        Args:
            rule: The rule, which is true.
            others: The rules that can't all come out as `wanted` then.
            wanted: How they can't come out.

        Returns:
            Nothing when it is always so; None when one of the others ends before the rule, which
            is taken for meant.
        """
        last = self.rules[rule].valid_to
        ends = (self.candidates[other].lasts for other in others)
        if any(end is not None and (last is None or end < last) for end in ends):
            return None
        timeless = self.reasoner.timeless
        formulas = [timeless.of(self.rules[rule].condition, Wanted.TRUE)]
        formulas += [timeless.of(self.rules[other].condition, wanted) for other in others]
        if not impossible(formulas):
            return f"as lists and dates stand on {self.reasoner.day}, "
        begins = [day for one in others if (day := self.rules[one].valid_from) is not None]
        began = max(begins, default=self._today)
        own = self.rules[rule].valid_from
        if began <= self._today or (own is not None and own >= began):
            return ""
        return f"from {began} on, "

    def example(
        self, rule: int, others: Sequence[int], *, certain: bool = False
    ) -> Example | None:
        """A document of the rule that one of the others is about as well.

        Args:
            rule: The rule, which is true of the document.
            others: One of these is true of it, or is not false when that can't be.
            certain: One of the others must be true of it.
        """
        for other in others:
            for wanted in (Wanted.TRUE,) if certain else (Wanted.TRUE, Wanted.NOT_FALSE):
                formulas = [self.formula(rule, Wanted.TRUE), self.formula(other, wanted)]
                try:
                    model = self.reasoner.model(formulas)
                except OutOfBudgetError:
                    continue
                pair = [self.rules[rule], self.rules[other]]
                found = self.reasoner.example(pair, model, certain=wanted is Wanted.TRUE)
                if found is not None:
                    return found
        return None

    def later(self, one: int, other: int) -> int:
        """The rule that was written after the other: own rules after the standard's."""
        return max(one, other, key=lambda index: written_order(self.rules[index].at))

    def of_standard(self, index: int) -> bool:
        """Whether a rule is everybody's, so that no customer can change it."""
        return not written_order(self.rules[index].at)[0]

    def names(self, indices: Iterable[int]) -> str:
        """Rules with their places, for messages about another."""
        return " or ".join(self.candidates[index].named for index in indices)


def mask(indices: Iterable[int]) -> int:
    """Places as bits."""
    found = 0
    for index in indices:
        found |= 1 << index
    return found
