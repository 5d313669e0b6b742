"""Rules and dispensations of a set that end by themselves, for people to see."""

from __future__ import annotations

from robot.domain.decision import RuleSet
from robot.flow.year_end import DatedRule
from robot.rulebook.ruleset import CompiledRuleSet


def dated_rules(rule_set: RuleSet) -> list[DatedRule]:
    """The customer's own rules with a first or last day, and all its dispensations."""
    if not isinstance(rule_set, CompiledRuleSet):
        return []
    customer = rule_set.customer.bogfoeringskreds
    found = []
    for effective in rule_set.effective.rules:
        rule, given = effective.rule, effective.dispensation
        if not effective.standard and (rule.valid_from or rule.valid_to):
            found.append(
                DatedRule(
                    customer=customer,
                    rule=rule.id,
                    why=rule.why,
                    first=rule.valid_from,
                    last=rule.valid_to,
                )
            )
        if given is not None:
            found.append(
                DatedRule(
                    customer=customer,
                    rule=rule.id,
                    why=given.why,
                    first=given.valid_from,
                    last=given.valid_to,
                    dispensation=True,
                )
            )
    return found
