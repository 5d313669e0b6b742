"""NAV's rules for dimensions, evaluated as its posting does (codeunit 408).

For an account and for the creditor the rows of its own number and those for the whole table (no
number) are evaluated independently: the specific row does not override the general one. A table
without a number in use is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from robot.domain.facts import Coding, Creditor, DimensionRule, ValuePosting
from robot.domain.fields import UNKNOWN, Unknown


@dataclass(slots=True, kw_only=True)
class DimensionProblems:
    """What is wrong with the dimensions of one row; every list is of names or `name=value`."""

    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    combination: list[str] = field(default_factory=list)


def _pair(name: str, value: str) -> str:
    return f"{name}={value}"


def _check_values(values: Mapping[str, str], coding: Coding, problems: DimensionProblems) -> None:
    for name, code in values.items():
        if name not in coding.dimensions:
            problems.unknown.append(name)
        elif name in coding.blocked_dimensions:
            problems.blocked.append(name)
        else:
            known = coding.values.get((name, code))
            if known is None:
                problems.unknown.append(_pair(name, code))
            elif known.blocked or not known.postable:
                problems.blocked.append(_pair(name, code))


def _check_rule(
    rule: DimensionRule, values: Mapping[str, str], problems: DimensionProblems
) -> None:
    name, value = rule.dimension, values.get(rule.dimension)
    if rule.needs_value:
        if value is None:
            if name not in problems.missing:
                problems.missing.append(name)
        elif rule.only_value is not None and value != rule.only_value:
            problems.wrong.append(_pair(name, value))
    elif value is not None:
        problems.wrong.append(_pair(name, value))


def _blocked_pairs(values: Mapping[str, str], coding: Coding) -> Iterator[str]:
    for one, other in combinations(sorted(values.items()), 2):
        if any(row.blocks(dict((one, other))) for row in coding.combinations):
            yield f"{_pair(*one)}, {_pair(*other)}"


def dimension_problems(
    account: str | None,
    values: Mapping[str, str],
    coding: Coding,
    creditor: Creditor | Unknown | None,
) -> DimensionProblems:
    """Everything that NAV would refuse in one row's dimensions.

    Args:
        account: The G/L account; without one its rules are skipped.
        values: Dimension -> value code, without empty values.
        coding: What the ERP allows.
        creditor: Its rules are those of the creditor that is paid (NAV: Pay-to); skipped when it
            is not there or not known.
    """
    problems = DimensionProblems()
    _check_values(values, coding, problems)
    paid = None
    if creditor is not None and not isinstance(creditor, Unknown):
        paid = creditor.pay_to or creditor.number
    for rule in coding.rules:
        if rule.binds(account, paid):
            _check_rule(rule, values, problems)
    if coding.combinations and len(values) > 1:
        problems.combination.extend(_blocked_pairs(values, coding))
    return problems


def hangs_on_creditor(coding: Coding, creditor: Creditor | Unknown | None) -> bool:
    """Whether rules of creditors exist while the creditor is not known."""
    return creditor is UNKNOWN and any(
        rule.table == "creditor" and rule.posting is not ValuePosting.FREE for rule in coding.rules
    )
