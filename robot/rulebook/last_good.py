"""The text of the rule sets that were in force last, for when a file breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class LastGood(Protocol):
    """Keeps the text of the last rule set of each customer that passed the check."""

    def load(self, customer: str) -> str | None:
        """The kept text of a customer file's name (its stem), None when there is none."""

    def save(self, customer: str, text: str) -> None:
        """Keep a text in place of the one before."""


class LastGoodFolder:
    """Keeps the texts as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, customer: str) -> str | None:
        """The kept text, None when there is none."""
        path = self._path(customer)
        return path.read_bytes().decode() if path.is_file() else None

    def save(self, customer: str, text: str) -> None:
        """Keep a text; a crash leaves the old one or the new one, never half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(customer)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(text.encode())
        fresh.replace(path)

    def _path(self, customer: str) -> Path:
        return self._folder / f"{customer}.rules"


class LastGoodInMemory:
    """Keeps the texts as long as the process lives."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def load(self, customer: str) -> str | None:
        """The kept text, None when there is none."""
        return self._texts.get(customer)

    def save(self, customer: str, text: str) -> None:
        """Keep a text."""
        self._texts[customer] = text
