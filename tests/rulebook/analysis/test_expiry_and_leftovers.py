"""What has ended or soon does, what says nothing, and what nothing uses."""

from __future__ import annotations

from datetime import date

import pytest

from robot.rulebook.problem import Weight
from tests.rulebook.analysis.world import problems, rules, told
from tests.rulebook.world import CUSTOMER, loaded, standard

SOFT = "id: soft\nbounce: reference-missing\nwhen: {order.reference: missing}"


def dispensation(*, until: str, rule: str = "soft", more: str = "") -> str:
    return f"dispensations: [{{rule: {rule}, until: {until}, why: x, approved-by: y{more}}}]\n"


@pytest.mark.parametrize(
    ("until", "code", "ending"),
    [
        ("2026-11-23", "dispensation-expired", "ended on 2026-11-23 (owner: y)"),
        ("2026-11-24", "dispensation-expiring", "ends today, on 2026-11-24 (owner: y)"),
        ("2026-11-25", "dispensation-expiring", "ends tomorrow, on 2026-11-25 (owner: y)"),
        ("2026-12-24", "dispensation-expiring", "ends in 30 days, on 2026-12-24 (owner: y)"),
    ],
)
def test_a_dispensation_is_told_thirty_days_before_it_ends(
    until: str, code: str, ending: str
) -> None:
    (message,) = told(code, problems(dispensation(until=until), SOFT))
    assert message == f"the dispensation from 'soft' {ending}"


def test_a_dispensation_that_ends_later_is_not_told() -> None:
    found = problems(dispensation(until="2026-12-25"), SOFT)
    assert [p.code for p in found if p.code.startswith("dispensation")] == []


def test_the_day_of_the_check_is_the_one_that_is_given() -> None:
    found = problems(dispensation(until="2026-12-25"), SOFT, day=date(2027, 1, 1))
    assert len(told("dispensation-expired", found)) == 1


@pytest.mark.parametrize(
    ("rule", "more", "why"),
    [
        ("id: soft\nnote: reference-missing\nwhen: {order.reference: missing}", "", "only notes"),
        (f"{SOFT}\nfrom: 2028-01-01", "", "begins on 2028-01-01"),
        (f"{SOFT}\nuntil: 2026-12-31", ", from: 2027-02-01", "it ends on 2026-12-31"),
    ],
)
def test_a_dispensation_that_relaxes_nothing_is_told(rule: str, more: str, why: str) -> None:
    text = dispensation(until="2027-12-31", more=more)
    (message,) = told("dispensation-without-effect", problems(text, rule))
    assert why in message


def test_rows_of_lists_are_told_with_their_owner() -> None:
    rows = "value,until,owner,customer\nA,2026-10-31,purchasing,\nB,2026-12-01,,\nC,,,12345\n"
    rule = "id: r\nhold: creditor-unknown\nwhen: {creditor.number: {in_list: l}}"
    found = problems(rules(rule), files={"lists/l.csv": rows})
    assert told("row-expired", found) == [
        "'A' of the list 'l' ended on 2026-10-31 (owner: purchasing)"
    ]
    assert told("row-expiring", found) == ["'B' of the list 'l' ends in 7 days, on 2026-12-01"]
    assert "'12345', which is no customer's" in told("row-of-nobody", found)[0]


def test_mandates_are_told_when_they_end_or_overlap() -> None:
    text = (
        "mandates:\n"
        "  - {person: eva, limit: 5 DKK, until: 2026-12-01}\n"
        "  - {person: EVA, limit: 9 DKK, from: 2026-12-01}\n"
        "  - {person: dan, until: 2026-01-31}\n"
        "  - {person: dan, from: 2026-02-01}\n"
    )
    found = problems(text)
    assert told("mandate-expiring", found) == [
        "the mandate of 'eva' ends in 7 days, on 2026-12-01"
    ]
    assert told("mandate-expired", found) == ["the mandate of 'dan' ended on 2026-01-31"]
    assert len(told("mandates-overlap", found)) == 1


def test_a_rule_that_has_ended_is_told() -> None:
    rule = "id: r\nhold: creditor-unknown\nuntil: 2026-06-30\nwhen: {creditor.known: no}"
    assert told("rule-expired", problems(rules(rule))) == ["rule 'r' ended on 2026-06-30"]


def test_what_no_rule_uses_is_told() -> None:
    text = (
        "parameters:\n  used: {value: 5 DKK}\n  unused: {value: 6 DKK}\n"
        "rules:\n  - {id: r, hold: creditor-unknown, when: {invoice.total: {above: $used}}}\n"
    )
    found = problems(
        "set: {used: 5 DKK}\n", files={"standard.yaml": text, "lists/l.csv": "value\n"}
    )
    assert told("parameter-unused", found) == ["no rule uses the parameter 'unused'"]
    assert told("list-unused", found) == ["no rule uses the list 'l'"]
    assert len(told("set-as-standard", found)) == 1
    unused = told("error-type-unused", found)
    assert any("'coding-missing'" in message for message in unused)
    assert not any("'creditor-unknown'" in message for message in unused)


def test_a_customer_without_a_post_rule_or_a_mailbox_is_told() -> None:
    found = problems("", SOFT)
    assert len(told("nothing-posts", found)) == 1
    assert told("nobody-told", found) == []
    read = loaded({"standard.yaml": standard(SOFT), "customers/x.yaml": CUSTOMER})
    assert read.errors == ()


def test_a_hint_is_neither_an_error_nor_a_warning() -> None:
    (hint,) = [p for p in problems("lists: {l: [A, A]}\n") if p.code == "row-twice"]
    assert hint.severity is Weight.HINT
    assert ": hint: 'A' is in the list 'l' twice" in str(hint)
