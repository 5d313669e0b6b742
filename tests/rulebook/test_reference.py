"""The compiled rules do exactly what a plain walk over the conditions does."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Truth
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.conditions import (
    Condition,
    CountLines,
    ForLines,
    SumLines,
    Test,
    walk,
)
from robot.rulebook.trace import Trace
from tests.rulebook.generated import LIST_FILES, LISTS, blocks, documents
from tests.rulebook.reference import Reference, rule_truth
from tests.rulebook.world import TODAY, loaded, standard

RULES = st.lists(
    st.tuples(
        blocks(),
        st.one_of(st.none(), blocks()),
        st.sampled_from(("", "from: 2026-11-25", "until: 2026-11-24", "until: 2026-11-23")),
    ),
    min_size=1,
    max_size=4,
)
SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def written(rules: list[tuple[str, str | None, str]]) -> str:
    texts = []
    for number, (when, unless, dates) in enumerate(rules):
        text = f"id: rule-{number}\nhold: fraud-suspected\nwhen: {when}\n"
        text += f"unless: {unless}\n" if unless is not None else ""
        texts.append(f"{text}{dates}\n")
    return standard(*texts)


@SLOW
@given(rules=RULES, values=documents())
def test_compiled_rules_agree_with_the_reference(
    rules: list[tuple[str, str | None, str]], values: dict[str, Any]
) -> None:
    read = loaded({"standard.yaml": written(rules), **LIST_FILES})
    assert [str(problem) for problem in read.problems] == []
    effective = read.effective(None)
    expected = [rule_truth(part.rule, values, TODAY, LISTS) for part in effective.rules]
    whole = Compiled([part.rule for part in effective.rules], effective.lists)
    for compiled in (compile_set(effective), whole):
        true, unknown = compiled.evaluate(values, TODAY)
        got = [
            Truth.TRUE if i in true else Truth.UNKNOWN if i in unknown else Truth.FALSE
            for i in range(len(effective.rules))
        ]
        assert got == expected


@SLOW
@given(block=blocks(), values=documents())
def test_every_part_of_a_condition_agrees_with_the_reference(
    block: str, values: dict[str, Any]
) -> None:
    read = loaded({"standard.yaml": written([(block, None, "")]), **LIST_FILES})
    effective = read.effective(None)
    condition = effective.rules[0].rule.when
    assert condition is not None
    trace = Trace(compile_set(effective), values, TODAY)
    reference = Reference(values, TODAY, LISTS)
    parts = [part for part in walk(condition) if not _of_line(part)]
    assert [trace.truth(part) for part in parts] == [reference.truth(part) for part in parts]


@SLOW
@given(block=blocks(), values=documents())
def test_an_unknown_condition_names_what_was_not_known(block: str, values: dict[str, Any]) -> None:
    read = loaded({"standard.yaml": written([(block, None, "")]), **LIST_FILES})
    effective = read.effective(None)
    condition = effective.rules[0].rule.when
    assert condition is not None
    trace = Trace(compile_set(effective), values, TODAY)
    named = trace.unknown_fields(condition)
    assert bool(named) is (trace.truth(condition) is Truth.UNKNOWN)


def _of_line(part: Condition) -> bool:
    """Parts inside `lines` have no truth without a line."""
    parts = list(walk(part))
    if any(isinstance(one, ForLines | CountLines | SumLines) for one in parts):
        return False
    return any(isinstance(one, Test) and one.field.of_line for one in parts)
