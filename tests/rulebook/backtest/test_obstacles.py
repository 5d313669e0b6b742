"""What alone keeps documents from being posted, found by deciding them without it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.money import Money
from robot.flow.history_port import Aftermath, PastDecision
from robot.rulebook.backtest.comparison import Tally
from robot.rulebook.backtest.obstacles import Kind, Obstacle, Obstacles
from robot.rulebook.backtest.relaxing import bound_that_admits
from robot.rulebook.backtest.value import Opportunity, Weights, opportunities
from robot.rulebook.conditions import Literal, Test
from robot.rulebook.problem import Position
from robot.rulebook.vocabulary import Operator
from tests.rulebook.backtest.test_comparison import invoice
from tests.rulebook.backtest.world import CREDITOR, POST, REFERENCE, Past, rules
from tests.rulebook.world import CUSTOMER, FIELDS

WEIGHTS = Weights(
    scale=5,
    importance={"sam-rule": 5, "customer": 3},
    importance_of_error_types={},
    synergy_step=0.5,
)
OTHER = 'customer: {name: Anden, bogfoeringskreds: "99002"}\ndimensions: [delregnskab]\n'


def found_in(folder: Path, *decisions: PastDecision, **events: Aftermath) -> Obstacles:
    found, _ = Past(folder, decisions, list(events.items())).searched(rules())
    return found


def ranked(
    folder: Path, *decisions: PastDecision, weights: Weights = WEIGHTS, **events: Aftermath
) -> list[Opportunity]:
    read = rules()
    found, search = Past(folder, decisions, list(events.items())).searched(read)
    return opportunities(found, search, read.taxonomy, weights)


def rule(name: str, code: str) -> Obstacle:
    return Obstacle("99001", Kind.RULE, name, 0, code)


def criterion(number: int) -> Obstacle:
    return Obstacle("99001", Kind.CRITERION, "post-small", number, "outside-criteria")


def test_a_rule_that_alone_stops_a_document_is_an_obstacle(tmp_path: Path) -> None:
    found = found_in(tmp_path, invoice("k1", 10, creditor__known=False))
    assert set(found.freed) == {rule("creditor-exists", "creditor-unknown")}


def test_two_rules_that_stop_a_document_together_are_none(tmp_path: Path) -> None:
    both = invoice("k1", 10, creditor__known=False, invoice__number=None)
    assert found_in(tmp_path, both).freed == {}


def test_a_document_that_would_not_be_posted_without_the_rule_is_not_counted(
    tmp_path: Path,
) -> None:
    assert found_in(tmp_path, invoice("k1", 5000, creditor__known=False)).freed == {}


def test_a_single_condition_of_a_post_rule_is_an_obstacle(tmp_path: Path) -> None:
    large, bare = invoice("k1", 1500), invoice("k2", 10, order__reference=None)
    neither = invoice("k3", 1500, order__reference=None)
    found = found_in(tmp_path, large, bare, neither)
    assert {key: freed.all for key, freed in found.freed.items()} == {
        criterion(1): Tally(1, 1500_00),
        criterion(0): Tally(1, 10_00),
    }


def test_a_posted_document_has_no_obstacle(tmp_path: Path) -> None:
    found = found_in(tmp_path, invoice("k1", 10))
    assert found.freed == {}
    assert found.posted == {
        ("99001", ""): Tally(1, 10_00),
        ("99001", "post-small"): Tally(1, 10_00),
    }


def test_what_an_exception_forbids_is_a_condition_too(tmp_path: Path) -> None:
    post = POST + "    unless: {any_of: [{remark.text: present}, {creditor.blocked: {is: all}}]}\n"
    world = Past(tmp_path, [invoice("k1", 10, remark__text="TIL SAM", creditor__blocked="no")])
    found, search = world.searched(rules(post))
    (obstacle,) = found.freed
    (text,) = {r.text for r in search.relaxations["99001"] if r.number == obstacle.number}
    assert text == "not (remark.text present)"


def test_what_people_did_is_the_risk(tmp_path: Path) -> None:
    (one,) = ranked(
        tmp_path,
        *(invoice(f"k{n}", 1500) for n in range(4)),
        invoice("p1", 10),
        invoice("p2", 10),
        k0=Aftermath.POSTED_BY_CLERK,
        k1=Aftermath.POSTED_BY_CLERK,
        k2=Aftermath.CORRECTED,
        p1=Aftermath.REVERSED,
    )
    assert (one.documents, one.confirmed, one.regretted) == (4, 2, 1)
    assert one.risk == pytest.approx(1 / 3)
    assert (one.similar.documents, one.similar_regretted.documents) == (2, 1)


def test_a_bound_is_proposed_with_what_it_lets_through(tmp_path: Path) -> None:
    (one,) = ranked(tmp_path, *(invoice(f"k{n}", 1000 + n) for n in (1, 100, 480, 7000)))
    assert one.parameter == "small.limit"
    assert [(bound.value, bound.documents) for bound in one.bounds] == [
        (Decimal(1500), 3),
        (Decimal(8000), 4),
    ]


def test_a_proposed_bound_lets_through_as_many_as_it_says(tmp_path: Path) -> None:
    world = Past(tmp_path, [invoice(f"k{n}", 990 + n * 211) for n in range(20)])
    read = rules()
    found, search = world.searched(read)
    (one,) = opportunities(found, search, read.taxonomy, WEIGHTS)
    for bound in one.bounds:
        raised = rules(customer=f"{CUSTOMER}set: {{small.limit: {bound.value} DKK}}\n")
        assert world.compared(read, raised).newly_posted.documents == bound.documents


def test_a_rule_about_another_kind_of_document_is_no_opportunity(tmp_path: Path) -> None:
    credit = POST.replace("order.reference: present", "invoice.kind: {is: credit-note}")
    found, _ = Past(tmp_path, [invoice("k1", 10, invoice__kind="invoice")]).searched(rules(credit))
    assert found.freed == {}


def test_what_is_mandatory_or_about_security_is_not_relaxed(tmp_path: Path) -> None:
    fraud = CREDITOR.replace("creditor-unknown", "fraud-suspected")
    mandatory = REFERENCE.replace("bounce:", "mandatory: yes\n    bounce:")
    read = rules(POST, fraud, mandatory)
    world = Past(
        tmp_path,
        [invoice("k1", 10, creditor__known=False), invoice("k2", 10, invoice__number=None)],
    )
    found, search = world.searched(read)
    both = opportunities(found, search, read.taxonomy, WEIGHTS)
    assert [one.can_be_relaxed for one in both] == [False, False]


def test_value_is_importance_spread_weight_and_synergy(tmp_path: Path) -> None:
    read = rules(**{"customers/anden.yaml": OTHER})
    world = Past(
        tmp_path,
        [
            invoice("k1", 1500),
            invoice("k2", 1500),
            invoice("k3", 10, order__reference=None),
            invoice("k4", 10, customer="99002"),
        ],
    )
    found, search = world.searched(read)
    first, second = opportunities(found, search, read.taxonomy, WEIGHTS)
    assert (first.documents, second.documents) == (2, 1)
    assert first.value.importance == 5  # the centre's own rule
    assert first.value.spread == pytest.approx(1 + 4 / 2)  # one of two customers
    assert first.value.weight == 5  # the weightiest
    assert second.value.weight == 3  # half of it
    assert first.value.synergy == 1.5  # one more for the same people
    assert first.value.total == pytest.approx(5 * 3 * 5 * 1.5)


def test_an_error_type_can_matter_more_than_who_removes_it(tmp_path: Path) -> None:
    weights = Weights(
        scale=5,
        importance={"sam-rule": 5},
        importance_of_error_types={"outside-criteria": 2},
        synergy_step=0.5,
    )
    (one,) = ranked(tmp_path, invoice("k1", 1500), weights=weights)
    assert one.value.importance == 2


@given(
    value=st.decimals("-1000000", "1000000", places=2),
    operator=st.sampled_from(
        [Operator.AT_MOST, Operator.BELOW, Operator.AT_LEAST, Operator.ABOVE]
    ),
)
def test_a_bound_admits_the_value_that_it_was_made_for(value: Decimal, operator: Operator) -> None:
    test = Test(
        field=FIELDS.document["invoice.total"],
        operator=operator,
        operands=(Literal(Money(Decimal(0), "DKK")),),
        at=Position("", 1, 1),
    )
    bound = bound_that_admits(test, Money(value, "DKK"))
    assert bound is not None
    admitted = {
        Operator.AT_MOST: value <= bound,
        Operator.BELOW: value < bound,
        Operator.AT_LEAST: value >= bound,
        Operator.ABOVE: value > bound,
    }
    assert admitted[operator]
    assert bound_that_admits(test, Money(value, "EUR")) is None
