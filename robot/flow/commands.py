"""Carrying out what people asked for on the dashboard; a command does just what the CLI does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from robot.domain.answer import Answer, answer_of
from robot.domain.taxonomy import Taxonomy
from robot.errors import LeaseHeldError, LeaseLostError, RobotError
from robot.flow.clerk import Clerk
from robot.flow.command_port import Command, CommandStatus
from robot.flow.ports import Clock
from robot.flow.store_port import Store


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
    """Take the kill switch away."""
    with clerk.store.writing(actor=clerk.name) as unit:
        found = unit.resume(command.argument.get("customer", ""))
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
    reason; it stops no other. Killed between act and answer, the next time refuses it as already
    done, because every act looks at where its document stands.
    """
    answered = 0
    for command in store.commands.waiting(but=LONG):
        clerk = Clerk(store=store, taxonomy=taxonomy, clock=clock, name=command.asked_by)
        status, outcome = _do(command, clerk, acts, fault)
        with store.writing(actor="robot") as unit:
            answered += unit.commands.answer(command.id, status, outcome)
    return answered


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
