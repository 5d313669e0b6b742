"""What would have let a document be posted, told in Danish and English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from robot.domain.money import Money
from robot.rulebook.explain.why_not import why_not
from robot.rulebook.explain.words import Teller
from robot.rulebook.loader import LoadedRules
from tests.rulebook.explain.test_why_not import good, kroner, world
from tests.rulebook.world import CUSTOMER, TODAY, line

REFERENCE = "id: reference\nbounce: reference-missing\nwhen: {order.reference: missing}"


def told(read: LoadedRules, values: dict[str, Any], language: str = "da") -> list[str]:
    teller = Teller(read.effective("x"), values, TODAY, language)
    return teller.lines(why_not(read, "x", values, TODAY))


def test_a_limit_is_told_from_both_sides() -> None:
    values = good(invoice__total=kroner("6250"))
    assert told(world(), values) == [
        "Postes, hvis:",
        "  – beløbet med moms er højst 5.000,00 kr. (invoice.total, nu 6.250,00 DKK)",
        "  – eller parameteren small.limit hæves til mindst 6.250,00 kr. (nu 5.000,00 kr.)",
    ]
    assert told(world(), values, "en") == [
        "Posted if:",
        "  – the total with VAT is at most 5,000.00 DKK (invoice.total, now 6,250.00 DKK)",
        "  – or the parameter small.limit is raised to at least 6,250.00 DKK (now 5,000.00 DKK)",
    ]


def test_several_obstacles_are_numbered_each_with_its_ways() -> None:
    values = good(invoice__total=kroner("6250"), order__reference=None)
    assert told(world(REFERENCE), values, "en") == [
        "Posted if (all of this):",
        "  1. the order number is given (order.reference, now –)",
        "     or there is a dispensation from reference (rules/standard.yaml:8)",
        "  2. the total with VAT is at most 5,000.00 DKK (invoice.total, now 6,250.00 DKK)",
        "     or the parameter small.limit is raised to at least 6,250.00 DKK (now 5,000.00 DKK)",
    ]


def test_what_no_rule_change_may_do_is_said() -> None:
    guarded = "id: guarded\nhold: fraud-suspected\nwhen: {creditor.blocked: {is: all}}"
    lines = told(world(guarded), good(creditor__blocked="all"), "en")
    assert lines[-1] == "Not by a change of the rules (mandatory or security): guarded"
    assert lines[0] == "Posted if:"


def test_a_kind_of_change_that_takes_more_is_told_too() -> None:
    rules = (
        "id: one\nhold: creditor-unknown\nwhen: {invoice.age_days: {above: 30}}",
        "id: two\nbounce: amount-wrong\nwhen: {invoice.age_days: {above: 60}}",
    )
    lines = told(world(*rules), good(invoice__age_days=Decimal(90)), "en")
    assert lines[:2] == [
        "Posted if:",
        "  – the invoice's age in days is at most 30 (invoice.age_days, now 90)",
    ]
    assert lines[2] == "By the rules alone (all of this):"


def test_lines_lists_and_own_rules_are_named() -> None:
    own = CUSTOMER + (
        "rules:\n  - {id: ours, why: x, hold: creditor-unknown,\n"
        "     when: {lines: {any: {account: {not_in_list: approved}}}}}\n"
    )
    values = good(lines=(line(number="7", account="B2"),))
    lines = told(world(customer=own), values, "en")
    assert "  – or B2 is put on the list approved (lists/approved.csv)" in lines
    assert "  – or the rule ours (rules/customers/x.yaml:5) is taken out" in lines
    assert any("on line 7: " in text and "(lines[7].account, now B2)" in text for text in lines)


def test_accounts_are_never_shown_whole() -> None:
    rule = (
        "id: bank\nhold: creditor-unknown\n"
        "when: {payment.account: {differs_from: creditor.accounts}}"
    )
    values = good(
        payment__account="12345678901234", creditor__accounts=frozenset({"98765432109876"})
    )
    text = "\n".join(told(world(rule), values))
    assert "12345678901234" not in text
    assert "98765432109876" not in text
    assert "…1234" in text


def test_what_is_posted_needs_nothing_and_what_never_can_be_says_so() -> None:
    assert told(world(), good()) == ["Postes, som det er."]
    guarded = "id: g\nmandatory: yes\nhold: creditor-unknown\nwhen: {invoice.kind: {is: invoice}}"
    assert told(world(guarded), good(invoice__kind="invoice"), "en")[0] == (
        "Posted if: no change does it"
    )


def test_machines_get_the_same() -> None:
    values = good(invoice__total=kroner("6250"))
    read = world()
    answer = why_not(read, "x", values, TODAY).smallest
    shown = Teller(read.effective("x"), values, TODAY, "en").as_json(answer)
    assert shown["size"] == 1
    assert shown["sets"] == [
        [
            {
                "words": (
                    "the total with VAT is at most 5,000.00 DKK (invoice.total, now 6,250.00 DKK)"
                ),
                "kind": "field",
                "name": "invoice.total",
                "now": "6,250.00 DKK",
                "value": "5,000.00 DKK",
                "at_least": None,
                "at_most": "5,000.00 DKK",
            }
        ],
        [
            {
                "words": (
                    "the parameter small.limit is raised to at least 6,250.00 DKK "
                    "(now 5,000.00 DKK)"
                ),
                "kind": "parameter",
                "name": "small.limit",
                "now": ["5,000.00 DKK"],
                "value": ["6,250.00 DKK"],
            }
        ],
    ]
    assert isinstance(values["invoice.total"], Money)
