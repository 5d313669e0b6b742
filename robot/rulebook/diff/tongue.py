"""In which language differences are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from robot.rulebook.playbook.values import in_words


@dataclass(frozen=True, slots=True)
class Tongue:
    """`da` or `en`."""

    language: str

    def say(self, danish: str, english: str) -> str:
        """The one of the two that is in the language."""
        return in_words(self.language, danish, english)

    def flag(self, value: bool) -> str:
        """`ja` or `no`."""
        return self.say("ja", "yes") if value else self.say("nej", "no")


ENGLISH: Final = Tongue("en")
