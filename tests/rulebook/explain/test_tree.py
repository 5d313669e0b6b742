"""Why a document was decided so: the tree says what the decision says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from robot.rulebook.explain.tree import ALL_OF, ExplainedRule, Node, explain
from tests.rulebook.explain.test_why_not import generated
from tests.rulebook.generated import blocks, documents
from tests.rulebook.world import CUSTOMER, TODAY, document, line, loaded, standard

SLOW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
RULES = st.lists(
    st.tuples(
        st.sampled_from(("post:", "bounce: amount-wrong", "hold: creditor-unknown")), blocks()
    ),
    min_size=1,
    max_size=3,
)


def one(rule: str, values: dict[str, Any], language: str = "en", **files: str) -> ExplainedRule:
    head = "parameters:\n  limit: {value: 5000 DKK}\n  codes: {value: [A, B]}\n"
    texts = {"standard.yaml": head + standard(rule), "customers/x.yaml": CUSTOMER, **files}
    read = loaded({**texts, "lists/approved.csv": "value\nA1\n"})
    assert [str(problem) for problem in read.problems] == []
    (explained,) = explain(read, "x", values, TODAY, language).rules
    return explained


def drawn(node: Node, depth: int = 0) -> list[str]:
    seen = f" ({node.seen})" if node.seen else ""
    lines = [f"{'  ' * depth}{node.truth.value}: {node.text}{seen}"]
    for child in node.children:
        lines += drawn(child, depth + 1)
    return [*lines, *([f"{'  ' * depth}+{node.left_out}"] if node.left_out else [])]


def test_a_test_shows_its_parameter_and_what_it_saw() -> None:
    rule = (
        "id: r\npost:\nwhen: {invoice.total: {at_most: $limit}, order.reference: {in: $codes}, "
        "creditor.number: {in_list: approved}, creditor.known: yes}"
    )
    values = document(
        invoice__total=Money(Decimal(6250), "DKK"), order__reference="A", creditor__known=None
    )
    when = one(rule, values).when
    assert when is not None
    assert drawn(when) == [
        "false: all_of",
        "  false: invoice.total at_most $limit (5000 DKK) (6,250.00 DKK)",
        "  true: order.reference in $codes (A, B) (A)",
        "  unknown: creditor.number in_list approved (–)",
        "  unknown: creditor.known yes (–)",
    ]


def test_each_line_is_shown_those_that_tell_first_and_the_rest_counted() -> None:
    rule = "id: r\nhold: creditor-unknown\nwhen: {lines: {any: {account: missing}}}"
    lines = tuple(line(number=str(n), account="1") for n in range(1, 12))
    values = document(lines=(*lines, line(number="12", account=None)))
    when = one(rule, values).when
    assert when is not None
    shown = drawn(when)
    assert shown[0] == "true: lines any"
    assert "  true: line 12" in shown
    assert shown[-1] == "+4"


def test_counts_sums_and_nesting() -> None:
    rule = """
id: r
hold: creditor-unknown
when:
  lines: {sum: {field: net, where: {account: {starts_with: "6"}}, above: $limit}}
  any_of: [{creditor.known: no}, {order.reference: {same_as: creditor.number}}]
"""
    values = document(
        lines=(line(number="1", account="61", net=Money(Decimal(1), "DKK")),),
        creditor__known=True,
        order__reference="7",
        creditor__number="7",
    )
    when = one(rule, values).when
    assert when is not None
    assert drawn(when) == [
        "false: all_of",
        "  false: lines sum of net above $limit (5000 DKK) (1.00 DKK)",
        "    true: line 1",
        "      true: account starts_with 6 (61)",
        "  true: any_of",
        "    false: creditor.known no (yes)",
        "    true: order.reference same_as creditor.number (7, 7)",
    ]


def test_values_are_shown_in_the_reader_s_language_and_accounts_masked() -> None:
    rule = (
        "id: r\nhold: creditor-unknown\nwhen: {creditor.known: no, "
        "payment.account: {differs_from: creditor.accounts}}"
    )
    values = document(
        creditor__known=False,
        payment__account="12345678901234",
        creditor__accounts=frozenset({"99999999999999"}),
    )
    when = one(rule, values, "da").when
    assert when is not None
    assert [child.seen for child in when.children] == ["nej", "…1234, …9999"]


def test_the_exception_and_the_dispensation_are_told() -> None:
    rule = (
        "id: r\nhold: creditor-unknown\nwhen: {creditor.known: no}\n"
        "unless: {order.reference: present}"
    )
    given = "dispensations:\n  - {rule: r, until: 2026-12-31, why: x, approved-by: y}\n"
    files = {"customers/x.yaml": CUSTOMER + given}
    explained = one(rule, document(creditor__known=False, order__reference="1"), **files)
    assert explained.truth is Truth.FALSE
    assert explained.unless is not None
    assert explained.unless.truth is Truth.TRUE
    assert explained.dispensation is not None


def test_the_telling_rules_are_those_that_had_a_say_and_those_that_can_post() -> None:
    rules = (
        "id: a\nhold: creditor-unknown\nwhen: {creditor.known: no}",
        "id: b\npost:\nwhen: {creditor.known: no}",
        "id: c\nbounce: reference-missing\nwhen: {order.reference: missing}",
        "id: d\npost:\nfrom: 2027-01-01\nwhen: {creditor.known: yes}",
        "id: e\nhold: creditor-unknown\nwhen: {invoice.number: {is: A}}",
    )
    read = loaded({"standard.yaml": standard(*rules), "customers/x.yaml": CUSTOMER})
    values = document(creditor__known=True, order__reference=None, invoice__number=UNKNOWN)
    explained = explain(read, "x", values, TODAY, "en")
    assert [rule.part.rule.id for rule in explained.telling()] == ["b", "c", "e"]


@SLOW
@given(rules=RULES, values=documents(), own=st.booleans())
def test_the_tree_agrees_with_the_decision(
    rules: list[tuple[str, str]], values: dict[str, Any], own: bool
) -> None:
    read = generated(rules, own=own)
    explained = explain(read, "x", values, TODAY, "da")
    said = {result.rule: result.truth for result in explained.decision.results}
    for rule in explained.rules:
        assert rule.truth is said.get(rule.part.rule.id, Truth.FALSE)
        assert rule.when is not None
        assert rule.when.truth is rule.truth
        assert _fits(rule.when)


def _fits(node: Node) -> bool:
    """Whether a node's truth follows from its children's, by Kleene's rules."""
    if not all(_fits(child) for child in node.children):
        return False
    truths = {child.truth for child in node.children}
    if node.text in {ALL_OF, "lines all"} and truths and not node.left_out:
        return node.truth is _all(truths)
    if node.text in {"any_of", "lines any"} and truths and not node.left_out:
        return node.truth is _any(truths)
    if node.text in {"none_of", "lines none"} and truths and not node.left_out:
        return (
            node.truth
            is {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}[
                _any(truths)
            ]
        )
    if node.text.startswith("line "):
        return truths == {node.truth}
    return True


def _all(truths: set[Truth]) -> Truth:
    return next(t for t in (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE) if t in truths)


def _any(truths: set[Truth]) -> Truth:
    return next(t for t in (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE) if t in truths)
