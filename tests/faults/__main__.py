"""`make faults`: the whole fault matrix, its table on the terminal and in docs/reliability.md."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.report import DOCUMENT, TALLY_VARIABLE, missing, read, table, write_into

ROOT = Path(__file__).parents[2]
WHAT = ["tests/faults", "tests/protocol", "tests/flow/test_exactly_once.py"]


def main(arguments: list[str]) -> int:
    """Run everything, short and long; the exit code is that of the tests."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="robot-faults-") as folder:
        tally = Path(folder) / "tally"
        tally.touch()
        ended = subprocess.run(  # noqa: S603 - our own tests
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-m",
                "faults or not faults",
                # It holds the page to what is run now; this run is what writes the page.
                "--ignore=tests/faults/test_report.py",
                *(arguments or ["-n", "2", "--dist", "worksteal"]),
                *WHAT,
            ],
            cwd=ROOT,
            env={**os.environ, TALLY_VARIABLE: str(tally)},
            check=False,
        ).returncode
        survived = read(tally)
    text = table(survived)
    sys.stdout.write(f"\n{text}\n\n{time.monotonic() - began:.0f} seconds\n")
    left_out = missing(survived)
    if left_out:
        sys.stdout.write(f"not killed at: {', '.join(left_out)}\n")
    if ended == 0 and not left_out:
        write_into(DOCUMENT, text)
    return ended or int(bool(left_out))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
