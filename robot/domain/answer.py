"""What people are told about what they asked for: a code and its values, in Danish and English.

An answer is kept as its code and values and put into words by whoever shows it, in the language of
who reads it. Codes are stable: answers that were given stand in the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from robot.domain.answer_words import AS_SAID, WORDS
from robot.domain.canonical import canonical_text
from robot.errors import RobotError

E = TypeVar("E", bound=RobotError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody is told: the code of its words, and their values."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(
        self, language: str, named: Callable[[str, str], str] = lambda _name, value: value
    ) -> str:
        """The answer in `da` or `en`, with what can be done about it.

        Args:
            language: Of who reads it.
            named: Says a value in that language, by the value's name (`state`, `codes`, ...).
        """
        words = WORDS.get(self.code)
        if words is None:
            # A newer robot gave it; what it was about is still said.
            return " ".join((self.code, *self.values.values()))
        said = {name: named(name, value) for name, value in self.values.items()}
        text = (words.da if language == "da" else words.en).format_map(said)
        do = words.do_da if language == "da" else words.do_en
        return f"{text} ({do})" if do else text

    def kept(self) -> str:
        """The answer as the store keeps it; `answer_from` reads it."""
        return canonical_text({"code": self.code, "values": dict(self.values)})


def answer_from(kept: str) -> Answer:
    """An answer from the store; what was kept in words before answers had codes stays as it is."""
    if not kept.startswith('{"code":'):
        return Answer(code=AS_SAID, values={"text": kept})
    found = json.loads(kept)
    return Answer(code=found["code"], values=found["values"])


def refusal(kind: type[E], code: str, /, *, hint: str = "", **values: str) -> E:
    """An error whose words stand here.

    Args:
        kind: Of which class.
        code: Of its words.
        hint: What to do about it at the command line; else what the words themselves say.
        values: Of the words.
    """
    words = WORDS[code]
    error = kind(words.en.format_map(values), hint=hint or words.do_en, **values)
    error.code = code
    return error


def answer_of(error: RobotError) -> Answer:
    """What somebody is told whose wish met an error."""
    if error.code:
        return Answer(
            code=error.code, values={name: str(it) for name, it in error.context.items()}
        )
    code = error.reference if error.reference in WORDS else AS_SAID
    return Answer(code=code, values={"text": str(error)})


class Told(str):
    """A sentence in English that also knows how it is said in Danish."""

    __slots__ = ("answer",)

    answer: Answer

    def __new__(cls, answer: Answer) -> Told:
        """The English words of an answer."""
        told = super().__new__(cls, answer.text("en"))
        told.answer = answer
        return told


def saying(code: str, /, **values: object) -> Told:
    """A sentence about something that a person has to know.

    Args:
        code: Of its words.
        values: Of the words.
    """
    return Told(Answer(code=code, values={name: str(value) for name, value in values.items()}))


def answer_told(words: str) -> Answer:
    """The answer of a sentence; of one that nobody gave a code, the words themselves."""
    if isinstance(words, Told):
        return words.answer
    return Answer(code=AS_SAID, values={"text": words})
