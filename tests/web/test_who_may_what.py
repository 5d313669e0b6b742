"""Every page and act: nobody without a name, nothing without the right, nothing of others."""

from __future__ import annotations

import pytest

from robot.domain.rights import Person, Right, Role
from robot.web.page import Page
from robot.web.pages import PAGES
from tests.web.site import HOST, OTHER, OWN, Site, token_of

GUARDED = [page for page in PAGES if not page.public]
SHOWN = [page for page in GUARDED if page.method == "GET"]
ACTS = [page for page in GUARDED if page.method == "POST" and page.name != "leave"]
#: Acts that name what they are about in their form, and not in their address.
FORMS = {
    "pause": {"customer": OTHER},
    "resume": {"customer": OTHER},
    "hand-in-sheet": {"customer": OTHER},
}
#: A list is its keeper's own, whoever's customers it shows.
OF_NO_CUSTOMER = {"forget-list"}
ABOUT_CUSTOMERS = [
    page
    for page in ACTS
    if ("{" in page.path or page.name in FORMS) and page.name not in OF_NO_CUSTOMER
]
#: The trail, and the table of Navision's texts, are for those who see all customers.
OF_ALL = {"audit", "unmapped"}
OF_ONE_CUSTOMER = [page for page in SHOWN if page.name not in OF_ALL]
OF_SOMETHING = [page for page in GUARDED if "{" in page.path and not page.path.startswith("/runs")]


def name_of(page: Page) -> str:
    return f"{page.method} {page.path}"


def fitting(page: Page) -> Role:
    """A role that may, by the page's right."""
    for role in (Role.CLERK, Role.APPROVER, Role.RULE_AUTHOR, Role.ADMIN):
        right = page.right or Right.SEE
        if Person(name="x", roles=frozenset({role})).may(right):
            return role
    raise AssertionError(f"nobody may see {page.path}")


def test_every_page_says_who_may_see_it() -> None:
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))
    # Logging out needs no right; all else that is not public does.
    assert [page.name for page in GUARDED if page.right is None] == ["leave"]


@pytest.mark.parametrize("page", GUARDED, ids=name_of)
def test_nobody_gets_in_without_a_name(site: Site, page: Page) -> None:
    answer = site.browser().request(page.method, site.path(page, OWN), data={"reason": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("page", GUARDED, ids=name_of)
def test_somebody_without_a_grant_gets_nowhere(site: Site, page: Page) -> None:
    browser = site.browser(name="fremmed", groups="everybody")
    assert browser.request(page.method, site.path(page, OWN)).status_code == 403


@pytest.mark.parametrize(
    "page", [page for page in GUARDED if page.right not in {None, Right.SEE}], ids=name_of
)
def test_a_viewer_does_nothing_that_needs_more(site: Site, page: Page) -> None:
    browser = site.as_role(Role.VIEWER)
    form = {"csrf": token_of(browser), "reason": "x"}
    sent = {"data": form} if page.method == "POST" else {}
    assert browser.request(page.method, site.path(page, OWN), **sent).status_code == 403


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("page", SHOWN, ids=name_of)
def test_every_page_is_shown_to_who_may_see_it(site: Site, page: Page, language: str) -> None:
    answer = site.as_role(fitting(page)).get(site.path(page, OWN), params={"lang": language})
    assert answer.status_code == 200
    if answer.headers["content-type"].startswith("text/html"):
        assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize(
    "page", [page for page in OF_SOMETHING if page.method == "GET"], ids=name_of
)
def test_what_belongs_to_others_looks_as_if_it_were_not_there(site: Site, page: Page) -> None:
    browser = site.as_role(fitting(page), limited=True)
    assert browser.get(site.path(page, OTHER)).status_code == 404


@pytest.mark.parametrize("page", ABOUT_CUSTOMERS, ids=name_of)
def test_nothing_is_done_to_what_belongs_to_others(site: Site, page: Page) -> None:
    before = len(site.dashboard.store.commands.last(1_000))
    browser = site.as_role(fitting(page), limited=True)
    form = {"csrf": token_of(browser), "reason": "x", "address": "a@b.example", "case": "X"}
    answer = browser.post(site.path(page, OTHER), data=form | FORMS.get(page.name, {}))
    assert answer.status_code in {403, 404}
    assert len(site.dashboard.store.commands.last(1_000)) == before


def test_everything_is_paused_and_mapped_only_by_who_sees_everything(site: Site) -> None:
    browser = site.as_role(Role.ADMIN, limited=True)
    form = {"csrf": token_of(browser), "reason": "x", "customer": ""}
    assert browser.post("/pause", data=form).status_code == 403
    mapping = form | {"pattern": "Linje 7", "code": "erp-busy"}
    assert browser.post("/dead-letters/map", data=mapping).status_code == 403
    for path in ("/audit", "/dead-letters/map"):
        assert browser.get(path).status_code == 403


def test_a_mail_is_put_on_no_case_of_others(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    limited = site.as_role(Role.CLERK, limited=True)
    form = {"reason": "x", "case": site.cases[OTHER][0]}
    whole = browser.post(f"/mails/{site.mail}/assign", data=form | {"csrf": token_of(browser)})
    assert whole.status_code == 303
    part = limited.post(f"/mails/{site.mail}/assign", data=form | {"csrf": token_of(limited)})
    assert part.status_code == 404


@pytest.mark.parametrize("format_", ["", "csv"])
@pytest.mark.parametrize("page", OF_ONE_CUSTOMER, ids=name_of)
def test_no_page_names_anything_of_others(site: Site, page: Page, format_: str) -> None:
    browser = site.as_role(fitting(page), limited=True)
    params = {"format": format_, "all": "1", "size": "200"} if format_ else {"all": "1"}
    answer = browser.get(site.path(page, OWN), params=params)
    assert answer.status_code == 200
    foreign = {row.core.source_id for row in site.documents[OTHER]} | set(site.cases[OTHER])
    foreign |= {"Fyrvæsenet", "Om fyrtaarnet"}
    assert [word for word in sorted(foreign) if word in answer.text] == []


def test_a_case_of_others_opens_for_no_link(site: Site) -> None:
    links = site.dashboard.links
    party = site.dashboard.store.cases.parties(site.cases[OWN][0])[0].address
    strange = links.make(site.cases[OTHER][0], party).removeprefix(HOST)
    assert site.browser().get(strange).status_code == 410
