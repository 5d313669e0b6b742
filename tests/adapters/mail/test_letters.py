from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.adapters.mail.message import serialised
from robot.adapters.mail.render import COLUMNS, MAX_SUBJECT
from robot.domain.notice import Closing, MailPurpose, OutgoingMail, Reminder
from robot.domain.taxonomy import OneRepair
from robot.errors import MailError, TextError
from tests.support.fakes import MORNING
from tests.support.letters import (
    PAGE,
    a_closing,
    a_digest,
    a_reminder,
    a_single,
    letters,
)
from tests.support.notices import MESSAGE_ID, real_taxonomy, renderer
from tests.support.pages import WCAG_CONTRAST, Page

RENDERER = renderer()
KINDS = ("digest", "single", "reminder", "escalation", "closing")
EACH = [(kind, language) for kind in KINDS for language in ("da", "en")]
Golden = Callable[[str, str], None]


def reminded(reminder: Reminder) -> OutgoingMail:
    return RENDERER.reminder(reminder, message_id=MESSAGE_ID)


def closed(closing: Closing) -> OutgoingMail:
    return RENDERER.closing(closing, message_id=MESSAGE_ID)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_letter_is_as_it_was_read_and_approved(
    kind: str, language: str, golden: Golden
) -> None:
    mail = letters(language)[kind]
    headers = "\n".join(f"{name}: {value}" for name, value in mail.headers)
    golden(f"mail/letter.{kind}.{language}.txt", f"{mail.subject}\n{headers}\n\n{mail.plain}")


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_every_letter_can_be_read_by_everybody(kind: str, language: str) -> None:
    mail = letters(language)[kind]
    page = Page(mail.html)
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == 1
    assert all(header.get("scope") in {"row", "col"} for header in page.all("th"))
    assert not page.all("img")
    assert page.least_contrast() >= WCAG_CONTRAST
    assert len(mail.subject) <= MAX_SUBJECT
    for line in mail.plain.splitlines():
        assert len(line) <= COLUMNS or "://" in line or "@" in line
    assert not re.search(r"<\w+|&\w+;|\{\{|\{%", mail.plain)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_every_letter_leads_to_the_page_of_its_case(kind: str, language: str) -> None:
    mail = letters(language)[kind]
    assert PAGE in mail.plain
    assert PAGE in [link["href"] for link in Page(mail.html).all("a")]


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_no_program_answers_a_letter(kind: str, language: str) -> None:
    headers = dict(letters(language)[kind].headers)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["X-Robot-Instance"] == "test"
    assert ("Precedence" in headers) == ("List-Id" in headers) == (kind == "digest")


@pytest.mark.parametrize("kind", ["reminder", "escalation", "closing"])
def test_a_follow_up_goes_on_with_the_thread(kind: str) -> None:
    headers = dict(letters("da")[kind].headers)
    assert (
        headers["In-Reply-To"]
        == headers["References"]
        == ("<sam-2026-000411.first.aaaaaaaaaaaaaaaa@example.test>")
    )


def test_a_long_thread_keeps_its_first_mail_and_the_latest() -> None:
    thread = tuple(f"<{number}@example.test>" for number in range(30))
    headers = dict(closed(replace(a_closing("da"), references=thread)).headers)
    named = headers["References"].split()
    assert (named[0], named[-1], len(named)) == (thread[0], thread[-1], 10)
    assert headers["In-Reply-To"] == thread[-1]


def test_one_cause_that_hits_many_invoices_is_one_line_and_one_case() -> None:
    mail = RENDERER.digest(a_digest("da"), message_id=MESSAGE_ID)
    plain = " ".join(mail.plain.split())
    assert plain.count("3 fakturaer fra Nordlys El A/S: Kontoen er spærret") == 2
    assert plain.count("Sag: SAM-2026-000412") == 1
    assert "3. Senest torsdag 26. november: Faktura F-1001" in plain


def test_a_letter_about_one_case_is_answered_at_its_own_address() -> None:
    mail = RENDERER.digest(a_single("da"), message_id=MESSAGE_ID)
    assert dict(mail.headers)["Reply-To"].startswith("robot+sam-2026-000411.")
    assert "Reply-To" not in dict(RENDERER.digest(a_digest("da"), message_id=MESSAGE_ID).headers)


def test_a_reminder_says_how_long_it_has_waited_and_until_when() -> None:
    mail = reminded(a_reminder("da"))
    assert "Ret senest onsdag 25. november" in Page(mail.html).prose
    assert "Har ventet: 2 arbejdsdage" in mail.plain
    assert mail.subject.startswith("[SAM-99001] 2 sager venter stadig på jer")


def test_the_second_contact_role_is_told_why_it_is_written_to() -> None:
    mail = reminded(a_reminder("da", MailPurpose.ESCALATION))
    assert "ikke er rettet inden fristen" in " ".join(mail.plain.split())
    assert mail.subject.startswith("[SAM-2026-000412] Ikke rettet endnu")


def test_a_closing_mail_says_when_it_is_paid() -> None:
    assert "Fakturaen betales torsdag 10. december." in closed(a_closing("da")).plain
    assert "paid on Thursday 10 December" in closed(a_closing("en")).plain


@pytest.mark.parametrize("language", ["da", "en"])
def test_letters_say_nothing_of_a_confidential_document(language: str) -> None:
    closing = a_closing(language)
    secret = replace(
        closing.documents[0], confidential=True, supplier="Klinikken", total=Decimal("777.77")
    )
    mail = closed(replace(closing, documents=(secret, closing.documents[0])))
    waiting = a_reminder(language)
    hidden = replace(waiting.cases[0], confidential=True, supplier="Klinikken")
    other = reminded(replace(waiting, cases=(hidden,)))
    for text in (mail.plain, mail.html, other.plain, other.html, other.subject):
        assert "Klinikken" not in text
        assert "777" not in text


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(TextError, match="'sv'"):
        reminded(replace(a_reminder("da"), language="sv"))
    with pytest.raises(TextError, match="'sv'"):
        closed(replace(a_closing("da"), language="sv"))


def test_one_repair_is_told_in_the_same_words_for_all_its_invoices() -> None:
    for kind in real_taxonomy():
        if kind.one_repair in set(OneRepair):
            for texts in kind.texts.values():
                for text in (texts.title, texts.fix, *texts.fix_by_source.values()):
                    assert "number" not in re.findall(r"\{\{\s*(\w+)", text), kind.code


CLOSING = letters("da")["closing"]
NASTY = st.text(
    alphabet=st.sampled_from("aØ\r\n\t\x00\u202e\u2028 <>\"',;:@[]{}%&=?æ"), max_size=40
)


@settings(max_examples=30)
@given(NASTY, NASTY)
def test_nothing_from_outside_adds_a_header_or_a_receiver(number: str, supplier: str) -> None:
    waiting = a_reminder("da")
    case = replace(waiting.cases[0], number=number, supplier=supplier)
    document = replace(a_closing("da").documents[0], number=number, supplier=supplier)
    for mail in (
        reminded(replace(waiting, cases=(case,))),
        closed(replace(a_closing("da"), documents=(document,))),
    ):
        raw = serialised(mail, sent_at=MORNING).partition(b"\r\n\r\n")[0]
        names = [line.split(b":")[0] for line in raw.split(b"\r\n") if line[:1] not in b" \t"]
        assert len(names) == len(set(names)) == 6 + len(mail.headers) + 1
        assert b"\nTo: regnskab@example.test\r\n" in raw + b"\r\n"


@given(st.text(max_size=60) | st.emails())
def test_an_address_that_is_none_gets_nothing(address: str) -> None:
    mail = replace(CLOSING, recipients=(address,))
    try:
        raw = serialised(mail, sent_at=MORNING)
    except MailError:
        return
    assert raw.count(b"\r\nTo: ") == 1
    assert re.fullmatch(r'(?:[^\s@<>,;:"\\]+|".*")@[^\s@<>,;]+', address)
