"""`rules diff` says in words what changes, for whom, and which way it turns."""

from __future__ import annotations

import pytest

from robot.errors import RuleChangeError
from robot.rulebook.diff.change import Change, Direction
from robot.rulebook.diff.compare import compare_rules
from robot.rulebook.diff.tongue import Tongue
from tests.rulebook.world import CUSTOMER, ERROR_TYPES, loaded, standard

PARAMETERS = (
    "parameters:\n  small.limit: {value: 5000 DKK}\n  old.days: {value: 30, type: number}\n"
)
EXCEPTION = "unless: {creditor.number: {in_list: approved}}"
RULES = (
    "id: post-small\npost:\nwhen: {invoice.total: {at_most: $small.limit}}",
    "id: too-old\nhold: creditor-unknown\nwhen: {invoice.age_days: {above: $old.days}}",
    "id: known\nbounce: reference-missing\nwhen: {creditor.known: no}\n" + EXCEPTION,
    "id: told\nnote: amount-wrong\nwhen: {invoice.total: {above: $small.limit}}",
)
LIST = "value,from,until,why,owner,customer\nA1,,,,,\n"
OWN = "rules:\n  - id: own\n    bounce: dimension-missing\n    when: {invoice.number: {is: A}}\n"
BASE = {
    "standard.yaml": PARAMETERS + standard(*RULES),
    "customers/eksempel.yaml": CUSTOMER + OWN,
    "lists/approved.csv": LIST,
}


def changed(name: str, old: str, new: str) -> list[Change]:
    """What changes when one text in one file is another."""
    assert old in BASE[name]
    fresh = {**BASE, name: BASE[name].replace(old, new)}
    return list(compare_rules(loaded(BASE), loaded(fresh)))


def only(found: list[Change]) -> Change:
    (change,) = found
    return change


def test_the_same_rules_have_no_difference() -> None:
    assert compare_rules(loaded(BASE), loaded(BASE)) == ()


def test_comments_and_layout_are_no_difference() -> None:
    assert changed("customers/eksempel.yaml", "rules:\n", "# mine\n\nrules:\n") == []


def test_a_customers_own_threshold() -> None:
    found = changed("customers/eksempel.yaml", OWN, f"set: {{small.limit: 10000 DKK}}\n{OWN}")
    change = only(found)
    assert change.text == "small.limit 5,000 → 10,000 DKK for Eksempel (was the standard's)"
    assert (change.customer, change.direction) == ("99001", Direction.LOOSER)


def test_a_threshold_of_the_standard_names_who_has_its_own() -> None:
    base = {
        **BASE,
        "customers/eksempel.yaml": f"{CUSTOMER}set: {{small.limit: 10000 DKK}}\n{OWN}",
    }
    fresh = {**base, "standard.yaml": base["standard.yaml"].replace("5000 DKK", "4000.50 DKK")}
    change = only(list(compare_rules(loaded(base), loaded(fresh))))
    assert change.text == (
        "small.limit 5,000 → 4,000.50 DKK for everybody, not for Eksempel (set by themselves)"
    )
    assert change.direction is Direction.TIGHTER


def test_a_higher_bound_of_a_blocking_rule_is_looser() -> None:
    change = only(changed("standard.yaml", "value: 30", "value: 60"))
    assert (change.text, change.direction) == ("old.days 30 → 60 for everybody", Direction.LOOSER)


@pytest.mark.parametrize(
    ("old", "new", "detail", "direction"),
    [
        ("when: {creditor.known: no}", "when: {creditor.known: no, posting.period_open: yes}",
         "when: also posting.period_open yes", "looser"),
        ("unless: {creditor.number: {in_list: approved}}", "unless: {creditor.number: {is: B}}",
         "unless: creditor.number in list approved → creditor.number is B", "either"),
        ("bounce: reference-missing", "hold: creditor-unknown",
         "bounces with reference-missing → holds with creditor-unknown", "neutral"),
        ("bounce: reference-missing", "note: reference-missing",
         "bounces with reference-missing → notes with reference-missing", "looser"),
        ("id: known\n", "id: known\n    mandatory: yes\n",
         "customers may not be let off it", "tighter"),
        ("id: known\n", "id: known\n    until: 2027-01-31\n",
         "counts always → until 2027-01-31", "looser"),
        ("id: known\n", "id: known\n    why: because\n", "why: nothing → because", "neutral"),
    ],
)  # fmt: skip
def test_a_rule_that_says_something_else(old: str, new: str, detail: str, direction: str) -> None:
    change = only(changed("standard.yaml", old, new))
    assert change.item == "known"
    assert change.details == (detail,)
    assert change.direction == direction


def test_a_post_rule_with_one_more_condition_is_tighter() -> None:
    change = only(
        changed(
            "standard.yaml",
            "{invoice.total: {at_most: $small.limit}}",
            "{invoice.total: {at_most: $small.limit}, order.reference: present}",
        )
    )
    assert change.details == ("when: also order.reference present",)
    assert change.direction is Direction.TIGHTER


def test_new_and_gone_rules() -> None:
    new = OWN + "  - id: more\n    post:\n    when: {creditor.known: yes}\n"
    change = only(changed("customers/eksempel.yaml", OWN, new))
    assert change.text == "new rule 'more' posts when creditor.known yes"
    assert change.direction is Direction.LOOSER
    gone = only(changed("customers/eksempel.yaml", OWN, ""))
    assert gone.text == (
        "the rule 'own' is gone; it said: bounces with dimension-missing when invoice.number is A"
    )
    assert gone.direction is Direction.LOOSER


GIVEN = "dispensations:\n  - {{rule: too-old, until: {until}, why: agreed, approved-by: lead}}\n"


def test_a_dispensation_is_looser_and_one_that_ends_sooner_tighter() -> None:
    text = GIVEN.format(until="2026-12-31")
    change = only(changed("customers/eksempel.yaml", OWN, text + OWN))
    assert change.text == (
        "new dispensation from 'too-old': switched off until 2026-12-31, agreed (lead)"
    )
    assert change.direction is Direction.LOOSER
    base = {**BASE, "customers/eksempel.yaml": CUSTOMER + text + OWN}
    sooner = {
        **BASE,
        "customers/eksempel.yaml": CUSTOMER + GIVEN.format(until="2026-11-30") + OWN,
    }
    shorter = only(list(compare_rules(loaded(base), loaded(sooner))))
    assert shorter.details == ("until 2026-12-31 → until 2026-11-30",)
    assert shorter.direction is Direction.TIGHTER


def test_a_row_of_a_list_turns_the_rules_that_name_it() -> None:
    change = only(changed("lists/approved.csv", "A1,,,,,\n", "A1,,,,,\nB2,,2027-06-30,agreed,,\n"))
    assert change.text == "list approved for everybody"
    assert change.details == ("new B2 until 2027-06-30 (agreed)",)
    assert change.direction is Direction.LOOSER


def test_a_row_for_one_customer_is_that_customers_change() -> None:
    change = only(changed("lists/approved.csv", "A1,,,,,\n", "A1,,,,,\nB2,,,,,99001\n"))
    assert (change.customer, change.who) == ("99001", "Eksempel")


def test_mailboxes_dimensions_and_mandates() -> None:
    found = changed(
        "customers/eksempel.yaml",
        "dimensions: [delregnskab, formaal]\n",
        "dimensions: [formaal, delregnskab]\nmailboxes: [{address: a@example.test}]\n"
        "mandates: [{person: eva, limit: 50000 DKK}]\n",
    )
    told = {change.kind: (change.details, change.direction) for change in found}
    assert told["customer"] == (
        ("dimensions: delregnskab, formaal → formaal, delregnskab",),
        Direction.NEUTRAL,
    )
    assert told["mailbox"] == (("new a@example.test (shared, for all)",), Direction.NEUTRAL)
    assert told["mandate"] == (
        ("only these may approve from now on", "new eva, up to 50,000 DKK, always"),
        Direction.TIGHTER,
    )


def test_error_types() -> None:
    text = ERROR_TYPES.replace("fix: {da: ret, en: fix}", "fix: {da: ret, en: mend}", 1)
    found = list(compare_rules(loaded(BASE), loaded({**BASE, "error_types.yaml": text})))
    change = only(found)
    assert (change.kind, change.item, change.details) == (
        "error-type",
        "unreadable",
        ("fix (en): fix → mend",),
    )


def test_a_customer_that_comes_and_one_that_goes() -> None:
    other = CUSTOMER.replace("99001", "99002").replace("5798000880016", "5798000990012")
    other = other.replace("Eksempel", "Anden")
    new = only(list(compare_rules(loaded(BASE), loaded({**BASE, "customers/anden.yaml": other}))))
    assert new.text == "new customer Anden with 0 rules of its own"
    gone = only(list(compare_rules(loaded({**BASE, "customers/anden.yaml": other}), loaded(BASE))))
    assert gone.direction is Direction.TIGHTER


def test_a_file_with_another_name_is_the_same_customer() -> None:
    fresh = {name: text for name, text in BASE.items() if not name.startswith("customers/")}
    fresh["customers/renamed.yaml"] = BASE["customers/eksempel.yaml"]
    assert compare_rules(loaded(BASE), loaded(fresh)) == ()


def test_broken_rules_can_not_be_compared() -> None:
    broken = {**BASE, "customers/eksempel.yaml": "customer: 1\n"}
    with pytest.raises(RuleChangeError, match=r"has 1 errors, the first: rules/customers"):
        compare_rules(loaded(BASE), loaded(broken))


def test_machines_get_the_same() -> None:
    change = only(changed("standard.yaml", "value: 30", "value: 60"))
    assert change.as_json() == {
        "customer": None,
        "who": "everybody",
        "kind": "parameter",
        "item": "old.days",
        "text": "old.days 30 → 60 for everybody",
        "details": [],
        "direction": "looser",
        "path": "rules/standard.yaml",
        "line": 3,
    }


def test_it_is_told_in_danish_too() -> None:
    fresh = {
        **BASE,
        "standard.yaml": PARAMETERS.replace("5000", "10000")
        + standard(
            "id: post-small\npost:\nwhen: {invoice.total: {at_most: 12000 DKK}}",
            "id: too-old\nhold: creditor-unknown\nwhen: {invoice.age_days: {above: $old.days}}\n"
            "from: 2027-01-01",
            "id: known\nbounce: reference-missing\nwhen: {creditor.known: no}",
            "id: fresh\nhold: creditor-unknown\n"
            "when: {lines: {any: {account: {starts_with: '61'}}}}",
        ),
        "lists/approved.csv": LIST + "B2,2026-01-01,2026-12-31,,,\n",
    }
    found = compare_rules(loaded(BASE), loaded(fresh), Tongue("da"))
    told = [line for change in found for line in (change.text, *change.details)]
    assert told == [
        "small.limit 5.000 → 10.000 DKK for alle",
        "reglen 'post-small' (bogfører)",
        "når: invoice.total højst $small.limit → invoice.total højst 12.000 DKK",
        "reglen 'too-old' (holder med creditor-unknown)",
        "gælder altid → fra 1. januar 2027",
        "reglen 'known' (sender tilbage med reference-missing)",
        "medmindre: ikke længere creditor.number står på listen approved",
        (
            "ny regel 'fresh' holder med creditor-unknown når mindst én linje med (account "
            "begynder med 61)"
        ),
        (
            "reglen 'told' er væk; den sagde: noterer med amount-wrong når invoice.total over "
            "$small.limit"
        ),
        "listen approved for alle",
        "ny B2 1. januar 2026 – 31. december 2026",
    ]
