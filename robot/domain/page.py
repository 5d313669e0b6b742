"""A page to read: headings, paragraphs, lists and tables, whatever it is rendered as."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Code:
    """A word of the rule files: a code, a field, a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the sentence."""

    text: str


#: Words on one line; several pieces when some of them stand out.
Words: TypeAlias = "str | Code | Strong | tuple[str | Code | Strong, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text. `aside` for what explains and can be passed over."""

    words: Words
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list; numbered when the order counts."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. `caption` says what it is to who can't see it; the first column names the row."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it. `id` is its address inside the page."""

    id: str
    heading: str
    blocks: tuple[Block, ...] = ()


Block: TypeAlias = "Paragraph | Listing | Grid | Section"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page in one language (`da` or `en`)."""

    language: str
    title: str
    lead: tuple[Words, ...] = ()
    sections: tuple[Section, ...] = field(default_factory=tuple)
    foot: Words = ""


def pieces(words: Words) -> tuple[str | Code | Strong, ...]:
    """The pieces of a line."""
    return words if isinstance(words, tuple) else (words,)


def plain(words: Words) -> str:
    """A line without what stands out."""
    return "".join(part if isinstance(part, str) else part.text for part in pieces(words))
