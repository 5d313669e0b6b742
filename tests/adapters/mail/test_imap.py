"""The mailbox on a real Dovecot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from robot.adapters.mail.imap import ImapMailbox, ImapServer
from robot.errors import MailboxError
from robot.flow.mailbox_port import Position, RawMail
from tests.support.mail_in import a_mail
from tests.support.mail_servers import HOST, Dovecot, an_address

START = Position(folder="INBOX")


@contextmanager
def opened(
    dovecot: Dovecot,
    address: str,
    *,
    folders: tuple[str, ...] = ("INBOX",),
    largest: int = 1_000_000,
    **server: Any,  # noqa: ANN401 - fields of the server
) -> Iterator[ImapMailbox]:
    given: dict[str, Any] = {
        "host": HOST,
        "port": dovecot.imap_port,
        "security": "starttls",
        "user": address,
        "secret": lambda: "secret",
        "ca_file": str(dovecot.certificate.chain),
        "timeout_seconds": 10,
    }
    mailbox = ImapMailbox(ImapServer(**given | server), folders, largest=largest)
    try:
        yield mailbox
    finally:
        mailbox.close()


@pytest.fixture
def robot(dovecot: Dovecot) -> str:
    address = an_address("robot")
    dovecot.add_user(address)
    return address


def after(mail: RawMail) -> Position:
    return Position(folder=mail.folder, validity=mail.validity, last_uid=mail.uid)


def test_mails_are_given_as_they_lie_there_and_oldest_first(dovecot: Dovecot, robot: str) -> None:
    for text in ("en", "to"):
        dovecot.deliver(a_mail(text), robot)
    with opened(dovecot, robot) as mailbox:
        found = list(mailbox.fetch(START))
    assert [mail.content for mail in found] == dovecot.messages(robot)
    assert all(mail.complete and mail.received_at is not None for mail in found)


def test_only_what_came_after_the_position_is_given(dovecot: Dovecot, robot: str) -> None:
    dovecot.deliver(a_mail("en"), robot)
    with opened(dovecot, robot) as mailbox:
        (first,) = mailbox.fetch(START)
        assert list(mailbox.fetch(after(first))) == []
        dovecot.deliver(a_mail("to"), robot)
        (second,) = mailbox.fetch(after(first))
    assert b"\r\nto\r\n" in second.content


def test_it_does_not_matter_who_has_seen_a_mail_and_reading_marks_none(
    dovecot: Dovecot, robot: str
) -> None:
    dovecot.deliver(a_mail("en"), robot)
    dovecot.doveadm("flags", "add", "-u", robot, "\\Seen", "mailbox", "INBOX", "all")
    dovecot.deliver(a_mail("to"), robot)
    with opened(dovecot, robot) as mailbox:
        assert len(list(mailbox.fetch(START))) == 2
    unseen = dovecot.doveadm("search", "-u", robot, "mailbox", "INBOX", "unseen")
    assert len(unseen.splitlines()) == 1


def test_another_validity_brings_everything_again(dovecot: Dovecot, robot: str) -> None:
    dovecot.doveadm("mailbox", "create", "-u", robot, "Svar")
    dovecot.doveadm("save", "-u", robot, "-m", "Svar", _file(dovecot, a_mail("en")))
    start = Position(folder="Svar")
    with opened(dovecot, robot, folders=("Svar",)) as mailbox:
        (first,) = mailbox.fetch(start)
        mailbox.close()
        dovecot.doveadm("mailbox", "delete", "-u", robot, "Svar")
        time.sleep(1.1)  # validities are seconds
        dovecot.doveadm("mailbox", "create", "-u", robot, "Svar")
        dovecot.doveadm("save", "-u", robot, "-m", "Svar", _file(dovecot, a_mail("en")))
        (again,) = mailbox.fetch(after(first))
    assert again.validity != first.validity
    assert again.uid == first.uid


def test_what_is_moved_away_meanwhile_stops_nothing(dovecot: Dovecot, robot: str) -> None:
    for text in ("en", "to", "tre"):
        dovecot.deliver(a_mail(text), robot)
    with opened(dovecot, robot) as mailbox:
        mails = mailbox.fetch(START)
        first = next(mails)
        dovecot.doveadm("expunge", "-u", robot, "mailbox", "INBOX", "uid", str(first.uid + 1))
        rest = list(mails)
    assert [mail.uid for mail in rest] == [first.uid + 2]


def test_a_big_mail_is_given_by_its_beginning(dovecot: Dovecot, robot: str) -> None:
    dovecot.deliver(a_mail("Hej\r\n" + "x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 3000), robot)
    with opened(dovecot, robot, largest=10_000) as mailbox:
        (mail,) = mailbox.fetch(START)
    assert not mail.complete
    assert mail.size > 200_000
    assert len(mail.content) < 70_000
    assert b"\r\n\r\nHej\r\n" in mail.content


def test_a_connection_that_broke_is_made_again(dovecot: Dovecot, robot: str) -> None:
    dovecot.deliver(a_mail("en"), robot)
    with opened(dovecot, robot) as mailbox:
        (first,) = mailbox.fetch(START)
        dovecot.stop()
        dovecot.start()
        dovecot.deliver(a_mail("to"), robot)
        (second,) = mailbox.fetch(after(first))
    assert b"\r\nto\r\n" in second.content


def test_a_server_that_is_down_is_said_and_later_found_again(dovecot: Dovecot, robot: str) -> None:
    with opened(dovecot, robot) as mailbox:
        dovecot.stop()
        try:
            with pytest.raises(MailboxError, match="can't be read"):
                list(mailbox.fetch(START))
        finally:
            dovecot.start()
        assert list(mailbox.fetch(START)) == []


def test_waiting_ends_when_a_mail_comes(dovecot: Dovecot, robot: str) -> None:
    with opened(dovecot, robot) as mailbox:
        list(mailbox.fetch(START))
        sender = threading.Timer(0.5, dovecot.deliver, [a_mail("en"), robot])
        sender.start()
        began = time.monotonic()
        assert mailbox.wait(30)
        sender.join()
    assert time.monotonic() - began < 20


def test_waiting_ends_without_news_when_the_time_is_up(dovecot: Dovecot, robot: str) -> None:
    with opened(dovecot, robot) as mailbox:
        assert not mailbox.wait(0.3)


def test_a_shared_mailbox_is_one_more_folder(dovecot: Dovecot, robot: str) -> None:
    office = an_address("kontor")
    dovecot.add_user(office)
    dovecot.deliver(a_mail("til kontoret"), office)
    dovecot.share(office, robot)
    folder = f"shared/{office}"
    with opened(dovecot, robot, folders=("INBOX", folder)) as mailbox:
        (mail,) = mailbox.fetch(Position(folder=folder))
    assert b"til kontoret" in mail.content


@pytest.mark.parametrize("way", ["tls", "token"])
def test_it_gets_in_by_tls_and_by_a_token(dovecot: Dovecot, robot: str, way: str) -> None:
    server: dict[str, Any] = {"port": dovecot.imaps_port, "security": "tls"}
    if way == "token":
        token = dovecot.access_token(robot)
        server |= {"oauth": True, "secret": lambda: token}
    dovecot.deliver(a_mail("en"), robot)
    with opened(dovecot, robot, **server) as mailbox:
        assert len(list(mailbox.fetch(START))) == 1


def _wrong_password(_dovecot: Dovecot) -> dict[str, Any]:
    return {"secret": lambda: "wrong"}


def _unknown_certificate(_dovecot: Dovecot) -> dict[str, Any]:
    return {"ca_file": None}


@pytest.mark.parametrize("given", [_wrong_password, _unknown_certificate])
def test_it_says_so_when_it_is_not_let_in(
    dovecot: Dovecot, robot: str, given: Callable[[Dovecot], dict[str, Any]]
) -> None:
    with opened(dovecot, robot, **given(dovecot)) as mailbox, pytest.raises(MailboxError) as said:
        list(mailbox.fetch(START))
    assert "wrong" not in str(said.value)


def test_a_folder_that_is_not_there_is_said(dovecot: Dovecot, robot: str) -> None:
    with opened(dovecot, robot, folders=("Nej",)) as mailbox, pytest.raises(MailboxError):
        list(mailbox.fetch(Position(folder="Nej")))


def _file(dovecot: Dovecot, content: bytes) -> str:
    path = dovecot.certificate.chain.parent / "mail-to-save"
    path.write_bytes(content)
    path.chmod(0o644)
    return str(path)
