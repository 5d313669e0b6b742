from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from robot.cli.main import main
from tests.support.mail_in import a_mail


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo ran."""
    folder = tmp_path_factory.mktemp("mail-in") / "demo"
    made = CliRunner().invoke(main, ["demo", "--dir", str(folder)])
    assert made.exit_code in {0, 1}, made.output
    return folder


@pytest.fixture
def inbox(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of new mail of a robot that has the demo's store."""
    folder = tmp_path / "inbox" / "new"
    folder.mkdir(parents=True)
    given = {
        "ROBOT_DATA": tmp_path,
        "ROBOT_STORE__URL": f"sqlite:///{demo}/robot.db",
        "ROBOT_ERP__PATH": demo / "navision.db",
        "ROBOT_LOG__DIRECTORY": tmp_path / "logs",
        "ROBOT_MAIL__INBOX__KIND": "maildir",
        "ROBOT_MAIL__INBOX__PATH": tmp_path / "inbox",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    return folder


def asked(*arguments: str, code: int = 0) -> str:
    answer = CliRunner().invoke(main, ["mail", *arguments])
    assert answer.exit_code == code, answer.output
    return answer.output


def test_a_strangers_mail_is_received_shown_and_dismissed(inbox: Path) -> None:
    raw = a_mail("Køb nu", sender="x@fremmed.test", to="robot@example.test")
    (inbox / "1.eml").write_bytes(raw)
    assert json.loads(asked("receive", "--json", code=1))["routes"] == {"quarantine": 1}
    (mail,) = json.loads(asked("list", "--json"))
    assert (mail["route"], mail["sender"]) == ("quarantine", "x@fremmed.test")
    assert "Køb nu" in asked("show", str(mail["mail"]))
    asked("dismiss", str(mail["mail"]), "--reason", "reklame")
    assert json.loads(asked("list", "--json")) == []
    assert json.loads(asked("receive", "--json"))["mails"] == 0


def test_a_mail_that_is_not_there_is_said(inbox: Path) -> None:
    assert inbox.is_dir()
    assert "no mail 7" in asked("show", "7", code=2)
