"""Compares two sets of rules: what everybody shares first, then each customer's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from robot.domain.taxonomy import ErrorType, Texts
from robot.errors import RuleChangeError
from robot.rulebook.conditions import Value
from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.diff.change import Change, Direction
from robot.rulebook.diff.lists import list_change
from robot.rulebook.diff.master_data import master_data_changes
from robot.rulebook.diff.rule_changes import (
    Whose,
    dispensation_changes,
    everybody,
    parameter_change,
    rule_added,
    rule_changed,
    rule_removed,
)
from robot.rulebook.diff.tongue import ENGLISH, Tongue
from robot.rulebook.loader import ERROR_TYPES, LoadedRules
from robot.rulebook.names import ParameterSpec
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ValueList

#: Names of customers that are written out in one line.
_MOST_NAMED: Final = 5
_CALENDAR: Final = "calendar.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the two sets."""

    loaded: LoadedRules
    customers: Mapping[str, CustomerFile]

    @property
    def parameters(self) -> Mapping[str, ParameterSpec]:
        return self.loaded.standard.parameters if self.loaded.standard is not None else {}

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.loaded.standard.every_rule if self.loaded.standard is not None else ()


def compare_rules(
    old: LoadedRules, new: LoadedRules, tongue: Tongue = ENGLISH
) -> tuple[Change, ...]:
    """Every difference in what the two sets say, shared ones first, then by customer.

    Customers are the same when their bogføringskreds is, whatever their files are called.

    Args:
        old: The rules as they were.
        new: The rules as they are.
        tongue: In which language it is told.

    Raises:
        RuleChangeError: One of them has errors, so it can't be told what it says.
    """
    before, after = _side(old), _side(new)
    changes = [
        *_parameters(before, after, tongue),
        *_rules(before.rules, after.rules, _values(before, after, None, None), everybody(tongue)),
        *_shared_lists(before, after, tongue),
        *_error_types(old, new, tongue),
        *_calendar(old, new, tongue),
    ]
    for kreds in sorted(before.customers.keys() | after.customers.keys()):
        changes += _customer(kreds, before, after, tongue)
    return tuple(changes)


def _side(loaded: LoadedRules) -> _Side:
    if loaded.errors:
        raise RuleChangeError(
            f"{loaded.files.root} has {len(loaded.errors)} errors, the first: {loaded.errors[0]}",
            hint="`invoice-robot rules check` shows them all",
        )
    return _Side(
        loaded=loaded,
        customers={
            file.customer.bogfoeringskreds: file
            for file in loaded.customers.values()
            if file.customer is not None
        },
    )


def _values(
    old: _Side, new: _Side, was: CustomerFile | None, now: CustomerFile | None
) -> _ParameterValues:
    found: dict[str, ParameterSpec] = {**old.parameters}
    found |= was.settings if was is not None else {}
    found |= new.parameters
    found |= now.settings if now is not None else {}
    return _ParameterValues(found)


class _ParameterValues:
    """The values by which conditions are compared: the new ones where there are any."""

    def __init__(self, specs: Mapping[str, ParameterSpec]) -> None:
        self._specs = specs

    def __call__(self, name: str) -> tuple[Value, ...]:
        return self._specs[name].values if name in self._specs else (name,)


def _parameters(old: _Side, new: _Side, tongue: Tongue) -> Iterator[Change]:
    for name in sorted(old.parameters.keys() | new.parameters.keys()):
        was, now = old.parameters.get(name), new.parameters.get(name)
        if was is None or now is None:
            spec = was or now
            if spec is not None:
                words = tongue.say("ikke længere en parameter:", "no longer a parameter:")
                if was is None:
                    words = tongue.say("ny parameter", "new parameter")
                yield Change(
                    kind="parameter",
                    item=name,
                    text=f"{words} {name}",
                    direction=Direction.NEUTRAL,
                    at=spec.at,
                )
        elif was.values != now.values:
            own = [
                file.customer.name
                for file in new.customers.values()
                if name in file.settings and file.customer is not None
            ]
            extra = ""
            if own:
                names = _named(own, tongue)
                extra = tongue.say(
                    f", ikke for {names} (har deres egen)",
                    f", not for {names} (set by themselves)",
                )
            yield parameter_change(was, now, _all_rules(new), everybody(tongue), extra)


def _all_rules(side: _Side) -> list[Rule]:
    return [*side.rules, *(rule for file in side.customers.values() for rule in file.every_rule)]


def _named(names: list[str], tongue: Tongue) -> str:
    if len(names) <= _MOST_NAMED:
        return ", ".join(names)
    more = len(names) - _MOST_NAMED
    rest = tongue.say(f"og {more} andre", f"and {more} more")
    return f"{', '.join(names[:_MOST_NAMED])} {rest}"


def _rules(
    old: Iterable[Rule], new: Iterable[Rule], values: _ParameterValues, whose: Whose
) -> Iterator[Change]:
    before, after = {rule.id: rule for rule in old}, {rule.id: rule for rule in new}
    for name, rule in after.items():
        if name not in before:
            yield rule_added(rule, whose)
            continue
        change = rule_changed(before[name], rule, values, whose)
        if change is not None:
            yield change
    yield from (rule_removed(rule, whose) for name, rule in before.items() if name not in after)


def _shared_lists(old: _Side, new: _Side, tongue: Tongue) -> Iterator[Change]:
    for name in sorted(old.loaded.lists.keys() | new.loaded.lists.keys()):
        was, now = old.loaded.lists.get(name), new.loaded.lists.get(name)
        file = (new if now is not None else old).loaded.list_files[name]
        at = Position(file.path, 1, 1)
        owners = {row.customer for rows in (was, now) if rows is not None for row in rows.rows}
        for kreds in sorted(owner or "" for owner in owners):
            served = new.customers.get(kreds) or old.customers.get(kreds)
            whose, rules = everybody(tongue), _all_rules(new)
            if kreds:
                known = served.customer.name if served and served.customer else kreds
                whose = Whose(customer=kreds, name=known, tongue=tongue)
                rules = [*new.rules, *(served.every_rule if served is not None else ())]
            change = list_change(_rows(was, kreds), _rows(now, kreds), rules, whose, at)
            if change is not None:
                yield change


def _rows(values: ValueList | None, kreds: str) -> ValueList | None:
    if values is None:
        return None
    rows = tuple(row for row in values.rows if (row.customer or "") == kreds)
    return ValueList(name=values.name, rows=rows, file=values.file)


def _error_types(old: LoadedRules, new: LoadedRules, tongue: Tongue) -> Iterator[Change]:
    file = new.files.path(ERROR_TYPES)
    for code in sorted({*old.taxonomy.codes(), *new.taxonomy.codes()}):
        at = Position(file, _line_of(new, code), 1)
        details: tuple[str, ...] = ()
        direction = Direction.NEUTRAL
        if code not in old.taxonomy:
            text = tongue.say(f"ny fejltype {code}", f"new error type {code}")
        elif code not in new.taxonomy:
            text = tongue.say(f"fejltypen {code} er væk", f"the error type {code} is gone")
        else:
            text = tongue.say(f"fejltypen {code}", f"the error type {code}")
            details = tuple(_kind_differences(old.taxonomy[code], new.taxonomy[code], tongue))
            direction = _bypass(old.taxonomy[code], new.taxonomy[code])
            if not details:
                continue
        yield Change(
            kind="error-type", item=code, text=text, details=details, direction=direction, at=at
        )


def _line_of(loaded: LoadedRules, code: str) -> int:
    lines = loaded.taxonomy_file.report.lines if loaded.taxonomy_file is not None else ()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{code}:")), 1)


def _kind_differences(old: ErrorType, new: ErrorType, tongue: Tongue) -> Iterator[str]:
    for part in fields(ErrorType):
        was, now = getattr(old, part.name), getattr(new, part.name)
        if was == now:
            continue
        if part.name == "texts":
            yield from _text_differences(old.texts, new.texts, tongue)
        else:
            yield f"{part.name.replace('_', '-')}: {_word(was, tongue)} → {_word(now, tongue)}"


def _text_differences(
    old: Mapping[str, Texts], new: Mapping[str, Texts], tongue: Tongue
) -> Iterator[str]:
    nothing = tongue.say("intet", "nothing")
    for language in sorted(old.keys() | new.keys()):
        was, now = old.get(language), new.get(language)
        for part in fields(Texts):
            before = getattr(was, part.name, None)
            after = getattr(now, part.name, None)
            if before != after and isinstance(after, str):
                yield f"{part.name} ({language}): {before or nothing} → {after}"
            elif before != after:
                another = tongue.say("er en anden", "is another")
                yield f"{part.name.replace('_', ' ')} ({language}) {another}"


def _word(value: object, tongue: Tongue) -> str:
    none = tongue.say("ingen", "none")
    if isinstance(value, bool):
        return tongue.flag(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or none
    return none if value is None else str(value)


def _bypass(old: ErrorType, new: ErrorType) -> Direction:
    """Only whether a clerk may pass it over lets more be posted."""
    if old.bypass == new.bypass:
        return Direction.NEUTRAL
    return Direction.LOOSER if new.bypass else Direction.TIGHTER


def _calendar(old: LoadedRules, new: LoadedRules, tongue: Tongue) -> Iterator[Change]:
    was, now = old.files.get(_CALENDAR), new.files.get(_CALENDAR)
    if was is not None and now is not None and was.digest != now.digest:
        before, after = set(was.report.lines), set(now.report.lines)
        gone = [f"− {line.strip()}" for line in was.report.lines if line not in after]
        come = [f"+ {line.strip()}" for line in now.report.lines if line not in before]
        yield Change(
            kind="file",
            item=_CALENDAR,
            text=tongue.say("kalenderen", "the calendar"),
            details=tuple(line for line in (*gone, *come) if line[2:]),
            direction=Direction.NEUTRAL,
            at=Position(now.path, 1, 1),
        )


# ---------------------------------------------------------------- one customer


def _customer(kreds: str, old: _Side, new: _Side, tongue: Tongue) -> Iterator[Change]:
    was, now = old.customers.get(kreds), new.customers.get(kreds)
    if was is None or now is None:
        yield from _come_or_gone(was, now, tongue)
        return
    if was.customer is None or now.customer is None:
        return
    whose = Whose(customer=kreds, name=now.customer.name, tongue=tongue)
    at = Position(now.file.path, 1, 1)
    yield from master_data_changes(was.customer, now.customer, at, tongue)
    yield from _settings(old, new, (was, now), whose)
    rules = {rule.id: rule for rule in new.rules}
    yield from dispensation_changes(
        {given.rule: given for given in was.dispensations},
        {given.rule: given for given in now.dispensations},
        rules,
        whose,
    )
    yield from _rules(was.every_rule, now.every_rule, _values(old, new, was, now), whose)
    own = [*new.rules, *now.every_rule]
    for name in sorted(was.lists.keys() | now.lists.keys()):
        change = list_change(was.lists.get(name), now.lists.get(name), own, whose, at)
        if change is not None:
            yield change


def _settings(
    old: _Side, new: _Side, files: tuple[CustomerFile, CustomerFile], whose: Whose
) -> Iterator[Change]:
    """Parameters whose value is another for this customer by what its own file says."""
    was, now = files
    tongue = whose.tongue
    for name in sorted(was.settings.keys() | now.settings.keys()):
        before = was.settings.get(name) or old.parameters.get(name)
        after = now.settings.get(name) or new.parameters.get(name)
        if before is None or after is None or before.values == after.values:
            continue
        extra = ""
        if name not in was.settings:
            extra = tongue.say(" (var den fælles)", " (was the standard's)")
        elif name not in now.settings:
            extra = tongue.say(" (igen den fælles)", " (the standard's again)")
        yield parameter_change(before, after, [*new.rules, *now.every_rule], whose, extra)


def _come_or_gone(
    was: CustomerFile | None, now: CustomerFile | None, tongue: Tongue
) -> Iterator[Change]:
    file = now or was
    if file is None or file.customer is None:
        return
    own = len(file.every_rule)
    name = file.customer.name
    rules = f"{own} rule{'' if own == 1 else 's'} of its own"
    own_rules = f"{own} {'egen regel' if own == 1 else 'egne regler'}"
    text = tongue.say(
        f"kunden {name} er væk: dens dokumenter holdes",
        f"the customer {name} is gone: its documents are held",
    )
    if was is None:
        text = tongue.say(f"ny kunde {name} med {own_rules}", f"new customer {name} with {rules}")
    yield Change(
        customer=file.customer.bogfoeringskreds,
        who=name,
        kind="customer",
        item=file.customer.bogfoeringskreds,
        text=text,
        direction=Direction.LOOSER if was is None else Direction.TIGHTER,
        at=Position(file.file.path, 1, 1),
    )
