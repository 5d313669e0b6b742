"""What would have let a document be posted, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from robot.domain.fields import FieldType, FieldValues
from robot.domain.money import Money
from robot.rulebook.conditions import Literal, Test, Value
from robot.rulebook.effective import EffectiveSet
from robot.rulebook.explain.changes import (
    Change,
    FieldChange,
    ListChange,
    LiteralChange,
    ParameterChange,
    Slot,
    lines_of,
    number_of,
)
from robot.rulebook.explain.why_not import Answers, WhyNot
from robot.rulebook.literals import RelativeDate
from robot.rulebook.playbook.sentences import Sentences
from robot.rulebook.playbook.values import in_words, value_text
from robot.rulebook.problem import Position
from robot.rulebook.shown import shown
from robot.rulebook.vocabulary import Operator

_NOWHERE: Final = Position("", 0, 0)
_HIDDEN: Final = frozenset({FieldType.ACCOUNT, FieldType.ACCOUNTS})
_AT_MOST: Final = {FieldType.DATE: Operator.ON_OR_BEFORE}
_AT_LEAST: Final = {FieldType.DATE: Operator.ON_OR_AFTER}


class Teller:
    """Tells answers about one document in one language."""

    def __init__(
        self, effective: EffectiveSet, values: FieldValues, today: date, language: str
    ) -> None:
        self._values = values
        self._language = language
        self._sentences = Sentences(language, effective.fields, effective.lists, today)

    def lines(self, answer: WhyNot) -> list[str]:
        """The answer as a list of lines."""
        if answer.nobody:
            return [
                self._say(
                    "Postes aldrig, så længe ingen ved, hvis bilaget er.",
                    "Never posted as long as nobody knows whose it is.",
                )
            ]
        told = self._answers(answer.smallest, self._say("Postes, hvis", "Posted if"))
        for others, head in (
            (answer.by_document, self._say("Med dokumentet alene", "By the document alone")),
            (answer.by_rules, self._say("Med reglerne alene", "By the rules alone")),
        ):
            if others.size > answer.smallest.size:
                told += self._answers(others, head)
        guarded = dict.fromkeys(part.rule.id for part in answer.not_by_rules)
        if guarded:
            told.append(
                self._say(
                    "Ikke ved en regelændring (obligatorisk eller sikkerhed): ",
                    "Not by a change of the rules (mandatory or security): ",
                )
                + ", ".join(guarded)
            )
        return told

    def change(self, change: Change) -> str:
        """One change as a clause."""
        if isinstance(change, FieldChange):
            return self._field(change)
        if isinstance(change, ParameterChange):
            return self._parameter(change)
        if isinstance(change, LiteralChange):
            return self._literal(change)
        if isinstance(change, ListChange):
            return self._list(change)
        rule = change.rule.rule
        place = f"{rule.at.path}:{rule.at.line}"
        if change.rule.effective.standard:
            return self._say("der dispenseres fra reglen", "there is a dispensation from") + (
                f" {rule.id} ({place})"
            )
        return self._say(
            f"reglen {rule.id} ({place}) tages ud", f"the rule {rule.id} ({place}) is taken out"
        )

    def as_json(self, answers: Answers) -> dict[str, object]:
        """Answers for machines."""
        return {
            "size": answers.size,
            "complete": answers.all_of_them,
            "sets": [[self._change_json(change) for change in one] for one in answers.sets],
        }

    def _change_json(self, change: Change) -> Mapping[str, object]:
        told: dict[str, object] = {"words": self.change(change)}
        if isinstance(change, FieldChange):
            slot = change.slot
            told |= {"kind": "field", "name": slot.name(self._values)}
            told |= {"now": self._shown(slot, change.old), "value": self._shown(slot, change.new)}
            told |= {
                "at_least": None if change.low is None else self._shown(slot, change.low),
                "at_most": None if change.high is None else self._shown(slot, change.high),
            }
        elif isinstance(change, ParameterChange):
            told |= {"kind": "parameter", "name": change.old.name}
            told |= {"now": [str(self._value(v)) for v in change.old.values]}
            told |= {"value": [str(self._value(v)) for v in change.values]}
        elif isinstance(change, LiteralChange):
            told |= {"kind": "limit", "name": change.rule.rule.id}
            told |= {"now": self._value(change.old), "value": self._value(change.new)}
        elif isinstance(change, ListChange):
            told |= {"kind": "list", "name": change.name, "value": change.value}
            told |= {"added": change.added}
        else:
            told |= {"kind": "rule", "name": change.rule.rule.id}
        return told

    def _answers(self, answers: Answers, head: str) -> list[str]:
        if not answers.sets:
            return [f"{head}: {self._nothing(answers)}"]
        if answers.sets == ((),):
            return [self._say("Postes, som det er.", "Posted as it is.")]
        steps = factored(answers.sets)
        if steps is None:
            ways = [self._joined(one) for one in answers.sets]
            told = [f"{head} ({self._say('ét af disse', 'one of these')}):"]
            told += [f"  – {way}" for way in ways]
        elif len(steps) == 1:
            told = self._step(f"{head}", steps[0])
        else:
            told = [f"{head} ({self._say('alt dette', 'all of this')}):"]
            for number, step in enumerate(steps, 1):
                told += [f"  {line}" for line in self._step(f"{number}.", step, colon=False)]
        if not answers.all_of_them:
            told.append(self._say("  – og flere måder", "  – and more ways"))
        return told

    def _step(self, head: str, step: Sequence[Change], *, colon: bool = True) -> list[str]:
        word = self._say("eller", "or")
        first, *rest = [self.change(change) for change in step]
        if colon:
            return [f"{head}:", f"  – {first}", *(f"  – {word} {other}" for other in rest)]
        return [f"{head} {first}", *(f"   {word} {other}" for other in rest)]

    def _joined(self, changes: Sequence[Change]) -> str:
        word = self._say("og", "and")
        return f", {word} ".join(self.change(change) for change in changes)

    def _nothing(self, answers: Answers) -> str:
        if answers.all_of_them:
            return self._say("ingen ændring gør det", "no change does it")
        least = answers.ruled_out + 1
        return self._say(
            f"det kræver mindst {least} ændringer; der er ikke søgt længere",
            f"it takes at least {least} changes; no more were looked for",
        )

    def _field(self, change: FieldChange) -> str:
        slot = change.slot
        clause = self._clause(change)
        if slot.line is not None:
            number = number_of(lines_of(self._values)[slot.line], slot.line)
            clause = self._say(f"på linje {number}: {clause}", f"on line {number}: {clause}")
        now = self._shown(slot, change.old)
        return f"{clause} ({slot.name(self._values)}, {self._say('nu', 'now')} {now})"

    def _clause(self, change: FieldChange) -> str:
        """What is needed of the field."""
        clause, field, asked = self._sentences.clause, change.slot.field, change.asked
        if change.ranged:
            return clause(_range(change))
        if change.new is None:
            return clause(_made(change, Operator.MISSING))
        if asked is not None and field == asked.field:
            return clause(asked, denied=not change.holds)
        if asked is not None or field.type in _HIDDEN:
            return clause(_made(change, Operator.PRESENT))
        return clause(_made(change, Operator.IS, change.new))

    def _parameter(self, change: ParameterChange) -> str:
        spec = change.old
        if spec.several:
            added = [value for value in change.values if value not in spec.values]
            gone = [value for value in spec.values if value not in change.values]
            named = ", ".join(self._value(value) for value in (*added, *gone))
            word = (
                self._say("føjes til", "is added to")
                if added
                else (self._say("tages ud af", "is taken out of"))
            )
            return f"{named} {word} {self._say('parameteren', 'the parameter')} {spec.name}"
        (new,), (old,) = change.values, spec.values
        what = self._say(f"parameteren {spec.name}", f"the parameter {spec.name}")
        return f"{what} {self._moved(old, new)}"

    def _literal(self, change: LiteralChange) -> str:
        rule = change.rule.rule
        place = f"{rule.at.path}:{rule.at.line}"
        what = self._say(f"grænsen i reglen {rule.id}", f"the limit in the rule {rule.id}")
        return f"{what} ({place}) {self._moved(change.old, change.new)}"

    def _moved(self, old: Value, new: Value) -> str:
        up = _larger(new, old)
        if up:
            text = self._say("hæves til mindst", "is raised to at least")
        else:
            text = self._say("sænkes til højst", "is lowered to at most")
        return f"{text} {self._value(new)} ({self._say('nu', 'now')} {self._value(old)})"

    def _list(self, change: ListChange) -> str:
        where = f" ({change.where})" if change.where else ""
        if change.added:
            return self._say(
                f"{change.value} sættes på listen {change.name}{where}",
                f"{change.value} is put on the list {change.name}{where}",
            )
        return self._say(
            f"{change.value} tages af listen {change.name}{where}",
            f"{change.value} is taken off the list {change.name}{where}",
        )

    def _shown(self, slot: Slot, value: object) -> str:
        return shown(value, slot.field, self._language)

    def _value(self, value: Value) -> str:
        return value_text(value, self._language)

    def _say(self, danish: str, english: str) -> str:
        return in_words(self._language, danish, english)


def factored(sets: Sequence[Sequence[Change]]) -> tuple[tuple[Change, ...], ...] | None:
    """Sets as steps, of each of which any alternative will do; None when they have no such form.

    {a, c}, {a, d}, {b, c}, {b, d} are the steps (a or b), (c or d).
    """
    by_targets = {frozenset(change.target for change in one): one for one in sets}
    first = sets[0]
    steps: list[tuple[Change, ...]] = []
    for change in first:
        rest = {other.target for other in first if other is not change}
        alternatives = [change]
        for targets, one in by_targets.items():
            if rest < targets and change.target not in targets:
                alternatives += [other for other in one if other.target not in rest]
        steps.append(tuple(alternatives))
    size = 1
    for step in steps:
        size *= len(step)
    if size != len(by_targets):
        return None
    used = [{change.target for change in step} for step in steps]
    fits = all(all(len(targets & step) == 1 for step in used) for targets in by_targets)
    return tuple(steps) if fits else None


def _range(change: FieldChange) -> Test:
    """The test that every value of the range meets."""
    low, high, kind = change.low, change.high, change.slot.field.type
    if low is None and high is None:
        return _made(change, Operator.PRESENT)
    if low is None:
        return _made(change, _AT_MOST.get(kind, Operator.AT_MOST), high)
    if high is None:
        return _made(change, _AT_LEAST.get(kind, Operator.AT_LEAST), low)
    if low == high:
        return _made(change, Operator.IS, low)
    return _made(change, Operator.BETWEEN, low, high)


def _made(change: FieldChange, operator: Operator, *values: Any) -> Test:  # noqa: ANN401 - of the field's type
    operands = tuple(Literal(value) for value in values)
    return Test(field=change.slot.field, operator=operator, operands=operands, at=_NOWHERE)


def _larger(new: Value, old: Value) -> bool:
    if isinstance(new, RelativeDate) and isinstance(old, RelativeDate):
        return new.days > old.days
    if isinstance(new, Money) and isinstance(old, Money):
        return new.amount > old.amount
    if isinstance(new, date) and isinstance(old, date):
        return new > old
    return isinstance(new, Decimal) and isinstance(old, Decimal) and new > old
