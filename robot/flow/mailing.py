"""Telling customers: notices to frozen mails, mails out, each logically once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from robot.domain.answer import saying
from robot.domain.calendar import day_start
from robot.domain.notice import Digest, MailPurpose
from robot.domain.state import EffectKind
from robot.errors import RobotError, StoreError
from robot.flow.addressing import all_addresses
from robot.flow.case_records import FixBy
from robot.flow.closing_mails import write_closings
from robot.flow.context import MAIL, Run
from robot.flow.failpoint import failpoint
from robot.flow.handover import hand_over
from robot.flow.mailboxes import customer_as_told
from robot.flow.notify import compose_digests, item_about, split
from robot.flow.records import NoticeRow
from robot.flow.reminding import remind
from robot.flow.sharing import read_mine
from robot.flow.ways_back import WaysBack, message_id_for

_PAGE: Final = 100
_NOTICE: Final = EffectKind.NOTICE.value
#: Error type of notices that wait because their customer has got enough mails today.
CAP: Final = "mail-cap-reached"


def tell_customers(run: Run) -> None:
    """Send what earlier runs left, then what is new: notices, reminders and closing mails."""
    run.pauses()
    tried = send_mails(run)
    _freeze_new(run)
    if run.options.reminds:
        remind(run)
        write_closings(run)
    send_mails(run, after=tried)


def send_mails(run: Run, *, after: int = 0) -> int:
    """Hand over the mails after this one that are written and not sent; the last one's id."""
    while not run.stopping() and not run.broken(MAIL):
        page, rows = read_mine(
            run,
            partial(run.ports.store.mails.unsent, after=after, limit=_PAGE),
            lambda row: run.company(row.customer),
        )
        if not page:
            break
        for row in rows:
            after = row.id
            if run.stopping() or run.broken(MAIL):
                break
            if not run.is_paused(row.customer):
                hand_over(run, row)
        else:
            after = page[-1].id
    return after


def _freeze_new(run: Run) -> None:
    open_cases = run.ports.store.documents.count_open_cases()
    customer = ""
    while not run.stopping():
        found, notices = read_mine(
            run,
            partial(run.ports.store.effects.notices_to_tell, customer),
            lambda row: run.company(row.customer),
        )
        if not found:
            return
        customer = found[0].customer
        if not notices or run.is_paused(customer) or run.company(customer) in run.passed_over:
            continue
        try:
            _freeze(run, customer, notices, open_cases.get(customer, 0))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one customer's trouble leaves the others theirs
            code = error.reference if isinstance(error, RobotError) else "robot-fault"
            run.errors[code] += 1
            run.problems.append(saying("not-told", customer=customer, text=error))
            run.fault(error, customer)


def _freeze(run: Run, customer: str, notices: Sequence[NoticeRow], open_cases: int) -> None:
    """Compose, render and keep one customer's mail, in one transaction with its notices."""
    ports = run.ports
    served = customer_as_told(ports.store, ports.rulebook, customer)
    items = [
        item_about(row, served, row.findings, row.decided_on, row.case_number) for row in notices
    ]
    states = ports.store.contacts.states(all_addresses(served))
    told = compose_digests(
        items,
        taxonomy=ports.taxonomy,
        calendar=ports.calendar,
        renderer=ports.renderer,
        today=run.today,
        next_run=ports.calendar.next_run(ports.clock.now()),
        still_open={customer: max(0, open_cases - len(notices))},
        states=states,
    )
    for problem in told.problems:
        run.errors[problem.code] += 1
        run.problems.append(problem.message)
    for digest in told.digests:
        for mail in _within_caps(run, customer, digest):
            _keep(run, customer, mail, notices)


def _within_caps(run: Run, customer: str, digest: Digest) -> Sequence[Digest]:
    """Urgent cases alone and the others together, as many mails as one address may get in a day.

    What is over the cap waits, and its notices go into tomorrow's first digest.
    """
    ports, options = run.ports, run.options
    reached = {address.casefold() for address in digest.recipients}
    sent = Counter(
        purpose
        for purpose, receivers in ports.store.mails.written_since(day_start(run.today), customer)
        if reached & {receiver.casefold() for receiver in receivers}
    )
    left = max(0, options.singles_a_day - sent[MailPurpose.SINGLE])
    mails = split(digest, taxonomy=ports.taxonomy, calendar=ports.calendar, most=left)
    cap = options.digests_a_day
    if cap is None or sent[MailPurpose.DIGEST] < cap:
        return mails
    over = [mail for mail in mails if mail.purpose is MailPurpose.DIGEST]
    if over:
        run.errors[CAP] += 1
        run.problems.append(
            saying(
                "mail-cap",
                customer=customer,
                mails=sent[MailPurpose.DIGEST],
                documents=len(over[0].documents),
            )
        )
    return [mail for mail in mails if mail.purpose is not MailPurpose.DIGEST]


def _keep(run: Run, customer: str, digest: Digest, notices: Sequence[NoticeRow]) -> None:
    keys = {document.document_key for document in digest.documents}
    carried = [row for row in notices if row.document_key in keys]
    cases = tuple(dict.fromkeys(document.case_number for document in digest.documents))
    mail = run.ports.renderer.digest(
        _with_ways_back(run, digest, cases),
        message_id=_message_id(run, carried, cases, digest.recipients),
    )
    failpoint("freeze-before", _NOTICE)
    with run.unit() as unit:
        number = unit.freeze_mail(mail, customer, [row.effect for row in carried])
        unit.cases.refer(number, cases)
        unit.cases.fix_by(
            [
                FixBy(
                    document_key=document.document_key,
                    day=document.fix_by,
                    reason=document.fix_by_reason.value,
                )
                for document in digest.documents
            ]
        )
    failpoint("freeze-after", _NOTICE)


def _with_ways_back(run: Run, digest: Digest, cases: Sequence[str]) -> Digest:
    """Each case with the address for answers and the link that are its own."""
    back = WaysBack.of(run, digest.recipients)
    return replace(
        digest,
        documents=tuple(
            replace(
                document,
                reply_to=back.reply_to(document.case_number),
                link=back.link(document.case_number),
            )
            for document in digest.documents
        ),
        reply_to=back.reply_to(cases[0]) if len(cases) == 1 else "",
    )


def _message_id(
    run: Run, carried: Sequence[NoticeRow], cases: Sequence[str], receivers: Sequence[str]
) -> str:
    """Fixed by what the mail tells whom: the same notices always have the same Message-ID."""
    told = "\n".join(
        sorted(
            " ".join((row.document_key, row.version, *(f.code for f in row.findings)))
            for row in carried
        )
    )
    return message_id_for(run, cases, f"{told}\n{' '.join(sorted(receivers))}")
