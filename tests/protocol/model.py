"""The posting protocol of one document as states and steps, small enough to visit all of them.

Two robots, a store, the ERP's door with its unique keys, a consumer that posts what was put under
them, and the source. What can go wrong goes wrong at any moment, each fault as often as the
`World` allows. `Protocol` is what the robot and the door promise; every field that is not at its
default takes one promise away.

A row of the store is `-` (nothing was sent), `posting`, `rejecting`, `posted`, `bounced`, `held`
or `superseded`. A robot that was told an outcome writes it in a later step, so everything may
happen between looking and acting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

Step = tuple[str, "State"]
NOTHING: Final = "-"
OPEN: Final = ("posting", "rejecting")
VERSIONS: Final = (1, 2)
#: Requests that are on their way at the same time.
WIRE: Final = 2
#: Requests that are told apart where the robot makes up a key or a stamp for each.
ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What is promised; the defaults are what the robot does."""

    #: What the ERP keeps unique: the `document`, each `attempt`, or `nothing`.
    key: str = "document"
    #: The intent is committed before the call.
    intent: bool = True
    #: What follows when the ERP shows nothing of a request: `ask-again` or `bounce`.
    absence: str = "ask-again"
    #: A bounce closes the key first; otherwise only where the store knows that something was sent.
    bounce_takes_the_key: bool = True
    #: A tombstone gives way to a `later` generation, to the `same`, or to `any`.
    tombstone_yields_to: str = "later"
    #: The generation is the stamp of the approval; otherwise the robot makes it up for each call.
    generation_of_the_source: bool = True
    #: Door and consumer look into the ledger, not only at the key.
    ledger_check: bool = True
    #: The consumer posts and writes down the end in one transaction.
    atomic_consumer: bool = False
    #: Tombstones stay for good.
    tombstones_kept: bool = True
    #: The store refuses what a robot writes under a lease that it lost.
    fencing: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How often each fault may happen."""

    crashes: int = 1
    #: A lease runs out while its robot is only frozen.
    expiries: int = 1
    #: The store is replaced by an older one.
    restores: int = 1
    #: The customer approves the document anew.
    versions: int = 1
    #: A key that was posted under is deleted at the ERP.
    purges: int = 1
    refusals: int = 1


class Robot(NamedTuple):
    """Where a robot stands, which version it is at work on, and whether its lease still holds."""

    at: str = "idle"
    version: int = 0
    holds: bool = False


class Key(NamedTuple):
    """What stands under a key at the ERP."""

    name: int
    state: str
    stamp: int
    version: int


class Request(NamedTuple):
    """A request on its way."""

    kind: str
    name: int
    stamp: int
    version: int


class State(NamedTuple):
    """The whole world at one moment."""

    rows: tuple[str, ...]
    robots: tuple[Robot, ...]
    wire: tuple[Request, ...]
    keys: tuple[Key, ...]
    #: The version of each posted document.
    ledger: tuple[int, ...]
    #: The version that the source gives; 0 when it was reopened there.
    offered: int
    #: Versions that the source was told to reopen.
    rejected: tuple[int, ...]
    #: Requests so far, where they are told apart.
    sent: int
    crashes: int
    expiries: int
    restores: int
    versions: int
    purges: int
    refusals: int


def begin(world: World) -> State:
    """One approved document that nobody has looked at."""
    return State(
        rows=(NOTHING, NOTHING),
        robots=(Robot(), Robot()),
        wire=(),
        keys=(),
        ledger=(),
        offered=1,
        rejected=(),
        sent=0,
        crashes=world.crashes,
        expiries=world.expiries,
        restores=world.restores,
        versions=world.versions,
        purges=world.purges,
        refusals=world.refusals,
    )


def breach(state: State) -> str:
    """What must never be, in words; empty when all is well."""
    if len(state.ledger) > 1:
        return "posted twice"
    if state.ledger and any(state.ledger[0] <= version for version in state.rejected):
        return "posted and bounced"
    for version in VERSIONS:
        if state.rows[version - 1] == "posted" and version not in state.ledger:
            return "called posted and is not"
    return ""


def at_rest(state: State) -> bool:
    """Nothing is open, and what the source gives has an outcome that is true."""
    if any(row in OPEN for row in state.rows):
        return False
    if not state.offered:
        return True
    row = state.rows[state.offered - 1]
    return row == "held" or (row == "posted" and state.offered in state.ledger)


def steps(protocol: Protocol, state: State) -> Iterator[Step]:
    """Everything that can happen next."""
    for place, robot in enumerate(state.robots):
        other = state.robots[1 - place]
        if robot.at == "idle":
            yield from _acquire(state, place, other)
        else:
            yield from _act(protocol, state, place, robot)
            if state.crashes:
                yield "a robot is killed", _go(state, place)._replace(crashes=state.crashes - 1)
    yield from _network(protocol, state)
    yield from _consumer(protocol, state)
    yield from _operators(protocol, state)


def same(state: State) -> State:
    """One of the states that differ only in which of the two robots is which."""
    first, second = state.robots
    return state if first <= second else state._replace(robots=(second, first))


def _go(state: State, place: int, to: Robot = Robot()) -> State:  # noqa: B008 - a value
    robots = (to, state.robots[1]) if place == 0 else (state.robots[0], to)
    return state._replace(robots=robots)


def _acquire(state: State, place: int, other: Robot) -> Iterator[Step]:
    """Begin a run when there is something to do and the lease is free, or has run out."""
    if not any(row in OPEN for row in state.rows) and not _undecided(state):
        return
    taken = _go(state, place, Robot("begin", 0, holds=True))
    if not other.holds:
        yield "a robot begins a run", taken
    elif state.expiries:
        frozen = _go(taken, 1 - place, other._replace(holds=False))
        yield (
            "a lease runs out, the other robot begins",
            frozen._replace(expiries=state.expiries - 1),
        )


def _undecided(state: State) -> bool:
    return bool(state.offered) and state.rows[state.offered - 1] in {NOTHING, "held"}


def _act(protocol: Protocol, state: State, place: int, robot: Robot) -> Iterator[Step]:
    """The next step of a robot at work."""
    at, version = robot.at, robot.version
    if at == "begin":
        yield from _begin(state, place, robot)
    elif at == "decide":
        yield from _decide(protocol, state, place, robot)
    elif at in _SENDING:
        yield from _send(protocol, state, place, robot)
        if at == "post":
            yield from _not_sent(protocol, state, place, robot)
    elif at == "reconcile":
        yield from _reconcile(protocol, state, place, robot)
    elif at in _LOOKS:
        found = _evidence(protocol, state, version)
        yield f"it reads back: {found}", _go(state, place, _turn(protocol, robot, found))
        if (at, found, protocol.key) == ("look", "absent", "document"):
            # It has asked often enough in vain: it holds the document, once the key is closed.
            yield "it gives up; closes", _go(state, place, robot._replace(at="close"))
    elif at == "tell":
        rejected = tuple(sorted({*state.rejected, version}))
        offered = 0 if state.offered == version else state.offered
        told = state._replace(rejected=rejected, offered=offered)
        yield "the source is told", _go(told, place, robot._replace(at="write bounced"))
    else:
        outcome = at.removeprefix("write ")
        written = _write(protocol, state, robot, outcome)
        words = f"it writes: {outcome}" if written else f"it may not write: {outcome}"
        yield words, _go(written or state, place)


def _begin(state: State, place: int, robot: Robot) -> Iterator[Step]:
    """What is open first, then what the source gives."""
    for version in VERSIONS:
        row = state.rows[version - 1]
        if row in OPEN:
            at = "reconcile" if row == "posting" else "bury"
            yield f"it takes up version {version}", _go(state, place, Robot(at, version, robot[2]))
            return
    if _undecided(state):
        decide = Robot("decide", state.offered, robot.holds)
        yield f"it pulls version {state.offered}", _go(state, place, decide)
    else:
        yield "it finds nothing to do", _go(state, place)


def _decide(protocol: Protocol, state: State, place: int, robot: Robot) -> Iterator[Step]:
    """Look whether it is posted already, decide one way or the other, and record it."""
    version = robot.version
    if not _may_write(protocol, robot) or state.rows[version - 1] not in {NOTHING, "held"}:
        yield "it lost its lease", _go(state, place)
        return
    if _evidence(protocol, state, version) == "posted":
        yield "it finds it posted", _go(state, place, robot._replace(at="write posted"))
        return
    if version > 1 and state.rows[0] == "posted":
        yield "an earlier version is posted", _go(_set(state, version, "held"), place)
        return
    fresh = state if version == 1 else _supersede(state)
    recorded = _set(fresh, version, "posting") if protocol.intent else fresh
    yield "it decides to post", _go(recorded, place, robot._replace(at="post"))
    if protocol.key != "document":
        return
    if protocol.bounce_takes_the_key:
        recorded = _set(fresh, version, "rejecting") if protocol.intent else fresh
        yield "it decides to bounce", _go(recorded, place, robot._replace(at="bury"))
    else:
        yield "it decides to bounce", _go(fresh, place, robot._replace(at="tell"))


def _send(protocol: Protocol, state: State, place: int, robot: Robot) -> Iterator[Step]:
    """Put a request on its way: to post, or to close the key."""
    if len(state.wire) == WIRE:
        return
    told_apart = protocol.key != "document" or not protocol.generation_of_the_source
    sent = state.sent + told_apart
    if sent > ATTEMPTS:
        return
    request = Request(
        kind="post" if robot.at in {"post", "post again"} else "tombstone",
        name=0 if protocol.key == "document" else sent,
        stamp=robot.version if protocol.generation_of_the_source else sent,
        version=robot.version,
    )
    wire = tuple(sorted((*state.wire, request)))
    onward = _go(state, place, robot._replace(at=_SENDING[robot.at]))
    yield (
        f"it sends: {request.kind} version {robot.version}",
        onward._replace(wire=wire, sent=sent),
    )


_SENDING: Final = {
    "post": "look",
    "post again": "look",
    "close": "look whether closed",
    "bury": "look at the tombstone",
}


def _not_sent(protocol: Protocol, state: State, place: int, robot: Robot) -> Iterator[Step]:
    """The intent of this run is undone: nothing was sent under it, as far as the store knows."""
    if not protocol.intent:
        return
    written = _write(protocol, state, robot, "held")
    if state.offered != robot.version and written is not None:
        yield "it sees it taken back and holds it", _go(written, place)
    written = _write(protocol, state, robot, NOTHING)
    if written is not None:
        yield "it is told to stop and undoes it", _go(written, place)


def _reconcile(protocol: Protocol, state: State, place: int, robot: Robot) -> Iterator[Step]:
    """Read back what was sent; what is not there is asked again, or closed when it was withdrawn.

    Whether it was withdrawn was read a moment ago, so the robot may be wrong about it.
    """
    found = _evidence(protocol, state, robot.version)
    if found != "absent" or protocol.absence == "bounce":
        yield f"it reads back: {found}", _go(state, place, _turn(protocol, robot, found))
        return
    yield "it reads back: absent; asks again", _go(state, place, robot._replace(at="post again"))
    if state.offered != robot.version and protocol.key == "document":
        yield "it reads back: absent; closes", _go(state, place, robot._replace(at="close"))


_LOOKS: Final = ("look", "look whether closed", "look at the tombstone")


def _turn(protocol: Protocol, robot: Robot, found: str) -> Robot:
    """Where a robot goes from what it found: the truth table of the outbox."""
    if found == "posted":
        return robot._replace(at="write posted")
    burying = robot.at == "look at the tombstone"
    if found == "closed" or (found == "overtaken" and burying):
        return robot._replace(at="tell" if burying else "write held")
    if found in {"conflict", "overtaken"} or (found == "refused" and not burying):
        return robot._replace(at="write held")
    if found == "absent" and protocol.absence == "bounce" and robot.at != "look whether closed":
        return robot._replace(at="tell")
    return Robot()


def _evidence(protocol: Protocol, state: State, version: int) -> str:
    """What the ERP shows of one version, read committed."""
    if protocol.key == "document" and state.keys:
        return _shown_by_key(protocol, state.keys[0], version)
    if state.ledger and (protocol.ledger_check or protocol.key != "document"):
        return "posted" if version in state.ledger else "conflict"
    return "under way" if state.keys else "absent"


def _shown_by_key(protocol: Protocol, key: Key, version: int) -> str:
    if key.state == "tombstone":
        earlier = protocol.generation_of_the_source and key.stamp < version
        return "absent" if earlier else "closed"
    if key.version == version:
        return {"refused": "refused", "done": "posted"}.get(key.state, "under way")
    if key.state == "refused":
        return "overtaken" if key.version > version else "absent"
    return "conflict"


def _write(protocol: Protocol, state: State, robot: Robot, outcome: str) -> State | None:
    """The store with an outcome in it; None when the fence or the row's state refuses it."""
    if not _may_write(protocol, robot):
        return None
    row = state.rows[robot.version - 1]
    expected = OPEN if protocol.intent else (NOTHING, *OPEN)
    sent_nothing = outcome == "posted" or not protocol.bounce_takes_the_key
    if row in expected or (sent_nothing and row in {NOTHING, "held"}):
        return _set(state, robot.version, outcome)
    return None


def _may_write(protocol: Protocol, robot: Robot) -> bool:
    return robot.holds or not protocol.fencing


def _set(state: State, version: int, row: str) -> State:
    rows = list(state.rows)
    rows[version - 1] = row
    return state._replace(rows=tuple(rows))


def _supersede(state: State) -> State:
    return _set(state, 1, "superseded") if state.rows[0] in {NOTHING, "held"} else state


def _network(protocol: Protocol, state: State) -> Iterator[Step]:
    """Each request arrives at any time, or never; nobody waits for its answer."""
    for place, request in enumerate(state.wire):
        rest = state.wire[:place] + state.wire[place + 1 :]
        yield "a request is lost", state._replace(wire=rest)
        keys = _put(protocol, state, request)
        words = f"it arrives: {request.kind} version {request.version}"
        yield words, state._replace(wire=rest, keys=keys)


def _put(protocol: Protocol, state: State, request: Request) -> tuple[Key, ...]:
    """What stands under the keys after the door has handled a request."""
    if protocol.key == "nothing":
        there = None
    else:
        there = next((key for key in state.keys if key.name == request.name), None)
    if there is not None and not _is_free(protocol, there, request):
        return state.keys
    others = tuple(key for key in state.keys if key is not there)
    if protocol.ledger_check and state.ledger and protocol.key == "document":
        put = Key(request.name, "done", state.ledger[0], state.ledger[0])
    else:
        put = Key(
            request.name,
            "new" if request.kind == "post" else "tombstone",
            request.stamp,
            request.version,
        )
    return tuple(sorted((*others, put)))


def _is_free(protocol: Protocol, key: Key, request: Request) -> bool:
    """Whether a request may take a key from one that ended without a posting."""
    if key.state == "refused":
        return request.stamp >= key.stamp
    if key.state != "tombstone":
        return False
    if request.kind == "tombstone" or protocol.tombstone_yields_to == "later":
        return request.stamp > key.stamp
    return protocol.tombstone_yields_to == "any" or request.stamp >= key.stamp


def _consumer(protocol: Protocol, state: State) -> Iterator[Step]:
    """The ERP's own job: take, post, write down the end; it may be killed in between."""
    for key in state.keys:
        if key.state == "new":
            if state.refusals:
                refused = _change(state, key, "refused")
                yield "the ERP refuses", refused._replace(refusals=state.refusals - 1)
            if protocol.atomic_consumer:
                yield "the ERP posts", _change(_enter(state, key), key, "done")
            else:
                yield "the ERP takes it", _change(state, key, "taken")
        elif key.state == "taken" and protocol.ledger_check and state.ledger:
            yield "the ERP finds it posted", _change(state, key, "done")
        elif key.state == "taken":
            posted = _enter(state, key)
            yield "the ERP posts", _change(posted, key, "done")
            yield "the ERP posts and is killed", posted


def _enter(state: State, key: Key) -> State:
    return state._replace(ledger=tuple(sorted((*state.ledger, key.version))))


def _change(state: State, key: Key, to: str) -> State:
    others = (other for other in state.keys if other is not key)
    return state._replace(keys=tuple(sorted((*others, key._replace(state=to)))))


def _operators(protocol: Protocol, state: State) -> Iterator[Step]:
    """People: a new approval, keys deleted at the ERP, an older store put in place."""
    if state.versions and state.offered != max(VERSIONS):
        yield (
            "the customer approves it anew",
            state._replace(offered=max(VERSIONS), versions=state.versions - 1),
        )
    if state.purges:
        for key in state.keys:
            if key.state == "done" or (key.state == "tombstone" and not protocol.tombstones_kept):
                keys = tuple(other for other in state.keys if other is not key)
                yield (
                    "a key is deleted at the ERP",
                    state._replace(keys=keys, purges=state.purges - 1),
                )
    if state.restores and all(robot.at == "idle" for robot in state.robots):
        restored = state._replace(restores=state.restores - 1)
        yield "an empty store is restored", restored._replace(rows=(NOTHING, NOTHING))
        for rows in _earlier(state.rows):
            yield "an older store is restored", restored._replace(rows=rows)


def _earlier(rows: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What the store held before the latest outcome: the intent, and no later version."""
    before = {"posted": "posting", "bounced": "rejecting"}
    first, second = rows
    if first in before:
        yield before[first], NOTHING
    if second in before:
        yield first, before[second]
