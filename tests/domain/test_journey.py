"""Journeys: order of late events, corrections, and who had the ball when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from robot.domain.case import Ball
from robot.domain.journey import BALL, Actor, EventName, JourneyEvent, ball, in_order, spans

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


def event(
    name: EventName, hour: float, *, number: int | None = None, **more: object
) -> JourneyEvent:
    detail = {BALL: more["held_by"]} if "held_by" in more else {}
    supersedes = more.get("supersedes")
    return JourneyEvent(
        document_key="k",
        at=START + timedelta(hours=hour),
        event=name,
        system="robot",
        actor=Actor.ROBOT,
        source_ref=f"{name}:{hour}",
        detail=detail,
        id=number,
        supersedes=supersedes if isinstance(supersedes, int) else None,
    )


WHOLE = [
    event(EventName.RECEIVED, 0),
    event(EventName.APPROVED, 10),
    event(EventName.PICKED, 12),
    event(EventName.BOUNCED, 13),
    event(EventName.APPROVED, 20),
    event(EventName.POSTED, 21),
    event(EventName.SENT_TO_BANK, 30),
    event(EventName.SETTLED, 40),
]


def test_the_ball_goes_from_customer_to_centre_and_back_and_on_to_the_bank() -> None:
    hours = [
        (span.holder, (span.end - span.start) / timedelta(hours=1))
        for span in spans(WHOLE, until=START + timedelta(hours=50))
    ]
    assert hours == [
        (Ball.CUSTOMER, 10),
        (Ball.SAM, 3),
        (Ball.CUSTOMER, 7),
        (Ball.SAM, 1),
        (Ball.NOBODY, 9),
        (Ball.BANK, 10),
    ]


def test_the_order_in_which_events_come_in_does_not_matter() -> None:
    assert in_order(reversed(WHOLE)) == WHOLE


def test_of_events_on_the_same_day_the_earlier_step_comes_first() -> None:
    same = [event(EventName.APPROVED, 0), event(EventName.RECEIVED, 0)]
    assert [it.event for it in in_order(same)] == [EventName.RECEIVED, EventName.APPROVED]


def test_a_corrected_time_counts_and_the_one_before_does_not() -> None:
    events = [
        event(EventName.SENT_TO_BANK, 5, number=1),
        event(EventName.SENT_TO_BANK, 3, number=2, supersedes=1),
    ]
    assert [it.id for it in in_order(events)] == [2]


def test_a_document_held_for_somebody_else_is_in_their_hands() -> None:
    events = [event(EventName.PICKED, 0), event(EventName.HELD, 1, held_by="supplier")]
    assert ball(events) == (Ball.SUPPLIER, START + timedelta(hours=1))


def test_an_ended_journey_is_in_nobodys_hands() -> None:
    assert ball(WHOLE) is None


some = st.lists(
    st.builds(event, st.sampled_from(EventName), st.integers(0, 100)), min_size=1, max_size=12
)


@given(some, st.integers(0, 120))
def test_spans_are_in_order_without_overlap(events: list[JourneyEvent], until: int) -> None:
    found = spans(events, until=START + timedelta(hours=until))
    assert all(span.start < span.end for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(a.holder is not b.holder or a.end < b.start for a, b in pairwise(found))
