"""What would have let a document be posted: it does, and nothing less would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Outcome
from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.explain.changes import (
    Change,
    FieldChange,
    ListChange,
    LiteralChange,
    ParameterChange,
    Slot,
)
from robot.rulebook.explain.judging import Judge
from robot.rulebook.explain.why_not import Answers, WhyNot, posts, why_not
from robot.rulebook.loader import LoadedRules
from robot.rulebook.ruleset import CompiledRuleSet
from tests.rulebook.generated import AMOUNTS, CODES, DAYS, LIST_FILES, blocks, documents
from tests.rulebook.world import (
    CATALOGUE,
    CUSTOMER,
    FIELDS,
    TODAY,
    document,
    line,
    loaded,
    standard,
)

PARAMETERS = "parameters:\n  small.limit: {value: 5000 DKK}\n  good.codes: {value: [A1, A2]}\n"
POST = "id: small\npost:\nwhen: {invoice.total: {at_most: $small.limit}, creditor.known: yes}"


def world(*rules: str, customer: str = CUSTOMER, **files: str) -> LoadedRules:
    texts = {
        "standard.yaml": PARAMETERS + standard(POST, *rules),
        "customers/x.yaml": customer,
        "lists/approved.csv": "value,from,until\nA1,,\n",
        **{name.replace("__", "/") + ".csv": text for name, text in files.items()},
    }
    read = loaded(texts)
    assert [str(problem) for problem in read.problems] == []
    return read


def kroner(amount: str) -> Money:
    return Money(Decimal(amount), "DKK")


def good(**changes: object) -> dict[str, Any]:
    return document(
        **{
            "invoice__total": kroner("100"),
            "creditor__known": True,
            "order__reference": "12345678",
            "lines": (line(number="1", account="0450", dimensions__delregnskab="100"),),
            **changes,
        }
    )


def asked(read: LoadedRules, values: dict[str, Any]) -> WhyNot:
    return why_not(read, "x", values, TODAY)


def named(answers: Answers) -> list[list[str]]:
    return sorted(sorted(_name(change) for change in changes) for changes in answers.sets)


def _name(change: Change) -> str:
    if isinstance(change, FieldChange):
        where = "" if change.slot.line is None else f"[{change.slot.line}]"
        text = f"{change.slot.field.key}{where}"
        if change.ranged:
            return f"{text} {_end(change.low)}..{_end(change.high)}"
        return f"{text} {change.new}"
    if isinstance(change, ParameterChange):
        return f"${change.old.name} {', '.join(str(_end(value)) for value in change.values)}"
    if isinstance(change, LiteralChange):
        return f"{change.rule.rule.id} {_end(change.old)} -> {_end(change.new)}"
    if isinstance(change, ListChange):
        return f"{'+' if change.added else '-'}{change.value} {change.name}"
    return f"off {change.rule.rule.id}"


def _end(value: object) -> str:
    return str(value.amount) if isinstance(value, Money) else "" if value is None else str(value)


class TestOneChange:
    def test_an_amount_above_a_parameter_is_lowered_or_the_parameter_raised(self) -> None:
        answer = asked(world(), good(invoice__total=kroner("6250")))
        assert named(answer.smallest) == [["$small.limit 6250"], ["invoice.total ..5000"]]
        assert named(answer.by_document) == [["invoice.total ..5000"]]
        assert named(answer.by_rules) == [["$small.limit 6250"]]

    def test_the_customer_s_own_setting_is_what_is_raised(self) -> None:
        own = f"{CUSTOMER}set: {{small.limit: 200 DKK}}\n"
        answer = asked(world(customer=own), good(invoice__total=kroner("201.50")))
        assert named(answer.by_rules) == [["$small.limit 201.50"]]
        assert named(answer.by_document) == [["invoice.total ..200"]]

    def test_a_limit_in_the_customer_s_own_rule(self) -> None:
        own = (
            CUSTOMER
            + "rules:\n  - id: more\n    why: x\n    post:\n"
            + ("    when: {order.reference: {starts_with: B}, invoice.total: {below: 9000 DKK}}\n")
        )
        values = good(invoice__total=kroner("9000"), order__reference="B1", creditor__known=False)
        answer = asked(world(customer=own), values)
        assert named(answer.by_rules) == [["more 9000 -> 9000.01"]]

    def test_a_line_is_named(self) -> None:
        rule = (
            "id: needs\nbounce: dimension-missing\n"
            "when: {lines: {any: {dimensions.delregnskab: missing}}}"
        )
        lines = (
            line(number="1", dimensions__delregnskab="100"),
            line(number="2", dimensions__delregnskab=None),
        )
        answer = asked(world(rule), good(lines=lines))
        assert named(answer.smallest) == [["dimensions.delregnskab[1] x1"], ["off needs"]]

    def test_a_value_is_put_on_a_list(self) -> None:
        own = "id: ours\nhold: creditor-unknown\nwhen: {creditor.number: {not_in_list: approved}}"
        answer = asked(world(own), good(creditor__number="A7"))
        assert ["+A7 approved"] in named(answer.smallest)
        assert ["creditor.number A1"] in named(answer.smallest)

    def test_a_value_is_added_to_a_parameter_of_several(self) -> None:
        own = "id: ours\nhold: creditor-unknown\nwhen: {creditor.number: {not_in: $good.codes}}"
        answer = asked(world(own), good(creditor__number="A7"))
        assert named(answer.by_rules) == [["$good.codes A1, A2, A7"], ["off ours"]]

    def test_what_is_not_known_is_to_be_known(self) -> None:
        answer = asked(world(), good(creditor__known=None))
        assert named(answer.smallest) == [["creditor.known True"]]


class TestSeveralChanges:
    def test_each_obstacle_takes_its_own(self) -> None:
        rule = "id: reference\nbounce: reference-missing\nwhen: {order.reference: missing}"
        values = good(invoice__total=kroner("6250"), order__reference=None)
        answer = asked(world(rule), values)
        assert answer.smallest.size == 2
        assert named(answer.smallest) == [
            ["$small.limit 6250", "off reference"],
            ["$small.limit 6250", "order.reference x1"],
            ["invoice.total ..5000", "off reference"],
            ["invoice.total ..5000", "order.reference x1"],
        ]

    def test_one_change_may_settle_two_rules(self) -> None:
        rules = (
            "id: one\nhold: creditor-unknown\nwhen: {invoice.age_days: {above: 30}}",
            "id: two\nbounce: amount-wrong\nwhen: {invoice.age_days: {above: 60}}",
        )
        answer = asked(world(*rules), good(invoice__age_days=Decimal(90)))
        assert named(answer.smallest) == [["invoice.age_days ..30"]]

    def test_the_range_has_both_ends_where_both_count(self) -> None:
        rule = "id: odd\nhold: creditor-unknown\nwhen: {invoice.total: {below: 50 DKK}}"
        answer = asked(world(rule), good(invoice__total=kroner("6250")))
        assert named(answer.by_document) == [["invoice.total 50..5000"]]


class TestWhatMayNotBePassedOver:
    @pytest.mark.parametrize(
        "rule",
        [
            "id: guarded\nmandatory: yes\nhold: amount-wrong\nwhen: {creditor.blocked: {is: all}}",
            "id: guarded\nhold: fraud-suspected\nwhen: {creditor.blocked: {is: all}}",
        ],
    )
    def test_mandatory_and_security_rules_are_not_changed(self, rule: str) -> None:
        answer = asked(world(rule), good(creditor__blocked="all"))
        assert answer.by_rules.sets == ()
        assert [part.rule.id for part in answer.not_by_rules] == ["guarded"]
        assert named(answer.smallest) == [["creditor.blocked no"]]

    def test_nor_is_a_parameter_or_list_that_such_a_rule_uses(self) -> None:
        rule = (
            "id: guarded\nmandatory: yes\nhold: creditor-unknown\n"
            "when: {invoice.payable: {above: $small.limit}}"
        )
        values = good(invoice__total=kroner("6250"), invoice__payable=kroner("1"))
        answer = asked(world(rule), values)
        assert answer.by_rules.sets == ()

    def test_what_a_document_is_stays(self) -> None:
        rule = "id: kind\nhold: creditor-unknown\nwhen: {invoice.kind: {is: invoice}}"
        answer = asked(world(rule), good(invoice__kind="invoice"))
        assert named(answer.smallest) == [["off kind"]]

    def test_nothing_is_ever_posted_for_a_customer_that_nobody_knows(self) -> None:
        answer = why_not(world(), None, good(), TODAY)
        assert answer.nobody
        assert answer.smallest.sets == ()


class TestEdges:
    def test_a_posted_document_needs_nothing(self) -> None:
        assert asked(world(), good()).smallest.sets == ((),)

    def test_nothing_helps_when_no_rule_posts(self) -> None:
        read = loaded({"standard.yaml": "rules: []\n", "customers/x.yaml": CUSTOMER})
        answer = why_not(read, "x", good(), TODAY)
        assert (answer.smallest.sets, answer.smallest.all_of_them) == ((), True)

    def test_a_sum_over_lines(self) -> None:
        rule = (
            "id: sum\nhold: creditor-unknown\nwhen: {lines: {sum: {field: net, above: 100 DKK}}}"
        )
        lines = (line(number="1", net=kroner("80")), line(number="2", net=kroner("40")))
        answer = asked(world(rule), good(lines=lines))
        assert named(answer.by_document) == [["net[0] ..60"], ["net[1] ..20"]]


# ---------------------------------------------------------------- laws, on generated worlds

EFFECTS = st.sampled_from(
    (
        "bounce: reference-missing",
        "bounce: amount-wrong",
        "hold: creditor-unknown",
        "hold: fraud-suspected",
    )
)
BLOCKING = st.tuples(EFFECTS, blocks())
POSTING = st.tuples(st.just("post:"), blocks())
RULES = st.tuples(st.lists(POSTING, min_size=1, max_size=2), st.lists(BLOCKING, max_size=2)).map(
    lambda both: [*both[0], *both[1]]
)
SLOW = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))


def generated(rules: Sequence[tuple[str, str]], *, own: bool) -> LoadedRules:
    texts = [
        f"id: rule-{number}\n{effect}\nwhen: {when}\n"
        for number, (effect, when) in enumerate(rules)
    ]
    body = "rules:\n" + standard(*texts).partition("\n")[2]
    files = {"customers/x.yaml": CUSTOMER + (body if own else ""), **LIST_FILES}
    read = loaded({"standard.yaml": "rules: []\n" if own else standard(*texts), **files})
    assert [str(problem) for problem in read.errors] == []
    return read


def outcome(read: LoadedRules, values: dict[str, Any]) -> Outcome:
    made = CompiledRuleSet(read.effective("x"), compute=lambda *_: {})
    return made.decide_values(values, TODAY).outcome


@SLOW
@given(rules=RULES, values=documents(), own=st.booleans())
def test_every_answer_posts_and_no_part_of_it_does(
    rules: list[tuple[str, str]], values: dict[str, Any], own: bool
) -> None:
    read = generated(rules, own=own)
    judge = Judge(read, "x", TODAY)
    found = why_not(read, "x", values, TODAY)
    for answers in (found.smallest, found.by_document, found.by_rules):
        for changes in answers.sets[:4]:
            assert posts(judge, values, changes)
            for size in range(len(changes)):
                for fewer in combinations(changes, size):
                    assert not posts(judge, values, fewer)


@SLOW
@given(rules=RULES, values=documents())
def test_no_smaller_change_of_the_document_was_overlooked(
    rules: list[tuple[str, str]], values: dict[str, Any]
) -> None:
    read = generated(rules, own=False)
    found = why_not(read, "x", values, TODAY, fixed=()).by_document
    if outcome(read, values) is Outcome.POST:
        assert found.sets == ((),)
        return
    assert not found.sets or found.size > 0
    judge = Judge(read, "x", TODAY)
    if found.size != 1 and (found.sets or found.ruled_out > 0):
        singles = every_single_change(values)
        ways = [change for change in singles if judge.state(values, [change]).posts()]
        assert [_name(change) for change in ways] == []


@SLOW
@given(rules=RULES, values=documents())
def test_the_ends_of_a_range_are_its_ends(
    rules: list[tuple[str, str]], values: dict[str, Any]
) -> None:
    read = generated(rules, own=False)
    judge = Judge(read, "x", TODAY)
    for changes in why_not(read, "x", values, TODAY).by_document.sets[:3]:
        for change in changes:
            if isinstance(change, FieldChange) and change.ranged:
                others = [other for other in changes if other is not change]
                for end in (change.low, change.high, change.new):
                    if end is not None:
                        ended = FieldChange(slot=change.slot, old=change.old, new=end)
                        assert posts(judge, values, [*others, ended])


def every_single_change(values: dict[str, Any]) -> Iterator[FieldChange]:
    """Every field with every value of the generated world: found without looking at the rules."""
    for name, spec in CATALOGUE.items():
        if spec.type is FieldType.LINES or spec.open_ended:
            continue
        key = name.removeprefix("lines.")
        field = FIELDS.find(key, of_line=spec.of_line)
        assert field is not None
        lines = values["lines"] if isinstance(values["lines"], tuple) else ()
        places = range(len(lines)) if spec.of_line else [None]
        for place in places:
            slot = Slot(field=field, line=place)
            for value in possible(spec.type, spec.choices):
                yield FieldChange(slot=slot, old=slot.value(values), new=value)


def possible(kind: FieldType, choices: Sequence[str]) -> list[Any]:
    some: dict[FieldType, list[Any]] = {
        FieldType.MONEY: [
            Money(Decimal(amount), currency) for amount in AMOUNTS for currency in ("DKK", "EUR")
        ],
        FieldType.NUMBER: [Decimal(number) for number in ("0", "1", "2", "12.5")],
        FieldType.DATE: list(DAYS),
        FieldType.FLAG: [True, False],
        FieldType.CHOICE: list(choices),
        FieldType.ACCOUNTS: [frozenset(), frozenset({"A1"}), frozenset(CODES)],
    }
    return [*some.get(kind, list(CODES)), None]
