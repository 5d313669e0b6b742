"""Rules that another rule makes useless, or that say the opposite of each other.

Each claim is proven on the sets of documents that the rules are about, and shown with a document
that the compiled rules confirm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from robot.domain.decision import Effect
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.analysis.dodging import Dodging, compatible_at_once, given_by
from robot.rulebook.analysis.formulas import Formula
from robot.rulebook.analysis.reasoning import (
    Example,
    Reasoner,
    core,
    scope_of,
    written_order,
)
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.analysis.solver import OutOfBudgetError
from robot.rulebook.analysis.value_index import ValueIndex, places
from robot.rulebook.analysis.value_sets import Wanted
from robot.rulebook.rules import Rule
from robot.rulebook.taxonomy import suppressors

_DOES: Final = {
    Effect.POST: "posts",
    Effect.BOUNCE: "bounces",
    Effect.HOLD: "holds",
    Effect.NOTE: "notes",
}
_IS: Final = {Effect.BOUNCE: "bounced", Effect.HOLD: "held"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule in force.

    `fresh` rules are this customer's; of the others all is said already. `shared` ones are the
    standard's as it stands, the same object for every customer.
    """

    rule: Rule
    fresh: bool
    shared: bool = False


class DeadRules:
    """Compares the rules of one set that are in force on one day.

    Args:
        candidates: The rules that count: neither dispensed from nor out of their dates.
        reasoner: For the day and the customer's lists.
        taxonomy: Says which findings hide others.
        remarks: Takes what is found.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        reasoner: Reasoner,
        taxonomy: Taxonomy,
        remarks: Remarks,
    ) -> None:
        self._rules = [candidate.rule for candidate in candidates]
        self._shared = _mask(i for i, one in enumerate(candidates) if one.shared)
        self._fresh = _mask(i for i, one in enumerate(candidates) if one.fresh)
        self._reasoner = reasoner
        self._hidden_by = suppressors(taxonomy)
        self._remarks = remarks
        self._blocking = _mask(i for i, rule in enumerate(self._rules) if rule.blocking)
        self._dodged: Dodging | None = None
        self._scopes = [scope_of(rule, reasoner.scopes) for rule in self._rules]
        self._given = [
            given_by(self._formula(index, Wanted.TRUE)) for index in range(len(self._rules))
        ]
        self._index = ValueIndex(self._scopes, self._given)

    def compare(self) -> None:
        """Note post rules that can never post, and rules that another makes useless."""
        told = {
            index
            for index, rule in enumerate(self._rules)
            if rule.effect is Effect.POST and self._never_posts(index)
        }
        for narrow, wide in self._pairs():
            if narrow not in told and self._useless(narrow, wide):
                told.add(narrow)

    def _formula(self, index: int, wanted: Wanted) -> Formula:
        shared = bool(self._shared >> index & 1)
        return self._reasoner.formula(self._rules[index], wanted, shared=shared)

    def _implied(self, narrow: int, wide: int) -> bool:
        """Whether every document that one rule is true of, the other is true of."""
        positive = self._formula(narrow, Wanted.TRUE)
        negative = self._formula(wide, Wanted.NOT_TRUE)
        if compatible_at_once(positive, negative):
            return False
        return self._reasoner.impossible([positive, negative])

    def _never_posts(self, post: int) -> bool:
        blocking = self._blocking_near(post)
        if not self._fresh >> post & 1 and not any(self._fresh >> one & 1 for one in blocking):
            return False
        positive = self._formula(post, Wanted.TRUE)
        asked = self._scopes[post].asked
        given = self._given[post]
        dodging = self._dodging()
        negative = (self._formula(one, Wanted.FALSE) for one in blocking)
        formulas = [positive, *(dodging.needed(one, asked, given) for one in negative)]
        if not self._reasoner.impossible(formulas) or self._reasoner.impossible([positive]):
            return False
        guilty = [blocking[place - 1] for place in core(formulas, fixed=1) if place > 0]
        if not any(self._fresh >> one & 1 for one in (post, *guilty)):
            return False
        example = self._example(post, guilty)
        if example is None:
            return False
        self._tell_of_post(post, guilty, example)
        return True

    def _dodging(self) -> Dodging:
        """Made when it is needed first, once for the set."""
        if self._dodged is None:
            self._dodged = Dodging(
                self._formula(index, Wanted.FALSE) for index in places(self._blocking)
            )
        return self._dodged

    def _blocking_near(self, post: int) -> list[int]:
        always = _mask(i for i, rule in enumerate(self._rules) if rule.condition is None)
        contested = self._index.asking(self._dodging().contested)
        near = self._index.may_meet(post) | (self._index.sharing(post) & contested) | always
        return list(places(near & self._blocking))

    def _tell_of_post(self, post: int, guilty: list[int], example: Example) -> None:
        rule, others = self._rules[post], [self._rules[one] for one in guilty]
        named = " or ".join(_named(other) for other in others)
        done = " or ".join(dict.fromkeys(_IS[other.effect] for other in others))
        reason = f"every document that it is about is {done} by {named}"
        if len(others) == 1 and self._implied(guilty[0], post):
            self._remarks.add(
                "rules-contradict",
                _later(rule, others[0]).at,
                f"rules '{rule.id}' and '{others[0].id}' contradict each other: they are about "
                f"the same documents, {_named(rule)} posts and {_named(others[0])} "
                f"{_DOES[others[0].effect]}",
                related=(rule.at, others[0].at),
                example=example,
            )
            return
        if self._fresh >> post & 1:
            at, related = rule.at, tuple(other.at for other in others)
            message = f"rule '{rule.id}' can never post: {reason}"
        else:
            new = next(self._rules[one] for one in guilty if self._fresh >> one & 1)
            at, related = new.at, (rule.at,)
            message = f"rule '{new.id}' leaves {_named(rule)} nothing to post: {reason}"
        self._remarks.add("never-posts", at, message, related=related, example=example)

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Rules (the narrower, the wider) of one effect of which one may imply the other."""
        alike: dict[tuple[Effect, str | None], int] = {}
        for index, rule in enumerate(self._rules):
            alike[_kind(rule)] = alike.get(_kind(rule), 0) | 1 << index
        bounces = _mask(i for i, rule in enumerate(self._rules) if rule.effect is Effect.BOUNCE)
        for wide, rule in enumerate(self._rules):
            narrow = alike[_kind(rule)] | (bounces if rule.effect is Effect.HOLD else 0)
            # What an own rule makes of a standard rule is the customer's business.
            narrow &= self._fresh & ~(1 << wide)
            if narrow:
                for place in places(narrow & self._index.may_imply(wide)):
                    yield place, wide

    def _useless(self, narrow: int, wide: int) -> bool:
        rule, other = self._rules[narrow], self._rules[wide]
        if _kind(rule) == _kind(other):
            return self._redundant(narrow, wide)
        hidden = self._hidden_by.get(other.error_type or "", frozenset())
        if rule.error_type in hidden or not self._implied(narrow, wide):
            return False
        return self._tell(
            "never-bounces",
            narrow,
            wide,
            f"rule '{rule.id}' can never bounce: every document that it is about is held by "
            f"{_named(other)}",
        )

    def _redundant(self, narrow: int, wide: int) -> bool:
        rule, other = self._rules[narrow], self._rules[wide]
        if not self._implied(narrow, wide):
            return False
        if rule.blocking and not self._reasoner.impossible(
            [self._formula(narrow, Wanted.NOT_FALSE), self._formula(wide, Wanted.FALSE)]
        ):
            return False
        if self._implied(wide, narrow):
            if _later(rule, other) is not rule:
                return False
            message = f"rule '{rule.id}' says the same as {_named(other)}"
        else:
            ending = ", with the same error type" if rule.error_type else ""
            message = (
                f"rule '{rule.id}' adds nothing: {_named(other)} {_DOES[rule.effect]} all of its "
                f"documents{ending}"
            )
        return self._tell("redundant-rule", narrow, wide, message)

    def _tell(self, code: str, narrow: int, wide: int, message: str) -> bool:
        example = self._example(narrow, [wide])
        if example is None:
            return False
        rule, other = self._rules[narrow], self._rules[wide]
        self._remarks.add(code, rule.at, message, related=(other.at,), example=example)
        return True

    def _example(self, rule: int, others: Sequence[int]) -> Example | None:
        """A document of the rule that one of the others is about as well."""
        for other in others:
            for wanted in (Wanted.TRUE, Wanted.NOT_FALSE):
                formulas = [self._formula(rule, Wanted.TRUE), self._formula(other, wanted)]
                try:
                    model = self._reasoner.model(formulas)
                except OutOfBudgetError:
                    continue
                pair = [self._rules[rule], self._rules[other]]
                example = self._reasoner.example(pair, model)
                if example is not None:
                    return example
        return None


def _mask(places: Iterator[int]) -> int:
    found = 0
    for place in places:
        found |= 1 << place
    return found


def _kind(rule: Rule) -> tuple[Effect, str | None]:
    return rule.effect, rule.error_type if rule.effect is not Effect.POST else None


def _named(rule: Rule) -> str:
    return f"'{rule.id}' ({rule.at})"


def _later(one: Rule, other: Rule) -> Rule:
    """The rule that was written after the other: own rules after the standard's."""
    return max(one, other, key=lambda rule: written_order(rule.at))
