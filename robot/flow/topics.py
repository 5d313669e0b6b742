"""What a customer's own mail is about: by its words first, then by a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from robot.domain.reported import FoundBy, Opinion, Topic
from robot.flow.reported_port import TopicModel

#: The error types that a text speaks of.
Words: TypeAlias = Callable[[str], tuple[str, ...]]
#: Below this the model only suggests.
LEAST_CONFIDENCE: Final = 0.8
_SUGGESTIONS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTopics:
    """Says what a mail is about.

    Attributes:
        words: The error types that a text speaks of, by the words in `rules/mail_words.yaml`.
        model: None when nobody trained one.
        least_confidence: How sure the model has to be to be believed, from 0 to 1.
    """

    words: Words
    model: TopicModel | None = None
    least_confidence: float = LEAST_CONFIDENCE

    def opinion(self, subject: str, text: str) -> Opinion:
        """What a mail with this subject and text is about.

        Words that speak of one type decide. Where they speak of none or of several the model does,
        among those several, when it is sure enough.
        """
        whole = f"{subject}\n{text}"
        spoken = self.words(whole)
        if len(spoken) == 1:
            return Opinion(topic=Topic(code=spoken[0], found_by=FoundBy.RULE, confidence=1.0))
        guesses = [
            Topic(code=code, found_by=FoundBy.MODEL, confidence=sure)
            for code, sure in (self.model.guess(whole) if self.model else ())
            if not spoken or code in spoken
        ]
        if guesses and guesses[0].confidence >= self.least_confidence:
            return Opinion(topic=guesses[0])
        if not guesses:
            share = 1 / max(len(spoken), 1)
            guesses = [Topic(code=c, found_by=FoundBy.RULE, confidence=share) for c in spoken]
        return Opinion(topic=None, suggestions=tuple(guesses[:_SUGGESTIONS]))
