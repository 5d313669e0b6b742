"""The daemon as an operator starts it: one catch-up run, a clean stop, nothing done twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot import bootstrap, settings

COMMAND = [sys.executable, "-c", "from robot.cli.main import main; main()"]


class Site:
    """A folder with documents, an ERP and the settings that name them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inbox = folder / "inbox"
        shutil.copytree("examples/documents/fyrvaesenet", inbox)
        self.config = folder / "robot.toml"
        self.config.write_text(
            f'data = "{folder}/var"\n'
            f'[source]\npath = "{inbox}"\n'
            f'[erp]\npath = "{folder}/navision.db"\n'
            f'[store]\nurl = "sqlite:///{folder}/robot.db"\n'
            f'[mail]\npath = "{folder}/mail"\n'
            f'[log]\ndirectory = "{folder}/logs"\n'
            # However long ago the calendar's last run was, on the day that this test runs.
            "[run]\ncatch_up_hours = 400\n",
            encoding="utf-8",
        )
        given = settings.Settings()
        companies = [customer.name for customer in bootstrap.rulebook(given).customers]
        bootstrap.build_small_world(folder / "navision.db", companies, Path("examples/navision"))

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603
            [*COMMAND, "daemon"], env=self.environment, stderr=subprocess.PIPE, text=True
        )

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [*COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, settings.CONFIG_VARIABLE: str(self.config)}

    def runs(self) -> list[dict[str, object]]:
        return list(json.loads(self.ask("report", "run", "--json").stdout))


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture(name="daemon")
def _daemon(site: Site) -> Iterator[subprocess.Popen[str]]:
    process = site.start()
    yield process
    process.kill()
    process.communicate()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} did not come"
        time.sleep(0.1)


def test_it_catches_up_once_stops_cleanly_and_does_nothing_twice(
    site: Site, daemon: subprocess.Popen[str]
) -> None:
    wait_for(site.folder / "var" / "result.json")
    assert site.ask("doctor", "--alive").returncode == 0
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=10) == 0
    first = site.runs()
    assert [run["status"] for run in first] == ["done"]
    mails = sorted(path.name for path in (site.folder / "mail" / "new").iterdir())
    again = site.start()
    wait_for(site.folder / "var" / "heartbeat")
    time.sleep(2)
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=10) == 0
    assert site.runs() == first
    assert sorted(path.name for path in (site.folder / "mail" / "new").iterdir()) == mails
    again.communicate()


def test_a_rule_file_that_breaks_stops_nobody_and_is_told(site: Site, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree("rules", rules)
    with site.config.open("a", encoding="utf-8") as file:
        file.write(f'[rules]\ndirectory = "{rules}"\n')
    assert site.ask("run", "--slot", "first").returncode == 1
    broken = rules / "customers" / "fyrvaesenet.yaml"
    broken.write_text(broken.read_text(encoding="utf-8") + "\nrulez: []\n", encoding="utf-8")
    examined = site.ask("doctor")
    assert "fyrvaesenet.yaml" in examined.stdout
    assert "the last good version stays in force" in examined.stdout
    assert site.ask("run", "--slot", "second").returncode in {0, 1}
    assert site.runs()[0]["status"] == "done"


def test_a_pause_leaves_the_customers_documents_untaken(site: Site) -> None:
    assert site.ask("pause", "--customer", "99002", "--reason", "asked to wait").returncode == 0
    done = site.ask("run", "--json")
    result = json.loads(done.stdout)
    assert result["counts"]["posted"] == 0
    assert result["paused"]["99002"] > 0
    assert site.ask("resume", "--customer", "99002").returncode == 0
    assert json.loads(site.ask("run", "--json").stdout)["counts"]["posted"] > 0


def test_a_dry_run_touches_nothing(site: Site) -> None:
    done = site.ask("run", "--dry-run", "--json")
    assert json.loads(done.stdout)["counts"]["posted"] > 0
    assert site.runs() == []
    assert not (site.folder / "mail" / "new").exists()
    assert list((site.folder / "inbox").rglob("*.rejected.json")) == []


def test_a_clerk_releases_what_may_be_released_and_the_next_run_posts_it(site: Site) -> None:
    site.ask("run")
    held = json.loads(site.ask("invoice", "list", "--state", "held", "--json").stdout)
    assert held
    for document in held:
        act = site.ask("invoice", "release", document["id"], "--reason", "looked at it")
        if act.returncode == 0:
            break
    else:
        pytest.fail("nothing may be released")
    result = json.loads(site.ask("run", "--json").stdout)
    states = {row["id"]: row["outcome"] for row in result["documents"]}
    assert states[document["id"]] in {"posted", "held"}
    shown = json.loads(site.ask("invoice", "show", document["id"], "--json").stdout)
    assert "released" in [row["act"] for row in shown[0]["trail"]]


def test_wrong_use_is_told_in_one_sentence(site: Site) -> None:
    done = site.ask("invoice", "drop", "no-such", "--reason", "x")
    assert done.returncode == 2
    assert done.stderr.startswith("invoice-robot: no document 'no-such'")
    assert "Traceback" not in done.stderr


def test_the_trail_is_proven(site: Site) -> None:
    site.ask("run")
    proof = json.loads(site.ask("audit", "verify", "--json").stdout)
    assert proof["broken_at"] is None
    assert proof["rows"] > 0
