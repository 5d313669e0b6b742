"""Reads `rules:` of the standard and of customer files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from robot.domain.decision import Effect
from robot.domain.taxonomy import ErrorClass, Owner, Taxonomy
from robot.rulebook.condition_reader import ConditionReader
from robot.rulebook.conditions import Condition, FieldRef
from robot.rulebook.keys import Entry
from robot.rulebook.names import Names
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar
from robot.rulebook.problem import Position, Report, did_you_mean, listed
from robot.rulebook.rules import Action, Rule
from robot.rulebook.taxonomy import KEBAB
from robot.rulebook.vocabulary import EFFECTS

KEYS: Final = ("id", "why", *EFFECTS, "when", "unless", "from", "until", "seen", "expected")
#: Keys that only rules of standard.yaml may have.
STANDARD_KEYS: Final = ("mandatory", "actions")
_SAM: Final = frozenset({Owner.SAM_CREDITOR, Owner.SAM_MASTERDATA, Owner.SYSTEM_OWNER, Owner.BANK})


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorTypes:
    """The error types that rules may name; `taxonomy` holds those that could be read."""

    #: Every code in the file; None when the file can't be read, and any may be named.
    codes: Collection[str] | None
    taxonomy: Taxonomy


class RuleReader:
    """Reads the rules of one file."""

    def __init__(
        self, names: Names, error_types: ErrorTypes, report: Report, *, standard: bool
    ) -> None:
        self._names = names
        self._error_types = error_types
        self._report = report
        self._standard = standard
        self._conditions = ConditionReader(names, report)

    def rules(self, nodes: tuple[YamlNode, ...], taken: dict[str, Position]) -> tuple[Rule, ...]:
        """The rules that could be read. `taken` holds the ids in use and is added to."""
        rules: list[Rule] = []
        for node in nodes:
            rule = self._rule(node, taken)
            if rule is not None:
                rules.append(rule)
        return tuple(rules)

    def repostings(
        self, nodes: tuple[YamlNode, ...], taken: dict[str, Position]
    ) -> tuple[Rule, ...]:
        """Rules for re-posting sheets, which no purchasing system could reopen."""
        rules = self.rules(nodes, taken)
        for rule in rules:
            if rule.effect is Effect.BOUNCE:
                self._report.warning(
                    "bounce-becomes-hold",
                    rule.at,
                    f"rule '{rule.id}' bounces, and a re-posting is in no purchasing system that "
                    "could reopen it; it will hold the document",
                    f"write 'hold: {rule.error_type}'",
                )
        return rules

    def _rule(self, node: YamlNode, taken: dict[str, Position]) -> Rule | None:
        allowed = (*KEYS, *STANDARD_KEYS) if self._standard else KEYS
        entry = Entry(node, self._report, what=_what(node), allowed=allowed, required=("id",))
        if not isinstance(node, YamlMapping):
            return None
        identity = self._identity(entry, taken)
        effect, error_type = self._effect(entry)
        when = self._block(entry, "when")
        unless = self._block(entry, "unless")
        if effect is Effect.POST and when is None and entry.get("when") is None:
            entry.fail(
                "post-without-condition",
                entry.key_at("when" if "when" in entry else "post"),
                "a rule that posts needs a condition in 'when'",
            )
        first, last = entry.date("from", required=True), entry.date("until", required=True)
        if first is not None and last is not None and first > last:
            entry.fail(
                "dates-swapped", entry.key_at("until"), "'until' is before 'from': it never counts"
            )
        seen, expected = self._shown(entry, "seen"), self._shown(entry, "expected")
        actions, mandatory = self._actions(entry), entry.flag("mandatory")
        if not entry.valid or identity is None or effect is None:
            return None
        return Rule(
            id=identity,
            effect=effect,
            error_type=error_type,
            why=entry.text("why") or "",
            when=when,
            unless=unless,
            valid_from=first,
            valid_to=last,
            mandatory=mandatory,
            seen=seen,
            expected=expected,
            actions=actions,
            at=entry.key_at("id"),
        )

    def _identity(self, entry: Entry, taken: dict[str, Position]) -> str | None:
        identity = entry.text("id", required=True)
        if identity is None:
            return None
        at = entry.values["id"].at
        if not KEBAB.fullmatch(identity):
            entry.fail(
                "bad-id", at, f"'{identity}' is not kebab-case (small letters, digits and hyphens)"
            )
            return None
        if identity in taken:
            entry.fail(
                "duplicate-rule", at, f"there is already a rule '{identity}' at {taken[identity]}"
            )
            return None
        taken[identity] = at
        return identity

    def _effect(self, entry: Entry) -> tuple[Effect | None, str | None]:
        written = [word for word in EFFECTS if word in entry]
        if len(written) != 1:
            found = f"has {' and '.join(written)}" if written else "has no effect"
            entry.fail(
                "effect",
                entry.key_at(written[1]) if written else entry.at,
                f"{entry.what} {found}; it needs one of {listed(EFFECTS)}",
            )
            return None, None
        effect = Effect(written[0])
        node = entry.get(effect)
        if effect is Effect.POST:
            if node is not None:
                entry.fail("effect", node.at, "'post' takes no value; write 'post:' alone")
            return effect, None
        if node is None:
            if effect is not Effect.NOTE:
                entry.fail(
                    "error-type-missing",
                    entry.key_at(effect),
                    f"'{effect}' needs an error type, e.g. '{effect}: {self._example(effect)}'",
                )
            return effect, None
        return effect, self._error_type(entry, effect)

    def _error_type(self, entry: Entry, effect: Effect) -> str | None:
        code = entry.text(effect)
        if code is None:
            return None
        at = entry.values[effect].at
        known = self._error_types.codes
        if known is not None and code not in known:
            entry.fail(
                "unknown-error-type",
                at,
                f"there is no error type '{code}'",
                did_you_mean(code, known),
            )
            return None
        if effect is Effect.BOUNCE and code in self._error_types.taxonomy:
            self._warn_of_bounce(code, at)
        return code

    def _warn_of_bounce(self, code: str, at: Position) -> None:
        kind = self._error_types.taxonomy[code]
        if kind.error_class is ErrorClass.SECURITY:
            why = "is about security, and nobody outside is told of that before a clerk has looked"
        elif kind.owner in _SAM:
            why = f"belongs to {kind.owner}, and the customer can't do anything about it"
        else:
            return
        message = f"'{code}' {why}; it will hold the document"
        self._report.warning("bounce-becomes-hold", at, message, f"write 'hold: {code}'")

    def _example(self, effect: Effect) -> str:
        fits = [
            kind.code
            for kind in self._error_types.taxonomy
            if kind.disposition.value == effect.value
        ]
        return fits[0] if fits else "some-error-type"

    def _block(self, entry: Entry, key: str) -> Condition | None:
        node = entry.get(key)
        if node is None:
            if key in entry and key == "unless":
                entry.fail("empty-block", entry.key_at(key), f"'{key}' is empty")
            return None
        block = self._conditions.block(node, f"'{key}'")
        entry.valid = entry.valid and block is not None
        return block

    def _shown(self, entry: Entry, key: str) -> FieldRef | None:
        node = entry.get(key)
        if node is None:
            return None
        if isinstance(node, YamlScalar):
            fields = self._names.fields
            own = node.text.removeprefix("lines.")
            found = fields.find(node.text, of_line=False) or fields.find(own, of_line=True)
            if found is not None:
                return found
            known = [*fields.document, *fields.line]
            entry.fail(
                "unknown-field",
                node.at,
                f"'{node.text}' is not a field",
                did_you_mean(own, known),
            )
        else:
            entry.fail("not-a-value", node.at, f"'{key}' names one field")
        return None

    def _actions(self, entry: Entry) -> tuple[Action, ...]:
        known = [action.value for action in Action]
        found: list[Action] = []
        for node in entry.scalars("actions"):
            if node.text in known:
                found.append(Action(node.text))
            else:
                entry.fail(
                    "unknown-action",
                    node.at,
                    f"'{node.text}' is not an action ({listed(known)})",
                    did_you_mean(node.text, known),
                )
        return tuple(found)


def _what(node: YamlNode) -> str:
    identity = node.get("id") if isinstance(node, YamlMapping) else None
    return f"rule '{identity.text}'" if isinstance(identity, YamlScalar) else "a rule"
