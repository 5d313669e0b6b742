"""The features of a mail's text, the same for learning and for guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

#: Changes with every change of what is counted: an older model is then refused.
VERSION: Final = 1
#: Lengths of the pieces of words. Danish joins words, so `momskoden` and `momskode` share pieces.
_PIECES: Final = (4, 5)
#: What is read of a mail, in characters; what it is about stands at its beginning.
_READ: Final = 4_000
_WORD = re.compile(r"[^\W_]+")


def features(text: str) -> list[str]:
    """Words, pairs of words and pieces of words; every digit counts as `0`.

    So no number of a person, an account or an invoice gets into a model.
    """
    words = [_without_digits(word) for word in _WORD.findall(_plain(text))]
    return [*words, *_pairs(words), *_pieces(words)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text[:_READ]).casefold()


def _without_digits(word: str) -> str:
    return "".join("0" if character.isdigit() else character for character in word)


def _pairs(words: list[str]) -> Iterator[str]:
    for first, second in pairwise(words):
        yield f"{first} {second}"


def _pieces(words: list[str]) -> Iterator[str]:
    for word in words:
        framed = f"_{word}_"
        for length in _PIECES:
            for start in range(len(framed) - length + 1):
                yield f"#{framed[start : start + length]}"
