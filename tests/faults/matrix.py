"""Which cases of the fault matrix run every time, and which with the whole matrix only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any

import pytest


def every(*axes: Iterable[object], short: Collection[tuple[object, ...]]) -> list[Any]:
    """Each combination as a parameter of a test; all but the short ones wait for `make faults`."""
    return [
        pytest.param(*case, marks=[] if case in short else pytest.mark.faults)
        for case in product(*axes)
    ]
