"""The look of a rule file: quotes, line width, blank lines, where comments stand.

Works on text that ruamel.yaml has laid out, by the places of YAML's own tokens, so what is inside
a block of text is never touched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

WIDTH: Final = 99
_STEP: Final = 2
#: Styles of scalars that may go on on the next line; a pattern in single quotes stays whole.
_FLOWING: Final = frozenset({None, "", '"'})
#: Styles of blocks of text.
_BLOCKS: Final = frozenset({"|", ">"})
#: libyaml when PyYAML was built with it; both give the same tokens and places.
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_ITEMS: Final = re.compile(r" *(?:- )*")
_A_NUMBER: Final = re.compile(r"[\d-]*")
_COMMENT: Final = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, where it begins, and whether it has the line to itself."""

    start: int
    text: str
    alone: bool


def tidy(text: str) -> str:
    """Text with the usual quotes, width, blank lines and comment columns."""
    return _blank_lines(_wrapped(_comments_in_place(_quoted(text))))


def freed(text: str) -> str:
    """Text in which a comment behind a block of text stands where the line after it begins.

    Further in it would become a part of the block when that moves to the left.
    """
    lines = text.split("\n")
    starts = _starts(lines)
    tokens = [
        it for it in yaml.scan(text, Loader=_LOADER) if it.end_mark.index > it.start_mark.index
    ]
    begins = [token.start_mark.index for token in tokens]
    for found in comments(text):
        before = bisect_right(begins, found.start)
        if not found.alone or not before or not _is_block(tokens[before - 1]):
            continue
        after = tokens[before].start_mark.index if before < len(tokens) else None
        number = bisect_right(starts, found.start) - 1
        place = 0 if after is None else _column(lines[bisect_right(starts, after) - 1])
        lines[number] = " " * place + lines[number].strip()
    return "\n".join(lines)


def _is_block(token: yaml.Token) -> bool:
    return isinstance(token, yaml.ScalarToken) and token.style in _BLOCKS


def comments(text: str) -> list[Comment]:
    """Every comment of a YAML text, in order."""
    found: list[Comment] = []
    for start, end in _gaps(text):
        for match in _COMMENT.finditer(text, start, end):
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            found.append(Comment(match.start(), match.group().rstrip(), not before.strip()))
    return found


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between tokens: blanks, line ends and comments, nothing else."""
    last = 0
    for token in yaml.scan(text, Loader=_LOADER):
        if token.start_mark.index > last:
            yield last, token.start_mark.index
        last = max(last, token.end_mark.index)
    if last < len(text):
        yield last, len(text)


def _quoted(text: str) -> str:
    """Double quotes around a number; single ones around what would need escapes in double ones.

    Texts and patterns keep the quotes that they have.
    """
    pieces: list[str] = []
    last = 0
    for token in yaml.scan(text, Loader=_LOADER):
        if isinstance(token, yaml.ScalarToken) and token.style in {"'", '"'}:
            start, end = token.start_mark.index, token.end_mark.index
            pieces += (text[last:start], _in_quotes(token.value, text[start:end]))
            last = end
    return "".join([*pieces, text[last:]])


def _in_quotes(value: str, written: str) -> str:
    if _A_NUMBER.fullmatch(value):
        return f'"{value}"'
    if value.isprintable() and ("\\" in value or '"' in value):
        escaped = value.replace("'", "''")
        return f"'{escaped}'"
    return written


def _comments_in_place(text: str) -> str:
    """A comment on a line of its own stands where the line after it begins."""
    lines = text.split("\n")
    starts = _starts(lines)
    own = {bisect_right(starts, found.start) - 1 for found in comments(text) if found.alone}
    content = [n for n, line in enumerate(lines) if line.strip() and n not in own]
    for number in own:
        place = bisect_right(content, number)
        if place == len(content):
            continue
        column, after = _column(lines[number]), _column(lines[content[place]])
        before = _column(lines[content[place - 1]]) if place else after
        # A comment that ends a block may stand anywhere between it and what follows.
        if not after <= column <= max(before, after):
            lines[number] = " " * after + lines[number].strip()
    return "\n".join(lines)


@dataclass(slots=True)
class _Breaks:
    """Where a line may be broken, as columns: the rest begins there."""

    after_comma: list[int] = field(default_factory=list)
    in_text: list[int] = field(default_factory=list)


def _wrapped(text: str) -> str:
    """Break lines that are too long after a comma of a list, or else between words."""
    lines = text.split("\n")
    starts = _starts(lines)
    long = {number for number, line in enumerate(lines) if len(line) > WIDTH}
    if not long:
        return text
    places: dict[int, _Breaks] = {number: _Breaks() for number in long}
    for token, is_key in _with_keys(text):
        number = token.start_mark.line
        if number not in places:
            continue
        column = token.end_mark.index - starts[number]
        if isinstance(token, yaml.FlowEntryToken):
            places[number].after_comma.append(column + 1)
        elif isinstance(token, yaml.ScalarToken) and not is_key and token.style in _FLOWING:
            begin = token.start_mark.index - starts[number]
            places[number].in_text += _between_words(lines[number], begin, column)
    for number, breaks in places.items():
        lines[number] = "\n".join(_pieces(lines[number], breaks))
    return "\n".join(lines)


def _with_keys(text: str) -> Iterator[tuple[yaml.Token, bool]]:
    is_key = False
    for token in yaml.scan(text, Loader=_LOADER):
        yield token, is_key
        is_key = isinstance(token, yaml.KeyToken)


def _between_words(line: str, begin: int, end: int) -> list[int]:
    """Columns after single blanks; several blanks in a row would be lost by a break."""
    blanks = re.finditer(r"(?<=[^ \\]) (?=[^ #])", line[begin:end])
    return [begin + blank.end() for blank in blanks]


def _pieces(line: str, breaks: _Breaks) -> list[str]:
    """The line in pieces that fit, as far as there are places to break it."""
    items = _marks(line)
    indent = " " * (_column(line) + len(items) + _STEP)
    pieces: list[str] = []
    begin, prefix = 0, ""
    while len(prefix) + len(line) - begin > WIDTH:
        room = begin + WIDTH - len(prefix)
        place = _last_within(breaks.after_comma, begin, room + 1)
        if place is None:
            place = _last_within(breaks.in_text, begin, room + 1)
        if place is None:
            break
        pieces.append(prefix + line[begin:place].rstrip())
        begin, prefix = place, indent
    return [*pieces, prefix + line[begin:]]


def _last_within(places: list[int], begin: int, end: int) -> int | None:
    fitting = [place for place in places if begin < place <= end]
    return fitting[-1] if fitting else None


def _blank_lines(text: str) -> str:
    """At most one blank line in a row, none at the beginning, no blanks at a line's end."""
    pieces: list[str] = []
    last = 0
    for start, end in _gaps(text):
        gap = re.sub(r"[ \t]+(?=\n)", "", text[start:end])
        gap = re.sub(r"\n{3,}", "\n\n", gap)
        pieces += (text[last:start], gap)
        last = end
    return "".join([*pieces, text[last:]]).strip("\n") + "\n"


def _starts(lines: list[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _marks(line: str) -> str:
    """The `- ` that begin list items on this line."""
    match = _ITEMS.match(line)
    return match.group().lstrip(" ") if match else ""
