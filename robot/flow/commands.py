"""Carrying out what people asked for on the dashboard; a command does just what the CLI does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol, cast

from robot.domain.answer import Answer, answer_of, refusal
from robot.domain.taxonomy import Taxonomy
from robot.errors import ActError, LeaseHeldError, LeaseLostError, RobotError
from robot.flow.clerk import Clerk
from robot.flow.command_port import Command, CommandStatus
from robot.flow.failpoint import failpoint
from robot.flow.ports import Clock
from robot.flow.store_port import Store, Unit


class Act(Protocol):
    """Does one kind of command and says what was done."""

    def __call__(self, command: Command, clerk: Clerk) -> Answer:
        """Do it.

        Raises:
            RobotError: It can't be done; the message is the answer.
        """


def recheck(command: Command, clerk: Clerk) -> Answer:
    """Have the next run decide a document anew."""
    clerk.recheck(command.argument["document"], command.reason)
    return Answer(code="recheck-asked")


def release(command: Command, clerk: Clerk) -> Answer:
    """Have the next run post a document in spite of its findings."""
    clerk.release(command.argument["document"], command.reason)
    return Answer(code="released")


def bounce(command: Command, clerk: Clerk) -> Answer:
    """Send a document back to its customer."""
    codes = command.argument.get("codes", "").split()
    clerk.bounce(command.argument["document"], command.reason, codes)
    return Answer(code="bounce-asked")


def drop(command: Command, clerk: Clerk) -> Answer:
    """Take a document out."""
    clerk.drop(command.argument["document"], command.reason)
    return Answer(code="dropped")


def pause(command: Command, clerk: Clerk) -> Answer:
    """Set the kill switch of a customer, or of everything."""
    with clerk.store.writing(actor=clerk.name) as unit:
        unit.pause(command.argument.get("customer", ""), command.reason)
    return Answer(code="paused")


def resume(command: Command, clerk: Clerk) -> Answer:
    """Take the kill switch away, unless it was set anew after this was asked.

    Raises:
        ActError: It was: who set it did not know of this.
    """
    scope = command.argument.get("customer", "")
    for switch in clerk.store.runs.pauses():
        if switch.scope == scope and switch.at > command.asked_at:
            raise refusal(ActError, "paused-since", person=switch.by)
    with clerk.store.writing(actor=clerk.name) as unit:
        found = unit.resume(scope)
    return Answer(code="resumed" if found else "was-not-paused")


OF_DOCUMENTS: Final[Mapping[str, Act]] = {
    "recheck": recheck,
    "release": release,
    "bounce": bounce,
    "drop": drop,
    "pause": pause,
    "resume": resume,
}


#: Acts that take minutes: they are done beside the others, one at a time.
LONG: Final = frozenset({"rules-backtest"})
_LEASE: Final = "long-command"
#: Longer than any step of a long act; whoever is killed in one is taken over from after it.
_LEASE_SECONDS: Final = 120


def carry_out(
    store: Store,
    taxonomy: Taxonomy,
    clock: Clock,
    acts: Mapping[str, Act] = OF_DOCUMENTS,
    fault: Callable[[Exception, str], None] = lambda _error, _about: None,
) -> int:
    """Do what waits and is short, in order; how many commands were answered.

    An act is done in the name of who asked for it. One that can't be done is refused with its
    reason; it stops no other. What an act writes and that its command is done are one transaction:
    killed at any moment, or with two robots at it at once, nothing is done twice.
    """
    answered = 0
    for command in store.commands.waiting(but=LONG):
        failpoint("command-before")
        once = cast("Store", _DoneOnce(store, command.id))
        clerk = Clerk(store=once, taxonomy=taxonomy, clock=clock, name=command.asked_by)
        status, outcome = _do(command, clerk, acts, fault)
        failpoint("command-done")
        with store.writing(actor="robot") as unit:
            answered += unit.commands.answer(command.id, status, outcome)
        failpoint("command-answered")
    return answered


class _DoneOnce:
    """The store as an act sees it: the first thing that it writes takes its command with it."""

    def __init__(self, store: Store, command: int) -> None:
        self._store = store
        self._command = command
        self._is_taken = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)

    @contextmanager
    def writing(self, **who: Any) -> Iterator[Unit]:  # noqa: ANN401 - handed on
        with self._store.writing(**who) as unit:
            if not self._is_taken and not unit.commands.take(self._command):
                raise refusal(ActError, "done-by-another")
            yield unit
        self._is_taken = True


def carry_out_long(
    store: Store,
    taxonomy: Taxonomy,
    clock: Clock,
    acts: Mapping[str, Act],
    fault: Callable[[Exception, str], None] = lambda _error, _about: None,
    *,
    owner: str,
) -> int:
    """Do what waits and takes minutes, one at a time on a store, whoever works on it.

    It is done under a lease, which the act proves when it writes. Whoever is killed in one leaves
    it waiting; it is done when the lease has run out.

    Args:
        store: The robot's own database.
        taxonomy: Says what error types are.
        clock: The time.
        acts: By the kind of their command.
        fault: Told of what is broken in an act.
        owner: Who works: host and process.
    """
    answered = 0
    try:
        while store.commands.waiting(1, only=LONG):
            with store.claimed(name=_LEASE, owner=owner, seconds=_LEASE_SECONDS) as lease:
                # Looked at under the lease: somebody else may have answered it meanwhile.
                for command in store.commands.waiting(1, only=LONG):
                    name = command.asked_by
                    clerk = Clerk(
                        store=store, taxonomy=taxonomy, clock=clock, name=name, lease=lease
                    )
                    status, outcome = _do(command, clerk, acts, fault)
                    with store.writing(actor="robot", lease=lease) as unit:
                        answered += unit.commands.answer(command.id, status, outcome)
    except (LeaseHeldError, LeaseLostError):
        # Somebody else is at it.
        return answered
    return answered


def _do(
    command: Command,
    clerk: Clerk,
    acts: Mapping[str, Act],
    fault: Callable[[Exception, str], None],
) -> tuple[CommandStatus, Answer]:
    act = acts.get(command.kind)
    if act is None:
        unknown = Answer(code="unknown-command", values={"kind": command.kind})
        return CommandStatus.REFUSED, unknown
    try:
        return CommandStatus.DONE, act(command, clerk)
    except LeaseLostError:
        raise
    except RobotError as error:
        return CommandStatus.REFUSED, answer_of(error)
    except Exception as error:  # noqa: BLE001 - one command's trouble stops no other
        fault(error, f"command {command.id}")
        return CommandStatus.REFUSED, Answer(code="own-fault")
