"""What customers' own mails are about, in the words of the taxonomy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Said of a mail that is about no error type.
OTHER: Final = "other"


class FoundBy(StrEnum):
    """Who said what a mail is about."""

    RULE = "rule"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """An error type, or `other`, that a mail may be about; `confidence` is from 0 to 1."""

    code: str
    found_by: FoundBy
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a mail is taken for."""

    #: None when nobody is sure enough: a person says it.
    topic: Topic | None
    #: What it may be instead, the likeliest first.
    suggestions: tuple[Topic, ...] = ()
