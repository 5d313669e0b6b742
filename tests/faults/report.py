"""The table of what was run: kill points × effects × engines, and every class of fault.

`python -m tests.faults` runs everything that is long, prints the table, and writes it into
docs/reliability.md between its marks. What did not run says so; what failed is no table.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from robot.flow.failpoint import MOMENTS

#: Names the file to which every test adds a line for each fault that was survived.
TALLY_VARIABLE: Final = "ROBOT_TEST_TALLY"
DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN: Final = "<!-- made by `make faults`: begin -->"
END: Final = "<!-- made by `make faults`: end -->"
#: What pytest is told to find the whole matrix. The test of the page is left out: it holds the
#: page to what is run now, and a run of the matrix is what writes the page.
MATRIX: Final = (
    "-m",
    "faults or not faults",
    "--ignore=tests/faults/test_report.py",
    # The longest cases first, so that no processor waits for one of them in the end.
    "tests/protocol",
    "tests/flow/test_exactly_once.py",
    "tests/flow/test_giving_up.py",
    "tests/faults",
)
CASES: Final = "### Cases"
LAST_RUN: Final = "### The last whole run"
#: What the protocol's model adds up: states, and weakened protocols found unsafe.
STATES: Final = "states of the protocol"
WEAKENED: Final = "weakened protocol found unsafe"
#: Engines of the store in the table's order.
ENGINES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mssql": "SQL Server"}
EFFECTS: Final = ("posting", "rejection", "notice", "")
#: What is at stake where mail comes in.
RECEIVED: Final = "mail received"
#: What is at stake where a re-posting sheet is answered, and where a person asked for something.
SHEET: Final = "sheet"
COMMAND: Final = "command"
_COLUMNS: Final = (*EFFECTS, SHEET, RECEIVED, COMMAND)
_EFFECT_WORDS: Final = {"": "the run itself"}
_NOT_RUN: Final = "not run"
_CELLS: Final = (
    "Each cell: how often the process was killed there (SIGKILL) and started again, and every "
    "invariant held. A moment that concerns several effects counts for each of them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survived:
    """One fault that was brought about and survived."""

    fault: str
    engine: str
    point: str
    effects: str
    times: int


def note(fault: str, engine: str, *, point: str = "", effects: str = "", times: int = 1) -> None:
    """Write down a fault that was brought about and survived; without the file, nothing.

    Args:
        fault: Its class.
        engine: The store's engine, empty where there is none.
        point: The failpoint at which the process was killed.
        effects: The effects at stake there, with `+` between them.
        times: How often.
    """
    named = os.environ.get(TALLY_VARIABLE)
    if named:
        survived = Survived(fault=fault, engine=engine, point=point, effects=effects, times=times)
        with Path(named).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(survived)) + "\n")


def enumerated(node_ids: Iterable[str]) -> Counter[tuple[str, str]]:
    """How many cases the matrix has, by what is done and the store's engine.

    Args:
        node_ids: Of pytest, `tests/faults/test_x.py::test_what_is_done[engine-…]`.
    """
    cases: Counter[tuple[str, str]] = Counter()
    for node_id in node_ids:
        path, _, name = node_id.partition("::")
        function, _, parameters = name.rpartition("::")[2].partition("[")
        module = Path(path).stem.removeprefix("test_").replace("_", " ")
        done = function.removeprefix("test_").replace("_", " ")
        if not path.startswith("tests/faults/"):
            engine = ""
        else:
            engine = "postgresql" if "postgresql" in parameters else "sqlite"
        cases[f"{module}: {done}", engine] += 1
    return cases


def case_table(cases: Counter[tuple[str, str]]) -> list[str]:
    """What the matrix enumerates, a row for each thing that is done."""
    engines = (*ENGINES, "")
    rows = [
        CASES,
        "",
        "Each is one test. They are those that pytest collects, which a test compares; renewed by",
        "`python -m tests.faults --cases`.",
        "",
        _row(["what is done", *ENGINES.values(), "no store"]),
        _row(["---", *["--:"] * len(engines)]),
    ]
    rows += [
        _row([done, *(str(cases[done, engine] or "") for engine in engines)])
        for done in sorted({done for done, _ in cases})
    ]
    return [*rows, "", f"{cases.total():,} cases."]


def read(tally: Path) -> list[Survived]:
    """What the tests have noted."""
    lines = tally.read_text(encoding="utf-8").splitlines()
    return [Survived(**json.loads(line)) for line in lines]


def table(everything: Sequence[Survived]) -> str:
    """Both tables in Markdown."""
    states = sum(item.times for item in everything if item.fault == STATES)
    weakened = sum(item.times for item in everything if item.fault == WEAKENED)
    survived = [item for item in everything if item.fault not in {STATES, WEAKENED}]
    kills = [item for item in survived if item.point]
    ran = {item.engine for item in kills}
    return "\n".join(
        [
            "### Kill points × effects × engines",
            "",
            _CELLS,
            "",
            *_kill_table(kills, ran),
            "",
            "### Classes of faults",
            "",
            *_fault_table(survived),
            "",
            f"Protocol model: {states:,} states, each safe and with a way to the end.",
            f"{weakened} weakened protocols, each found unsafe.",
        ]
    )


def _kill_table(kills: Sequence[Survived], ran: set[str]) -> Iterator[str]:
    heads = [
        f"{ENGINES[engine]}: {_EFFECT_WORDS.get(effect, effect)}"
        for engine in ENGINES
        if engine in ran
        for effect in _COLUMNS
    ]
    heads += [name for engine, name in ENGINES.items() if engine not in ran]
    yield _row(["moment", *heads])
    yield _row(["---", *["--:"] * len(heads)])
    counts: Counter[tuple[str, str, str]] = Counter()
    for item in kills:
        for effect in item.effects.split("+"):
            counts[item.point, item.engine, effect] += item.times
    for point in MOMENTS:
        cells = [
            str(counts[point, engine, effect] or "")
            for engine in ENGINES
            if engine in ran
            for effect in _COLUMNS
        ]
        cells += [_NOT_RUN for engine in ENGINES if engine not in ran]
        yield _row([f"`{point}`", *cells])
    totals = [
        str(sum(n for (_, e, f), n in counts.items() if (e, f) == (engine, effect)))
        for engine in ENGINES
        if engine in ran
        for effect in _COLUMNS
    ]
    yield _row(["**all**", *totals, *[_NOT_RUN for engine in ENGINES if engine not in ran]])


def _fault_table(survived: Iterable[Survived]) -> Iterator[str]:
    counts: Counter[tuple[str, str]] = Counter()
    for item in survived:
        counts[item.fault, item.engine] += item.times
    yield _row(["fault", *ENGINES.values(), "any"])
    yield _row(["---", *["--:"] * (len(ENGINES) + 1)])
    for fault in sorted({fault for fault, _ in counts}):
        yield _row([fault, *[str(counts[fault, engine] or "") for engine in (*ENGINES, "")]])
    whole = [str(sum(n for (_, e), n in counts.items() if e == engine)) for engine in ENGINES]
    alone = sum(n for (_, engine), n in counts.items() if not engine)
    whole = [number if number != "0" else _NOT_RUN for number in whole]
    yield _row(["**all**", *whole, str(alone)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def missing(survived: Sequence[Survived]) -> list[str]:
    """Kill points that some engine that was run was not killed at."""
    ran = {item.engine for item in survived if item.point}
    done = {(item.point, item.engine) for item in survived}
    return [
        f"{point} on {ENGINES[engine]}"
        for engine in sorted(ran)
        for point in MOMENTS
        if (point, engine) not in done
    ]


def renew_cases(document: Path, cases: Sequence[str]) -> None:
    """Put the table of cases in the place of the one in a document; what was run stays."""
    before, _, rest = document.read_text(encoding="utf-8").partition(CASES)
    _, found, after = rest.partition(LAST_RUN)
    whole = "\n".join([*cases, "", ""])
    document.write_text(f"{before}{whole}{found}{after}", encoding="utf-8")


def write_into(document: Path, text: str) -> None:
    """Put the tables between the marks of a document."""
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    whole = f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"
    document.write_text(whole, encoding="utf-8")
