"""The main job end to end: the command a newcomer types, on the small world."""

from __future__ import annotations

import csv
import email
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from email import policy
from pathlib import Path
from typing import Any

import pytest

EXPECTED = Path("examples/expected.csv")
OUTCOMES = {"post": "posted", "bounce": "bounced", "hold": "held"}
COMMAND = [sys.executable, "-c", "from robot.cli.main import main; main()"]


def robot(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=180
    )


def entries(folder: Path) -> list[tuple[Any, ...]]:
    """What the robot's user posted in all companies: table, creditor, number, receipt."""
    found = []
    with sqlite3.connect(folder / "navision.db") as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
        for table in (name for name in names if name.endswith("$Vendor Ledger Entry")):
            columns = '"Vendor No_", "External Document No_", "Document No_"'
            query = f'SELECT {columns} FROM "{table}" WHERE "User ID" = ?'  # noqa: S608
            found += [(table, *row) for row in connection.execute(query, ("ROBOT",))]
    connection.close()
    return sorted(found)


class World:
    """The demo's folder after its first run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done = robot("demo", "--dir", str(folder))
        self.result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        self.mails = sorted((folder / "mail" / "new").glob("*.eml"))


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def expectations() -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source_id(file: str) -> str:
    path = Path("examples/documents") / file
    sidecar = path.with_suffix(".json")
    if sidecar.exists():
        return str(json.loads(sidecar.read_text(encoding="utf-8"))["document_id"])
    return str(Path(file).with_suffix(""))


def test_it_ends_with_something_for_a_person_to_see_and_says_where_everything_is(
    world: World,
) -> None:
    assert world.done.returncode == 1, world.done.stderr
    assert world.done.stderr == ""
    for name in ("report.html", "result.json", "mail"):
        assert str(world.folder / name) in world.done.stdout


def test_every_document_comes_out_as_its_author_meant(world: World) -> None:
    documents = {document["id"]: document for document in world.result["documents"]}
    wrong = []
    for row in expectations():
        document = documents[source_id(row["file"])]
        outcome = OUTCOMES.get(row["outcome"], "unreadable")
        codes = set(row["findings"].split()) if outcome != "posted" else set()
        if document["outcome"] != outcome or set(document["findings"]) != codes:
            wrong.append((row["file"], row["outcome"], codes, document))
    assert wrong == []
    assert len(documents) == len(expectations())


def test_the_world_is_as_large_and_varied_as_promised(world: World) -> None:
    counts = world.result["counts"]
    assert counts["pulled"] >= 60
    assert len({document["customer"] for document in world.result["documents"]} - {""}) >= 5
    assert min(counts[outcome] for outcome in ("posted", "bounced", "held", "unreadable")) > 0
    assert counts["unknown"] == 0
    assert len(world.result["errors"]) >= 25


def test_what_is_posted_stands_in_the_ledger_once(world: World) -> None:
    receipts = [d["receipt"] for d in world.result["documents"] if d["outcome"] == "posted"]
    ledger = [(table, number) for table, _creditor, _external, number in entries(world.folder)]
    assert Counter(number for _table, number in ledger) == Counter(receipts)
    assert len(set(ledger)) == len(ledger)


def test_each_customer_with_a_bounced_document_gets_one_digest_and_what_is_urgent_alone(
    world: World,
) -> None:
    bounced = {d["customer"] for d in world.result["documents"] if d["outcome"] == "bounced"}
    read = [email.message_from_bytes(path.read_bytes()) for path in world.mails]
    digests = [mail["To"] for mail in read if mail["Precedence"] == "bulk"]
    assert len(digests) == len(set(digests)) == len(bounced)
    assert len(world.mails) == world.result["notices"] > len(bounced)


def test_no_mail_tells_one_customer_about_another_or_shows_an_account(world: World) -> None:
    names = ("Eksempelstyrelsen", "Fyrvæsenet", "Nordhavns Museum", "Domsarkivet")
    for path in world.mails:
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        text = str(body.get_content())
        assert sum(name in text for name in names) <= 1
        assert "0001234567" not in text
        assert "DE89370400440532013000" not in text


def test_a_bounced_document_is_reopened_in_the_source(world: World) -> None:
    marks = list((world.folder / "documents").rglob("*.rejected.json"))
    assert len(marks) == world.result["counts"]["bounced"]


def test_the_report_is_one_page_that_loads_nothing(world: World) -> None:
    page = (world.folder / "report.html").read_text(encoding="utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert page.count("<html") == 1


def test_no_account_number_is_in_the_log(world: World) -> None:
    for path in (world.folder / "logs").glob("*"):
        text = path.read_text(encoding="utf-8")
        assert "0001234567" not in text
        assert "DE89370400440532013000" not in text


def test_run_again_it_changes_nothing(world: World) -> None:
    before = (entries(world.folder), (world.folder / "result.json").read_text())
    again = robot("demo", "--dir", str(world.folder))
    assert again.returncode == 0, again.stderr
    assert "Nothing new" in again.stdout
    assert (entries(world.folder), (world.folder / "result.json").read_text()) == before
    assert sorted((world.folder / "mail" / "new").glob("*.eml")) == world.mails


@pytest.mark.corpus
def test_a_folder_of_anyones_documents_is_worked_through_and_nothing_is_posted(
    corpus: Path, tmp_path: Path
) -> None:
    done = robot("demo", "--dir", str(tmp_path), "--documents", str(corpus))
    assert done.returncode == 1, done.stderr
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["counts"]["posted"] == 0
    assert result["counts"]["pulled"] == len(list(corpus.rglob("*.xml")))
    assert all(document["findings"] for document in result["documents"])
    assert entries(tmp_path) == []
