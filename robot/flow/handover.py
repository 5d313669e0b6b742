"""Handing one mail over, and what follows from what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from robot.domain.answer import saying
from robot.domain.case import EntryKind, PartyOrigin, Visibility
from robot.domain.notice import Handover, MailPurpose, RefusedAddress
from robot.domain.state import EffectKind, EffectStatus
from robot.errors import MailTransientError, MailUnknownError
from robot.flow.addressing import may_write
from robot.flow.case_records import NewEntry
from robot.flow.cases import share_with
from robot.flow.contact_port import ContactState
from robot.flow.context import MAIL, Run
from robot.flow.failpoint import failpoint
from robot.flow.mailboxes import SharedMailboxes, customer_as_told
from robot.flow.records import MailRow, Settlement
from robot.flow.store_port import Unit

_NOTICE: Final = EffectKind.NOTICE.value
#: A mail of unknown outcome is handed over once more, so a customer has two copies at most.
UNKNOWN_TRIES: Final = 2
#: Between two tries of a mail that is put off: as long as it has waited already, so they double.
_SHORTEST_WAIT: Final = timedelta(minutes=15)
_LONGEST_WAIT: Final = timedelta(hours=4)
#: So long all receivers wait for one who is put off, such as by greylisting.
PATIENCE: Final = timedelta(hours=4)
#: Error type of a mail that reaches none of its receivers.
UNDELIVERABLE: Final = "mail-contact-missing"
_ENTRIES: Final = {
    MailPurpose.DIGEST: EntryKind.NOTICE,
    MailPurpose.SINGLE: EntryKind.NOTICE,
    MailPurpose.REMINDER: EntryKind.REMINDER,
    MailPurpose.ESCALATION: EntryKind.ESCALATION,
    MailPurpose.CLOSING: EntryKind.CLOSING,
}


def hand_over(run: Run, row: MailRow) -> None:
    """Take a written mail as far as it goes now."""
    if row.not_before is not None and run.ports.clock.now() < row.not_before:
        return
    if row.status is not EffectStatus.PENDING and run.ports.store.mails.came_back(
        row.mail.message_id
    ):
        # Its copy lies in the robot's own mailbox, so the server took it for everybody.
        _settle(run, row, row.status, EffectStatus.DONE, "its copy came back")
        run.notices += 1
        return
    if row.status is not EffectStatus.PENDING and row.attempts >= UNKNOWN_TRIES:
        _give_up(run, row)
        return
    if not _still_theirs(run, row):
        _withdraw(run, row)
        return
    _send(run, row)
    run.ports.observer.progress("notify", run.notices)


def _send(run: Run, row: MailRow) -> None:
    _settle(run, row, row.status, EffectStatus.SENT, row.outcome, tried=1)
    failpoint("mail-before", _NOTICE)
    patient = run.ports.clock.now() - row.created_at < PATIENCE
    try:
        done = run.ports.mailer.send(row.mail, patient=patient)
    except MailUnknownError as error:
        run.failed(MAIL)
        run.fault(error, row.customer)
        run.errors[error.reference] += 1
        _settle(run, row, EffectStatus.SENT, EffectStatus.UNKNOWN, error.message)
    except Exception as error:  # noqa: BLE001 - kept and shown; the next run tries again
        run.failed(MAIL)
        run.fault(error, row.customer)
        run.errors["mail-error"] += 1
        run.problems.append(saying("not-told", customer=row.customer, text=error))
        later = _later(run, row) if isinstance(error, MailTransientError) else None
        _settle(run, row, *_BACK, str(error), tried=-1, not_before=later)
    else:
        failpoint("mail-after", _NOTICE)
        run.worked(MAIL)
        _answered(run, row, done)
        failpoint("mail-settled", _NOTICE)


#: Nothing left the house, so it does not count as a copy.
_BACK: Final = (EffectStatus.SENT, EffectStatus.PENDING)


def _answered(run: Run, row: MailRow, done: Handover) -> None:
    if done.taken:
        run.notices += 1
        with run.unit() as unit:
            _note_refused(run, unit, done.refused)
            _step(unit, row, EffectStatus.SENT, EffectStatus.DONE, _words(done.refused))
            _say(run, unit, row)
        return
    if done.put_off:
        with run.unit() as unit:
            _note_refused(run, unit, done.refused)
            words = f"put off: {_words(done.put_off)}"
            _step(unit, row, *_BACK, words, tried=-1, not_before=_later(run, row))
        return
    run.errors[UNDELIVERABLE] += 1
    with run.unit() as unit:
        states = _note_refused(run, unit, done.refused)
        reachable = any(state is not ContactState.DEAD for state in states)
        words = f"refused: {_words(done.refused)}"
        if reachable:
            _step(unit, row, *_BACK, words, tried=-1, not_before=_later(run, row))
        else:
            _reaches_nobody(unit, row, EffectStatus.SENT, words)
    run.problems.append(
        saying(
            "mail-reaches-nobody",
            mail=row.mail.message_id,
            customer=row.customer,
            text=_words(done.refused),
        )
    )


def _still_theirs(run: Run, row: MailRow) -> bool:
    try:
        customer = customer_as_told(run.ports.store, run.ports.rulebook, row.customer)
    except KeyError:
        return False
    return may_write(customer, row.mail.recipients, row.mail.purpose)


def _withdraw(run: Run, row: MailRow) -> None:
    """The customer's file no longer names the receivers: nothing goes to them."""
    run.problems.append(saying("mail-not-theirs", mail=row.mail.message_id, customer=row.customer))
    run.errors[UNDELIVERABLE] += 1
    with run.unit() as unit:
        _reaches_nobody(unit, row, row.status, "not the customer's addresses any more")


def _reaches_nobody(unit: Unit, row: MailRow, origin: EffectStatus, words: str) -> None:
    """Its notices go into another mail, to those who can be reached."""
    unit.release_notices(row.id)
    _step(unit, row, origin, EffectStatus.CANCELLED, words)


def _give_up(run: Run, row: MailRow) -> None:
    """Twice handed over and twice no answer: a third copy would be worse than asking a person."""
    run.errors[MailUnknownError.reference] += 1
    run.problems.append(saying("mail-uncertain", mail=row.mail.message_id, customer=row.customer))
    _settle(run, row, row.status, EffectStatus.REFUSED, "no answer, twice")


def _note_refused(run: Run, unit: Unit, refused: Sequence[RefusedAddress]) -> list[ContactState]:
    return [
        unit.contacts.failed(
            one.address, code=one.code, words=one.words, hard=one.hard, on=run.today
        )
        for one in refused
    ]


def _say(run: Run, unit: Unit, row: MailRow) -> None:
    """Write on each case what was sent, and let those see the case whom it was sent to.

    The subject of a mail about several cases says what only the parties of one of them may know.
    """
    kind = _ENTRIES.get(row.mail.purpose)
    if kind is None:
        return
    numbers = run.ports.store.mails.cases_of(row.id)
    boxes = SharedMailboxes.of(run.ports.store.cases, run.ports.rulebook.customers)
    share_with(unit.cases, boxes, numbers, row.mail.recipients, PartyOrigin.NOTICE)
    for number in numbers:
        unit.cases.say(
            NewEntry(
                case_number=number,
                author="robot",
                kind=kind,
                visibility=Visibility.EXTERNAL,
                text=row.mail.subject if len(numbers) == 1 else "",
                message_id=row.mail.message_id,
            )
        )


def _later(run: Run, row: MailRow) -> datetime:
    now = run.ports.clock.now()
    return now + min(max(now - row.created_at, _SHORTEST_WAIT), _LONGEST_WAIT)


def _words(refused: Sequence[RefusedAddress]) -> str:
    return "; ".join(f"{one.address}: {one.words}" for one in refused)


def _settle(  # noqa: PLR0913 - one step, field by field
    run: Run,
    row: MailRow,
    origin: EffectStatus,
    to: EffectStatus,
    outcome: str,
    *,
    tried: int = 0,
    not_before: datetime | None = None,
) -> None:
    with run.unit() as unit:
        _step(unit, row, origin, to, outcome, tried=tried, not_before=not_before)


def _step(  # noqa: PLR0913 - as above
    unit: Unit,
    row: MailRow,
    origin: EffectStatus,
    to: EffectStatus,
    outcome: str,
    *,
    tried: int = 0,
    not_before: datetime | None = None,
) -> None:
    unit.settle_mail(
        row.id,
        Settlement(
            effect=row.id,
            origin=origin,
            to=to,
            outcome=outcome,
            tried=tried,
            not_before=not_before,
        ),
    )
