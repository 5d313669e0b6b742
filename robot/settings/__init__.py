"""Every setting, from `config/robot.toml` and the environment (`ROBOT_…`); the latter wins."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from robot.errors import SettingsError
from robot.settings.dashboard import AccessSettings, DashboardSettings
from robot.settings.erp import ErpSettings, SourceSettings, WebSettings
from robot.settings.mail import CaseSettings, InboxSettings, MailSettings, SmtpSettings
from robot.settings.work import (
    BankSettings,
    HistorySettings,
    LogSettings,
    RulesSettings,
    RunSettings,
    SheetSettings,
    StoreSettings,
    ValueSettings,
)

__all__ = [
    "CONFIG_VARIABLE",
    "DEFAULT_CONFIG",
    "AccessSettings",
    "BankSettings",
    "CaseSettings",
    "DashboardSettings",
    "ErpSettings",
    "HistorySettings",
    "InboxSettings",
    "LogSettings",
    "MailSettings",
    "RulesSettings",
    "RunSettings",
    "Settings",
    "SheetSettings",
    "SmtpSettings",
    "SourceSettings",
    "StoreSettings",
    "ValueSettings",
    "WebSettings",
    "config_file",
    "load",
]

#: Names the settings file when it is not `config/robot.toml`; not a setting itself.
CONFIG_VARIABLE = "ROBOT_CONFIG"
DEFAULT_CONFIG = Path("config/robot.toml")


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
    sheets: SheetSettings = SheetSettings()
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
