"""Telling a customer that what it has put right is posted, in the thread of its case.

Only about documents that a notice was sent about, only when no document of the case is open any
more, and only to customers who want it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from robot.domain.customer import Customer
from robot.domain.notice import ClosedDocument, Closing, MailPurpose
from robot.domain.state import EffectKind, State
from robot.flow.addressing import all_addresses, receivers
from robot.flow.case_records import CaseDocument, DocumentOnCase
from robot.flow.context import Run
from robot.flow.customers_in_turn import with_each
from robot.flow.failpoint import failpoint
from robot.flow.mailboxes import customer_as_told
from robot.flow.ports import WorkCalendar
from robot.flow.sharing import read_mine
from robot.flow.ways_back import WaysBack, message_id_for

_NOTICE: Final = EffectKind.NOTICE.value
_CREDIT_NOTE: Final = "credit-note"
#: So many cases of a customer are closed in a mail each; more are told in one.
_EACH: Final = 5
_SETTLED: Final = frozenset({State.POSTED, State.DROPPED})


def write_closings(run: Run) -> None:
    """Write closing mails for the cases that were settled since."""
    _, settled = read_mine(
        run, run.ports.store.cases.to_close, lambda item: run.company(item.case.customer)
    )
    grouped: dict[str, list[DocumentOnCase]] = {}
    for item in settled:
        grouped.setdefault(item.case.customer, []).append(item)
    with_each(
        run,
        grouped,
        lambda kreds: _of_customer(run, kreds, grouped[kreds]),
        otherwise=("fik ikke at vide, hvad der er bogført", "was not told what is posted"),
    )


def payment_day(due_date: date | None, today: date, calendar: WorkCalendar) -> date | None:
    """The bank day on which a posted invoice is paid: its due date, or the next day that is left.

    Args:
        due_date: None when the invoice says nothing.
        today: When it was posted.
        calendar: Bank days.
    """
    if due_date is None:
        return None
    return calendar.next_bank_day(max(due_date, today + timedelta(days=1)))


def _of_customer(run: Run, kreds: str, found: Sequence[DocumentOnCase]) -> None:
    customer = customer_as_told(run.ports.store, run.ports.rulebook, kreds)
    numbers = tuple(dict.fromkeys(item.case.number for item in found))
    standing = run.ports.store.cases.documents_of(numbers)
    ready = {
        number: [item.document for item in found if item.case.number == number]
        for number in numbers
        if all(document.state in _SETTLED for document in standing[number])
    }
    states = run.ports.store.contacts.states(all_addresses(customer))
    addresses = receivers(customer, MailPurpose.CLOSING, states).addresses
    if not customer.closing_mails or not addresses:
        keys = [document.document_key for documents in ready.values() for document in documents]
        if keys:
            with run.unit() as unit:
                unit.cases.closing_written(keys)
        return
    if len(ready) > _EACH:
        _write(run, customer, addresses, ready)
        return
    for number, documents in ready.items():
        _write(run, customer, addresses, {number: documents})


def _write(
    run: Run,
    customer: Customer,
    addresses: tuple[str, ...],
    cases: dict[str, list[CaseDocument]],
) -> None:
    back = WaysBack.of(run, addresses)
    numbers = list(cases)
    thread = run.ports.store.mails.of_cases(numbers)
    closing = Closing(
        customer=customer.name,
        bogfoeringskreds=customer.bogfoeringskreds,
        language=customer.language,
        recipients=addresses,
        documents=tuple(
            _closed(run, number, document, back)
            for number, documents in cases.items()
            for document in documents
        ),
        made_on=run.today,
        reply_to=back.reply_to(numbers[0]) if len(numbers) == 1 else "",
        references=tuple(
            dict.fromkeys(
                row.mail.message_id
                for number in numbers
                for row in (thread[number] if len(numbers) == 1 else thread[number][:1])
            )
        ),
    )
    keys = [document.document_key for documents in cases.values() for document in documents]
    versions = " ".join(sorted(it.version for documents in cases.values() for it in documents))
    message_id = message_id_for(run, numbers, f"closing {versions}")
    mail = run.ports.renderer.closing(closing, message_id=message_id)
    failpoint("freeze-before", _NOTICE)
    with run.unit() as unit:
        written = unit.freeze_mail(mail, customer.bogfoeringskreds, [])
        unit.cases.refer(written, numbers)
        unit.cases.closing_written(keys)
    failpoint("freeze-after", _NOTICE)


def _closed(run: Run, number: str, document: CaseDocument, back: WaysBack) -> ClosedDocument:
    shown = not document.confidential
    pays = shown and document.kind != _CREDIT_NOTE
    return ClosedDocument(
        case_number=number,
        number=document.number,
        supplier=document.supplier if shown else "",
        kind=document.kind,
        confidential=document.confidential,
        total=document.total if shown else None,
        currency=document.currency if shown else "",
        pays_on=payment_day(document.due_date, run.today, run.ports.calendar) if pays else None,
        link=back.link(number),
    )
