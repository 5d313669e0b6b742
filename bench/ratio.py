"""One measured ratio to a named floor or peer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """`value` per second (or what `unit` says) beside that of a floor or peer in the same run."""

    name: str
    value: float
    unit: str
    floor_name: str
    floor_value: float
    ratio: float
    aim: str
