"""Named moments at which a test may kill the process; in production they do nothing."""

from __future__ import annotations

import os
import signal
from typing import Final

#: `NAME` or `NAME:N`: the process kills itself when it gets to NAME for the Nth time.
VARIABLE: Final = "ROBOT_FAILPOINT"
_name, _, _count = os.environ.get(VARIABLE, "").partition(":")
_left = int(_count or "1")


def failpoint(name: str) -> None:
    """Die here without any clean-up when the environment says so (SIGKILL, as in a power cut)."""
    global _left  # noqa: PLW0603 - one process, one countdown
    if not _name or name != _name:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
