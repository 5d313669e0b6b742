"""Rules that change between runs of the whole robot, in the small world."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from robot import bootstrap
from robot.checks.catalogue import CATALOGUE
from robot.cli.demo import EXAMPLES, world
from robot.doctor import Level, examine
from robot.flow.rule_records import NewShadow, ShadowStatus
from robot.flow.run import run_once
from robot.flow.shadow_report import shadow_report
from robot.flow.summary import RunSummary
from robot.rulebook.loader import load
from robot.rulebook.shadow import frozen
from robot.settings import Settings

DOCUMENTS = EXAMPLES / "documents" / "eksempelstyrelsen"
CUSTOMER = "customers/eksempelstyrelsen.yaml"
LIMIT = "small-invoice.limit: 25000 DKK"


class RunningRobot:
    """A robot with a rule directory of its own and the documents of one customer."""

    def __init__(self, folder: Path, erp: Path) -> None:
        self.folder = folder
        self.rules = folder / "rules"
        shutil.copytree("rules", self.rules)
        (folder / "world").mkdir()
        shutil.copyfile(erp, folder / "world" / erp.name)
        placed = world(folder / "world", DOCUMENTS)
        self.settings = self.with_rules(placed, directory=self.rules)
        self.clock = bootstrap.FixedClock(datetime(2026, 11, 24, 5, 30, tzinfo=UTC))
        self.robot = bootstrap.assemble(self.settings, clock=self.clock)

    @staticmethod
    def with_rules(given: Settings, **changes: object) -> Settings:
        return given.model_copy(update={"rules": given.rules.model_copy(update=changes)})

    def edit(self, name: str, old: str, new: str, root: Path | None = None) -> None:
        path = (root or self.rules) / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, robot: bootstrap.Robot | None = None) -> RunSummary:
        options = bootstrap.run_options(self.settings, "by-hand")
        return run_once((robot or self.robot).ports, options)

    def to_look_at(self, given: Settings) -> list[str]:
        return [check.words for check in examine(given) if check.level is Level.LOOK]


@pytest.fixture(name="erp", scope="module")
def _erp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small Navision, built once and copied."""
    return world(tmp_path_factory.mktemp("erp"), DOCUMENTS).erp.path


@pytest.fixture(name="running")
def _running(tmp_path: Path, erp: Path) -> Iterator[RunningRobot]:
    made = RunningRobot(tmp_path, erp)
    yield made
    made.robot.close()


def test_a_broken_file_is_told_to_ops_and_stops_nothing(running: RunningRobot) -> None:
    running.edit(CUSTOMER, "rules:", "rulez:")
    (words,) = running.robot.reload_rules()
    assert words.startswith(f"{running.rules / CUSTOMER}:")
    assert "unknown key 'rulez'" in words
    assert words.endswith("the last good version stays in force")
    summary = running.run()
    assert words in summary.problems
    assert summary.exit_code == 1
    assert summary.counts["posted"] >= 3
    assert words in running.to_look_at(running.settings)
    running.edit(CUSTOMER, "rulez:", "rules:")
    assert running.robot.reload_rules() == ()


def test_error_types_follow_a_reload(running: RunningRobot) -> None:
    before = running.robot.ports.taxonomy["large-amount"].minutes
    running.edit("error_types.yaml", f"minutes: {before}\n", "minutes: 77\n")
    assert running.robot.reload_rules() == ()
    assert running.robot.ports.taxonomy["large-amount"].minutes == 77


def test_a_shadow_of_stricter_rules_holds_nothing_back(running: RunningRobot) -> None:
    candidate = running.folder / "candidate"
    shutil.copytree(running.rules, candidate)
    running.edit(CUSTOMER, LIMIT, "small-invoice.limit: 1 DKK", candidate)
    text = frozen(load(candidate, CATALOGUE))
    new = NewShadow(directory="candidate", customers=("99001",), text=text, runs=1)
    with running.robot.store.writing(actor="ada") as unit:
        unit.rules.start_shadow(new)
    shutil.rmtree(candidate)  # it counts as it was

    summary = running.run()
    shadow = running.robot.store.rules.shadow()
    assert shadow is not None
    assert shadow.status is ShadowStatus.DONE
    report = shadow_report(shadow, running.robot.store.rules.comparisons(shadow.id))
    assert report.compared.documents >= 10
    turned = report.outcomes["post", "hold"]
    assert turned.documents >= 1
    assert turned.amount > 0
    assert summary.counts["posted"] >= turned.documents
    held = [found for found in report.differences if found.new_outcome == "hold"]
    assert {found.new_codes for found in held} == {("outside-criteria",)}
    assert {found.old_rules for found in held} == {("post-small-with-order",)}


def test_with_four_eyes_an_unapproved_set_does_not_post(running: RunningRobot) -> None:
    guarded = running.with_rules(running.settings, four_eyes=True)
    robot = bootstrap.assemble(guarded, clock=running.clock)
    try:
        summary = running.run(robot)
    finally:
        robot.close()
    assert summary.counts["posted"] == 0
    assert any("was not proposed" in words for words in summary.problems)
    assert any("was not proposed" in words for words in running.to_look_at(guarded))


def test_every_set_in_force_can_be_had_back(running: RunningRobot) -> None:
    summary = running.run()
    ruleset = summary.rulesets["99001"]
    assert LIMIT in bootstrap.kept_rule_set(running.settings, ruleset[:12])
