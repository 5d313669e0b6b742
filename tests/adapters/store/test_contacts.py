from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.store.store import SqlStore
from robot.flow.contact_port import ContactRow, ContactState, after_failure
from tests.support.fakes import MORNING
from tests.support.flow_world import FlowWorld

MONDAY = date(2026, 11, 23)
DESK = "Regnskab@example.test"


def fail(store: SqlStore, day: int = 0, *, hard: bool = False) -> ContactState:
    with store.writing(actor="robot") as unit:
        return unit.contacts.failed(
            DESK,
            code="5.1.1" if hard else "5.2.2",
            words="550 no\r\n more",
            hard=hard,
            on=MONDAY + timedelta(days=day),
        )


def test_an_address_is_right_until_it_fails(tmp_path: Path) -> None:
    store = FlowWorld(tmp_path).store
    assert store.contacts.states([DESK]) == {DESK: ContactState.OK}
    fail(store)
    assert store.contacts.states([DESK, DESK.lower()]) == {
        DESK: ContactState.SOFT,
        DESK.lower(): ContactState.SOFT,
    }
    (row,) = store.contacts.listing()
    assert (row.address, row.last_code, row.words) == (DESK.lower(), "5.2.2", "550 no more")


def test_an_address_that_nobody_has_is_dead_at_once(tmp_path: Path) -> None:
    assert fail(FlowWorld(tmp_path).store, hard=True) is ContactState.DEAD


def test_six_bad_days_make_it_dead_however_often_each_was_tried(tmp_path: Path) -> None:
    store = FlowWorld(tmp_path).store
    states = [[fail(store, day), fail(store, day)][-1] for day in range(6)]
    assert states == [*[ContactState.SOFT] * 5, ContactState.DEAD]


def test_a_week_without_failures_forgets_the_earlier_ones(tmp_path: Path) -> None:
    store = FlowWorld(tmp_path).store
    for day in (0, 1, 2, 3, 4, 20):
        state = fail(store, day)
        assert state is ContactState.SOFT


def test_whoever_is_reached_is_written_to_again(tmp_path: Path) -> None:
    store = FlowWorld(tmp_path).store
    fail(store, hard=True)
    with store.writing(actor="bo") as unit:
        assert unit.contacts.reached(DESK)
        assert not unit.contacts.reached(DESK)
    assert store.contacts.states([DESK]) == {DESK: ContactState.OK}
    acts = [row.act for row in store.trail.rows()]
    assert acts == ["contact-failed", "contact-reached"]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=12))
def test_a_hard_failure_always_ends_dead_and_no_score_falls_below_zero(
    failures: list[tuple[bool, int]],
) -> None:
    row: ContactRow | None = None
    day = MONDAY
    for hard, later in failures:
        day += timedelta(days=later)
        state, score = after_failure(row, hard=hard, on=day)
        assert score > 0
        assert state is ContactState.DEAD or not hard
        row = ContactRow(
            address="a@example.test",
            state=state,
            score=Decimal(score),
            changed_at=MORNING,
            last_failure_on=day,
            last_code="",
            words="",
        )
