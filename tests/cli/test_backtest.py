"""`rules backtest` and `rules opportunities` as an ops person uses them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from robot import bootstrap
from robot.checks.catalogue import CATALOGUE
from robot.cli import backtest, rule_changes
from robot.cli.main import main
from robot.domain.money import Money
from robot.flow.history_port import Aftermath, PastDecision
from robot.rulebook.loader import load
from tests.support import factories as make
from tests.support.everyday import RULES, addressed, approved, facts, rules_of
from tests.support.history import DAY, keep, later, past

STEM, KREDS = "fyrvaesenet", "99002"
LIMIT, HIGHER = "small-invoice.limit: 10000 DKK", "small-invoice.limit: 20000 DKK"
Run = Callable[..., Result]


def decisions() -> list[PastDecision]:
    """The everyday invoice of one customer, with amounts around its limit."""
    rule_set = rules_of(load(RULES, CATALOGUE), STEM)
    customer = rule_set.customer
    document = approved(addressed(make.an_invoice(), customer), customer)
    everyday = dict(rule_set.values(document, facts(), DAY))
    return [
        past(
            f"k{kroner}",
            {
                **everyday,
                "invoice.total_dkk": Money(Decimal(kroner), "DKK"),
                "invoice.number": number,
            },
            customer=KREDS,
            amount_dkk=Decimal(kroner),
        )
        for kroner, number in ((9000, "F-1"), (12000, "=1+1"), (15000, "F-3"), (90000, "F-4"))
    ]


@pytest.fixture(name="history", scope="module")
def _history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    happened = [later("k12000", Aftermath.CORRECTED), later("k15000", Aftermath.POSTED_BY_CLERK)]
    keep(folder, decisions(), happened)
    return folder


@pytest.fixture(name="changed", scope="module")
def _changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules with a higher limit for one customer."""
    folder = tmp_path_factory.mktemp("changed") / "rules"
    shutil.copytree(RULES, folder)
    file = folder / "customers" / f"{STEM}.yaml"
    text = file.read_text(encoding="utf-8")
    assert LIMIT in text
    file.write_text(text.replace(LIMIT, HIGHER), encoding="utf-8")
    return folder


@pytest.fixture(name="run")
def _run(history: Path) -> Run:
    def run(command: str, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["rules", command, "--history", str(history), *arguments])

    return run


def test_what_would_have_been_posted_and_was_wrong_is_the_first_line(
    run: Run, changed: Path
) -> None:
    lines = run("backtest", str(changed)).output.splitlines()
    assert lines[0] == ("WOULD HAVE POSTED WHAT WAS FOUND WRONG LATER: 1 documents, 12,000.00 DKK")
    assert any("SDI-k12000" in line and "corrected" in line for line in lines[1:7])


def test_the_numbers_are_in_words_and_in_a_matrix(run: Run, changed: Path) -> None:
    output = run("backtest", str(changed)).output
    assert (
        "4 documents decided anew: 2 (50.00%) come out otherwise, 2 of them newly posted "
        "(27,000.00 DKK)." in output
    )
    matrix = [line.split() for line in output.splitlines() if line.strip().startswith("hold ")]
    assert matrix[0] == ["hold", "2", "(27,000.00", "DKK)", "–", "1", "(90,000.00", "DKK)"]


def test_the_same_for_machines(run: Run, changed: Path) -> None:
    result = run("backtest", str(changed), "--json")
    shown = json.loads(result.output)
    assert result.exit_code == 0
    assert shown["newly_posted"] == {"documents": 2, "amount_dkk": "27000.00"}
    assert shown["not_replayed"] == 0
    first = shown["changes"][0]
    assert (first["document"], first["old"], first["new"]) == ("SDI-k12000", "hold", "post")
    assert first["rules"] == ["post-small-with-order"]
    assert first["afterwards"] == "corrected"


def test_every_changed_document_goes_into_a_table_that_a_spreadsheet_takes_as_text(
    run: Run, changed: Path, tmp_path: Path
) -> None:
    path = tmp_path / "changes.csv"
    run("backtest", str(changed), "--csv", str(path), "--limit", "0")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    assert sorted(row["document"] for row in rows) == ["SDI-k12000", "SDI-k15000"]
    assert {row["number"] for row in rows} == {"'=1+1", "F-3"}


@pytest.mark.parametrize(
    ("rules", "fail_on", "code"),
    [
        ("changed", "loosen", 1),
        ("changed", "change", 1),
        ("same", "loosen", 0),
        ("tighter", "loosen", 0),
        ("tighter", "change", 1),
    ],
)
def test_a_pipeline_can_fail_on_what_is_loosened(
    run: Run, changed: Path, rules: str, fail_on: str, code: int
) -> None:
    old, new = {
        "changed": (RULES, changed),
        "same": (RULES, RULES),
        "tighter": (changed, RULES),
    }[rules]
    result = run("backtest", str(new), "--old", str(old), "--fail-on", fail_on)
    assert result.exit_code == code, result.output


@pytest.mark.parametrize("name", [STEM, KREDS])
def test_one_customer_by_number_or_file(run: Run, changed: Path, name: str) -> None:
    shown = json.loads(run("backtest", str(changed), "--customer", name, "--json").output)
    assert shown["documents"] == 4


def test_another_customer_has_nothing_to_do_with_it(run: Run, changed: Path) -> None:
    shown = json.loads(run("backtest", str(changed), "--customer", "99001", "--json").output)
    assert shown["documents"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--customer", "nobody"), "there is no customer 'nobody'"),
        (("--since", "2027-01-01"), "has nothing between these days"),
    ],
)
def test_wrong_use_is_said(run: Run, changed: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run("backtest", str(changed), *arguments)
    assert result.exit_code == 2
    assert told in result.output


def test_rules_with_errors_are_not_compared(run: Run, tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "rules" / "customers" / f"{STEM}.yaml").write_text("customer: {}\n")
    result = run("backtest", str(tmp_path / "rules"))
    assert result.exit_code == 2
    assert f"{STEM}.yaml:1:" in result.output
    assert "rules check" in result.output


def test_no_history_is_said(changed: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["rules", "backtest", str(changed), "--history", str(tmp_path)]
    )
    assert result.exit_code == 2
    assert "there is no history" in result.output


def test_an_opportunity_says_what_to_change_what_it_gives_and_what_it_risks(run: Run) -> None:
    result = run("opportunities", "--customer", STEM)
    assert result.exit_code == 0, result.output
    text = " ".join(result.output.split())
    assert "4 documents, 3 of them not posted." in text
    assert "rule post-small-with-order posts only when invoice.total_dkk at_most 10000" in text
    assert "with small-invoice.limit at 15,000: 2 of these documents" in text
    assert "of 2 whose fate is known, 1 (50%) were" in text
    assert "value = F × U × V × S" in text


def test_opportunities_for_machines(run: Run) -> None:
    shown = json.loads(run("opportunities", "--json", "--by", "documents").output)
    one = next(o for o in shown["opportunities"] if o["parameter"] == "small-invoice.limit")
    assert (one["documents"], one["amount_dkk"]) == (3, "117000.00")
    assert one["risk"]["regretted"] == 1
    assert set(one["value"]) == {"total", "importance", "spread", "weight", "synergy"}


def test_a_result_is_kept_beside_its_proposal_and_its_approval_warns_of_none(
    history: Path, changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment: dict[str, str | None] = {
        "ROBOT_DATA": str(tmp_path),
        "ROBOT_STORE__URL": f"sqlite:///{tmp_path / 'robot.db'}",
        "ROBOT_HISTORY__DIRECTORY": str(history),
        "ROBOT_RULES__FOUR_EYES": "true",
    }

    def rules(who: str, directory: Path, *arguments: str) -> Result:
        for module in (rule_changes, backtest):
            monkeypatch.setattr(module, "account", lambda: who)
        given = environment | {"ROBOT_RULES__DIRECTORY": str(directory)}
        return CliRunner().invoke(main, ["rules", *arguments], env=given)

    # Outside the project's own repository, whose author would be everybody here.
    ours = tmp_path / "rules"
    shutil.copytree(RULES, ours)
    tried = ("backtest", str(changed), "--customer", KREDS, "--keep")
    rules("ada", ours, "propose", KREDS)
    rules("eva", ours, "approve", KREDS, "--reason", "the first set")
    assert "was not proposed" in rules("eva", changed, *tried).output
    rules("ada", changed, "propose", KREDS)
    kept = rules("eva", changed, *tried)
    # Compared with what was approved, though the files say the same as the candidate.
    assert "2 of them newly posted" in kept.output
    assert "kept beside proposal" in kept.stderr
    store = bootstrap.open_store(str(environment["ROBOT_STORE__URL"]), bootstrap.SystemClock())
    (proposal,) = [it for it in store.rules.proposals() if it.approval is None]
    found = store.rules.backtest(proposal.ruleset)
    store.close()
    assert found is not None
    assert (found.made_by, found.result["newly_posted"]["documents"]) == ("eva", 2)
    assert "look at" not in rules("eva", changed, "approve", KREDS, "--reason", "tried").stderr
    file = ours / "customers" / f"{STEM}.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# as before\n", encoding="utf-8")
    rules("ada", ours, "propose", KREDS)
    untried = rules("eva", ours, "approve", KREDS, "--reason", "back again")
    assert untried.exit_code == 0
    assert "was not tried on the past" in untried.stderr
