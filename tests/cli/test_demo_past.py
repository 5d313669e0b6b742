"""The months behind the demo: whole journeys, nothing open, its own run untouched."""

from __future__ import annotations

from collections import Counter

import pytest

from robot import bootstrap, settings
from robot.cli.demo import placed_in, tell_past
from robot.domain.journey import EventName, ball, in_order
from robot.domain.rights import Scope
from robot.domain.state import State
from robot.flow.store_port import Store
from robot.flow.view_port import DocumentQuery

DAYS, A_DAY = 30, 6


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    given = placed_in(settings.load(), tmp_path_factory.mktemp("past"))
    assert tell_past(given, DAYS, A_DAY) > DAYS
    return given


@pytest.fixture(scope="module")
def store(placed: settings.Settings) -> Store:
    return bootstrap.open_store(placed.store.url, bootstrap.FixedClock())


def test_everything_of_the_past_is_settled(store: Store) -> None:
    found = Counter(line.state for line in store.views.every(Scope(), DocumentQuery()))
    assert set(found) <= {State.POSTED, State.DROPPED}
    whole = list(store.views.every(Scope(), DocumentQuery(latest=False)))
    assert any(line.state is State.BOUNCED for line in whole)
    assert store.documents.count_open_cases() == {}
    assert store.effects.notices_to_tell("") == []


def test_every_document_was_approved_before_it_came_and_posted_after(store: Store) -> None:
    lines = list(store.views.every(Scope(), DocumentQuery(states=frozenset({State.POSTED}))))
    told = store.journeys.of([line.document_key for line in lines])
    for line in lines:
        events = in_order(told[line.document_key])
        names = [event.event for event in events]
        assert names[0] is EventName.RECEIVED
        assert names.index(EventName.APPROVED) < names.index(EventName.PICKED)
        assert names.index(EventName.PICKED) < names.index(EventName.POSTED)
        held = ball(events)
        assert held is None or held[0].value in {"nobody", "bank"}


def test_it_is_told_already_and_its_trail_is_whole(store: Store) -> None:
    assert store.journeys.untold(store.journeys.seen_to(), 1) == []
    assert store.trail.verify().broken_at is None


def test_a_store_with_a_run_gets_no_past(placed: settings.Settings) -> None:
    assert tell_past(placed, DAYS, A_DAY) == 0
