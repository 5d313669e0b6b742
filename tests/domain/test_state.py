from __future__ import annotations

import pytest

from robot.domain.state import (
    EFFECT_TRANSITIONS,
    FINAL,
    FIRST,
    FORGETFUL,
    IN_FLIGHT,
    TRANSITIONS,
    EffectStatus,
    State,
    allowed,
)


def _reachable(first: set[State]) -> set[State]:
    found, waiting = set(first), list(first)
    while waiting:
        for state in TRANSITIONS[waiting.pop()] - found:
            found.add(state)
            waiting.append(state)
    return found


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set(EFFECT_TRANSITIONS) == set(EffectStatus)


def test_every_state_is_reached_from_pulled() -> None:
    assert _reachable({State.PULLED}) == set(State)


def test_nothing_leaves_a_final_state() -> None:
    assert {State.POSTED, State.BOUNCED, State.DROPPED, State.SUPERSEDED} == FINAL


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_every_other_state_has_a_way_to_the_end(state: State) -> None:
    assert _reachable({state}) & FINAL


def test_nothing_is_posted_or_bounced_without_an_intent() -> None:
    # From where nothing is under way only a posting that a restored store has forgotten leads
    # there, taken over from the evidence.
    assert {s for s in State if allowed(s, State.POSTED)} == IN_FLIGHT | FORGETFUL
    assert {s for s in State if allowed(s, State.BOUNCED)} == {State.REJECTING}


def test_a_request_to_post_never_becomes_a_bounce_directly() -> None:
    assert not allowed(State.POSTING, State.BOUNCED)
    assert not allowed(State.POSTING, State.REJECTING)


def test_a_document_in_flight_is_not_superseded_or_dropped() -> None:
    for state in IN_FLIGHT:
        assert not TRANSITIONS[state] & {State.SUPERSEDED, State.DROPPED}


def test_a_document_is_recorded_first_where_the_table_leads_from_pulled() -> None:
    assert {State.PULLED} | TRANSITIONS[State.PULLED] >= FIRST
    assert State.POSTING not in FIRST


def test_an_unknown_outcome_never_becomes_pending_again() -> None:
    assert EffectStatus.PENDING not in EFFECT_TRANSITIONS[EffectStatus.UNKNOWN]
