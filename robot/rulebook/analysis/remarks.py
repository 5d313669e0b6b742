"""Collects what the analysis says, with the line that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from robot.rulebook.analysis.problem_kinds import KINDS
from robot.rulebook.analysis.reasoning import Example
from robot.rulebook.problem import Position, Problem
from robot.rulebook.source import RuleFile

_MOST_SHOWN: Final = 6


class Remarks:
    """The problems found so far. `files` are those that problems can be in."""

    def __init__(self, files: Iterable[RuleFile]) -> None:
        self._lines: Mapping[str, Sequence[str]] = {file.path: file.report.lines for file in files}
        self.problems: list[Problem] = []

    def add(
        self,
        code: str,
        at: Position,
        message: str,
        suggestion: str = "",
        *,
        related: tuple[Position, ...] = (),
        example: Example = (),
    ) -> None:
        """Note a problem of a known kind; its severity is the kind's."""
        lines = self._lines.get(at.path, ())
        known = 0 < at.line <= len(lines)
        self.problems.append(
            Problem(
                path=at.path,
                line=at.line,
                column=at.column,
                message=f"{message}{for_example(example)}",
                suggestion=suggestion,
                severity=KINDS[code].severity,
                code=code,
                source_line=lines[at.line - 1] if known else "",
                related=related,
                example=example,
            )
        )


def for_example(example: Example) -> str:
    """The example as the end of a message."""
    if not example:
        return ""
    shown = [f"{name} {value}" for name, value in example[:_MOST_SHOWN]]
    more = ", …" if len(example) > _MOST_SHOWN else ""
    return f", for example {', '.join(shown)}{more}"
