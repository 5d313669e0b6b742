"""Deciding: a hundred rules on one document, against general rule engines in the same run.

All answer the same question, which of the hundred rules hold, and their answers are compared
before the clock starts. Every engine is timed in turn on the same few documents, by the processor
time that it takes, so that what else the machine does falls on all of them, and so that the values
lie in the cache, as they do in a run when the checks have just computed them.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import datalogic_py
import regorus
import zen

from bench.decision_world import TODAY, documents, effective_rules
from bench.ratio import Ratio
from bench.rego_peer import PACKAGE, policy
from bench.rule_peers import json_logic, plain, zen_expression
from robot.rulebook.compiler import compile_set

DOCUMENTS: Final = 2_000
COMPARED: Final = 300
SLICE: Final = 20
ROUNDS: Final = 7
AIM: Final = 3.0
#: Which rules hold for a document, by index.
Answer = Callable[[dict[str, Any]], list[int]]


def run() -> list[Ratio]:
    """Decisions per second of the compiled rules beside each engine."""
    effective = effective_rules()
    conditions = [part.rule.condition for part in effective.rules]
    known = [condition for condition in conditions if condition is not None]
    assert len(known) == len(conditions)
    values = documents(DOCUMENTS, effective)
    nested = [plain(document) for document in values]
    compiled = compile_set(effective)
    expression = zen.compile_expression(
        f"[{', '.join(zen_expression(condition, TODAY) for condition in known)}]"
    )
    engine = datalogic_py.Engine()
    rule = engine.compile(json.dumps([json_logic(condition, TODAY) for condition in known]))
    session = engine.session()
    rego = regorus.Engine()
    rego.add_policy("rules.rego", policy(known, TODAY))

    def compiled_rules(document: dict[str, Any]) -> list[int]:
        return compiled.evaluate(document, TODAY)[0]

    def zen_engine(document: dict[str, Any]) -> list[int]:
        return [i for i, holds in enumerate(expression.evaluate(document)) if holds]

    def datalogic(document: dict[str, Any]) -> list[int]:
        return [i for i, holds in enumerate(session.evaluate(rule, document)) if holds]

    def regorus_rules(document: dict[str, Any]) -> list[int]:
        rego.set_input(document)
        return sorted(rego.eval_rule(f"data.{PACKAGE}.fired"))

    peers: dict[str, Answer] = {
        "zen": zen_engine,
        "datalogic": datalogic,
        "regorus": regorus_rules,
    }
    _same_answers(compiled_rules, values, peers, nested)
    rates = _rates(
        [
            (lambda d: compiled.evaluate(d, TODAY), values),
            (expression.evaluate, nested),
            (lambda d: session.evaluate(rule, d), nested),
            (regorus_rules, nested),
        ]
    )
    ours, zen_rate, datalogic_rate, regorus_rate = rates
    aim = f"≥ {AIM:.0f} × the fastest"
    return [
        _ratio("deciding, 100 rules", ours, "GoRules zen-engine", zen_rate, aim),
        _ratio("deciding, 100 rules", ours, "datalogic (Rust)", datalogic_rate, aim),
        _ratio("deciding, 100 rules", ours, "regorus (Rego in Rust)", regorus_rate, aim),
    ]


def _ratio(name: str, value: float, floor_name: str, floor: float, aim: str) -> Ratio:
    return Ratio(
        name=name,
        value=value,
        unit="/s",
        floor_name=floor_name,
        floor_value=floor,
        ratio=value / floor,
        aim=aim,
    )


def _same_answers(
    ours: Answer, values: Sequence[Any], peers: dict[str, Answer], nested: Sequence[Any]
) -> None:
    held = 0
    for document, other in zip(values[:COMPARED], nested[:COMPARED], strict=True):
        expected = ours(document)
        held += len(expected)
        for name, peer in peers.items():
            answer = peer(other)
            assert answer == expected, f"{name} disagrees: {set(answer) ^ set(expected)}"
    assert held > 0, "no rule ever held: nothing was compared"


def _rates(engines: Sequence[tuple[Callable[[Any], object], Sequence[Any]]]) -> list[float]:
    """Documents per second of each engine: the best round of each slice, all slices added."""
    seconds = [0.0 for _ in engines]
    gc.collect()
    for start in range(0, DOCUMENTS, SLICE):
        for index, (decide, given) in enumerate(engines):
            few = given[start : start + SLICE]
            seconds[index] += min(_seconds(decide, few) for _ in range(ROUNDS))
    return [DOCUMENTS / total for total in seconds]


def _seconds(decide: Callable[[Any], object], given: Sequence[Any]) -> float:
    began = time.process_time()
    for document in given:
        decide(document)
    return time.process_time() - began
