"""What the robot answers by itself: how a case stands, or that a mail has arrived.

The layouts are `answer.subject.j2`, `answer.txt.j2` and `answer.html.j2` in `config/mail`; what is
said stands in `answers.LANGUAGE.j2`.
"""

from __future__ import annotations

from email.utils import formataddr
from pathlib import Path
from typing import Final

from robot.adapters.mail.render import MAX_SUBJECT, Letterhead
from robot.adapters.templates import Templates
from robot.adapters.wording import LANGUAGES, Wording, one_line, shortened
from robot.domain.calendar import COPENHAGEN
from robot.domain.case import ball_of, status_words
from robot.domain.notice import MailPurpose, OutgoingMail
from robot.errors import TextError
from robot.flow.reception import Answer

_SHOWN_INVOICES: Final = 10
_SHOWN_NUMBER: Final = 40


class AnswerRenderer:
    """Implements the flow's Answerer port.

    Args:
        templates: Folder with the layouts and the sentences.
        letterhead: Who writes.
    """

    def __init__(self, templates: Path, letterhead: Letterhead) -> None:
        self._letterhead = letterhead
        self._templates = {
            language: Templates(
                templates,
                {
                    "weekday": Wording(language).weekday,
                    "day": lambda instant, language=language: Wording(language).weekday(
                        instant.astimezone(COPENHAGEN).date()
                    ),
                    "status": lambda status, language=language: status_words(status, language),
                    "ball": lambda status: ball_of(status).value,
                    "invoices": _invoices,
                },
            )
            for language in LANGUAGES
        }

    def __call__(self, answer: Answer, /) -> OutgoingMail:
        """One answer as plain text and HTML.

        Raises:
            TextError: There are no texts in this language, or a text is missing.
        """
        if answer.language not in self._templates:
            raise TextError(f"no texts in language '{answer.language}'")
        templates = self._templates[answer.language]
        values = {"answer": answer, "letterhead": self._letterhead}
        subject = one_line(templates.render("answer.subject.j2", values))
        return OutgoingMail(
            message_id=answer.message_id,
            recipients=(answer.recipient,),
            sender=formataddr((self._letterhead.sender_name, self._letterhead.sender)),
            subject=shortened(subject, MAX_SUBJECT),
            plain=templates.render("answer.txt.j2", values),
            html=templates.render("answer.html.j2", values),
            language=answer.language,
            headers=(
                ("In-Reply-To", answer.answers),
                ("References", answer.answers),
                ("Reply-To", answer.reply_to),
                ("Auto-Submitted", "auto-replied"),
                ("X-Auto-Response-Suppress", "All"),
                ("X-Robot-Instance", self._letterhead.instance),
            ),
            purpose=MailPurpose.STATUS if answer.asked_status else MailPurpose.ACKNOWLEDGEMENT,
        )


def _invoices(numbers: tuple[str, ...]) -> str:
    shown = [shortened(one_line(number), _SHOWN_NUMBER) for number in numbers[:_SHOWN_INVOICES]]
    return ", ".join(shown) + (" …" if len(numbers) > _SHOWN_INVOICES else "")
