"""What customers are told after a run: one digest each, the most urgent document first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from robot.domain.answer import saying
from robot.domain.customer import Customer
from robot.domain.decision import Finding
from robot.domain.notice import (
    Digest,
    FixByReason,
    MailPurpose,
    NoticeDocument,
    NoticeFinding,
    NoticeItem,
)
from robot.domain.taxonomy import ErrorType, Severity, Taxonomy
from robot.errors import RobotError, TextError
from robot.flow.addressing import receivers, told_addresses
from robot.flow.contact_port import ContactState
from robot.flow.ports import Renderer, WorkCalendar
from robot.flow.records import DocumentCore, NoticeRow

#: Bank days from handing a payment to the bank until the supplier has it.
BANK_LEAD_DAYS: Final = 1
#: Working days that the centre needs for a corrected document: its own service goal.
CENTRE_DAYS: Final = 1
#: Error type of a customer who has no mailbox that notices go to.
CONTACT_MISSING: Final = "mail-contact-missing"
#: Of documents to fix on the same day, those come first whose payment is late already.
_REASONS: Final = (FixByReason.OVERDUE, FixByReason.DUE_DATE, FixByReason.DEADLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeProblem:
    """Documents about which a customer could not be told; a clerk has to see them.

    `code` is `mail-contact-missing` or the reference of the fault that stopped the text.
    """

    code: str
    customer: str
    bogfoeringskreds: str
    document_keys: tuple[str, ...]
    case_numbers: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The digests of one run, and what could not be told to anybody."""

    digests: tuple[Digest, ...]
    problems: tuple[NoticeProblem, ...]


def compose_digests(  # noqa: PLR0913 - keyword-only: the calendar, texts and times of one run
    items: Sequence[NoticeItem],
    *,
    taxonomy: Taxonomy,
    calendar: WorkCalendar,
    renderer: Renderer,
    today: date,
    next_run: datetime,
    still_open: Mapping[str, int],
    states: Mapping[str, ContactState] | None = None,
) -> Notices:
    """Compose one digest per customer, in the order of their numbers.

    Documents stand by the date until which they have to be fixed, then by their causes, so that
    documents with the same cause stand together. A document whose texts can't be completed is left
    out and reported; it stops no other.

    Args:
        items: Bounced documents about which their customers have not been told.
        taxonomy: The error types that the findings name.
        calendar: Working days and bank days.
        renderer: Completes the texts of the findings.
        today: The date in Copenhagen from which deadlines run.
        next_run: When the robot runs next, aware.
        still_open: Bogføringskreds to the number of its other open documents.
        states: Whether mail reaches the customers' addresses; one that is left out is right.
    """
    digests: list[Digest] = []
    problems: list[NoticeProblem] = []
    for customer, documents in _by_customer(items):
        found = receivers(customer, MailPurpose.DIGEST, states or {})
        recipients = found.addresses
        if found.strange:
            message = saying(
                "strange-address", customer=customer.name, address=", ".join(found.strange)
            )
            problems.append(_problem(CONTACT_MISSING, documents, message))
        if not recipients:
            message = saying("no-mailbox-for-notices", customer=customer.name)
            if found.dead:
                message = saying(
                    "mailboxes-dead", customer=customer.name, address=", ".join(found.dead)
                )
            problems.append(_problem(CONTACT_MISSING, documents, message))
            continue
        told: list[NoticeDocument] = []
        for item in documents:
            try:
                told.append(
                    _document(
                        item, taxonomy=taxonomy, calendar=calendar, renderer=renderer, today=today
                    )
                )
            except RobotError as error:
                problems.append(_problem(error.reference, [item], str(error)))
        if told:
            digests.append(
                Digest(
                    customer=customer.name,
                    bogfoeringskreds=customer.bogfoeringskreds,
                    language=customer.language,
                    source_system=customer.source_system,
                    recipients=recipients,
                    documents=tuple(sorted(_by_one_day(told), key=_urgency)),
                    next_run=next_run,
                    made_on=today,
                    still_open=still_open.get(customer.bogfoeringskreds, 0),
                )
            )
    return Notices(digests=tuple(digests), problems=tuple(problems))


def notice_addresses(customer: Customer) -> tuple[str, ...]:
    """The customer's own addresses that notices go to while mail reaches them, each once."""
    return told_addresses(customer)


def split(
    digest: Digest, *, taxonomy: Taxonomy, calendar: WorkCalendar, most: int
) -> tuple[Digest, ...]:
    """One mail for each case whose time is short or that is critical, and one for all others.

    Short is a due date that is still kept when the document is put right by the next working day;
    one that can't be kept any more stands first in the digest, where nothing is lost by it. Of
    more urgent cases than `most`, the rest stays in the digest.
    """
    soon = calendar.add_working_days(digest.made_on, 1)
    urgent: dict[str, list[NoticeDocument]] = {}
    for document in digest.documents:
        if _is_urgent(document, taxonomy, soon):
            urgent.setdefault(document.case_number, [])
    alone = set(list(urgent)[:most])
    others = [it for it in digest.documents if it.case_number not in alone]
    singles = [
        replace(
            digest,
            documents=tuple(it for it in digest.documents if it.case_number == number),
            purpose=MailPurpose.SINGLE,
            still_open=0,
        )
        for number in urgent
        if number in alone
    ]
    return (*singles, *((replace(digest, documents=tuple(others)),) if others else ()))


def _is_urgent(document: NoticeDocument, taxonomy: Taxonomy, soon: date) -> bool:
    short = document.fix_by_reason is FixByReason.DUE_DATE and document.fix_by <= soon
    return short or any(
        taxonomy[finding.code].severity is Severity.CRITICAL for finding in document.findings
    )


def _by_one_day(documents: Sequence[NoticeDocument]) -> list[NoticeDocument]:
    """What one repair puts right is to be put right by the earliest of its days."""
    earliest: dict[str, NoticeDocument] = {}
    for document in documents:
        first = earliest.setdefault(document.case_number, document)
        if _day(document) < _day(first):
            earliest[document.case_number] = document
    return [
        replace(
            document,
            fix_by=earliest[document.case_number].fix_by,
            fix_by_reason=earliest[document.case_number].fix_by_reason,
        )
        for document in documents
    ]


def _day(document: NoticeDocument) -> tuple[date, int]:
    return document.fix_by, _REASONS.index(document.fix_by_reason)


def item_about(
    document: DocumentCore | NoticeRow,
    customer: Customer,
    findings: Sequence[Finding],
    decided_on: date,
    case_number: str = "",
) -> NoticeItem:
    """A document with some of its findings as texts are made of it.

    Args:
        document: The document, or the notice about it.
        customer: Whose it is.
        findings: Those that are to be put into words.
        decided_on: The day of the decision that they belong to.
        case_number: Of its case; empty outside any.
    """
    return NoticeItem(
        customer=customer,
        case_number=case_number,
        document_key=document.document_key,
        number=document.number,
        supplier=document.supplier,
        kind=document.kind,
        issue_date=document.issue_date,
        due_date=document.due_date,
        total=document.total,
        currency=document.currency,
        confidential=document.confidential,
        findings=tuple(findings),
        decided_on=decided_on,
    )


def finding_texts(
    item: NoticeItem, *, taxonomy: Taxonomy, renderer: Renderer, language: str
) -> tuple[NoticeFinding, ...]:
    """The causes of one document in words, in the order of the taxonomy.

    Raises:
        TextError: A text can't be completed, or a finding names an unknown error type.
    """
    texts = [
        renderer.finding(_kind(taxonomy, finding.code), finding, item, language)
        for finding in item.findings
    ]
    return tuple(sorted(texts, key=lambda text: text.order))


def fix_by(
    kinds: Iterable[ErrorType], due_date: date | None, *, calendar: WorkCalendar, today: date
) -> tuple[date, FixByReason]:
    """The last day on which a fix is in time, and what decided it.

    It is the earlier of the error types' own deadline in working days, and the last day that still
    leaves the centre its working day and the bank its bank day before the due date. It is never in
    the past: what can't be in time any more is for today.
    """
    deadlines = [kind.deadline_days for kind in kinds if kind.deadline_days is not None]
    by_deadline = calendar.add_working_days(today, min(deadlines, default=CENTRE_DAYS))
    if due_date is None:
        return by_deadline, FixByReason.DEADLINE
    by_due_date = _last_day_before_payment(due_date, calendar)
    if by_due_date < today:
        return calendar.add_working_days(today, 0), FixByReason.OVERDUE
    if by_due_date <= by_deadline:
        return by_due_date, FixByReason.DUE_DATE
    return by_deadline, FixByReason.DEADLINE


def last_day_to_pay(due_date: date, calendar: WorkCalendar) -> date:
    """The last bank day on which a payment can be handed to the bank and be there in time."""
    payment = calendar.previous_bank_day(due_date)
    for _ in range(BANK_LEAD_DAYS):
        payment = calendar.previous_bank_day(payment - timedelta(days=1))
    return payment


def _last_day_before_payment(due_date: date, calendar: WorkCalendar) -> date:
    return calendar.add_working_days(last_day_to_pay(due_date, calendar), -CENTRE_DAYS)


def _by_customer(items: Sequence[NoticeItem]) -> list[tuple[Customer, list[NoticeItem]]]:
    grouped: dict[str, list[NoticeItem]] = {}
    for item in items:
        grouped.setdefault(item.customer.bogfoeringskreds, []).append(item)
    return [(documents[-1].customer, documents) for _, documents in sorted(grouped.items())]


def _kind(taxonomy: Taxonomy, code: str) -> ErrorType:
    if code not in taxonomy:
        raise TextError(
            f"no error type '{code}'", hint="add it to error_types.yaml; codes are never removed"
        )
    return taxonomy[code]


def _document(
    item: NoticeItem,
    *,
    taxonomy: Taxonomy,
    calendar: WorkCalendar,
    renderer: Renderer,
    today: date,
) -> NoticeDocument:
    kinds = [_kind(taxonomy, finding.code) for finding in item.findings]
    day, reason = fix_by(kinds, item.due_date, calendar=calendar, today=today)
    open_content = not item.confidential
    return NoticeDocument(
        case_number=item.case_number,
        document_key=item.document_key,
        number=item.number,
        supplier=item.supplier if open_content else "",
        kind=item.kind,
        issue_date=item.issue_date if open_content else None,
        due_date=item.due_date if open_content else None,
        total=item.total if open_content else None,
        currency=item.currency if open_content else "",
        fix_by=day,
        confidential=item.confidential,
        findings=finding_texts(
            item, taxonomy=taxonomy, renderer=renderer, language=item.customer.language
        )
        if open_content
        else (),
        fix_by_reason=reason if open_content else FixByReason.DEADLINE,
    )


def _urgency(document: NoticeDocument) -> tuple[object, ...]:
    causes = tuple((finding.order, finding.code) for finding in document.findings)
    return (
        document.fix_by,
        _REASONS.index(document.fix_by_reason),
        causes,
        document.supplier.casefold(),
        document.number,
        document.case_number,
    )


def _problem(code: str, items: Sequence[NoticeItem], message: str) -> NoticeProblem:
    customer = items[-1].customer
    return NoticeProblem(
        code=code,
        customer=customer.name,
        bogfoeringskreds=customer.bogfoeringskreds,
        document_keys=tuple(item.document_key for item in items),
        case_numbers=tuple(item.case_number for item in items),
        message=message,
    )
