"""Turns what a customer is told into a mail: subject, plain text and HTML by language.

The layouts are `digest.subject.j2`, `digest.txt.j2` and `digest.html.j2` in `config/mail`; what is
said stands once for all of them in `sentences.LANGUAGE.j2`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.headerregistry import Address
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import quote

from robot.adapters.mail.headers import headers
from robot.adapters.mail.letters import Paper, closing_mail, reminder_mail
from robot.adapters.templates import Templates
from robot.adapters.wording import LANGUAGES, Wording, one_line, quotable, shortened
from robot.domain.decision import ABSENT, Finding
from robot.domain.notice import (
    Closing,
    Digest,
    FixByReason,
    NoticeDocument,
    NoticeFinding,
    NoticeItem,
    OutgoingMail,
    Reminder,
)
from robot.domain.taxonomy import ErrorType
from robot.errors import TextError

#: Columns of the plain text.
COLUMNS: Final = 72
MAX_SUBJECT: Final = 110
#: How much of a name and of a line's number (the supplier's own) is shown, in characters.
_NAME: Final = 80
_LINE_NUMBER: Final = 20
#: In subjects: how much of a document's number is shown, and how short other parts may become.
_SUBJECT_NUMBER: Final = 30
_GIVES_WAY: Final = {"supplier": 12, "cause": 12}
_LINE = re.compile(r"^lines\[(?P<number>[^\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes, and whom a customer can ask."""

    #: Address and name that the mails come from; replies go there.
    sender: str
    sender_name: str
    #: The centre as its customers call it, such as `SAM`.
    centre: str
    contact_mail: str
    contact_phone: str | None = None
    #: Names this installation in `X-Robot-Instance`, so that it knows its own mails.
    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One kind of error on one or more documents, with what to do about it.

    `explanations` is empty when they differ between the documents; each then has its own.
    """

    title: str
    explanations: tuple[str, ...]
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document in a group, with the explanations that are its own."""

    document: NoticeDocument
    explanations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Documents that are fixed in the same way until the same day."""

    rows: tuple[Row, ...]
    causes: tuple[Cause, ...]

    @property
    def case_number(self) -> str:
        """The case that all of them share; empty when there are several."""
        numbers = {row.document.case_number for row in self.rows}
        return numbers.pop() if len(numbers) == 1 else ""

    @property
    def first(self) -> NoticeDocument:
        """The document that stands for what they have in common."""
        return self.rows[0].document


class DigestRenderer:
    """Implements the flow's Renderer port.

    Args:
        templates: Folder with the layouts and the sentences.
        letterhead: Who writes.
    """

    def __init__(self, templates: Path, letterhead: Letterhead) -> None:
        self._letterhead = letterhead
        self._templates = {
            language: Templates(templates, _filters(Wording(language), letterhead))
            for language in LANGUAGES
        }

    def finding(
        self, kind: ErrorType, finding: Finding, item: NoticeItem, language: str
    ) -> NoticeFinding:
        """The texts of one finding, filled in; values quoted only where the type allows it.

        Raises:
            TextError: There is no text in this language, or it can't be completed.
        """
        templates = self._in(language)
        if language not in kind.texts:
            raise TextError(
                f"error type '{kind.code}' has no text in '{language}'",
                hint="write it in error_types.yaml",
            )
        texts = kind.texts[language]
        line = _LINE.match(finding.path)
        quoted = kind.quote_values and not item.confidential
        values = {
            "seen": _given(finding.seen) if quoted else "",
            "expected": _given(finding.expected) if quoted else "",
            "line": quotable(line["number"], _LINE_NUMBER)
            if line and not item.confidential
            else "",
            "path": one_line(finding.path),
            "rule": one_line(finding.rule),
            "number": one_line(item.number),
            "supplier": "" if item.confidential else quotable(item.supplier, _NAME),
        }
        fix = texts.fix_by_source.get(item.customer.source_system, texts.fix)
        place = f"error type '{kind.code}' ({language})"
        return NoticeFinding(
            code=kind.code,
            title=one_line(templates.fragment(texts.title, values, place=f"{place}: title")),
            explain=one_line(templates.fragment(texts.explain, values, place=f"{place}: explain")),
            fix=_paragraphs(templates.fragment(fix, values, place=f"{place}: fix")),
            order=kind.order,
        )

    def digest(self, digest: Digest, *, message_id: str) -> OutgoingMail:
        """One digest as plain text and HTML, in the digest's language.

        Raises:
            TextError: There are no templates in this language, or a value is missing.
        """
        templates = self._in(digest.language)
        shown = replace(
            digest,
            customer=quotable(digest.customer, _NAME),
            documents=tuple(_as_shown(document) for document in digest.documents),
        )
        values: dict[str, object] = {
            "digest": shown,
            "groups": grouped(shown.documents),
            "letterhead": self._letterhead,
        }
        return OutgoingMail(
            message_id=message_id,
            recipients=digest.recipients,
            sender=_mailbox(self._letterhead.sender_name, self._letterhead.sender),
            subject=_subject(templates, shown),
            plain=_plain(templates.render("digest.txt.j2", values)),
            html=templates.render("digest.html.j2", values).lstrip(),
            language=digest.language,
            headers=headers(
                digest.purpose,
                self._letterhead,
                language=digest.language,
                reply_to=digest.reply_to,
            ),
            purpose=digest.purpose,
        )

    def reminder(self, reminder: Reminder, *, message_id: str) -> OutgoingMail:
        """One reminder, or one to the second contact role.

        Raises:
            TextError: There are no templates in this language, or a value is missing.
        """
        paper = self._paper(reminder.language)
        return reminder_mail(reminder, message_id=message_id, paper=paper)

    def closing(self, closing: Closing, *, message_id: str) -> OutgoingMail:
        """One closing mail.

        Raises:
            TextError: There are no templates in this language, or a value is missing.
        """
        paper = self._paper(closing.language)
        return closing_mail(closing, message_id=message_id, paper=paper)

    def _paper(self, language: str) -> Paper:
        return Paper(
            templates=self._in(language),
            letterhead=self._letterhead,
            sender=_mailbox(self._letterhead.sender_name, self._letterhead.sender),
            plain=_plain,
            longest_subject=MAX_SUBJECT,
        )

    def _in(self, language: str) -> Templates:
        if language not in self._templates:
            raise TextError(
                f"no texts in language '{language}'",
                hint=f"set the customer's language to one of {', '.join(LANGUAGES)}",
            )
        return self._templates[language]


def _given(value: str) -> str:
    """A finding's value for a text: nothing for a value that is not there."""
    return "" if value == ABSENT else quotable(value)


def grouped(documents: Sequence[NoticeDocument]) -> tuple[Group, ...]:
    """Neighbours that are fixed in the same way until the same day, together; in the same order.

    Those of one case are always together, whatever their kind. Confidential documents stand alone.
    """
    first: dict[str, int] = {}
    for place, document in enumerate(documents):
        first.setdefault(document.case_number, place)
    ordered = sorted(
        enumerate(documents),
        key=lambda it: (it[0] if it[1].confidential else first[it[1].case_number], it[0]),
    )
    together = groupby(
        ordered, key=lambda it: _likeness(it, documents[first[it[1].case_number]].kind)
    )
    return tuple(_group([document for _, document in group]) for _, group in together)


def _likeness(numbered: tuple[int, NoticeDocument], kind: str) -> tuple[object, ...]:
    """What is equal for documents of one group; `kind` is that of the first of its case."""
    index, document = numbered
    if document.confidential:
        return (index,)
    causes = tuple(_explanations(document))
    return (document.fix_by, document.fix_by_reason, kind, causes)


def _group(documents: Sequence[NoticeDocument]) -> Group:
    explained = [_explanations(document) for document in documents]
    causes: list[Cause] = []
    own: list[list[str]] = [[] for _ in documents]
    for title, fix in explained[0]:
        texts = [explanations[title, fix] for explanations in explained]
        alike = all(text == texts[0] for text in texts)
        causes.append(Cause(title=title, explanations=texts[0] if alike else (), fix=fix))
        if not alike:
            for mine, text in zip(own, texts, strict=True):
                mine.extend(text)
    return Group(
        rows=tuple(
            Row(document=document, explanations=tuple(mine))
            for document, mine in zip(documents, own, strict=True)
        ),
        causes=tuple(causes),
    )


def _explanations(document: NoticeDocument) -> dict[tuple[str, str], tuple[str, ...]]:
    """What was seen, by cause: one cause on several lines is told once, with each of its lines."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for finding in document.findings:
        cause = (finding.title, finding.fix)
        texts = found.get(cause, ())
        found[cause] = texts if finding.explain in texts else (*texts, finding.explain)
    return found


def _as_shown(document: NoticeDocument) -> NoticeDocument:
    """The document with its supplier's own words made safe; of a confidential one, no content."""
    shown = replace(document, number=shortened(one_line(document.number), _NAME))
    if not document.confidential:
        return replace(shown, supplier=quotable(document.supplier, _NAME))
    return replace(
        shown,
        supplier="",
        issue_date=None,
        due_date=None,
        total=None,
        currency="",
        findings=(),
        fix_by_reason=FixByReason.DEADLINE,
    )


def _subject(templates: Templates, digest: Digest) -> str:
    """Tag first, then document, cause and date; what is too long gives way, never the date.

    First the supplier's name is cut, then the cause.
    """
    if not digest.documents:
        raise TextError("a digest without documents is not sent")
    first = replace(
        digest.documents[0], number=shortened(digest.documents[0].number, _SUBJECT_NUMBER)
    )
    shown = replace(digest, documents=(first, *digest.documents[1:]))
    words = {
        "supplier": first.supplier,
        "cause": first.findings[0].title if first.findings else "",
    }
    subject = one_line(templates.render("digest.subject.j2", {"digest": shown, **words}))
    for part, shortest in _GIVES_WAY.items():
        if (excess := len(subject) - MAX_SUBJECT) > 0:
            words[part] = shortened(words[part], max(len(words[part]) - excess, shortest))
            subject = one_line(templates.render("digest.subject.j2", {"digest": shown, **words}))
    return shortened(subject, MAX_SUBJECT)


def _mailbox(name: str, address: str) -> str:
    try:
        return str(Address(display_name=one_line(name), addr_spec=address))
    except (MessageError, ValueError, IndexError) as error:
        raise TextError("the sender's address can't be used", hint="see mail.sender") from error


def _paragraphs(text: str) -> str:
    """Each line cleaned on its own: the steps of a fix may stand on lines of their own."""
    lines = (one_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _plain(text: str) -> str:
    """At most one blank line in a row, none at the ends, no trailing blanks."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _wrapped(text: str, indent: int = 0, hanging: int | None = None) -> str:
    """Text in the columns of a plain mail; `hanging` indents all lines but the first."""
    first = " " * indent
    rest = " " * (indent if hanging is None else hanging)
    return "\n".join(
        textwrap.fill(
            line,
            COLUMNS,
            initial_indent=first if index == 0 else rest,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
        for index, line in enumerate(text.splitlines())
    )


def _filters(wording: Wording, letterhead: Letterhead) -> dict[str, Callable[..., object]]:
    return {
        "amount": wording.amount,
        "capitalise": _capitalise,
        "count": wording.number,
        "full_date": wording.full_date,
        "mailto": partial(_mailto, letterhead.sender),
        "run_time": wording.run_time,
        "short_date": wording.short_date,
        "tidy_end": _tidy_end,
        "weekday": wording.weekday,
        "wrap": _wrapped,
    }


def _capitalise(text: str) -> str:
    """The first letter only; what is escaped stays so."""
    return text[:1].upper() + text[1:]


def _tidy_end(text: str) -> str:
    """Without the comma after which nothing came."""
    return text.rstrip().rstrip(",")


def _mailto(address: str, case_number: str, reply_to: str = "") -> str:
    """A link that starts a mail to the case's own address, whose subject names the case."""
    return f"mailto:{quote(reply_to or address, safe='@+')}?subject={quote(f'[{case_number}]')}"
