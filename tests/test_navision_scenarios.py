"""The table of Navision's scenarios is whole, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.contract.erp_scenarios import SCENARIOS

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "navision-scenarios.md"
#: The research that the list is from.
SOURCE = PROJECT.parent / "shared" / "navision.md"

ROWS = {
    what.strip(): tests
    for what, tests in re.findall(
        r"^\| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    if what != "in Navision"
}


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(it.name for it in ast.walk(tree) if isinstance(it, ast.FunctionDef))


@pytest.mark.parametrize("what", ROWS)
def test_what_a_row_names_is_there(what: str) -> None:
    scenarios = re.findall(r"“([^”]+)”", ROWS[what])
    tests = re.findall(r"`([^`]+)::([^`]+)`", ROWS[what])

    assert scenarios or tests
    assert set(scenarios) <= {it.name for it in SCENARIOS}
    for path, name in tests:
        assert name in functions(PROJECT / path)


def test_every_minimum_scenario_has_a_row() -> None:
    if not SOURCE.is_file():
        pytest.skip("the research on Navision is not beside the project")
    (listed,) = re.findall(r"^Minimum scenarios: (.+)\.$", SOURCE.read_text("utf-8"), re.MULTILINE)
    # Semicolons part them, outside brackets as inside.
    assert set(ROWS) == {it.strip() for it in listed.split(";")}
