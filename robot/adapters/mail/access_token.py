"""How the robot proves to a mail server who it is: a password, or a token of its own (XOAUTH2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from robot.adapters.granted_tokens import Grant, GrantedTokens
from robot.errors import MailError
from robot.flow.ports import Clock

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


def granted_tokens(grant: Grant, clock: Clock) -> GrantedTokens:
    """Tokens for a mail server by the app's own identity.

    So Exchange Online wants it of a program that runs without a person.
    """
    return GrantedTokens(grant, clock, timeout=_SECONDS, refusal=_no_token)


def _no_token() -> MailError:
    return MailError(
        "the identity provider gave no token for the mail server",
        hint="check token_url, client_id, scope and the secret",
    )


def xoauth2(user: str, token: str) -> str:
    """The initial client response of SASL XOAUTH2, not yet in base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
