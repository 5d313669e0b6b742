"""Whether the texts of the error types can be sent: rendered as customers get them, and looked at.

Each is completed with ordinary values, with none, with a bank account and a CPR number where a
value is quoted, and on a confidential document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.customer import Customer
from robot.domain.decision import Finding
from robot.domain.notice import NoticeFinding, NoticeItem
from robot.domain.readability import HARD_FROM, Readability, measure
from robot.domain.taxonomy import ErrorType
from robot.errors import TextError
from robot.flow.ports import Renderer

#: The most words of one finding: its title, what is wrong and what to do.
MOST_WORDS: Final = 120
LANGUAGES: Final = ("da", "en")
#: A customer's source system; none where it is not known, which has the general text.
SOURCE_SYSTEMS: Final = ("indfak", "sdi", "")

_SUPPLIER: Final = "Dansk Kontor A/S"
_ORDINARY: Final = Finding(
    code="", path="lines[2].account", seen="0450", expected="0500", rule="standard"
)
_NOTHING: Final = replace(_ORDINARY, path="", seen="", expected="")
#: What nobody may read in a mail: an IBAN, a registration and account number, a CPR number.
_SECRETS: Final = ("DK5000400440116243", "0040 0440116243", "010203-1234")
_LEFTOVER: Final = re.compile(
    r"[{}<>]|\b(?:None|Undefined|TODO|FIXME|XXX|lorem)\b|\(\)|«»|  |\s[.,:;]"
)
_ITEM: Final = NoticeItem(
    customer=Customer(name="Eksempelstyrelsen", bogfoeringskreds="99001"),
    case_number="SAM-2026-000001",
    document_key="",
    number="4711",
    supplier=_SUPPLIER,
    kind="invoice",
    issue_date=date(2026, 11, 10),
    due_date=date(2026, 12, 10),
    total=Decimal("12345.67"),
    currency="DKK",
    confidential=False,
    findings=(),
    decided_on=date(2026, 11, 24),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedText:
    """One error type's text as one kind of customer reads it."""

    code: str
    language: str
    #: `indfak`, `sdi`, or nothing.
    source_system: str
    words: int
    lix: int
    #: What keeps it from being sent, in words.
    remarks: tuple[str, ...]


def check_texts(kinds: Iterable[ErrorType], renderer: Renderer) -> tuple[CheckedText, ...]:
    """Every error type in each language for each source system, the hardest to read first."""
    checked = [
        _checked(kind, language, system, renderer)
        for kind in kinds
        for language in LANGUAGES
        for system in SOURCE_SYSTEMS
    ]
    return tuple(
        sorted(checked, key=lambda text: (-text.lix, text.code, text.language, text.source_system))
    )


def _checked(kind: ErrorType, language: str, system: str, renderer: Renderer) -> CheckedText:
    customer = replace(_ITEM.customer, language=language, source_system=system)
    desk = _Desk(kind, replace(_ITEM, customer=customer), language, renderer)
    try:
        read = [measure(_whole(desk.texts(finding))) for finding in (_ORDINARY, _NOTHING)]
        remarks = tuple(dict.fromkeys(_remarks(desk, read)))
    except TextError as error:
        return CheckedText(
            code=kind.code,
            language=language,
            source_system=system,
            words=0,
            lix=0,
            remarks=(error.message,),
        )
    return CheckedText(
        code=kind.code,
        language=language,
        source_system=system,
        words=max(each.words for each in read),
        lix=max(each.lix for each in read),
        remarks=remarks,
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one text is completed with one value after another."""

    kind: ErrorType
    item: NoticeItem
    language: str
    renderer: Renderer

    def texts(self, finding: Finding, *, confidential: bool = False) -> NoticeFinding:
        item = replace(self.item, confidential=confidential)
        return self.renderer.finding(self.kind, finding, item, self.language)


def _whole(texts: NoticeFinding) -> str:
    return "\n".join((texts.title, texts.explain, texts.fix))


def _remarks(desk: _Desk, read: Sequence[Readability]) -> Iterator[str]:
    if (words := max(each.words for each in read)) > MOST_WORDS:
        yield f"{words} words, above {MOST_WORDS}"
    if (lix := max(each.lix for each in read)) >= HARD_FROM:
        yield f"LIX {lix}, not below {HARD_FROM}: use shorter sentences and shorter words"
    for finding in (_ORDINARY, _NOTHING):
        yield from _unfinished(desk.texts(finding))
    for secret in _SECRETS:
        told = desk.texts(replace(_ORDINARY, seen=secret, expected=secret))
        if _tells(_whole(told), secret):
            yield "shows an account or CPR number that is in the invoice"
    told = desk.texts(replace(_ORDINARY, seen="hemmelig", expected="hemmelig"), confidential=True)
    yield from _unfinished(told)
    if any(word in _whole(told) for word in ("hemmelig", _SUPPLIER)):
        yield "shows the content of a confidential document"


def _unfinished(texts: NoticeFinding) -> Iterator[str]:
    for name in ("title", "explain", "fix"):
        text: str = getattr(texts, name)
        if found := _LEFTOVER.search(text):
            yield f"{name} has '{found.group()}' in it when it is completed"
        if text[:1].islower():
            yield f"{name} begins with a small letter when a value is missing"
        if name != "title" and not text.endswith((".", "!", "?")):
            yield f"{name} does not end with a full stop"


def _tells(text: str, secret: str) -> bool:
    plain = re.sub(r"[ -]", "", secret)
    return plain in re.sub(r"[ -]", "", text)
