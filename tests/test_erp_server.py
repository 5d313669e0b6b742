"""An ERP on a server, as the settings name it: address, secret, rights, and what doctor says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from robot import bootstrap, doctor, settings
from robot.errors import ErpError, SettingsError
from robot.settings import Settings
from tests.contract.erp_world import LAYOUTS, fill
from tests.support.servers import PostgresServer, postgres_server

WORLD = LAYOUTS["nav2018"]
EXAMPLES = Path(__file__).parents[1] / "rules"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """PostgreSQL with a company, a login that may read, and one that has a password."""
    with postgres_server() as server:
        engine = sa.create_engine(server.url())
        with engine.begin() as connection:
            fill(connection, WORLD, None)
            connection.exec_driver_sql("CREATE ROLE reader LOGIN")
            connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        engine.dispose()
        yield server


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: PostgresServer) -> Path:
    path = tmp_path / "robot.toml"
    path.write_text('[erp]\nkind = "nav"\n', encoding="utf-8")
    monkeypatch.setenv(settings.CONFIG_VARIABLE, str(path))
    monkeypatch.setenv("ROBOT_ERP__URL", server.url(user="reader"))
    monkeypatch.setenv("ROBOT_DATA", str(tmp_path / "var"))
    return path


def load() -> Settings:
    return settings.load()


def test_the_companies_of_the_server(configured: Path) -> None:
    assert configured.is_file()
    assert WORLD.company in bootstrap.companies(load())


def test_doctor_finds_nothing_to_say_about_a_login_that_only_reads(configured: Path) -> None:
    assert configured.is_file()
    assert [it.good for it in bootstrap.erp_remarks(load(), [WORLD.company])] == [True]


@pytest.mark.parametrize(("setting", "serious"), [("refuse", True), ("warn", False)])
def test_doctor_says_what_a_login_may_do_too_much(
    configured: Path,
    server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    serious: bool,
) -> None:
    assert configured.is_file()
    monkeypatch.setenv("ROBOT_ERP__URL", server.url())
    monkeypatch.setenv("ROBOT_ERP__EXCESS_RIGHTS", setting)

    remarks = bootstrap.erp_remarks(load(), [WORLD.company])

    said = [(it.words, it.serious) for it in remarks if not it.good]
    assert (
        f"company '{WORLD.company}': the login is a superuser; it should only read",
        serious,
    ) in said


def test_doctor_shows_it_beside_the_rest(
    configured: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert configured.is_file()
    rules = tmp_path / "rules"
    (rules / "customers").mkdir(parents=True)
    for name in ("error_types.yaml", "calendar.yaml", "standard.yaml"):
        (rules / name).write_bytes((EXAMPLES / name).read_bytes())
    monkeypatch.setenv("ROBOT_RULES__DIRECTORY", str(rules))

    checks = doctor.examine(load())

    erp = [it for it in checks if it.what == "ERP"]
    assert [(it.level, it.words) for it in erp] == [(doctor.Level.GOOD, "2 companies can be read")]
    assert not [it for it in checks if server.url(user="reader") in it.words]


def test_a_server_that_is_not_there_is_said_in_words(
    configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert configured.is_file()
    monkeypatch.setenv("ROBOT_ERP__URL", "postgresql+psycopg://reader@127.0.0.1:9/nav")

    with pytest.raises(ErpError, match="The ERP's database can't be reached"):
        bootstrap.companies(load())


def test_nav_needs_an_address(configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured.is_file()
    monkeypatch.delenv("ROBOT_ERP__URL")

    with pytest.raises(SettingsError, match=r"kind = nav needs \[erp\] url, or ROBOT_ERP__URL"):
        load()


def test_the_address_and_the_password_are_never_shown(
    configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert configured.is_file()
    monkeypatch.setenv("ROBOT_ERP__PASSWORD", "hunter2")
    monkeypatch.setenv("ROBOT_ERP__URL", "mssql+pyodbc://robot:hunter3@nav/db")

    shown = repr(load()) + str(load())

    assert "hunter" not in shown
    assert load().erp.secret() == "hunter2"


def test_the_password_may_lie_in_a_file(
    configured: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert configured.is_file()
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n", encoding="utf-8")
    monkeypatch.setenv("ROBOT_ERP__PASSWORD_FILE", str(secret))

    assert load().erp.secret() == "hunter2"


def test_a_password_file_that_is_not_there_is_named(
    configured: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert configured.is_file()
    monkeypatch.setenv("ROBOT_ERP__PASSWORD_FILE", str(tmp_path / "nowhere"))

    with pytest.raises(SettingsError, match=r"nowhere: .* can't be read"):
        bootstrap.companies(load())
