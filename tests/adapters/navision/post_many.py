"""A process that posts the same keys as others do; killed at any moment by the tests.

Usage: post_many.py DATABASE FIRST COUNT GENERATION
"""

from __future__ import annotations

import sys
from pathlib import Path

from robot.adapters.navision import small
from robot.adapters.navision.small_navision import SmallNavision
from tests.adapters.navision.world import COMPANY, FixedClock, order


def main(database: str, first: str, count: str, generation: str) -> None:
    """Post every key, and close every fifth one first; say which keys are answered."""
    engine = small.connect(Path(database))
    navision = SmallNavision(engine, "da", FixedClock())
    for number in range(int(first), int(first) + int(count)):
        key = f"k{number}"
        if number % 5 == 0:
            navision.tombstone(COMPANY, key, generation=generation, payload_hash="t")
        evidence = navision.post(order(key), generation=generation, payload_hash="h")
        sys.stdout.write(f"{key} {evidence.state} {evidence.receipt or ''}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
