"""Conditions that exclude themselves keep their file out of force."""

from __future__ import annotations

import pytest

from robot.rulebook.nonsense import without_nonsense
from tests.rulebook.analysis.world import problems, rules, told
from tests.rulebook.world import CUSTOMER, loaded


def nonsense(when: str, unless: str = "") -> list[tuple[str, str]]:
    """What is told of a rule with these conditions."""
    text = f"id: r\nhold: creditor-unknown\nwhen: {when}\n"
    found = problems(rules(text + (f"unless: {unless}\n" if unless else "")))
    codes = ("never-holds", "part-never-holds", "always-holds", "never-holds-today")
    return [(p.code, p.message) for p in found if p.code in codes]


@pytest.mark.parametrize(
    "when",
    [
        "{invoice.total: {below: 10 DKK, above: 10 DKK}}",
        "{invoice.total: {below: 10 DKK, above: 5 EUR}}",
        "{invoice.age_days: {is: 3, above: 3}}",
        "{invoice.age_days: {above: 3, below: 4}}",
        "{invoice.age_days: {is: 2.5}}",
        "{none_of: [{posting.date: {before: 2026-01-02}}, {posting.date: {after: 2026-01-01}}]}",
        "{invoice.issue_date: {after: today}, all_of: [{invoice.issue_date: missing}]}",
        r"{order.reference: {matches: '\d{8}', starts_with: A}}",
        r"{remark.text: {matches: '\d{8}'}, none_of: [{remark.text: {matches: '[0-9]+'}}]}",
        "{order.reference: {matches: 'A|B', not_in: [A, B]}}",
        "{invoice.issue_date: {before: 2026-01-01, after: 2026-12-31}}",
        "{invoice.issue_date: {after: 2026-01-01, before: 2026-01-02}}",
        "{invoice.issue_date: {after: today, within_days: last 3}}",
        "{order.reference: {is: A, is_not: A}}",
        "{order.reference: {in: [A, B], not_in: [A, B, C]}}",
        "{order.reference: {starts_with: A, is: B}}",
        "{order.reference: {starts_with: A}, none_of: [{order.reference: {starts_with: A}}]}",
        r"{order.reference: {matches: '\d+', is: A}}",
        "{order.reference: {in_list: l, not_in_list: l}}",
        "{all_of: [{creditor.known: yes}, {creditor.known: no}]}",
        "{all_of: [{order.reference: missing}, {order.reference: {is: A}}]}",
        "{invoice.kind: {not_in: [invoice, credit-note]}}",
        "{lines: {any: {coded: yes}, none: {coded: yes}}}",
        "{lines: {all: {net: {above: 5 DKK}}, any: {net: {below: 5 DKK}}}}",
        "{lines: {count: {above: 2, below: 3}}}",
        "{lines: {count: {is: 0}}}",
        "{lines: {count: {where: {coded: yes}, at_least: 2}, none: {coded: yes}}}",
        "{lines: {sum: {field: net, is: 1 DKK}, all: {net: missing}}}",
        "{lines: {sum: {field: net, above: 5 DKK}, any: {net: missing}}}",
        "{lines: missing, all_of: [{lines: {any: {coded: yes}}}]}",
        "{invoice.total: {same_as: invoice.payable, differs_from: invoice.payable}}",
        "{invoice.total: {same_as: invoice.payable, is: 5 DKK}, invoice.payable: {above: 9 DKK}}",
        "{invoice.total: {same_as: invoice.payable}, invoice.payable: missing}",
    ],
)
def test_what_no_document_can_meet_is_an_error(when: str) -> None:
    listed = {"lists/l.csv": "value\nA\n"}
    text = rules(f"id: r\nhold: creditor-unknown\nwhen: {when}")
    found = [p for p in problems(text, files=listed) if p.code == "never-holds"]
    assert [p.severity for p in found] == ["error"]
    assert found[0].message.startswith("rule 'r' can never hold: ")


@pytest.mark.parametrize(
    "when",
    [
        "{invoice.total: {at_most: 10 DKK, at_least: 10 DKK}}",
        "{invoice.total: {above: 10 DKK, below: 10.01 DKK}}",
        "{invoice.issue_date: {before: today, after: 2020-01-01}}",
        "{order.reference: {starts_with: A, is_not: A}}",
        r"{order.reference: {matches: '\d+', starts_with: '1'}}",
        "{lines: {any: {coded: yes}, all: {account: present}}}",
        "{lines: {count: {at_least: 1}}, creditor.known: yes}",
        "{lines: {count: {where: {coded: yes}, at_most: 1}, any: {coded: yes}}}",
        "{lines: {sum: {field: net, where: {coded: yes}, is: 0 DKK}, none: {coded: yes}}}",
        "{payment.iban: {differs_from: creditor.accounts, is: A}, creditor.accounts: missing}",
        r"{remark.text: {matches: '\w{8}'}, none_of: [{remark.text: {matches: '\d+'}}]}",
    ],
)
def test_what_some_document_meets_is_left_alone(when: str) -> None:
    assert nonsense(when) == []


def test_an_exception_that_takes_everything_back_is_an_error() -> None:
    ((code, message),) = nonsense(
        "{invoice.total: {below: 5 DKK}}", "{invoice.total: {at_most: 9 DKK}}"
    )
    assert code == "never-holds"
    assert message.endswith(
        "'invoice.total below 5 DKK' (line 8) and 'not (invoice.total at_most 9 DKK)' "
        "exclude each other"
    )


def test_only_what_clashes_is_named() -> None:
    ((_, message),) = nonsense(
        "{creditor.known: yes, invoice.total: {below: 1 DKK}, order.reference: present, "
        "all_of: [{invoice.total: {above: 2 DKK}}]}"
    )
    assert "creditor" not in message
    assert "order" not in message


def test_a_dead_alternative_is_a_warning() -> None:
    ((code, _),) = nonsense(
        "{any_of: [{creditor.known: yes}, {invoice.age_days: {above: 9, below: 3}}]}"
    )
    assert code == "part-never-holds"


def test_what_holds_for_every_document_is_a_warning() -> None:
    assert [c for c, _ in nonsense("{any_of: [{creditor.known: yes}, {creditor.known: no}]}")] == [
        "always-holds"
    ]
    assert [c for c, _ in nonsense("{invoice.kind: {in: [invoice, credit-note]}}")] == [
        "always-holds"
    ]


def test_a_list_without_rows_in_force_is_a_warning_for_the_day_and_no_error() -> None:
    text = rules("id: r\nhold: creditor-unknown\nwhen: {order.reference: {in_list: l}}")
    found = problems(text, files={"lists/l.csv": "value,until\nA,2026-01-31\n"})
    assert told("never-holds", found) == []
    assert told("never-holds-today", found) == [
        "rule 'r' can't hold on 2026-11-24: 'order.reference in_list l'; no row of 'l' counts then"
    ]


def test_a_file_with_nonsense_does_not_come_into_force() -> None:
    text = rules("id: r\nhold: creditor-unknown\nwhen: {invoice.age_days: {is: 1, above: 2}}")
    read = without_nonsense(loaded({"customers/x.yaml": CUSTOMER + text}))
    assert read.broken == {"x"}


def test_values_that_a_customer_sets_can_make_a_standard_rule_impossible() -> None:
    parameters = "parameters: {low: {value: 1 DKK}, high: {value: 9 DKK}}\n"
    rule = "  - {id: r, hold: creditor-unknown, when: {invoice.total: {between: [$low, $high]}}}\n"
    texts = {
        "standard.yaml": f"{parameters}rules:\n{rule}",
        "customers/x.yaml": CUSTOMER + "set: {low: 20 DKK}\n",
    }
    (problem,) = without_nonsense(loaded(texts)).errors
    assert str(problem) == (
        "rules/customers/x.yaml:4:7: with these values rule 'r' can never hold: "
        "'invoice.total between [20 DKK, 9 DKK]' (rules/standard.yaml:3:6)"
    )
