"""The history keeps what decisions saw, exactly, once, whatever happens to the run."""

from __future__ import annotations

import fcntl
import stat
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from robot.adapters.history.keeper import HistoryFolder
from robot.adapters.history.reader import HistoryReader
from robot.checks.catalogue import CATALOGUE
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Kind
from robot.domain.money import Money
from robot.errors import HistoryError
from robot.flow.history_port import Aftermath
from robot.flow.past import Narrowing
from tests.rulebook.generated import DIMENSIONS, documents
from tests.rulebook.world import CATALOGUE as SMALL
from tests.support.history import batch_of, keep, later, past, read_back

ALL = Narrowing()
OWN = sorted(name for name, spec in SMALL.items() if not spec.of_line and name != "lines")
OF_LINE = sorted(
    [n.removeprefix("lines.") for n, s in SMALL.items() if s.of_line and not s.open_ended]
    + [f"dimensions.{name}" for name in DIMENSIONS]
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(values=documents(), other=documents())
def test_every_value_comes_back_as_it_was(values: dict[str, Any], other: dict[str, Any]) -> None:
    batch = batch_of([past("k1", values), past("k2", other)], SMALL)
    assert batch.values(0, OWN, OF_LINE) == values
    assert batch.values(1, OWN, OF_LINE) == other


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("invoice.total", Money(Decimal("-0.05"), "EUR")),
        ("invoice.total", Money(Decimal("12345678901234567890.123456"), "DKK")),
        ("currency.rate", Decimal("7.4604123")),
        ("invoice.kind", Kind.CREDIT_NOTE),
        ("creditor.accounts", frozenset()),
        ("creditor.accounts", frozenset({"15510001234567", "DK5000400440116243"})),
        ("invoice.number", ""),
        ("remark.text", "\x00 kan komme fra JSON"),
        ("remark.text", "\x00"),
        ("remark.text", "æøå – ‘’ \n\t"),
        ("invoice.issue_date", date(1, 1, 1)),
        ("approval.complete", False),
        ("approval.complete", None),
        ("approval.complete", UNKNOWN),
    ],
)
def test_odd_values_survive(tmp_path: Path, name: str, value: object) -> None:
    keep(tmp_path, [past("k1", {name: value})])
    assert read_back(tmp_path, CATALOGUE, [name])["k1"][name] == value


def test_half_a_character_does_not_stop_the_history(tmp_path: Path) -> None:
    keep(tmp_path, [past("k1", {"remark.text": "\ud800"})])
    assert read_back(tmp_path, CATALOGUE, ["remark.text"])["k1"]["remark.text"] == "?"


def test_a_field_that_was_not_recorded_is_unknown_not_absent(tmp_path: Path) -> None:
    keep(tmp_path, [past("k1", {"order.reference": None})])
    values = read_back(tmp_path, CATALOGUE, ["order.reference", "order.project"])["k1"]
    assert values["order.reference"] is None
    assert values["order.project"] is UNKNOWN


def test_each_document_has_the_dimensions_of_its_own_customer(tmp_path: Path) -> None:
    keep(tmp_path, [past("k1", {"lines": ({"dimensions.sted": "KBH"},)})], run=1)
    keep(tmp_path, [past("k2", {"lines": ({"dimensions.formaal": None},)})], run=2)
    lines = ["dimensions.sted", "dimensions.formaal"]
    found = read_back(tmp_path, CATALOGUE, [], lines)
    assert found["k1"]["lines"] == ({"dimensions.sted": "KBH", "dimensions.formaal": UNKNOWN},)
    assert found["k2"]["lines"] == ({"dimensions.sted": UNKNOWN, "dimensions.formaal": None},)


def test_no_lines_absent_lines_and_unknown_lines_are_told_apart(tmp_path: Path) -> None:
    kinds: dict[str, Any] = {"none": (), "absent": None, "unknown": UNKNOWN}
    keep(tmp_path, [past(key, {"lines": value}) for key, value in kinds.items()])
    found = read_back(tmp_path, CATALOGUE, [], ["net"])
    assert {key: values["lines"] for key, values in found.items()} == kinds


def test_what_a_killed_run_put_aside_is_collected_by_the_next(tmp_path: Path) -> None:
    HistoryFolder(tmp_path).record(1, [past("k1")], [])
    keep(tmp_path, [past("k2")], run=2)
    assert set(read_back(tmp_path, CATALOGUE)) == {"k1", "k2"}


def test_what_was_put_aside_and_decided_again_counts_once_as_it_was_last(tmp_path: Path) -> None:
    name = "order.reference"
    HistoryFolder(tmp_path).record(1, [past("k1", {name: "before"})], [])
    keep(tmp_path, [past("k1", {name: "after"}, decided_on=date(2026, 12, 1))], run=2)
    assert read_back(tmp_path, CATALOGUE, [name])["k1"][name] == "after"


def test_collecting_again_changes_nothing(tmp_path: Path) -> None:
    history = HistoryFolder(tmp_path)
    history.record(1, [past("k1")], [later("k0", Aftermath.CORRECTED)])
    aside = {path: path.read_bytes() for path in (tmp_path / "aside").iterdir()}
    history.collect()
    once = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    for path, content in aside.items():
        path.write_bytes(content)
    HistoryFolder(tmp_path).collect()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == once


def test_a_store_from_a_backup_that_counts_its_runs_anew_loses_no_history(tmp_path: Path) -> None:
    keep(tmp_path, [past("k1")], run=7)
    keep(tmp_path, [past("k2")], run=7)
    assert set(read_back(tmp_path, CATALOGUE)) == {"k1", "k2"}


def test_only_the_last_decision_about_a_version_counts(tmp_path: Path) -> None:
    keep(tmp_path, [past("k1")], run=1)
    again = later("k1", Aftermath.DECIDED_AGAIN, turn=1)
    keep(tmp_path, [past("k1", turn=2, source_id="again")], [again], run=2)
    reader = HistoryReader(tmp_path, CATALOGUE)
    (part,) = reader.parts(ALL)
    batch = reader.read(part, ALL, [], [])
    assert [batch.document(row).source_id for row in range(batch.size)] == ["again"]


@pytest.mark.parametrize(
    ("events", "known"),
    [
        ((), None),
        ((Aftermath.POSTED_BY_CLERK,), Aftermath.POSTED_BY_CLERK),
        ((Aftermath.POSTED_BY_CLERK, Aftermath.CORRECTED), Aftermath.CORRECTED),
        ((Aftermath.REVERSED, Aftermath.POSTED_BY_CLERK), Aftermath.REVERSED),
    ],
)
def test_the_last_act_counts_and_a_reversal_outweighs_it(
    tmp_path: Path, events: tuple[Aftermath, ...], known: Aftermath | None
) -> None:
    told = [
        replace(later("k1", what), at=later("k1", what).at.replace(hour=12 + hour))
        for hour, what in enumerate(events)
    ]
    keep(tmp_path, [past("k1"), past("k2")], told)
    reader = HistoryReader(tmp_path, CATALOGUE)
    (part,) = reader.parts(ALL)
    batch = reader.read(part, ALL, [], [])
    assert [batch.document(row).aftermath for row in range(2)] == [known, None]


def test_the_trail_is_read_on_from_where_it_was_left(tmp_path: Path) -> None:
    history = HistoryFolder(tmp_path)
    assert history.seen_to() == 0
    history.note(41, [later("k1", Aftermath.DROPPED)])
    history.note(57, [])
    assert HistoryFolder(tmp_path).seen_to() == 57


def test_days_and_customers_narrow_what_is_read(tmp_path: Path) -> None:
    decisions = [
        past("k1", decided_on=date(2026, 10, 31)),
        past("k2", decided_on=date(2026, 11, 2)),
        past("k3", decided_on=date(2026, 11, 2), customer="99002"),
    ]
    keep(tmp_path, decisions)
    november = Narrowing(since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert set(read_back(tmp_path, CATALOGUE, which=november)) == {"k2", "k3"}
    one = Narrowing(customer="99001", until=date(2026, 11, 1))
    assert set(read_back(tmp_path, CATALOGUE, which=one)) == {"k1"}


def test_a_part_never_has_more_documents_than_fit_into_memory(tmp_path: Path) -> None:
    for run in range(7):
        keep(tmp_path, [past(f"k{run}-{n}") for n in range(3)], run=run)
    parts = HistoryReader(tmp_path, CATALOGUE, rows_at_once=6).parts(ALL)
    assert [part.rows for part in parts] == [6, 6, 6, 3]


def test_the_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    keep(tmp_path / "history", [past()])
    assert stat.S_IMODE((tmp_path / "history").stat().st_mode) == 0o700


def test_no_history_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"there is no history in .*config/robot\.toml"):
        HistoryReader(tmp_path, CATALOGUE).parts(ALL)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    keep(tmp_path, [past()])
    (path,) = (tmp_path / "decisions").rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(HistoryError, match=path.name):
        HistoryReader(tmp_path, CATALOGUE).parts(ALL)


def test_a_full_disk_is_a_fault_that_the_run_can_survive(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("a file where the folder should be")
    with pytest.raises(HistoryError, match="can't be kept"):
        HistoryFolder(tmp_path / "history").record(1, [past()], [])


def test_another_robot_may_collect_in_the_middle_of_a_run(tmp_path: Path) -> None:
    at_work = HistoryFolder(tmp_path)
    at_work.record(1, [past("k1")], [])
    keep(tmp_path, [past("k2")], run=2)
    at_work.record(1, [past("k3")], [])
    at_work.collect()
    assert set(read_back(tmp_path, CATALOGUE)) == {"k1", "k2", "k3"}


def test_only_one_robot_collects_at_a_time(tmp_path: Path) -> None:
    history = HistoryFolder(tmp_path)
    history.record(1, [past("k1")], [])
    with (tmp_path / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        history.collect()
        assert len(list((tmp_path / "aside").iterdir())) == 1
    history.collect()
    assert set(read_back(tmp_path, CATALOGUE)) == {"k1"}
