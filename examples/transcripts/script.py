"""A document taken apart into text, files and commands, and put together with what they print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

#: Runs a command as somebody; what it printed. The name is empty for anybody.
Run: TypeAlias = Callable[[str, list[str]], str]
_FENCE: Final = "```"
_PROMPT: Final = re.compile(r"(?P<who>[a-z]*)\$ (?P<command>.+)")
_FILE: Final = re.compile(r"\b(?P<how>file|append)=(?P<name>\S+)")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its first line without the fence, and what is in it."""

    info: str
    lines: tuple[str, ...]


def parts(text: str) -> Iterator[str | Block]:
    """Lines outside blocks one by one, and blocks.

    Raises:
        ValueError: A block is not closed.
    """
    inside: list[str] | None = None
    info = ""
    for line in text.splitlines():
        if inside is None and line.startswith(_FENCE):
            inside, info = [], line.removeprefix(_FENCE)
        elif inside is not None and line == _FENCE:
            yield Block(info=info, lines=tuple(inside))
            inside = None
        elif inside is not None:
            inside.append(line)
        else:
            yield line
    if inside is not None:
        raise ValueError(f"the block '{info}' is not closed")


def renewed(text: str, folder: Path, run: Run) -> str:
    """The document with its files written, its commands run, and their output renewed."""
    made: list[str] = []
    for part in parts(text):
        if isinstance(part, str):
            made.append(part)
            continue
        _write(part, folder)
        shown = list(part.lines)
        if part.info.split()[:1] == ["console"]:
            shown = [line for command in _prompts(part) for line in _told(command, run)]
        made += [f"{_FENCE}{part.info}", *shown, _FENCE]
    return "\n".join(made) + "\n"


def _prompts(block: Block) -> list[str]:
    return [line for line in block.lines if _PROMPT.fullmatch(line)]


def _told(prompt: str, run: Run) -> Iterator[str]:
    yield prompt
    match = _PROMPT.fullmatch(prompt)
    if match is not None:
        command, *filters = match["command"].split(" | ")
        # A terminal wipes away what the commands say while one waits.
        lines = run(match["who"], shlex.split(command)).strip("\n").splitlines()
        for shortened in filters:
            lines = _shortened(lines, shortened.split())
        yield from (line.rstrip() for line in lines)


def _shortened(lines: list[str], how: list[str]) -> list[str]:
    """`head -N`, `tail -N` and `grep TEXT`, as in a shell."""
    name, argument = how
    if name == "grep":
        return [line for line in lines if argument in line]
    number = int(argument.removeprefix("-"))
    return lines[:number] if name == "head" else lines[-number:]


def _write(block: Block, folder: Path) -> None:
    match = _FILE.search(block.info)
    if match is None:
        return
    path = folder / match["name"]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if match["how"] == "append" else "w", encoding="utf-8") as file:
        file.write("\n".join(block.lines) + "\n")
