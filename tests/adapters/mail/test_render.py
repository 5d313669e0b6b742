from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.mail.render import COLUMNS, MAX_SUBJECT
from robot.domain.customer import Mailbox
from robot.domain.decision import ABSENT
from robot.domain.notice import Digest, OutgoingMail
from robot.domain.taxonomy import ErrorType
from robot.errors import TextError
from tests.support.notices import (
    MESSAGE_ID,
    TEMPLATES,
    an_item,
    found,
    one_digest,
    real_taxonomy,
    renderer,
    told_customer,
)
from tests.support.pages import WCAG_CONTRAST, Page

TAXONOMY = real_taxonomy()
RENDERER = renderer()
Golden = Callable[[str, str], None]

MUSEUM = told_customer(
    name="Nordhavns Museum",
    bogfoeringskreds="99003",
    language="en",
    mailboxes=(Mailbox(address="museum@example.test"),),
)
ARCHIVE = told_customer(name="Domsarkivet", bogfoeringskreds="99005", source_system="indfak")

CLOSED = found(
    "posting-date-closed",
    path="posting.date",
    seen="31. oktober 2026",
    expected="24. november 2026",
)
BLOCKED = found("account-blocked", path="lines[1].account", seen="229900")
DIMENSION_1 = found(path="lines[1].dimensions.delregnskab")


def mailed(digest: Digest) -> OutgoingMail:
    return RENDERER.digest(digest, message_id=MESSAGE_ID)


def several() -> Digest:
    return one_digest(
        an_item("F-1001", findings=(DIMENSION_1, found(), CLOSED), due_date=date(2026, 11, 20)),
        an_item("F-1002", supplier="Rengøring Øst A/S", findings=(BLOCKED,)),
        an_item(
            "F-1003",
            supplier="Kaffekompagniet ApS",
            findings=(replace(BLOCKED, path="lines[3].account"),),
            total=Decimal(899),
        ),
        an_item(
            "K-1004",
            supplier="Bücher & Söhne GmbH",
            kind="credit-note",
            currency="EUR",
            due_date=None,
            findings=(found("credit-note-without-reference", path="", seen="", expected=""),),
        ),
        an_item("F-1005", confidential=True, supplier="Klinikken", total=Decimal("777.77")),
        still_open={"99001": 4},
    )


DIGESTS: dict[str, Callable[[], Digest]] = {
    "single.da": lambda: one_digest(an_item()),
    "single.indfak.da": lambda: one_digest(an_item(customer=ARCHIVE, findings=(CLOSED,))),
    "several.da": several,
    "credit_note.da": lambda: one_digest(
        an_item("K-1", kind="credit-note", due_date=None, findings=(CLOSED,))
    ),
    "confidential.da": lambda: one_digest(
        an_item("F-9", confidential=True, supplier="Klinikken", total=Decimal("777.77"))
    ),
    "single.en": lambda: one_digest(an_item(customer=MUSEUM, findings=(BLOCKED,))),
    "several.en": lambda: one_digest(
        an_item("F-1", customer=MUSEUM, supplier="Oxfield Instruments Ltd", currency="GBP"),
        an_item("F-2", customer=MUSEUM, findings=(BLOCKED, found()), due_date=date(2026, 11, 27)),
        an_item("F-3", customer=MUSEUM, supplier="Nordlys El A/S"),
        still_open={"99003": 1},
    ),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_the_mail_is_as_it_was_read_and_approved(name: str, golden: Golden) -> None:
    mail = mailed(DIGESTS[name]())
    golden(f"mail/{name}.txt", f"{mail.subject}\n\n{mail.plain}")
    golden(f"mail/{name}.html", mail.html)


@pytest.mark.parametrize("name", DIGESTS)
def test_the_html_is_accessible(name: str) -> None:
    digest = DIGESTS[name]()
    page = Page(mailed(digest).html)
    assert page.all("html") == [{"lang": digest.language}]
    assert len(page.all("h1")) == len(page.all("title")) == 1
    assert all(header.get("scope") in {"row", "col"} for header in page.all("th"))
    assert not page.all("img")
    assert not page.all("script")
    assert not page.all("style")
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.least_contrast() >= WCAG_CONTRAST


@pytest.mark.parametrize("name", DIGESTS)
def test_links_only_start_a_reply_that_names_the_case(name: str) -> None:
    digest = DIGESTS[name]()
    cases = [document.case_number for document in digest.documents]
    assert [link["href"] for link in Page(mailed(digest).html).all("a")] == [
        f"mailto:robot@example.test?subject=%5B{case}%5D" for case in cases
    ]


@pytest.mark.parametrize("name", DIGESTS)
def test_plain_text_and_html_say_the_same(name: str) -> None:
    mail = mailed(DIGESTS[name]())
    page = Page(mail.html)
    for word in set(re.findall(r"[\wæøåÆØÅ]{4,}", page.prose)):
        assert word in mail.plain or word in mail.subject, word


@pytest.mark.parametrize("name", DIGESTS)
def test_plain_text_keeps_to_its_columns_and_has_no_markup(name: str) -> None:
    plain = mailed(DIGESTS[name]()).plain
    assert max(len(line) for line in plain.splitlines()) <= COLUMNS
    assert not re.search(r"<\w+|&\w+;|\{\{|\{%", plain)


def test_what_to_do_and_by_when_comes_first() -> None:
    mail = mailed(one_digest(an_item()))
    expected = "Ret faktura F-1001 fra Dansk Kontor A/S i SDI senest torsdag 26. november"
    assert " ".join(mail.plain.split()).startswith(expected)
    assert expected in Page(mail.html).text


def test_the_subject_has_the_case_then_the_document_the_cause_and_the_date() -> None:
    item = an_item()
    assert mailed(one_digest(item)).subject == (
        f"[{item.case_number}] Faktura F-1001 fra Dansk Kontor A/S: "
        f"{TAXONOMY['dimension-missing'].texts['da'].title} – ret senest 26/11"
    )


def test_the_subject_of_several_has_the_customer_s_tag() -> None:
    assert mailed(several()).subject == (
        "[SAM-99001] 5 dokumenter kan ikke bogføres – ret den første senest 24/11"
    )


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=120))
def test_the_subject_is_short_and_on_one_line_whatever_the_supplier_wrote(
    supplier: str, number: str
) -> None:
    document = replace(one_digest(an_item()).documents[0], supplier=supplier, number=number)
    digest = replace(one_digest(an_item()), documents=(document,))
    subject = mailed(digest).subject
    assert len(subject) <= MAX_SUBJECT
    assert subject.startswith(f"[{document.case_number}] ")
    assert subject.isprintable()


def test_a_long_supplier_gives_way_before_the_date() -> None:
    subject = mailed(one_digest(an_item(supplier="Et Meget Langt Navn " * 20))).subject
    assert subject.endswith("ret senest 26/11")
    assert "Et Meget La" in subject


def test_what_the_supplier_wrote_stays_text() -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}{% raw %} & Søn"
    mail = mailed(one_digest(an_item(supplier=evil), an_item("F-2", supplier=evil)))
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html
    assert "49" not in Page(mail.html).text
    assert "<script>alert(1)</script>{{ 7*7 }}" in " ".join(mail.plain.split())


def test_what_was_seen_stays_text() -> None:
    evil = found("account-blocked", seen="<b onclick=x>{{ 7*7 }}</b>")
    mail = mailed(one_digest(an_item(findings=(evil,))))
    assert "&lt;b onclick=x&gt;{{ 7*7 }}&lt;/b&gt;" in mail.html


def test_direction_marks_and_line_breaks_of_the_supplier_are_gone() -> None:
    mail = mailed(one_digest(an_item(supplier="A\u202ebcd\r\nBcc: x@example.test\u0007")))
    assert "\u202e" not in mail.subject + mail.plain + mail.html
    assert "Abcd Bcc: x@example.test" in mail.subject


def test_nothing_of_a_confidential_document_s_content_is_told() -> None:
    secret = an_item(
        "F-9",
        confidential=True,
        supplier="Klinikken",
        total=Decimal("777.77"),
        issue_date=date(2026, 10, 31),
        due_date=date(2026, 12, 24),
        findings=(found("account-blocked", seen="229900"), found("prepayment")),
    )
    mail = mailed(one_digest(secret))
    written = mail.subject + mail.plain + mail.html
    for content in ("Klinikken", "777", "oktober", "december", "229900", "onto", "orud", "injen"):
        assert content not in written
    assert "F-9" in written
    assert secret.case_number in written


def test_a_confidential_document_is_closed_even_when_the_digest_holds_its_content() -> None:
    digest = one_digest(an_item(supplier="Klinikken", total=Decimal("777.77")))
    leaking = replace(digest.documents[0], confidential=True)
    mail = mailed(replace(digest, documents=(leaking,)))
    written = mail.subject + mail.plain + mail.html
    assert "Klinikken" not in written
    assert "777" not in written
    assert "imension" not in written


def test_one_cause_on_many_invoices_is_told_once() -> None:
    items = [an_item(f"F-{n}", findings=(BLOCKED,)) for n in range(25)]
    mail = mailed(one_digest(*items))
    title = TAXONOMY["account-blocked"].texts["da"].title
    assert mail.plain.count(f"Fejl: {title}") == 1
    assert len(Page(mail.html).all("h2")) == 3
    for item in items:
        assert item.number in mail.plain


def test_one_cause_on_several_lines_is_told_once_with_each_line() -> None:
    mail = mailed(one_digest(an_item(findings=(DIMENSION_1, found()))))
    assert mail.plain.count("Fejl: ") == 1
    assert "linje 1" in mail.plain
    assert "linje 2" in mail.plain


def test_what_differs_between_documents_of_one_cause_stands_with_each() -> None:
    first, second = (found("account-blocked", seen=seen) for seen in ("229900", "229901"))
    mail = mailed(
        one_digest(an_item("F-1", findings=(first,)), an_item("F-2", findings=(second,)))
    )
    after = mail.plain.split("- Faktura F-1 ")[1]
    one, two = after.split("- Faktura F-2 ")
    assert "229900" in one
    assert "229901" not in one
    assert "229901" in two


def test_the_click_path_is_that_of_the_customer_s_own_system() -> None:
    texts = TAXONOMY["dimension-missing"].texts["da"].fix_by_source
    sdi = mailed(one_digest(an_item())).plain
    indfak = mailed(one_digest(an_item(customer=ARCHIVE))).plain
    assert texts["sdi"] != texts["indfak"]
    assert "SDI" in sdi
    assert "IndFak" not in sdi
    assert "IndFak" in indfak
    assert "SDI" not in indfak


def test_headers_keep_automatic_answers_away() -> None:
    headers = dict(mailed(one_digest(an_item())).headers)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["Precedence"] == "bulk"
    assert headers["X-Robot-Instance"] == "test"


def test_a_value_that_may_not_be_quoted_is_not() -> None:
    kind = TAXONOMY["payment-details-differ"]
    assert not kind.quote_values
    secret = found(kind.code, path="payment.account", seen="1551 0001234567", expected="9 8")
    told = RENDERER.finding(kind, secret, an_item(), "da")
    assert not re.search(r"\d", told.title + told.explain + told.fix)


def test_a_value_that_is_not_there_leaves_no_trace_in_the_text() -> None:
    finding = found("posting-date-closed", path="posting.date", seen="2026-10-31", expected=ABSENT)

    told = RENDERER.finding(TAXONOMY["posting-date-closed"], finding, an_item(), "en")

    assert told.explain == (
        "The posting date 2026-10-31 lies in a period that is closed for posting."
    )


def test_a_line_s_number_is_the_supplier_s_and_made_safe_like_everything_of_his() -> None:
    finding = replace(BLOCKED, path="lines[7\n15510001234567].account")
    told = RENDERER.finding(TAXONOMY["account-blocked"], finding, an_item(), "da")
    assert "linje 7 …4567" in told.explain


def test_an_account_in_a_quoted_value_is_masked() -> None:
    told = RENDERER.finding(
        TAXONOMY["account-blocked"],
        found("account-blocked", seen="1551 0001234567"),
        an_item(),
        "da",
    )
    assert "…4567" in told.explain
    assert "0001234567" not in told.explain


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", list(TAXONOMY), ids=lambda kind: kind.code)
def test_every_error_type_reads_well_with_and_without_values(
    kind: ErrorType, language: str
) -> None:
    bare = found(kind.code, path="", seen="", expected="")
    full = found(kind.code, path="lines[2].account", seen="229900", expected="220100")
    for system in ("sdi", "indfak", "folder"):
        item = an_item(customer=told_customer(source_system=system))
        for finding in (bare, full):
            told = RENDERER.finding(kind, finding, item, language)
            text = f"{told.title}\n{told.explain}\n{told.fix}"
            assert not re.search(r"\{|\}|None|UNKNOWN|  | [,.;:)]|\(\)|\.\.", text), text
            assert told.explain[-1] in ".?!"
            assert told.fix[-1] in ".?!"
            assert told.title[0].isupper() or told.title[0].isdigit()
            assert not told.title.endswith(".")
            assert len(text.split()) < 120


def test_every_error_type_has_both_languages() -> None:
    for kind in TAXONOMY:
        assert set(kind.texts) >= {"da", "en"}, kind.code


def test_a_missing_value_in_a_layout_is_an_error(tmp_path: Path) -> None:
    folder = shutil.copytree(TEMPLATES, tmp_path / "mail")
    layout = folder / "digest.txt.j2"
    layout.write_text(layout.read_text("utf-8") + "{{ digest.phone }}", "utf-8")
    with pytest.raises(TextError, match=r"digest\.txt\.j2.*phone"):
        renderer(folder).digest(one_digest(an_item()), message_id=MESSAGE_ID)


def test_a_sentence_missing_in_one_language_is_an_error(tmp_path: Path) -> None:
    folder = shutil.copytree(TEMPLATES, tmp_path / "mail")
    sentences = folder / "sentences.en.j2"
    sentences.write_text(
        sentences.read_text("utf-8").replace("macro next(", "macro nxt("), "utf-8"
    )
    digest = one_digest(an_item(customer=MUSEUM))
    with pytest.raises(TextError, match="next"):
        renderer(folder).digest(digest, message_id=MESSAGE_ID)


def test_both_languages_have_the_same_sentences() -> None:
    danish, english = (
        re.findall(
            r"{% macro (\w+)\(", (TEMPLATES / f"sentences.{language}.j2").read_text("utf-8")
        )
        for language in ("da", "en")
    )
    assert sorted(danish) == sorted(english)


def test_a_damaged_layout_is_named_with_its_line(tmp_path: Path) -> None:
    folder = shutil.copytree(TEMPLATES, tmp_path / "mail")
    (folder / "digest.txt.j2").write_text("one\n{% if %}\n", "utf-8")
    with pytest.raises(TextError, match=r"digest\.txt\.j2:2: "):
        renderer(folder).digest(one_digest(an_item()), message_id=MESSAGE_ID)


def test_a_layout_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TextError, match="no such template"):
        renderer(tmp_path).digest(one_digest(an_item()), message_id=MESSAGE_ID)


def test_a_text_can_not_reach_into_the_program() -> None:
    kind = TAXONOMY["account-blocked"]
    texts = {"da": replace(kind.texts["da"], explain="{{ seen.__class__.__mro__ }}")}
    with pytest.raises(TextError):
        RENDERER.finding(replace(kind, texts=texts), BLOCKED, an_item(), "da")


def test_a_language_without_texts_is_refused() -> None:
    digest = replace(one_digest(an_item()), language="de")
    with pytest.raises(TextError, match="'de'"):
        mailed(digest)
    with pytest.raises(TextError, match="'de'"):
        RENDERER.finding(TAXONOMY["account-blocked"], BLOCKED, an_item(), "de")
