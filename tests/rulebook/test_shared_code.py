"""Code that customers share changes nothing: each still decides by its own settings and lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from robot.domain.money import Money
from robot.rulebook.compiler import Compiled, compile_set
from tests.rulebook.world import CUSTOMER, TODAY, document, loaded

STANDARD = """\
parameters:
  small: {value: 1000 DKK}
rules:
  - id: small
    hold: creditor-unknown
    when: {invoice.total: {at_most: $small}}
  - id: listed
    hold: creditor-unknown
    when: {creditor.number: {in_list: approved}}
  - id: known
    hold: creditor-unknown
    when: {creditor.known: no}
"""
OTHER = CUSTOMER.replace("99001", "99002").replace("5798000880016", "5798000880023")
OTHER = OTHER.replace("33391005", "10103940")
OWN_RULE = """\
rules:
  - id: own
    hold: creditor-unknown
    when: {order.reference: missing}
"""
OWN_LIST = "lists: {approved: [B1]}\n"
ROWS = "value,customer\nA1,\nC1,99002\n"


def sets() -> dict[str, Compiled]:
    read = loaded(
        {
            "standard.yaml": STANDARD,
            "customers/plain.yaml": CUSTOMER + OWN_RULE,
            "customers/tuned.yaml": OTHER + "set: {small: 10 DKK}\n" + OWN_RULE,
            "customers/own-list.yaml": CUSTOMER.replace("99001", "99003")
            .replace("5798000880016", "5798000880030")
            .replace("33391005", "29194378")
            + OWN_LIST,
            "lists/approved.csv": ROWS,
        }
    )
    assert [str(problem) for problem in read.errors] == []
    return {stem: compile_set(read.effective(stem)) for stem in read.customers}


def invoice(amount: int, creditor: str) -> dict[str, Any]:
    return document(
        **{
            "invoice.total": Money(Decimal(amount), "DKK"),
            "creditor.number": creditor,
            "creditor.known": True,
            "order.reference": None,
        }
    )


@pytest.mark.parametrize(
    ("stem", "amount", "creditor", "true"),
    [
        ("plain", 500, "A1", [0, 1, 3]),
        ("plain", 5000, "C1", [3]),
        ("tuned", 500, "A1", [1, 3]),
        ("tuned", 5, "C1", [0, 1, 3]),
        ("own-list", 500, "A1", [0]),
        ("own-list", 5000, "B1", [1]),
    ],
)
def test_each_customer_decides_by_its_own_settings_and_lists(
    stem: str, amount: int, creditor: str, true: list[int]
) -> None:
    compiled = sets()[stem]
    assert compiled.evaluate(invoice(amount, creditor), TODAY) == (true, [])


def test_a_set_that_decides_many_documents_goes_on_deciding_the_same() -> None:
    compiled = sets()["tuned"]
    given = [invoice(5, "C1"), invoice(500, "X"), {"invoice.total": None}]
    first = [compiled.evaluate(values, TODAY) for values in given]
    for _ in range(300):
        assert [compiled.evaluate(values, TODAY) for values in given] == first


def test_what_the_customers_share_outlives_none_of_them() -> None:
    kept = sets()["plain"]
    assert kept.evaluate(invoice(5000, "C1"), TODAY) == ([3], [])
    again = sets()["plain"]
    assert again.evaluate(invoice(500, "A1"), TODAY) == ([0, 1, 3], [])


def test_what_is_asked_of_the_lines_again_is_answered_as_the_first_time() -> None:
    """From the second rule on, an answer is kept; a dimension may be absent on some lines."""
    ask = "lines: {any: {account: {starts_with: '22'}, dimensions.formaal: missing}}"
    rules = "".join(
        f"  - {{id: r{number}, hold: creditor-unknown, when: {{{ask}}}}}\n" for number in range(3)
    )
    read = loaded({"standard.yaml": f"rules:\n{rules}"})
    assert [str(problem) for problem in read.errors] == []
    compiled = compile_set(read.effective(None))
    line = {"account": "2210", "dimensions.formaal": None}
    answers = [
        compiled.evaluate(document(lines=lines), TODAY)
        for lines in (
            (line,),
            (line, {"account": "2210"}),
            ({"account": "2210"},),
            ({**line, "account": "61"},),
        )
    ]
    assert answers == [([0, 1, 2], []), ([0, 1, 2], []), ([], [0, 1, 2]), ([], [])]


def test_walks_over_the_lines_that_ask_the_same_of_other_values_keep_them_apart() -> None:
    ask = "lines: {any: {account: {starts_with: '%s'}, coded: %s}}"
    rules = "".join(
        f"  - {{id: {name}, hold: creditor-unknown, when: {{{ask % wanted}}}}}\n"
        for name, wanted in (("goods", ("22", "yes")), ("travel", ("51", "no")))
    )
    read = loaded({"standard.yaml": f"rules:\n{rules}"})
    assert [str(problem) for problem in read.errors] == []
    compiled = compile_set(read.effective(None))
    line = {"account": "2210", "coded": True}
    other = {"account": "5110", "coded": True}
    answers = [
        compiled.evaluate(document(lines=lines), TODAY)
        for lines in (
            (other, line),
            (other, {**line, "coded": False}),
            ({**other, "coded": False},),
        )
    ]
    assert answers == [([0], []), ([], []), ([1], [])]
