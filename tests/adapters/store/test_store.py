from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable

from robot.adapters.store.columns import database_seconds, instant_text
from robot.adapters.store.engine import open_engine
from robot.adapters.store.schema import metadata
from robot.adapters.store.store import SqlStore, open_store
from robot.domain.decision import Decision, Outcome, RuleResult, Truth
from robot.domain.decision import Effect as RuleEffect
from robot.domain.state import EffectKind, EffectStatus, State
from robot.errors import LeaseHeldError, LeaseLostError, StoreError, TransitionError
from robot.flow.records import (
    DocumentCore,
    DocumentFilter,
    KnownVersion,
    Move,
    NewEffect,
    Recorded,
    Settlement,
)
from tests.support.fakes import SetClock, found

DECISION = Decision(
    outcome=Outcome.HOLD,
    findings=(found("creditor-unknown", "…4567"), found("dimension-missing")),
    suppressed=(found("account-unknown"),),
    notes=(found("large-amount"),),
    results=(
        RuleResult(
            rule="standard:x",
            effect=RuleEffect.HOLD,
            truth=Truth.UNKNOWN,
            error_type="cannot-check",
            unknown=("creditor.known",),
        ),
    ),
    ruleset="r" * 64,
    facts_hash="f" * 64,
    decided_on=date(2026, 11, 24),
    posting_date=date(2026, 11, 30),
)
DIALECTS: tuple[Dialect, ...] = tuple(
    make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql", "mssql")
)


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'robot.db'}", SetClock())
    yield store
    store.close()


def a_core(source_id: str = "SDI-1", **overrides: object) -> DocumentCore:
    core = DocumentCore(
        document_key=source_id.rjust(64, "k"),
        version="v1",
        generation="2026-11-12T11:00:00+00:00",
        system="sdi",
        company="Eksempelstyrelsen",
        customer="99001",
        source_id=source_id,
        name=f"{source_id}.xml",
        content_hash="c" * 64,
        kind="invoice",
        number="F-1001",
        supplier="Rengøring Øst A/S",
        issue_date=date(2026, 11, 9),
        total=Decimal("1250.00"),
        payable=Decimal("1250.00"),
        currency="DKK",
        lines=2,
        number_mark="n" * 64,
        likeness_mark="l" * 64,
    )
    return replace(core, **overrides)  # type: ignore[arg-type]  # any field of the core


def a_recorded(source_id: str = "SDI-1", state: State = State.HELD, **core: object) -> Recorded:
    return Recorded(
        known=None, core=a_core(source_id, **core), state=state, digest="d", decision=DECISION
    )


def _posting(key: str = "SDI-1:1") -> NewEffect:
    return NewEffect(kind=EffectKind.POSTING, key=key, payload='{"a":1}', payload_hash="p" * 64)


def _known(store: SqlStore, source_id: str = "SDI-1") -> KnownVersion:
    (version,) = store.documents.known([a_core(source_id).document_key]).values()
    return version[0]


def test_what_is_recorded_is_read_back_as_it_was(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded()])
    row = store.documents.get(number)
    assert row.core == a_core()
    assert (row.state, row.codes) == (State.HELD, ("creditor-unknown", "dimension-missing"))
    assert store.documents.decisions(number)[0].decision == DECISION


def test_a_failure_writes_nothing_at_all(store: SqlStore) -> None:
    def fail_half_way() -> None:
        with store.writing(actor="robot") as unit:
            unit.record([replace(a_recorded(state=State.DECIDED), effects=(_posting(),))])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert list(store.documents.listing(DocumentFilter())) == []
    assert store.trail.verify().rows == 0


def test_one_bad_row_keeps_the_whole_batch_out(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded("SDI-1")])
    with pytest.raises(StoreError), store.writing(actor="robot") as unit:
        unit.record([a_recorded("SDI-2"), a_recorded("SDI-1")])
    assert [row.core.source_id for row in store.documents.listing(DocumentFilter())] == ["SDI-1"]


def test_a_document_does_not_begin_in_the_middle(store: SqlStore) -> None:
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.record([a_recorded(state=State.POSTING)])


def test_a_move_that_the_table_does_not_have_is_refused(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded()])
    move = Move(document=number, origin=State.HELD, to=State.BOUNCED, act="bounced")
    with (
        pytest.raises(TransitionError, match="from held to bounced"),
        store.writing(actor="robot") as unit,
    ):
        unit.move([move])


def test_a_move_from_where_a_document_is_not_is_refused(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded()])
    move = Move(document=number, origin=State.DECIDED, to=State.POSTING, act="sending")
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.move([move])
    assert store.documents.get(number).state is State.HELD


def test_two_who_decide_the_same_document_do_not_both_write(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded()])
    again = replace(a_recorded(), known=_known(store))
    with store.writing(actor="robot") as unit:
        unit.record([replace(again, state=State.DECIDED)])
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.record([again])


def test_an_effect_is_claimed_once(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([replace(a_recorded(state=State.DECIDED), effects=(_posting(),))])
    (row,) = store.effects.of([number], EffectStatus.PENDING)
    claim = Settlement(effect=row.id, origin=EffectStatus.PENDING, to=EffectStatus.SENT, tried=1)
    with store.writing(actor="robot") as unit:
        unit.settle([claim])
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.settle([claim])
    (sent,) = store.effects.unsettled(after=0, limit=10)
    assert (sent.status, sent.attempts, sent.payload) == (EffectStatus.SENT, 1, '{"a":1}')


def test_deciding_again_cancels_what_was_not_sent(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([replace(a_recorded(state=State.DECIDED), effects=(_posting(),))])
        unit.record([replace(a_recorded(), known=replace(_blank(number), state=State.DECIDED))])
    assert [effect.status for effect in store.documents.effects(number)] == [
        EffectStatus.CANCELLED
    ]


def _blank(number: int) -> KnownVersion:
    return KnownVersion(
        id=number,
        document_key=a_core().document_key,
        version="v1",
        generation="",
        state=State.HELD,
        digest="",
        ruleset="",
        codes=(),
        recheck=False,
        turn=1,
        attempts=0,
        released_by=None,
        sent_back_by=None,
    )


def test_a_case_number_belongs_to_the_document_not_to_its_version(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        ids = unit.record([a_recorded("SDI-1"), a_recorded("SDI-2")])
        first = unit.open_cases(ids, 2026)
    with store.writing(actor="robot") as unit:
        later = unit.record([a_recorded("SDI-1", version="v2"), a_recorded("SDI-3")])
        second = unit.open_cases(later, 2026)
    assert first == ["SAM-2026-000001", "SAM-2026-000002"]
    assert second == ["SAM-2026-000001", "SAM-2026-000003"]


def test_a_robot_that_lost_its_lease_writes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'robot.db'}"
    # Without the lock file of one machine, as on a database server.
    frozen, awake = (SqlStore(open_engine(url), SetClock()) for _ in range(2))
    old = frozen.acquire(name="run", owner="frozen", seconds=0)
    new = awake.acquire(name="run", owner="awake", seconds=60)
    assert new.token > old.token
    with pytest.raises(LeaseLostError), frozen.writing(actor="frozen", lease=old) as unit:
        unit.record([a_recorded()])
    with pytest.raises(LeaseLostError):
        frozen.renew(old)
    assert list(awake.documents.listing(DocumentFilter())) == []


def test_a_lease_is_not_taken_from_a_robot_at_work(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'robot.db'}"
    one, other = (SqlStore(open_engine(url), SetClock()) for _ in range(2))
    lease = one.acquire(name="run", owner="one", seconds=60)
    with pytest.raises(LeaseHeldError, match="one"):
        other.acquire(name="run", owner="other", seconds=60)
    one.release(lease)
    assert other.acquire(name="run", owner="other", seconds=60).token == 2


def test_a_killed_robots_lease_is_free_at_once_on_one_machine(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'robot.db'}"
    killed = open_store(url, SetClock())
    killed.acquire(name="run", owner="killed", seconds=3600)
    with pytest.raises(LeaseHeldError):
        open_store(url, SetClock()).acquire(name="run", owner="next", seconds=60)
    killed.close()  # the kernel does this to the lock of a killed process
    successor = open_store(url, SetClock())
    assert successor.acquire(name="run", owner="next", seconds=60).token == 2
    successor.close()


def test_an_older_lease_does_not_overwrite_what_a_newer_one_wrote(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'robot.db'}"
    store = SqlStore(open_engine(url), SetClock())
    old = store.acquire(name="customers-a", owner="one", seconds=60)
    new = store.acquire(name="customers-b", owner="two", seconds=60)
    with store.writing(actor="two", lease=new) as unit:
        (number,) = unit.record([a_recorded(state=State.DECIDED)])
    move = Move(document=number, origin=State.DECIDED, to=State.POSTING, act="sending")
    with pytest.raises(TransitionError), store.writing(actor="one", lease=old) as unit:
        unit.move([move])


def test_twins_are_the_first_that_claim_a_number(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded(f"SDI-{number}") for number in range(5)])
        unit.record([a_recorded("SDI-9", total=Decimal(9), likeness_mark=None)])
    twins = store.documents.twins([a_core("SDI-new")])
    assert [(twin.id, twin.total) for twin in twins] == [(1, Decimal(1250)), (6, Decimal(9))]


@pytest.mark.parametrize(
    "which",
    [
        {"customer": "99001"},
        {"code": "creditor-unknown"},
        {"states": frozenset({State.HELD})},
        {"reference": "SDI-1"},
        {"reference": "F-1001"},
        {"reference": a_core("SDI-1").document_key[:12]},
    ],
)
def test_documents_are_found_by(store: SqlStore, which: dict[str, object]) -> None:
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded("SDI-1")])
    filtered = DocumentFilter(**which)  # type: ignore[arg-type]  # fields of the filter
    assert [row.core.source_id for row in store.documents.listing(filtered)] == ["SDI-1"]


def test_a_code_is_not_found_by_a_part_of_it(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded()])
    assert list(store.documents.listing(DocumentFilter(code="creditor"))) == []
    assert list(store.documents.listing(DocumentFilter(reference="%%%%%%%%"))) == []


def test_a_batch_costs_a_fixed_number_of_statements(tmp_path: Path) -> None:
    def statements(size: int) -> int:
        engine = open_engine(f"sqlite:///{tmp_path / f'{size}.db'}")
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
        store = SqlStore(engine, SetClock())
        with store.writing(actor="robot") as unit:
            unit.record(
                [
                    replace(
                        a_recorded(f"SDI-{number}", State.DECIDED),
                        effects=(_posting(str(number)),),
                    )
                    for number in range(size)
                ]
            )
        return len(seen)

    assert statements(200) == statements(2)


def test_the_database_outlives_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'robot.db'}")
    with engine.connect() as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 2, 1, 10_000]


def test_a_damaged_database_is_named_and_not_used(tmp_path: Path) -> None:
    path = tmp_path / "robot.db"
    open_store(f"sqlite:///{path}", SetClock()).close()
    raw = bytearray(path.read_bytes())
    raw[4096:12288] = b"\xff" * 8192
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"):
        open_store(f"sqlite:///{path}", SetClock())


def test_a_database_of_a_newer_robot_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "robot.db"
    open_store(f"sqlite:///{path}", SetClock()).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="at version 9999"):
        open_store(f"sqlite:///{path}", SetClock())


def test_an_unreachable_database_is_a_fault_without_secrets() -> None:
    with pytest.raises(StoreError) as caught:
        open_engine("sqlite:////proc/nowhere/robot.db")
    assert "can't be" in str(caught.value)


def test_the_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'robot.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_table_can_be_made_on_every_engine(dialect: Dialect) -> None:
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        (DIALECTS[0], "strftime"),
        (DIALECTS[1], "clock_timestamp"),
        (DIALECTS[2], "SYSUTCDATETIME"),
    ],
)
def test_leases_go_by_the_clock_of_the_database(dialect: Dialect, words: str) -> None:
    assert words in str(database_seconds().compile(dialect=dialect))


def test_the_seconds_of_the_database_are_utc() -> None:
    with create_engine("sqlite://").connect() as connection:
        seconds = connection.execute(database_seconds().select()).scalar_one()
    assert datetime.fromtimestamp(seconds, UTC).year >= 2020


def test_instants_sort_as_text_whatever_their_zone() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=1)))
    assert instant_text(noon) == "2026-11-24T11:00:00.000000+00:00"


def test_kill_switches_are_kept(store: SqlStore) -> None:
    with store.writing(actor="bod") as unit:
        unit.pause("", "something looks wrong")
        unit.pause("", "still does")
    (row,) = store.runs.pauses()
    assert (row.scope, row.reason, row.by) == ("", "still does", "bod")


def test_a_slot_counts_when_its_run_is_done(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        number = unit.begin_run("2026-11-24/06:30", "robot")
    assert not store.runs.has_slot("2026-11-24/06:30")
    with store.writing(actor="robot", run=number) as unit:
        unit.finish_run(number, "done", {"counts": {"posted": 1}})
    assert store.runs.has_slot("2026-11-24/06:30")
    assert store.runs.last()[0].summary == {"counts": {"posted": 1}}
