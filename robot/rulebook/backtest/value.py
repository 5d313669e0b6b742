"""Opportunities ranked: by documents, and by the organisation's own formula F × U × V × S."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from robot.domain.taxonomy import ErrorClass, FixableBy, Taxonomy
from robot.rulebook.backtest.comparison import Tally
from robot.rulebook.backtest.obstacles import Freed, Kind, Obstacle, Obstacles, Search
from robot.rulebook.backtest.relaxing import LOWER, Relaxation
from robot.rulebook.rules import Rule

#: Shares of the documents for which a bound is proposed.
_SHARES: Final = (0.5, 0.8, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The parameters of the formula, from the settings `[value]`; every factor is 1 to `scale`."""

    scale: float
    importance: Mapping[str, float]
    importance_of_error_types: Mapping[str, float]
    synergy_step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessValue:
    """F × U × V × S with its factors.

    `importance`: by error type, or by who can remove the cause. `spread`: the share of customers
    that have the same obstacle. `weight`: minutes beside those of the weightiest opportunity.
    `synergy`: further opportunities of the customer that the same people can take away.
    """

    importance: float
    spread: float
    weight: float
    synergy: float

    @property
    def total(self) -> float:
        """The product."""
        return self.importance * self.spread * self.weight * self.synergy


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A bound that could be set instead, and how many documents it lets through."""

    value: Decimal
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """One obstacle, what its removal is worth and what it risks."""

    obstacle: Obstacle
    text: str
    fixable_by: FixableBy
    mandatory: bool
    security: bool
    documents: int
    amount: Decimal
    minutes: int
    #: Documents that a clerk let through as they were, and that were not right as they were.
    confirmed: int
    regretted: int
    #: Posted by the same rule (for a rule that blocks: by any), and of these regretted later.
    similar: Tally
    similar_regretted: Tally
    bounds: tuple[Bound, ...]
    parameter: str
    value: BusinessValue

    @property
    def can_be_relaxed(self) -> bool:
        """Whether it may be relaxed at all; what may not can still be met."""
        return not self.mandatory and not self.security

    @property
    def risk(self) -> float | None:
        """Of the documents whose fate is known, the share that was not right; None if unknown."""
        known = self.confirmed + self.regretted
        return self.regretted / known if known else None


def opportunities(
    found: Obstacles, search: Search, taxonomy: Taxonomy, weights: Weights
) -> list[Opportunity]:
    """All opportunities, the most valuable first."""
    minutes = {
        obstacle: freed.all.documents * _minutes(obstacle.code, taxonomy)
        for obstacle, freed in found.freed.items()
    }
    most = max(minutes.values(), default=1) or 1
    customers = len(found.not_posted.keys() | {kreds for kreds, _ in found.posted}) or 1
    spread = Counter(_place(obstacle) for obstacle in found.freed)
    fixers = Counter((o.customer, _fixable_by(o.code, taxonomy)) for o in found.freed)
    ranked = []
    for obstacle in found.freed:
        fixable_by = _fixable_by(obstacle.code, taxonomy)
        top = weights.scale - 1
        value = BusinessValue(
            importance=_importance(obstacle.code, fixable_by, weights),
            spread=1 + top * spread[_place(obstacle)] / customers,
            weight=1 + top * minutes[obstacle] / most,
            synergy=min(
                weights.scale,
                1 + weights.synergy_step * (fixers[obstacle.customer, fixable_by] - 1),
            ),
        )
        ranked.append(
            _opportunity(obstacle, found, search, taxonomy, minutes=minutes[obstacle], value=value)
        )
    return sorted(ranked, key=lambda one: (-one.value.total, -one.documents, one.obstacle))


def _opportunity(
    obstacle: Obstacle,
    found: Obstacles,
    search: Search,
    taxonomy: Taxonomy,
    *,
    minutes: int,
    value: BusinessValue,
) -> Opportunity:
    freed = found.freed[obstacle]
    relaxed = _relaxation(obstacle, search)
    similar = (obstacle.customer, obstacle.rule if obstacle.kind is Kind.CRITERION else "")
    rule = _rule(obstacle, search)
    return Opportunity(
        obstacle=obstacle,
        text=relaxed.text if relaxed else rule.why if rule else "",
        fixable_by=_fixable_by(obstacle.code, taxonomy),
        mandatory=obstacle.kind is Kind.RULE and rule is not None and rule.mandatory,
        security=_is_security(obstacle.code, taxonomy),
        documents=freed.all.documents,
        amount=freed.all.amount,
        minutes=minutes,
        confirmed=freed.confirmed,
        regretted=freed.regretted,
        similar=found.posted.get(similar, Tally()),
        similar_regretted=found.posted_and_regretted.get(similar, Tally()),
        bounds=_bounds(freed, relaxed),
        parameter=relaxed.parameter if relaxed else "",
        value=value,
    )


def _bounds(freed: Freed, relaxed: Relaxation | None) -> tuple[Bound, ...]:
    """The nearest bounds that let half, four fifths and all of the documents through."""
    known = [(bound, number) for bound, number in freed.bounds.items() if bound is not None]
    if not known or relaxed is None or relaxed.threshold is None:
        return ()
    # The bound in force lies on one side of all of them: the nearest come first.
    known.sort(reverse=relaxed.threshold.operator in LOWER)
    total = sum(number for _, number in known)
    found: list[Bound] = []
    documents = 0
    for bound, number in known:
        before, documents = documents, documents + number
        if any(before < share * total <= documents for share in _SHARES):
            found.append(Bound(value=bound, documents=documents))
    return tuple(found)


def _relaxation(obstacle: Obstacle, search: Search) -> Relaxation | None:
    if obstacle.kind is Kind.RULE:
        return None
    for relaxed in search.relaxations.get(obstacle.customer, ()):
        if (relaxed.rule, relaxed.number) == (obstacle.rule, obstacle.number):
            return relaxed
    return None


def _rule(obstacle: Obstacle, search: Search) -> Rule | None:
    rules = search.sets.get(obstacle.customer) or search.sets[""]
    found = (part.rule for part in rules.effective.rules if part.rule.id == obstacle.rule)
    return next(found, None)


def _place(obstacle: Obstacle) -> tuple[Kind, str, int]:
    """The same obstacle at every customer."""
    return obstacle.kind, obstacle.rule, obstacle.number


def _importance(code: str, fixable_by: FixableBy, weights: Weights) -> float:
    given = weights.importance_of_error_types.get(code, weights.importance.get(fixable_by.value))
    return min(max(1.0 if given is None else given, 1.0), weights.scale)


def _minutes(code: str, taxonomy: Taxonomy) -> int:
    return taxonomy[code].minutes if code in taxonomy else 0


def _fixable_by(code: str, taxonomy: Taxonomy) -> FixableBy:
    return taxonomy[code].fixable_by if code in taxonomy else FixableBy.SYSTEM_OWNER


def _is_security(code: str, taxonomy: Taxonomy) -> bool:
    return code in taxonomy and taxonomy[code].error_class is ErrorClass.SECURITY
