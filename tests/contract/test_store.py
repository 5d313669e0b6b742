"""One contract for the store, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Float, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from robot.adapters.store.schema import metadata
from robot.adapters.store.store import SqlStore
from robot.domain.case import Ball
from robot.domain.decision import Decision
from robot.domain.notice import OutgoingMail
from robot.domain.reported import FoundBy
from robot.domain.reposting import Fault
from robot.domain.rights import Scope
from robot.domain.state import EffectKind, EffectStatus, State
from robot.errors import LeaseHeldError, LeaseLostError, StoreError, TransitionError
from robot.flow.measure_port import Spread
from robot.flow.records import (
    DocumentFilter,
    KnownVersion,
    Move,
    NewEffect,
    Settlement,
    TrailProof,
)
from robot.flow.sheet_port import NewSheet, Part, SheetStatus, Way
from tests.contract.store_places import ENGINES, StorePlace, StorePlaces, store_places_in
from tests.support.fakes import SetClock
from tests.support.inbox import came_in
from tests.support.journeys import EVER, measures
from tests.support.mssql import engine_at, need_catalogue_of_microsoft
from tests.support.recorded import DECISION, a_core, a_recorded
from tests.support.reposting import a_reposting, a_reposting_line


@pytest.fixture(name="places", scope="module")
def _places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorePlaces]:
    with store_places_in(tmp_path_factory.mktemp("stores")) as places:
        yield places


@pytest.fixture(name="place", params=ENGINES)
def _place(request: pytest.FixtureRequest, places: StorePlaces) -> Iterator[StorePlace]:
    with places.fresh(request.param) as place:
        yield place


@pytest.fixture(name="store")
def _store(place: StorePlace) -> SqlStore:
    return place.robot()


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


@pytest.mark.parametrize("decision", [None, DECISION], ids=["moved", "decided anew"])
def test_a_move_from_where_a_document_is_not_is_refused(
    store: SqlStore, decision: Decision | None
) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded()])
    move = Move(
        document=number,
        origin=State.DECIDED,
        to=State.POSTING,
        act="sending",
        decision=decision,
    )
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


@pytest.mark.parametrize(
    ("origin", "to"),
    [
        (State.DECIDED, State.SUPERSEDED),
        (State.DECIDED, State.HELD),
        (State.DECIDED, State.POSTED),
        (State.HELD, State.DROPPED),
    ],
)
def test_what_was_not_sent_is_cancelled_when_nothing_is_to_come_of_it(
    store: SqlStore, origin: State, to: State
) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([replace(a_recorded(state=origin), effects=(_posting(),))])
        unit.move([Move(document=number, origin=origin, to=to, act="ended")])
    assert [effect.status for effect in store.documents.effects(number)] == [
        EffectStatus.CANCELLED
    ]


def test_nothing_is_asked_about_a_document_that_waits_for_nobody(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded(state=State.DECIDED)])
    with pytest.raises(TransitionError), store.writing(actor="bod") as unit:
        unit.request(number, released_by="bod")


def _mail(name: str = "a") -> OutgoingMail:
    return OutgoingMail(
        message_id=f"<{name}@example.test>",
        recipients=("a@b.test",),
        sender="robot@example.test",
        subject="Sag",
        plain="Ret den.",
        html="",
        language="da",
    )


def test_a_mail_is_claimed_once(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        mail = unit.freeze_mail(_mail(), "99001", [])
    claim = Settlement(effect=mail, origin=EffectStatus.PENDING, to=EffectStatus.SENT, tried=1)
    with store.writing(actor="robot") as unit:
        unit.settle_mail(mail, claim)
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.settle_mail(mail, claim)
    assert [row.attempts for row in store.mails.all()] == [1]


def test_a_notice_goes_into_one_mail_and_stays_there_when_it_was_handed_over(
    store: SqlStore,
) -> None:
    notice = replace(_posting("notice"), kind=EffectKind.NOTICE)
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([replace(a_recorded(state=State.DECIDED), effects=(notice,))])
        mail = unit.freeze_mail(_mail(), "99001", [1])
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.freeze_mail(_mail("b"), "99001", [1])
    with store.writing(actor="robot") as unit:
        for origin, to in (
            (EffectStatus.PENDING, EffectStatus.SENT),
            (EffectStatus.SENT, EffectStatus.DONE),
        ):
            unit.settle_mail(mail, Settlement(effect=mail, origin=origin, to=to))
        assert unit.release_notices(mail) == 0
    assert [effect.status for effect in store.documents.effects(number)] == [EffectStatus.DONE]


def test_what_was_sent_is_not_cancelled_when_its_document_is_held(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([replace(a_recorded(state=State.DECIDED), effects=(_posting(),))])
        claim = Settlement(effect=1, origin=EffectStatus.PENDING, to=EffectStatus.SENT)
        unit.settle([claim])
        unit.move([Move(document=number, origin=State.DECIDED, to=State.HELD, act="withdrawn")])
    assert [effect.status for effect in store.documents.effects(number)] == [EffectStatus.SENT]


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


def test_a_robot_that_lost_its_lease_writes_nothing(place: StorePlace) -> None:
    frozen, awake = place.robot(), place.robot()
    old = frozen.acquire(name="run", owner="frozen", seconds=0)
    new = awake.acquire(name="run", owner="awake", seconds=60)
    assert new.token > old.token
    with pytest.raises(LeaseLostError), frozen.writing(actor="frozen", lease=old) as unit:
        unit.record([a_recorded()])
    with pytest.raises(LeaseLostError):
        frozen.renew(old)
    assert list(awake.documents.listing(DocumentFilter())) == []


def test_a_lease_is_not_taken_from_a_robot_at_work(place: StorePlace) -> None:
    one, other = place.robot(), place.robot()
    lease = one.acquire(name="run", owner="one", seconds=60)
    with pytest.raises(LeaseHeldError, match="one"):
        other.acquire(name="run", owner="other", seconds=60)
    one.release(lease)
    assert other.acquire(name="run", owner="other", seconds=60).token == 2


def test_a_lease_that_is_renewed_is_held_for_its_full_time_again(place: StorePlace) -> None:
    one, other = place.robot(), place.robot()
    lease = one.acquire(name="run", owner="one", seconds=0)
    one.renew(replace(lease, seconds=60))
    with pytest.raises(LeaseHeldError):
        other.acquire(name="run", owner="other", seconds=60)


def test_an_older_lease_does_not_overwrite_what_a_newer_one_wrote(store: SqlStore) -> None:
    old = store.acquire(name="customers-a", owner="one", seconds=60)
    new = store.acquire(name="customers-b", owner="two", seconds=60)
    with store.writing(actor="two", lease=new) as unit:
        (number,) = unit.record([replace(a_recorded(state=State.DECIDED), effects=(_posting(),))])
    move = Move(document=number, origin=State.DECIDED, to=State.POSTING, act="sending")
    (row,) = store.effects.of([number], EffectStatus.PENDING)
    claim = Settlement(effect=row.id, origin=EffectStatus.PENDING, to=EffectStatus.SENT)
    with pytest.raises(TransitionError), store.writing(actor="one", lease=old) as unit:
        unit.move([move])
    with pytest.raises(TransitionError), store.writing(actor="one", lease=old) as unit:
        unit.settle([claim])


def test_what_a_newer_lease_takes_on_is_not_overwritten_either(store: SqlStore) -> None:
    old = store.acquire(name="customers-a", owner="one", seconds=60)
    with store.writing(actor="one", lease=old) as unit:
        (number,) = unit.record([replace(a_recorded(state=State.DECIDED), effects=(_posting(),))])
    (row,) = store.effects.of([number], EffectStatus.PENDING)
    new = store.acquire(name="customers-b", owner="two", seconds=60)
    with store.writing(actor="two", lease=new) as unit:
        unit.move([Move(document=number, origin=State.DECIDED, to=State.POSTING, act="sending")])
        unit.settle([Settlement(effect=row.id, origin=EffectStatus.PENDING, to=EffectStatus.SENT)])
    back = Move(document=number, origin=State.POSTING, to=State.HELD, act="refused")
    with pytest.raises(TransitionError), store.writing(actor="one", lease=old) as unit:
        unit.move([back])
    lost = Settlement(effect=row.id, origin=EffectStatus.SENT, to=EffectStatus.UNKNOWN)
    with pytest.raises(TransitionError), store.writing(actor="one", lease=old) as unit:
        unit.settle([lost])


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


def test_a_batch_costs_a_fixed_number_of_statements(place: StorePlace) -> None:
    engine = place.engine()
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    store = SqlStore(engine, SetClock())

    def statements(batch: str, size: int) -> int:
        seen.clear()
        with store.writing(actor="robot") as unit:
            unit.record(
                [
                    replace(
                        a_recorded(f"{batch}-{number}", State.DECIDED),
                        effects=(_posting(f"{batch}-{number}"),),
                    )
                    for number in range(size)
                ]
            )
        # Rows for which SQL Server has not enough parameters in one INSERT count as one.
        inserted = [text.partition(" VALUES ")[0] for text in seen]
        return sum(1 for _ in groupby(inserted))

    statements("first", 1)
    assert statements("large", 100) == statements("small", 2)
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_schema(place: StorePlace) -> None:
    place.engine().dispose()
    engine = engine_at(place.native)
    with engine.connect() as connection:
        need_catalogue_of_microsoft(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": _differ})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def _differ(
    _context: object, _found: object, _meant: object, found: object, meant: object
) -> bool | None:
    """SQL Server shows a DOUBLE PRECISION as FLOAT(53), which Alembic takes for another type."""
    same = isinstance(found, Float) and isinstance(meant, Float)
    return False if same else None


def test_what_a_sheet_moves_is_accepted_once(store: SqlStore) -> None:
    document = a_reposting(*map(a_reposting_line, (6, 7)))
    assert document.reposting is not None
    number = document.statement.document_id
    part = Part(number=number, document_key="p" * 64, lines=document.reposting.lines)
    fault = Fault(row=6, column="Beløb", da="Nul.", en="Zero.")
    with store.writing(actor="bo") as unit:
        taken = [unit.sheets.take_in(_sheet(name)) for name in ("a", "b", "a")]
    with store.writing(actor="bo") as unit:
        assert unit.sheets.accept("a" * 64, "99001", "Ane", [part]) == ""
        assert unit.sheets.accept("b" * 64, "99001", "Ane", [part]) == number
        unit.sheets.give_back("b" * 64, "99001", "Ane", [fault], b"\x00marked")

    assert taken == [True, True, False]
    with store.writing(actor="pia") as unit, pytest.raises(TransitionError):
        unit.sheets.refuse("a" * 64, fault)
    (kept,) = store.sheets.unfinished()
    assert (kept.lines, kept.author, kept.handed_in_by) == (part.lines, "Ane", "bo")
    assert store.sheets.content("b" * 64) == b"\x00bytes"
    assert store.sheets.marked("b" * 64) == b"\x00marked"
    returned = store.sheets.get("b" * 64)
    assert returned is not None
    assert (returned.status, returned.faults) == (SheetStatus.RETURNED, (fault,))
    with store.writing(actor="pia") as unit:
        # Nobody takes over another customer's sheet; its own customer may hand it in again.
        assert not unit.sheets.take_in(_sheet("b", customer="99002"))
        assert unit.sheets.take_in(_sheet("b"))
    assert store.sheets.waiting() == ["b" * 64]


def _sheet(name: str, customer: str = "99001") -> NewSheet:
    return NewSheet(
        content_hash=name * 64,
        name=f"{name}.xlsx",
        content=b"\x00bytes",
        way=Way.DASHBOARD,
        customer=customer,
    )


def test_kill_switches_are_kept(store: SqlStore) -> None:
    with store.writing(actor="bod") as unit:
        unit.pause("", "something looks wrong")
        unit.pause("", "still does")
    (row,) = store.runs.pauses()
    assert (row.scope, row.reason, row.by) == ("", "still does", "bod")


def test_a_long_text_is_kept_whole(store: SqlStore) -> None:
    # FreeTDS has a limit at 2,000 characters, SQL Server at 4,000 and 8,000.
    reasons = {str(size): "ø" * size for size in (0, 2001, 4001, 9000)}
    with store.writing(actor="bod") as unit:
        for scope, reason in reasons.items():
            unit.pause(scope, reason)
    assert {row.scope: row.reason for row in store.runs.pauses()} == reasons


def test_a_slot_counts_when_its_run_is_done(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        number = unit.begin_run("2026-11-24/06:30", "robot")
    assert not store.runs.has_slot("2026-11-24/06:30")
    with store.writing(actor="robot", run=number) as unit:
        unit.finish_run(number, "done", {"counts": {"posted": 1}})
    assert store.runs.has_slot("2026-11-24/06:30")
    assert store.runs.last()[0].summary == {"counts": {"posted": 1}}


def test_the_trail_can_not_be_changed_or_shortened(place: StorePlace, store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        unit.record([a_recorded()])
    engine = place.engine()
    for act in ("UPDATE audit SET act = 'other'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(act))
    engine.dispose()
    assert store.trail.verify().broken_at is None


def test_robots_share_the_work_evenly(place: StorePlace) -> None:
    one, other = place.robot(), place.robot()
    first = one.join(owner="one", seconds=60)
    second = other.join(owner="other", seconds=60)
    wanted = ["Arkivet", "Museet", "Skolen", "Fyret"]
    first = one.take_shares(first, wanted)
    second = other.take_shares(second, wanted)
    first = one.take_shares(first, wanted)
    second = other.take_shares(second, wanted)
    assert (len(first.shares), len(second.shares)) == (2, 2)
    assert first.shares | second.shares == set(wanted)


def test_a_robot_alone_takes_all_of_the_work(store: SqlStore) -> None:
    lease = store.take_shares(store.join(owner="one", seconds=60), ["Arkivet", "Museet"])
    assert lease.shares == {"Arkivet", "Museet"}
    assert store.standing(lease, ["Arkivet"]).fewest is None


def test_a_share_that_is_handed_on_is_free_and_one_that_is_through_is_told(
    place: StorePlace,
) -> None:
    one, other = place.robot(), place.robot()
    lease = one.take_shares(one.join(owner="one", seconds=60), ["Arkivet", "Museet", "Skolen"])
    watching = other.join(owner="other", seconds=60)
    lease = one.hand_on(lease, {"Arkivet"}, done=False)
    lease = one.hand_on(lease, {"Museet"}, done=True)
    found = other.standing(watching, ["Arkivet", "Museet", "Skolen"])
    assert (sorted(found.held), sorted(found.done)) == (["Skolen"], ["Museet"])
    taken = other.take_shares(watching, ["Arkivet", "Skolen"])
    assert taken.shares == {"Arkivet"}
    one.hand_on(lease, {"Arkivet"}, done=True)
    other.renew(taken)


def test_a_robot_that_lost_one_share_writes_nothing_at_all(place: StorePlace) -> None:
    frozen, awake = place.robot(), place.robot()
    old = frozen.take_shares(frozen.join(owner="frozen", seconds=0), ["Arkivet"])
    new = awake.take_shares(awake.join(owner="awake", seconds=60), ["Arkivet"])
    assert new.shares == {"Arkivet"}
    with pytest.raises(LeaseLostError), frozen.writing(actor="frozen", lease=old) as unit:
        unit.record([a_recorded()])
    with pytest.raises(LeaseLostError):
        frozen.take_shares(old, ["Museet"])
    with pytest.raises(LeaseLostError):
        frozen.hand_on(old, {"Arkivet"}, done=True)
    frozen.release(old)
    awake.renew(new)


def test_a_robot_that_lost_a_share_and_kept_its_seat_writes_nothing(place: StorePlace) -> None:
    frozen, awake = place.robot(), place.robot()
    new = awake.join(owner="awake", seconds=60)
    old = frozen.take_shares(frozen.join(owner="frozen", seconds=0), ["Arkivet"])
    assert awake.take_shares(new, ["Arkivet"]).shares == {"Arkivet"}
    with pytest.raises(LeaseLostError), frozen.writing(actor="frozen", lease=old) as unit:
        unit.record([a_recorded()])


def test_a_restored_store_gives_out_no_number_that_a_lost_one_may_have(store: SqlStore) -> None:
    before = store.acquire(name="customers-a", owner="one", seconds=60).token
    with store.writing(actor="robot") as unit:
        unit.open_cases(unit.record([a_recorded("SDI-1")]), 2026)
    with store.writing(actor="bod") as unit:
        unit.skip_numbers(100)
    assert store.acquire(name="customers-b", owner="two", seconds=60).token == before + 101
    with store.writing(actor="robot") as unit:
        numbers = unit.open_cases(unit.record([a_recorded("SDI-2")]), 2026)
    assert numbers == ["SAM-2026-000102"]


def test_a_persons_act_takes_nothing_from_a_robot_at_work(place: StorePlace) -> None:
    one, other = place.robot(), place.robot()
    older = one.take_shares(one.join(owner="one", seconds=60), ["Arkivet"])
    other.take_shares(other.join(owner="other", seconds=60), ["Museet"])
    with one.writing(actor="one", lease=older) as unit:
        (number,) = unit.record([a_recorded()])
    with other.writing(actor="bod") as unit:
        unit.record([replace(a_recorded(), known=_known(other), state=State.DECIDED)])
    move = Move(document=number, origin=State.DECIDED, to=State.POSTING, act="sending")
    with one.writing(actor="one", lease=older) as unit:
        unit.move([move])
    assert one.documents.get(number).state is State.POSTING


def test_what_two_robots_write_at_once_is_one_chain(place: StorePlace) -> None:
    robots = [place.robot() for _ in range(4)]

    def write(which: int) -> None:
        store = robots[which]
        lease = store.take_shares(store.join(owner=f"{which}", seconds=60), [f"{which}"])
        for number in range(10):
            with store.writing(actor=f"{which}", lease=lease) as unit:
                unit.record([a_recorded(f"{which}-{number}")])

    with ThreadPoolExecutor(len(robots)) as pool:
        list(pool.map(write, range(len(robots))))
    assert robots[0].trail.verify() == TrailProof(rows=40, head=robots[0].trail.verify().head)
    assert len(list(robots[0].documents.listing(DocumentFilter()))) == 40


def test_a_commit_whose_answer_is_lost_is_looked_up(place: StorePlace) -> None:
    engine = place.engine()
    store = SqlStore(engine, SetClock())
    answers_lost: list[bool] = []

    def lose_the_answer(connection: Connection) -> None:
        if not answers_lost:
            answers_lost.append(True)
            connection.connection.dbapi_connection.commit()  # type: ignore[union-attr]
            raise OperationalError("COMMIT", {}, Exception("the connection was closed"))

    event.listen(engine, "commit", lose_the_answer)
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded()])
    assert answers_lost
    assert store.documents.get(number).state is State.HELD
    store.close()


def test_a_commit_that_never_arrived_is_a_fault(place: StorePlace) -> None:
    engine = place.engine()
    store = SqlStore(engine, SetClock())
    cut: list[bool] = []

    def cut_the_line(connection: Connection) -> None:
        if not cut:
            cut.append(True)
            connection.connection.dbapi_connection.rollback()  # type: ignore[union-attr]
            raise OperationalError("COMMIT", {}, Exception("the connection was closed"))

    event.listen(engine, "commit", cut_the_line)
    with pytest.raises(StoreError), store.writing(actor="robot") as unit:
        unit.record([a_recorded()])
    assert list(store.documents.listing(DocumentFilter())) == []
    assert store.trail.verify().rows == 0
    store.close()


def test_what_a_mail_is_about_is_counted_and_a_persons_word_stands(store: SqlStore) -> None:
    at = SetClock().now()
    mails = [came_in(store, number, at, text="Den er spærret") for number in (1, 2, 3)]
    with store.writing(actor="robot") as unit:
        for mail in mails[:2]:
            unit.reported.name(
                mail, code="creditor-blocked", found_by=FoundBy.MODEL, confidence=0.8123
            )
    with store.writing(actor="anna") as unit:
        unit.reported.name(mails[1], code="other", found_by=FoundBy.PERSON, confidence=1)
    assert store.reported.counts(at) == {"creditor-blocked": 1, "other": 1}
    assert store.reported.of(mails)[mails[0]].confidence == Decimal("0.8123")
    assert [mail.id for mail in store.reported.unnamed(after=0, limit=5)] == [mails[2]]
    assert [(mail.id, code) for mail, code in store.reported.named_by_persons()] == [
        (mails[1], "other")
    ]


def test_notes_are_found_by_their_code_and_day(store: SqlStore) -> None:
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded()])
    since = store.documents.get(number).pulled_at
    (noted,) = store.noted.since(DECISION.notes[0].code, since)
    assert (noted.document, noted.source_id) == (number, a_core().source_id)
    assert store.noted.since(DECISION.notes[0].code, since + timedelta(days=1)) == []
    assert store.noted.since(DECISION.findings[0].code, since) == []


def test_measures_are_added_up_as_they_were_kept(store: SqlStore) -> None:
    settled = [it for it in measures() if it.document_key != "e"]
    moves = replace(settled[0], document_key="m", ball=Ball.SAM, ball_since=SetClock().now())
    with store.writing(actor="robot") as unit:
        unit.measures.keep([*settled, moves])
        unit.measures.keep([*settled, moves])
        unit.measures.measured_to(7)
    alike = store.measures.alike(EVER)
    assert sum(it.documents for it in alike) == len(settled)
    assert sum(it.held.customer for it in alike) == pytest.approx(
        sum(it.held.customer for it in settled)
    )
    (again,) = store.measures.moving(EVER)
    assert replace(again, path_days=moves.path_days) == moves
    assert again.path_days == pytest.approx(moves.path_days)
    hours = store.measures.spread(EVER, Spread.CENTRE_HOURS)
    assert sorted(hours) == [(1.0, 1), (2.0, 1), (5.0, 1), (11.0, 1)]
    assert store.measures.codes(EVER) == {"dimension-missing": 1, "outside-criteria": 1}
    assert sum(it.documents for it in store.measures.waiting(EVER)) == 0
    assert len(list(store.measures.paths(EVER))) == len(settled) + 1
    elsewhere = replace(EVER, scope=Scope(customers=frozenset({"99002"})))
    assert store.measures.alike(elsewhere) == []
