"""`mail topics|name|labels|train` and the reports that count what customers write about."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from robot.adapters.topics.labelled import write_labelled
from robot.cli.main import main
from tests.cli.settled import settle_in
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.inbox import came_in
from tests.support.labelled_mails import mails_to_learn_from

ROOT = Path(__file__).parents[2]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlowWorld]:
    """A bounced document, and the real rules without those of customers."""
    made = FlowWorld(tmp_path, an_approved("F-1", "bounce creditor-blocked"))
    made.run()
    few = shutil.ignore_patterns("customers", "cases")
    shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=few)
    settle_in(tmp_path, monkeypatch, mail__model=tmp_path / "model.npz")
    yield made
    made.store.close()


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def told(*arguments: str) -> Any:  # noqa: ANN401 - JSON
    done = invoke(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_what_is_sure_is_named_and_the_rest_listed(world: FlowWorld) -> None:
    came_in(world.store, 1, world.clock.now(), text="Kan I oprette en ny leverandør?")
    unsure = came_in(world.store, 2, world.clock.now(), text="Rykker på moms, der er forkert")
    (mail,) = told("mail", "topics")
    assert mail["mail"] == unsure
    assert {one["code"] for one in mail["suggestions"]} == {"due-date-passed", "vat-amount-wrong"}
    assert world.store.reported.counts() == {"creditor-unknown": 1}
    assert "due-date-passed 50%" in invoke("mail", "topics").stdout


def test_a_person_names_a_mail(world: FlowWorld) -> None:
    mail = came_in(world.store, 1, world.clock.now(), text="Hvad nu?")
    done = invoke("mail", "name", str(mail), "other")
    assert done.exit_code == 0, done.output
    assert told("mail", "topics") == []
    assert world.store.reported.counts() == {"other": 1}


@pytest.mark.parametrize(
    ("mail", "code", "words"),
    [
        ("1", "creditor-blokced", "there is no error type 'creditor-blokced'"),
        ("77", "other", "no mail 77 that belongs to no case"),
    ],
)
def test_what_can_not_be_named_is_told(world: FlowWorld, mail: str, code: str, words: str) -> None:
    came_in(world.store, 1, world.clock.now(), text="Hvad nu?")
    done = invoke("mail", "name", mail, code)
    assert done.exit_code == 2
    assert words in done.output


def test_the_overview_counts_documents_and_what_customers_report(world: FlowWorld) -> None:
    for number, text in enumerate(("Leverandøren er spærret", "Hvilken momskode?"), 1):
        came_in(world.store, number, world.clock.now(), text=text)
    told("mail", "topics")
    counted = {
        row["code"]: (row["documents"], row["reported"]) for row in told("report", "errors")
    }
    assert counted == {"creditor-blocked": (1, 1), "vat-code-wrong": (0, 1)}


def test_the_radar_is_printed(world: FlowWorld) -> None:
    came_in(world.store, 1, world.clock.now(), text="Hvad nu?")
    (item,) = told("report", "radar", "--since", "2026-01-01")
    assert item["signal"] == "mails-without-error-type"
    assert "mails-without-error-type" in invoke("report", "radar").stdout


def test_what_persons_named_can_be_learned_from(world: FlowWorld, tmp_path: Path) -> None:
    mail = came_in(world.store, 1, world.clock.now(), text="Hvad nu?", subject="Hjælp")
    invoke("mail", "name", str(mail), "other")
    done = invoke("mail", "labels", str(tmp_path / "out.csv"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.csv").read_text() == "subject,text,code\nHjælp,Hvad nu?,other\n"


class TestTrain:
    def labelled(self, tmp_path: Path) -> str:
        codes = {"due-date-passed", "vat-amount-wrong", "other"}
        mails = [mail for mail in mails_to_learn_from(each=10) if mail.code in codes]
        write_labelled(tmp_path / "labelled.csv", mails)
        return str(tmp_path / "labelled.csv")

    def test_it_says_how_often_it_is_right_on_mails_it_had_not_seen(
        self, world: FlowWorld, tmp_path: Path
    ) -> None:
        quality = told("mail", "train", self.labelled(tmp_path))
        assert set(quality) == {"words alone", "model alone", "words, then model"}
        both = quality["words, then model"]
        assert both["precision"] > 0.9
        assert both["named"] >= quality["words alone"]["named"]
        assert (tmp_path / "model.npz").is_file()
        assert world.store.reported.counts() == {}

    def test_a_dry_run_keeps_nothing(self, world: FlowWorld, tmp_path: Path) -> None:
        done = invoke("mail", "train", self.labelled(tmp_path), "--dry-run")
        assert done.exit_code == 0, done.output
        assert "precision" in done.stdout
        assert not (tmp_path / "model.npz").exists()
        assert world.rows()

    def test_a_bad_row_is_told_with_its_line(self, world: FlowWorld, tmp_path: Path) -> None:
        (tmp_path / "bad.csv").write_text("subject,text,code\na,b,nothing\n")
        done = invoke("mail", "train", str(tmp_path / "bad.csv"))
        assert done.exit_code == 2
        assert "bad.csv:2: there is no error type 'nothing'" in done.output
        assert world.rows()

    def test_a_broken_model_stops_no_command(self, world: FlowWorld, tmp_path: Path) -> None:
        (tmp_path / "model.npz").write_bytes(b"broken")
        came_in(world.store, 1, world.clock.now(), text="Hvad nu?")
        assert len(told("mail", "topics")) == 1
