"""What follows what in journeys, and the median time between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from robot.flow.figures_port import Passage

#: Passages shown of the process; rarer ones are noise on a picture.
_MOST: Final = 40


def passages(paths: Iterable[tuple[str, str]]) -> tuple[Passage, ...]:
    """The most frequent passages from one event directly to another.

    Args:
        paths: Each document's events and the days between them, both separated by spaces.
    """
    # Few courses are taken by nearly all documents, so the days of each are read as one table.
    by_course: dict[str, list[str]] = defaultdict(list)
    for path, days in paths:
        by_course[path].append(days)
    between: dict[tuple[str, str], list[npt.NDArray[np.float64]]] = defaultdict(list)
    for path, rows in by_course.items():
        events = path.split()
        table = np.array(" ".join(rows).split(), dtype=np.float64)
        columns = table.reshape(len(rows), len(events) - 1).T
        for passage, column in zip(pairwise(events), columns, strict=True):
            between[passage].append(column)
    found = [
        Passage(
            origin=origin,
            to=to,
            times=sum(len(column) for column in columns),
            median_days=float(np.median(np.concatenate(columns))),
        )
        for (origin, to), columns in between.items()
    ]
    return tuple(sorted(found, key=lambda it: (-it.times, it.origin, it.to))[:_MOST])
