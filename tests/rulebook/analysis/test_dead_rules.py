"""Rules that another rule makes useless, and rules that say the opposite."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rulebook.analysis.world import problems, rules, told

BIG_HELD = "id: big\nhold: creditor-unknown\nwhen: {invoice.total: {above: 1000 DKK}}"


def own(*texts: str, standard: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The claims about own rules: code and message."""
    claims = ("never-posts", "never-bounces", "rules-contradict", "redundant-rule")
    found = problems(rules(*texts), *standard)
    return [(p.code, p.message) for p in found if p.code in claims]


def test_a_post_rule_within_a_hold_rule_never_posts() -> None:
    (claim,) = own(
        "id: mine\npost:\nwhen: {invoice.total: {above: 2000 DKK}}", standard=(BIG_HELD,)
    )
    code, message = claim
    assert code == "never-posts"
    assert message == (
        "rule 'mine' can never post: every document that it is about is held by 'big' "
        "(rules/standard.yaml:2:5), for example invoice.total 2000.01 DKK"
    )


def test_a_post_rule_that_reaches_one_oere_further_is_left_alone() -> None:
    assert (
        own("id: mine\npost:\nwhen: {invoice.total: {at_least: 1000 DKK}}", standard=(BIG_HELD,))
        == []
    )


def test_rules_that_share_out_all_documents_of_a_post_rule_are_both_named() -> None:
    mine = "id: mine\npost:\nwhen: {creditor.known: no}"
    first = "id: with\nhold: creditor-unknown\nwhen: {order.reference: present}"
    second = "id: without\nbounce: reference-missing\nwhen: {order.reference: missing}"
    ((code, message),) = own(mine, standard=(first, second))
    assert code == "never-posts"
    assert "'with' (rules/standard.yaml:2:5) or 'without' (rules/standard.yaml:5:5)" in message


def test_what_may_be_unknown_stops_a_post_rule_as_well() -> None:
    """An invoice without a total is held by what asks about its total."""
    ((code, _),) = own(
        "id: mine\npost:\nwhen: {invoice.total: missing}",
        standard=("id: any\nhold: creditor-unknown\nwhen: {invoice.total: {above: 0 DKK}}",),
    )
    assert code == "never-posts"


def test_the_same_documents_posted_and_held_are_a_contradiction() -> None:
    ((code, message),) = own(
        "id: posts\npost:\nwhen: {lines: {any: {account: {is: A}}}}",
        "id: holds\nhold: creditor-unknown\nwhen: {lines: {any: {account: {in: [A]}}}}",
    )
    assert code == "rules-contradict"
    assert "'posts' (rules/customers/x.yaml:6:5) posts" in message
    assert "'holds' (rules/customers/x.yaml:9:5) holds" in message
    assert message.endswith("for example lines[1].account A")


def test_a_bounce_within_a_hold_never_bounces() -> None:
    ((code, _),) = own(
        "id: mine\nbounce: reference-missing\n"
        "when: {invoice.total: {above: 1000 DKK}, order.reference: missing}",
        standard=(BIG_HELD,),
    )
    assert code == "never-bounces"


def test_a_hold_that_the_bounce_explains_away_does_not_stop_it() -> None:
    """Of coding-missing and dimension-missing only the first is shown, so the document bounces."""
    assert (
        own(
            "id: m\nbounce: coding-missing\nwhen: {lines: {any: {account: missing, coded: no}}}",
            standard=("id: d\nhold: dimension-missing\nwhen: {lines: {any: {account: missing}}}",),
        )
        == []
    )


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("{invoice.total: {below: 10 DKK}}", "{invoice.total: {at_most: 10 DKK}}"),
        ("{order.reference: {is: AB}}", "{order.reference: {starts_with: A}}"),
        ("{order.reference: {in: [A, B]}}", "{order.reference: {is_not: C}}"),
        ("{order.reference: {starts_with: AB}}", "{order.reference: {starts_with: [A, B]}}"),
        ("{order.reference: {is: '12345678'}}", r"{order.reference: {matches: '\d{8}'}}"),
        (r"{order.reference: {matches: '\d{8}'}}", r"{order.reference: {matches: '\d+'}}"),
        ("{order.reference: {matches: '61.*|7'}}", "{order.reference: {starts_with: ['6', '7']}}"),
        ("{remark.text: {matches: '.* kr.'}}", "{remark.text: {matches: '(?i).*KR.'}}"),
        ("{invoice.issue_date: {within_days: 3}}", "{invoice.issue_date: {within_days: 5}}"),
        ("{lines: {all: {coded: no}}}", "{lines: {any: {coded: no}}}"),
        ("{lines: {none: {coded: yes}}}", "{lines: {count: {where: {coded: yes}, is: 0}}}"),
        (
            "{lines: {count: {where: {coded: no}, at_least: 3}}}",
            "{lines: {count: {where: {coded: no}, above: 1}}}",
        ),
        ("{lines: {count: {where: {coded: no}, is: 2}}}", "{lines: {any: {coded: no}}}"),
        (
            "{lines: {sum: {field: net, where: {coded: no, account: present}, is: 9 DKK}}}",
            "{lines: {sum: {field: net, where: {account: present, coded: no}, above: 1 DKK}}}",
        ),
        ("{creditor.blocked: {is: all}}", "{creditor.blocked: {is_not: 'no'}}"),
        ("{invoice.kind: {is: invoice}, creditor.known: no}", "{creditor.known: no}"),
    ],
)
def test_a_rule_within_another_of_the_same_error_type_adds_nothing(narrow: str, wide: str) -> None:
    ((code, message),) = own(
        f"id: narrow\nbounce: reference-missing\nwhen: {narrow}",
        f"id: wide\nbounce: reference-missing\nwhen: {wide}",
    )
    assert code == "redundant-rule"
    assert message.startswith(
        ("rule 'narrow' bounces only what 'wide' (", "rule 'wide' bounces just what 'narrow' (")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{invoice.total: {below: 10 DKK}}", "{invoice.total: {at_most: 10 EUR}}"),
        ("{order.reference: {starts_with: [A, B]}}", "{order.reference: {starts_with: [B, C]}}"),
        (r"{order.reference: {matches: '\d{8}'}}", r"{order.reference: {matches: '\d+\b'}}"),
        ("{lines: {any: {coded: no}}}", "{lines: {all: {account: missing}}}"),
        ("{invoice.total: missing}", "{invoice.total: {below: 10 DKK}}"),
        ("{creditor.known: no}", "{invoice.kind: {is: invoice}}"),
    ],
)
def test_nothing_is_claimed_without_a_proof(one: str, other: str) -> None:
    assert (
        own(
            f"id: a\nbounce: reference-missing\nwhen: {one}",
            f"id: b\nbounce: reference-missing\nwhen: {other}",
        )
        == []
    )


def test_rules_of_different_times_have_nothing_to_do_with_each_other() -> None:
    first = "id: a\npost:\nuntil: 2026-12-31\nwhen: {creditor.known: yes}"
    second = "id: b\nhold: creditor-unknown\nfrom: 2027-01-01\nwhen: {creditor.known: yes}"
    assert own(first, second) == []


def test_a_future_rule_is_compared_on_its_first_day() -> None:
    first = "id: a\npost:\nwhen: {creditor.known: yes}"
    second = "id: b\nhold: creditor-unknown\nfrom: 2027-01-01\nwhen: {creditor.known: yes}"
    ((code, _),) = own(first, second)
    assert code == "rules-contradict"


def test_a_dispensation_lets_the_post_rule_live() -> None:
    dispensed = "dispensations:\n  - {rule: big, until: 2027-06-30, why: x, approved-by: y}\n"
    mine = rules("id: mine\npost:\nwhen: {invoice.total: {above: 2000 DKK}}")
    assert told("never-posts", problems(dispensed + mine, BIG_HELD)) == []
    later = problems(dispensed + mine, BIG_HELD, day=date(2027, 7, 1))
    assert len(told("never-posts", later)) == 1


def test_the_rows_of_a_list_count_as_they_are_on_the_day() -> None:
    hold = "id: listed\nhold: creditor-unknown\nwhen: {creditor.number: {in_list: known}}"
    mine = rules("id: mine\npost:\nwhen: {creditor.number: {in: [A1]}, creditor.known: yes}")
    files = {"lists/known.csv": "value,until\nA1,2026-12-31\n"}
    assert len(told("never-posts", problems(mine, hold, files=files))) == 1
    assert told("never-posts", problems(mine, hold, day=date(2027, 1, 1), files=files)) == []


def test_an_own_rule_that_leaves_the_standard_nothing_to_post_is_told() -> None:
    everything = rules("id: all\nhold: creditor-unknown\nwhen: {invoice.total: {above: -1 DKK}}")
    found = problems(
        everything, "id: few\npost:\nwhen: {invoice.total: {between: [0 DKK, 9 DKK]}}"
    )
    (message,) = told("never-posts", found)
    assert message.startswith("rule 'all' leaves 'few' (rules/standard.yaml:2:5) nothing to post")


def test_limits_that_miss_each_other_by_one_value_are_hinted_at() -> None:
    post = "id: p\npost:\nwhen: {invoice.total: {below: 500 DKK}, creditor.known: yes}"
    hold = "id: h\nhold: creditor-unknown\nwhen: {invoice.total: {above: 500 DKK}}"
    (message,) = told("limits-almost-meet", problems(rules(post, hold)))
    assert message.startswith("exactly 500 DKK of 'invoice.total' falls between 'p'")
    both = hold.replace("above: 500", "at_least: 500")
    assert told("limits-almost-meet", problems(rules(post, both))) == []


def test_a_rule_is_covered_by_several_others_together() -> None:
    narrow = "id: narrow\nbounce: reference-missing\nwhen: {invoice.age_days: {between: [2, 5]}}"
    young = "id: young\nbounce: reference-missing\nwhen: {invoice.age_days: {at_most: 3}}"
    old = "id: old\n{}: {}\nwhen: {{invoice.age_days: {{at_least: 4}}}}"
    ((code, message),) = own(narrow, young, old.format("bounce", "reference-missing"))
    assert code == "redundant-rule"
    assert "bounces only what 'young' (" in message
    assert " or 'old' (" in message
    held = young.replace("bounce: reference-missing", "hold: creditor-unknown")
    ((code, _),) = own(narrow, held, old.format("hold", "fraud-suspected"))
    assert code == "never-bounces"
    assert own(narrow, young, old.format("hold", "fraud-suspected")) == []


def test_what_another_rule_may_hide_stops_no_bounce() -> None:
    """Where coding is missing too, that alone is told, and the customer is asked."""
    late = (
        "id: late\nbounce: reference-missing\nwhen: {order.reference: missing, creditor.known: no}"
    )
    held = "id: held\nhold: dimension-missing\nwhen: {order.reference: missing}"
    hides = "id: hides\nbounce: coding-missing\nwhen: {posting.period_open: no}"
    assert [code for code, _ in own(late, held)] == ["never-bounces"]
    assert own(late, held, hides) == []


def test_a_rule_that_ends_before_the_other_is_taken_for_meant() -> None:
    post = "id: p\npost:\nwhen: {creditor.known: yes, order.reference: present}"
    stop = "id: s\nhold: creditor-unknown\nuntil: 2026-12-31\nwhen: {creditor.known: yes}"
    assert own(post, stop) == []
    assert [code for code, _ in own(post.replace("post:", "post:\nuntil: 2026-12-01"), stop)] == [
        "never-posts"
    ]


def test_what_is_so_on_one_day_is_told_of_that_day() -> None:
    ((_, message),) = own(
        "id: p\npost:\nwhen: {invoice.issue_date: {after: 2026-11-01}}",
        "id: h\nhold: creditor-unknown\nwhen: {invoice.issue_date: {after: today - 30 days}}",
    )
    assert message.startswith("as lists and dates stand on 2026-11-24, rule 'p' can't post: ")


def test_what_begins_later_is_told_with_its_day() -> None:
    ((_, message),) = own(
        "id: p\npost:\nwhen: {creditor.known: yes, order.reference: present}",
        "id: h\nhold: creditor-unknown\nfrom: 2027-01-01\nwhen: {creditor.known: yes}",
    )
    assert message.startswith("from 2027-01-01 on, rule 'h' leaves 'p' (")


def test_notes_of_rules_without_an_error_type_are_told_apart() -> None:
    wide = "id: wide\nnote:\nwhen: {creditor.known: no}"
    narrow = "id: narrow\nnote:\nwhen: {creditor.known: no, order.reference: missing}"
    assert own(wide, narrow) == []


def test_values_that_a_customer_sets_are_named_with_their_place() -> None:
    texts = {
        "standard.yaml": "parameters: {limit: {value: 10 DKK}}\nrules:\n"
        "  - {id: big, hold: creditor-unknown, when: {invoice.total: {above: $limit}}}\n"
        "  - {id: some, post: , when: {invoice.total: {above: 5 DKK}}}\n"
    }
    (message,) = told("never-posts", problems("set: {limit: 1 DKK}\n", files=texts))
    assert message.startswith(
        "rule 'big' (rules/standard.yaml:3:6) with these values leaves 'some'"
    )
    assert told("never-posts", problems("set: {limit: 6 DKK}\n", files=texts)) == []


def test_whoever_asks_about_a_line_asks_about_lines() -> None:
    mine = "id: mine\npost:\nwhen: {lines: {any: {coded: yes}}}"
    for lines in ("present", "{count: {at_least: 1}}"):
        hold = f"id: hold\nhold: creditor-unknown\nwhen: {{lines: {lines}}}"
        assert [code for code, _ in own(mine, hold)] == ["never-posts"]


def test_lines_that_share_out_all_documents_are_put_together() -> None:
    ((code, message),) = own(
        "id: p\npost:\nwhen: {lines: {count: {at_least: 2}}}",
        "id: some\nhold: creditor-unknown\nwhen: {lines: {any: {coded: no}}}",
        "id: whole\nhold: fraud-suspected\nwhen: {lines: {all: {coded: yes}}}",
    )
    assert code == "never-posts"
    assert "'some' (" in message
    assert "'whole' (" in message


def test_limits_of_rules_that_never_meet_are_left_alone() -> None:
    post = "id: p\npost:\nwhen: {invoice.total: {below: 500 DKK}, creditor.number: {is: A}}"
    hold = "id: h\nhold: creditor-unknown\nwhen: {invoice.total: {above: 500 DKK}, "
    other, same = f"{hold}creditor.number: {{is: B}}}}", f"{hold}creditor.number: {{is: A}}}}"
    assert told("limits-almost-meet", problems(rules(post, other))) == []
    assert len(told("limits-almost-meet", problems(rules(post, same)))) == 1
