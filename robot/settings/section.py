"""What every section of the settings is, and how its secrets are read."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

from robot.errors import SettingsError


class Section(BaseModel):
    """A section: unknown names are refused, and no message shows a value."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def secret_of(given: SecretStr, path: Path | None, setting: str) -> str:
    """A secret from its file when there is one, else as it was given.

    Args:
        given: From the environment or the settings file.
        path: The file that holds it.
        setting: Names the path's setting in a message.

    Raises:
        SettingsError: The file can't be read.
    """
    if path is None:
        return given.get_secret_value()
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{path}: the secret can't be read: {error.strerror}",
            hint=f"check {setting} and who may read it",
        ) from error
