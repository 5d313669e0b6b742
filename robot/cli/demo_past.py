"""Some months that the demo's robot has behind it: invented documents, each with its whole way.

Nothing of it is open, repeats or resembles a document of the demo, so the demo's own run comes to
the same with it and without. Lists, figures and forecasts have something to show.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Protocol

from robot.cli.demo_tale import Tale
from robot.domain.calendar import COPENHAGEN, Calendar, day_start
from robot.domain.canonical import sha256_hex
from robot.domain.customer import Customer
from robot.domain.decision import Decision, Finding, Outcome
from robot.domain.document import Step
from robot.domain.journey import Actor, EventName, JourneyEvent
from robot.domain.state import State
from robot.flow.forecast import working_days
from robot.flow.journey_port import Clocks
from robot.flow.order import company_of
from robot.flow.ports import Clock
from robot.flow.records import DocumentCore, Move, Recorded
from robot.flow.store_port import Store, Unit

DAYS: Final = 150
#: On an ordinary day; more come after a weekend and at the end of a month.
A_DAY: Final = 4
_MONDAY_MORE, _MONTH_END_MORE, _MONTH_END = 1.6, 1.8, 25
_SEED: Final = 20261124
_SUPPLIERS: Final = (
    "Dansk Kontor A/S",
    "Rengøring Øst A/S",
    "IT-huset A/S",
    "Kaffekompagniet ApS",
    "Konsulenthuset Fjord A/S",
    "Nordlys El A/S",
    "Møbelsnedkeren I/S",
    "Dagbladet Skrift",
)
#: Error types by how often they came, and the field that each was about.
_BOUNCED: Final = (
    ("dimension-missing", 30, "lines[1].dimensions.delregnskab"),
    ("account-unknown", 18, "lines[1].account"),
    ("vat-code-missing", 14, "lines[1].vat_code"),
    ("posting-date-closed", 12, "coding.posting_date"),
    ("coding-total-differs", 10, "coding.total"),
    ("totals-wrong", 9, "invoice.total"),
    ("creditor-data-missing", 7, "creditor"),
)
_HELD: Final = (
    ("duplicate-suspected", 30, "invoice.number"),
    ("creditor-unknown", 26, "creditor"),
    ("invoice-too-old", 16, "invoice.issue_date"),
    ("vat-rate-unusual", 16, "lines[1].vat_rate"),
    ("period-not-created", 12, "coding.posting_date"),
)
_TOUCHLESS, _BOUNCE, _HOLD = 70, 18, 9
#: So many days before the end nothing is opened that would have to be closed again.
_CLOSING_DAYS: Final = 10
_RULE: Final = "standard"


class SetClock(Clock, Protocol):
    """A clock that is set by who tells the past."""

    at: datetime


@dataclass(slots=True)
class PastClock:
    """Shows the instant that it is set to."""

    at: datetime

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One thing that happens to a document on a later day."""

    document: int
    core: DocumentCore
    origin: State
    to: State
    codes: tuple[str, ...] = ()
    due: date
    #: The customer corrected it: it comes as a new version.
    corrected: bool = False


@dataclass(slots=True, kw_only=True)
class Past:
    """Writes it, one run a working day.

    Args:
        store: An empty store whose clock is `clock`.
        clock: Is set to each moment that is told.
        calendar: Working days.
        customers: Whose documents they are.
        rulesets: Hash of the rule set by bogføringskreds.
        today: The first day that is not told any more.
        on_day: Is told each day, before anything comes, when the clock shows its run.
    """

    store: Store
    clock: SetClock
    calendar: Calendar
    customers: Sequence[Customer]
    rulesets: dict[str, str]
    today: date
    on_day: Callable[[date], None] = lambda _day: None
    _dice: random.Random = field(default_factory=lambda: random.Random(_SEED))  # noqa: S311 - an invented world
    _later: dict[date, list[_Visit]] = field(default_factory=dict)
    _number: int = 0
    _last_day: date = date.min

    def write(self, days: int = DAYS, a_day: int = A_DAY) -> int:
        """Tell the days before today; how many documents came."""
        first, last = (self.today - timedelta(days=ago) for ago in (days, 1))
        worked = working_days(self.calendar, first, last)
        if not worked:
            return 0
        self._last_day = worked[-1]
        for day in worked:
            self._day(day, a_day)
        seen = self.store.trail.verify().rows
        with self.store.writing(actor="robot") as unit:
            unit.journeys.told_to(seen)
        return self._number

    def _day(self, day: date, a_day: int) -> None:
        at = datetime.combine(day, time(6, 30), COPENHAGEN).astimezone(UTC)
        self.clock.at = at
        self.on_day(day)
        with self.store.writing(actor="robot") as unit:
            run = unit.begin_run(f"{day}/morning", "demo")
            counts = self._come(unit, day, at, a_day)
            # What was done about a document later: by a clerk, or a correction by its customer.
            counts.update(self._go_on(unit, day, at))
            pulled = sum(counts.values())
            shown = {name: counts[name] for name in ("posted", "bounced", "held", "unreadable")}
            errors = {name: many for name, many in counts.items() if "-" in name}
            unit.finish_run(
                run,
                "done",
                {
                    "counts": {"pulled": pulled - sum(errors.values()), **shown, "unknown": 0},
                    "errors": errors,
                    "problems": [],
                },
            )

    def _come(self, unit: Unit, day: date, at: datetime, a_day: int) -> Counter[str]:
        many = a_day * (_MONDAY_MORE if day.weekday() == 0 else 1.0)
        many *= _MONTH_END_MORE if day.day >= _MONTH_END else 1.0
        many = max(1, round(self._dice.gauss(many, many / 6)))
        plans = [self._plan(day) for _ in range(int(many))]
        ids = unit.record([_as_begun(plan[0]) for plan in plans])
        back = [
            number
            for number, (recorded, _, _) in zip(ids, plans, strict=True)
            if recorded.state is State.BOUNCED
        ]
        for origin, to in (
            (State.DECIDED, State.REJECTING),
            (State.REJECTING, State.BOUNCED),
        ):
            unit.move([Move(document=it, origin=origin, to=to, act=to.value) for it in back])
        counts: Counter[str] = Counter()
        told: list[JourneyEvent] = []
        clocks: list[Clocks] = []
        for number, (recorded, steps, due) in zip(ids, plans, strict=True):
            core, state = recorded.core, recorded.state
            codes = _codes(recorded.decision)
            tale = Tale(core=core, document=number)
            told += tale.approved(steps)
            told += self._decided(tale, at, state, codes, due)
            approved = steps[-1][2]
            clocks.append(self._clock_of(number, approved, due))
            counts[state.value] += 1
            counts.update(codes)
            self._plan_later(day, number, recorded, codes, due)
        unit.journeys.tell(told)
        unit.journeys.set_clocks(clocks)
        return counts

    def _plan(self, day: date) -> tuple[Recorded, list[tuple[str, str, datetime]], date]:
        self._number += 1
        customer = self.customers[self._dice.randrange(len(self.customers))]
        received = self.calendar.add_working_days(day, -self._dice.randint(2, 9))
        steps = self._steps(received, day)
        due = received + timedelta(days=self._dice.choice((14, 30, 30, 30)))
        core = self._core(customer, received, due, steps)
        state, codes = self._fate(day)
        decision = self._decision(core, state, codes, day)
        recorded = Recorded(
            known=None,
            core=core,
            state=state,
            digest=sha256_hex(f"digest {self._number}"),
            decision=decision,
            receipt=_receipt(core) if state is State.POSTED else None,
        )
        return recorded, steps, due

    def _steps(self, received: date, day: date) -> list[tuple[str, str, datetime]]:
        names = (
            (Step.RECEIVED, "VANS", 0.0),
            (Step.DISTRIBUTED, "fordeler", 0.15),
            (Step.FIRST_APPROVAL, "rekvirent", 0.5),
            (Step.SECOND_APPROVAL, "godkender", 0.95),
        )
        start = datetime.combine(received, time(8, self._dice.randrange(60)), COPENHAGEN)
        until = datetime.combine(day - timedelta(days=1), time(15, 0), COPENHAGEN)
        return [
            (step.value, by, (start + max(until - start, timedelta(hours=1)) * share))
            for step, by, share in names
        ]

    def _core(
        self,
        customer: Customer,
        received: date,
        due: date,
        steps: list[tuple[str, str, datetime]],
    ) -> DocumentCore:
        total = Decimal(self._dice.randint(20_000, 9_000_000)) / 100
        text = f"past {self._number}"
        return DocumentCore(
            document_key=sha256_hex(text),
            version=sha256_hex(text + " 1"),
            generation="1",
            system=customer.source_system,
            company=company_of(customer),
            customer=customer.bogfoeringskreds,
            source_id=f"FOER-{self._number:06}",
            name=f"foer-{self._number:06}.xml",
            content_hash=sha256_hex(text + " content"),
            kind="invoice",
            number=f"F{self._number:06}",
            supplier=self._dice.choice(_SUPPLIERS),
            issue_date=received,
            due_date=due,
            total=total,
            payable=total,
            currency="DKK",
            lines=1,
            steps=json.dumps([[step, by, at.isoformat()] for step, by, at in steps]),
        )

    def _fate(self, day: date) -> tuple[State, tuple[str, ...]]:
        drawn = self._dice.randrange(100)
        if drawn < _TOUCHLESS or (self._last_day - day).days < _CLOSING_DAYS:
            return State.POSTED, ()
        if drawn < _TOUCHLESS + _BOUNCE:
            return State.BOUNCED, (self._drawn(_BOUNCED),)
        if drawn < _TOUCHLESS + _BOUNCE + _HOLD:
            return State.HELD, (self._drawn(_HELD),)
        return State.UNREADABLE, ("unreadable",)

    def _drawn(self, table: Sequence[tuple[str, int, str]]) -> str:
        codes = [code for code, _, _ in table]
        return self._dice.choices(codes, [weight for _, weight, _ in table])[0]

    def _decision(
        self, core: DocumentCore, state: State, codes: Sequence[str], day: date
    ) -> Decision:
        paths = {code: path for code, _, path in (*_BOUNCED, *_HELD)}
        outcome = {State.POSTED: Outcome.POST, State.BOUNCED: Outcome.BOUNCE}
        return Decision(
            outcome=outcome.get(state, Outcome.HOLD),
            findings=tuple(
                Finding(code=code, path=paths.get(code, ""), seen="", expected="", rule=_RULE)
                for code in codes
            ),
            posted_by=(_RULE,) if state is State.POSTED else (),
            ruleset=self.rulesets.get(core.customer, ""),
            facts_hash=sha256_hex("facts " + core.document_key),
            decided_on=day,
            posting_date=day,
        )

    def _decided(
        self, tale: Tale, at: datetime, state: State, codes: Sequence[str], due: date
    ) -> list[JourneyEvent]:
        told = [
            tale.event(EventName.PICKED, at),
            tale.event(EventName.CHECKED, at + timedelta(seconds=2), codes=list(codes)),
        ]
        after = at + timedelta(minutes=1)
        if state is State.POSTED:
            return told + self._paid(tale, after, due)
        if state is State.BOUNCED:
            told.append(tale.event(EventName.BOUNCED, after, codes=list(codes)))
            told.append(tale.event(EventName.CASE_OPENED, after))
            told.append(tale.event(EventName.NOTICE_SENT, after + timedelta(minutes=1)))
            return told
        name = EventName.HELD if state is State.HELD else EventName.SET_ASIDE
        told.append(tale.event(name, after, codes=list(codes), ball="sam"))
        return told

    def _paid(self, tale: Tale, at: datetime, due: date) -> list[JourneyEvent]:
        told = [tale.event(EventName.POSTED, at, system="navision", receipt=_receipt(tale.core))]
        posted = at.astimezone(COPENHAGEN).date()
        pays = max(due, self.calendar.add_working_days(posted, 1))
        for name, ahead, actor, system in (
            (EventName.PAYMENT_PROPOSED, 2, Actor.SAM, "navision"),
            (EventName.SENT_TO_BANK, 1, Actor.SAM, "navision"),
            (EventName.PAYMENT_ACCEPTED, 1, Actor.BANK, "bank"),
            (EventName.SETTLED, 0, Actor.BANK, "bank"),
            (EventName.CLEARED, 0, Actor.SYSTEM, "navision"),
        ):
            day = max(posted, pays - timedelta(days=ahead))
            if day < self.today:
                told.append(tale.event(name, day_start(day), actor, system))
        return told

    def _clock_of(self, document: int, approved: datetime, due: date) -> Clocks:
        pay_by = due - timedelta(days=1)
        return Clocks(
            document=document,
            approved_at=approved.astimezone(UTC),
            goal_at=self.calendar.goal(approved.astimezone(UTC), 1),
            pay_by=pay_by,
            late_at_receipt=pay_by < approved.date(),
        )

    def _plan_later(
        self, day: date, number: int, recorded: Recorded, codes: tuple[str, ...], due: date
    ) -> None:
        state = recorded.state
        if state is State.POSTED:
            return
        waits = self._dice.randint(1, 5) if state is State.BOUNCED else self._dice.randint(1, 3)
        then = min(self.calendar.add_working_days(day, waits), self._last_day)
        self._later.setdefault(then, []).append(
            _Visit(
                document=number,
                core=recorded.core,
                origin=state,
                to=State.DROPPED if state is State.UNREADABLE else State.POSTED,
                codes=codes,
                due=due,
                corrected=state is State.BOUNCED,
            )
        )

    def _go_on(self, unit: Unit, day: date, at: datetime) -> Counter[str]:
        visits = self._later.pop(day, [])
        corrected = [visit for visit in visits if visit.corrected]
        others = [visit for visit in visits if not visit.corrected]
        told: list[JourneyEvent] = []
        again = [self._corrected(visit, day) for visit in corrected]
        clocks: list[Clocks] = []
        for visit, number in zip(corrected, unit.record(again), strict=True):
            tale = Tale(core=visit.core, document=number)
            approved = at - timedelta(hours=16)
            told.append(tale.event(EventName.REPLIED, approved, Actor.CUSTOMER, "mail"))
            told.append(tale.event(EventName.APPROVED, approved, Actor.CUSTOMER, tale.core.system))
            told += self._decided(tale, at, State.POSTED, (), visit.due)
            told.append(tale.event(EventName.CASE_CLOSED, at + timedelta(minutes=3)))
            clocks.append(self._clock_of(number, approved, visit.due))
        unit.move([self._settled(visit, day) for visit in others])
        for visit in others:
            tale = Tale(core=visit.core, document=visit.document)
            before = at - timedelta(hours=18)
            if visit.to is State.DROPPED:
                told.append(tale.event(EventName.DROPPED, before, Actor.SAM, name="anna"))
                continue
            told.append(tale.event(EventName.RELEASED, before, Actor.SAM, name="anna"))
            told += self._paid(tale, at + timedelta(minutes=1), visit.due)
        unit.journeys.tell(told)
        unit.journeys.set_clocks(clocks)
        return Counter(visit.to.value for visit in visits)

    def _corrected(self, visit: _Visit, day: date) -> Recorded:
        core = replace(visit.core, version=sha256_hex(visit.core.version), generation="2")
        return Recorded(
            known=None,
            core=core,
            state=State.POSTED,
            digest=sha256_hex("digest " + core.version),
            decision=self._decision(core, State.POSTED, (), day),
            receipt=_receipt(core),
        )

    def _settled(self, visit: _Visit, day: date) -> Move:
        if visit.to is State.DROPPED:
            return Move(
                document=visit.document,
                origin=visit.origin,
                to=visit.to,
                act="dropped",
                detail={"reason": "kan ikke læses"},
            )
        decision = self._decision(visit.core, State.POSTED, (), day)
        return Move(
            document=visit.document,
            origin=visit.origin,
            to=visit.to,
            act="posted",
            receipt=_receipt(visit.core),
            decision=decision,
            digest=sha256_hex("digest again " + visit.core.document_key),
        )


def _codes(decision: Decision | None) -> tuple[str, ...]:
    return tuple(found.code for found in decision.findings) if decision else ()


def _as_begun(recorded: Recorded) -> Recorded:
    """As it was when it was decided: sending back is a step of its own."""
    if recorded.state is State.BOUNCED:
        return replace(recorded, state=State.DECIDED)
    return recorded


def _receipt(core: DocumentCore) -> str:
    return core.source_id.replace("FOER-", "KF")
