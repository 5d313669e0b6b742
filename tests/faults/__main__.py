"""`make faults`: the whole fault matrix, its table on the terminal and in docs/reliability.md."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.outcomes import OUTCOMES_VARIABLE
from tests.faults.report import (
    DOCUMENT,
    LAST_RUN,
    MATRIX,
    TALLY_VARIABLE,
    case_table,
    enumerated,
    missing,
    read,
    renew_cases,
    table,
    write_into,
)

ROOT = Path(__file__).parents[2]


def collected() -> list[str]:
    """The node ids of all cases."""
    listed = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", *MATRIX],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [line for line in listed.splitlines() if "::" in line]


def main(arguments: list[str]) -> int:
    """Run everything, short and long; the exit code is that of the tests.

    With `--cases` alone, nothing is run and only the table of cases is renewed.
    """
    if arguments == ["--cases"]:
        renew_cases(DOCUMENT, case_table(enumerated(collected())))
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="robot-faults-") as folder:
        tally, outcomes = Path(folder) / "tally", Path(folder) / "outcomes"
        tally.touch()
        outcomes.touch()
        ended = subprocess.run(  # noqa: S603 - our own tests
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "tests.faults.outcomes"),
                *(arguments or ["-n", "2", "--dist", "worksteal"]),
                *MATRIX,
            ],
            cwd=ROOT,
            env={
                **os.environ,
                TALLY_VARIABLE: str(tally),
                OUTCOMES_VARIABLE: str(outcomes),
            },
            check=False,
        ).returncode
        survived = read(tally)
        ends = [line.split(" ", 1) for line in outcomes.read_text(encoding="utf-8").splitlines()]
    skipped = [node_id for outcome, node_id in ends if outcome == "skipped"]
    left_out = [*(f"kill at {point}" for point in missing(survived)), *skipped]
    whole = ended == 0 and not left_out
    text = table(survived)
    if whole:
        minutes = (time.monotonic() - began) / 60
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        of_cpu = (used.ru_utime + used.ru_stime) / 60
        took = (
            f"{len(ends):,} cases: all run, none skipped, none failed, in {minutes:.0f} minutes "
            f"({of_cpu:.0f} minutes of CPU)."
        )
        cases = case_table(enumerated(node_id for _, node_id in ends))
        text = "\n".join([text, "", *cases, "", LAST_RUN, "", took])
    sys.stdout.write(f"\n{text}\n\n{time.monotonic() - began:.0f} seconds\n")
    if left_out:
        sys.stdout.write(f"not run: {', '.join(left_out)}\n")
    if whole:
        write_into(DOCUMENT, text)
    return ended or int(bool(left_out))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
