"""A run looks for garbage seldom, and leaves the process as it found it."""

from __future__ import annotations

import gc

import pytest

from robot.flow.garbage import seldom_collected


def test_what_was_there_before_is_not_looked_through_meanwhile() -> None:
    with seldom_collected():
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > 10_000
    assert gc.get_freeze_count() == 0


def test_python_goes_on_as_before_also_after_a_fault() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError), seldom_collected():
        raise RuntimeError
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_garbage_is_still_collected() -> None:
    class Ring:
        def __init__(self) -> None:
            self.me = self
            collected.append(0)

        def __del__(self) -> None:
            collected.pop()

    collected: list[int] = []
    with seldom_collected():
        for _ in range(200_000):
            Ring()
        assert len(collected) < 150_000
