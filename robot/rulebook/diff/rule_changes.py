"""Differences between rules, parameters, dispensations and lists, and which way they turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from robot.domain.decision import Effect
from robot.rulebook.conditions import Condition, Operand, Parameter, Value, substitute
from robot.rulebook.diff.change import Change, Direction, together
from robot.rulebook.diff.tongue import Tongue
from robot.rulebook.diff.width import Width, compare, raised
from robot.rulebook.diff.wording import (
    condition_changes,
    effect_text,
    period_text,
    rule_text,
    turned_into,
)
from robot.rulebook.names import ParameterSpec
from robot.rulebook.rules import Dispensation, Rule

#: How hard an effect is on a document.
_HARDNESS: Final = {Effect.POST: 0, Effect.NOTE: 1, Effect.BOUNCE: 2, Effect.HOLD: 2}
_OF_POST: Final = {Width.WIDER: Direction.LOOSER, Width.NARROWER: Direction.TIGHTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """For whom a part of the rules counts."""

    customer: str = ""
    name: str
    #: In which language it is told.
    tongue: Tongue


def everybody(tongue: Tongue) -> Whose:
    """All customers."""
    return Whose(name=tongue.say("alle", "everybody"), tongue=tongue)


def direction_of(width: Width, effect: Effect) -> Direction:
    """Which way a rule turns whose condition becomes wider or narrower."""
    if width is Width.SAME or effect is Effect.NOTE:
        return Direction.NEUTRAL
    if width is Width.UNCLEAR:
        return Direction.EITHER
    found = _OF_POST[width]
    return found if effect is Effect.POST else found.opposite()


def parameter_change(
    old: ParameterSpec, new: ParameterSpec, rules: Iterable[Rule], whose: Whose, extra: str = ""
) -> Change:
    """A parameter with another value.

    Args:
        old: What it was.
        new: What it is.
        rules: Those that may use it.
        whose: For whom it changes.
        extra: More words about that.
    """
    values = turned_into(old.values, new.values, whose.tongue)
    return Change(
        customer=whose.customer,
        who=whose.name,
        kind="parameter",
        item=new.name,
        text=f"{new.name} {values} for {whose.name}{extra}",
        direction=_parameter_direction(old, new, rules),
        at=new.at,
    )


def _parameter_direction(
    old: ParameterSpec, new: ParameterSpec, rules: Iterable[Rule]
) -> Direction:
    def meant(operand: Operand) -> bool:
        return isinstance(operand, Parameter) and operand.name == new.name

    def filled(condition: Condition | None, spec: ParameterSpec) -> Condition | None:
        # The other parameters are the same on both sides, whatever they hold.
        def values(name: str) -> tuple[Value, ...]:
            return spec.values if name == spec.name else (name,)

        return None if condition is None else substitute(condition, values)

    return together(
        direction_of(
            compare(filled(rule.condition, old), filled(rule.condition, new)), rule.effect
        )
        for rule in rules
        if any(True for _ in raised(rule.condition, meant))
    )


def rule_added(rule: Rule, whose: Whose) -> Change:
    """A new rule."""
    new = whose.tongue.say("ny regel", "new rule")
    text = f"{new} '{rule.id}' {rule_text(rule, whose.tongue)}"
    return _rule(rule, whose, text, (), _arrival(rule))


def rule_removed(rule: Rule, whose: Whose) -> Change:
    """A rule that is gone."""
    said = rule_text(rule, whose.tongue)
    text = whose.tongue.say(
        f"reglen '{rule.id}' er væk; den sagde: {said}",
        f"the rule '{rule.id}' is gone; it said: {said}",
    )
    return _rule(rule, whose, text, (), _arrival(rule).opposite())


def rule_changed(
    old: Rule, new: Rule, values: Callable[[str], tuple[Value, ...]], whose: Whose
) -> Change | None:
    """A rule that says something else; None when it says the same.

    Args:
        old: What it was.
        new: What it is.
        values: Of each parameter, to compare conditions by.
        whose: Whose it is.
    """
    tongue = whose.tongue
    told = list(_differences(old, new, values, tongue))
    if not told:
        return None
    details = tuple(line for line, _ in told)
    direction = together(direction for _, direction in told)
    text = f"{tongue.say('reglen', 'the rule')} '{new.id}' ({effect_text(new, tongue)})"
    return _rule(new, whose, text, details, direction)


def _differences(
    old: Rule, new: Rule, values: Callable[[str], tuple[Value, ...]], tongue: Tongue
) -> Iterator[tuple[str, Direction]]:
    effects = effect_text(old, tongue), effect_text(new, tongue)
    if effects[0] != effects[1]:
        yield " → ".join(effects), _harder(old.effect, new.effect)
    lines = [
        *condition_changes(old.when, new.when, tongue.say("når", "when"), tongue),
        *condition_changes(old.unless, new.unless, tongue.say("medmindre", "unless"), tongue),
    ]
    if lines:
        width = compare(_filled(old.condition, values), _filled(new.condition, values))
        direction = direction_of(width, new.effect)
        yield from ((line, direction) for line in lines)
    if (old.valid_from, old.valid_to) != (new.valid_from, new.valid_to):
        before = period_text(old.valid_from, old.valid_to, tongue)
        after = period_text(new.valid_from, new.valid_to, tongue)
        width = period_width((old.valid_from, old.valid_to), (new.valid_from, new.valid_to))
        yield (
            f"{tongue.say('gælder', 'counts')} {before} → {after}",
            direction_of(width, new.effect),
        )
    if old.mandatory != new.mandatory:
        words = tongue.say("kunder kan fritages for den", "customers may be let off it")
        if new.mandatory:
            words = tongue.say(
                "kunder kan ikke fritages for den", "customers may not be let off it"
            )
        direction = Direction.TIGHTER if new.mandatory else Direction.LOOSER
        yield words, direction
    if (old.actions, old.seen, old.expected) != (new.actions, new.seen, new.expected):
        yield (
            tongue.say(
                "det, den viser, eller det, en dispensation må, er noget andet",
                "what it shows or what a dispensation may do is another",
            ),
            Direction.NEUTRAL,
        )
    if old.why != new.why:
        nothing = tongue.say("intet", "nothing")
        told = f"{old.why or nothing} → {new.why or nothing}"
        yield f"{tongue.say('hvorfor', 'why')}: {told}", Direction.NEUTRAL


def _filled(
    condition: Condition | None, values: Callable[[str], tuple[Value, ...]]
) -> Condition | None:
    return None if condition is None else substitute(condition, values)


def _harder(old: Effect, new: Effect) -> Direction:
    step = _HARDNESS[new] - _HARDNESS[old]
    if step == 0:
        return Direction.NEUTRAL
    return Direction.TIGHTER if step > 0 else Direction.LOOSER


def _arrival(rule: Rule) -> Direction:
    if rule.effect is Effect.NOTE:
        return Direction.NEUTRAL
    return Direction.LOOSER if rule.effect is Effect.POST else Direction.TIGHTER


def _rule(
    rule: Rule, whose: Whose, text: str, details: tuple[str, ...], direction: Direction
) -> Change:
    return Change(
        customer=whose.customer,
        who=whose.name,
        kind="rule",
        item=rule.id,
        text=text,
        details=details,
        direction=direction,
        at=rule.at,
    )


def period_width(
    old: tuple[date | None, date | None], new: tuple[date | None, date | None]
) -> Width:
    """Which of two periods is longer; None at an end stands for no end."""
    begins = (old[0] or date.min), (new[0] or date.min)
    ends = (old[1] or date.max), (new[1] or date.max)
    earlier, later = begins[1] < begins[0], ends[1] > ends[0]
    if begins[0] == begins[1] and ends[0] == ends[1]:
        return Width.SAME
    if begins[1] <= begins[0] and ends[1] >= ends[0]:
        return Width.WIDER
    return Width.UNCLEAR if earlier or later else Width.NARROWER


# ---------------------------------------------------------------- dispensations


def dispensation_changes(
    old: Mapping[str, Dispensation],
    new: Mapping[str, Dispensation],
    rules: Mapping[str, Rule],
    whose: Whose,
) -> Iterator[Change]:
    """Dispensations that are new, gone or others, by the rule that they are from."""
    tongue = whose.tongue
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        rule = rules.get(name)
        kinder = Direction.NEUTRAL
        if rule is not None and rule.effect is not Effect.NOTE:
            kinder = Direction.TIGHTER if rule.effect is Effect.POST else Direction.LOOSER
        if before is None and after is not None:
            new_one = tongue.say("ny dispensation fra", "new dispensation from")
            text = f"{new_one} '{name}': {_dispensation(after, tongue)}"
            yield _dispensed(after, whose, text, kinder)
        elif after is None and before is not None:
            gone = _dispensation(before, tongue)
            text = tongue.say(
                f"dispensationen fra '{name}' er væk ({gone})",
                f"the dispensation from '{name}' is gone ({gone})",
            )
            yield _dispensed(before, whose, text, kinder.opposite())
        elif before is not None and after is not None and _said(before) != _said(after):
            text = f"{tongue.say('dispensationen fra', 'the dispensation from')} '{name}'"
            details = tuple(_dispensation_differences(before, after, tongue))
            change = _dispensed(after, whose, text, _dispensed_more(before, after, kinder))
            yield replace(change, details=details)


def _said(given: Dispensation) -> tuple[object, ...]:
    return given.action, given.valid_from, given.valid_to, given.why, given.approved_by


def _dispensation(given: Dispensation, tongue: Tongue) -> str:
    what = given.action or tongue.say("slået fra", "switched off")
    return (
        f"{what} {period_text(given.valid_from, given.valid_to, tongue)}, {given.why} "
        f"({given.approved_by})"
    )


def _dispensation_differences(
    old: Dispensation, new: Dispensation, tongue: Tongue
) -> Iterator[str]:
    off = tongue.say("slået fra", "switched off")
    told = (
        (old.action or off, new.action or off),
        (
            period_text(old.valid_from, old.valid_to, tongue),
            period_text(new.valid_from, new.valid_to, tongue),
        ),
        (old.why, new.why),
        (old.approved_by, new.approved_by),
    )
    return (f"{before} → {after}" for before, after in told if before != after)


def _dispensed_more(old: Dispensation, new: Dispensation, kinder: Direction) -> Direction:
    found = []
    if old.action != new.action:
        found.append(kinder if new.action is None else kinder.opposite())
    width = period_width((old.valid_from, old.valid_to), (new.valid_from, new.valid_to))
    if width is Width.UNCLEAR:
        found.append(Direction.EITHER)
    elif width is not Width.SAME:
        found.append(kinder if width is Width.WIDER else kinder.opposite())
    return together(found)


def _dispensed(given: Dispensation, whose: Whose, text: str, direction: Direction) -> Change:
    return Change(
        customer=whose.customer,
        who=whose.name,
        kind="dispensation",
        item=given.rule,
        text=text,
        direction=direction,
        at=given.at,
    )


# ---------------------------------------------------------------- what adding to a list does


def added_value_direction(rules: Sequence[Rule], meant: Callable[[Operand], bool]) -> Direction:
    """Which way the rules turn when a value is added to a list that they name."""
    return together(
        direction_of(width, rule.effect)
        for rule in rules
        for width in raised(rule.condition, meant)
    )
