"""What must hold for every rule set and every document, however strange."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Effect, Outcome, Truth
from robot.domain.fields import UNKNOWN
from robot.rulebook.ruleset import CompiledRuleSet
from tests.rulebook.generated import LIST_FILES, blocks, documents
from tests.rulebook.reference import rule_truth
from tests.rulebook.world import CUSTOMER, TODAY, loaded, standard

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
EFFECTS = st.sampled_from(
    (
        "bounce: reference-missing",
        "bounce: amount-wrong",
        "bounce: dimension-missing",
        "hold: creditor-unknown",
        "hold: fraud-suspected",
        "note:",
    )
)
BLOCKING = st.tuples(EFFECTS, blocks())
POSTING = st.tuples(st.just("post:"), blocks())
RULES = st.lists(st.one_of(POSTING, POSTING, BLOCKING), min_size=1, max_size=5)
Written = list[tuple[str, str]]


def rule_set(rules: Written) -> CompiledRuleSet:
    texts = [
        f"id: rule-{number}\n{effect}\nwhen: {when}\n"
        for number, (effect, when) in enumerate(rules)
    ]
    read = loaded(
        {"standard.yaml": standard(*texts), "customers/eksempel.yaml": CUSTOMER, **LIST_FILES}
    )
    assert [str(problem) for problem in read.errors] == []
    return CompiledRuleSet(read.effective("eksempel"), compute=lambda *_: {})


@SLOW
@given(rules=RULES, values=documents())
def test_only_a_true_post_rule_with_all_blocking_rules_false_posts(
    rules: Written, values: dict[str, Any]
) -> None:
    made = rule_set(rules)
    decision = made.decide_values(values, TODAY)
    lists = {
        name: [(r.value, r.valid_from, r.valid_to) for r in rows.rows]
        for name, rows in made.effective.lists.items()
    }
    truths = [
        (part.rule, rule_truth(part.rule, values, TODAY, lists)) for part in made.effective.rules
    ]
    may_post = any(r.effect is Effect.POST and t is Truth.TRUE for r, t in truths)
    blocked = any(r.blocking and t is not Truth.FALSE for r, t in truths)
    assert (decision.outcome is Outcome.POST) is (may_post and not blocked)


@SLOW
@given(rules=RULES, values=documents(), data=st.data())
def test_taking_information_away_never_makes_a_post(
    rules: Written, values: dict[str, Any], data: st.DataObject
) -> None:
    made = rule_set(rules)
    before = made.decide_values(values, TODAY)
    less = poorer(values, data)
    after = made.decide_values(less, TODAY)
    assert before.outcome is Outcome.POST or after.outcome is not Outcome.POST


@SLOW
@given(rules=RULES, extra=BLOCKING, values=documents())
def test_adding_a_blocking_rule_never_makes_a_post(
    rules: Written, extra: tuple[str, str], values: dict[str, Any]
) -> None:
    before = rule_set(rules).decide_values(values, TODAY)
    after = rule_set([*rules, extra]).decide_values(values, TODAY)
    assert before.outcome is Outcome.POST or after.outcome is not Outcome.POST


@SLOW
@given(rules=RULES, values=documents())
def test_the_same_input_gives_the_same_decision(rules: Written, values: dict[str, Any]) -> None:
    assert rule_set(rules).decide_values(values, TODAY) == rule_set(rules).decide_values(
        values, TODAY
    )


@SLOW
@given(rules=RULES, values=documents(), order=st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_change_the_outcome(
    rules: Written, values: dict[str, Any], order: Random
) -> None:
    shuffled = list(rules)
    order.shuffle(shuffled)
    before = rule_set(rules).decide_values(values, TODAY)
    after = rule_set(shuffled).decide_values(values, TODAY)
    assert before.outcome is after.outcome
    assert {f.code for f in before.findings} == {f.code for f in after.findings}


def poorer(values: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The values with some of them, or of a line's, not known any more."""
    gone = data.draw(st.sets(st.sampled_from(sorted(values))))
    less = {name: UNKNOWN if name in gone else value for name, value in values.items()}
    lines = less["lines"]
    if isinstance(lines, tuple):
        less["lines"] = tuple(
            {k: UNKNOWN if data.draw(st.booleans()) else v for k, v in one.items()}
            for one in lines
        )
    return less
