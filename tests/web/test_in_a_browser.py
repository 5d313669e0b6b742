"""The dashboard in Chromium: a clerk's day, one of operations, a customer's visit, and axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from robot.domain.rights import Role
from robot.flow.case_commands import all_acts
from robot.flow.command_port import CommandStatus
from robot.flow.commands import carry_out
from robot.web.page import Page
from robot.web.pages import PAGES
from robot.web.serving import application
from tests.support.browser import TELEPHONE, Visitor, barriers, overflows
from tests.web.site import OTHER, OWN, Site, headers

SHOWN = [
    page
    for page in PAGES
    if page.method == "GET"
    and not page.public
    # A file, and none without its customer.
    and page.path != "/year-end/sheet"
]


def name_of(page: Page) -> str:
    return page.path


@pytest.fixture(scope="module")
def served(site: Site) -> Iterator[str]:
    """The address of the dashboard on a real port of this machine."""
    given = site.settings.web.model_copy(update={"session_hours": 10})
    dashboard = site.dashboard
    dashboard.settings = site.settings.model_copy(update={"web": given})
    app = application(dashboard)
    # Without TLS no browser takes a cookie that is bound to its host.
    object.__setattr__(app.state.guard, "secure", False)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def opened(visitor: Visitor, role: Role, **more: Any) -> Any:  # noqa: ANN401 - Playwright's page
    sent = headers(name=f"en-{role.value}", groups=role.value)
    page = visitor.page(extra_http_headers=sent, **more)
    page.set_default_timeout(20_000)
    return page


def answered(site: Site) -> CommandStatus:
    """Do what waits as the daemon does, and how the last of it came out."""
    acts = all_acts(lambda: list(site.dashboard.customers().values()), lambda: None)  # type: ignore[arg-type,return-value]  # no act here asks the world
    carry_out(site.dashboard.store, site.dashboard.rules.taxonomy, site.clock, acts)
    return site.dashboard.store.commands.last(1)[0].status


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_page_has_a_barrier(site: Site, served: str, visitor: Visitor, language: str) -> None:
    found: dict[str, list[str]] = {}
    desk = opened(visitor, Role.ADMIN)
    for page in SHOWN:
        # Short lists: a row is built as the next one is, and axe looks at each.
        desk.goto(f"{served}{site.path(page, OWN)}?lang={language}&size=5&act=command-asked")
        if lines := barriers(desk):
            found[page.path] = lines
    assert found == {}


def test_every_page_fits_a_telephone(site: Site, served: str, visitor: Visitor) -> None:
    telephone = opened(visitor, Role.ADMIN, width=TELEPHONE)
    wide = []
    for page in SHOWN:
        telephone.goto(served + site.path(page, OWN))
        if overflows(telephone):
            wide.append(page.path)
    assert wide == []


def test_the_menu_is_one_line_on_a_telephone_and_opens_by_keyboard_without_scripts(
    served: str, visitor: Visitor
) -> None:
    telephone = opened(visitor, Role.CLERK, width=375, java_script_enabled=False)
    telephone.goto(f"{served}/documents?lang=da")
    menu = telephone.locator(".top nav summary")
    assert menu.inner_text() == "Menu: Fakturaer"
    assert telephone.locator(".top nav").bounding_box()["height"] < 50
    assert telephone.locator(".top nav a:visible").count() == 0
    menu.focus()
    telephone.keyboard.press("Enter")
    telephone.locator(".top nav a:visible", has_text="Sager").click()
    assert telephone.url.endswith("/cases")


def test_no_page_breaks_the_policy_of_scripts(site: Site, served: str, visitor: Visitor) -> None:
    desk = opened(visitor, Role.ADMIN)
    said: list[str] = []
    desk.on(
        "console",
        lambda it: said.append(it.text) if "Content Security Policy" in it.text else None,
    )
    desk.on("pageerror", lambda error: said.append(f"{desk.url}: {error}"))
    for page in SHOWN:
        desk.goto(served + site.path(page, OWN))
    assert said == []


def test_a_clerk_s_day(site: Site, served: str, visitor: Visitor) -> None:
    desk = opened(visitor, Role.CLERK)
    desk.goto(f"{served}/documents?list=held&lang=da")
    desk.locator("form.filter [name=customer]").select_option(OTHER)
    desk.locator("form.filter button").click()
    desk.wait_for_url(f"**customer={OTHER}**")
    desk.reload()
    assert desk.locator("form.filter [name=customer]").input_value() == OTHER
    desk.locator("tr[data-row] th a").first.click()
    assert "Hvorfor" in desk.inner_text("main")
    form = desk.locator("form[action$='/recheck']")
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").click()
    form.locator("[name=reason]").fill("Kreditor er oprettet")
    form.locator("button").click()
    assert "Robotten er bedt om det" in desk.inner_text("main")
    assert answered(site) is CommandStatus.DONE
    desk.goto(f"{served}/cases/{site.cases[OWN][0]}?lang=da")
    note = desk.locator("form[action$='/note']")
    note.locator("xpath=ancestor::details/summary").click()
    note.locator("[name=reason]").fill("Ringet til kunden")
    note.locator("button").click()
    assert answered(site) is CommandStatus.DONE
    desk.reload()
    assert "Ringet til kunden" in desk.inner_text("main")


def test_a_day_of_operations(site: Site, served: str, visitor: Visitor) -> None:
    desk = opened(visitor, Role.ADMIN)
    desk.goto(f"{served}/runs?lang=da")
    form = desk.locator("form[action='/pause']").first
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").click()
    form.locator("select[name=customer]").select_option(OTHER)
    form.locator("[name=reason]").fill("Navision opdateres")
    form.locator("button").click()
    assert answered(site) is CommandStatus.DONE
    desk.goto(f"{served}/?lang=da")
    assert "Navision opdateres" in desk.inner_text("main")
    desk.goto(f"{served}/audit?verify=1&lang=da")
    assert "command-asked" in desk.inner_text("main")


def test_a_customer_s_visit(site: Site, served: str, visitor: Visitor) -> None:
    number = site.cases[OWN][-1]
    party = site.dashboard.store.cases.parties(number)[0].address
    link = site.dashboard.links.make(number, party)
    path = "/sag/" + link.rpartition("/")[2]
    telephone, page = visitor.page(width=TELEPHONE), visitor.page()
    for language, shown in (("da", telephone), ("en", page)):
        shown.goto(f"{served}{path}?lang={language}")
        assert number in shown.inner_text("h1")
        assert barriers(shown) == []
        assert not overflows(shown)
        assert shown.locator("nav[aria-label]").count() == 0
    page.locator("[name=address]").fill("ny.kollega@" + party.partition("@")[2])
    page.locator("main form button").click()
    assert "Thank you" in page.inner_text("main")
    assert answered(site) is CommandStatus.DONE
    own = site.dashboard.links.make(number, "ny.kollega@" + party.partition("@")[2])
    telephone.goto(f"{served}/sag/{own.rpartition('/')[2]}?lang=da")
    assert number in telephone.inner_text("h1")


def test_a_list_is_gone_through_by_keyboard_and_without_scripts(
    site: Site, served: str, visitor: Visitor
) -> None:
    del site
    desk = opened(visitor, Role.CLERK)
    desk.goto(f"{served}/documents?lang=da")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/documents/*")
    plain = opened(visitor, Role.CLERK, java_script_enabled=False)
    plain.goto(f"{served}/documents?lang=da")
    plain.locator("form.filter [name=q]").fill("DK-2026")
    plain.locator("form.filter button").click()
    assert "q=DK-2026" in plain.url
    plain.locator("tr[data-row] th a").first.click()
    assert "Rejsen fra leverandør til betalt" in plain.inner_text("main")
    plain.goto(f"{served}/kpi?lang=da")
    assert "Sådan er det regnet" in plain.inner_text("main")
