"""Where the time of a whole run goes: read, look up, decide, keep, record, act, tell.

The moments at which tests kill a run (`robot.flow.failpoint`) divide it; what the source does
while it is pulled counts as reading, whenever that is.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from robot import bootstrap
from robot.domain.document import ApprovedDocument
from robot.flow import failpoint
from robot.flow.ports import Source
from robot.flow.run import run_once

#: The stage that begins at a moment.
_BEGINS: Final = {
    "run-begun": "begin",
    "pulled": "recognise",
    "look-up-before": "look up",
    "look-up-after": "decide",
    "decided": "keep for backtests",
    "record-before": "record",
    "record-after": "act",
    "tell-before": "tell",
    "tell-after": "end",
}
_READ: Final = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Seconds by the clock and of the processor; of each stage the latter."""

    wall: float
    processor: float
    stages: dict[str, float]


class _Clock:
    def __init__(self) -> None:
        self.stages: defaultdict[str, float] = defaultdict(float)
        self.stage = "begin"
        self._since = time.process_time()

    def turn_to(self, stage: str) -> str:
        """Begin a stage; the one before."""
        now = time.process_time()
        self.stages[self.stage] += now - self._since
        before, self.stage, self._since = self.stage, stage, now
        return before

    def at(self, moment: str, _effects: str) -> None:
        """Take a moment of the run."""
        if moment in _BEGINS:
            self.turn_to(_BEGINS[moment])


class _Timed:
    """A source whose work is timed."""

    def __init__(self, source: Source, clock: _Clock) -> None:
        self._source = source
        self._clock = clock

    def pull(self) -> Iterator[ApprovedDocument]:
        before = self._clock.turn_to(_READ)
        for document in self._source.pull():
            self._clock.turn_to(before)
            yield document
            before = self._clock.turn_to(_READ)
        self._clock.turn_to(before)

    def reject(self, document_id: str, version: str, reasons: Sequence[str]) -> None:
        self._source.reject(document_id, version, reasons)

    def withdrawn(self, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        return self._source.withdrawn(versions)


def whole_run(robot: bootstrap.Robot) -> Spent:
    """Do a whole run, with everything that it sends, and say what each stage took."""
    clock = _Clock()
    ports = replace(robot.ports, source=_Timed(robot.ports.source, clock))
    failpoint.watch(clock.at)
    wall, processor = time.perf_counter(), time.process_time()
    try:
        run_once(ports, bootstrap.run_options(robot.settings, "bench"))
    finally:
        failpoint.watch(None)
        clock.turn_to("")
    return Spent(
        wall=time.perf_counter() - wall,
        processor=time.process_time() - processor,
        stages=dict(clock.stages),
    )
