"""Every file in broken/ is told, word for word, what its first line says is wrong with it.

Each is laid over the shipped rules under the name in that line, and checked as of one day; beside
it stands, line for line, what `rules check` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.rulebook.check import check
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.source import RuleFiles, read_directory, rule_file

RULES = Path(__file__).parents[2] / "rules"
BROKEN = Path(__file__).parent / "broken"
AS_OF = date(2026, 11, 24)
FIELDS = Fields(CATALOGUE)
FIRST_LINE = re.compile(rb"(?:\xef\xbb\xbf)?# (?P<name>[\w./-]+): [^\n]+\n")
NAMES = sorted(path.stem for path in BROKEN.glob("*.yaml"))


@cache
def shipped() -> Mapping[str, bytes]:
    """The shipped rules by name."""
    return {name: (RULES / name).read_bytes() for name in read_directory(RULES).files}


def in_memory(texts: Mapping[str, bytes]) -> RuleFiles:
    """Rule files in memory."""
    return RuleFiles(
        root="rules",
        files={name: rule_file(name, f"rules/{name}", text) for name, text in texts.items()},
    )


@cache
def read_before() -> LoadedRules:
    """The shipped rules as read once; what is broken is laid over them."""
    return load_files(in_memory(shipped()), FIELDS)


def told(data: bytes) -> list[str]:
    """What `rules check` says about the shipped rules with one file more, or another one."""
    head = FIRST_LINE.match(data)
    assert head is not None, "the first line names the file and what is wrong"
    name = head["name"].decode()
    stem = name.rpartition(".")[0]
    others = {one: text for one, text in shipped().items() if one.rpartition(".")[0] != stem}
    files = in_memory({**others, name: data})
    loaded = load_files(files, FIELDS, earlier=read_before())
    return [str(problem) for problem in check(loaded, AS_OF)]


def test_there_are_fifty_kinds_and_more() -> None:
    assert len(NAMES) >= 50
    assert {path.stem for path in BROKEN.glob("*.expected")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_is_told_what_is_wrong(name: str) -> None:
    expected = (BROKEN / f"{name}.expected").read_text("utf-8").splitlines()
    assert told((BROKEN / f"{name}.yaml").read_bytes()) == expected
    assert expected
