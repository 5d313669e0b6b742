"""What holds for any bytes at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.mail.incoming import sort
from robot.domain.incoming import Route
from tests.adapters.mail.incoming.shapes.world import ADDRESS, ANNA, CONTEXT, plain

SAFE = {Route.TRIAGE, Route.QUARANTINE, Route.NOTED, Route.PARKED}
VALID = plain("Det er rettet.")


@given(st.binary(max_size=2_000))
def test_any_bytes_are_sorted_and_none_reach_a_case(raw: bytes) -> None:
    assert sort(raw, CONTEXT).route in SAFE


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_of_a_known_sender_is_sorted(subject: str, text: str) -> None:
    line = " ".join(subject.split())
    raw = f"From: {ANNA}\nTo: {ADDRESS}\nSubject: {line}\n\n{text}".encode("utf-8", "replace")
    found = sort(raw, CONTEXT)
    assert found.route in {*SAFE, Route.CASE}
    assert "\0" not in found.text


@given(st.integers(0, len(VALID) - 1), st.binary(max_size=8))
def test_a_damaged_mail_is_never_attached_to_a_strange_case(at: int, put: bytes) -> None:
    found = sort(VALID[:at] + put + VALID[at + len(put) :], CONTEXT)
    assert set(found.cases) <= {"SAM-2026-000123"}


def test_a_mail_that_is_too_big_is_set_aside_for_a_person() -> None:
    found = sort(VALID, replace(CONTEXT, complete=False))
    assert (found.route, found.suggested) == (Route.SET_ASIDE, ("SAM-2026-000123",))


@pytest.mark.parametrize(
    "line",
    ["> " * 20_000, "On " * 20_000, "Fra: x\n" * 20_000, "Den 1. " * 10_000, "a@" * 20_000,
     "-" * 50_000, " \n" * 50_000, "hilsen " * 10_000, "<" * 50_000, "mailbox " * 10_000],
)  # fmt: skip
def test_a_text_made_to_keep_patterns_busy_is_sorted_all_the_same(line: str) -> None:
    human = sort(plain(line), CONTEXT)
    machine = sort(plain(line, "Return-Path: <>", subject="Undeliverable: x", tied=False), CONTEXT)
    assert human.route in {*SAFE, Route.CASE}
    assert machine.route in SAFE
