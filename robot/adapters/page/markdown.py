"""A page as Markdown (CommonMark with tables), lines kept short enough to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from robot.domain.page import Block, Code, Grid, Listing, Page, Paragraph, Section, Strong, Words
from robot.domain.page import pieces as pieces_of

#: What Markdown takes for markup inside a line.
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|#~])")
_AT_START: Final = re.compile(r"^(\d+)([.)])(?= )|^([-+])(?= )")


def markdown(page: Page) -> str:
    """The page as Markdown."""
    lines = [f"# {_escaped(page.title)}", ""]
    for words in page.lead:
        lines += [_line(words), ""]
    for section in page.sections:
        lines += [*_section(section, 2)]
    if page.foot:
        lines += ["---", "", _line(page.foot), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_escaped(section.heading)}"
    yield ""
    for block in section.blocks:
        yield from _block(block, level)


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Section):
        yield from _section(block, level + 1)
        return
    if isinstance(block, Paragraph):
        yield f"*{_line(block.words)}*" if block.aside else _line(block.words)
    elif isinstance(block, Listing):
        for number, item in enumerate(block.items, 1):
            yield f"{f'{number}.' if block.numbered else '-'} {_line(item)}"
    else:
        yield from _grid(block)
    yield ""


def _grid(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(map(_escaped, grid.heads))} |"
    yield f"|{'---|' * len(grid.heads)}"
    for row in grid.rows:
        yield f"| {' | '.join(_line(cell) for cell in row)} |"


def _line(words: Words) -> str:
    text = "".join(_piece(part) for part in pieces_of(words))
    return _AT_START.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[3]}", text)


def _piece(part: str | Code | Strong) -> str:
    if isinstance(part, Code):
        return f"`{part.text.replace('`', chr(39)).replace('|', '¦')}`" if part.text else ""
    if isinstance(part, Strong):
        return f"**{_escaped(part.text)}**"
    return _escaped(part)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split(" ")).replace("\n", " "))
