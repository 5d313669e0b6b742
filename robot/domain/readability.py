"""How hard a text is to read, as LIX measures it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: From 45 on, a text is hard to read: official documents. 35 to 44 is a newspaper (Björnsson).
HARD_FROM: Final = 45
#: A word of more letters than this is a long one.
_LONG: Final = 6
_WORD = re.compile(r"[^\W_]+(?:[-'’.,/][^\W_]+)*")
#: A full stop ends a sentence where a new one begins; `2. godkendelse` is one.
_SENTENCE_END = re.compile(r"[.!?]+[»”\")]*(?=\s+[^\sa-zæøå]|\s*$)|:(?=\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readability:
    """What LIX is made of."""

    words: int
    sentences: int
    long_words: int

    @property
    def lix(self) -> int:
        """Words a sentence plus long words in per cent; 0 for no words.

        Björnsson, Läsbarhet (1968): below 25 for children, 25 to 34 fiction, 35 to 44 newspapers,
        45 to 54 official documents, 55 and more hard scholarly ones.
        """
        if not self.words:
            return 0
        return round(self.words / self.sentences + 100 * self.long_words / self.words)


def measure(text: str) -> Readability:
    """Count a text's words and sentences; a line without an end of its own is a sentence."""
    words = _WORD.findall(text)
    pieces = (piece for line in text.splitlines() for piece in _SENTENCE_END.split(line))
    sentences = sum(1 for piece in pieces if _WORD.search(piece))
    return Readability(
        words=len(words),
        sentences=max(sentences, 1),
        long_words=sum(1 for word in words if sum(map(str.isalpha, word)) > _LONG),
    )
