"""Telling journeys: from the trail, the source's steps, the ERP's ledger and the bank's files.

What happened is read from records that are there anyhow and told once, however often it is read
and in whatever order it comes. Journeys serve people: failing, they stop no posting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from robot.domain.answer import saying
from robot.domain.calendar import COPENHAGEN, day_start
from robot.domain.case import Ball
from robot.domain.document import Step
from robot.domain.journey import BALL, Actor, EventName, JourneyEvent, Precision
from robot.domain.state import State
from robot.domain.taxonomy import ErrorClass, Owner, Taxonomy
from robot.errors import RobotError
from robot.flow.context import Run
from robot.flow.journey_port import (
    Bank,
    BankFile,
    BankRow,
    Clocks,
    Journeys,
    LedgerPayment,
    Payments,
    Posted,
    TrailedAct,
)
from robot.flow.notify import last_day_to_pay
from robot.flow.ports import WorkCalendar
from robot.flow.store_port import Unit

#: Rows of the trail, or documents, that are told together.
PAGE: Final = 500
#: The source's steps as events, and who takes them.
SOURCE_STEPS: Final = {
    Step.RECEIVED.value: (EventName.RECEIVED, Actor.SUPPLIER),
    Step.DISTRIBUTED.value: (EventName.DISTRIBUTED, Actor.CUSTOMER),
    Step.FIRST_APPROVAL.value: (EventName.FIRST_APPROVED, Actor.CUSTOMER),
    Step.SECOND_APPROVAL.value: (EventName.APPROVED, Actor.CUSTOMER),
}
#: Acts of people and of the ERP in the trail that are events by themselves.
_ACTS: Final = {
    "recheck-asked": (EventName.RECHECK_ASKED, Actor.SAM),
    "released": (EventName.RELEASED, Actor.SAM),
    "bounce-asked": (EventName.BOUNCE_ASKED, Actor.SAM),
    "reversed": (EventName.REVERSED, Actor.SAM),
    "withdrawn": (EventName.TAKEN_BACK, Actor.CUSTOMER),
    "superseded": (EventName.TAKEN_BACK, Actor.CUSTOMER),
}
_ARRIVED: Final = {
    State.HELD.value: EventName.HELD,
    State.UNREADABLE.value: EventName.SET_ASIDE,
    State.POSTED.value: EventName.POSTED,
    State.BOUNCED.value: EventName.BOUNCED,
    State.DROPPED.value: EventName.DROPPED,
}
#: Who has the ball while a held document waits for the owner of its first cause.
_BALL_OF_OWNER: Final = {
    Owner.CUSTOMER: Ball.CUSTOMER,
    Owner.SUPPLIER: Ball.SUPPLIER,
    Owner.BANK: Ball.BANK,
}
_BANK_EVENTS: Final = {
    "accepted": EventName.PAYMENT_ACCEPTED,
    "rejected": EventName.PAYMENT_REJECTED,
    "settled": EventName.SETTLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """What the centre promises, in working days."""

    #: From the last approval until it is posted, bounced or held for a known reason.
    centre_days: int = 1


@dataclass(slots=True, kw_only=True)
class Teller:
    """Tells what happened since the last time.

    Args:
        journeys: The journeys told so far.
        writing: Begins a unit.
        taxonomy: Says who owns an error type.
        calendar: Working days and bank days.
        payments: The ERP's ledger.
        bank: The bank's files.
        today: The date in Copenhagen.
        goals: What is promised.
    """

    journeys: Journeys
    writing: Callable[[], AbstractContextManager[Unit]]
    taxonomy: Taxonomy
    calendar: WorkCalendar
    payments: Payments
    bank: Bank
    today: date
    goals: Goals = Goals()
    problems: list[str] = field(default_factory=list)

    def tell(self) -> int:
        """Tell everything that is new; how many events that are.

        Raises:
            StoreError: The robot's own database can't be used.
        """
        return self._from_trail() + self._from_ledger() + self._from_bank()

    def _from_trail(self) -> int:
        told = 0
        after = self.journeys.seen_to()
        while acts := self.journeys.untold(after, PAGE):
            after = acts[-1].seq
            events = [event for act in acts for event in self._events(act)]
            clocks = [self._clocks(act) for act in acts if "version" in act.detail]
            with self.writing() as unit:
                told += unit.journeys.tell(events)
                unit.journeys.set_clocks(clocks)
                unit.journeys.told_to(after)
        return told

    def _events(self, act: TrailedAct) -> Iterator[JourneyEvent]:
        if "version" in act.detail:
            yield from _source_steps(act)
            yield from self._decided(act)
            return
        if act.act in _ACTS:
            name, actor = _ACTS[act.act]
            yield _of_trail(act, name, actor, _without_states(act.detail))
        to = str(act.detail.get("to", ""))
        if to == State.HELD.value and act.act == "refused":
            yield _of_trail(act, EventName.REFUSED, Actor.SYSTEM, _codes(act), system="navision")
        if act.act in {"withdrawn", "superseded"} or to not in _ARRIVED:
            return
        yield self._arrived(act, _ARRIVED[to])

    def _decided(self, act: TrailedAct) -> Iterator[JourneyEvent]:
        yield _of_trail(act, EventName.PICKED, Actor.ROBOT, {}, once=True)
        if "outcome" in act.detail:
            detail = _codes(act) | {
                name: act.detail[name] for name in ("outcome", "ruleset") if name in act.detail
            }
            yield _of_trail(act, EventName.CHECKED, Actor.ROBOT, detail)
        state = str(act.detail.get("state", ""))
        if state in _ARRIVED:
            yield self._arrived(act, _ARRIVED[state])

    def _arrived(self, act: TrailedAct, name: EventName) -> JourneyEvent:
        actor = Actor.SAM if name is EventName.DROPPED else Actor.ROBOT
        detail = _codes(act)
        for key in ("receipt", "case", "reason"):
            if key in act.detail:
                detail[key] = act.detail[key]
        if name is EventName.HELD:
            detail[BALL] = self._ball_of(detail.get("codes", ())).value
        system = "navision" if name is EventName.POSTED else "robot"
        return _of_trail(act, name, actor, detail, system=system)

    def _ball_of(self, codes: Sequence[str]) -> Ball:
        """Whose turn it is while a document is held for these causes: the first one's owner."""
        kinds = sorted(
            (self.taxonomy[code] for code in codes if code in self.taxonomy),
            key=lambda kind: kind.order,
        )
        if not kinds:
            return Ball.SAM
        if all(kind.error_class is ErrorClass.WAITING for kind in kinds):
            return _BALL_OF_OWNER.get(kinds[0].owner, Ball.NOBODY)
        return Ball.SAM

    def _clocks(self, act: TrailedAct) -> Clocks:
        approved = max((at for _, _, at in _steps(act.steps)), default=None)
        pay_by = last_day_to_pay(act.due_date, self.calendar) if act.due_date else None
        day = approved.astimezone(COPENHAGEN).date() if approved else None
        return Clocks(
            document=act.document,
            approved_at=approved,
            goal_at=self.calendar.goal(approved or act.at, self.goals.centre_days),
            pay_by=pay_by,
            late_at_receipt=bool(pay_by and day and pay_by < day),
        )

    def _from_ledger(self) -> int:
        told, after = 0, 0
        while unpaid := self.journeys.unpaid(after=after, limit=PAGE):
            after = unpaid[-1].document
            by_company: dict[str, dict[str, Posted]] = {}
            for item in unpaid:
                by_company.setdefault(item.company, {})[item.receipt] = item
            events: list[JourneyEvent] = []
            for company, posted in by_company.items():
                with self._unharmed(f"payments of {company}"):
                    for paid in self.payments.payments(company, sorted(posted)):
                        events += _of_ledger(posted[paid.receipt], paid, self.today)
            if events:
                with self.writing() as unit:
                    told += unit.journeys.tell(events)
        return told

    def _from_bank(self) -> int:
        told = 0
        for file in self.bank.files(self.journeys.bank_files()):
            if file.problem:
                self.problems.append(
                    saying("bank-file-unreadable", file=file.name, text=file.problem)
                )
            events, unmatched = self._of_bank(file)
            if unmatched:
                self.problems.append(saying("bank-rows-unknown", file=file.name, rows=unmatched))
            with self.writing() as unit:
                told += unit.journeys.tell(events)
                unit.journeys.bank_file_read(file, unmatched=unmatched)
        return told

    def _of_bank(self, file: BankFile) -> tuple[list[JourneyEvent], int]:
        names = {name for row in file.rows for name in row.references}
        found = self.journeys.find_posted(names)
        events: list[JourneyEvent] = []
        unmatched = 0
        for row in file.rows:
            posted = {
                found[name].document: found[name] for name in row.references if name in found
            }
            unmatched += not posted
            events += [_of_bank_row(item, row, file.kind) for item in posted.values()]
        return events, unmatched

    @contextmanager
    def _unharmed(self, about: str) -> Iterator[None]:
        try:
            yield
        except RobotError as error:
            self.problems.append(f"{about}: {error}")


def tell_journeys(run: Run) -> None:
    """Tell what this run and everybody else did since the last run; it stops nothing."""
    ports = run.ports
    teller = Teller(
        journeys=ports.store.journeys,
        writing=run.unit,
        taxonomy=ports.taxonomy,
        calendar=ports.calendar,
        payments=ports.payments,
        bank=ports.bank,
        today=run.today,
    )
    try:
        teller.tell()
    except Exception as error:  # noqa: BLE001 - posting invoices does not wait for the journeys
        run.fault(error, "the journeys")
        run.problems.append(saying("journeys-behind", text=error))
    run.problems.extend(teller.problems)


def _source_steps(act: TrailedAct) -> Iterator[JourneyEvent]:
    for step, by, at in _steps(act.steps):
        name, actor = SOURCE_STEPS[step]
        yield JourneyEvent(
            document_key=act.document_key,
            document=act.document,
            at=at,
            event=name,
            system=act.system,
            actor=actor,
            actor_name=by,
            source_ref=f"source:{step}:{at.isoformat()}",
        )


def _steps(text: str) -> list[tuple[str, str, datetime]]:
    if not text:
        return []
    return [
        (step, by, datetime.fromisoformat(at).astimezone(UTC))
        for step, by, at in json.loads(text)
        if step in SOURCE_STEPS
    ]


def _of_trail(
    act: TrailedAct,
    name: EventName,
    actor: Actor,
    detail: Mapping[str, Any],
    *,
    system: str = "robot",
    once: bool = False,
) -> JourneyEvent:
    """An event that a row of the trail tells; `once` for a version, whatever is decided later."""
    reference = f"version:{act.document}" if once else f"audit:{act.seq}"
    return JourneyEvent(
        document_key=act.document_key,
        document=act.document,
        at=act.at,
        event=name,
        system=system,
        actor=actor,
        actor_name=act.actor if actor is Actor.SAM else "",
        source_ref=reference,
        detail=detail,
    )


def _codes(act: TrailedAct) -> dict[str, Any]:
    codes = act.detail.get("codes")
    return {"codes": list(codes)} if codes else {}


def _without_states(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in detail.items() if key not in {"from", "to", "payload"}}


def _of_ledger(posted: Posted, paid: LedgerPayment, today: date) -> Iterator[JourneyEvent]:
    def event(name: EventName, day: date, actor: Actor, **detail: str) -> JourneyEvent:
        return JourneyEvent(
            document_key=posted.document_key,
            document=posted.document,
            at=day_start(day).astimezone(UTC),
            precision=Precision.DAY,
            event=name,
            system="navision",
            actor=actor,
            source_ref=f"ledger:{paid.entry}:{name.value}",
            detail=detail,
        )

    if paid.exported and not posted.sent and paid.paid_on is None:
        # Seen today for the first time; the payment's own day corrects it when it is posted.
        yield event(EventName.SENT_TO_BANK, today, Actor.SAM)
    if paid.paid_on is not None:
        yield event(EventName.SENT_TO_BANK, paid.paid_on, Actor.SAM, payment=paid.payment)
    if paid.cleared_on is not None:
        yield event(EventName.CLEARED, paid.cleared_on, Actor.SYSTEM, payment=paid.payment)


def _of_bank_row(posted: Posted, row: BankRow, kind: str) -> JourneyEvent:
    day_only = not isinstance(row.at, datetime)
    at = row.at if isinstance(row.at, datetime) else day_start(row.at)
    detail = {"file": kind}
    if row.reason:
        detail["reason"] = row.reason
    return JourneyEvent(
        document_key=posted.document_key,
        document=posted.document,
        at=at.astimezone(UTC),
        precision=Precision.DAY if day_only else Precision.SECOND,
        event=_BANK_EVENTS[row.status],
        system="bank",
        actor=Actor.BANK,
        source_ref=f"bank:{row.reference}",
        detail=detail,
    )
