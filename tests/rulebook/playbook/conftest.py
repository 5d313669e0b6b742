"""The shipped rules, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.rulebook.loader import LoadedRules, load


@pytest.fixture(name="shipped", scope="session")
def _shipped() -> LoadedRules:
    return load(Path("rules"), CATALOGUE)
