"""`rules explain`: a file, and a document of the store."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from robot.cli.main import main

COMMAND = [sys.executable, "-c", "from robot.cli.main import main; main()"]


def call(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["rules", "explain", *arguments], env=env)


def a_document() -> Path:
    (found,) = sorted(Path("examples/documents/eksempelstyrelsen").glob("01-*.xml"))
    return found


class TestFiles:
    def test_it_tells_the_outcome_the_causes_the_rules_and_what_would_help(self) -> None:
        done = call(str(a_document()), "--as-of", "2026-11-24", "--language", "en")
        assert done.exit_code == 0, done.stderr
        lines = done.stdout.splitlines()
        assert lines[0].startswith(f"{a_document()}: hold  (99001 Eksempelstyrelsen, 2026-11-24")
        assert any(line.startswith("  cannot-check  creditor.known") for line in lines)
        assert "Why" in lines
        assert "Why not posted" in lines
        assert any(
            line.startswith("  ? creditor-is-certain  hold: creditor-amb") for line in lines
        )

    def test_one_rule_whatever_came_of_it(self) -> None:
        done = call(
            str(a_document()), "--rule", "proforma", "--language", "en", "--as-of", "2026-11-24"
        )
        lines = done.stdout.splitlines()
        start = lines.index("Why")
        assert lines[start + 1].startswith("  ✗ proforma  bounce: proforma-invoice  [false]")
        assert lines[-1].strip().startswith("✗ invoice.proforma yes  (no)")
        wrong = call(str(a_document()), "--rule", "pro")
        assert wrong.exit_code == 2
        assert "no rule 'pro'" in wrong.stderr

    def test_the_customer_can_be_another(self) -> None:
        done = call(str(a_document()), "--customer", "domsarkivet", "--as-of", "2026-11-24")
        assert "(99005 Domsarkivet, 2026-11-24" in done.stdout
        wrong = call(str(a_document()), "--customer", "nobody")
        assert wrong.exit_code == 2
        assert "no customer 'nobody'" in wrong.stderr

    def test_facts_are_taken_from_a_file(self, tmp_path: Path) -> None:
        facts = tmp_path / "facts.json"
        facts.write_text('{"creditor": null}', encoding="utf-8")
        done = call(str(a_document()), "--facts", str(facts), "--as-of", "2026-11-24")
        assert "creditor-unknown" in done.stdout
        facts.write_text('{"creditr": null}', encoding="utf-8")
        wrong = call(str(a_document()), "--facts", str(facts))
        assert "unknown name 'creditr', did you mean 'creditor'?" in wrong.stderr

    def test_what_can_t_be_read_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "x.xml"
        path.write_text("no", encoding="utf-8")
        assert call(str(path)).stdout.startswith(f"{path}: unreadable: ")
        assert json.loads(call(str(path), "--json").stdout)["outcome"] == "unreadable"
        missing = call(str(tmp_path / "y.xml"))
        assert missing.exit_code == 2
        assert "there is no file" in missing.stderr

    def test_machines_get_the_tree_and_the_answers(self) -> None:
        done = call(str(a_document()), "--json", "--as-of", "2026-11-24")
        shown = json.loads(done.stdout)
        assert shown["outcome"] == "hold"
        rules = {rule["rule"]: rule for rule in shown["rules"]}
        assert rules["creditor-is-certain"]["when"]["truth"] == "unknown"
        assert shown["why_not"]["smallest"]["sets"] == []
        assert shown["why_not"]["words"]


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The demo's world after its first run on a few of its documents, as settings."""
    folder = tmp_path_factory.mktemp("world")
    few = tmp_path_factory.mktemp("documents") / "eksempelstyrelsen"
    few.mkdir()
    for start in ("01-", "17-", "30-", "32-"):
        for path in Path("examples/documents/eksempelstyrelsen").glob(f"{start}*"):
            (few / path.name).write_bytes(path.read_bytes())
    subprocess.run(  # noqa: S603
        [*COMMAND, "demo", "--dir", str(folder), "--documents", str(few.parent)],
        capture_output=True,
        check=False,
        timeout=180,
    )
    return {
        "ROBOT_STORE__URL": f"sqlite:///{folder / 'robot.db'}",
        "ROBOT_SOURCE__PATH": str(folder / "documents"),
        "ROBOT_ERP__PATH": str(folder / "navision.db"),
        "ROBOT_HISTORY__DIRECTORY": str(folder / "history"),
        "ROBOT_LOG__DIRECTORY": str(folder / "logs"),
        "ROBOT_DATA": str(folder),
    }


class TestStored:
    def test_a_held_document_is_explained_by_what_its_decision_saw(
        self, world: dict[str, str]
    ) -> None:
        done = call("SDI-2026-9900130", "--language", "en", env=world)
        assert done.exit_code == 0, done.stderr
        assert "hold  (99001 Eksempelstyrelsen, 2026-11-24" in done.stdout
        assert done.stdout.endswith(
            "Why not posted\n"
            "  Posted if:\n"
            "    – the total with VAT is at most 25,000.00 DKK "
            "(invoice.total_dkk, now 48,750.00 DKK)\n"
            "    – or the parameter small-invoice.limit is raised to at least 48,750.00 DKK "
            "(now 25,000.00 DKK)\n"
        )

    def test_a_bounced_document_has_left_the_source_and_is_explained_still(
        self, world: dict[str, str]
    ) -> None:
        done = call("SDI-2026-9900117", "--language", "en", env=world)
        assert "approval-limit-exceeded" in done.stdout
        assert "(mandatory or security): within-approver-limit" in done.stdout

    def test_without_a_history_the_file_and_the_stored_facts_do(
        self, world: dict[str, str], tmp_path: Path
    ) -> None:
        bare = {**world, "ROBOT_HISTORY__DIRECTORY": str(tmp_path)}
        with_history = call("SDI-2026-9900130", env=world)
        assert call("SDI-2026-9900130", env=bare).stdout == with_history.stdout

    def test_a_posted_document_says_what_let_it_through(self, world: dict[str, str]) -> None:
        done = call("SDI-2026-9900101", "--language", "en", env=world)
        assert ": post  (" in done.stdout
        assert "✓ post-small-with-order  post  [true]" in done.stdout
        assert "Why not posted" not in done.stdout

    def test_other_rules_can_be_asked_about_it(
        self, world: dict[str, str], tmp_path: Path
    ) -> None:
        rules = tmp_path / "rules"
        shutil.copytree("rules", rules)
        file = rules / "customers" / "eksempelstyrelsen.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("limit: 25000 DKK", "limit: 50000 DKK"), encoding="utf-8")
        done = call("SDI-2026-9900130", "--rules", str(rules), env=world)
        assert ": post  (99001 Eksempelstyrelsen" in done.stdout

    def test_rules_that_have_changed_since_are_told(
        self, world: dict[str, str], tmp_path: Path
    ) -> None:
        assert (
            "rules are others now"
            not in call("SDI-2026-9900130", "--language", "en", env=world).stdout
        )
        rules = tmp_path / "rules"
        shutil.copytree("rules", rules)
        with (rules / "customers" / "eksempelstyrelsen.yaml").open("a", encoding="utf-8") as file:
            file.write("# another text, another set\n")
        changed = {**world, "ROBOT_RULES__DIRECTORY": str(rules)}
        done = call("SDI-2026-9900130", "--language", "en", env=changed)
        assert "the rules are others now (" in done.stdout

    def test_what_is_not_there_or_was_never_read(self, world: dict[str, str]) -> None:
        wrong = call("SDI-0", env=world)
        assert wrong.exit_code == 2
        assert "neither a file nor a document in the store: 'SDI-0'" in wrong.stderr
        assert "unreadable" in call("SDI-2026-9900132", env=world).stdout
