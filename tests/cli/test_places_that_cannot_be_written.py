"""A log, a report or a store that can't be written: a sentence, never a traceback."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from robot import log
from robot.adapters.store import engine
from robot.adapters.store.store import open_store
from robot.cli.main import main
from robot.errors import StoreUnavailableError
from robot.settings import CONFIG_VARIABLE
from tests.faults.world import PROJECT, build
from tests.support.fakes import SetClock


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unwritable") / "world"
    build(folder)
    return folder


@pytest.fixture
def world(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One customer's documents, and the settings that lead to them."""
    folder = tmp_path / "world"
    folder.mkdir()
    for name in ("navision.db", "robot.db"):
        (folder / name).write_bytes((pristine / name).read_bytes())
    (folder / "documents").mkdir()
    for path in (pristine / "documents" / "skovfogedskolen").glob("01-*"):
        (folder / "documents" / path.name).write_bytes(path.read_bytes())
    (folder / "robot.toml").write_text(
        f'data = "{folder}"\n'
        f'[source]\npath = "{folder}/documents"\n'
        f'[erp]\npath = "{folder}/navision.db"\n'
        f'[store]\nurl = "sqlite:///{folder}/robot.db"\n'
        f'[rules]\ndirectory = "{PROJECT}/rules"\n'
        f'[mail]\npath = "{folder}/mail"\ntemplates = "{PROJECT}/config/mail"\n'
        f'[log]\ndirectory = "{folder}/logs"\n[history]\nkeep = false\n',
        encoding="utf-8",
    )
    monkeypatch.setenv(CONFIG_VARIABLE, str(folder / "robot.toml"))
    return folder


def run() -> Result:
    return CliRunner().invoke(main, ["run"])


@pytest.mark.parametrize("name", ["report.html", "result.json"])
def test_a_report_that_can_not_be_written_is_said_and_the_run_counts(
    world: Path, name: str
) -> None:
    (world / name).mkdir()
    result = run()
    assert f"the run is done, but {world / name} can't be written: Is a directory" in " ".join(
        result.output.split()
    )
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_log_that_can_not_be_written_is_said_and_the_robot_works(world: Path) -> None:
    (world / "logs").write_text("not a folder")
    result = run()
    assert f"The log {world}/logs/robot.jsonl can't be written" in result.output
    assert result.exit_code in {0, 1}


def test_a_fault_on_the_console_has_its_words_and_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log.configure(tmp_path)
    log.fault(StoreUnavailableError("the disk is full"), "A fault about 99001", about="99001")
    shown = capfd.readouterr().err
    assert "A fault about 99001" in shown
    assert "the disk is full" in shown
    assert "traceback" not in shown.casefold()
    assert "traceback" in (tmp_path / "robot.jsonl").read_text(encoding="utf-8")


def test_a_store_that_somebody_holds_is_not_called_damaged(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MILLISECONDS", 10)
    with closing(sqlite3.connect(world / "robot.db", isolation_level=None)) as other:
        # As a backup program does that locks the whole file.
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        result = run()
    assert "database is locked" in result.output
    assert "damaged" not in result.output
    assert result.exit_code == 3


def test_a_store_with_a_broken_page_is_called_damaged(world: Path) -> None:
    content = bytearray((world / "robot.db").read_bytes())
    content[40_000:60_000] = b"garbage!" * 2_500
    (world / "robot.db").write_bytes(content)
    result = run()
    assert "is damaged" in result.output
    assert "restore the latest backup" in result.output
    assert result.exit_code == 2


def test_a_file_that_can_not_be_opened_may_be_opened_later(tmp_path: Path) -> None:
    (tmp_path / "robot.db").mkdir()
    with pytest.raises(StoreUnavailableError, match="unable to open"):
        open_store(f"sqlite:///{tmp_path / 'robot.db'}", SetClock())
