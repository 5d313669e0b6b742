"""From rules to one decision: what posts, what bounces, what is held, and what people read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from robot.domain.decision import Decision, Effect, Finding, Outcome, RuleResult, Truth
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from tests.rulebook.world import (
    CUSTOMER,
    ERROR_TYPES,
    TODAY,
    decide,
    document,
    error_type,
    line,
    rule_set,
)

POST = """
    id: post-small
    post:
    when: {invoice.total: {at_most: 1000 DKK}}
"""
REFERENCE = """
    id: needs-reference
    bounce: reference-missing
    when: {order.reference: missing}
"""
AMOUNT = """
    id: amount-is-right
    bounce: details-wrong
    when: {invoice.total: {differs_from: invoice.payable}}
"""
CREDITOR = """
    id: creditor-exists
    hold: creditor-unknown
    when: {creditor.known: no}
"""
SECURITY = """
    id: bank-account
    hold: fraud-suspected
    seen: payment.account
    expected: creditor.accounts
    when: {payment.account: {differs_from: creditor.accounts}}
"""
DIMENSION = """
    id: delregnskab-required
    bounce: dimension-missing
    when:
      lines: {any: {account: {starts_with: "22"}, dimensions.delregnskab: missing}}
"""
KRONER = Money(Decimal("4200.50"), "DKK")
GOOD: dict[str, Any] = {
    "invoice__total": Money(Decimal(100), "DKK"),
    "order__reference": "12345678",
    "creditor__known": True,
}


def finding(decision: Decision, code: str) -> Finding:
    (found,) = [one for one in decision.findings if one.code == code]
    assert isinstance(found, Finding)
    return found


def test_a_document_that_a_rule_lets_through_is_posted() -> None:
    decision = decide(POST, REFERENCE, values=document(**GOOD))
    assert decision.outcome is Outcome.POST
    assert decision.posted_by == ("post-small",)
    assert decision.findings == ()
    assert decision.decided_on == TODAY


def test_a_document_that_no_rule_lets_through_is_outside_the_criteria() -> None:
    decision = decide(POST, values=document(**GOOD | {"invoice__total": KRONER}))
    assert decision.outcome is Outcome.HOLD
    assert [f.code for f in decision.findings] == ["outside-criteria"]


def test_a_post_rule_that_is_unknown_does_not_apply() -> None:
    decision = decide(POST, values=document())
    assert decision.outcome is Outcome.HOLD
    assert decision.results == (
        RuleResult(
            rule="post-small",
            effect=Effect.POST,
            truth=Truth.UNKNOWN,
            error_type=None,
            unknown=("invoice.total",),
        ),
    )


def test_the_customer_is_told_of_all_errors_at_once() -> None:
    values = document(
        **GOOD | {"order__reference": None, "invoice__payable": Money(Decimal(90), "DKK")}
    )
    types = ERROR_TYPES.replace("suppressed-by: [amount-wrong]", "suppressed-by: []")
    made = rule_set(POST, REFERENCE, AMOUNT, error_types=types)
    decision = made.decide_values(values, TODAY)
    assert decision.outcome is Outcome.BOUNCE
    assert [f.code for f in decision.findings] == ["reference-missing", "details-wrong"]


@pytest.mark.parametrize("owned", [CREDITOR, SECURITY])
def test_what_the_centre_owns_holds_before_the_customer_is_asked(owned: str) -> None:
    values = document(
        order__reference=None,
        creditor__known=False,
        payment__account="1",
        creditor__accounts=frozenset({"2"}),
    )
    decision = decide(POST, REFERENCE, owned, values=values)
    assert decision.outcome is Outcome.HOLD
    assert len(decision.findings) == 2


def test_a_bounce_rule_holds_when_its_error_type_belongs_to_the_centre() -> None:
    rule = "id: odd\nbounce: creditor-unknown\nwhen: {creditor.known: no}"
    decision = decide(rule, values=document(creditor__known=False))
    assert decision.outcome is Outcome.HOLD


def test_a_bounce_rule_holds_when_its_error_type_is_about_security() -> None:
    types = ERROR_TYPES + error_type("tricky", **{"class": "security"})
    rule = "id: odd\nbounce: tricky\nwhen: {creditor.known: no}"
    made = rule_set(rule, error_types=types)
    assert made.decide_values(document(creditor__known=False), TODAY).outcome is Outcome.HOLD


def test_what_the_supplier_owns_goes_back_through_the_customer() -> None:
    rule = "id: odd\nbounce: supplier-error\nwhen: {creditor.known: no}"
    assert decide(rule, values=document(creditor__known=False)).outcome is Outcome.BOUNCE


@pytest.mark.parametrize("rule", [REFERENCE, CREDITOR])
def test_a_blocking_rule_that_is_unknown_holds_and_names_the_field(rule: str) -> None:
    decision = decide(POST, rule, values=document(invoice__total=Money(Decimal(1), "DKK")))
    assert decision.outcome is Outcome.HOLD
    assert [(f.code, f.path) for f in decision.findings] in (
        [("cannot-check", "order.reference")],
        [("cannot-check", "creditor.known")],
    )


def test_one_unknown_field_is_named_once_with_every_rule_that_needs_it() -> None:
    other = "id: also\nhold: creditor-unknown\nwhen: {creditor.known: no, invoice.kind: present}"
    decision = decide(CREDITOR, other, values=document(invoice__kind="invoice"))
    assert finding(decision, "cannot-check").expected == "creditor-exists, also"


def test_an_unknown_note_holds_nothing() -> None:
    note = "id: remark\nnote: reference-missing\nwhen: {order.reference: missing}"
    values = document(invoice__total=Money(Decimal(1), "DKK"))
    assert decide(POST, note, values=values).outcome is Outcome.POST


def test_a_note_is_recorded_and_stops_nothing() -> None:
    note = "id: remark\nnote:\nwhen: {order.reference: present}"
    decision = decide(POST, note, values=document(**GOOD))
    assert decision.outcome is Outcome.POST
    assert [(f.code, f.seen) for f in decision.notes] == [("remark", "12345678")]


def test_follow_on_errors_are_put_aside_also_through_others() -> None:
    values = document(order__reference=None, invoice__total=KRONER, invoice__payable=None)
    last = "id: last\nbounce: details-wrong\nwhen: {invoice.payable: missing}"
    decision = decide(REFERENCE, last, values=values)
    assert [f.code for f in decision.findings] == ["reference-missing"]
    assert [f.code for f in decision.suppressed] == ["details-wrong"]


def test_a_cause_that_is_not_there_hides_nothing() -> None:
    values = document(order__reference="1", invoice__payable=None)
    last = "id: last\nbounce: details-wrong\nwhen: {invoice.payable: missing}"
    decision = decide(REFERENCE, last, values=values)
    assert [f.code for f in decision.findings] == ["details-wrong"]


def test_a_cause_on_one_line_does_not_hide_what_is_wrong_on_another() -> None:
    coding = """
        id: coded
        bounce: coding-missing
        when: {lines: {any: {coded: no}}}
    """
    lines = (
        line(number="1", coded=False, account="220100", dimensions__delregnskab=None),
        line(number="2", coded=True, account="220100", dimensions__delregnskab=None),
    )
    decision = decide(DIMENSION, coding, values=document(lines=lines))
    assert [(f.code, f.path) for f in decision.findings] == [
        ("coding-missing", "lines[1].coded"),
        ("dimension-missing", "lines[2].dimensions.delregnskab"),
    ]
    assert [f.path for f in decision.suppressed] == ["lines[1].dimensions.delregnskab"]


def test_security_is_never_hidden_behind_another_finding() -> None:
    types = ERROR_TYPES.replace(
        error_type(
            "fraud-suspected",
            order="5",
            disposition="hold",
            owner="sam-creditor",
            fixable_by="sam-rule",
            **{"class": "security"},
        ),
        error_type(
            "fraud-suspected",
            order="5",
            disposition="hold",
            owner="sam-creditor",
            fixable_by="sam-rule",
            suppressed_by="[reference-missing]",
            **{"class": "security"},
        ),
    )
    assert types != ERROR_TYPES
    values = document(
        order__reference=None, payment__account="1", creditor__accounts=frozenset({"2"})
    )
    decision = rule_set(REFERENCE, SECURITY, error_types=types).decide_values(values, TODAY)
    assert decision.outcome is Outcome.HOLD
    assert finding(decision, "fraud-suspected").path == "payment.account"


def test_a_line_rule_gives_one_finding_for_each_line() -> None:
    lines = (
        line(number="10", account="220100", dimensions__delregnskab=None),
        line(number="20", account="220100", dimensions__delregnskab="100"),
        line(number="30", account="221000", dimensions__delregnskab=None),
    )
    decision = decide(DIMENSION, values=document(lines=lines))
    assert [(f.path, f.seen) for f in decision.findings] == [
        ("lines[10].dimensions.delregnskab", "–"),
        ("lines[30].dimensions.delregnskab", "–"),
    ]


def test_lines_that_fail_an_all_are_named_too() -> None:
    rule = """
        id: all-coded
        bounce: coding-missing
        seen: lines.account
        when: {invoice.kind: present}
        unless: {lines: {all: {account: {starts_with: "22"}}}}
    """
    lines = (line(number="1", account="220100"), line(number="2", account="511100"))
    decision = decide(rule, values=document(invoice__kind="invoice", lines=lines))
    assert [(f.path, f.seen) for f in decision.findings] == [("lines[2].account", "511100")]


SHOWN: list[tuple[str, dict[str, object], str, str]] = [
    (
        "invoice.total: {above: 1000 DKK}",
        {"invoice__total": KRONER},
        "4.200,50 DKK",
        "≤ 1.000,00 DKK",
    ),
    (
        "invoice.total: {differs_from: invoice.payable}",
        {"invoice__total": KRONER, "invoice__payable": Money(Decimal(4200), "DKK")},
        "4.200,50 DKK",
        "4.200,00 DKK",
    ),
    (
        "invoice.due_date: {before: today}",
        {"invoice__due_date": date(2026, 11, 1)},
        "2026-11-01",
        "≥ 2026-11-24",
    ),
    (
        "invoice.age_days: {at_least: 365}",
        {"invoice__age_days": Decimal("400.5")},
        "400,5",
        "< 365",
    ),
    ("order.reference: {not_in: [A, B]}", {"order__reference": "C"}, "C", "A, B"),
    ("order.reference: missing", {"order__reference": None}, "–", ""),
    ("creditor.known: no", {"creditor__known": False}, "nej", "ja"),
    (
        "remark.text: present",
        {"remark__text": "CPR 010203-1234 og 0102031234"},
        "CPR …34 og …34",
        "",
    ),
    ("remark.text: present", {"remark__text": "ordre 9999999999"}, "ordre 9999999999", ""),
]


@pytest.mark.parametrize(("when", "values", "seen", "expected"), SHOWN)
def test_values_are_shown_in_the_customers_language(
    when: str, values: dict[str, Any], seen: str, expected: str
) -> None:
    decision = decide(
        f"id: r\nhold: creditor-unknown\nwhen: {{{when}}}", values=document(**values)
    )
    (found,) = decision.findings
    assert (found.seen, found.expected) == (seen, expected)


def test_english_speaking_customers_read_english_values() -> None:
    rule = "id: r\nbounce: amount-wrong\nwhen: {invoice.total: {above: 1000 DKK}}"
    made = rule_set(rule, customer=CUSTOMER.replace("language: da", "language: en"))
    decision = made.decide_values(document(invoice__total=KRONER), TODAY)
    assert finding(decision, "amount-wrong").seen == "4,200.50 DKK"


def test_bank_accounts_are_masked() -> None:
    values = document(
        payment__account="15510001234567", creditor__accounts=frozenset({"22220007654321"})
    )
    found = finding(decide(SECURITY, values=values), "fraud-suspected")
    assert (found.path, found.seen, found.expected) == ("payment.account", "…4567", "…4321")


def test_the_posting_date_is_the_wanted_one() -> None:
    wanted = date(2026, 11, 20)
    assert decide(POST, values=document(**GOOD, posting__date=wanted)).posting_date == wanted


CLOSED = """
    id: posting-date-closed
    bounce: posting-date-closed
    actions: [move-posting-date]
    when: {posting.period_open: no}
"""
MOVE = (
    CUSTOMER
    + "dispensations:\n  - {rule: posting-date-closed, action: move-posting-date, "
    + "until: 2026-12-31, why: agreed, approved-by: lead}\n"
)
SHUT: dict[str, Any] = GOOD | {
    "posting__date": date(2026, 10, 1),
    "posting__period_open": False,
    "posting__next_open": date(2026, 11, 15),
}


def test_a_dispensation_moves_the_posting_date_to_the_first_open_day() -> None:
    decision = rule_set(POST, CLOSED, customer=MOVE).decide_values(document(**SHUT), TODAY)
    assert decision.outcome is Outcome.POST
    assert decision.posting_date == date(2026, 11, 15)
    assert [f.code for f in decision.notes] == ["posting-date-closed"]


@pytest.mark.parametrize("next_open", [None, UNKNOWN])
def test_a_date_that_can_not_be_moved_still_bounces(next_open: object) -> None:
    values = document(**SHUT | {"posting__next_open": next_open})
    decision = rule_set(POST, CLOSED, customer=MOVE).decide_values(values, TODAY)
    assert decision.outcome is Outcome.BOUNCE


def test_a_dispensation_ends_with_its_last_day() -> None:
    made = rule_set(POST, CLOSED, customer=MOVE)
    values = document(**SHUT)
    assert made.decide_values(values, date(2026, 12, 31)).outcome is Outcome.POST
    assert made.decide_values(values, date(2027, 1, 1)).outcome is Outcome.BOUNCE


@pytest.mark.parametrize("reference", [None, UNKNOWN])
def test_a_dispensation_without_an_action_switches_the_rule_off(reference: object) -> None:
    off = CUSTOMER + (
        "dispensations:\n  - {rule: needs-reference, until: 2026-12-31, why: x, approved-by: y}\n"
    )
    values = document(**GOOD | {"order__reference": reference})
    decision = rule_set(POST, REFERENCE, customer=off).decide_values(values, TODAY)
    assert decision.outcome is Outcome.POST


def test_a_moving_dispensation_does_not_help_when_the_period_is_not_known() -> None:
    values = document(**SHUT | {"posting__period_open": UNKNOWN})
    decision = rule_set(POST, CLOSED, customer=MOVE).decide_values(values, TODAY)
    assert [(f.code, f.path) for f in decision.findings] == [
        ("cannot-check", "posting.period_open")
    ]


def test_a_rule_counts_from_its_first_to_its_last_day() -> None:
    rule = f"{REFERENCE}    from: 2026-11-25\n    until: 2026-11-30\n"
    made = rule_set(POST, rule)
    values = document(**GOOD | {"order__reference": None})
    days = [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 1)]
    outcomes = [made.decide_values(values, day).outcome.value for day in days]
    assert outcomes == ["post", "bounce", "bounce", "post"]


def test_the_same_finding_of_two_rules_is_told_once_and_the_stricter_counts() -> None:
    again = "id: again\nhold: reference-missing\nwhen: {order.reference: missing}"
    decision = decide(REFERENCE, again, values=document(order__reference=None))
    assert decision.outcome is Outcome.HOLD
    assert [f.code for f in decision.findings] == ["reference-missing"]


def test_rules_with_exceptions_are_never_mistaken_for_each_other() -> None:
    """Each names what it did not know, however many documents were decided in between."""
    made = rule_set(
        "id: a\nhold: fraud-suspected\nwhen: {order.reference: {is: A}}\n"
        "unless: {creditor.number: {is: B}}",
        "id: b\nhold: creditor-unknown\nwhen: {order.reference: {is: A}}\n"
        "unless: {creditor.name: {is: B}}",
    )
    values = {"order__reference": "A", "creditor__number": "B", "creditor__name": "B"}
    for _ in range(3):
        for rule, name in (("a", "creditor.number"), ("b", "creditor.name")):
            given = document(**values | {name.replace(".", "__"): UNKNOWN})
            (result,) = made.decide_values(given, TODAY).results
            assert (result.rule, result.unknown) == (rule, (name,))
