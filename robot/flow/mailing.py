"""Telling customers: notices to frozen mails, mails out, each logically once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from robot.domain.canonical import sha256_hex
from robot.domain.notice import Digest, NoticeItem
from robot.domain.state import EffectKind, EffectStatus
from robot.errors import MailUnknownError, RobotError, StoreError
from robot.flow.context import MAIL, Run
from robot.flow.failpoint import failpoint
from robot.flow.notify import compose_digests
from robot.flow.records import MailRow, NoticeRow, Settlement
from robot.flow.sharing import read_mine

_PAGE: Final = 100
_NOTICE: Final = EffectKind.NOTICE.value
#: A mail of unknown outcome is handed over once more, so a customer has two copies at most.
UNKNOWN_TRIES: Final = 2


def tell_customers(run: Run) -> None:
    """Send what earlier runs left, then one digest to each customer with new bounced documents."""
    run.pauses()
    tried = send_mails(run)
    _freeze_new(run)
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
                _send(run, row)
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
            run.problems.append(f"customer {customer} was not told: {error}")
            run.fault(error, customer)


def _freeze(run: Run, customer: str, notices: Sequence[NoticeRow], open_cases: int) -> None:
    """Compose, render and keep one customer's mail, in one transaction with its notices."""
    ports = run.ports
    served = ports.rulebook.for_customer(customer).customer
    items = [
        NoticeItem(
            customer=served,
            case_number=row.case_number,
            document_key=row.document_key,
            number=row.number,
            supplier=row.supplier,
            kind=row.kind,
            issue_date=row.issue_date,
            due_date=row.due_date,
            total=row.total,
            currency=row.currency,
            confidential=row.confidential,
            findings=row.findings,
            decided_on=row.decided_on,
        )
        for row in notices
    ]
    told = compose_digests(
        items,
        taxonomy=ports.taxonomy,
        calendar=ports.calendar,
        renderer=ports.renderer,
        today=run.today,
        next_run=ports.calendar.next_run(ports.clock.now()),
        still_open={customer: max(0, open_cases - len(notices))},
    )
    for problem in told.problems:
        run.errors[problem.code] += 1
        run.problems.append(problem.message)
    for digest in told.digests:
        _keep(run, customer, digest, notices)


def _keep(run: Run, customer: str, digest: Digest, notices: Sequence[NoticeRow]) -> None:
    keys = {document.document_key for document in digest.documents}
    carried = [row for row in notices if row.document_key in keys]
    message_id = _message_id(run, carried)
    mail = run.ports.renderer.digest(digest, message_id=message_id)
    failpoint("freeze-before", _NOTICE)
    with run.unit() as unit:
        unit.freeze_mail(mail, customer, [row.effect for row in carried])
    failpoint("freeze-after", _NOTICE)


def _message_id(run: Run, carried: Sequence[NoticeRow]) -> str:
    """Fixed by what the mail tells: the same notices always have the same Message-ID."""
    told = "\n".join(
        sorted(
            " ".join((row.document_key, row.version, *(f.code for f in row.findings)))
            for row in carried
        )
    )
    return f"<{sha256_hex(told)[:40]}@{run.options.mail_domain}>"


def _send(run: Run, row: MailRow) -> None:
    if row.status is not EffectStatus.PENDING and row.attempts >= UNKNOWN_TRIES:
        _give_up(run, row)
        return
    _settle(run, row, row.status, EffectStatus.SENT, row.outcome, tried=1)
    failpoint("mail-before", _NOTICE)
    try:
        run.ports.mailer.send(row.mail)
    except MailUnknownError as error:
        run.failed(MAIL)
        run.fault(error, row.customer)
        run.errors[error.reference] += 1
        _settle(run, row, EffectStatus.SENT, EffectStatus.UNKNOWN, error.message)
    except Exception as error:  # noqa: BLE001 - kept and shown; the next run tries again
        run.failed(MAIL)
        run.fault(error, row.customer)
        run.errors["mail-error"] += 1
        run.problems.append(f"customer {row.customer} was not told: {error}")
        # Nothing left the house, so it does not count as a copy.
        _settle(run, row, EffectStatus.SENT, EffectStatus.PENDING, str(error), tried=-1)
    else:
        failpoint("mail-after", _NOTICE)
        run.worked(MAIL)
        run.notices += 1
        _settle(run, row, EffectStatus.SENT, EffectStatus.DONE, "")
        failpoint("mail-settled", _NOTICE)
    run.ports.observer.progress("notify", run.notices)


def _give_up(run: Run, row: MailRow) -> None:
    """Twice handed over and twice no answer: a third copy would be worse than asking a person."""
    run.errors[MailUnknownError.reference] += 1
    run.problems.append(
        f"it is not known whether mail {row.mail.message_id} reached customer {row.customer}"
    )
    _settle(run, row, row.status, EffectStatus.REFUSED, "no answer, twice")


def _settle(
    run: Run,
    row: MailRow,
    origin: EffectStatus,
    to: EffectStatus,
    outcome: str,
    *,
    tried: int = 0,
) -> None:
    with run.unit() as unit:
        unit.settle_mail(
            row.id,
            Settlement(effect=row.id, origin=origin, to=to, outcome=outcome, tried=tried),
        )
