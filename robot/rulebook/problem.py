"""What is wrong with a rule file, and where: every problem is kept, none is raised."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

#: How alike two words must be for one to be offered for the other, from 0 to 1.
_ALIKE = 0.6
#: What is quoted of a file and would fill the screen.
_ENDLESS: Final = re.compile(r"'([^'\n]{60})[^'\s]{100,}[^'\n]{0,8}'")


class Weight(StrEnum):
    """Whether a problem keeps a file out of force.

    A warning should be looked at by a person; a hint may well be meant as it is.
    """

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Position(NamedTuple):
    """A place in a file; line and column count from 1, columns in characters."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, with its place and, where there is one, what was meant.

    `code` is kebab-case and stable, for tools; `source_line` is the offending line as written.
    `related` are other places that have to do with it; `example` is a document that shows it, as
    fields and values of a case file.
    """

    path: str
    line: int
    column: int
    message: str
    suggestion: str = ""
    severity: Weight = Weight.ERROR
    code: str
    source_line: str = ""
    related: tuple[Position, ...] = ()
    example: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        mark = "" if self.severity is Weight.ERROR else f"{self.severity}: "
        text = f"{mark}{self.message}"
        if self.suggestion:
            text = f"{text}; {self.suggestion}"
        return f"{self.path}:{self.line}:{self.column}: {text}"

    def caret(self) -> str:
        """The offending line with a caret under the column, two lines; empty when unknown."""
        if not self.source_line:
            return ""
        before = self.source_line[: self.column - 1]
        pad = "".join("\t" if mark == "\t" else " " for mark in before)
        return f"    {self.source_line}\n    {pad}^"

    def as_json(self) -> dict[str, object]:
        """The problem for machines."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message,
            "suggestion": self.suggestion,
            "source_line": self.source_line,
            "related": [
                {"path": at.path, "line": at.line, "column": at.column} for at in self.related
            ],
            "example": dict(self.example),
        }


@dataclass(slots=True)
class Report:
    """Collects the problems of one file, whose lines it knows."""

    path: str
    lines: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def at(self, line: int, column: int) -> Position:
        """A place in this file."""
        return Position(self.path, line, column)

    def error(self, code: str, at: Position, message: str, suggestion: str = "") -> None:
        """Note something that keeps the file out of force."""
        self._add(Weight.ERROR, code, at, message, suggestion)

    def warning(self, code: str, at: Position, message: str, suggestion: str = "") -> None:
        """Note something that a person should look at."""
        self._add(Weight.WARNING, code, at, message, suggestion)

    @property
    def broken(self) -> bool:
        """Whether an error was noted."""
        return any(problem.severity is Weight.ERROR for problem in self.problems)

    def _add(
        self, severity: Weight, code: str, at: Position, message: str, suggestion: str
    ) -> None:
        known = 0 < at.line <= len(self.lines)
        self.problems.append(
            Problem(
                path=at.path,
                line=at.line,
                column=at.column,
                message=_ENDLESS.sub(r"'\1…'", message),
                suggestion=_ENDLESS.sub(r"'\1…'", suggestion),
                severity=severity,
                code=code,
                source_line=self.lines[at.line - 1] if known else "",
            )
        )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column, each once."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.path, p.line, p.column, p.code, p.message)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The phrase that offers the nearest of the known words, or nothing."""
    by_shape = {_shape(name): name for name in known}
    shape = _shape(word)
    near = [shape] if shape in by_shape else difflib.get_close_matches(shape, by_shape, n=1)
    near = [name for name in near if _alike_after_the_dot(shape, name)]
    if not near:
        # People leave the first part out: `knwon` for `creditor.known`.
        ends = {name.rpartition(".")[2]: name for name in by_shape}
        near = [ends[end] for end in difflib.get_close_matches(shape, ends, n=1)]
    return f"did you mean '{by_shape[near[0]]}'?" if near else ""


def _alike_after_the_dot(word: str, other: str) -> bool:
    """Whether two names are alike also without the first part that they share."""
    head, _, tail = word.rpartition(".")
    other_head, _, other_tail = other.rpartition(".")
    if not head or head != other_head:
        return True
    return difflib.SequenceMatcher(None, tail, other_tail).ratio() >= _ALIKE


def listed(words: Iterable[str], *, most: int = 12) -> str:
    """Words joined for a message; the rest is counted."""
    names = list(words)
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def _shape(word: str) -> str:
    return word.strip().casefold().replace("_", "-").replace(" ", "-")
