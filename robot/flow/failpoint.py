"""Named moments at which a test may kill or freeze the process; in production they do nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Final

#: `NAME` or `NAME:N`: the process kills itself when it gets to NAME for the Nth time. With
#: `freeze ` in front it stops there instead (SIGSTOP), until somebody wakes it up.
VARIABLE: Final = "ROBOT_FAILPOINT"
#: The moments of every run, in the order in which it gets to them.
NAMES: Final = (
    "run-begun",
    "mail-received",
    "sheets-worked-off",
    "reconcile-before",
    "reconcile-after",
    "pulled",
    "look-up-before",
    "look-up-after",
    "decided",
    "record-before",
    "record-within",
    "record-after",
    "claim-before",
    "claim-after",
    "call-before",
    "called",
    "evidence-before",
    "settle-before",
    "settle-after",
    "source-before",
    "source-told",
    "bounce-before",
    "bounce-within",
    "bounce-after",
    "confirm-before",
    "tell-before",
    "freeze-before",
    "freeze-after",
    "mail-before",
    "mail-after",
    "mail-settled",
    "tell-after",
    "collected",
    "journeys-told",
    "run-end-before",
    "run-ended",
)
#: The moments of receiving mail, in a run or between two.
OF_MAIL_IN: Final = (
    "mail-in-fetched",
    "mail-in-filed",
    "mail-in-noting",
    "mail-in-noted",
    "mail-in-sorted",
    "mail-in-acting",
    "mail-in-done",
)
#: The moments of closing the key of a posting that must not happen any more.
OF_CLOSING: Final = ("close-before", "closed")
#: The moments of a re-posting sheet in the watched folder, until it is answered there.
OF_SHEETS: Final = (
    "sheet-found",
    "sheet-taken",
    "sheet-answering",
    "sheet-answered",
    "sheet-told",
)
#: The moments of what people ask for on the dashboard.
OF_COMMANDS: Final = ("command-before", "command-done", "command-answered")
#: All of them.
MOMENTS: Final = (*NAMES, *OF_CLOSING, *OF_SHEETS, *OF_MAIL_IN, *OF_COMMANDS)
_FREEZE: Final = "freeze "
_armed: dict[str, int] = {}
_signal: signal.Signals = signal.SIGKILL
_seen: Callable[[str, str], None] | None = None


def arm(point: str) -> None:
    """Have this process die at `NAME` or `NAME:N`; an empty text disarms it.

    Raises:
        ValueError: There is no such moment.
    """
    global _signal  # noqa: PLW0603 - one process has one failpoint
    _armed.clear()
    _signal = signal.SIGSTOP if point.startswith(_FREEZE) else signal.SIGKILL
    name, _, count = point.removeprefix(_FREEZE).partition(":")
    if not name:
        return
    if name not in MOMENTS:
        raise ValueError(f"no failpoint '{name}'")
    _armed[name] = int(count or "1")


def watch(seen: Callable[[str, str], None] | None) -> None:
    """Have a test told of every moment that is got to, and of the kinds of effect there."""
    global _seen  # noqa: PLW0603 - one process has one watcher
    _seen = seen


def failpoint(name: str, effects: str = "") -> None:
    """Die or freeze here without any clean-up when armed, as when the kernel kills.

    Args:
        name: One of `MOMENTS`.
        effects: The kinds of effect that are carried out here, with `+` between them.
    """
    if _seen is not None:
        _seen(name, effects)
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] == 0:
        os.kill(os.getpid(), _signal)


arm(os.environ.get(VARIABLE, ""))
