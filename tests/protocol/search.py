"""Visiting every state of the model: what is never allowed, and what can always be finished."""

from __future__ import annotations

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
    states = [begin(world)]
    numbers = {states[0]: 0}
    #: By a state's number: the first state that led to it and by what step, and all that do.
    came_from = [(0, "")]
    led_by: list[list[int]] = [[]]
    for number, state in enumerate(states):
        wrong = breach(state)
        if wrong:
            return Verdict(states=len(states), breach=wrong, path=_path(came_from, number))
        for words, onward in steps(protocol, state):
            after = same(onward)
            place = numbers.setdefault(after, len(states))
            if place == len(states):
                states.append(after)
                came_from.append((number, words))
                led_by.append([])
            led_by[place].append(number)
    return Verdict(states=len(states), stuck=len(states) - _can_rest(states, led_by))


def _path(came_from: list[tuple[int, str]], number: int) -> tuple[str, ...]:
    words: list[str] = []
    while number:
        number, step = came_from[number]
        words.append(step)
    return tuple(reversed(words))


def _can_rest(states: list[State], led_by: list[list[int]]) -> int:
    """How many states have a way to one where everything has its outcome."""
    able = [number for number, state in enumerate(states) if at_rest(state)]
    seen = set(able)
    for number in able:
        new = [before for before in led_by[number] if before not in seen]
        seen.update(new)
        able.extend(dict.fromkeys(new))
    return len(able)
