"""The order in which a mail is looked at: machines first, then the thread, then the sender."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from robot.adapters.mail.incoming import automatic
from robot.adapters.mail.incoming.authenticity import Proof, domain_of, proof_of, sender_of
from robot.adapters.mail.incoming.body import Body, body_of
from robot.adapters.mail.incoming.message import Incoming, taken_apart
from robot.adapters.mail.incoming.reports import sorted_report
from robot.adapters.mail.incoming.threads import Thread, tagged_cases, thread_by_tag, thread_of
from robot.adapters.mail.incoming.wishes import mentions_payment_details, wish_of
from robot.adapters.wording import masked
from robot.domain.incoming import Intent, MailKind, Route, SortContext, Sorted
from robot.domain.thread import tags_in

_LONGEST_SUBJECT: Final = 500
_LONGEST_SENDER: Final = 200
_LONGEST_ID: Final = 400
_LONGEST_TEXT: Final = 20_000
_MOST_ATTACHMENTS: Final = 20
_MOST_COPIED: Final = 50
_CASE_NUMBER: Final = re.compile(r"(\bSAM-\d{4}-\d{6,9}\b)", re.ASCII | re.IGNORECASE)
#: Methods of answers to an invitation (RFC 5546); anything else asks something.
_CALENDAR_ANSWERS: Final = frozenset({"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A mail that no machine wrote, as far as can be told."""

    mail: Incoming
    body: Body
    thread: Thread
    context: SortContext


def sort(raw: bytes, context: SortContext) -> Sorted:
    """Say what a mail is and where it goes.

    Never raises: what it does not understand goes to triage, where a person sees it. It changes
    nothing, and none of its answers can post, pay or change an invoice.

    Args:
        raw: The message as it came in.
        context: Whose mailbox it is, who may write, and which threads there are.
    """
    try:
        result = _sorted(raw, context)
    except Exception as error:  # noqa: BLE001 - a stranger's bytes must never stop the others
        return Sorted(
            kind=MailKind.UNREADABLE,
            route=Route.TRIAGE,
            reason=f"the robot could not read it ({type(error).__name__}); open the original",
        )
    return replace(
        result,
        text=_without_numbers(result.text[:_LONGEST_TEXT]),
        subject=_without_numbers(result.subject),
    )


def _without_numbers(text: str) -> str:
    """The text with account and CPR numbers masked; case numbers stand."""
    pieces = _CASE_NUMBER.split(text)
    return "".join(piece if place % 2 else masked(piece) for place, piece in enumerate(pieces))


def _sorted(raw: bytes, context: SortContext) -> Sorted:
    mail = taken_apart(raw)
    sender = sender_of(mail)
    plain = Sorted(
        kind=MailKind.UNREADABLE,
        route=Route.TRIAGE,
        sender=sender if len(sender) <= _LONGEST_SENDER else "",
        subject=mail.get("subject")[:_LONGEST_SUBJECT],
        message_id=mail.get("message-id")[:_LONGEST_ID],
        detail=_detail(mail),
    )
    if not mail.headers:
        return replace(plain, reason="it has no headers that can be read; open the original")
    if automatic.is_receipt(mail):
        return _noted(plain, MailKind.RECEIPT, thread_of(mail, context), "a read receipt")
    if automatic.is_report(mail):
        return sorted_report(plain, mail, raw, context)
    if automatic.is_loop(mail, sender, context):
        reason = "a robot's own mail came back"
        return replace(plain, kind=MailKind.LOOP, route=Route.PARKED, reason=reason)
    if automatic.machine_failure(mail, sender):
        return sorted_report(plain, mail, raw, context)
    letter = _Letter(
        mail=mail, body=body_of(mail), thread=thread_of(mail, context), context=context
    )
    return _by_machine(plain, letter) or _by_sender(plain, letter)


def _by_machine(plain: Sorted, letter: _Letter) -> Sorted | None:
    """Where it goes when a machine wrote it."""
    mail, body, thread = letter.mail, letter.body, letter.thread
    if automatic.is_auto_reply(mail, quick=_quick(letter), quotes=body.quotes):
        made = replace(plain, text=body.whole)
        return _noted(made, MailKind.AUTO_REPLY, thread, "an automatic answer")
    if automatic.calendar_method(mail) in _CALENDAR_ANSWERS:
        return _noted(plain, MailKind.CALENDAR, thread, "an answer to an invitation")
    if automatic.is_bulk(mail) and not thread.cases:
        return replace(
            plain,
            kind=MailKind.BULK,
            route=Route.PARKED,
            text=body.whole,
            reason="it went to a mailing list or to many",
        )
    return None


def _by_sender(plain: Sorted, letter: _Letter) -> Sorted:
    """Look at who wrote before anything is attached; a token proves the thread, not the person."""
    mail, context, body = letter.mail, letter.context, letter.body
    invites = bool(automatic.calendar_method(mail))
    kind = MailKind.CALENDAR if invites else automatic.written_kind(mail)
    plain = replace(
        plain,
        kind=kind,
        text=body.whole if kind is MailKind.FORWARD else body.own,
        suggested=letter.thread.cases or tagged_cases(mail, context),
    )
    doubt = _doubt(plain, letter)
    if doubt:
        return replace(plain, route=Route.QUARANTINE, reason=doubt)
    person = context.people.get(plain.sender, frozenset())
    customers = person | context.domains.get(domain_of(plain.sender), frozenset())
    if not customers:
        return replace(plain, route=Route.QUARANTINE, reason="nobody knows its sender")
    thread = letter.thread if letter.thread.cases else thread_by_tag(mail, customers, context)
    if thread.customer is not None and thread.customer not in customers:
        return replace(
            plain,
            route=Route.QUARANTINE,
            reason="its sender belongs to another customer than the case",
        )
    only = next(iter(customers)) if len(customers) == 1 else None
    plain = replace(plain, new_sender=not person, customer=thread.customer or only)
    return _by_thread(plain, replace(letter, thread=thread))


def _by_thread(plain: Sorted, letter: _Letter) -> Sorted:
    thread, body = letter.thread, letter.body
    plain = replace(plain, suggested=thread.cases)
    if not letter.context.complete:
        reason = "it is too big to be read whole; open it in the mailbox"
        return replace(plain, route=Route.SET_ASIDE, reason=reason)
    if not thread.cases:
        kind = MailKind.NEW_MAIL if plain.kind is MailKind.REPLY else plain.kind
        reason = "it belongs to no case that the robot knows"
        return replace(plain, kind=kind, route=Route.TRIAGE, reason=reason)
    if plain.kind is MailKind.CALENDAR:
        return replace(plain, route=Route.TRIAGE, reason="an invitation about a case")
    wish = wish_of(body.own, letter.mail.get("subject"))
    cases = thread.cases
    if len(cases) > 1 and wish is not Intent.STATUS:
        cases = tuple(tag for tag in tags_in(body.own) if tag in thread.cases)
    if len(cases) != 1 and wish is not Intent.STATUS:
        reason = "it answers a mail about several cases and does not say which one it means"
        return replace(plain, route=Route.TRIAGE, reason=reason)
    if not plain.text and wish is not Intent.STATUS:
        return replace(
            plain, route=Route.TRIAGE, reason=body.problem or "nothing is written in it"
        )
    return _attached(plain, letter, cases, wish)


def _attached(plain: Sorted, letter: _Letter, cases: tuple[str, ...], wish: Intent) -> Sorted:
    forwarded = plain.kind is MailKind.FORWARD
    by = f"known by {letter.thread.by}"
    detail = dict(plain.detail)
    if mentions_payment_details(letter.body.own):
        detail["payment-details"] = True
    copied = [
        address
        for address in letter.mail.addresses("to", "cc")[:_MOST_COPIED]
        if plain.customer in letter.context.people.get(address, frozenset())
    ]
    if copied:
        detail["copied"] = copied
    return replace(
        plain,
        kind=MailKind.FORWARD if forwarded else MailKind.REPLY,
        route=Route.CASE,
        intent=Intent.COMMENT if forwarded and wish is not Intent.STATUS else wish,
        cases=cases,
        suggested=(),
        reason=f"{by}; a new sender at the customer" if plain.new_sender else by,
        detail=detail,
    )


def _noted(plain: Sorted, kind: MailKind, thread: Thread, reason: str) -> Sorted:
    return replace(
        plain,
        kind=kind,
        route=Route.NOTED,
        cases=thread.cases,
        customer=thread.customer,
        reason=reason,
    )


def _doubt(plain: Sorted, letter: _Letter) -> str:
    """Why the sender can't be taken for who it says; empty when it can."""
    if not plain.sender:
        several = len(letter.mail.all("from")) > 1
        return "it has several senders" if several else "its sender can't be read"
    match proof_of(letter.mail, plain.sender, letter.context):
        case Proof.FAILED:
            return "it does not come from whom it says (Authentication-Results)"
        case Proof.MISSING:
            return "the border server says nothing about its sender"
        case _:
            return ""


def _quick(letter: _Letter) -> bool:
    sent_at = letter.thread.sent.sent_at if letter.thread.sent is not None else None
    received_at = letter.context.received_at
    if sent_at is None or received_at is None:
        return False
    return automatic.is_quick((received_at - sent_at).total_seconds())


def _detail(mail: Incoming) -> dict[str, Any]:
    attachments = [
        part.filename or part.content_type
        for part in mail.parts
        if part.attached and not part.within
    ]
    detail: dict[str, Any] = {}
    if mail.defects:
        detail["defects"] = list(mail.defects)
    if attachments:
        detail["attachments"] = attachments[:_MOST_ATTACHMENTS]
    return detail
