"""The mails that follow a notice: what still waits, and what is posted.

Their layouts are `reminder.*.j2` and `closing.*.j2` in `config/mail`; what is said stands in
`letters.LANGUAGE.j2`. They quote nothing of the documents but number, supplier and amount.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
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


def reminder_mail(  # noqa: PLR0913 - keyword-only: what every mail takes
    reminder: Reminder,
    *,
    message_id: str,
    templates: Templates,
    letterhead: Sender,
    sender: str,
    plain: Callable[[str], str],
    longest_subject: int,
) -> OutgoingMail:
    """A reminder, or one to the second contact role, as plain text and HTML.

    Raises:
        TextError: A value is missing.
    """
    shown = replace(
        reminder,
        customer=quotable(reminder.customer, _NAME),
        cases=tuple(_waiting(case) for case in reminder.cases),
    )
    values: dict[str, object] = {
        "mail": shown,
        "escalated": shown.purpose is MailPurpose.ESCALATION,
        "letterhead": letterhead,
    }
    return OutgoingMail(
        message_id=message_id,
        recipients=reminder.recipients,
        sender=sender,
        subject=_subject(templates, "reminder", values, longest_subject),
        plain=plain(templates.render("reminder.txt.j2", values)),
        html=templates.render("reminder.html.j2", values).lstrip(),
        language=reminder.language,
        headers=headers(
            reminder.purpose,
            letterhead,
            language=reminder.language,
            reply_to=reminder.reply_to,
            references=reminder.references,
        ),
        purpose=reminder.purpose,
    )


def closing_mail(  # noqa: PLR0913 - as above
    closing: Closing,
    *,
    message_id: str,
    templates: Templates,
    letterhead: Sender,
    sender: str,
    plain: Callable[[str], str],
    longest_subject: int,
) -> OutgoingMail:
    """A closing mail as plain text and HTML.

    Raises:
        TextError: A value is missing.
    """
    shown = replace(
        closing,
        customer=quotable(closing.customer, _NAME),
        documents=tuple(_closed(document) for document in closing.documents),
    )
    values: dict[str, object] = {
        "mail": shown,
        "cases": _cases(shown.documents),
        "letterhead": letterhead,
    }
    return OutgoingMail(
        message_id=message_id,
        recipients=closing.recipients,
        sender=sender,
        subject=_subject(templates, "closing", values, longest_subject),
        plain=plain(templates.render("closing.txt.j2", values)),
        html=templates.render("closing.html.j2", values).lstrip(),
        language=closing.language,
        headers=headers(
            MailPurpose.CLOSING,
            letterhead,
            language=closing.language,
            reply_to=closing.reply_to,
            references=closing.references,
        ),
        purpose=MailPurpose.CLOSING,
    )


def _subject(templates: Templates, layout: str, values: Mapping[str, object], longest: int) -> str:
    return shortened(one_line(templates.render(f"{layout}.subject.j2", values)), longest)


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
