"""`make faults`: the whole fault matrix, its table on the terminal and in docs/reliability.md."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import textwrap
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
#: A disk in memory: a killed process leaves there what it leaves on any disk, and the worlds of
#: the cases need no place on a real one. Only a power cut would tell the difference.
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each run has a folder of its own there
_ROOM = 3 * 1024**3
_WIDTH = 108


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


def _disk() -> Path | None:
    """Where the worlds of the cases go; None for where everything temporary goes."""
    try:
        return _IN_MEMORY if shutil.disk_usage(_IN_MEMORY).free > _ROOM else None
    except OSError:
        return None


def main(arguments: list[str]) -> int:
    """Run everything, short and long; the exit code is that of the tests.

    With `--cases` alone, nothing is run and only the table of cases is renewed.
    """
    if arguments == ["--cases"]:
        renew_cases(DOCUMENT, case_table(enumerated(collected())))
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="robot-faults-", dir=_disk()) as folder:
        # The user who runs PostgreSQL has to get to its data.
        Path(folder).chmod(0o755)
        tally, outcomes = Path(folder) / "tally", Path(folder) / "outcomes"
        tally.touch()
        outcomes.touch()
        ended = subprocess.run(  # noqa: S603 - our own tests
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "tests.faults.outcomes"),
                *("-o", "tmp_path_retention_policy=failed"),
                *(arguments or ["-n", "2", "--dist", "worksteal"]),
                *MATRIX,
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "TMPDIR": folder,
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
    seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    at_work = used.ru_utime + used.ru_stime
    if whole:
        took = (
            f"{len(ends):,} cases: all run, none skipped, none failed, in {seconds / 60:.0f} "
            f"minutes ({seconds:,.0f} seconds). Processors were at work on them for "
            f"{at_work:,.0f} seconds, so two that have nothing else to do need about "
            f"{at_work / 120:.0f} minutes."
        )
        cases = case_table(enumerated(node_id for _, node_id in ends))
        text = "\n".join([text, "", *cases, "", LAST_RUN, "", textwrap.fill(took, _WIDTH)])
    sys.stdout.write(f"\n{text}\n\n{seconds:,.0f} seconds, {at_work:,.0f} of processor time\n")
    if left_out:
        sys.stdout.write(f"not run: {', '.join(left_out)}\n")
    if whole:
        write_into(DOCUMENT, text)
    return ended or int(bool(left_out))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
