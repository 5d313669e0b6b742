"""Filled re-posting sheets in the watched folder, beside the documents.

`X.xlsx` is a sheet; its answer lies beside it as `X.rettes.xlsx`, the copy with its wrong cells
marked, and `X.svar.txt`, what became of it. A file with an answer is not looked at again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from robot.adapters.folder.files import CannotReadError, put, read_file
from robot.errors import SourceError
from robot.flow.sheet_port import LARGEST
from robot.flow.sheets import FoundSheet

_MARKED, _ANSWER = ".rettes.xlsx", ".svar.txt"


class WatchedSheets:
    """Implements `robot.flow.sheets.SheetFolder` on a folder.

    Args:
        path: The folder; those below it are not looked at.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def found(self) -> Iterator[FoundSheet]:
        """The workbooks that nobody has answered.

        Raises:
            SourceError: The folder can't be listed.
        """
        for name in self._names():
            if self._beside(name, _ANSWER).exists():
                continue
            try:
                content = read_file(self._path / name, within=self._path, limit=LARGEST)
            except FileNotFoundError:
                continue
            except CannotReadError as error:
                self.answer(
                    name,
                    None,
                    "Ikke taget: filen kan ikke læses.",
                    f"Not taken: the file {error}.",
                )
                continue
            yield FoundSheet(name=name, content=content)

    def answer(self, name: str, marked: bytes | None, da: str, en: str) -> None:
        """Lay the answer beside a workbook, in Danish and English, after the marked copy.

        Each is whole or not there at any moment: who has an answer gets no other.

        Raises:
            SourceError: It can't be written.
        """
        try:
            if marked is not None:
                put(self._beside(name, _MARKED), marked, like=self._path)
            put(self._beside(name, _ANSWER), f"{da}\n{en}\n".encode(), like=self._path)
        except OSError as error:
            raise SourceError(f"the answer to {name} can't be written") from error

    def _names(self) -> list[str]:
        """Names of workbooks that are no answers and no office program's own."""
        try:
            with os.scandir(self._path) as entries:
                names = [it.name for it in entries if it.name.lower().endswith(".xlsx")]
        except OSError as error:
            raise SourceError(f"{self._path} can't be listed: {error.strerror}") from error
        return sorted(
            name
            for name in names
            if not name.lower().endswith(_MARKED) and not name.startswith(("~", "."))
        )

    def _beside(self, name: str, end: str) -> Path:
        return self._path / f"{name[: -len('.xlsx')]}{end}"
