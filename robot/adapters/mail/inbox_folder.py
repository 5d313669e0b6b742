"""A Maildir that mail comes in by, where there is no server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from robot.errors import MailboxError
from robot.flow.mailbox_port import Position, RawMail

#: A Maildir has no numbers of its own: what is read again is known by its content.
_VALIDITY: Final = 1
_LOOK_SECONDS: Final = 0.2


class FolderMailbox:
    """Implements the flow's Mailbox port on a Maildir; nothing in it is moved or changed.

    Args:
        folder: The Maildir; one that is not there is empty.
        largest: Bytes beyond which only the beginning of a mail is read.
        beginning: How much of a bigger one is read.
    """

    def __init__(self, folder: Path, *, largest: int, beginning: int = 100_000) -> None:
        self._folder = folder
        self._largest = largest
        self._beginning = beginning
        self._given: set[str] = set()

    @property
    def folders(self) -> tuple[str, ...]:
        """The one folder."""
        return ("INBOX",)

    def fetch(self, after: Position) -> Iterator[RawMail]:
        """Mails that this process has not given yet, by name.

        Raises:
            MailboxError: The folder can't be read.
        """
        number = after.last_uid if after.validity == _VALIDITY else 0
        for path in self._files():
            name = path.name.partition(":")[0]
            if name in self._given:
                continue
            number += 1
            try:
                mail = self._mail(path, after.folder, number)
            except FileNotFoundError:
                # A mail program has moved or deleted it meanwhile; moved, it is found next time.
                continue
            except OSError as error:
                raise MailboxError(f"{path}: can't be read: {error.strerror}") from error
            yield mail
            self._given.add(name)

    def wait(self, seconds: float) -> bool:
        """Look every now and then whether there is a file that was not given yet."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                names = {path.name.partition(":")[0] for path in self._files()}
            except MailboxError:
                return False
            if names - self._given:
                return True
            time.sleep(min(_LOOK_SECONDS, max(0.0, until - time.monotonic())))
        return False

    def close(self) -> None:
        """Nothing is held open."""

    def _files(self) -> list[Path]:
        try:
            found = [
                path
                for part in ("new", "cur")
                if (self._folder / part).is_dir()
                for path in (self._folder / part).iterdir()
                if not path.name.startswith(".")
            ]
        except OSError as error:
            raise MailboxError(f"{self._folder}: can't be read: {error.strerror}") from error
        return sorted(found, key=lambda path: path.name)

    def _mail(self, path: Path, folder: str, number: int) -> RawMail:
        status = path.stat()
        complete = status.st_size <= self._largest
        with path.open("rb") as file:
            content = file.read(self._largest if complete else self._beginning)
        return RawMail(
            folder=folder,
            validity=_VALIDITY,
            uid=number,
            content=content,
            size=status.st_size,
            received_at=datetime.fromtimestamp(status.st_mtime, UTC),
            complete=complete,
        )
