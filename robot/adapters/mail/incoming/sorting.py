"""The order in which a mail is looked at: machines first, then the thread, then the sender."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from robot.adapters.mail.incoming import automatic
from robot.adapters.mail.incoming.authenticity import Proof, domain_of, proof_of, sender_of
from robot.adapters.mail.incoming.body import Body, body_of
from robot.adapters.mail.incoming.delivery import report_of
from robot.adapters.mail.incoming.message import Incoming, taken_apart
from robot.adapters.mail.incoming.wishes import mentions_payment_details, wish_of
from robot.domain.incoming import (
    Intent,
    MailKind,
    Route,
    SentMail,
    SortContext,
    Sorted,
)
from robot.domain.thread import tags_in

_RECIPIENTS: Final = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "to",
    "cc",
    "resent-to",
)
_MOST_ADDRESSES: Final = 20_000
_MOST_IDS: Final = 50
_LONGEST_SUBJECT: Final = 500
_LONGEST_TEXT: Final = 20_000


def sort(raw: bytes, context: SortContext) -> Sorted:
    """Say what a mail is and where it goes.

    Never raises: what it does not understand goes to triage, where a person sees it. It changes
    nothing, and none of its answers can post, pay or change an invoice.

    Args:
        raw: The message as it came in.
        context: Whose mailbox it is, who may write, and which threads there are.
    """
    try:
        return _sorted(raw, context)
    except Exception as error:  # noqa: BLE001 - a stranger's bytes must never stop the others
        return Sorted(
            kind=MailKind.UNREADABLE,
            route=Route.TRIAGE,
            reason=f"the robot could not read it ({type(error).__name__}); open the original",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thread:
    """What a mail is tied to."""

    cases: tuple[str, ...] = ()
    #: The customer of all of them.
    customer: str | None = None
    #: By what it is known.
    by: str = ""
    sent: SentMail | None = None


def _sorted(raw: bytes, context: SortContext) -> Sorted:
    mail = taken_apart(raw)
    sender = sender_of(mail)
    plain = Sorted(
        kind=MailKind.UNREADABLE,
        route=Route.TRIAGE,
        sender=sender[:250],
        subject=mail.get("subject")[:_LONGEST_SUBJECT],
        message_id=mail.get("message-id")[:400],
        detail=_detail(mail),
    )
    if not mail.headers:
        return replace(plain, reason="it has no headers that can be read; open the original")
    if automatic.is_receipt(mail):
        return _noted(plain, MailKind.RECEIPT, _thread(mail, context), "a read receipt")
    if automatic.is_report(mail):
        return _delivery(plain, mail, raw, context)
    if automatic.is_loop(mail, sender, context):
        return replace(
            plain, kind=MailKind.LOOP, route=Route.PARKED, reason="a robot's own mail came back"
        )
    if automatic.machine_failure(mail, sender):
        return _delivery(plain, mail, raw, context)
    return _not_a_report(plain, mail, context)


def _not_a_report(plain: Sorted, mail: Incoming, context: SortContext) -> Sorted:
    thread = _thread(mail, context)
    body = body_of(mail)
    if automatic.is_auto_reply(mail, quick=_quick(thread, context), quotes=body.quotes):
        made = replace(plain, text=body.whole[:_LONGEST_TEXT])
        return _noted(made, MailKind.AUTO_REPLY, thread, "an automatic answer")
    method = automatic.calendar_method(mail)
    if method in {"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"}:
        return _noted(plain, MailKind.CALENDAR, thread, "an answer to an invitation")
    if automatic.is_bulk(mail) and not thread.cases:
        return replace(
            plain,
            kind=MailKind.BULK,
            route=Route.PARKED,
            text=body.whole[:_LONGEST_TEXT],
            reason="it went to a mailing list or to many",
        )
    kind = MailKind.CALENDAR if method else automatic.written_kind(mail)
    return _by_sender(replace(plain, kind=kind), mail, body, thread, context)


def _by_sender(
    plain: Sorted, mail: Incoming, body: Body, thread: _Thread, context: SortContext
) -> Sorted:
    """Look at who wrote before anything is attached; a token proves the thread, not the person."""
    text = body.whole if plain.kind is MailKind.FORWARD else body.own
    plain = replace(
        plain,
        text=text[:_LONGEST_TEXT],
        suggested=thread.cases or _tagged(mail, context),
        detail={**plain.detail, **body.detail},
    )
    doubt = _doubt(plain, mail, context)
    if doubt:
        return replace(plain, route=Route.QUARANTINE, reason=doubt)
    customers = _customers(plain.sender, context)
    if not customers:
        return replace(plain, route=Route.QUARANTINE, reason="nobody knows its sender")
    known = plain.sender in context.people
    plain = replace(
        plain,
        new_sender=not known,
        customer=next(iter(customers)) if len(customers) == 1 else None,
    )
    thread = thread if thread.cases else _by_tag(mail, customers, context)
    if thread.customer is not None and thread.customer not in customers:
        return replace(
            plain,
            route=Route.QUARANTINE,
            reason="its sender belongs to another customer than the case",
        )
    plain = replace(plain, customer=thread.customer or plain.customer)
    return _by_thread(plain, mail, body, thread, context)


def _by_thread(
    plain: Sorted, mail: Incoming, body: Body, thread: _Thread, context: SortContext
) -> Sorted:
    if not context.complete:
        return replace(
            plain,
            route=Route.SET_ASIDE,
            suggested=thread.cases,
            reason="it is too big to be read whole; open it in the mailbox",
        )
    if not thread.cases:
        return replace(
            plain,
            kind=MailKind.NEW_MAIL if plain.kind is MailKind.REPLY else plain.kind,
            route=Route.TRIAGE,
            reason="it belongs to no case that the robot knows",
        )
    plain = replace(plain, suggested=thread.cases)
    if body.problem and not body.own:
        return replace(plain, route=Route.TRIAGE, reason=body.problem)
    wish = wish_of(body.own, mail.get("subject"))
    cases = thread.cases
    if len(cases) > 1 and wish is not Intent.STATUS:
        cases = tuple(tag for tag in tags_in(body.own) if tag in thread.cases)
        if len(cases) != 1:
            return replace(
                plain,
                route=Route.TRIAGE,
                reason="it answers a mail about several cases and does not say which one it means",
            )
    if plain.kind is MailKind.CALENDAR:
        return replace(plain, route=Route.TRIAGE, reason="an invitation about a case")
    return _attached(plain, mail, body, cases, wish, thread)


def _attached(  # noqa: PLR0913, PLR0917 - everything that was found out, at the end of the way
    plain: Sorted,
    mail: Incoming,
    body: Body,
    cases: tuple[str, ...],
    wish: Intent,
    thread: _Thread,
) -> Sorted:
    if not plain.text and wish is not Intent.STATUS:
        return replace(plain, route=Route.TRIAGE, reason="nothing is written in it")
    if plain.kind is MailKind.FORWARD and wish is not Intent.STATUS:
        wish = Intent.COMMENT
    detail = dict(plain.detail)
    if mentions_payment_details(body.own):
        detail["payment-details"] = True
    by = f"known by {thread.by}"
    return replace(
        plain,
        kind=MailKind.FORWARD if plain.kind is MailKind.FORWARD else MailKind.REPLY,
        route=Route.CASE,
        intent=wish,
        cases=cases,
        suggested=(),
        reason=f"{by}; a new sender at the customer" if plain.new_sender else by,
        detail=detail,
    )


def _delivery(plain: Sorted, mail: Incoming, raw: bytes, context: SortContext) -> Sorted:
    """A report counts only for a mail of ours, and for addresses that it went to."""
    report = report_of(mail, raw)
    found = _first_sent(report.message_ids, context)
    by_address = _cases_of_addresses(mail, context)
    plain = replace(plain, kind=report.kind)
    addresses = ", ".join(_shown(failure.address) for failure in report.failures)
    if found is not None:
        ours = tuple(f for f in report.failures if f.address in found.recipients)
        # A server that names another address got the mail from the one that we wrote to.
        if report.failures and not ours and len(found.recipients) == 1:
            first = min(report.failures, key=lambda failure: not failure.hard)
            ours = (replace(first, address=found.recipients[0], hard=False),)
        return replace(
            plain,
            route=Route.NOTED,
            customer=found.customer,
            cases=found.cases,
            undelivered=ours if report.kind is MailKind.DELIVERY_FAILURE else (),
            reason=f"{report.kind.value} of our own mail",
        )
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
            reason=f"a delivery failure of a customer's address, of no mail of ours: {addresses}",
        )
    if not report.failures and report.kind is MailKind.DELIVERY_FAILURE and not report.message_ids:
        return replace(
            plain, route=Route.TRIAGE, reason="a delivery failure that can't be understood"
        )
    return replace(
        plain, route=Route.PARKED, reason="it is about a mail that this robot did not write"
    )


def _noted(plain: Sorted, kind: MailKind, thread: _Thread, reason: str) -> Sorted:
    return replace(
        plain,
        kind=kind,
        route=Route.NOTED,
        cases=thread.cases,
        customer=thread.customer,
        reason=reason,
    )


def _doubt(plain: Sorted, mail: Incoming, context: SortContext) -> str:
    """Why the sender can't be taken for who it says; empty when it can."""
    if not plain.sender:
        many = len(mail.all("from"))
        return "it has several senders" if many > 1 else "its sender can't be read"
    match proof_of(mail, plain.sender, context):
        case Proof.FAILED:
            return "it does not come from whom it says (Authentication-Results)"
        case Proof.MISSING:
            return "the border server says nothing about its sender"
    return ""


def _customers(sender: str, context: SortContext) -> frozenset[str]:
    person = context.people.get(sender, frozenset())
    return person | context.domains.get(domain_of(sender), frozenset())


def _thread(mail: Incoming, context: SortContext) -> _Thread:
    """The thread by what can't be guessed: an address with a token, a Message-ID of ours."""
    cases = _cases_of_addresses(mail, context)
    if cases:
        return _of_cases(cases, "the address that it was sent to", context)
    for name in ("in-reply-to", "references"):
        ids = mail.message_ids(name)[-_MOST_IDS:]
        for message_id in reversed(ids):
            sent = context.known.sent(message_id)
            if sent is not None and sent.cases:
                return _Thread(
                    cases=sent.cases,
                    customer=sent.customer,
                    by="the mail that it answers",
                    sent=sent,
                )
            case = context.threads.case_of_message_id(message_id)
            if case is not None and context.known.customer_of(case) is not None:
                return _of_cases((case,), "the mail that it answers", context)
    return _Thread()


def _cases_of_addresses(mail: Incoming, context: SortContext) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for address in mail.addresses(*_RECIPIENTS)[:_MOST_ADDRESSES]:
        if "+" not in address or automatic.without_extension(address) not in context.own_addresses:
            continue
        case = context.threads.case_of_address(address)
        if case is not None and context.known.customer_of(case) is not None:
            found[case] = None
    return tuple(found)


def _of_cases(cases: tuple[str, ...], by: str, context: SortContext) -> _Thread:
    customers = {context.known.customer_of(case) for case in cases}
    if len(customers) != 1:
        # Cases of two customers in one mail: nobody writes so.
        return _Thread()
    return _Thread(cases=cases, customer=customers.pop(), by=by)


def _tagged(mail: Incoming, context: SortContext) -> tuple[str, ...]:
    tags = tags_in(mail.get("subject"))[:_MOST_IDS]
    return tuple(tag for tag in tags if context.known.customer_of(tag) is not None)


def _by_tag(mail: Incoming, customers: frozenset[str], context: SortContext) -> _Thread:
    """The thread by its subject, which anybody can write: only for cases of the sender's own."""
    own = tuple(
        tag for tag in _tagged(mail, context) if context.known.customer_of(tag) in customers
    )
    return _of_cases(own, "the case number in its subject", context) if own else _Thread()


def _first_sent(message_ids: tuple[str, ...], context: SortContext) -> SentMail | None:
    for message_id in message_ids[:_MOST_IDS]:
        sent = context.known.sent(message_id)
        if sent is not None:
            return sent
    return None


def _quick(thread: _Thread, context: SortContext) -> bool:
    sent_at = thread.sent.sent_at if thread.sent is not None else None
    if sent_at is None or context.received_at is None:
        return False
    return automatic.is_quick((context.received_at - sent_at).total_seconds())


def _detail(mail: Incoming) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if mail.defects:
        detail["defects"] = list(mail.defects)
    attachments = [name for name in _attachments(mail)][:20]
    if attachments:
        detail["attachments"] = attachments
    return detail


def _attachments(mail: Incoming) -> Iterator[str]:
    for part in mail.parts:
        if part.attached and not part.within:
            yield part.filename or part.content_type


def _shown(address: str) -> str:
    return address[:100]
