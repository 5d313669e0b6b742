"""Access tokens for the robot's own identity (OAuth 2.0), for whatever server asks for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import requests

from robot.errors import RobotError
from robot.flow.ports import Clock

#: A token is renewed when it has less time left than this.
_MARGIN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The client credentials of an app (RFC 6749 4.4), and what they are good for."""

    #: Of the identity provider.
    token_url: str
    client_id: str
    secret: str = field(repr=False)
    #: What the token is for.
    scope: str


class GrantedTokens:
    """Fetches a token when it is needed, and keeps it as long as it holds.

    Args:
        grant: Who asks, and for what.
        clock: The source of time.
        timeout: Seconds to wait for the identity provider: in all, or to connect and to answer.
        refusal: Makes what is raised when there is no token to be had.
    """

    def __init__(
        self,
        grant: Grant,
        clock: Clock,
        *,
        timeout: float | tuple[float, float],
        refusal: Callable[[], RobotError],
    ) -> None:
        self._grant = grant
        self._clock = clock
        self._timeout = timeout
        self._refusal = refusal
        self._token = ""
        self._until: datetime | None = None

    def get(self) -> str:
        """A token that is valid now.

        Raises:
            RobotError: What `refusal` makes: the identity provider gave none.
        """
        now = self._clock.now()
        if self._until is None or now + _MARGIN >= self._until:
            try:
                answer = requests.post(
                    self._grant.token_url,
                    data={
                        "grant_type": "client_credentials",
                        "client_id": self._grant.client_id,
                        "client_secret": self._grant.secret,
                        "scope": self._grant.scope,
                    },
                    timeout=self._timeout,
                    allow_redirects=False,
                )
                granted = answer.json()
                self._token = str(granted["access_token"])
                self._until = now + timedelta(seconds=int(granted.get("expires_in", 300)))
            except (requests.RequestException, ValueError, KeyError, TypeError):
                # The identity provider's answer may hold what no log should show.
                raise self._refusal() from None
        return self._token

    def forget(self) -> None:
        """The last token was refused: fetch another one next time."""
        self._until = None
