"""Rules and dispensations of a set that end by themselves, for people to see."""

from __future__ import annotations

from robot.domain.decision import RuleSet
from robot.flow.year_end import DatedRule
from robot.rulebook.rules import Dispensation, Rule
from robot.rulebook.ruleset import CompiledRuleSet


def dated_rules(rule_set: RuleSet) -> list[DatedRule]:
    """The customer's own rules with a first or last day, and all its dispensations."""
    if not isinstance(rule_set, CompiledRuleSet):
        return []
    dated: list[tuple[str, Rule | Dispensation]] = []
    for effective in (*rule_set.effective.rules, *rule_set.effective.repostings):
        rule, given = effective.rule, effective.dispensation
        if not effective.standard and (rule.valid_from or rule.valid_to):
            dated.append((rule.id, rule))
        if given is not None:
            dated.append((rule.id, given))
    return [
        DatedRule(
            customer=rule_set.customer.bogfoeringskreds,
            rule=name,
            why=it.why,
            first=it.valid_from,
            last=it.valid_to,
            dispensation=isinstance(it, Dispensation),
        )
        for name, it in dated
    ]
