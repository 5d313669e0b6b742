"""A folder in which the bank, or the payment system, leaves its files; they stay there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from robot.adapters.bank.iso20022 import NotForUsError, read
from robot.flow.journey_port import BankFile

#: A day's notice of a large institution is a few megabytes.
LIMIT: Final = 100 * 1024 * 1024


class BankFolder:
    """Implements `robot.flow.journey_port.Bank`.

    Args:
        directory: Where the files lie; a folder that is not there holds none.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def files(self, known: Collection[str]) -> Iterator[BankFile]:
        """Files whose content (SHA-256) was not read before, in the order of their names.

        What is no status report and no notice of bookings is passed over in silence (a folder
        holds other files too); what should be one and is broken is given with its problem.
        """
        seen = set(known)
        for path in sorted(self._directory.glob("*.xml")):
            try:
                content = self._content(path)
            except OSError as error:
                yield BankFile(
                    content_hash=hashlib.sha256(os.fsencode(path.name)).hexdigest(),
                    name=path.name,
                    kind="",
                    problem=error.strerror or "it can't be opened",
                )
                continue
            digest = hashlib.sha256(content).hexdigest()
            if digest in seen:
                continue
            seen.add(digest)
            try:
                kind, rows = read(content)
            except NotForUsError:
                continue
            except ValueError as error:
                yield BankFile(content_hash=digest, name=path.name, kind="", problem=str(error))
            else:
                yield BankFile(content_hash=digest, name=path.name, kind=kind, rows=tuple(rows))

    @staticmethod
    def _content(path: Path) -> bytes:
        if not path.is_file():
            raise OSError(0, "it is no file")
        if path.stat().st_size > LIMIT:
            raise OSError(0, f"it is larger than {LIMIT // 1024 // 1024} MB")
        return path.read_bytes()
