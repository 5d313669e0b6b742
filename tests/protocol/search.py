"""Visiting every state of the model: what is never allowed, and what can always be finished."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tests.protocol.model import Protocol, State, World, at_rest, begin, breach, same, steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the search found; `path` is the shortest way to the breach, step by step."""

    states: int
    breach: str = ""
    path: tuple[str, ...] = ()
    #: States from which no way leads to a rest, faults or not.
    stuck: int = 0


def search(protocol: Protocol, world: World) -> Verdict:
    """Breadth first, so that the first breach is one of the nearest; then liveness backwards."""
    first = begin(world)
    came_from: dict[State, tuple[State, str] | None] = {first: None}
    leads_to: dict[State, list[State]] = {}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        wrong = breach(state)
        if wrong:
            return Verdict(states=len(came_from), breach=wrong, path=_path(came_from, state))
        for words, onward in steps(protocol, state):
            after = same(onward)
            leads_to.setdefault(after, []).append(state)
            if after not in came_from:
                came_from[after] = (state, words)
                waiting.append(after)
    return Verdict(states=len(came_from), stuck=len(came_from) - _can_rest(came_from, leads_to))


def _path(came_from: dict[State, tuple[State, str] | None], state: State) -> tuple[str, ...]:
    words: list[str] = []
    while (step := came_from[state]) is not None:
        state = step[0]
        words.append(step[1])
    return tuple(reversed(words))


def _can_rest(
    came_from: dict[State, tuple[State, str] | None], leads_to: dict[State, list[State]]
) -> int:
    """How many states have a way to one where everything has its outcome."""
    able = {state for state in came_from if at_rest(state)}
    waiting = deque(able)
    while waiting:
        for before in leads_to.get(waiting.popleft(), ()):
            if before not in able:
                able.add(before)
                waiting.append(before)
    return len(able)
