"""Every mail in Chromium, as axe and a reader with a telephone find it; and its plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from robot.adapters.mail.answers import AnswerRenderer
from robot.domain.case import Ball, CaseStanding, CaseStatus
from robot.domain.notice import OutgoingMail
from robot.domain.readability import HARD_FROM, measure
from robot.flow.case_view import CaseReport, DocumentReport
from robot.flow.reception import Answer, AnsweredCase
from tests.support.browser import TELEPHONE, Visitor, barriers, overflows
from tests.support.letters import letters
from tests.support.notices import LETTERHEAD, TEMPLATES
from tests.support.pages import Page

LETTERS = ("digest", "single", "reminder", "escalation", "closing")
ANSWERS = ("status", "acknowledgement")
LANGUAGES = ("da", "en")
EACH = [(kind, language) for kind in (*LETTERS, *ANSWERS) for language in LANGUAGES]


def mail_of(kind: str, language: str) -> OutgoingMail:
    return answered(kind, language) if kind in ANSWERS else letters(language)[kind]


def answered(kind: str, language: str) -> OutgoingMail:
    since = datetime(2026, 11, 24, 6, tzinfo=UTC)
    waiting = CaseStatus.WAITING_CUSTOMER
    document = DocumentReport(
        number="F-1001",
        supplier="Dansk Kontor A/S",
        kind="invoice",
        total=Decimal("12345.67"),
        currency="DKK",
        due_date=date(2026, 12, 10),
        confidential=False,
        status=waiting,
        since=since,
        fix_by=date(2026, 11, 26),
    )
    report = CaseReport(
        number="SAM-2026-000001",
        customer="99001",
        standing=CaseStanding(status=waiting, ball=Ball.CUSTOMER, since=since),
        documents=(document, replace(document, number="F-1002")),
        entries=(),
        said_fixed_at=since,
    )
    answer = Answer(
        asked_status=kind == "status",
        language=language,
        recipient="anne@example.test",
        cases=(AnsweredCase(report=report, link="https://sager.example.test/sag/abc.def"),),
        answers="<mail-1@example.test>",
        message_id="<answer-1@robot.example.test>",
        reply_to="robot+sam-2026-000001.token@example.test",
        understood="fixed",
        made_on=date(2026, 11, 24),
    )
    return AnswerRenderer(TEMPLATES, LETTERHEAD)(answer)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_a_mail_has_no_barriers(visitor: Visitor, kind: str, language: str) -> None:
    assert barriers(visitor.shown(mail_of(kind, language).html)) == []


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_a_mail_fits_a_telephone(visitor: Visitor, kind: str, language: str) -> None:
    assert not overflows(visitor.shown(mail_of(kind, language).html, width=TELEPHONE))


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_plain_text_says_what_the_page_says(kind: str, language: str) -> None:
    """Every number that is shown stands in it; dates that are short in a table stand in full."""
    mail = mail_of(kind, language)
    shown = set(re.findall(r"[\w-]*\d[\w.,-]*\w", Page(mail.html).text))
    short_dates = set(re.findall(r"\b\d{1,2}(?=/\d)|(?<=\d/)\d{1,2}\b", Page(mail.html).text))
    assert {word for word in shown - short_dates if word not in mail.plain} == set()
    assert not re.search(r"<[a-z/]|&[a-z]+;|\{[{%]", mail.plain)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_a_mail_is_not_hard_to_read(kind: str, language: str) -> None:
    mail = mail_of(kind, language)
    prose = re.sub(r"\S*[@/]\S*|^[-=]+$", "", mail.plain, flags=re.MULTILINE)
    paragraphs = [" ".join(part.split()) for part in prose.split("\n\n")]
    assert measure("\n".join(paragraphs)).lix < HARD_FROM
