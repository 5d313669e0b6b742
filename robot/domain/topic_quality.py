"""How often mails are taken for what people said that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: Mails that each code needs for a model to learn it.
LEAST_MAILS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMail:
    """A mail and what a person says that it is about: an error type, or `other`."""

    subject: str
    text: str
    code: str

    @property
    def whole(self) -> str:
        """What is read of it."""
        return f"{self.subject}\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What a model that had not seen a mail took it for, the likeliest first."""

    mail: LabelledMail
    guesses: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a mail is about and what it was taken for; None: nobody was sure."""

    right: str
    given: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Answers about one code, or about all."""

    code: str
    #: Mails that are about it.
    mails: int
    #: Mails that were taken for it.
    answered: int
    #: Mails that were taken for it and are about it.
    right: int

    @property
    def precision(self) -> float | None:
        """Of those taken for it the part that is about it; None when none was."""
        return self.right / self.answered if self.answered else None

    @property
    def recall(self) -> float | None:
        """Of those about it the part that was taken for it; None when there is none."""
        return self.right / self.mails if self.mails else None


def qualities(answers: Iterable[Answer]) -> tuple[Quality, Sequence[Quality]]:
    """The quality over all codes, and of each code, the most frequent first."""
    mails: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for answer in answers:
        mails[answer.right] += 1
        if answer.given is not None:
            answered[answer.given] += 1
            right[answer.given] += answer.given == answer.right
    each = [
        Quality(code=code, mails=mails[code], answered=answered[code], right=right[code])
        for code in sorted({*mails, *answered}, key=lambda code: (-mails[code], code))
    ]
    whole = Quality(code="", mails=mails.total(), answered=answered.total(), right=right.total())
    return whole, each
