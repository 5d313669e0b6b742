"""Where a report about delivery goes: it counts only for our own mail, and where that went."""

from __future__ import annotations

from dataclasses import replace

from robot.adapters.mail.incoming.delivery import Report, report_of
from robot.adapters.mail.incoming.message import Incoming
from robot.adapters.mail.incoming.threads import cases_of_addresses, first_sent
from robot.domain.incoming import MailKind, Route, SentMail, SortContext, Sorted, Undelivered


def sorted_report(plain: Sorted, mail: Incoming, raw: bytes, context: SortContext) -> Sorted:
    """Sort a report. Nobody can make a contact unreachable by inventing one."""
    report = report_of(mail, raw)
    plain = replace(plain, kind=report.kind)
    sent = first_sent(report.message_ids, context)
    if sent is not None:
        return _of_our_mail(plain, report, sent)
    by_address = cases_of_addresses(mail, context)
    if by_address:
        return replace(
            plain,
            route=Route.TRIAGE,
            suggested=by_address,
            reason="a delivery failure of a mail that the robot can't name",
        )
    if any(failure.address in context.people for failure in report.failures):
        return replace(
            plain,
            route=Route.TRIAGE,
            reason="a delivery failure of a customer's address, but of no mail of ours",
        )
    if report.failures or report.message_ids or report.kind is not MailKind.DELIVERY_FAILURE:
        return replace(
            plain,
            route=Route.PARKED,
            reason="it is about a mail that this robot did not write",
        )
    return replace(plain, route=Route.TRIAGE, reason="a delivery failure that can't be understood")


def _of_our_mail(plain: Sorted, report: Report, sent: SentMail) -> Sorted:
    failed = report.kind is MailKind.DELIVERY_FAILURE
    ours = _of_receivers(report, sent) if failed else ()
    reached_nobody = bool(ours) and {f.address for f in ours} >= set(sent.recipients)
    if failed and not ours:
        return replace(
            plain,
            route=Route.TRIAGE,
            suggested=sent.cases,
            customer=sent.customer,
            reason="a delivery failure of our own mail that does not say whom it did not reach",
        )
    return replace(
        plain,
        route=Route.NOTED,
        customer=sent.customer,
        cases=sent.cases,
        undelivered=ours,
        reason=f"{report.kind.value} of our own mail",
        detail=dict(plain.detail) | {"reached-nobody": reached_nobody},
    )


def _of_receivers(report: Report, sent: SentMail) -> tuple[Undelivered, ...]:
    ours = tuple(failure for failure in report.failures if failure.address in sent.recipients)
    if ours or not report.failures or len(sent.recipients) != 1:
        return ours
    # Another address than the one that we wrote to: the receiver's system sent it on. The address
    # that we know may be right.
    return (replace(report.failures[0], address=sent.recipients[0], hard=False),)
