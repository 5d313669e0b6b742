"""Lists narrow by their address, are kept by name, and are files that hold no formula."""

from __future__ import annotations

import csv
import html
import re
from datetime import date, timedelta

import pytest

from robot.domain.rights import Role
from robot.web.charts.trend import Series, trend
from robot.web.page import Page
from robot.web.pages import PAGES
from tests.web.site import OTHER, OWN, Site, TestClient, token_of

#: Pages about one thing, or for a person alone to read.
_NO_FILE = {
    "today",
    "document",
    "case",
    "customer",
    "playbook",
    "sheet",
}
SHOWN = [page for page in PAGES if page.method == "GET" and not page.public]


def name_of(page: Page) -> str:
    return page.path


def rows_of(browser: TestClient, address: str) -> list[list[str]]:
    answer = browser.get(address)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8", address
    return list(csv.reader(answer.text.lstrip("\ufeff").splitlines(), delimiter=";"))


@pytest.mark.parametrize("page", SHOWN, ids=name_of)
def test_every_list_is_a_file_without_formulas(site: Site, page: Page) -> None:
    role = Role.CLERK if page.name == "mails" else Role.ADMIN
    browser = site.as_role(role)
    shown = browser.get(site.path(page, OWN))
    links = {html.unescape(it) for it in re.findall(r'href="([^"]*format=csv[^"]*)"', shown.text)}
    if not links:
        # A rule set that nobody tried has no changes to list; no history, no forecast.
        assert page.name in _NO_FILE | {"proposal", "capacity", "checks"}
    for link in links:
        for row in rows_of(browser, link)[1:]:
            odd = [cell for cell in row if cell[:1] in {"=", "+", "@", "-"}]
            assert [cell for cell in odd if not cell[1:].replace(",", "").isdigit()] == []


def test_a_list_s_address_is_its_state(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    everything = {row[1] for row in rows_of(browser, "/documents?format=csv")[1:]}
    narrowed = rows_of(browser, f"/documents?format=csv&state=bounced&customer={OWN}&q=DK-")[1:]
    assert 0 < len(narrowed) < len(everything)
    assert {row[3] for row in narrowed} == {OWN}
    first = browser.get("/documents?size=5&sort=due").text
    assert "size=5&amp;sort=due&amp;page=2" in first
    second = browser.get("/documents?size=5&sort=due&page=2").text
    links = re.compile(r'<th scope="row"><a href="(/documents/\d+)"')
    assert not set(links.findall(first)) & set(links.findall(second))


def test_a_kept_list_is_its_keeper_s_alone(site: Site) -> None:
    mine, other = site.as_role(Role.CLERK), site.as_role(Role.ADMIN)
    form = {"csrf": token_of(mine), "name": "Mine store", "query": f"customer={OTHER}&sort=due"}
    mine.post("/documents/lists", data=form)
    shown = mine.get("/documents").text
    assert f'<a href="/documents?customer={OTHER}&amp;sort=due">Mine store</a>' in shown
    assert "Mine store" not in other.get("/documents").text
    forget = re.search(r'action="(/documents/lists/\d+/forget)"[^/]*/?>[^/]*Mine store', shown)
    assert forget
    other.post(forget[1], data={"csrf": token_of(other)})
    assert "Mine store" in mine.get("/documents").text
    mine.post(forget[1], data={"csrf": token_of(mine)})
    assert "Mine store" not in mine.get("/documents").text


def test_error_types_come_by_how_often_with_who_can_remove_them(site: Site) -> None:
    browser = site.as_role(Role.VIEWER)
    rows = rows_of(browser, "/errors?format=csv")[1:]
    counts = [int(row[3]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert {row[2] for row in rows} >= {"customer", "supplier", "sam-rule"}
    shown = browser.get("/errors", params={"lang": "en"}).text
    tiles = re.findall(r"<strong>(\d+)</strong> (?:Customer|Supplier|Centre|System)", shown)
    assert sum(map(int, tiles)) == sum(counts)
    assert re.findall(r">(\d+) %<", shown)[-1] == "100"


def test_days_on_which_rules_came_into_force_are_marked(site: Site) -> None:
    with site.dashboard.store.writing(actor="test") as unit:
        unit.keep_ruleset("b" * 64, OWN, "a later set")
    shown = site.as_role(Role.VIEWER).get("/kpi", params={"lang": "en"}).text
    assert "days on which rules came into force: 24 Nov." in shown
    weeks = [date(2026, 9, 7) + timedelta(weeks=number) for number in range(4)]
    line = Series(name="touchless", kind="line-1", values=(90.0, None, 80.0, 85.0))
    drawn = trend(weeks, [line], marks=weeks[1:3], title="t", mark_word="rules changed")
    assert drawn.count("line-bad") == 2
    assert "rules changed 14/9" in drawn
