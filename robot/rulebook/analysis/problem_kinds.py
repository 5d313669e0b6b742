"""Every problem that `rules check` can tell of: what it means and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from robot.rulebook.analysis import kinds_of_rules, kinds_of_writing
from robot.rulebook.problem import Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    """One kind of problem; its code is stable. `severity` is that of most of its problems."""

    code: str
    severity: Weight
    meaning: str
    fix: str


_CHAPTERS: Final = {**kinds_of_writing.CHAPTERS, **kinds_of_rules.CHAPTERS}
#: Every kind by its code.
KINDS: Final[Mapping[str, ProblemKind]] = MappingProxyType(
    {
        code: ProblemKind(code=code, severity=severity, meaning=meaning, fix=fix)
        for rows in _CHAPTERS.values()
        for code, severity, meaning, fix in rows
    }
)
#: Where the list is published, with a heading for each code.
DOCUMENT: Final = "docs/rule-problems.md"


def markdown() -> Iterator[str]:
    """The list of all kinds as the lines of a Markdown document."""
    yield "# Problems that `invoice-robot rules check` tells of"
    yield ""
    yield f"`invoice-robot rules problems > {DOCUMENT}` writes this list; don't edit it."
    yield ""
    yield "An error keeps the file out of force. A warning is something that a person should look"
    yield "at (`--strict` makes it count as an error). A hint may well be meant as it is."
    for title, rows in _CHAPTERS.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield "| code | | what it means | what to do |"
        yield "|---|---|---|---|"
        for code, severity, meaning, fix in rows:
            yield f"| `{code}` | {severity} | {meaning} | {fix} |"
