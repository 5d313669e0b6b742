"""A rule directory as a whole: layers, hashes, and what one broken file does to the others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from robot.domain.decision import Outcome, Truth
from robot.domain.money import Money
from robot.rulebook.compiler import compile_set
from robot.rulebook.effective import files_of
from robot.rulebook.loader import load, load_files
from tests.rulebook.world import (
    CATALOGUE,
    CUSTOMER,
    ERROR_TYPES,
    FIELDS,
    TODAY,
    compiled,
    document,
    loaded,
    messages,
    rule_set,
    standard,
    truth,
)

PARAMETERS = """\
parameters:
  small: {value: 1000 DKK, why: a small purchase}
  window: {value: next 10, type: days}
  late: {value: yes}
  codes: {value: [A, B], type: code}
rules:
  - id: post-small
    post:
    when: {invoice.total: {at_most: $small}}
  - id: codes
    hold: creditor-unknown
    when: {order.reference: {in: $codes}}
  - id: due
    hold: creditor-unknown
    when: {invoice.due_date: {within_days: $window}, creditor.known: $late}
"""


def total(amount: int) -> dict[str, Any]:
    return document(**{"invoice.total": Money(Decimal(amount), "DKK"), "order.reference": "C"})


def outcome(customer: str, values: dict[str, Any]) -> set[str]:
    read = loaded({"standard.yaml": PARAMETERS, "customers/x.yaml": customer})
    assert read.errors == ()
    effective = read.effective("x")
    true, _ = compile_set(effective).evaluate(values, TODAY)
    return {effective.rules[index].rule.id for index in true}


def test_a_parameter_has_the_value_of_the_standard() -> None:
    assert outcome(CUSTOMER, total(1000)) == {"post-small"}
    assert outcome(CUSTOMER, total(1001)) == set()


def test_a_customer_sets_a_parameter() -> None:
    assert outcome(f"{CUSTOMER}set: {{small: 2000 DKK}}\n", total(1001)) == {"post-small"}


def test_a_customer_sets_a_list_and_days_and_a_flag() -> None:
    values = document(
        **{
            "order.reference": "C",
            "invoice.due_date": date(2026, 12, 20),
            "creditor.known": False,
        }
    )
    tuned = f"{CUSTOMER}set: {{codes: [C], window: next 30, late: no}}\n"
    assert outcome(CUSTOMER, values) == set()
    assert outcome(tuned, values) == {"codes", "due"}


def test_a_customers_own_rules_may_use_the_parameters() -> None:
    own = f"{CUSTOMER}set: {{small: 5 DKK}}\nrules:\n  - id: own\n    note:\n"
    own += "    when: {invoice.total: {above: $small}}\n"
    assert outcome(own, total(6)) == {"own"}


LISTED = standard("id: listed\nhold: creditor-unknown\nwhen: {creditor.number: {in_list: ok}}")


def listed(rows: str, customer: str = CUSTOMER, today: date = TODAY, suffix: str = "csv") -> bool:
    read = loaded(
        {"standard.yaml": LISTED, "customers/x.yaml": customer, f"lists/ok.{suffix}": rows}
    )
    assert [str(problem) for problem in read.errors] == []
    values = document(**{"creditor.number": "A"})
    return compile_set(read.effective("x")).evaluate(values, today)[0] == [0]


def test_a_list_is_read_from_csv() -> None:
    assert listed("value\nB\nA\n")
    assert listed('value,from,until,why,owner\n"A",,,"new, confirmed",MHA\n')
    assert not listed("value\nB\n")


def test_a_list_is_read_from_yaml() -> None:
    assert listed("- B\n- A\n", suffix="yaml")
    assert listed("- {value: A, why: agreed}\n", suffix="yaml")


def test_rows_of_a_list_count_on_their_days() -> None:
    rows = "value,from,until\nA,2026-11-20,2026-11-30\n"
    days = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 30), date(2026, 12, 1)]
    assert [listed(rows, today=day) for day in days] == [False, True, True, False]


def test_rows_of_a_list_may_be_one_customers() -> None:
    assert listed("value,customer\nA,99001\n")
    assert not listed("value,customer\nA,99002\n")


def test_a_customers_own_list_comes_first() -> None:
    own = f"{CUSTOMER}lists: {{ok: [C]}}\n"
    assert not listed("value\nA\n", customer=own)
    assert listed("value\nC\n", customer=f"{CUSTOMER}lists: {{ok: [A]}}\n")


def test_the_same_rules_are_evaluated_on_many_days() -> None:
    when = "invoice.issue_date: {before: today - 30 days}"
    values = document(**{"invoice.issue_date": date(2026, 10, 1)})
    days = [date.fromordinal(TODAY.toordinal() - back) for back in range(40)]
    truths = [truth(when, values, day) for day in days]
    assert truths == [Truth.TRUE if day > date(2026, 10, 31) else Truth.FALSE for day in days]
    assert len(compiled(when).source().splitlines()) > 3


FILES = {
    "standard.yaml": LISTED,
    "lists/ok.csv": "value\nA\n",
    "lists/other.csv": "value\nA\n",
    "customers/x.yaml": CUSTOMER,
}


def digest(**changes: str) -> str:
    names = {"standard": "standard.yaml", "ok": "lists/ok.csv", "other": "lists/other.csv",
             "customer": "customers/x.yaml", "types": "error_types.yaml"}  # fmt: skip
    return loaded(FILES | {names[key]: text for key, text in changes.items()}).effective("x").hash


def test_the_hash_covers_everything_that_the_set_rests_on() -> None:
    changed = {
        digest(),
        digest(standard=FILES["standard.yaml"] + "# x\n"),
        digest(ok="value\nB\n"),
        digest(customer=CUSTOMER.replace("da", "en")),
        digest(types=ERROR_TYPES + "# x\n"),
    }
    assert len(changed) == 5


def test_the_hash_does_not_cover_lists_that_are_not_used() -> None:
    assert digest() == digest(other="value\nB\n")


def test_the_hash_does_not_depend_on_line_ends() -> None:
    assert digest() == digest(customer=CUSTOMER.replace("\n", "\r\n"))


def test_a_set_can_be_had_back_from_its_text() -> None:
    first = loaded(FILES).effective("x")
    again = load_files(files_of(first.text, "kept"), FIELDS)
    assert again.errors == ()
    assert again.effective("x").hash == first.hash


@pytest.mark.parametrize(
    "text", ["", "rules: []", "invoice-robot rules, form 1\ncatalogue x\n=== file 99 a\nshort\n"]
)
def test_what_is_no_kept_set_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a kept rule set"):
        files_of(text, "kept")


def test_a_broken_file_does_not_stop_the_others() -> None:
    other = CUSTOMER.replace("99001", "99002").replace("5798000880016", "5798000990012")
    read = loaded(FILES | {"customers/broken.yaml": "rules: [", "customers/y.yaml": other})
    assert read.broken == {"broken"}
    assert read.effective("x").customer.bogfoeringskreds == "99001"
    assert read.effective("y").customer.bogfoeringskreds == "99002"
    with pytest.raises(KeyError):
        read.effective("broken")


def test_a_broken_list_stops_only_those_who_use_it() -> None:
    own = f"{CUSTOMER}lists: {{ok: [A]}}\n"
    read = loaded(FILES | {"lists/ok.csv": "wrong\nA\n", "customers/x.yaml": own})
    assert read.effective("x").customer.name == "Eksempel"
    read = loaded(FILES | {"lists/ok.csv": "wrong\nA\n"})
    with pytest.raises(KeyError):
        read.effective("x")


def test_a_broken_standard_is_not_blamed_on_the_customers() -> None:
    tuned = f"{CUSTOMER}set: {{small: 5 DKK}}\ndispensations:\n"
    tuned += "  - {rule: a, until: 2026-12-31, why: x, approved-by: y}\n"
    told = messages({"standard.yaml": "rules: [", "customers/x.yaml": tuned})
    assert [line.split(":")[0] for line in told] == ["rules/standard.yaml"]


def test_broken_error_types_are_not_blamed_on_the_rules() -> None:
    told = messages(FILES | {"error_types.yaml": "a: ["})
    assert [line.split(":")[0] for line in told] == ["rules/error_types.yaml"]


def test_a_parameter_that_can_not_be_read_is_told_once() -> None:
    text = "parameters: {small: {value: 5.000 DKK}}\n" + standard(
        "id: a\nhold: creditor-unknown\nwhen: {invoice.total: {above: $small}}"
    )
    tuned = f"{CUSTOMER}set: {{small: 5 DKK}}\n"
    told = messages({"standard.yaml": text, "customers/x.yaml": tuned})
    assert len(told) == 1


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    told = [str(problem) for problem in load(tmp_path, CATALOGUE).problems]
    assert told == [
        f"{tmp_path}/error_types.yaml:1:1: there is no error_types.yaml in {tmp_path}",
        f"{tmp_path}/standard.yaml:1:1: there is no standard.yaml in {tmp_path}",
    ]


def test_a_directory_is_read_from_disk(tmp_path: Path) -> None:
    for name, text in {"error_types.yaml": ERROR_TYPES, **FILES}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done: list[tuple[int, int]] = []
    read = load(tmp_path, CATALOGUE, progress=lambda n, of: done.append((n, of)))
    assert read.problems == ()
    assert done == [(1, 1)]
    assert read.effective("x").hash == loaded(FILES).effective("x").hash


def test_every_problem_is_found_in_one_pass() -> None:
    rules = standard(
        "id: a\nhold: creditor-unknown\nwhen: {creditor.knwon: no, invoice.total: {below: 5}}",
        "id: b\nbounce: nothing\nwhen: {order.reference: {matches: '('}}",
    )
    assert len(messages({"standard.yaml": rules, "lists/a.csv": "x\n"})) == 5


def test_the_standard_alone_never_posts() -> None:
    read = loaded({"standard.yaml": PARAMETERS})
    assert {part.rule.id for part in read.effective(None).rules} == {"codes", "due"}


def test_texts_of_rule_files_never_get_into_the_generated_code() -> None:
    evil = "__import__('os').system('x')"
    when = f'order.reference: {{in: ["{evil}"], starts_with: "{evil}", is: "{evil}"}}\n'
    when += f'lines: {{any: {{account: {{is: "{evil}"}}}}}}'
    source = compiled(when).source()
    assert "__import__" not in source
    assert "order.reference" not in source


def test_deciding_does_not_depend_on_when_it_is_done() -> None:
    made = rule_set("id: a\npost:\nwhen: {invoice.issue_date: {before: today}}")
    values = document(**{"invoice.issue_date": date(2026, 11, 23)})
    first = made.decide_values(values, TODAY)
    made.decide_values(values, date(2027, 1, 1))
    assert made.decide_values(values, TODAY) == first
    assert first.outcome is Outcome.POST


def test_hundreds_of_customers_are_read_without_compiling_any() -> None:
    texts = dict(FILES)
    for number in range(200):
        texts[f"customers/k{number}.yaml"] = (
            f'customer: {{name: K, bogfoeringskreds: "{20000 + number}"}}\n'
        )
    read = loaded(texts)
    assert len(read.customers) == 201
    assert read.problems == ()
