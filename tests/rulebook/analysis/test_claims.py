"""What is claimed of generated rules is so for every generated document."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Outcome, Truth
from robot.rulebook.check import check
from robot.rulebook.nonsense import without_nonsense
from robot.rulebook.ruleset import CompiledRuleSet
from tests.rulebook.generated import LIST_FILES, blocks, documents
from tests.rulebook.world import CUSTOMER, TODAY, loaded

EFFECTS = {"p": "post:", "h": "hold: fraud-suspected", "b": "bounce: reference-missing"}


@st.composite
def customer_files(draw: st.DrawFn) -> str:
    """A customer's file with a few rules; some are made of the same blocks, so that they meet."""
    parts = draw(st.lists(blocks(), min_size=1, max_size=2))
    text = CUSTOMER + "rules:\n"
    for number in range(draw(st.integers(2, 4))):
        kind = draw(st.sampled_from(sorted(EFFECTS)))
        chosen = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=2))
        text += f"  - id: {kind}{number}\n    {EFFECTS[kind]}\n    when: {{all_of: ["
        text += ", ".join(chosen) + "]}\n"
    return text


@given(text=customer_files(), tried=st.lists(documents(), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_document_contradicts_a_claim(text: str, tried: list[dict[str, Any]]) -> None:
    read = loaded({"customers/x.yaml": text, **LIST_FILES})
    decider = CompiledRuleSet(read.effective("x"), compute=lambda *_: {})
    ids = {rule.at: rule.id for rule in read.customers["x"].rules}
    lines = {at.line: name for at, name in ids.items()}
    for claim in check(read, TODAY):
        name = lines.get(claim.line, "")
        for values in tried:
            decision = decider.decide_values(values, TODAY)
            true = {r.rule for r in decision.results if r.truth is Truth.TRUE}
            if claim.code == "never-posts":
                assert name not in decision.posted_by
            elif claim.code == "never-bounces":
                assert name not in true or decision.outcome is Outcome.HOLD
            elif claim.code == "redundant-rule":
                (other,) = claim.related
                assert name not in true or ids[other] in true
    for problem in without_nonsense(read).errors:
        word = problem.message.split("'")[1]
        for values in tried:
            results = decider.decide_values(values, TODAY).results
            assert not any(r.rule == word and r.truth is Truth.TRUE for r in results)
