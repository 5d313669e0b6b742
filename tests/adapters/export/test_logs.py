"""Exports are loaded by other people's readers, with the counts that went in."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.export.log import Log, log_of
from robot.adapters.export.ocel import write_json, write_sqlite
from robot.adapters.export.tables import HEADINGS, cell_text, write_csv, write_xlsx
from robot.adapters.export.xes import write_xes
from robot.domain.state import State
from tests.support.journeys import EVENTS, LINES, a_line, happened

#: In a process of its own: the readers print, warn and patch what they find.
READ_WITH_PM4PY = """
import sys, warnings
warnings.simplefilter("ignore")
import pm4py
path = sys.argv[1]
if path.endswith(".xes"):
    found = pm4py.read_xes(path)
    print(len(found), found["case:concept:name"].nunique())
else:
    read = pm4py.read_ocel2_sqlite if path.endswith(".sqlite") else pm4py.read_ocel2_json
    found = read(path)
    print(len(found.events), len(found.objects))
"""


@pytest.fixture(scope="module")
def log() -> Log:
    return log_of(LINES, EVENTS)


def read_by(script: str, path: Path) -> list[int]:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    return [int(word) for word in done.stdout.split()[-2:]]


@pytest.mark.parametrize("name", ["log.json", "log.sqlite"])
def test_pm4py_loads_the_object_centric_log(log: Log, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (write_json if name.endswith("json") else write_sqlite)(log, path)
    assert read_by(READ_WITH_PM4PY, path) == [len(EVENTS), len(log.objects)]


@pytest.mark.parametrize("name", ["log.json", "log.sqlite"])
def test_another_reader_loads_the_object_centric_log(log: Log, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (write_json if name.endswith("json") else write_sqlite)(log, path)
    script = (
        "import sys, r4pm\n"
        "found = r4pm.df.import_ocel(sys.argv[1])\n"
        "print(len(found['events']), len(found['objects']))\n"
    )
    assert read_by(script, path) == [len(EVENTS), len(log.objects)]


def test_pm4py_loads_a_trace_for_each_invoice(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    write_xes(log, path)
    assert read_by(READ_WITH_PM4PY, path) == [len(EVENTS), len(LINES)]


def test_every_object_of_an_event_is_in_the_log(log: Log) -> None:
    known = {thing.id for thing in log.objects}
    assert {thing for event in log.events for thing, _ in event.objects} <= known


def test_no_name_of_a_person_and_no_words_of_a_clerk_leave(tmp_path: Path) -> None:
    event = happened("c", EVENTS[0].event, "02 09:00", reason="ring til Bente")
    path = tmp_path / "log.json"
    write_json(log_of(LINES, [event]), path)
    assert "Bente" not in path.read_text(encoding="utf-8")


def test_a_confidential_document_has_no_supplier() -> None:
    hidden = a_line("a", State.HELD, confidential=True)
    assert "Supplier" not in {thing.type for thing in log_of([hidden], EVENTS).objects}


def test_csv_has_a_row_for_each_event(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_csv(log, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert tuple(rows[0]) == HEADINGS
    assert len(rows) == 1 + len(EVENTS)


def test_a_spreadsheet_runs_nothing_that_a_supplier_wrote(tmp_path: Path) -> None:
    evil = a_line("a", State.HELD, supplier='=HYPERLINK("http://x.test")', number="@SUM(1)")
    path = tmp_path / "log.xlsx"
    write_xlsx(log_of([evil], EVENTS), path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)


@given(st.text())
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not cell_text(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_json_is_one_object(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    write_json(log, path)
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {
        "eventTypes",
        "objectTypes",
        "events",
        "objects",
    }
