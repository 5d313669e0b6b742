"""Shipped files, damaged at random: every problem has a place in a file, and nothing is raised."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.checks.catalogue import CATALOGUE
from robot.rulebook.case_reader import read_cases
from robot.rulebook.check import check
from robot.rulebook.loader import load_files
from robot.rulebook.names import Fields
from robot.rulebook.source import RuleFiles, read_directory, rule_file

RULES = Path(__file__).parents[3] / "rules"
FIELDS = Fields(CATALOGUE)
#: Put in place of a line, or into one.
ODD = (
    "",
    "\t",
    ":",
    "- ",
    "{",
    "]",
    "'",
    '"',
    "5.000 DKK",
    "yes",
    "missing",
    "- a: [b",
    "æøå\x07",
)


@cache
def shipped() -> dict[str, bytes]:
    return {name: (RULES / name).read_bytes() for name in read_directory(RULES).files}


@cache
def damageable() -> list[str]:
    """The smaller files: a large one takes long and tells no more."""
    return sorted(name for name, text in shipped().items() if len(text) < 30_000)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """The name of a shipped file, and its text with some damage."""
    name = draw(st.sampled_from(damageable()))
    text = shipped()[name]
    if draw(st.integers(0, 5)) == 0:
        return name, text[: draw(st.integers(0, len(text)))]
    lines = text.decode().split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(("delete", "double", "move", "replace", "insert")))
        if kind == "delete":
            lines[at : at + 1] = [] if len(lines) > 1 else [""]
        elif kind == "double":
            lines.insert(at, lines[at])
        elif kind == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        elif kind == "replace":
            column = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:column] + draw(st.sampled_from(ODD)) + lines[at][column + 1 :]
        else:
            lines.insert(at, draw(st.sampled_from(ODD)))
    return name, "\n".join(lines).encode()


@given(file=damaged())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damage_is_told_with_a_place_inside_the_file(file: tuple[str, bytes]) -> None:
    name, data = file
    texts = {**shipped(), name: data}
    files = RuleFiles(
        root="rules",
        files={one: rule_file(one, f"rules/{one}", text) for one, text in texts.items()},
    )
    loaded = load_files(files, FIELDS)
    told = [*check(loaded, date(2026, 11, 24)), *read_cases(files, loaded).problems]
    sizes = {
        f"rules/{one}": text.decode(errors="replace").split("\n") for one, text in texts.items()
    }
    for problem in told:
        lines = sizes[problem.path]
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
        assert problem.message
