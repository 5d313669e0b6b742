from __future__ import annotations

import mailbox
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.mail.maildir import MaildirMailer, file_name
from robot.adapters.mail.message import serialised
from robot.domain.notice import OutgoingMail
from robot.errors import MailError
from tests.support.notices import MESSAGE_ID, an_item, one_digest, renderer

SENT_AT = datetime(2026, 11, 24, 5, 31, tzinfo=UTC)


@dataclass(frozen=True)
class StandingClock:
    def now(self) -> datetime:
        return SENT_AT


def a_mail(**overrides: object) -> OutgoingMail:
    mail = renderer().digest(one_digest(an_item()), message_id=MESSAGE_ID)
    return replace(mail, **overrides)  # type: ignore[arg-type]  # any field may be overridden


def sent(folder: Path, *mails: OutgoingMail) -> list[Path]:
    mailer = MaildirMailer(folder, StandingClock())
    for mail in mails:
        mailer.send(mail)
    return sorted((folder / "new").iterdir())


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_mail_is_an_eml_file_that_reads_back_as_it_was_written(tmp_path: Path) -> None:
    mail = a_mail()
    (path,) = sent(tmp_path, mail)
    message = read(path.read_bytes())
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert path.name == "notice-99001-1@robot.example.test.eml"
    assert message["Subject"] == mail.subject
    assert message["To"] == "regnskab@example.test"
    assert message["From"] == "SAMs fakturarobot <robot@example.test>"
    assert message["Message-ID"] == MESSAGE_ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert plain.get_content().replace("\r\n", "\n") == mail.plain
    assert html.get_content().replace("\r\n", "\n") == mail.html


def test_plain_text_comes_first(tmp_path: Path) -> None:
    (path,) = sent(tmp_path, a_mail())
    message = read(path.read_bytes())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_the_date_is_the_clock_s_in_copenhagen_s_time(tmp_path: Path) -> None:
    (path,) = sent(tmp_path, a_mail())
    assert read(path.read_bytes())["Date"] == "Tue, 24 Nov 2026 06:31:00 +0100"


def test_any_mail_program_can_read_the_folder(tmp_path: Path) -> None:
    mail = a_mail()
    sent(tmp_path, mail)
    (message,) = mailbox.Maildir(tmp_path, create=False)
    assert message["Message-ID"] == MESSAGE_ID


def test_sending_again_leaves_one_copy(tmp_path: Path) -> None:
    (path,) = sent(tmp_path, a_mail())
    before = path.stat().st_mtime_ns
    assert sent(tmp_path, a_mail()) == [path]
    assert path.stat().st_mtime_ns == before


def test_sending_again_leaves_one_copy_when_it_was_read_meanwhile(tmp_path: Path) -> None:
    (path,) = sent(tmp_path, a_mail())
    path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    assert sent(tmp_path, a_mail()) == []


def test_a_copy_that_was_cut_off_while_it_was_written_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / f"{file_name(MESSAGE_ID)}.1").write_bytes(b"From: half a ma")
    (path,) = sent(tmp_path, a_mail())
    assert read(path.read_bytes())["Message-ID"] == MESSAGE_ID


def test_two_mails_are_two_files(tmp_path: Path) -> None:
    assert len(sent(tmp_path, a_mail(), a_mail(message_id="<other@robot.example.test>"))) == 2


@given(
    st.lists(st.text("aA/._%@-", min_size=1, max_size=140), min_size=2, max_size=2, unique=True)
)
def test_different_ids_have_different_names_inside_the_folder(parts: list[str]) -> None:
    first, second = (file_name(f"<{part}@example.test>") for part in parts)
    assert first != second
    for name in (first, second):
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name) < 200


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert serialised(a_mail(), sent_at=SENT_AT) == serialised(a_mail(), sent_at=SENT_AT)


@given(st.text(max_size=120))
def test_nothing_a_supplier_writes_adds_a_header_or_a_receiver(supplier: str) -> None:
    digest = one_digest(an_item())
    documents = (replace(digest.documents[0], supplier=supplier),)
    mail = renderer().digest(replace(digest, documents=documents), message_id=MESSAGE_ID)
    content = serialised(mail, sent_at=SENT_AT)
    message = read(content)
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert message["Subject"] == mail.subject
    assert message["To"] == "regnskab@example.test"
    assert message.get_all("Bcc") is None
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Content-Type", "MIME-Version"),
        *(name for name, _ in mail.headers),
    }


@pytest.mark.parametrize(
    "overrides",
    [
        pytest.param({"recipients": ()}, id="no receiver"),
        pytest.param(
            {"recipients": ("a@example.test\r\nBcc: x@evil.test",)}, id="line break in it"
        ),
        pytest.param({"recipients": ("a@example.test, x@evil.test",)}, id="two in one"),
        pytest.param({"recipients": ("a@example.test <x@evil.test>",)}, id="another one inside"),
        pytest.param({"recipients": ("æble@example.test",)}, id="not ASCII"),
        pytest.param({"recipients": ("nobody",)}, id="no domain"),
        pytest.param({"recipients": ("",)}, id="empty"),
        pytest.param({"subject": "A\r\nBcc: x@evil.test"}, id="line break in the subject"),
        pytest.param(
            {"headers": (("X-Test", "a\nBcc: x@evil.test"),)}, id="line break in a header"
        ),
        pytest.param({"headers": (("Bcc\nX", "a"),)}, id="line break in a header's name"),
        pytest.param({"headers": (("To", "x@evil.test"),)}, id="a second To"),
        pytest.param({"message_id": "<a@b>\r\nBcc: x@evil.test"}, id="line break in the id"),
        pytest.param({"message_id": "no-id"}, id="no id"),
        pytest.param({"sender": "robot"}, id="no sender"),
    ],
)
def test_what_could_go_astray_is_refused_and_nothing_is_written(
    tmp_path: Path, overrides: dict[str, object]
) -> None:
    with pytest.raises(MailError):
        sent(tmp_path, a_mail(**overrides))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_that_can_not_be_used_is_a_fault_with_a_hint(tmp_path: Path) -> None:
    taken = tmp_path / "mail"
    taken.write_text("a file")
    with pytest.raises(MailError, match="can't be stored"):
        MaildirMailer(taken, StandingClock()).send(a_mail())
