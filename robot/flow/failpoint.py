"""Named moments at which a test may kill the process; in production they do nothing."""

from __future__ import annotations

import os
import signal
from typing import Final

#: `NAME` or `NAME:N`: the process kills itself when it gets to NAME for the Nth time.
VARIABLE: Final = "ROBOT_FAILPOINT"
#: Every moment that has a name, in the order in which a run gets to them.
NAMES: Final = (
    "run-begun",
    "record-before",
    "record-within",
    "record-after",
    "claim-before",
    "claim-after",
    "called",
    "evidence-before",
    "settle-before",
    "settle-after",
    "source-told",
    "bounce-before",
    "bounce-after",
    "freeze-before",
    "freeze-after",
    "mail-before",
    "mail-after",
    "run-ended",
)
_armed: dict[str, int] = {}


def arm(point: str) -> None:
    """Have this process die at `NAME` or `NAME:N`; an empty text disarms it.

    Raises:
        ValueError: There is no such moment.
    """
    _armed.clear()
    name, _, count = point.partition(":")
    if not name:
        return
    if name not in NAMES:
        raise ValueError(f"no failpoint '{name}'")
    _armed[name] = int(count or "1")


def failpoint(name: str) -> None:
    """Die here without any clean-up when armed (SIGKILL, as the kernel does when memory ends)."""
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get(VARIABLE, ""))
