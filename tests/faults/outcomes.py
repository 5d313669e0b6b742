"""A plugin of pytest that writes down how each case of the matrix ended."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

#: Names the file; a line for each case: outcome and node id.
OUTCOMES_VARIABLE: Final = "ROBOT_TEST_OUTCOMES"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Called once for each phase, in the process that the others report to."""
    named = os.environ.get(OUTCOMES_VARIABLE)
    if not named or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    if report.when == "call" or not report.passed:
        with Path(named).open("a", encoding="utf-8") as file:
            file.write(f"{report.outcome} {report.nodeid}\n")
