"""The page of re-posting sheets: handed in, answered, corrected, posted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from robot import bootstrap
from robot.domain.rights import Role
from robot.domain.state import State
from robot.flow.case_commands import all_acts
from robot.flow.commands import carry_out
from robot.flow.context import RunOptions
from robot.flow.run import run_once
from robot.flow.sheet_port import LARGEST
from tests.support.reposting import filled, opened, rows_moving
from tests.web.site import FORMULA, OTHER, OWN, SCRIPT, Site, TestClient, token_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def robot(site: Site) -> Iterator[bootstrap.Robot]:
    """The daemon's robot on the same store."""
    joined = bootstrap.assemble(site.settings, clock=site.clock)
    yield joined
    joined.close()


def sheet(site: Site, *rows: Any) -> bytes:  # noqa: ANN401 - cells
    return filled(site.dashboard.customers()[OWN], *rows, author="Ane Ansvarlig")


def hand_in(browser: TestClient, content: bytes, name: str = "ark.xlsx", **form: str) -> Any:  # noqa: ANN401 - an answer
    sent = {"csrf": token_of(browser), "customer": OWN, **form}
    return browser.post("/sheets/hand-in", data=sent, files={"sheet": (name, content, _XLSX)})


def carried_out(robot: bootstrap.Robot) -> None:
    ports = robot.ports
    carry_out(robot.store, ports.taxonomy, ports.clock, all_acts(list, lambda: ports))


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_clerk_hands_a_wrong_sheet_in_and_gets_it_back_marked(
    site: Site, robot: bootstrap.Robot
) -> None:
    browser = site.as_role(Role.CLERK)
    debit, credit = rows_moving(21)
    content = sheet(site, debit, (*credit[:3], "229900", *credit[4:]))
    address = f"/sheets/{hash_of(content)}"
    answer = hand_in(browser, content)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "kontrollerer arket" in browser.get(address).text

    carried_out(robot)

    page = browser.get(address).text
    assert "Kontoen er spærret." in page
    assert "Intet er bogført" in page
    marked = browser.get(address + "?file=marked")
    assert "-rettes.xlsx" in marked.headers["content-disposition"]
    assert opened(marked.content)["Ompostering"]["D7"].comment.text == "Kontoen er spærret."
    (asked,) = site.dashboard.store.commands.about("sheet", hash_of(content))
    assert asked.kind == "reposting-sheet"

    with site.dashboard.store.writing(actor="robot") as unit:
        unit.sheets.let_go_of_file(hash_of(content))
    later = browser.get(address).text
    assert "Filen er slettet" in later
    assert "file=marked" not in later


def test_a_right_sheet_is_followed_to_the_ledger(site: Site, robot: bootstrap.Robot) -> None:
    browser = site.as_role(Role.CLERK)
    content = sheet(site, *rows_moving(22))
    address = f"/sheets/{hash_of(content)}"
    hand_in(browser, content)
    carried_out(robot)
    assert "i næste kørsel" in browser.get(address).text

    run_once(robot.ports, RunOptions(owner="robot-1"))

    row = site.dashboard.store.sheets.get(hash_of(content))
    assert row is not None
    (document,) = site.dashboard.store.documents.versions(row.keys[0])
    assert document.state is State.POSTED
    page = browser.get(f"/documents/{document.id}").text
    for words in ("Ompostering", "Ark indleveret", "Ane Ansvarlig", "Bogført i Navision"):
        assert words in page
    assert "Send tilbage til kunden" not in page
    assert f"/documents/{document.id}" in browser.get(address).text
    assert "22,00 kr." in browser.get("/sheets").text
    # What the robot posted is not handed out to be imported too.
    assert browser.get(f"{address}?file={row.numbers[0]}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("ark.xlsm", b"PK\x03\x04", 400),
        ("ark.xlsx", b"<html>", 400),
        ("ark.xlsx", b"", 400),
        ("ark.xlsx", b"PK\x03\x04" + b"0" * LARGEST, 413),
    ],
)
def test_what_is_no_sheet_is_not_kept(site: Site, name: str, content: bytes, status: int) -> None:
    before = site.dashboard.store.sheets.waiting()
    assert hand_in(site.as_role(Role.CLERK), content, name).status_code == status
    assert site.dashboard.store.sheets.waiting() == before


def test_a_sheet_without_the_forms_token_or_of_another_customer_is_not_kept(site: Site) -> None:
    browser = site.as_role(Role.CLERK, limited=True)
    content = sheet(site, *rows_moving(23))
    assert hand_in(browser, content, csrf="0" * 64).status_code == 403
    assert hand_in(browser, content, customer=OTHER).status_code == 404
    assert hand_in(browser, content, customer="").status_code == 404
    assert site.dashboard.store.sheets.get(hash_of(content)) is None


def test_a_sheet_of_others_can_be_neither_seen_nor_taken_over(site: Site) -> None:
    browser = site.as_role(Role.CLERK, limited=True)
    strange = site.sheets[OTHER]
    for end in ("", "?file=marked"):
        assert browser.get(f"/sheets/{strange}{end}").status_code == 404
    hand_in(browser, site.dashboard.store.sheets.content(strange))
    row = site.dashboard.store.sheets.get(strange)
    assert row is not None
    assert row.customer == OTHER


def test_nothing_that_a_sheet_says_is_run(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    assert SCRIPT not in browser.get(f"/sheets/{site.sheets[OWN]}").text
    assert SCRIPT not in browser.get("/sheets").text
    book = opened(browser.get(f"/sheets/{site.sheets[OWN]}?file=marked").content)
    cell = book["Ompostering"]["C6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)


@pytest.mark.parametrize("asked", ["journal", "OMP-0000000000000000", "../../etc/passwd"])
def test_no_other_file_is_handed_out(site: Site, asked: str) -> None:
    answer = site.as_role(Role.CLERK).get(f"/sheets/{site.sheets[OWN]}", params={"file": asked})
    assert answer.status_code == 404
