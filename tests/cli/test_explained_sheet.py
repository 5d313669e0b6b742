"""`rules explain` and `rules backtest` of re-postings in the store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from robot.cli.main import main
from robot.flow.sheet_port import SheetRow
from tests.support.reposting import rows_moving
from tests.support.reposting_centre import Centre

#: Of the two re-postings of the sheet, the one that Eksempelstyrelsen's own rule holds.
LARGE = 60_000


class Explained:
    """A centre that has decided about a sheet of two posting dates."""

    def __init__(self, folder: Path) -> None:
        self.centre = Centre(folder)
        small = [(row[0], "29-11-2026", *row[2:]) for row in rows_moving(5)]
        self.content = self.centre.sheet(*small, *rows_moving(LARGE))
        self.sheet: SheetRow = self.centre.hand_in(self.content)
        self.wrong: SheetRow = self.centre.hand_in(self.centre.sheet(rows_moving(6)[0]))
        self.centre.run()
        self.file = folder / "november.xlsx"
        self.file.write_bytes(self.content)

    def call(self, *arguments: str) -> Result:
        home = self.centre.folder
        env = {
            "ROBOT_STORE__URL": f"sqlite:///{home / 'robot.db'}",
            "ROBOT_HISTORY__DIRECTORY": str(home / "history"),
            "ROBOT_LOG__DIRECTORY": str(home / "logs"),
        }
        return CliRunner().invoke(main, ["rules", *arguments], env=env)


@pytest.fixture(name="explained", scope="module")
def _explained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explained]:
    made = Explained(tmp_path_factory.mktemp("explained"))
    yield made
    made.centre.close()


def test_a_row_of_the_sheet_leads_to_its_re_posting_and_the_rules_for_sheets(
    explained: Explained,
) -> None:
    done = explained.call("explain", str(explained.file), "--row", "8", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["document"].startswith(explained.sheet.numbers[1])
    assert [it["code"] for it in told["findings"]] == ["reposting-second-person"]
    assert [it["rule"] for it in told["rules"]] == [
        "post-reposting",
        "reposting-consultants-two-persons",
    ]


def test_a_sheet_of_several_re_postings_asks_for_a_row(explained: Explained) -> None:
    done = explained.call("explain", str(explained.file))
    assert done.exit_code == 2
    assert f"{explained.sheet.numbers[0]} (6-7)" in done.stderr


def test_a_sheet_that_went_back_says_what_was_wrong(explained: Explained) -> None:
    file = explained.file.with_name("forkert.xlsx")
    file.write_bytes(explained.centre.store.sheets.content(explained.wrong.content_hash))
    done = explained.call("explain", str(file), "--row", "6")
    assert "is no document" in done.stderr
    assert "  row 6" in done.stderr


def test_a_backtest_tries_it_by_the_rules_for_sheets(explained: Explained, tmp_path: Path) -> None:
    new = tmp_path / "rules"
    shutil.copytree("rules", new)
    file = new / "customers" / "eksempelstyrelsen.yaml"
    file.write_text(file.read_text().replace("above: 50000 DKK", "above: 70000 DKK"))
    done = explained.call("backtest", str(new), "--json", "--customer", "99001")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["documents"], told["repostings"], told["not_replayed"]) == (2, 2, 0)
    (change,) = told["changes"]
    assert (change["document"], change["old"], change["new"]) == (
        explained.sheet.numbers[1],
        "hold",
        "post",
    )


def test_one_that_the_history_does_not_have_is_explained_from_the_store(
    explained: Explained,
) -> None:
    shutil.rmtree(explained.centre.folder / "history")
    done = explained.call("explain", explained.sheet.numbers[0], "--language", "en")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{explained.sheet.numbers[0]} ")
    assert ": post  (99001" in done.stdout.splitlines()[0]
