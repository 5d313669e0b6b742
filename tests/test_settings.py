"""Settings come from one file and the environment; nothing wrong goes unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from robot import settings
from robot.errors import SettingsError


@pytest.fixture(name="config")
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "robot.toml"
    path.write_text("", encoding="utf-8")
    monkeypatch.setenv(settings.CONFIG_VARIABLE, str(path))
    return path


def test_an_empty_file_gives_the_defaults(config: Path) -> None:
    assert config.read_text(encoding="utf-8") == ""
    assert settings.load().run.batch_size == 1000


def test_the_shipped_file_states_the_defaults(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = settings.load()
    monkeypatch.setenv(settings.CONFIG_VARIABLE, "config/robot.toml")
    assert config.exists()
    assert settings.load() == defaults


def test_the_environment_wins_over_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[run]\nbatch_size = 5\n", encoding="utf-8")
    monkeypatch.setenv("ROBOT_RUN__BATCH_SIZE", "7")
    assert settings.load().run.batch_size == 7


def test_a_misspelt_name_in_the_file_is_refused_with_a_suggestion(config: Path) -> None:
    config.write_text("[run]\nbatch_sise = 5\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"run\.batch_sise: .*did you mean 'run\.batch_size'"):
        settings.load()


def test_a_misspelt_variable_is_refused_with_a_suggestion(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert config.exists()
    monkeypatch.setenv("ROBOT_STORE__URI", "sqlite://")
    with pytest.raises(
        SettingsError, match=r"ROBOT_STORE__URI names no setting .*ROBOT_STORE__URL"
    ):
        settings.load()


def test_a_wrong_value_is_named_by_its_place_and_never_shown(config: Path) -> None:
    config.write_text('[run]\nbatch_size = "hunter2"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        settings.load()
    assert "run.batch_size" in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_broken_file_is_named(config: Path) -> None:
    config.write_text("[run\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="not valid TOML"):
        settings.load()


def test_a_named_file_that_is_missing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.CONFIG_VARIABLE, str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match="no such settings file"):
        settings.load()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ('kind = "smtp"', "needs [mail.smtp] host"),
        ('smtp = {host = "mail.example.test", security = "none"}', "on this machine only"),
        ('smtp = {host = "mail.example.test", auth = "oauth"}', "needs user, token_url"),
    ],
)
def test_a_mail_server_has_a_name_and_nothing_goes_to_it_in_the_clear(
    config: Path, given: str, word: str
) -> None:
    config.write_text(f"[mail]\n{given}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(word)):
        settings.load()
