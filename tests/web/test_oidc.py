"""Logging in through an OpenID provider, one that is honest and some that are not."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from robot.settings import DashboardSettings
from robot.web.app import create_app
from robot.web.security.oidc import OidcDoor
from robot.web.security.sessions import Guard
from robot.web.serving import grants
from tests.web.provider import CLIENT, Provider, new_key, signed
from tests.web.site import HOST, Site, TestClient

COOKIE = "__Host-robot"


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[Provider]:
    provider = Provider()
    try:
        yield provider
    finally:
        provider.stop()


@pytest.fixture
def provider(shared_provider: Provider) -> Provider:
    shared_provider.word = shared_provider.honest
    shared_provider.claims = {}
    shared_provider.out_of_order = False
    return shared_provider


def settings(site: Site, provider: Provider) -> DashboardSettings:
    return site.settings.web.model_copy(
        update={"auth": "oidc", "oidc_issuer": provider.issuer, "oidc_client_id": CLIENT}
    )


@pytest.fixture
def browser(site: Site, provider: Provider) -> Iterator[TestClient]:
    given = settings(site, provider)
    with httpx.Client(timeout=5) as http:
        door = OidcDoor(given, grants(given), http)
        guard = site_guard(site)
        app = create_app(site.dashboard, door, guard)
        app.state.guard, app.state.door = guard, door
        yield TestClient(app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)


def invited(browser: TestClient) -> str:
    """The address at the provider to which the browser is sent."""
    answer = browser.get("/")
    assert answer.status_code == 303
    return str(answer.headers["location"])


def logged_in_there(address: str) -> str:
    """What the provider sends the browser back with."""
    return httpx.get(address).headers["location"].removeprefix(HOST)


def log_in(browser: TestClient) -> httpx.Response:
    answer: httpx.Response = browser.get(logged_in_there(invited(browser)))
    return answer


def test_who_logs_in_there_is_in_here_with_what_is_granted(browser: TestClient) -> None:
    assert log_in(browser).status_code == 303
    shown = browser.get("/")
    assert shown.status_code == 200
    assert "bente" in shown.text
    assert browser.get("/audit").status_code == 403


def test_the_browser_is_sent_with_all_that_binds_the_answer(browser: TestClient) -> None:
    query = parse_qs(urlsplit(invited(browser)).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [HOST + "/login/back"]
    assert all(len(query[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def no_signature(claims: dict[str, Any]) -> str:
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    text = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*text, b""]).decode()


def with_public_key_as_secret(provider: Provider) -> Callable[[dict[str, Any]], str]:
    def forge(claims: dict[str, Any]) -> str:
        secret = json.dumps(provider.key.as_dict(private=False)).encode()
        header = {"alg": "HS256", "kid": provider.key.kid}
        return jwt.encode(header, claims, OctKey.import_key(secret))

    return forge


def altered(provider: Provider) -> Callable[[dict[str, Any]], str]:
    def forge(claims: dict[str, Any]) -> str:
        head, _, tail = signed(claims, provider.key).split(".")
        body = json.dumps(claims | {"groups": ["admin"]}).encode()
        return f"{head}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{tail}"

    return forge


def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    browser: TestClient, provider: Provider
) -> None:
    strange = new_key()
    for forge in (
        no_signature,
        with_public_key_as_secret(provider),
        altered(provider),
        lambda claims: signed(claims, strange),
        lambda claims: signed(claims, strange, kid=provider.key.kid or ""),
        lambda _claims: "no.token.atall",
        lambda _claims: "",
    ):
        provider.word = forge
        assert log_in(browser).status_code == 403
        assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": None},
        {"nonce": "of-another-login"},
        {"nonce": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"groups": ["nobody-knows-it"]},
        {"groups": None},
    ],
    ids=str,
)
def test_a_word_that_does_not_fit_lets_nobody_in(
    browser: TestClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert log_in(browser).status_code == 403
    assert COOKIE not in browser.cookies


def test_an_answer_to_another_browser_s_question_is_refused(
    browser: TestClient, provider: Provider, site: Site
) -> None:
    del provider, site
    back = logged_in_there(invited(browser))
    browser.cookies.clear()
    assert browser.get(back).status_code == 403
    # Somebody lures a browser that has begun a login of its own with a code of theirs.
    invited(browser)
    assert browser.get(back).status_code == 403


def test_an_answer_counts_once(browser: TestClient) -> None:
    back = logged_in_there(invited(browser))
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403


@pytest.mark.parametrize("query", [{}, {"state": "x"}, {"code": "x"}, {"error": "access_denied"}])
def test_an_answer_that_is_none_is_refused(browser: TestClient, query: dict[str, str]) -> None:
    invited(browser)
    assert browser.get("/login/back", params=query).status_code == 403


def test_the_session_is_new_after_logging_in(browser: TestClient) -> None:
    browser.cookies.set(COOKIE, "planted", domain="robot.example", path="/")
    answer = log_in(browser)
    assert answer.cookies[COOKIE] != "planted"


def test_a_provider_out_of_order_is_said_so(site: Site, provider: Provider) -> None:
    provider.out_of_order = True
    given = settings(site, provider)
    with httpx.Client(timeout=5) as http:
        door = OidcDoor(given, grants(given), http)
        app = create_app(site.dashboard, door, site_guard(site))
        answer = TestClient(app, base_url=HOST, raise_server_exceptions=False).get("/")
    assert answer.status_code == 503


def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    site: Site, provider: Provider
) -> None:
    given = settings(site, provider).model_copy(update={"oidc_issuer": provider.issuer + "/"})
    with httpx.Client(timeout=5) as http:
        door = OidcDoor(given, grants(given), http)
        app = create_app(site.dashboard, door, site_guard(site))
        answer = TestClient(app, base_url=HOST, raise_server_exceptions=False).get("/")
    assert answer.status_code == 503


def site_guard(site: Site) -> Guard:
    return Guard(
        sessions=site.dashboard.sessions,
        clock=site.clock,
        idle=timedelta(minutes=30),
        longest=timedelta(hours=10),
        secure=True,
    )
