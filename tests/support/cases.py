"""Cases with bounced documents, as a store holds them."""

from __future__ import annotations

from dataclasses import replace

from robot.adapters.store.store import SqlStore
from robot.domain.customer import Customer, Mailbox
from robot.domain.decision import Decision
from robot.domain.state import State
from robot.flow.records import Move
from tests.support.recorded import DECISION, a_recorded

MUSEUM = Customer(
    name="Nordhavns Museum",
    bogfoeringskreds="99001",
    domains=("museum.example.test",),
    mailboxes=(
        Mailbox(
            address="Regnskab@museum.example.test",
            members=("anne@museum.example.test", "bo@museum.example.test"),
        ),
        Mailbox(address="chef@museum.example.test", kind="personal", purpose="escalation"),
    ),
)
ARCHIVE = Customer(
    name="Domsarkivet",
    bogfoeringskreds="99002",
    domains=("arkiv.example.test",),
    mailboxes=(Mailbox(address="bilag@arkiv.example.test"),),
)
CUSTOMERS = (MUSEUM, ARCHIVE)
SHARED = "regnskab@museum.example.test"
ANNE = "anne@museum.example.test"
BO = "bo@museum.example.test"
CARLA = "carla@museum.example.test"


def bounce(
    store: SqlStore,
    *source_ids: str,
    version: str = "v1",
    causes: tuple[str, ...] = (),
    decision: Decision = DECISION,
    customer: str = "99001",
) -> list[str]:
    """The case numbers of new versions that are bounced; `causes` go by position."""
    with store.writing(actor="robot") as unit:
        ids = unit.record(
            [
                replace(
                    a_recorded(name, State.DECIDED, version=version, customer=customer),
                    decision=decision,
                )
                for name in source_ids
            ]
        )
        unit.move([_step(number, State.DECIDED, State.REJECTING) for number in ids])
        numbers = unit.open_cases(ids, 2026, dict(zip(ids, causes, strict=False)))
        unit.move([_step(number, State.REJECTING, State.BOUNCED) for number in ids])
    return numbers


def post(store: SqlStore, source_id: str, version: str = "v2") -> None:
    """A corrected version of a document, posted."""
    with store.writing(actor="robot") as unit:
        (number,) = unit.record([a_recorded(source_id, State.DECIDED, version=version)])
        unit.move([_step(number, State.DECIDED, State.POSTING)])
        unit.move([_step(number, State.POSTING, State.POSTED)])


def _step(document: int, origin: State, to: State) -> Move:
    return Move(document=document, origin=origin, to=to, act=to.value)
