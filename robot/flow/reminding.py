"""Reminding customers of what still waits for them, and what is done when they don't act.

A reminder goes to those who were told, then the second contact role is told, then a person at the
centre calls. It stops when the source gives a corrected version, when the case is closed, while
the customer was given time, and while it waits for the supplier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Final

from robot.domain.answer import saying
from robot.domain.calendar import COPENHAGEN
from robot.domain.case import CaseStatus, EntryKind, Visibility
from robot.domain.customer import Customer
from robot.domain.notice import MailPurpose, Reminder, WaitingCase
from robot.domain.reminder import Step, Waiting, next_step
from robot.domain.state import EffectKind, State
from robot.flow.addressing import all_addresses, receivers
from robot.flow.case_records import CaseDocument, CaseRow, DocumentOnCase, NewEntry
from robot.flow.case_view import standing_of
from robot.flow.context import Run
from robot.flow.customers_in_turn import with_each
from robot.flow.failpoint import failpoint
from robot.flow.mailboxes import customer_as_told
from robot.flow.ports import WorkCalendar
from robot.flow.sharing import read_mine
from robot.flow.ways_back import WaysBack, message_id_for

_NOTICE: Final = EffectKind.NOTICE.value
#: Error type of a case that a person has to take up the telephone for.
CALL: Final = "customer-does-not-act"
_PURPOSES: Final = {Step.REMIND: MailPurpose.REMINDER, Step.ESCALATE: MailPurpose.ESCALATION}


def remind(run: Run) -> None:
    """Write today's reminders, one mail a customer and step.

    A notice that came back undelivered is told again, to those who can be reached.
    """
    if not run.ports.calendar.is_working_day(run.today):
        return
    store = run.ports.store
    _, due = read_mine(
        run, partial(store.cases.due, date.max), lambda item: run.company(item.case.customer)
    )
    _, untold = read_mine(
        run,
        store.effects.notices_that_reached_nobody,
        lambda number: run.company(store.cases.get(number).customer),
    )
    found = _by_customer(due)
    for number in untold:
        found.setdefault(store.cases.get(number).customer, [])

    def write(kreds: str) -> None:
        _of_customer(run, kreds, found[kreds])
        _retell(run, kreds, untold)

    with_each(run, found, write, otherwise=("blev ikke mindet om det", "was not reminded"))


def step_for(
    case: CaseRow,
    documents: Sequence[CaseDocument],
    *,
    today: date,
    calendar: WorkCalendar,
) -> Step | None:
    """What is due about a case today: the furthest that any of its bounced documents has come."""
    if standing_of(case, documents).status is not CaseStatus.WAITING_CUSTOMER:
        return None
    steps = {
        next_step(
            Waiting(
                told_on=document.told_at.astimezone(COPENHAGEN).date(),
                fix_by=document.fix_by,
                reminders=document.reminders,
                reminded_on=document.reminded_on,
                escalated_on=document.escalated_on,
                waits_until=case.marks.waits_until,
            ),
            today=today,
            add=calendar.add_working_days,
        )
        for document in documents
        if document.told_at is not None and document.fix_by is not None
    }
    return next((step for step in (Step.DESK, Step.ESCALATE, Step.REMIND) if step in steps), None)


def _by_customer(found: Iterable[DocumentOnCase]) -> dict[str, list[DocumentOnCase]]:
    grouped: dict[str, list[DocumentOnCase]] = {}
    for item in found:
        grouped.setdefault(item.case.customer, []).append(item)
    return dict(sorted(grouped.items()))


def _of_customer(run: Run, kreds: str, waiting: Sequence[DocumentOnCase]) -> None:
    customer = customer_as_told(run.ports.store, run.ports.rulebook, kreds)
    cases = {item.case.number: item.case for item in waiting}
    documents = {
        number: [item.document for item in waiting if item.case.number == number]
        for number in cases
    }
    steps: dict[Step, list[str]] = {}
    for number, case in cases.items():
        step = step_for(case, documents[number], today=run.today, calendar=run.ports.calendar)
        if step is not None:
            steps.setdefault(step, []).append(number)
    for step, purpose in _PURPOSES.items():
        if step in steps:
            _write(run, customer, purpose, {it: documents[it] for it in steps[step]})
    for number in steps.get(Step.DESK, ()):
        _call(run, customer, number, documents[number])


def _retell(run: Run, kreds: str, untold: Sequence[str]) -> None:
    cases = run.ports.store.cases
    customer = customer_as_told(run.ports.store, run.ports.rulebook, kreds)
    again: dict[str, list[CaseDocument]] = {}
    for number, documents in cases.documents_of(untold).items():
        waiting = [
            document
            for document in documents
            if document.state is State.BOUNCED
            and document.told_at is None
            and document.escalated_on is None
        ]
        if waiting and cases.get(number).customer == kreds:
            again[number] = waiting
    if again:
        _write(run, customer, MailPurpose.ESCALATION, again, starts_clock=True)


def _write(
    run: Run,
    customer: Customer,
    purpose: MailPurpose,
    cases: dict[str, list[CaseDocument]],
    *,
    starts_clock: bool = False,
) -> None:
    ports = run.ports
    states = ports.store.contacts.states(all_addresses(customer))
    found = receivers(customer, purpose, states)
    if not found.addresses:
        for number, documents in cases.items():
            _call(run, customer, number, documents)
        return
    back = WaysBack.of(run, found.addresses)
    rows = sorted(
        (_waiting(run, number, documents, back) for number, documents in cases.items()),
        key=lambda row: (row.fix_by, row.case_number),
    )
    numbers = [row.case_number for row in rows]
    thread = ports.store.mails.of_cases(numbers)
    reminder = Reminder(
        purpose=purpose,
        customer=customer.name,
        bogfoeringskreds=customer.bogfoeringskreds,
        language=customer.language,
        source_system=customer.source_system,
        recipients=found.addresses,
        cases=tuple(rows),
        next_run=ports.calendar.next_run(ports.clock.now()),
        made_on=run.today,
        reply_to=back.reply_to(numbers[0]) if len(numbers) == 1 else "",
        references=tuple(
            dict.fromkeys(row.mail.message_id for it in numbers for row in thread[it][:1])
        ),
    )
    told = f"{purpose} {run.today.isoformat()} {' '.join(sorted(numbers))}"
    mail = ports.renderer.reminder(reminder, message_id=message_id_for(run, numbers, told))
    keys = [document.document_key for documents in cases.values() for document in documents]
    failpoint("freeze-before", _NOTICE)
    with run.unit() as unit:
        written = unit.freeze_mail(mail, customer.bogfoeringskreds, [])
        unit.cases.refer(written, numbers)
        if purpose is MailPurpose.ESCALATION:
            unit.cases.escalated(keys, run.today)
        else:
            unit.cases.reminded(keys, run.today)
        if starts_clock:
            unit.cases.told(keys)
    failpoint("freeze-after", _NOTICE)


def _waiting(
    run: Run, number: str, documents: Sequence[CaseDocument], back: WaysBack
) -> WaitingCase:
    first = min(documents, key=lambda it: (it.fix_by or date.max, it.number))
    told_on = min(
        (it.told_at.astimezone(COPENHAGEN).date() for it in documents if it.told_at is not None),
        default=run.today,
    )
    hidden = any(document.confidential for document in documents)
    return WaitingCase(
        case_number=number,
        number=first.number,
        supplier="" if hidden else first.supplier,
        kind=first.kind,
        confidential=hidden,
        documents=len(documents),
        fix_by=first.fix_by or run.today,
        told_on=told_on,
        waited=_working_days(run.ports.calendar, told_on, run.today),
        reply_to=back.reply_to(number),
        link=back.link(number),
    )


def _working_days(calendar: WorkCalendar, first: date, last: date) -> int:
    days = 0
    while first < last:
        first = calendar.add_working_days(first, 1)
        days += first <= last
    return days


def _call(run: Run, customer: Customer, number: str, documents: Sequence[CaseDocument]) -> None:
    """A task for a person: mail has not helped."""
    keys = [document.document_key for document in documents]
    words = saying("call-customer", customer=customer.name, case=number, documents=len(documents))
    with run.unit() as unit:
        if any(document.escalated_on is None for document in documents):
            unit.cases.escalated(keys, run.today)
        unit.cases.reminded(keys, run.today)
        unit.cases.say(
            NewEntry(
                case_number=number,
                author="robot",
                kind=EntryKind.ESCALATION,
                visibility=Visibility.INTERNAL,
                text=f"{words.answer.text('da')}\n{words}",
            )
        )
    run.errors[CALL] += 1
    run.problems.append(words)
