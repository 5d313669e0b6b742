"""Rules with changes made: quickly for the search, and as files would make them to prove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from robot.rulebook.conditions import Literal, Value, substitute
from robot.rulebook.effective import EffectiveSet, effective_set
from robot.rulebook.explain.changes import (
    ListChange,
    LiteralChange,
    ParameterChange,
    RuleChange,
    SwitchOff,
)
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import ParameterSpec
from robot.rulebook.parts import SourcedRule, part_at, with_operands, with_part
from robot.rulebook.problem import Position
from robot.rulebook.rules import Dispensation, Rule
from robot.rulebook.value_lists import ListRow, ValueList

_NOWHERE = Position("", 0, 0)


def parameters_in_force(loaded: LoadedRules, stem: str | None) -> Mapping[str, ParameterSpec]:
    """The parameters of a customer: the standard's with its settings."""
    standard = loaded.standard.parameters if loaded.standard is not None else {}
    return {**standard, **(loaded.customers[stem].settings if stem is not None else {})}


def edited_rule(
    part: SourcedRule, changes: Sequence[RuleChange], parameters: Mapping[str, ParameterSpec]
) -> Rule:
    """A rule with literals changed, and parameters filled in as they are changed."""
    changed = {c.old.name: c.values for c in changes if isinstance(c, ParameterChange)}

    def values(name: str) -> tuple[Value, ...]:
        return changed.get(name, parameters[name].values)

    rule = part.source
    for change in changes:
        if isinstance(change, LiteralChange) and change.rule.rule.id == rule.id:
            rule = with_literal(rule, change)
    return replace(
        rule,
        when=None if rule.when is None else substitute(rule.when, values),
        unless=None if rule.unless is None else substitute(rule.unless, values),
    )


def with_literal(rule: Rule, change: LiteralChange) -> Rule:
    """A rule with one of its values changed."""
    part = part_at(rule, change.address)
    asked = part if hasattr(part, "operands") else part.bounds[change.bound]  # type: ignore[union-attr] # a test or a measure
    operands = list(asked.operands)
    operands[change.place] = Literal(change.new)
    return with_part(rule, change.address, with_operands(part, change.bound, tuple(operands)))


def edited_list(rows: ValueList, changes: Iterable[RuleChange]) -> ValueList:
    """A list with values put on it or taken off."""
    for change in changes:
        if isinstance(change, ListChange) and change.name == rows.name:
            kept = tuple(row for row in rows.rows if row.value != change.value)
            added = (ListRow(value=change.value, at=_NOWHERE),) if change.added else ()
            rows = replace(rows, rows=(*kept, *added))
    return rows


def edited_set(
    loaded: LoadedRules, stem: str, changes: Sequence[RuleChange], today: date
) -> EffectiveSet:
    """The effective set of a customer as it would be with the files changed.

    Raises:
        KeyError: There is no such customer, or its rules can't be used.
    """
    shared, file = loaded.shared, loaded.customers[stem]
    if shared is None or stem in loaded.broken:
        raise KeyError(stem)
    settings = dict(file.settings)
    dispensations, rules = list(file.dispensations), list(file.rules)
    for change in changes:
        if isinstance(change, ParameterChange):
            settings[change.old.name] = replace(change.old, values=change.values)
        elif isinstance(change, LiteralChange):
            rules = [
                with_literal(rule, change) if rule.id == change.rule.rule.id else rule
                for rule in rules
            ]
        elif isinstance(change, SwitchOff):
            off = change.rule.rule.id
            rules = [rule for rule in rules if rule.id != off]
            if change.rule.effective.standard:
                dispensations = [given for given in dispensations if given.rule != off]
                dispensations.append(_dispensation(off, today))
    own = {name: edited_list(rows, changes) for name, rows in file.lists.items()}
    theirs = {
        name: rows if name in own else edited_list(rows, changes)
        for name, rows in shared.lists.items()
    }
    return effective_set(
        replace(shared, lists=theirs),
        replace(
            file,
            settings=settings,
            dispensations=tuple(dispensations),
            rules=tuple(rules),
            lists=own,
        ),
    )


def _dispensation(rule: str, today: date) -> Dispensation:
    return Dispensation(
        rule=rule, action=None, valid_to=today, why="", approved_by="", at=_NOWHERE
    )
