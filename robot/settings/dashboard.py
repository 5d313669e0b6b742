"""The dashboard: where it listens, and who may see what."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from robot.errors import SettingsError
from robot.settings.section import Section, secret_of


class AccessSettings(Section):
    """What a group or a person of the organisation's login may do on the dashboard."""

    group: str = ""
    person: str = ""
    roles: tuple[Literal["viewer", "clerk", "rule-author", "approver", "admin"], ...]
    #: Bogføringskredse; without any, all customers.
    customers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if bool(self.group) == bool(self.person):
            raise ValueError("name either a group or a person")
        return self


class DashboardSettings(Section):
    """The dashboard, and the links in mails that lead to it."""

    #: Where customers reach it, `https://sager.example.test`; empty: mails have no link.
    public_url: str = Field(default="", pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    #: How people get in: the organisation's proxy, its OpenID provider, or the demo's choice.
    auth: Literal["proxy", "oidc", "demo"] = "proxy"
    #: Addresses or networks from which the proxy's word counts.
    trusted_proxies: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    user_header: str = "X-Forwarded-User"
    groups_header: str = "X-Forwarded-Groups"
    secret_header: str = "X-Robot-Proxy-Secret"  # noqa: S105 - the name of a header
    #: The secret that only the proxy knows: from the environment or from a file.
    proxy_secret: SecretStr = SecretStr("")
    proxy_secret_file: Path | None = None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_secret: SecretStr = SecretStr("")
    oidc_secret_file: Path | None = None
    oidc_groups_claim: str = "groups"
    #: A session ends when it was not used for so long, and after so many hours in any case.
    idle_minutes: int = Field(default=30, ge=1, le=600)
    session_hours: int = Field(default=10, ge=1, le=24)
    #: Who may do what, by group or by person.
    access: tuple[AccessSettings, ...] = ()

    def proxy_key(self) -> str:
        """The proxy's secret.

        Raises:
            SettingsError: There is none, or its file can't be read.
        """
        secret = secret_of(self.proxy_secret, self.proxy_secret_file, "[web] proxy_secret_file")
        if not secret:
            raise SettingsError(
                "[web] has no proxy_secret: nobody could tell the proxy from anybody else",
                hint="set ROBOT_WEB__PROXY_SECRET in the environment, or [web] proxy_secret_file",
            )
        return secret

    def oidc_key(self) -> str:
        """The client's secret at the OpenID provider; empty for a public client.

        Raises:
            SettingsError: Its file can't be read.
        """
        return secret_of(self.oidc_secret, self.oidc_secret_file, "[web] oidc_secret_file")
