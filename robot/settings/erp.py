"""Where documents come from and the ERP that they are posted in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from robot.errors import SettingsError
from robot.settings.section import Section, secret_of


class SourceSettings(Section):
    """Where approved documents come from."""

    kind: Literal["folder"] = "folder"
    path: Path = Path("var/inbox")


class WebSettings(Section):
    """NAV's own web services, through which it is asked to post."""

    base_url: str = ""
    service: str = "RobotGate"
    #: The door of the keys for `door = monitor-only`.
    keys: Literal["soap", "odata"] = "soap"
    auth: Literal["basic", "windows", "oauth"] = "basic"
    user: str = ""
    #: Web service access key, password or client secret: from the environment or from a file.
    key: SecretStr = SecretStr("")
    key_file: Path | None = None
    token_url: str = ""
    client_id: str = ""
    scope: str = "https://api.businesscentral.dynamics.com/.default"
    ca_file: Path | None = None
    connect_timeout_seconds: float = Field(default=10, gt=0)
    answer_timeout_seconds: float = Field(default=120, gt=0)
    max_in_flight: int = Field(default=5, ge=1, le=50)
    stuck_after_minutes: int = Field(default=30, ge=1)

    @model_validator(mode="after")
    def _oauth_is_whole(self) -> Self:
        if self.auth == "oauth" and not (self.token_url and self.client_id):
            raise ValueError("auth = oauth needs token_url and client_id")
        return self

    def secret(self) -> str:
        """The key of the posting user.

        Raises:
            SettingsError: There is none, or its file can't be read.
        """
        secret = secret_of(self.key, self.key_file, "[erp.web] key_file")
        if not secret:
            raise SettingsError(
                "[erp.web] has no key: NAV can't be asked to post",
                hint="set ROBOT_ERP__WEB__KEY in the environment, or [erp.web] key_file",
            )
        return secret


class ErpSettings(Section):
    """The ERP that is read and asked to post."""

    kind: Literal["small", "nav"] = "small"
    path: Path = Path("var/navision.db")
    #: kind nav: SQLAlchemy's address or an ODBC connection string, without the password.
    url: SecretStr = SecretStr("")
    #: The password of the reading login, from the environment or from a file.
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    #: The schema of Navision's tables; empty for the login's own.
    database_schema: str = ""
    #: What to do when the login may do more than read.
    excess_rights: Literal["refuse", "warn"] = "refuse"
    login_timeout_seconds: int = Field(default=15, ge=1)
    statement_timeout_seconds: int = Field(default=60, ge=1)
    lock_timeout_ms: int = Field(default=3000, ge=0)
    posting_user: str = "ROBOT"
    language: Literal["da", "en"] = "da"
    #: kind nav: how NAV is asked to post.
    door: Literal["soap", "odata", "bc-api", "monitor-only"] = "soap"
    #: Approved documents stand in NAV as purchase documents before the robot asks.
    documents_are_delivered: bool = False
    #: After so many requests, one a run, of which the ERP shows nothing, a person is asked.
    give_up_after_requests: int = Field(default=6, ge=2)
    #: Re-posting sheets are posted by NAV's journal; off: a clerk imports them.
    posts_repostings: bool = True
    web: WebSettings = WebSettings()

    @model_validator(mode="after")
    def _a_server_has_an_address(self) -> Self:
        if self.kind == "nav" and not self.url.get_secret_value():
            raise ValueError("kind = nav needs [erp] url, or ROBOT_ERP__URL")
        return self

    def secret(self) -> str:
        """The password of the reading login; empty when the address or the system has it.

        Raises:
            SettingsError: The file can't be read.
        """
        return secret_of(self.password, self.password_file, "[erp] password_file")
