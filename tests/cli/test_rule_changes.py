"""Changing rules as an ops person does it: diff, propose, approve, hot reload, shadow, format."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from robot import bootstrap
from robot.cli import rule_changes
from robot.cli.main import main
from tests.support.repository import Repository, needs_git

CUSTOMER = "customers/eksempelstyrelsen.yaml"
LIMIT = "small-invoice.limit: 25000 DKK"


class Ops:
    """A rule directory of one's own with a store beside it, and the commands on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rules = folder / "rules"
        shutil.copytree("rules", self.rules)
        self.settings: dict[str, str | None] = {
            "ROBOT_DATA": str(folder / "data"),
            "ROBOT_RULES__DIRECTORY": str(self.rules),
            "ROBOT_STORE__URL": f"sqlite:///{folder / 'robot.db'}",
            "ROBOT_LOG__DIRECTORY": str(folder / "logs"),
        }

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["rules", *arguments], env=self.settings)

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
        done = self(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.rules / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def raise_limit(self) -> None:
        self.edit(CUSTOMER, LIMIT, "small-invoice.limit: 30000 DKK")


@pytest.fixture(name="ops")
def _ops(tmp_path: Path) -> Ops:
    return Ops(tmp_path)


@pytest.fixture(name="act_as")
def _act_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sit down at the keyboard as somebody else."""

    def sit_down(name: str) -> None:
        monkeypatch.setattr(rule_changes, "account", lambda: name)

    return sit_down


# ---------------------------------------------------------------- diff


def test_two_directories_in_words(ops: Ops) -> None:
    ops.raise_limit()
    done = ops("diff", "rules", str(ops.rules))
    place = f"{ops.rules / CUSTOMER}:26"
    assert done.stdout.splitlines() == [
        "Eksempelstyrelsen (99001)",
        f"  looser   small-invoice.limit 25,000 → 30,000 DKK for Eksempelstyrelsen  [{place}]",
        "1 change: 1 looser",
    ]


def test_no_difference_is_said_as_well(ops: Ops) -> None:
    assert ops("diff", "rules").stdout == "no difference\n"


def test_only_one_customers_changes(ops: Ops) -> None:
    ops.raise_limit()
    ops.edit("customers/fyrvaesenet.yaml", "10000 DKK", "9000 DKK")
    (change,) = ops.json("diff", "rules", "--customer", "99002")
    assert (change["customer"], change["direction"]) == ("99002", "tighter")


def test_a_set_that_was_proposed_against_the_files_now(
    ops: Ops, act_as: Callable[[str], None]
) -> None:
    act_as("ada")
    ops("propose")
    (before,) = [each for each in ops.json("pending") if each["customer"] == "99001"]
    ops.raise_limit()
    (change,) = ops.json("diff", before["ruleset"][:12])
    assert change["text"] == "small-invoice.limit 25,000 → 30,000 DKK for Eksempelstyrelsen"
    shown = ops("show", "--hash", before["ruleset"][:12])
    assert LIMIT in shown.stdout


@pytest.mark.parametrize("name", ["no-such-thing", "0123456789abcdef"])
def test_what_is_neither_directory_nor_set_nor_commit(ops: Ops, name: str) -> None:
    done = ops("diff", name)
    assert done.exit_code == 2
    assert f"'{name}' is no directory and no hash of a set" in done.stderr


def test_broken_rules_are_not_compared(ops: Ops) -> None:
    ops.edit(CUSTOMER, "99001", "x")
    done = ops("diff", "rules")
    assert done.exit_code == 2
    assert "errors, the first:" in done.stderr


# ---------------------------------------------------------------- four eyes


def test_from_an_edit_to_an_approval(ops: Ops, act_as: Callable[[str], None]) -> None:
    act_as("ada")
    ops("propose")
    act_as("eva")
    assert ops("approve", "--all", "--reason", "the first sets").exit_code == 0
    assert ops.json("pending") == []

    ops.raise_limit()
    (waiting,) = ops.json("pending")
    assert (waiting["name"], waiting["proposed_by"]) == ("Eksempelstyrelsen", None)
    refused = ops("approve", "99001", "--reason", "fine")
    assert refused.exit_code == 2
    assert "was not proposed as it stands in the files now" in refused.stderr

    act_as("ada")
    assert "proposed: " in ops("propose", "eksempelstyrelsen", "--note", "agreed").stdout
    own = ops("approve", "99001", "--reason", "fine")
    assert own.exit_code == 2
    assert "ada wrote or proposed set" in own.stderr
    shown = ops("pending", "--changes").stdout
    assert "small-invoice.limit 25,000 → 30,000 DKK" in shown
    assert "proposed by ada" in shown

    act_as("eva")
    approved = ops("approve", waiting["ruleset"][:12], "--reason", "fine")
    assert approved.exit_code == 0
    assert "small-invoice.limit 25,000 → 30,000 DKK" in approved.stdout
    assert ops("propose").stdout == "nothing to propose: what the files say is approved\n"


def test_rows_of_another_customer_are_not_shown_as_a_sets_changes(
    ops: Ops, act_as: Callable[[str], None]
) -> None:
    act_as("ada")
    ops("propose")
    act_as("eva")
    ops("approve", "--all", "--reason", "the first sets")
    with (ops.rules / "lists/approved-subscriptions.csv").open("a", encoding="utf-8") as file:
        file.write("4711,,,somebody else's,Team,99001\n")
    waiting = {one["customer"]: one["changes"] for one in ops.json("pending")}
    assert waiting["99006"] == []
    assert "other customers' rows of a shared list" in ops("pending", "--changes").stdout


def test_a_named_author_can_not_approve(ops: Ops, act_as: Callable[[str], None]) -> None:
    act_as("ada")
    ops("propose", "99001", "--author", "eva")
    act_as("eva")
    assert "four eyes" in ops("approve", "99001", "--reason", "fine").stderr


def test_what_is_not_waiting_is_not_approved(ops: Ops) -> None:
    done = ops("approve", "nobody", "--reason", "fine")
    assert done.exit_code == 2
    assert "'nobody' is not waiting for approval" in done.stderr


def test_without_a_signed_commit_nothing_is_approved_when_one_is_asked_for(
    ops: Ops, act_as: Callable[[str], None]
) -> None:
    ops.settings |= {
        "ROBOT_RULES__FOUR_EYES": "true",
        "ROBOT_RULES__REQUIRE_SIGNED_COMMIT": "true",
    }
    act_as("ada")
    ops("propose", "99001")
    act_as("eva")
    done = ops("approve", "99001", "--reason", "fine")
    assert done.exit_code == 2
    assert "is not in a git repository" in done.stderr


@needs_git
def test_a_signed_commit_that_somebody_else_approves(
    ops: Ops, act_as: Callable[[str], None]
) -> None:
    ops.settings |= {
        "ROBOT_RULES__FOUR_EYES": "true",
        "ROBOT_RULES__REQUIRE_SIGNED_COMMIT": "true",
    }
    repository = Repository(ops.folder, ops.folder)
    repository.git("config", "core.excludesFile", str(ops.folder / "none"))
    repository.commit_all()
    ops.raise_limit()
    (change,) = ops.json("diff", "HEAD")
    assert change["text"] == "small-invoice.limit 25,000 → 30,000 DKK for Eksempelstyrelsen"
    act_as("ada")
    ops("propose", "99001")
    act_as("eva")
    unsigned = ops("approve", "99001", "--reason", "fine")
    assert "has changes that are not committed" in unsigned.stderr
    commit = repository.commit_all(sign=True)
    same_person = ops("approve", "99001", "--reason", "fine")
    assert "four eyes" in same_person.stderr  # eva, but at Ada's git
    repository.become("Eva")
    done = ops("approve", "99001", "--reason", "fine")
    assert done.exit_code == 0, done.output
    assert commit in approved_commits(ops)


def approved_commits(ops: Ops) -> list[str]:
    url = ops.settings["ROBOT_STORE__URL"] or ""
    store = bootstrap.open_store(url, bootstrap.SystemClock())
    try:
        return [found.approval.commit for found in store.rules.proposals() if found.approval]
    finally:
        store.close()


def test_the_account_is_not_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rule_changes.account()
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert rule_changes.account() == real


# ---------------------------------------------------------------- format and docs


def test_format_check_changes_nothing(ops: Ops) -> None:
    ops.edit(CUSTOMER, "language: da", "language:   da")
    before = (ops.rules / CUSTOMER).read_bytes()
    done = ops("format", "--check", str(ops.rules / "customers"))
    assert (done.exit_code, done.stdout) == (1, f"{ops.rules / CUSTOMER} would change\n")
    assert (ops.rules / CUSTOMER).read_bytes() == before


def test_format_puts_it_right(ops: Ops) -> None:
    before = (ops.rules / CUSTOMER).read_bytes()
    ops.edit(CUSTOMER, "language: da", "language:   da")
    done = ops("format", str(ops.rules / CUSTOMER))
    assert (done.exit_code, done.stdout) == (0, f"{ops.rules / CUSTOMER} changed\n")
    assert (ops.rules / CUSTOMER).read_bytes() == before


def test_format_leaves_a_broken_file_alone_and_goes_on(ops: Ops) -> None:
    broken = ops.rules / "customers/fyrvaesenet.yaml"
    broken.write_text("a: [\n", encoding="utf-8")
    ops.edit(CUSTOMER, "language: da", "language:   da")
    done = ops("format", str(ops.rules / "customers"))
    assert done.exit_code == 1
    assert f"{broken}:1:5: " in done.stderr
    assert broken.read_text(encoding="utf-8") == "a: [\n"
    assert f"{ops.rules / CUSTOMER} changed" in done.stdout


def test_a_chapter_for_each_customer(ops: Ops) -> None:
    out = ops.folder / "docs"
    done = ops("docs", "--format", "html", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert len(list(out.iterdir())) == 6
    assert '<html lang="en">' in (out / "nordhavns-museum.en.html").read_text(encoding="utf-8")


def test_a_broken_customer_has_no_chapter(ops: Ops) -> None:
    ops.edit(CUSTOMER, "99001", "x")
    done = ops("docs", "eksempelstyrelsen")
    assert done.exit_code == 2
    assert "is broken" in done.stderr
