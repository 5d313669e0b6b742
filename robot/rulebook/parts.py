"""Parts of a rule by their address: the same in the file's form and with parameters filled in.

An address is `(0, …)` inside `when` and `(1, …)` inside `unless`, then the place of each child.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    ForLines,
    Not,
    Operand,
    SumLines,
    Test,
    children,
)
from robot.rulebook.effective import EffectiveRule
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.vocabulary import Operator

Address: TypeAlias = tuple[int, ...]
WHEN: Address = (0,)
UNLESS: Address = (1,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedRule:
    """A rule of an effective set, with its place there and as it stands in the file."""

    index: int
    effective: EffectiveRule
    source: Rule

    @property
    def rule(self) -> Rule:
        """The rule with its parameters filled in."""
        return self.effective.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """A test, or what is asked of a count or sum; `in_lines` when it is asked of single lines."""

    address: Address
    part: Test | CountLines | SumLines
    in_lines: bool

    @property
    def at(self) -> Position:
        """Where it stands."""
        return self.part.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One operator with what stands after it: of a test (`bound` 0), or one bound of a measure."""

    operator: Operator
    operands: tuple[Operand, ...]
    bound: int
    at: Position


def sourced(loaded: LoadedRules, stem: str | None) -> tuple[SourcedRule, ...]:
    """The effective rules of a customer, each with the rule that it was made from.

    Raises:
        KeyError: There is no such customer, or its rules can't be used.
    """
    written = {rule.id: rule for rule in loaded.standard.rules} if loaded.standard else {}
    if stem is not None:
        written |= {rule.id: rule for rule in loaded.customers[stem].rules}
    return tuple(
        SourcedRule(index=index, effective=part, source=written[part.rule.id])
        for index, part in enumerate(loaded.effective(stem).rules)
    )


def conditions_of(rule: Rule) -> Iterator[tuple[Address, Condition]]:
    """`when` and `unless`, as far as the rule has them."""
    if rule.when is not None:
        yield WHEN, rule.when
    if rule.unless is not None:
        yield UNLESS, rule.unless


def parts_of(rule: Rule) -> Iterator[tuple[Address, Condition, bool]]:
    """Every part with its address, and whether it is asked of single lines."""
    for address, condition in conditions_of(rule):
        yield from _below(address, condition, in_lines=False)


def atoms_of(rule: Rule) -> tuple[Atom, ...]:
    """The tests and measures of a rule, in the file's order."""
    return tuple(
        Atom(address=address, part=part, in_lines=in_lines)
        for address, part, in_lines in parts_of(rule)
        if isinstance(part, Test | CountLines | SumLines)
    )


def asked_by(part: Condition) -> tuple[Asked, ...]:
    """The operators of a test or measure."""
    if isinstance(part, Test):
        return (Asked(operator=part.operator, operands=part.operands, bound=0, at=part.at),)
    if isinstance(part, CountLines | SumLines):
        return tuple(
            Asked(operator=bound.operator, operands=bound.operands, bound=place, at=bound.at)
            for place, bound in enumerate(part.bounds)
        )
    return ()


def part_at(rule: Rule, address: Address) -> Condition:
    """The part at an address.

    Raises:
        LookupError: The rule has no such part.
    """
    part = rule.when if address[0] == WHEN[0] else rule.unless
    if part is None:
        raise LookupError(address)
    for place in address[1:]:
        part = children(part)[place]
    return part


def with_part(rule: Rule, address: Address, part: Condition | None) -> Rule:
    """The rule with another part at an address; None takes it out.

    What is emptied by that goes too: an `all_of` without parts, a `where`.
    """
    if address[0] == WHEN[0]:
        return replace(rule, when=_with(rule.when, address[1:], part))
    return replace(rule, unless=_with(rule.unless, address[1:], part))


def with_operands(part: Condition, bound: int, operands: tuple[Operand, ...]) -> Condition:
    """A test or measure with other operands after one of its operators."""
    return _asking(part, bound, operands=operands)


def with_operator(part: Condition, bound: int, operator: Operator) -> Condition:
    """A test or measure with another operator."""
    return _asking(part, bound, operator=operator)


def _asking(
    part: Condition,
    bound: int,
    *,
    operator: Operator | None = None,
    operands: tuple[Operand, ...] | None = None,
) -> Condition:
    if isinstance(part, Test):
        return replace(
            part,
            operator=part.operator if operator is None else operator,
            operands=part.operands if operands is None else operands,
        )
    if isinstance(part, CountLines | SumLines):
        old = part.bounds[bound]
        new = replace(
            old,
            operator=old.operator if operator is None else operator,
            operands=old.operands if operands is None else operands,
        )
        return replace(part, bounds=(*part.bounds[:bound], new, *part.bounds[bound + 1 :]))
    raise TypeError(part)


def _below(
    address: Address, condition: Condition, *, in_lines: bool
) -> Iterator[tuple[Address, Condition, bool]]:
    yield address, condition, in_lines
    inside = in_lines or isinstance(condition, ForLines | CountLines | SumLines)
    for place, child in enumerate(children(condition)):
        yield from _below((*address, place), child, in_lines=inside)


def _with(
    condition: Condition | None, address: Address, new: Condition | None
) -> Condition | None:
    if not address or condition is None:
        return new
    place, *rest = address
    if isinstance(condition, AllOf | AnyOf):
        child = _with(condition.parts[place], tuple(rest), new)
        kept = () if child is None else (child,)
        parts = (*condition.parts[:place], *kept, *condition.parts[place + 1 :])
        return replace(condition, parts=parts) if parts else None
    if isinstance(condition, Not | ForLines):
        child = _with(condition.part, tuple(rest), new)
        return None if child is None else replace(condition, part=child)
    if isinstance(condition, CountLines | SumLines):
        return replace(condition, where=_with(condition.where, tuple(rest), new))
    raise LookupError(address)
