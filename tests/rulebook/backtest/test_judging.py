"""Decided together or one by one, documents come out alike: the vectors equal the live rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Outcome
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from robot.rulebook.backtest.judging import Judge, JudgedSet, Memories, asked_by, judged
from robot.rulebook.backtest.questions import Questions
from robot.rulebook.loader import LoadedRules
from tests.rulebook.generated import LIST_FILES, blocks, documents
from tests.rulebook.test_reference import RULES, written
from tests.rulebook.world import CATALOGUE, CUSTOMER, TODAY, document, line, loaded, standard
from tests.support.history import batch_of, past

DAYS = st.sampled_from([TODAY + timedelta(days=days) for days in (-1, 0, 1)])
PAST = st.lists(st.tuples(documents(), DAYS), min_size=1, max_size=6)
SLOW = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
Documents = Sequence[tuple[dict[str, Any], date]]
EFFECTS = (
    "post:",
    "bounce: reference-missing",
    "bounce: dimension-missing",
    "bounce: coding-missing",
    "hold: amount-wrong",
    "hold: fraud-suspected",
)


class _Judged:
    """A set and documents, ready to be decided together."""

    def __init__(self, read: LoadedRules, given_documents: Documents) -> None:
        assert [str(problem) for problem in read.errors] == []
        self.questions = Questions()
        stem = "eksempel" if "eksempel" in read.customers else None
        self.rules: JudgedSet = judged(read.effective(stem), self.questions)
        self.documents = given_documents
        self.batch = batch_of(
            [past(f"k{n}", v, decided_on=day) for n, (v, day) in enumerate(given_documents)],
            CATALOGUE,
        )
        self.rows = slice(0, self.batch.size)

    @property
    def judge(self) -> Judge:
        return Judge(
            self.batch, self.questions, asked_by(self.batch.customers, {"99001": (self.rules,)})
        )

    def outcomes(self) -> list[tuple[Outcome, set[str]]]:
        verdicts = self.judge.verdicts(self.rules, self.rows, Memories().of(self.rules))
        return [(verdict.outcome, set(verdict.codes)) for verdict in verdicts]

    def live(self) -> list[tuple[Outcome, set[str]]]:
        decisions = [self.rules.decide(values, day) for values, day in self.documents]
        return [(d.outcome, {finding.code for finding in d.findings}) for d in decisions]


@SLOW
@given(rules=RULES, given_documents=PAST)
def test_each_rule_comes_out_as_the_compiled_rules_say(
    rules: list[tuple[str, str | None, str]], given_documents: Documents
) -> None:
    world = _Judged(loaded({"standard.yaml": written(rules), **LIST_FILES}), given_documents)
    pattern = world.judge.pattern(world.rules, world.rows)
    for row, (values, day) in enumerate(given_documents):
        true, unknown = world.rules.compiled.evaluate(values, day)
        live = [2 if n in true else 1 if n in unknown else 0 for n in range(len(rules))]
        assert pattern[row, : len(rules)].tolist() == live


@st.composite
def rule_files(draw: st.DrawFn) -> dict[str, str]:
    """Rules of all effects, with dispensations that count on some of the days."""
    rules, given_out = [], []
    for number in range(draw(st.integers(1, 5))):
        effect = draw(st.sampled_from(EFFECTS))
        rules.append(
            f"id: rule-{number}\n{effect}\nactions: [move-posting-date]\nwhen: {draw(blocks())}\n"
        )
        kind = draw(st.sampled_from(("", "", "off", "move")))
        if kind:
            action = ", action: move-posting-date" if kind == "move" else ""
            given_out.append(
                f"  - {{rule: rule-{number}{action}, from: 2026-11-24, until: 2026-11-24, "
                "why: aftalt, approved-by: teamleder}\n"
            )
    customer = CUSTOMER + ("dispensations:\n" + "".join(given_out) if given_out else "")
    return {"standard.yaml": standard(*rules), "customers/eksempel.yaml": customer, **LIST_FILES}


@SLOW
@given(files=rule_files(), given_documents=PAST)
def test_each_document_is_decided_as_live(
    files: dict[str, str], given_documents: Documents
) -> None:
    world = _Judged(loaded(files), given_documents)
    assert world.outcomes() == world.live()


def test_what_a_pattern_has_taught_holds_for_all_documents_of_it() -> None:
    post = "id: small\npost:\nwhen: {invoice.total: {at_most: 100 DKK}}"
    amounts = [Money(Decimal(n), "DKK") for n in (50, 100, 101, 99)]
    given_documents = [(document(invoice__total=amount), TODAY) for amount in amounts]
    world = _Judged(
        loaded({"standard.yaml": standard(post), "customers/eksempel.yaml": CUSTOMER}),
        given_documents,
    )
    memory = Memories().of(world.rules)
    verdicts = world.judge.verdicts(world.rules, world.rows, memory)
    assert [v.outcome for v in verdicts] == [
        Outcome.POST,
        Outcome.POST,
        Outcome.HOLD,
        Outcome.POST,
    ]
    assert len(memory.verdicts) == 2


def test_findings_on_lines_that_explain_each_other_are_looked_at_line_by_line() -> None:
    coding = "id: coding\nbounce: coding-missing\nwhen: {lines: {any: {coded: no}}}"
    dimension = (
        "id: dimension\nhold: dimension-missing\n"
        "when: {lines: {any: {dimensions.formaal: missing}}}"
    )
    same = (
        line(coded=False, dimensions__formaal=None, number="1"),
        line(coded=True, dimensions__formaal="x", number="2"),
    )
    apart = (
        line(coded=False, dimensions__formaal="x", number="1"),
        line(coded=True, dimensions__formaal=None, number="2"),
    )
    world = _Judged(
        loaded(
            {"standard.yaml": standard(coding, dimension), "customers/eksempel.yaml": CUSTOMER}
        ),
        [(document(lines=lines), TODAY) for lines in (same, apart, same)],
    )
    assert [outcome for outcome, _ in world.outcomes()] == [
        Outcome.BOUNCE,
        Outcome.HOLD,
        Outcome.BOUNCE,
    ]


def test_a_dispensation_that_moves_the_date_needs_an_open_day() -> None:
    closed = (
        "id: closed\nbounce: posting-date-closed\nactions: [move-posting-date]\n"
        "when: {posting.period_open: no}"
    )
    post = "id: all\npost:\nwhen: {creditor.known: yes}"
    given_out = (
        "dispensations:\n  - {rule: closed, action: move-posting-date, until: 2026-12-31, "
        "why: aftalt, approved-by: teamleder}\n"
    )
    values = [
        document(posting__period_open=False, creditor__known=True, posting__next_open=day)
        for day in (TODAY, None, UNKNOWN)
    ]
    world = _Judged(
        loaded(
            {
                "standard.yaml": standard(closed, post),
                "customers/eksempel.yaml": CUSTOMER + given_out,
            }
        ),
        [(one, TODAY) for one in values],
    )
    assert [outcome for outcome, _ in world.outcomes()] == [
        Outcome.POST,
        Outcome.BOUNCE,
        Outcome.BOUNCE,
    ]
