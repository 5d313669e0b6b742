"""What somebody who means harm would try at the dashboard; nothing of it works."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest

from robot.domain.rights import Role
from robot.web.security.headers import POLICY
from tests.web.site import FORMULA, HOST, OTHER, OWN, SCRIPT, SECRET, Site, headers, token_of

COOKIE = "__Host-robot"


def held(site: Site) -> str:
    row = next(it for it in site.documents[OWN] if it.state.value == "held")
    return f"/documents/{row.id}"


def commands(site: Site) -> int:
    return len(site.dashboard.store.commands.last(1_000))


@pytest.mark.parametrize(
    "door",
    [
        {"name": "bo", "groups": "clerk", "address": "10.0.0.9"},
        {"name": "bo", "groups": "clerk", "secret": ""},
        {"name": "bo", "groups": "clerk", "secret": SECRET + "x"},
        {"name": "bo", "groups": "clerk", "secret": "ø".encode()},
        {"name": "", "groups": "clerk"},
        {"name": "bo", "groups": "clerk", "address": "not-an-address"},
    ],
    ids=["elsewhere", "no secret", "wrong secret", "odd secret", "no name", "no address"],
)
def test_a_forged_word_of_the_proxy_counts_for_nothing(site: Site, door: dict[str, Any]) -> None:
    assert site.browser(**door).get("/").status_code == 403


@pytest.mark.parametrize("name", ["X-Forwarded-User", "X-Robot-Proxy-Secret"])
def test_a_header_that_comes_twice_counts_for_nothing(site: Site, name: str) -> None:
    given = headers(name="bo", groups="clerk")
    twice = [*given.items(), (name, given[name])]
    assert site.browser().get("/", headers=twice).status_code == 403


def test_groups_that_come_twice_give_no_right(site: Site) -> None:
    given = [*headers(name="bo", groups="clerk").items(), ("X-Forwarded-Groups", "admin")]
    assert site.browser().get("/", headers=given).status_code == 403


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    browser.get("/")
    before = commands(site)
    for token in ("", "0" * 64, "æ"):
        answer = browser.post(held(site) + "/recheck", data={"csrf": token, "reason": "x"})
        assert answer.status_code == 403
    assert commands(site) == before


def test_the_token_of_somebody_else_is_refused(site: Site) -> None:
    strange = token_of(site.as_role(Role.ADMIN))
    browser = site.as_role(Role.CLERK)
    token_of(browser)
    answer = browser.post(held(site) + "/recheck", data={"csrf": strange, "reason": "x"})
    assert answer.status_code == 403


def test_the_token_of_no_session_is_none(site: Site) -> None:
    forged = hmac.new(b"", b"invoice-robot: form", hashlib.sha256).hexdigest()
    answer = site.as_role(Role.CLERK).post(
        held(site) + "/recheck", data={"csrf": forged, "reason": "x"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_sent_by_another_site_is_refused(site: Site, sent: dict[str, str]) -> None:
    browser = site.as_role(Role.CLERK)
    form = {"csrf": token_of(browser), "reason": "x"}
    answer = browser.post(held(site) + "/recheck", data=form, headers=sent)
    assert answer.status_code == 403


def test_a_session_that_somebody_planted_is_not_taken_up(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    browser.cookies.set(COOKIE, "planted", domain="robot.example", path="/")
    answer = browser.get("/")
    given = answer.cookies.get(COOKIE)
    assert given
    assert given != "planted"


def test_a_stolen_cookie_alone_opens_nothing(site: Site) -> None:
    victim = site.as_role(Role.ADMIN)
    victim.get("/")
    thief = site.browser()
    thief.cookies.set(COOKIE, victim.cookies[COOKIE], domain="robot.example", path="/")
    assert thief.get("/").status_code == 403


def test_a_cookie_of_a_mightier_person_gives_no_right(site: Site) -> None:
    victim = site.as_role(Role.ADMIN)
    victim.get("/")
    thief = site.as_role(Role.VIEWER)
    thief.cookies.set(COOKIE, victim.cookies[COOKIE], domain="robot.example", path="/")
    assert thief.get("/audit").status_code == 403


def test_the_cookie_is_for_this_host_over_https_and_for_no_script(site: Site) -> None:
    sent = site.as_role(Role.CLERK).get("/").headers["set-cookie"]
    for word in (f"{COOKIE}=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in sent
    assert "Domain" not in sent


@pytest.mark.parametrize("silence", [timedelta(minutes=31), timedelta(hours=11)])
def test_a_session_ends_after_silence_and_after_a_day(site: Site, silence: timedelta) -> None:
    browser = site.as_role(Role.CLERK)
    token = token_of(browser)
    try:
        site.clock.ahead += silence
        answer = browser.post(held(site) + "/recheck", data={"csrf": token, "reason": "x"})
    finally:
        site.clock.ahead -= silence
    assert answer.status_code == 403


def test_use_does_not_keep_a_session_for_ever(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    token, first = token_of(browser), browser.cookies[COOKIE]
    try:
        for _ in range(25):
            site.clock.ahead += timedelta(minutes=25)
            browser.get("/login")
            browser.get("/healthz")
            browser.get("/documents", params={"size": "1"})
        assert browser.cookies[COOKIE] != first
        answer = browser.post(held(site) + "/recheck", data={"csrf": token, "reason": "x"})
    finally:
        site.clock.ahead = timedelta()
    assert answer.status_code == 403


def test_who_logs_out_needs_a_new_session(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    token, secret = token_of(browser), browser.cookies[COOKIE]
    assert browser.post("/logout", data={"csrf": token}).status_code == 303
    browser.cookies.set(COOKIE, secret, domain="robot.example", path="/")
    answer = browser.post(held(site) + "/recheck", data={"csrf": token, "reason": "x"})
    assert answer.status_code == 403


def test_logging_out_cannot_be_done_by_others(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    token_of(browser)
    assert browser.post("/logout").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/documents",
        "/documents?q=script",
        "/dead-letters",
        "/dead-letters/map?pattern=Linje&code=erp-busy",
        "/mails",
        "/",
        "/aging",
        "/rules",
    ],
)
def test_html_of_others_is_text(site: Site, path: str) -> None:
    text = site.as_role(Role.ADMIN).get(path).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_html_in_a_supplier_s_name_and_number_is_text(site: Site) -> None:
    text = site.as_role(Role.CLERK).get(f"/documents/{site.poisoned}").text
    assert "&lt;script&gt;alert(" in text
    assert SCRIPT not in text


def test_html_in_what_is_looked_for_is_text(site: Site) -> None:
    for page in ("/documents", "/cases", "/mails", "/audit", "/kpi"):
        given = {name: f'"><x-{name}>' for name in ("q", "customer", "sort", "actor", "list")}
        answer = site.as_role(Role.ADMIN).get(page, params=given)
        assert "<x-" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2ferrors.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fconfig/robot.toml",
        "/static//etc/passwd",
        "/static/....//app.py",
        "/documents/../../etc/passwd",
        "/documents/%2e%2e%2fx",
        "/cases/..%5c..%5cx",
        "/customers/%00",
    ],
)
def test_no_path_leads_out_of_the_folder(site: Site, path: str) -> None:
    answer = site.as_role(Role.ADMIN).get(path)
    assert answer.status_code == 404


def test_no_cell_of_a_file_is_a_formula(site: Site) -> None:
    text = site.as_role(Role.CLERK).get("/documents", params={"format": "csv"}).text
    assert FORMULA[:12] in text
    cells = [
        cell.strip('"') for line in text.lstrip("\ufeff").splitlines() for cell in line.split(";")
    ]
    numbers = [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]
    assert [cell for cell in numbers if not cell.replace(",", "").lstrip("-").isdigit()] == []


@pytest.mark.parametrize("length", ["10485761", "99999999999999999999", "-1", "x", "²", ""])
def test_a_form_that_is_too_large_or_says_no_size_is_not_read(site: Site, length: str) -> None:
    browser = site.as_role(Role.CLERK)
    sent = {
        "Content-Length": length.encode("latin-1"),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = browser.post(held(site) + "/recheck", content=b"a=b", headers=sent)
    assert answer.status_code == 413


def test_a_form_of_very_many_fields_is_refused(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    form = {f"f{number}": "x" for number in range(1_500)} | {"csrf": token_of(browser)}
    answer = browser.post(held(site) + "/recheck", data=form)
    assert answer.status_code in {400, 403}


def test_a_reason_as_long_as_a_book_is_kept_out_or_kept_whole(site: Site) -> None:
    browser = site.as_role(Role.CLERK)
    name = "n" * 5_000
    for _ in range(2):
        form = {"csrf": token_of(browser), "name": name, "query": "q=" + "x" * 5_000}
        assert browser.post("/documents/lists", data=form).status_code == 303


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "X"])
def test_an_act_is_posted_or_not_done(site: Site, method: str) -> None:
    browser = site.as_role(Role.CLERK)
    before = commands(site)
    answer = browser.request(
        method,
        held(site) + "/recheck",
        params={"csrf": token_of(browser), "reason": "x"},
        headers={"X-HTTP-Method-Override": "POST"},
    )
    assert answer.status_code == 405
    assert commands(site) == before


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_parameter_sends_the_browser_elsewhere(site: Site, where: str) -> None:
    browser = site.as_role(Role.CLERK)
    form = {"csrf": token_of(browser), "reason": "x", "next": where, "query": where}
    for path in (held(site) + "/recheck", "/documents/lists"):
        answer = browser.post(path, data={**form, "name": "liste"}, params={"next": where})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/documents")


def test_a_host_that_somebody_made_up_is_in_no_answer(site: Site) -> None:
    answer = site.as_role(Role.CLERK).get("/", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text
    assert "evil.example" not in answer.headers.get("location", "")


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/healthz", "/static/dashboard.css"])
def test_every_answer_has_the_headers(site: Site, path: str) -> None:
    for browser in (site.as_role(Role.CLERK), site.browser()):
        answer = browser.get(path)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        if not path.startswith("/static"):
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "99999999999999999999"},
        {"page": "-1", "size": "100000"},
        {"sort": "id; DROP TABLE document", "state": "x"},
        {"q": "' OR 1=1 --"},
        {"q": "%_\\"},
        {"due": "0001-01-01", "from": "0001-01-01", "to": "0001-01-02"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"lang": "<b>", "format": "../../x"},
        {"after": "9" * 40, "run": "²", "customer": "\x00"},
    ],
)
def test_odd_addresses_give_a_page(site: Site, query: dict[str, str]) -> None:
    browser = site.as_role(Role.ADMIN)
    for path in ("/documents", "/cases", "/kpi", "/aging", "/process", "/errors", "/audit"):
        assert browser.get(path, params=query).status_code in {200, 404}, path


@pytest.mark.parametrize("number", ["0", "-1", "1e3", "9" * 30, "²", "1%20OR%201=1"])
def test_odd_numbers_are_nobody_s(site: Site, number: str) -> None:
    browser = site.as_role(Role.ADMIN)
    for path in ("/documents", "/runs"):
        assert browser.get(f"{path}/{number}").status_code == 404


def link(site: Site, customer: str = OWN) -> str:
    number = site.cases[customer][0]
    party = site.dashboard.store.cases.parties(number)[0].address
    return site.dashboard.links.make(number, party).removeprefix(HOST)


def test_a_customer_s_link_opens_its_case_and_nothing_else(site: Site) -> None:
    browser = site.browser()
    shown = browser.get(link(site))
    assert shown.status_code == 200
    assert site.cases[OWN][0] in shown.text
    assert site.cases[OTHER][0] not in shown.text
    assert "set-cookie" not in shown.headers
    for path in ("/", "/documents", f"/cases/{site.cases[OWN][0]}", "/kpi", "/audit"):
        assert browser.get(path).status_code == 403


def test_an_altered_or_stale_link_opens_nothing(site: Site) -> None:
    path, browser = link(site), site.browser()
    for place in (8, len(path) // 2, len(path) - 2):
        other = "A" if path[place] != "A" else "B"
        assert browser.get(path[:place] + other + path[place + 1 :]).status_code == 410
    assert browser.get(path + "A").status_code == 410
    assert browser.get("/sag/").status_code == 404
    try:
        site.clock.ahead += timedelta(days=400)
        assert browser.get(path).status_code == 410
    finally:
        site.clock.ahead = timedelta()


def test_sharing_by_a_link_goes_to_colleagues_only_and_from_its_own_page(site: Site) -> None:
    path, browser = link(site), site.browser()
    key = browser.get(path).text.partition('name="key" value="')[2].partition('"')[0]
    number = site.cases[OWN][0]
    domain = site.dashboard.store.cases.parties(number)[0].address.partition("@")[2]
    before = commands(site)
    for address in ("x@evil.example", f"x@evil.{domain}", f"a@{domain},b@evil.example", ""):
        assert (
            browser.post(path + "/del", data={"key": key, "address": address}).status_code == 400
        )
    colleague = {"address": f"ny.kollega@{domain}"}
    assert browser.post(path + "/del", data={"key": "0", **colleague}).status_code == 403
    crossing = {"Sec-Fetch-Site": "cross-site"}
    forged = browser.post(path + "/del", data={"key": key, **colleague}, headers=crossing)
    assert forged.status_code == 403
    assert commands(site) == before
    assert browser.post(path + "/del", data={"key": key, **colleague}).status_code == 303
    assert site.dashboard.store.commands.last(1)[0].kind == "case-share"


def test_the_demo_s_choice_of_roles_is_nowhere_else(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/login").status_code == 404
    assert browser.post("/login", data={"role": "admin"}).status_code == 404
    assert browser.get("/login/back", params={"code": "x", "state": "y"}).status_code == 404


def test_numbers_for_machines_name_nobody(site: Site) -> None:
    browser = site.browser()
    text = browser.get("/metrics").text
    assert "robot_documents" in text
    for customer in site.dashboard.customers().values():
        assert customer.name not in text
        assert customer.bogfoeringskreds not in text
