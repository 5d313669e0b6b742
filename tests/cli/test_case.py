"""`case` and `mailbox`: what they show, what they do, and what they refuse in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from robot.cli.main import main
from tests.cli.settled import settle_in
from tests.support.flow_world import FlowWorld, an_approved

ROOT = Path(__file__).parents[2]
CASE = "SAM-2026-000001"
NEW = "ny@eksempelstyrelsen.example.test"


@pytest.fixture(name="world")
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlowWorld]:
    """A bounced document of Eksempelstyrelsen, and its real rule file."""
    made = FlowWorld(tmp_path, an_approved("F-1", "bounce creditor-blocked"))
    made.run()
    shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("cases"))
    for file in (tmp_path / "rules" / "customers").iterdir():
        if file.name != "eksempelstyrelsen.yaml":
            file.unlink()
    settle_in(tmp_path, monkeypatch)
    yield made
    made.store.close()


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def told(*arguments: str) -> Any:  # noqa: ANN401 - JSON
    done = invoke(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.usefixtures("world")
def test_cases_are_listed_shared_answered_and_closed() -> None:
    (line,) = told("case", "list", "--open")
    assert (line["case"], line["customer"], line["ball"]) == (CASE, "99001", "customer")
    assert CASE in invoke("case", "list", "--status", "waiting-customer").stdout

    assert "sees it now" in invoke("case", "share", CASE, NEW).stdout
    assert told("case", "list", "--seen-by", NEW)[0]["case"] == CASE
    assert "only the centre" in invoke("case", "comment", CASE, "ringet op").stdout
    assert "its parties" in invoke("case", "comment", CASE, "Vi ser på det", "--external").stdout
    assert "any more" in invoke("case", "unshare", CASE, NEW).stdout
    assert "closed" in invoke("case", "close", CASE, "--reason", "aftalt").stdout
    shown = told("case", "show", CASE)
    assert shown["status"] == "closed"
    assert ("ringet op", "internal") in [(it["text"], it["visibility"]) for it in shown["entries"]]
    assert "open again" in invoke("case", "reopen", CASE, "--reason", "alligevel ikke").stdout
    assert "all parties" in invoke("case", "show", CASE).stdout


@pytest.mark.usefixtures("world")
def test_the_five_acts_on_a_shared_mailbox() -> None:
    box = "faktura@eksempelstyrelsen.example.test"
    done = invoke("mailbox", "create", box, "--customer", "99001", "--member", NEW)
    assert f"{box}: open; who has access: {NEW}" in done.stdout
    other = "anden@eksempelstyrelsen.example.test"
    assert other in invoke("mailbox", "add", box, other).stdout
    assert other not in invoke("mailbox", "remove", box, other).stdout
    assert NEW in invoke("mailbox", "list").stdout
    assert "closed" in invoke("mailbox", "close", box).stdout
    states = {row["address"]: row["state"] for row in told("mailbox", "list")}
    assert states[box] == "closed"


@pytest.mark.usefixtures("world")
def test_what_can_not_be_done_is_said_without_a_traceback() -> None:
    for arguments in (
        ("case", "show", "SAM-2026-999999"),
        ("case", "share", CASE, "somebody@other.example.test"),
        ("mailbox", "close", "no@eksempelstyrelsen.example.test"),
    ):
        refused = invoke(*arguments)
        assert refused.exit_code == 2
        assert "invoice-robot:" in refused.stderr
        assert "Traceback" not in refused.output
