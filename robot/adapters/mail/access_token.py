"""How the robot proves to a mail server who it is: a password, or a token of its own (XOAUTH2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import requests

from robot.errors import MailError
from robot.flow.ports import Clock

#: A token is renewed when it has less time left than this.
_MARGIN: Final = timedelta(minutes=2)
_SECONDS: Final = 30.0


class Tokens(Protocol):
    """Gives access tokens."""

    def get(self) -> str:
        """A token that is valid now.

        Raises:
            MailError: There is none to be had.
        """

    def forget(self) -> None:
        """The last one was refused: fetch another next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user and either its password or what gives its tokens."""

    user: str
    password: str = ""
    tokens: Tokens | None = None


class GrantedTokens:
    """OAuth 2.0 client credentials (RFC 6749 4.4): the app's own identity.

    So Exchange Online wants it of a program that runs without a person.

    Args:
        token_url: Of the identity provider.
        client_id: The app.
        secret: Its secret.
        scope: What the token is for.
        clock: The source of time.
    """

    def __init__(
        self, *, token_url: str, client_id: str, secret: str, scope: str, clock: Clock
    ) -> None:
        self._token_url = token_url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            "scope": scope,
        }
        self._clock = clock
        self._token = ""
        self._until: datetime | None = None

    def get(self) -> str:
        """A token that is valid now.

        Raises:
            MailError: The identity provider gave none.
        """
        now = self._clock.now()
        if self._until is None or now + _MARGIN >= self._until:
            try:
                answer = requests.post(
                    self._token_url, data=self._form, timeout=_SECONDS, allow_redirects=False
                )
                granted = answer.json()
                self._token = str(granted["access_token"])
                self._until = now + timedelta(seconds=int(granted.get("expires_in", 300)))
            except (requests.RequestException, ValueError, KeyError, TypeError):
                # Its answer may hold what no log should show.
                raise MailError(
                    "the identity provider gave no token for the mail server",
                    hint="check token_url, client_id, scope and the secret",
                ) from None
        return self._token

    def forget(self) -> None:
        """Fetch another one next time."""
        self._until = None


def xoauth2(user: str, token: str) -> str:
    """The initial client response of SASL XOAUTH2, not yet in base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
