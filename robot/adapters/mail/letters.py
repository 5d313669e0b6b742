"""The mails that follow a notice: what still waits, and what is posted.

Their layouts are `reminder.*.j2` and `closing.*.j2` in `config/mail`; what is said stands in
`letters.LANGUAGE.j2`. They quote nothing of the documents but number, supplier and amount.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from robot.adapters.mail.headers import Sender, headers
from robot.adapters.templates import Templates
from robot.adapters.wording import one_line, quotable, shortened
from robot.domain.notice import (
    ClosedDocument,
    Closing,
    MailPurpose,
    OutgoingMail,
    Reminder,
    WaitingCase,
)

_NAME: Final = 80
_NUMBER: Final = 40
_SUBJECT_SUPPLIER: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every letter is written on.

    Attributes:
        templates: The layouts and sentences of its language.
        letterhead: Who writes.
        sender: As From shows it.
        plain: Tidies a text for the plain part.
        longest_subject: In characters.
    """

    templates: Templates
    letterhead: Sender
    sender: str
    plain: Callable[[str], str]
    longest_subject: int


def reminder_mail(reminder: Reminder, *, message_id: str, paper: Paper) -> OutgoingMail:
    """A reminder, or one to the second contact role, as plain text and HTML.

    Raises:
        TextError: A value is missing.
    """
    shown = replace(
        reminder,
        customer=quotable(reminder.customer, _NAME),
        cases=tuple(_waiting(case) for case in reminder.cases),
    )
    escalated = reminder.purpose is MailPurpose.ESCALATION
    values = {"mail": shown, "escalated": escalated}
    return _letter("reminder", shown, reminder.purpose, values, message_id, paper)


def closing_mail(closing: Closing, *, message_id: str, paper: Paper) -> OutgoingMail:
    """A closing mail as plain text and HTML.

    Raises:
        TextError: A value is missing.
    """
    shown = replace(
        closing,
        customer=quotable(closing.customer, _NAME),
        documents=tuple(_closed(document) for document in closing.documents),
    )
    values = {"mail": shown, "cases": _cases(shown.documents)}
    return _letter("closing", shown, MailPurpose.CLOSING, values, message_id, paper)


def _letter(
    layout: str,
    letter: Reminder | Closing,
    purpose: MailPurpose,
    values: Mapping[str, object],
    message_id: str,
    paper: Paper,
) -> OutgoingMail:
    texts, filled = paper.templates, {**values, "letterhead": paper.letterhead}
    subject = one_line(texts.render(f"{layout}.subject.j2", filled))
    return OutgoingMail(
        message_id=message_id,
        recipients=letter.recipients,
        sender=paper.sender,
        subject=shortened(subject, paper.longest_subject),
        plain=paper.plain(texts.render(f"{layout}.txt.j2", filled)),
        html=texts.render(f"{layout}.html.j2", filled).lstrip(),
        language=letter.language,
        headers=headers(
            purpose,
            paper.letterhead,
            language=letter.language,
            reply_to=letter.reply_to,
            references=letter.references,
        ),
        purpose=purpose,
    )


def _waiting(case: WaitingCase) -> WaitingCase:
    return replace(
        case,
        number=shortened(one_line(case.number), _NUMBER),
        supplier="" if case.confidential else quotable(case.supplier, _SUBJECT_SUPPLIER),
    )


def _closed(document: ClosedDocument) -> ClosedDocument:
    shown = replace(document, number=shortened(one_line(document.number), _NUMBER))
    if document.confidential:
        return replace(shown, supplier="", total=None, currency="", pays_on=None)
    return replace(shown, supplier=quotable(document.supplier, _SUBJECT_SUPPLIER))


def _cases(documents: Sequence[ClosedDocument]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(document.case_number for document in documents))
