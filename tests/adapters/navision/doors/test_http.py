"""Who asks NAV, how long is waited, and what an answer proves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from requests.auth import AuthBase

from robot.adapters.granted_tokens import Grant
from robot.adapters.navision.doors.http import (
    ClientCredentials,
    NavHttp,
    Timeouts,
    basic,
    client_credentials,
    windows,
)
from robot.adapters.navision.doors.protocol import Request
from robot.adapters.navision.doors.soap import NavSoap
from robot.adapters.navision.schema.model import Layout
from robot.errors import ErpError, ErpUnavailableError
from robot.flow.ports import KeyState
from tests.simulator.client import NavServer
from tests.simulator.server import KEY, USER
from tests.simulator.world import COMPANIES
from tests.support.fakes import SetClock

SHORT = Timeouts(connect=5, answer=5)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NavServer]:
    made = NavServer(tmp_path_factory.mktemp("nav"), Layout.NAV_2018)
    yield made
    made.stop()


@pytest.fixture
def nav(server: NavServer) -> NavServer:
    server.reset()
    return server


def close_a_key(nav: NavServer, auth: AuthBase, *, timeouts: Timeouts = SHORT) -> KeyState:
    http = NavHttp(nav.base, auth, timeouts=timeouts)
    request = Request(key="k1", company=COMPANIES[0], generation="1", payload_hash="t")
    try:
        return NavSoap(http).close(request).state
    finally:
        http.close()


def oauth(nav: NavServer, clock: SetClock, secret: str = KEY) -> ClientCredentials:
    grant = Grant(token_url=f"{nav.root}/token", client_id="robot", secret=secret, scope="x")
    return client_credentials(grant, clock, SHORT)


class TestWhoAsks:
    def test_a_user_with_its_web_service_access_key(self, nav: NavServer) -> None:
        assert close_a_key(nav, basic(USER, KEY)) is KeyState.TOMBSTONE

    def test_a_windows_user_by_ntlm(self, nav: NavServer) -> None:
        assert close_a_key(nav, windows("NAV\\robot", "windows-password")) is KeyState.TOMBSTONE

    def test_an_app_by_oauth(self, nav: NavServer) -> None:
        assert close_a_key(nav, oauth(nav, SetClock())) is KeyState.TOMBSTONE

    @pytest.mark.parametrize(
        "auth", [basic(USER, "wrong"), windows("NAV\\robot", "wrong")], ids=["basic", "windows"]
    )
    def test_who_is_not_known_is_refused_in_words_without_the_secret(
        self, nav: NavServer, auth: AuthBase
    ) -> None:
        with pytest.raises(ErpError, match=r"refuses the robot's user \(HTTP 401\)") as raised:
            close_a_key(nav, auth)

        assert not isinstance(raised.value, ErpUnavailableError)
        assert "wrong" not in str(raised.value)

    def test_a_token_is_used_as_long_as_it_holds(self, nav: NavServer) -> None:
        clock = SetClock()
        auth = oauth(nav, clock)
        tokens = []
        for minutes in (0, 30, 29):
            clock.instant += timedelta(minutes=minutes)
            close_a_key(nav, auth)
            tokens.append(auth.tokens.get())

        assert tokens[0] == tokens[1] != tokens[2]

    def test_a_token_that_was_revoked_is_renewed_at_once(self, nav: NavServer) -> None:
        auth = oauth(nav, SetClock())
        close_a_key(nav, auth)
        nav.act("revoke")

        assert close_a_key(nav, auth) is KeyState.TOMBSTONE

    def test_without_a_token_nav_is_not_asked(self, nav: NavServer) -> None:
        with pytest.raises(ErpError, match="gave no token; NAV was not asked") as raised:
            close_a_key(nav, oauth(nav, SetClock(), secret="wrong"))  # noqa: S106 -- meant to fail

        assert "wrong" not in str(raised.value)
        assert nav.act("calls") == []


class TestAnswers:
    def test_no_answer_in_time_leaves_it_unknown_and_the_work_may_be_done(
        self, nav: NavServer
    ) -> None:
        nav.act("fault", kind="silent")
        with pytest.raises(ErpUnavailableError, match="no answer"):
            close_a_key(nav, basic(USER, KEY), timeouts=Timeouts(connect=5, answer=0.2))
        nav.act("deliver")

        assert close_a_key(nav, basic(USER, KEY)) is KeyState.TOMBSTONE

    def test_a_server_that_is_not_there_is_unavailable(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        http = NavHttp(f"http://127.0.0.1:{port}/NAV", basic(USER, KEY), timeouts=SHORT)

        with pytest.raises(ErpUnavailableError, match="no answer"):
            http.send("GET", f"{http.base}/x")

    def test_an_address_that_is_none_is_told(self) -> None:
        http = NavHttp("nav.example.test", basic(USER, KEY))

        with pytest.raises(ErpError, match="can't be used"):
            http.send("GET", http.base)

    def test_a_service_that_is_not_published_is_told(self, nav: NavServer) -> None:
        http = NavHttp(nav.base, basic(USER, KEY))
        request = Request(key="k1", company=COMPANIES[0], generation="1", payload_hash="t")

        with pytest.raises(ErpError, match=r"did not take the request \(HTTP 404\)"):
            NavSoap(http, "Misspelt").close(request)

    def test_what_nav_says_is_passed_on(self, nav: NavServer) -> None:
        nav.act("fault", kind="deadlock")

        with pytest.raises(ErpError, match="The activity was deadlocked with another user"):
            close_a_key(nav, basic(USER, KEY))

    def test_the_environments_proxy_is_not_asked(
        self, nav: NavServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.delenv("no_proxy", raising=False)

        assert close_a_key(nav, basic(USER, KEY)) is KeyState.TOMBSTONE
