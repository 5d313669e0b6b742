"""One mail of each kind in both languages: the project's own texts, invented documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.customer import Customer, Mailbox
from robot.domain.notice import (
    ClosedDocument,
    Closing,
    Digest,
    MailPurpose,
    NoticeItem,
    OutgoingMail,
    Reminder,
    WaitingCase,
)
from robot.flow.notify import split
from tests.support.notices import (
    MESSAGE_ID,
    NEXT_RUN,
    TODAY,
    an_item,
    found,
    one_digest,
    real_calendar,
    real_taxonomy,
    renderer,
    told_customer,
)

AGENCY: Final = told_customer(
    name="Eksempelstyrelsen", mailboxes=(Mailbox(address="regnskab@example.test"),)
)
MUSEUM: Final = told_customer(
    name="Nordhavns Museum",
    bogfoeringskreds="99003",
    language="en",
    source_system="indfak",
    mailboxes=(Mailbox(address="museum@example.test"),),
)
CUSTOMERS: Final[Mapping[str, Customer]] = {"da": AGENCY, "en": MUSEUM}
PAGE: Final = "https://sager.example.test/sag/WyJTQU0tMjAyNi0wMDA0MTEiXQ"
FIRST_MAIL: Final = "<sam-2026-000411.first.aaaaaaaaaaaaaaaa@example.test>"


def _blocked(customer: Customer, number: str, total: str, due: date) -> NoticeItem:
    return an_item(
        number,
        customer=customer,
        case_number="SAM-2026-000412",
        supplier="Nordlys El A/S",
        total=Decimal(total),
        due_date=due,
        findings=(found("account-blocked", path="lines[1].account", seen="229900"),),
    )


def a_digest(language: str) -> Digest:
    """One repair for three invoices, one invoice with two errors, and a confidential document."""
    customer = CUSTOMERS[language]
    digest = one_digest(
        _blocked(customer, "F-2041", "1875.00", date(2026, 12, 4)),
        _blocked(customer, "F-2042", "2310.50", date(2026, 12, 7)),
        _blocked(customer, "F-2077", "940.00", date(2026, 12, 14)),
        an_item(
            "F-1001",
            customer=customer,
            case_number="SAM-2026-000413",
            findings=(
                found(),
                found("order-reference-missing", path="order.reference", seen="", expected=""),
            ),
        ),
        an_item("F-9", customer=customer, case_number="SAM-2026-000414", confidential=True),
        still_open={customer.bogfoeringskreds: 2},
    )
    return _with_ways_back(digest)


def a_single(language: str) -> Digest:
    """An invoice whose due date is near."""
    item = an_item(
        "F-1001",
        customer=CUSTOMERS[language],
        case_number="SAM-2026-000411",
        due_date=date(2026, 11, 27),
    )
    (single,) = split(one_digest(item), taxonomy=real_taxonomy(), calendar=real_calendar(), most=5)
    return replace(_with_ways_back(single), reply_to=_reply_to("SAM-2026-000411"))


def a_reminder(language: str, purpose: MailPurpose = MailPurpose.REMINDER) -> Reminder:
    """Two cases that wait, one of them for three invoices."""
    late = purpose is MailPurpose.ESCALATION
    customer = CUSTOMERS[language]
    cases = (
        WaitingCase(
            case_number="SAM-2026-000412",
            number="F-2041",
            supplier="Nordlys El A/S",
            kind="invoice",
            confidential=False,
            documents=3,
            fix_by=date(2026, 11, 23) if late else date(2026, 11, 25),
            told_on=date(2026, 11, 19) if late else date(2026, 11, 20),
            waited=3 if late else 2,
            reply_to=_reply_to("SAM-2026-000412"),
            link=PAGE,
        ),
        WaitingCase(
            case_number="SAM-2026-000413",
            number="F-1001",
            supplier="Dansk Kontor A/S",
            kind="invoice",
            confidential=False,
            documents=1,
            fix_by=date(2026, 11, 23) if late else date(2026, 11, 26),
            told_on=date(2026, 11, 20),
            waited=2,
            reply_to=_reply_to("SAM-2026-000413"),
            link=PAGE,
        ),
    )
    return Reminder(
        purpose=purpose,
        customer=customer.name,
        bogfoeringskreds=customer.bogfoeringskreds,
        language=language,
        source_system=customer.source_system,
        recipients=(customer.mailboxes[0].address,),
        cases=cases[:1] if late else cases,
        next_run=NEXT_RUN,
        made_on=TODAY,
        references=(FIRST_MAIL,),
    )


def a_closing(language: str) -> Closing:
    """One invoice that was put right."""
    customer = CUSTOMERS[language]
    return Closing(
        customer=customer.name,
        bogfoeringskreds=customer.bogfoeringskreds,
        language=language,
        recipients=(customer.mailboxes[0].address,),
        documents=(
            ClosedDocument(
                case_number="SAM-2026-000411",
                number="F-1001",
                supplier="Dansk Kontor A/S",
                kind="invoice",
                confidential=False,
                total=Decimal("12345.67"),
                currency="DKK",
                pays_on=date(2026, 12, 10),
                link=PAGE,
            ),
        ),
        made_on=TODAY,
        reply_to=_reply_to("SAM-2026-000411"),
        references=(FIRST_MAIL,),
    )


def _mail(make: Callable[[], Digest | Reminder | Closing]) -> OutgoingMail:
    what = make()
    if isinstance(what, Digest):
        return renderer().digest(what, message_id=MESSAGE_ID)
    if isinstance(what, Reminder):
        return renderer().reminder(what, message_id=MESSAGE_ID)
    return renderer().closing(what, message_id=MESSAGE_ID)


def letters(language: str) -> dict[str, OutgoingMail]:
    """Kind to mail."""
    return {
        "digest": _mail(lambda: a_digest(language)),
        "single": _mail(lambda: a_single(language)),
        "reminder": _mail(lambda: a_reminder(language)),
        "escalation": _mail(lambda: a_reminder(language, MailPurpose.ESCALATION)),
        "closing": _mail(lambda: a_closing(language)),
    }


def _reply_to(case_number: str) -> str:
    return f"robot+{case_number.lower()}.aaaaaaaaaaaaaaaa@example.test"


def _with_ways_back(digest: Digest) -> Digest:
    return replace(
        digest,
        documents=tuple(
            replace(document, reply_to=_reply_to(document.case_number), link=PAGE)
            for document in digest.documents
        ),
    )
