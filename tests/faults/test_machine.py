"""Approvals, faults, deaths, clerks and restored stores in any order end where the model says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.faults.kept import keep_what_is_read_alike
from tests.faults.machine import Machine
from tests.faults.report import note

SHORT = settings(
    max_examples=4,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=50, stateful_step_count=12)


@pytest.fixture(scope="module", autouse=True)
def _kept() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        keep_what_is_read_alike(patch)
        yield


class Short(Machine):
    """A few histories, always the same ones."""


class Long(Machine):
    """Many."""

    def teardown(self) -> None:
        super().teardown()
        note("history of the state machine", "sqlite")


TestShort = Short.TestCase
TestShort.settings = SHORT
TestLong = pytest.mark.faults(Long.TestCase)
TestLong.settings = LONG
