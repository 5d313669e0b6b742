"""The table counts what was run, says what was not, and stands in the documentation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from robot.flow.failpoint import MOMENTS
from tests.faults.__main__ import collected
from tests.faults.conftest import Moments
from tests.faults.report import (
    BEGIN,
    CASES,
    DOCUMENT,
    EFFECTS,
    END,
    LAST_RUN,
    TALLY_VARIABLE,
    Survived,
    case_table,
    enumerated,
    missing,
    note,
    read,
    table,
    write_into,
)
from tests.protocol.test_protocol import WEAKENED

KILLED = Survived(
    fault="killed", engine="sqlite", point="called", effects="posting+rejection", times=2
)


def cells(text: str, beginning: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {beginning}")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def generated() -> str:
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def test_a_moment_counts_for_each_effect_that_it_concerns() -> None:
    row = cells(table([KILLED]), "`called`")
    assert row[:4] == ["`called`", "2", "2", ""]


def test_an_engine_without_a_kill_was_not_run() -> None:
    text = table([KILLED])
    assert cells(text, "moment")[-2:] == ["PostgreSQL", "SQL Server"]
    assert cells(text, "`called`")[-2:] == ["not run", "not run"]


def test_moments_without_a_kill_are_named() -> None:
    assert len(missing([KILLED])) == len(MOMENTS) - 1
    assert "run-begun on SQLite" in missing([KILLED])
    everywhere = [
        Survived(fault="killed", engine="sqlite", point=name, effects="", times=1)
        for name in MOMENTS
    ]
    assert missing(everywhere) == []


def test_what_is_noted_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TALLY_VARIABLE, str(tmp_path / "tally"))
    note("killed", "sqlite", point="called", effects="posting+rejection", times=2)
    assert read(tmp_path / "tally") == [KILLED]


def test_only_what_stands_between_the_marks_is_written(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_into(document, "new")
    assert document.read_text(encoding="utf-8") == (f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n")


def test_the_documentation_names_every_moment_and_no_other() -> None:
    """When it fails, a moment was added or taken away: run `make faults`."""
    named = [line.split("`")[1] for line in generated().splitlines() if line.startswith("| `")]
    assert named == list(MOMENTS)


def test_the_documentation_has_killed_at_every_moment_on_every_engine_that_was_run() -> None:
    heads = cells(generated(), "moment")
    engines = {head.partition(":")[0] for head in heads[1:] if ":" in head}
    assert engines == {"SQLite", "PostgreSQL"}
    for name in MOMENTS:
        row = dict(zip(heads, cells(generated(), f"`{name}`"), strict=True))
        for engine in engines:
            killed = [count for head, count in row.items() if head.startswith(f"{engine}:")]
            assert any(count for count in killed), (name, engine)


def test_the_documentation_counts_the_kills_that_a_run_gives_moments_for(
    sqlite_moments: Moments,
) -> None:
    """When it fails, the robot's steps have changed: run `make faults`."""
    heads = cells(generated(), "moment")
    names = {"": "the run itself"}
    for point, times in sqlite_moments.items():
        row = dict(zip(heads, cells(generated(), f"`{point}`"), strict=True))
        counts = Counter(effect for effects in times for effect in effects.split("+"))
        for engine in ("SQLite", "PostgreSQL"):
            stated = {it: row[f"{engine}: {names.get(it, it)}"] for it in EFFECTS}
            assert stated == {it: str(counts[it] or "") for it in EFFECTS}, (engine, point)


def test_the_documentation_counts_the_cases_that_there_are() -> None:
    """When it fails, the matrix has grown or shrunk: `python -m tests.faults --cases`."""
    node_ids = collected()
    assert len(node_ids) > 400
    _, found, rest = generated().partition(CASES)
    stated = f"{found}{rest.partition(LAST_RUN)[0]}".split("\n")
    assert [line for line in stated if line] == [
        line for line in case_table(enumerated(node_ids)) if line
    ]


def test_the_documentation_gives_each_weakened_protocol_its_shortest_way() -> None:
    rows = [
        line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if " posted " in line
    ]
    stated = sorted(
        (parts[1].strip(), int(parts[2]))
        for line in rows
        if len(parts := line.strip("|").split("|")) == 3 and parts[2].strip().isdigit()
    )
    assert stated == sorted((weakened.breach, weakened.steps) for weakened in WEAKENED)
