"""`invoice-robot rules`: what people and scripts get from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from robot.cli.rule_tools import RuleTools
from robot.cli.rules import register
from tests.rulebook.world import CATALOGUE, CUSTOMER, ERROR_TYPES, TODAY, standard

CASES = """\
today: 2026-11-24
customer: eksempel
documents:
  clean: {invoice.total: 500 DKK, order.reference: A}
cases:
  - case: A small one is posted.
    document: clean
    expect: {outcome: post}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for name, text in {
        "error_types.yaml": ERROR_TYPES,
        "standard.yaml": standard(
            "id: small\npost:\nwhen: {invoice.total: {at_most: 1000 DKK}}",
            "id: ref\nbounce: reference-missing\nwhy: needed\nwhen: {order.reference: missing}",
        ),
        "customers/eksempel.yaml": CUSTOMER,
        "cases/a.yaml": CASES,
        "lists/ok.csv": "value\nA\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def not_computed(*_: object) -> Mapping[str, Any]:
    return {}


def call(*arguments: str) -> Result:
    @click.group()
    def main() -> None:
        pass

    register(
        main,
        lambda: RuleTools(catalogue=CATALOGUE, compute=not_computed, today=lambda: TODAY),
    )
    return CliRunner().invoke(main, ["rules", *arguments])


def break_standard(rules: Path) -> None:
    path = rules / "standard.yaml"
    path.write_text(path.read_text().replace("order.reference:", "order.refrence:"))


def test_good_rules_pass_the_check(rules: Path) -> None:
    result = call("check", str(rules))
    assert result.exit_code == 0
    assert "0 errors, " in result.stderr
    assert " in 2 standard rules, 0 own rules of 1 customer, 15 error types" in result.stderr


def test_a_problem_is_one_line_with_its_place_and_then_the_line_itself(rules: Path) -> None:
    break_standard(rules)
    result = call("check", str(rules))
    assert result.exit_code == 1
    first, shown, caret = result.stdout.splitlines()[:3]
    assert first == (
        f"{rules}/standard.yaml:8:12: 'order.refrence' is not a field of a document; "
        "did you mean 'order.reference'?"
    )
    assert shown.strip() == "when: {order.refrence: missing}"
    assert caret.index("^") == shown.index("order.refrence")


def test_problems_are_there_for_machines(rules: Path) -> None:
    break_standard(rules)
    result = call("check", str(rules), "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    (problem,) = [problem for problem in told if problem["severity"] == "error"]
    assert (problem["code"], problem["line"], problem["column"]) == ("unknown-field", 8, 12)


def test_problems_in_cases_are_found_by_the_check(rules: Path) -> None:
    path = rules / "cases/a.yaml"
    path.write_text(path.read_text().replace("outcome: post", "outcome: posted"))
    result = call("check", str(rules))
    assert result.exit_code == 1
    assert "cases/a.yaml:8:23: 'posted' is not one of" in result.stdout


def test_a_text_that_can_not_be_completed_is_found_by_the_check(rules: Path) -> None:
    path = rules / "error_types.yaml"
    good = "title: {da: coding-missing,"
    path.write_text(path.read_text().replace(good, 'title: {da: "{{ nobody }}",'))
    result = call("check", str(rules))
    assert result.exit_code == 1
    assert "a text of 'coding-missing' (da) can't be completed" in result.stdout
    assert "'nobody' is undefined" in result.stdout


def test_warnings_fail_the_check_only_when_asked(rules: Path) -> None:
    (rules / "customers/x.yml").write_text("")
    assert call("check", str(rules)).exit_code == 0
    assert call("check", str(rules), "--strict").exit_code == 1


def test_hints_never_fail_the_check(rules: Path) -> None:
    path = rules / "customers/eksempel.yaml"
    path.write_text(f"{path.read_text()}lists: {{l: [A, A]}}\n", encoding="utf-8")
    result = call("check", str(rules), "--json")
    assert result.exit_code == 0
    assert "row-twice" in {problem["code"] for problem in json.loads(result.stdout)}


def test_dates_count_from_the_day_that_is_given(rules: Path) -> None:
    (rules / "lists/ok.csv").write_text("value,until\nA,2027-06-30\n")
    assert "ended on" not in call("check", str(rules)).stdout
    assert "ended on 2027-06-30" in call("check", str(rules), "--as-of", "2027-07-01").stdout
    assert call("check", str(rules), "--as-of", "01-07-2027").exit_code == 2


def test_problems_are_there_for_code_hosts(rules: Path) -> None:
    break_standard(rules)
    result = call("check", str(rules), "--sarif")
    assert result.exit_code == 1
    (run,) = json.loads(result.stdout)["runs"]
    assert "unknown-field" in {one["ruleId"] for one in run["results"] if one["level"] == "error"}
    assert call("check", str(rules), "--sarif", "--json").exit_code == 2


def test_every_kind_of_problem_can_be_looked_up() -> None:
    assert "| `never-posts` | warning |" in call("problems").stdout


def test_a_directory_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    for command in ("check", "test"):
        result = call(command, str(tmp_path / "nowhere"))
        assert result.exit_code == 2
        assert "there is no directory" in result.stderr


def test_cases_that_pass_are_counted(rules: Path) -> None:
    result = call("test", str(rules))
    assert (result.exit_code, result.stdout) == (0, "1 case passed, 0 failed\n")
    assert "A small one is posted." in call("test", str(rules), "-v").stdout


def test_a_case_that_fails_is_shown(rules: Path) -> None:
    path = rules / "cases/a.yaml"
    path.write_text(path.read_text().replace("outcome: post", "outcome: hold"))
    result = call("test", str(rules))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{path}:6:5: A small one is posted.",
        "    outcome: expected hold, was post",
        "0 cases passed, 1 failed",
    ]
    shown = json.loads(call("test", str(rules), "--json").stdout)
    assert (shown["passed"], shown["failed"]) == (0, 1)
    assert shown["cases"][0]["differences"] == ["outcome: expected hold, was post"]


def test_rules_that_can_not_be_read_fail_the_cases(rules: Path) -> None:
    break_standard(rules)
    result = call("test", str(rules))
    assert result.exit_code == 1
    assert "did you mean 'order.reference'?" in result.stdout
    assert "has no rules that can be used" in result.stdout


def test_fields_are_listed_and_searched() -> None:
    assert "creditor.known" in call("fields").stdout
    narrowed = call("fields", "creditor", "known").stdout
    assert "creditor.known" in narrowed
    assert "invoice.total" not in narrowed
    assert call("fields", "nothing-like-it").exit_code == 1


def test_fields_are_there_for_machines() -> None:
    fields = json.loads(call("fields", "--json").stdout)
    assert [field["name"] for field in fields] == list(CATALOGUE)
    (kind,) = [field for field in fields if field["name"] == "invoice.kind"]
    assert kind["choices"] == ["invoice", "credit-note"]
    assert kind["operators"][:2] == ["is", "is_not"]


def test_the_schema_is_printed(rules: Path) -> None:
    for arguments in ((), ("eksempel",), ("99001",), ("--standard",), ("--cases",)):
        result = call("schema", *arguments, "--rules", str(rules))
        assert json.loads(result.stdout)["additionalProperties"] is False


def test_an_unknown_customer_is_wrong_use(rules: Path) -> None:
    for command in ("schema", "show"):
        result = call(command, "nobody", "--rules", str(rules))
        assert result.exit_code == 2
        assert "known: eksempel" in result.stderr


def test_a_customers_rules_are_shown(rules: Path) -> None:
    assert call("show", "eksempel", "--rules", str(rules)).stdout == CUSTOMER
    shown = call("show", "99001", "--rules", str(rules), "--effective").stdout
    assert "ref  bounce: reference-missing  [standard]" in shown
    assert "  why needed" in shown
    assert "    invoice.total at_most 1000 DKK" in shown
    made = json.loads(
        call("show", "eksempel", "--rules", str(rules), "--effective", "--json").stdout
    )
    assert [rule["id"] for rule in made["rules"]] == ["small", "ref"]
    assert len(made["hash"]) == 64


def test_what_is_not_in_force_is_not_shown_as_effective(rules: Path) -> None:
    break_standard(rules)
    result = call("show", "eksempel", "--rules", str(rules), "--effective")
    assert result.exit_code == 1
    assert "standard.yaml:8:12" in result.stderr
