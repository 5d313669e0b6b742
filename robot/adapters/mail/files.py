"""Raw messages in files, named after their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from robot.errors import MailError


class MailFolder:
    """Implements the flow's MailFiles port: `FOLDER/AB/ABCD….eml`.

    A file is there whole or not at all, also after a power cut. Writing the same message again
    changes nothing.

    Args:
        folder: Made when it is not there; only its owner may look into it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, contents: Sequence[bytes]) -> list[str]:
        """Write messages; their SHA-256, in the same order.

        Raises:
            MailError: They can't be written.
        """
        hashes = [hashlib.sha256(content).hexdigest() for content in contents]
        try:
            fresh = {
                self.path(name).parent
                for name, content in zip(hashes, contents, strict=True)
                if self._write(name, content)
            }
            for folder in fresh:
                _sync(folder)
        except OSError as error:
            raise MailError(
                f"a mail that came in can't be kept in {self._folder}: {error.strerror}",
                hint="check the folder's permissions and the free space",
            ) from error
        return hashes

    def read(self, content_hash: str, /) -> bytes:
        """One message.

        Raises:
            MailError: It is not there, or is not what was written.
        """
        path = self.path(content_hash)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise MailError(
                f"{path}: a mail that came in can't be read: {error.strerror}",
                hint="restore the folder from the backup that belongs to the store",
            ) from error
        if hashlib.sha256(content).hexdigest() != content_hash:
            raise MailError(
                f"{path}: the mail is not the one that came in",
                hint="restore the file from a backup",
            )
        return content

    def path(self, content_hash: str) -> Path:
        """Where a message lies."""
        return self._folder / content_hash[:2] / f"{content_hash}.eml"

    def _write(self, name: str, content: bytes) -> bool:
        """Write one file; whether it was not there."""
        path = self.path(name)
        if path.exists() and path.stat().st_size == len(content):
            return False
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        return True


def _sync(folder: Path) -> None:
    for each in (folder, folder.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
