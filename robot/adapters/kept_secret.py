"""A secret that the robot makes for itself once, readable by its own user only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from robot.errors import SettingsError

_BYTES: Final = 32


def kept_secret(path: Path) -> str:
    """The text of a secret file, which is made when it is missing.

    Raises:
        SettingsError: It can't be made or read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _written(path)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(
            f"{path}: the secret can't be kept or read: {error}",
            hint="check who may read and write it, or set [mail] thread_secret_file",
        ) from error


def _written(path: Path) -> str:
    """The new secret.

    It comes into place whole: another robot that starts at the same moment reads all of it.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    text = secrets.token_hex(_BYTES)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never takes the place of a secret that is there.
        os.link(draft, path)
    finally:
        draft.unlink()
    return text
