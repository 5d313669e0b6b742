"""In which language and for which day a page is written, and what all pages say alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from robot.domain.decision import Effect
from robot.domain.taxonomy import ErrorClass, ErrorType, Owner, Texts
from robot.rulebook.effective import EffectiveRule
from robot.rulebook.playbook.values import in_words, period_text

#: Completes a text of an error type, which is a fragment of a template, without any values.
Complete: TypeAlias = Callable[[str], str]
_OUTSIDE: frozenset[Owner] = frozenset({Owner.CUSTOMER, Owner.SUPPLIER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """How a page is written.

    `source_system` chooses the click path of what a customer does (`sdi`, `indfak`, or empty for
    the general one).
    """

    language: str
    today: date
    complete: Complete
    source_system: str = ""

    def say(self, danish: str, english: str) -> str:
        """The one of the two that is in the page's language."""
        return in_words(self.language, danish, english)

    def texts(self, kind: ErrorType) -> Texts:
        """An error type's texts, in Danish when there are none in the page's language."""
        return kind.texts.get(self.language) or kind.texts["da"]

    def title(self, kind: ErrorType) -> str:
        """An error type's title."""
        return self.complete(self.texts(kind).title)

    def explain(self, kind: ErrorType) -> str:
        """What an error type means."""
        return self.complete(self.texts(kind).explain)

    def fix(self, kind: ErrorType) -> str:
        """What is then to be done."""
        texts = self.texts(kind)
        return self.complete(texts.fix_by_source.get(self.source_system, texts.fix))

    def reason(self, why: str) -> str:
        """A reason as the rule files give it, which is in Danish; nothing in another language."""
        return why if self.language == "da" else ""

    def period(self, first: date | None, last: date | None) -> str:
        """From when until when, and whether that is over or still to come."""
        text = period_text(first, last, self.language) or self.say("altid", "always")
        if last is not None and last < self.today:
            return f"{text} ({self.say('udløbet', 'expired')})"
        if first is not None and first > self.today:
            return f"{text} ({self.say('ikke begyndt endnu', 'not begun yet')})"
        return text


def bounces(part: EffectiveRule, kind: ErrorType | None) -> bool:
    """Whether a rule sends documents back to the customer, and does not hold them instead.

    What belongs to the centre, or is about security, is held whatever the rule says.
    """
    return (
        part.rule.effect is Effect.BOUNCE
        and kind is not None
        and kind.owner in _OUTSIDE
        and kind.error_class is not ErrorClass.SECURITY
    )
