"""Rules that never have their way: everything they are about is stopped by other rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from robot.domain.decision import Effect
from robot.domain.taxonomy import ErrorClass, Taxonomy
from robot.rulebook.analysis.compared_rules import DOES, ComparedRules, mask
from robot.rulebook.analysis.dodging import Dodging
from robot.rulebook.analysis.reasoning import Example, core, impossible
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.analysis.solver import OutOfBudgetError
from robot.rulebook.analysis.value_index import places
from robot.rulebook.analysis.value_sets import Wanted
from robot.rulebook.taxonomy import suppressors

_IS: Final = {Effect.BOUNCE: "bounced", Effect.HOLD: "held"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cover:
    """The rules that together stop everything that one is about, with what shows it."""

    guilty: Sequence[int]
    #: They are true of all of it; else some is stopped because they can't be checked.
    certain: bool
    span: str
    example: Example


class CoveredRules:
    """Looks for post rules that never post, and for bouncing ones that never bounce."""

    def __init__(self, compared: ComparedRules, taxonomy: Taxonomy, remarks: Remarks) -> None:
        self._compared = compared
        self._rules = compared.rules
        self._remarks = remarks
        self._always = mask(i for i, rule in enumerate(self._rules) if rule.condition is None)
        self._blocking = compared.with_effect(Effect.BOUNCE, Effect.HOLD)
        self._holding = compared.with_effect(Effect.HOLD) & ~self._may_be_hidden(taxonomy)
        self._dodging: dict[int, Dodging] = {}

    def tell(self) -> set[int]:
        """Note them.

        Returns:
            Those that were noted.
        """
        told: set[int] = set()
        for index in places(self._compared.with_effect(Effect.POST)):
            cover = self._cover(index, self._blocking)
            if cover is not None:
                self._tell_of_post(index, cover)
                told.add(index)
        for index in places(self._compared.with_effect(Effect.BOUNCE) & self._compared.fresh):
            cover = self._cover(index, self._holding)
            if cover is not None:
                self._tell_of_bounce(index, cover)
                told.add(index)
        return told

    def _may_be_hidden(self, taxonomy: Taxonomy) -> int:
        """Rules that hold and whose finding a bounce explains away, so that it bounces."""
        hidden_by = suppressors(taxonomy)
        bounced = {rule.error_type for rule in self._rules if rule.effect is Effect.BOUNCE}
        found = 0
        for index, rule in enumerate(self._rules):
            code = rule.error_type or ""
            secure = code in taxonomy and taxonomy[code].error_class is ErrorClass.SECURITY
            if not secure and not bounced.isdisjoint(hidden_by.get(code, frozenset())):
                found |= 1 << index
        return found

    def _cover(self, rule: int, stopping: int) -> _Cover | None:
        compared = self._compared
        near = self._near(rule, stopping)
        fresh = compared.fresh
        if not fresh >> rule & 1 and not any(fresh >> one & 1 for one in near):
            return None
        positive = compared.formula(rule, Wanted.TRUE)
        asked, given = compared.scopes[rule].asked, compared.given[rule]
        dodging = self._dodges(stopping)
        negative = (compared.formula(one, Wanted.FALSE) for one in near)
        formulas = [positive, *(dodging.needed(one, asked, given) for one in negative)]
        try:
            if self._compared.reasoner.model(formulas) is not None:
                return None
        except OutOfBudgetError:
            # Too many to be seen together; one of them may do.
            near = [one for one in near if compared.stops(one, rule)][:1]
            formulas = [positive, *(compared.formula(one, Wanted.FALSE) for one in near)]
        if not near or impossible([positive]):
            return None
        guilty = [near[place - 1] for place in core(formulas, fixed=1) if place > 0]
        if not any(fresh >> one & 1 for one in (rule, *guilty)):
            return None
        span = compared.span(rule, guilty, Wanted.FALSE)
        example = None if span is None else compared.example(rule, guilty)
        if span is None or example is None:
            return None
        certain = compared.implied(rule, guilty)
        return _Cover(guilty=guilty, certain=certain, span=span, example=example)

    def _near(self, rule: int, stopping: int) -> list[int]:
        index = self._compared.index
        contested = index.asking(self._dodges(stopping).contested)
        near = index.may_meet(rule) | (index.sharing(rule) & contested) | self._always
        # The first ones are left out first where others do: those that end by themselves.
        return sorted(places(near & stopping), key=self._stays)

    def _stays(self, rule: int) -> bool:
        return self._compared.candidates[rule].lasts is None

    def _dodges(self, stopping: int) -> Dodging:
        """Made when it is needed first, once for the set."""
        found = self._dodging.get(stopping)
        if found is None:
            formulas = (self._compared.formula(one, Wanted.FALSE) for one in places(stopping))
            found = self._dodging[stopping] = Dodging(formulas)
        return found

    def _tell_of_post(self, post: int, cover: _Cover) -> None:
        compared, guilty = self._compared, cover.guilty
        itself = compared.candidates[post]
        if cover.certain and len(guilty) == 1 and compared.implied(guilty[0], [post]):
            self._tell_of_contradiction(post, guilty[0], cover)
            return
        if itself.fresh:
            at, related = itself.at, [compared.candidates[one].at for one in guilty]
            can = "can't post" if cover.span else "can never post"
            message = f"{itself.itself} {can}: {self._reason(cover)}"
            fix = self._fix(post, cover)
        else:
            new = next(one for one in guilty if compared.fresh >> one & 1)
            at, related = compared.candidates[new].at, [itself.at]
            message = self._leaves_nothing(new, post, cover)
            fix = f"narrow '{self._rules[new].id}' to what it is meant for"
        self._remarks.add(
            "never-posts",
            at,
            f"{cover.span}{message}",
            fix,
            related=tuple(related),
            example=cover.example,
        )

    def _leaves_nothing(self, new: int, post: int, cover: _Cover) -> str:
        compared = self._compared
        others = [one for one in cover.guilty if one != new]
        effects = [self._rules[one].effect for one in cover.guilty]
        does = " or ".join(dict.fromkeys(DOES[effect] for effect in effects))
        together = f"together with {compared.names(others)} it" if others else "it"
        return (
            f"{compared.candidates[new].itself} leaves {compared.candidates[post].named} nothing "
            f"to post: {together} {does} every document that the other is about"
            f"{_unchecked(cover)}"
        )

    def _fix(self, rule: int, cover: _Cover) -> str:
        """What can be done: a customer can't change the standard, but be let off some of it."""
        name = f"'{self._rules[rule].id}'"
        given = [one for one in cover.guilty if self._compared.of_standard(one)]
        if self._compared.of_standard(rule) or not given:
            others = " or ".join(f"'{self._rules[one].id}'" for one in cover.guilty)
            return f"narrow {others}, or remove {name}"
        mandatory = [self._rules[one].id for one in given if self._rules[one].mandatory]
        if mandatory:
            return f"remove {name}: '{mandatory[0]}' is mandatory"
        others = " or ".join(f"'{self._rules[one].id}'" for one in given)
        return f"remove {name}, or agree on a dispensation from {others}"

    def _tell_of_contradiction(self, post: int, other: int, cover: _Cover) -> None:
        one, two = self._compared.candidates[post], self._compared.candidates[other]
        later, earlier = (one, two) if self._compared.later(post, other) == post else (two, one)
        self._remarks.add(
            "rules-contradict",
            later.at,
            f"{cover.span}rules '{one.rule.id}' and '{two.rule.id}' contradict each other: they "
            f"are about the same documents, {one.named} posts and {two.named} "
            f"{DOES[two.rule.effect]}",
            "keep the one that is meant, or narrow one of them",
            related=(earlier.at,),
            example=cover.example,
        )

    def _tell_of_bounce(self, bounce: int, cover: _Cover) -> None:
        itself = self._compared.candidates[bounce]
        can = "can't bounce" if cover.span else "can never bounce"
        self._remarks.add(
            "never-bounces",
            itself.at,
            f"{cover.span}{itself.itself} {can}: {self._reason(cover)}",
            self._fix(bounce, cover),
            related=tuple(self._compared.candidates[one].at for one in cover.guilty),
            example=cover.example,
        )

    def _reason(self, cover: _Cover) -> str:
        rules = [self._rules[one] for one in cover.guilty]
        done = " or ".join(dict.fromkeys(_IS[rule.effect] for rule in rules))
        names = self._compared.names(cover.guilty)
        return f"every document that it is about is {done} by {names}{_unchecked(cover)}"


def _unchecked(cover: _Cover) -> str:
    return "" if cover.certain else ", since what can't be checked is held"
