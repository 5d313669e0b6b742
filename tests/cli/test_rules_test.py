"""`rules test`: filters, measures, stubs and what machines get."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from robot.cli.main import main

CASES = """\
today: 2026-11-24
customer: eksempelstyrelsen
cases:
  - case: A small one
    document: office-invoice
    expect: post
  - case: Without a reference
    document: office-invoice
    change: {order.reference: missing}
    expect: {bounce: [order-reference-missing], notice: [rekvisitionsnummer, F-1001]}
  - case: Limits
    document: office-invoice
    table:
      - [case, invoice.total_dkk, outcome, findings]
      - [at,   25000.00 DKK,      post,    none]
      - [over, 25000.01 DKK,      hold,    outside-criteria]
  - case: The archive
    customer: domsarkivet
    document: archive-invoice
    expect: post
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules with few cases."""
    target = tmp_path_factory.mktemp("rules")
    for path in sorted(Path("rules").rglob("*")):
        name = path.relative_to("rules")
        wanted = name.parts[0] != "cases" or name.name == "documents.yaml"
        if path.is_file() and wanted:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(path.read_bytes())
    (target / "cases" / "few.yaml").write_text(CASES, encoding="utf-8")
    return target


def call(rules: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["rules", "test", str(rules), *options])


def test_cases_are_chosen_by_words_customer_and_rule(rules: Path) -> None:
    assert call(rules).stdout.endswith("5 cases passed, 0 failed\n")
    assert call(rules, "-k", "limits").stdout == "2 cases passed, 0 failed\n"
    assert call(rules, "--customer", "99005").stdout == "1 case passed, 0 failed\n"
    assert call(rules, "--customer", "domsarkivet").stdout == "1 case passed, 0 failed\n"
    named = call(rules, "--rule", "order-reference-required", "-v").stdout
    assert "ok: Without a reference" in named
    assert named.endswith("1 case passed, 0 failed\n")


def test_what_is_not_there_is_told_with_what_is(rules: Path) -> None:
    done = call(rules, "--customer", "nobody")
    assert done.exit_code == 2
    assert "no customer 'nobody' (known: domsarkivet, " in done.stderr
    done = call(rules, "--rule", "large-invoce")
    assert done.exit_code == 2
    assert "no rule 'large-invoce'; did you mean 'large-invoice'?" in done.stderr


def test_the_mail_is_rendered_as_the_robot_renders_it(rules: Path) -> None:
    assert call(rules, "-k", "reference").stdout == "1 case passed, 0 failed\n"


def test_coverage_says_what_no_case_exercises_and_can_fail(rules: Path) -> None:
    done = call(rules, "--coverage", "--rule", "post-small-with-order")
    assert done.exit_code == 0
    assert "standard.yaml:" in done.stdout
    assert "post-small-with-order: invoice.kind is invoice: never false" in done.stdout
    assert "(domsarkivet): never at" in done.stdout
    assert "exercised by a case: " in done.stdout
    assert call(rules, "--coverage", "--min", "10").exit_code == 0
    assert call(rules, "--coverage", "--min", "99").exit_code == 1


def test_mutation_says_which_changes_no_case_notices(rules: Path) -> None:
    done = call(rules, "--mutate", "--rule", "post-small-with-order", "--min", "90")
    assert done.exit_code == 1
    assert "'invoice.kind is invoice' is left out: no case notices" in done.stdout
    assert "changes noticed by a case: " in done.stdout


def test_stubs_are_offered_as_a_case_file(rules: Path, tmp_path: Path) -> None:
    done = call(rules, "--stubs", "--rule", "large-invoice")
    assert done.stdout.startswith("cases:\n  # ")
    assert "cases offered" in done.stderr
    stubbed = tmp_path / "rules"
    stubbed.mkdir()
    for path in sorted(rules.rglob("*")):
        if path.is_file():
            target = stubbed / path.relative_to(rules)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = "today: 2026-11-24\n" + done.stdout
    (stubbed / "cases" / "stubs.yaml").write_text(text, encoding="utf-8")
    after = call(stubbed, "--coverage", "--rule", "large-invoice")
    assert "exercised by a case: 100.0 %" in after.stdout


def test_machines_get_everything(rules: Path, tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    done = call(
        rules, "--json", "--coverage", "--mutate", "--rule", "large-invoice", "--junit", str(junit)
    )
    shown = json.loads(done.stdout)
    assert shown["failed"] == 0
    assert 0 < shown["coverage"]["percent"] < 100
    assert {point["rule"] for point in shown["coverage"]["missing"]} == {"large-invoice"}
    assert shown["mutation"]["changes"] > len(shown["mutation"]["unnoticed"])
    assert ET.parse(junit).getroot().tag == "testsuites"  # noqa: S314 - our own file


def test_junit_tells_each_case_and_each_failure(rules: Path, tmp_path: Path) -> None:
    broken = rules / "cases" / "broken.yaml"
    broken.write_text(
        "today: 2026-11-24\ncustomer: domsarkivet\ncases:\n"
        "  - {case: Wrong, document: archive-invoice, expect: bounce}\n",
        encoding="utf-8",
    )
    try:
        junit = tmp_path / "junit.xml"
        assert call(rules, "--junit", str(junit)).exit_code == 1
    finally:
        broken.unlink()
    suites = {s.get("name", ""): s for s in ET.parse(junit).getroot()}  # noqa: S314 - our own file
    (name,) = [name for name in suites if name.endswith("broken.yaml")]
    assert (suites[name].get("tests"), suites[name].get("failures")) == ("1", "1")
    (case,) = suites[name]
    assert case.get("line") == "4"
    assert case[0].get("message") == "outcome: expected bounce, was post"
