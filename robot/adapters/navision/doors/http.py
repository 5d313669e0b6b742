"""Calls to NAV's web services: who asks, how long is waited, and when the outcome is unknown.

A call is made once. Whether it is made again is for who knows the document key to decide, so
nothing here repeats a request, follows a redirection or takes a proxy from the environment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.auth import AuthBase, HTTPBasicAuth
from requests_ntlm import HttpNtlmAuth

from robot.adapters.granted_tokens import Grant, GrantedTokens
from robot.errors import ErpError, ErpUnavailableError
from robot.flow.ports import Clock

#: Answers after which it is not known whether NAV did anything.
_UNKNOWN: Final = frozenset({408, 425, 429})
_SERVER_FAULT: Final = 500
_OK: Final = frozenset({200, 201, 204})
_DENIED: Final = frozenset({401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait for a connection and for an answer."""

    connect: float = 10
    answer: float = 120


class ClientCredentials(AuthBase):
    """OAuth 2.0 with the app's own identity; the token is fetched when it is needed.

    Args:
        tokens: What gives the tokens.
    """

    def __init__(self, tokens: GrantedTokens) -> None:
        self.tokens = tokens

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token on a request."""
        request.headers["Authorization"] = f"Bearer {self.tokens.get()}"
        return request


def client_credentials(grant: Grant, clock: Clock, timeouts: Timeouts) -> ClientCredentials:
    """The app's own identity, by tokens that are waited for as long as for NAV."""
    timeout = (timeouts.connect, timeouts.answer)
    return ClientCredentials(GrantedTokens(grant, clock, timeout=timeout, refusal=_no_token))


def _no_token() -> ErpError:
    return ErpError(
        "the identity provider gave no token; NAV was not asked",
        hint="check [erp] token_url, client_id, scope and the secret",
    )


def basic(user: str, key: str) -> AuthBase:
    """NavUserPassword: the user's name and its web service access key."""
    return HTTPBasicAuth(user.encode(), key.encode())


def windows(user: str, password: str) -> AuthBase:
    r"""Windows authentication (NTLM); the user as `DOMAIN\name`."""
    auth: AuthBase = HttpNtlmAuth(user, password)
    return auth


class NavHttp:
    """One NAV server's web services.

    Args:
        base: Address up to the server instance (`https://nav:7047/DynamicsNAV110`).
        auth: Who asks.
        timeouts: How long to wait.
        ca_file: Certificates of the site's own authority; None takes the usual ones.
    """

    def __init__(
        self,
        base: str,
        auth: AuthBase,
        *,
        timeouts: Timeouts | None = None,
        ca_file: str | None = None,
    ) -> None:
        self.base = base.rstrip("/")
        self._auth = auth
        self._timeouts = timeouts or Timeouts()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True

    def send(
        self,
        method: str,
        address: str,
        *,
        json: Mapping[str, Any] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        read: Collection[int] = (),
    ) -> requests.Response:
        """Make one call.

        Args:
            method: Of HTTP.
            address: The whole address.
            json: The body as JSON, or
            data: the body as it is.
            headers: Besides the usual ones.
            read: Statuses of an error whose answer the caller reads itself.

        Raises:
            ErpUnavailableError: No answer, or one that does not say what NAV did.
            ErpError: NAV did not take the request.
        """
        answer = self._once(method, address, json=json, data=data, headers=headers)
        refused = answer.status_code == requests.codes.unauthorized
        if refused and isinstance(self._auth, ClientCredentials):
            # Refused at the door, so it was not done: once more with a fresh token.
            self._auth.tokens.forget()
            answer = self._once(method, address, json=json, data=data, headers=headers)
        self._judge(answer, read)
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _once(
        self,
        method: str,
        address: str,
        *,
        json: Mapping[str, Any] | None,
        data: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> requests.Response:
        try:
            return self._session.request(
                method,
                address,
                json=json,
                data=data,
                headers=dict(headers or {}),
                auth=self._auth,
                timeout=(self._timeouts.connect, self._timeouts.answer),
                allow_redirects=False,
            )
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
        ) as error:
            raise ErpError(
                "the address of NAV's web services can't be used", hint="check [erp] base_url"
            ) from error
        except (requests.RequestException, OSError) as error:
            # The library's own text holds the whole address, with the company's name in it.
            raise ErpUnavailableError(
                f"NAV's web service gave no answer ({type(error).__name__})",
                hint="see that the server instance is running and can be reached",
            ) from error

    @staticmethod
    def _judge(answer: requests.Response, read: Collection[int]) -> None:
        status = answer.status_code
        if status in _OK or status in read:
            return
        if status in _DENIED:
            raise ErpError(
                f"NAV's web service refuses the robot's user (HTTP {status})",
                hint="check the user, its web service access key and its permission sets",
            )
        if status in _UNKNOWN or status >= _SERVER_FAULT:
            raise ErpUnavailableError(
                f"NAV's web service answered HTTP {status}; the outcome is unknown",
                hint="see the server instance's event log",
            )
        raise ErpError(
            f"NAV's web service did not take the request (HTTP {status})",
            hint="check [erp] base_url and service, and that the service is published",
        )


def body_of(answer: requests.Response) -> Mapping[str, Any]:
    """The JSON object of an answer.

    Raises:
        ErpUnavailableError: It is none.
    """
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, Mapping):
        raise ErpUnavailableError(
            "NAV's web service gave no JSON; the outcome is unknown",
            hint="see that [erp] base_url leads to NAV and not to a proxy or login page",
        )
    return body


def refusal_of(answer: requests.Response) -> tuple[str, str]:
    """Code and message of an OData error.

    Raises:
        ErpUnavailableError: It is no OData error, so nothing is known.
    """
    error = body_of(answer).get("error")
    if not isinstance(error, Mapping):
        raise ErpUnavailableError(
            f"NAV's web service answered HTTP {answer.status_code} without saying why",
            hint="see the server instance's event log",
        )
    message = error.get("message")
    if isinstance(message, Mapping):  # OData V3 and some versions of V4
        message = message.get("value")
    return str(error.get("code") or ""), str(message or "")
