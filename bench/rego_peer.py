"""The same conditions as a Rego policy, for an implementation of Open Policy Agent's language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from bench.rule_peers import Translator
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Not,
    SumLines,
    Test,
)

_COMPARED: Final = {
    "below": "<",
    "at_most": "<=",
    "above": ">",
    "at_least": ">=",
    "is": "==",
    "is_not": "!=",
    "before": "<",
    "on_or_before": "<=",
    "after": ">",
    "on_or_after": ">=",
    "same_as": "==",
    "differs_from": "!=",
}
PACKAGE: Final = "rules"


def policy(conditions: Sequence[Condition], today: date) -> str:
    """One policy whose set `fired` holds the index of each condition that is true."""
    rego = _Rego(today)
    heads = []
    for index, condition in enumerate(conditions):
        heads.append(f"fired contains {index} if {{ {rego.body(condition, 'input')} }}")
    return "\n".join([f"package {PACKAGE}", "import rego.v1", *rego.helpers, *heads])


class _Rego(Translator):
    """Bodies are conjunctions; anything else becomes a helper rule of its own."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self.helpers: list[str] = []

    def body(self, condition: Condition, at: str) -> str:
        if isinstance(condition, AllOf):
            return "; ".join(self.body(part, at) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return self._helper([self.body(part, "x") for part in condition.parts], at)
        if isinstance(condition, Not):
            return f"not {self._helper([self.body(condition.part, 'x')], at)}"
        if isinstance(condition, ForLines):
            return self._lines(condition, at)
        if isinstance(condition, CountLines | SumLines):
            raise TypeError(condition)
        return self._test(condition, at)

    def _helper(self, bodies: Sequence[str], at: str) -> str:
        name = f"h{len(self.helpers)}"
        self.helpers.append("\n".join(f"{name}(x) if {{ {body} }}" for body in bodies))
        return f"{name}({at})"

    def _lines(self, condition: ForLines, at: str) -> str:
        each = self._helper([self.body(condition.part, "x")], "l")
        if condition.quantifier == "all":
            return f"every l in {at}.lines {{ {each} }}"
        some = self._helper([f"some l in x.lines; {each}"], at)
        return some if condition.quantifier == "any" else f"not {some}"

    def _test(self, test: Test, at: str) -> str:
        name = f"{at}.{test.field.key}"
        if test.operator in {"missing", "present"}:
            return f"{name} {'==' if test.operator == 'missing' else '!='} null"
        if test.operator in {"same_as", "differs_from"}:
            (other,) = test.operands
            assert isinstance(other, FieldRef)
            return f"{name} {_COMPARED[test.operator]} {at}.{other.key}"
        values = [json.dumps(self.literal(operand)) for operand in test.operands]
        if test.operator in {"in", "not_in"}:
            negation = "not " if test.operator == "not_in" else ""
            return f"{negation}{name} in {{{', '.join(values)}}}"
        if test.operator == "starts_with":
            return f"startswith({name}, {values[0]})"
        if test.operator == "between":
            return f"{name} >= {values[0]}; {name} <= {values[1]}"
        return f"{name} {_COMPARED[test.operator]} {values[0]}"
