"""Every setting, from `config/robot.toml` and the environment (`ROBOT_…`); the latter wins."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from robot.errors import SettingsError

#: Names the settings file when it is not `config/robot.toml`; not a setting itself.
CONFIG_VARIABLE = "ROBOT_CONFIG"
DEFAULT_CONFIG = Path("config/robot.toml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SourceSettings(_Section):
    """Where approved documents come from."""

    kind: Literal["folder"] = "folder"
    path: Path = Path("var/inbox")


class WebSettings(_Section):
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
        secret = _secret_of(self.key, self.key_file, "[erp.web] key_file")
        if not secret:
            raise SettingsError(
                "[erp.web] has no key: NAV can't be asked to post",
                hint="set ROBOT_ERP__WEB__KEY in the environment, or [erp.web] key_file",
            )
        return secret


def _secret_of(given: SecretStr, path: Path | None, setting: str) -> str:
    if path is None:
        return given.get_secret_value()
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{path}: the secret can't be read: {error.strerror}",
            hint=f"check {setting} and who may read it",
        ) from error


class ErpSettings(_Section):
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
        return _secret_of(self.password, self.password_file, "[erp] password_file")


class StoreSettings(_Section):
    """The robot's own database."""

    url: str = "sqlite:///var/robot.db"


class SmtpSettings(_Section):
    """The mail server for `kind = smtp`."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    auth: Literal["none", "password", "oauth"] = "password"
    user: str = ""
    #: Password or client secret: from the environment or from a file.
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=60, gt=0)
    token_url: str = ""
    client_id: str = ""
    scope: str = "https://outlook.office365.com/.default"

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> Self:
        local = self.host in {"", "localhost", "127.0.0.1", "::1"}
        if self.security == "none" and not local:
            raise ValueError("security = none is for a server on this machine only")
        if self.auth == "oauth" and not (self.token_url and self.client_id and self.user):
            raise ValueError("auth = oauth needs user, token_url and client_id")
        return self

    def secret(self) -> str:
        """The password or client secret; empty when none is set.

        Raises:
            SettingsError: The file can't be read.
        """
        return _secret_of(self.password, self.password_file, "[mail.smtp] password_file")


class InboxSettings(_Section):
    """The robot's own mailbox, which customers answer to."""

    kind: Literal["none", "maildir", "imap"] = "none"
    #: kind maildir: where mail comes in.
    path: Path = Path("var/mail-in")
    #: Where raw messages are kept; `mail-in` below [data] when empty.
    keep: Path | None = None
    host: str = ""
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    auth: Literal["password", "oauth"] = "password"
    user: str = ""
    #: Password or client secret: from the environment or from a file.
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=60, gt=0)
    token_url: str = ""
    client_id: str = ""
    scope: str = "https://outlook.office365.com/.default"
    #: Folders that are read; a shared mailbox is one more.
    folders: tuple[str, ...] = ("INBOX",)
    #: Megabytes beyond which a mail is set aside for a person.
    largest_mb: int = Field(default=25, ge=1, le=200)
    #: Other addresses of the robot's own, besides [mail] sender.
    also_own: tuple[str, ...] = ()
    #: The name under which the own border server writes Authentication-Results (RFC 8601).
    authserv_id: str = ""
    #: Received lines that own servers add on the way in.
    own_hops: int = Field(default=1, ge=1, le=10)
    #: Whether a reply is answered by a line that says that it has arrived.
    acknowledge: bool = True
    #: How often the service looks for mail between two runs; 0: only at the start of a run.
    poll_seconds: int = Field(default=60, ge=0)

    @model_validator(mode="after")
    def _a_server_is_named_and_nothing_in_the_clear(self) -> Self:
        if self.kind == "imap" and not (self.host and self.user):
            raise ValueError("kind = imap needs host and user")
        if self.security == "none" and self.host not in {"", "localhost", "127.0.0.1", "::1"}:
            raise ValueError("security = none is for a server on this machine only")
        if self.auth == "oauth" and not (self.token_url and self.client_id):
            raise ValueError("auth = oauth needs token_url and client_id")
        return self

    def secret(self) -> str:
        """The password or client secret; empty when none is set.

        Raises:
            SettingsError: The file can't be read.
        """
        return _secret_of(self.password, self.password_file, "[mail.inbox] password_file")


class MailSettings(_Section):
    """How notices leave."""

    kind: Literal["maildir", "smtp"] = "maildir"
    path: Path = Path("var/mail")
    smtp: SmtpSettings = SmtpSettings()
    inbox: InboxSettings = InboxSettings()
    #: Where delivery failures go; the sender when empty.
    bounce_address: str = ""
    #: Answers and closing mails leave without an envelope sender, so that nothing answers them.
    empty_envelope_sender: bool = True
    #: Gets a copy of every mail; the robot's own mailbox, so that it can prove what was taken.
    copy_to: str = ""
    #: Mails of a kind to one address in a day.
    digests_a_day: int = Field(default=2, ge=1)
    singles_a_day: int = Field(default=5, ge=0)
    #: Reminders, the second contact role and closing mails.
    follow_up: bool = True
    sender: str = "robot@example.test"
    sender_name: str = "Fakturarobotten"
    centre: str = "SAM"
    service_desk: str = "kundebetjening@example.test"
    service_phone: str = ""
    #: Names this installation in every mail, so that it knows its own.
    instance: str = "invoice-robot"
    templates: Path = Path("config/mail")
    #: Signs addresses and Message-IDs, by which replies find their case: from the environment or
    #: from a file. Several, separated by blanks or lines: the first signs, all verify.
    thread_secret: SecretStr = SecretStr("")
    thread_secret_file: Path | None = None
    #: What `mail train` has learned from named mails; nothing is guessed while it is not there.
    model: Path = Path("var/mail-model.npz")
    #: How sure the model must be to name a mail by itself.
    least_confidence: float = Field(default=0.8, ge=0.5, le=1)

    @model_validator(mode="after")
    def _a_server_has_a_name(self) -> Self:
        if self.kind == "smtp" and not self.smtp.host:
            raise ValueError("kind = smtp needs [mail.smtp] host")
        return self

    def thread_secrets(self) -> str:
        """The secrets as they are set; empty when none is.

        Raises:
            SettingsError: The file can't be read.
        """
        return _secret_of(self.thread_secret, self.thread_secret_file, "[mail] thread_secret_file")


class CaseSettings(_Section):
    """Cases, as customers see them."""

    #: How long the link in a mail opens its case.
    link_days: int = Field(default=30, ge=1, le=400)


class AccessSettings(_Section):
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


class DashboardSettings(_Section):
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
        secret = _secret_of(self.proxy_secret, self.proxy_secret_file, "[web] proxy_secret_file")
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
        return _secret_of(self.oidc_secret, self.oidc_secret_file, "[web] oidc_secret_file")


class BankSettings(_Section):
    """Where the bank, or the payment system, leaves its files (pain.002, camt.054)."""

    path: Path | None = None


class RulesSettings(_Section):
    """The rule files."""

    directory: Path = Path("rules")
    #: A changed set comes into force only when somebody other than its author approved it.
    four_eyes: bool = False
    #: An approval counts only when the files are in a commit with a good signature.
    require_signed_commit: bool = False

    @model_validator(mode="after")
    def _signature_needs_approval(self) -> Self:
        if self.require_signed_commit and not self.four_eyes:
            raise ValueError("require_signed_commit is about approvals: set four_eyes = true too")
        return self


class HistorySettings(_Section):
    """What decisions saw, kept for backtests."""

    keep: bool = True
    directory: Path = Path("var/history")


class ValueSettings(_Section):
    """How much business value an opportunity has: F × U × V × S, each from 1 to `scale`.

    F is the importance, by who can remove the cause and by error type where that says more; U the
    spread over customers, V the weight in minutes, S the synergy with other opportunities.
    """

    scale: float = Field(default=5, gt=1, le=100)
    importance: dict[str, float] = {
        "sam-rule": 5,
        "sam-masterdata": 4,
        "customer": 3,
        "supplier": 2,
        "system-owner": 2,
    }
    importance_of_error_types: dict[str, float] = {}
    #: What each further opportunity that the same fix serves adds to S.
    synergy_step: float = Field(default=0.5, ge=0)


class RunSettings(_Section):
    """How a run behaves."""

    batch_size: int = Field(default=1000, ge=1, le=5000)
    lease_seconds: int = Field(default=90, ge=5)
    #: How long a run waits at its end for what NAV has taken and not finished.
    confirm_seconds: int = Field(default=120, ge=0)
    #: A missed run is caught up when it is at most this old.
    catch_up_hours: int = Field(default=20, ge=1)


class LogSettings(_Section):
    """What is logged where."""

    directory: Path = Path("logs")
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(BaseSettings):
    """All settings. Unknown names are refused, in the file and in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="ROBOT_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    data: Path = Path("var")
    source: SourceSettings = SourceSettings()
    erp: ErpSettings = ErpSettings()
    store: StoreSettings = StoreSettings()
    mail: MailSettings = MailSettings()
    cases: CaseSettings = CaseSettings()
    web: DashboardSettings = DashboardSettings()
    bank: BankSettings = BankSettings()
    rules: RulesSettings = RulesSettings()
    history: HistorySettings = HistorySettings()
    value: ValueSettings = ValueSettings()
    run: RunSettings = RunSettings()
    log: LogSettings = LogSettings()

    @property
    def heartbeat(self) -> Path:
        """The file that the daemon touches and the health check reads."""
        return self.data / "heartbeat"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the TOML file."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, toml


def config_file() -> Path:
    """The settings file in use: `ROBOT_CONFIG`, else `config/robot.toml`."""
    return Path(os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG))


def load() -> Settings:
    """Read all settings.

    Raises:
        SettingsError: A file is missing or broken, or a name or value is wrong. The message names
            each place, never a value.
    """
    path = config_file()
    if CONFIG_VARIABLE in os.environ and not path.is_file():
        raise SettingsError(f"{path}: no such settings file", hint=f"see {CONFIG_VARIABLE}")
    try:
        known = {".".join(place) for place in _places(Settings)}
        _refuse_unknown_variables(known)
        return Settings()
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        lines = [
            _describe(path, ".".join(str(part) for part in item["loc"]), item["msg"], known)
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("; ".join(lines)) from None


def _describe(path: Path, place: str, message: str, known: set[str]) -> str:
    close = difflib.get_close_matches(place, known, n=1)
    suggestion = f", did you mean '{close[0]}'?" if close and place not in known else ""
    return f"{path} (or the environment): {place}: {message}{suggestion}"


def _refuse_unknown_variables(known: set[str]) -> None:
    """A misspelt variable would be ignored silently otherwise.

    Raises:
        SettingsError: A `ROBOT_…` variable names no setting.
    """
    variables = {"ROBOT_" + place.upper().replace(".", "__") for place in known}
    for name in _robot_variables(os.environ):
        if name not in variables:
            close = difflib.get_close_matches(name, variables, n=1)
            hint = f"did you mean {close[0]}?" if close else "see config/robot.toml"
            raise SettingsError(f"the environment variable {name} names no setting", hint=hint)


def _robot_variables(environment: Mapping[str, str]) -> Iterator[str]:
    #: Switches of the tests, read elsewhere.
    others = (CONFIG_VARIABLE, "ROBOT_FAILPOINT", "ROBOT_TEST_")
    return (
        name.upper()
        for name in environment
        if name.upper().startswith("ROBOT_") and not name.upper().startswith(others)
    )


def _places(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield (name,)
            yield from ((name, *rest) for rest in _places(kind))
        else:
            yield (name,)
