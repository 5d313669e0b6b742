"""A Maildir to hand mails over to: each one is a file that a mail program opens."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Final

from robot.adapters.mail.message import serialised
from robot.domain.calendar import COPENHAGEN
from robot.domain.notice import Handover, OutgoingMail
from robot.errors import MailError
from robot.flow.ports import Clock

_MAX_NAME: Final = 120


class MaildirMailer:
    """Implements the flow's Mailer port on a folder.

    A mail is `new/MESSAGE-ID.eml`. The name comes from the Message-ID, so sending a mail again
    leaves the one copy that is there, also after a mail program has moved it to `cur`.

    Args:
        folder: The Maildir; made with its `tmp`, `new` and `cur` when it is not there.
        clock: Gives the mails their date.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        """Hand over one mail; a folder puts nobody off.

        Raises:
            MailError: It can't be written as a message or stored; nothing was handed over.
        """
        del patient
        content = serialised(mail, sent_at=self._clock.now().astimezone(COPENHAGEN))
        name = file_name(mail.message_id)
        try:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(parents=True, exist_ok=True)
            if not self._is_there(name):
                self._store(name, content)
        except OSError as error:
            raise MailError(
                f"the mail can't be stored in {self._folder}: {error.strerror}",
                hint="check the folder's permissions and the free space",
            ) from error
        return Handover()

    def path_of(self, message_id: str) -> Path:
        """Where a mail with this Message-ID is delivered."""
        return self._folder / "new" / file_name(message_id)

    def _is_there(self, name: str) -> bool:
        # A mail program that has seen it adds `:2,S` or the like.
        seen = any((self._folder / "cur").glob(f"{name}*"))
        return seen or (self._folder / "new" / name).exists()

    def _store(self, name: str, content: bytes) -> None:
        temporary = self._folder / "tmp" / f"{name}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / "new" / name)
        folder = os.open(self._folder / "new", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def file_name(message_id: str) -> str:
    """A file name for a Message-ID: readable, and different for different ids."""
    plain = message_id.removeprefix("<").removesuffix(">")
    safe = re.sub(r"[^A-Za-z0-9@._-]", "_", plain).lstrip(".")[:_MAX_NAME]
    if safe != plain:
        safe += "-" + hashlib.sha256(message_id.encode()).hexdigest()[:12]
    return f"{safe}.eml"
