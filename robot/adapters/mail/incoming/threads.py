"""Which case a mail belongs to: by what can't be guessed first, by its subject last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from robot.adapters.mail.incoming.automatic import without_extension
from robot.adapters.mail.incoming.message import Incoming
from robot.domain.incoming import SentMail, SortContext
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a mail is tied to."""

    cases: tuple[str, ...] = ()
    #: The customer of all of them.
    customer: str | None = None
    #: By what it is known.
    by: str = ""
    sent: SentMail | None = None


def thread_of(mail: Incoming, context: SortContext) -> Thread:
    """The thread by an address with a token, or by a Message-ID of ours that it answers."""
    cases = cases_of_addresses(mail, context)
    if cases:
        return _of_cases(cases, "the address that it was sent to", context)
    for name in ("in-reply-to", "references"):
        # Forwards add to the end of References, so the last one of ours is the nearest.
        for message_id in reversed(mail.message_ids(name)[-_MOST_IDS:]):
            found = _of_message_id(message_id, context)
            if found is not None:
                return found
    return Thread()


def _of_message_id(message_id: str, context: SortContext) -> Thread | None:
    sent = context.known.sent(message_id)
    if sent is not None and sent.cases:
        by = "the mail that it answers"
        return Thread(cases=sent.cases, customer=sent.customer, by=by, sent=sent)
    case = context.threads.case_of_message_id(message_id)
    if case is None or context.known.customer_of(case) is None:
        return None
    return _of_cases((case,), "the mail that it answers", context)


def cases_of_addresses(mail: Incoming, context: SortContext) -> tuple[str, ...]:
    """The cases of the addresses with tokens that it was sent to."""
    found: dict[str, None] = {}
    for address in mail.addresses(*_RECIPIENTS)[:_MOST_ADDRESSES]:
        if "+" not in address or without_extension(address) not in context.own_addresses:
            continue
        case = context.threads.case_of_address(address)
        if case is not None and context.known.customer_of(case) is not None:
            found[case] = None
    return tuple(found)


def tagged_cases(mail: Incoming, context: SortContext) -> tuple[str, ...]:
    """The cases that its subject names, whoever wrote it."""
    tags = tags_in(mail.get("subject"))[:_MOST_IDS]
    return tuple(tag for tag in tags if context.known.customer_of(tag) is not None)


def thread_by_tag(mail: Incoming, customers: frozenset[str], context: SortContext) -> Thread:
    """The thread by its subject, which anybody can write: only for cases of the sender's own."""
    own = tuple(
        tag for tag in tagged_cases(mail, context) if context.known.customer_of(tag) in customers
    )
    return _of_cases(own, "the case number in its subject", context) if own else Thread()


def first_sent(message_ids: Iterable[str], context: SortContext) -> SentMail | None:
    """The first of our own mails among these."""
    for message_id in list(message_ids)[:_MOST_IDS]:
        sent = context.known.sent(message_id)
        if sent is not None:
            return sent
    return None


def _of_cases(cases: tuple[str, ...], by: str, context: SortContext) -> Thread:
    customers = {context.known.customer_of(case) for case in cases}
    # Cases of two customers in one mail: nobody writes so.
    return (
        Thread(cases=cases, customer=customers.pop(), by=by) if len(customers) == 1 else Thread()
    )
