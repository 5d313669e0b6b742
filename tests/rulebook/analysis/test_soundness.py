"""What the analysis proves is so: no document contradicts a proof, and every example is one."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from robot.domain.decision import Truth
from robot.rulebook.analysis.solver import OutOfBudgetError, Solver
from robot.rulebook.analysis.translation import Formulas
from robot.rulebook.analysis.value_sets import Moment, Wanted
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import Condition
from robot.rulebook.loader import LoadedRules
from tests.rulebook.generated import LIST_FILES, blocks, documents
from tests.rulebook.world import FIELDS, TODAY, loaded

FITTING = {
    Wanted.TRUE: {Truth.TRUE},
    Wanted.FALSE: {Truth.FALSE},
    Wanted.NOT_TRUE: {Truth.FALSE, Truth.UNKNOWN},
    Wanted.NOT_FALSE: {Truth.TRUE, Truth.UNKNOWN},
}


def two_rules(first: str, second: str) -> LoadedRules:
    text = "rules:\n"
    for name, block in (("first", first), ("second", second)):
        text += f"  - id: {name}\n    hold: fraud-suspected\n    when: {block}\n"
    return loaded({"standard.yaml": text, **LIST_FILES})


def conditions(rules: LoadedRules) -> list[Condition]:
    assert rules.standard is not None
    return [rule.when for rule in rules.standard.rules if rule.when is not None]


def truths(rules: LoadedRules, values: dict[str, Any]) -> list[Truth]:
    assert rules.standard is not None
    true, unknown = Compiled(rules.standard.rules, rules.lists).evaluate(values, TODAY)
    return [
        Truth.TRUE if i in true else Truth.UNKNOWN if i in unknown else Truth.FALSE
        for i in range(len(rules.standard.rules))
    ]


@given(
    first=blocks(),
    second=blocks(),
    wanted=st.tuples(st.sampled_from(Wanted), st.sampled_from(Wanted)),
    tried=st.lists(documents(), min_size=1, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_no_document_is_what_was_proven_impossible(
    first: str, second: str, wanted: tuple[Wanted, Wanted], tried: list[dict[str, Any]]
) -> None:
    rules = two_rules(first, second)
    for day in (TODAY, None):
        formulas = Formulas(FIELDS, Moment(day=day, lists=rules.lists))
        parts = zip(conditions(rules), wanted, strict=False)
        try:
            model = Solver().solve([formulas.of(c, how) for c, how in parts])
        except OutOfBudgetError:
            continue
        if model is None:
            for values in tried:
                found = truths(rules, values)
                pairs = zip(found, wanted, strict=False)
                assert not all(truth in FITTING[how] for truth, how in pairs), values
