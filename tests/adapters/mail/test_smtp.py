from __future__ import annotations

import email
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from tenacity import wait_none

from robot.adapters.mail.access_token import Login
from robot.adapters.mail.smtp import Security, SmtpMailer, SmtpServer
from robot.domain.notice import Handover, MailPurpose, OutgoingMail, RefusedAddress
from robot.errors import MailError, MailTransientError, MailUnknownError
from tests.support.fakes import SetClock
from tests.support.faulty_smtp import Faults, FaultyServer, faulty_smtp
from tests.support.mail_servers import Dovecot, Exim, an_address, make_certificate

Faulty = tuple[SmtpMailer, Faults]


def a_mail(*recipients: str, purpose: MailPurpose = MailPurpose.DIGEST) -> OutgoingMail:
    return OutgoingMail(
        message_id="<sam-2026-000001.abc.defg@example.test>",
        recipients=recipients or ("a@example.test",),
        sender="SAMs fakturarobot <robot@example.test>",
        subject="[SAM-2026-000001] Faktura F-1001 fra Rengøring Øst A/S",
        plain="Ret fakturaen.\n.\n.. to prikker\n",
        html="<p>Ret fakturaen.</p>\n",
        language="da",
        purpose=purpose,
    )


@contextmanager
def mailer_to(server: FaultyServer, **settings: Any) -> Iterator[Faulty]:  # noqa: ANN401 - fields
    place = SmtpServer(
        host="127.0.0.1", port=server.port, **{"security": "none", "timeout": 2, **settings}
    )
    mailer = SmtpMailer(place, SetClock(), waits=wait_none())
    try:
        yield mailer, server.faults
    finally:
        mailer.close()


@pytest.fixture(name="running", scope="module")
def _running() -> Iterator[FaultyServer]:
    with faulty_smtp() as server:
        yield server


@pytest.fixture(name="fresh")
def _fresh(running: FaultyServer) -> FaultyServer:
    """The server without any faults."""
    for field in fields(Faults):
        setattr(running.faults, field.name, getattr(Faults(), field.name))
    return running


@pytest.fixture(name="faulty")
def _faulty(fresh: FaultyServer) -> Iterator[Faulty]:
    with mailer_to(fresh) as pair:
        yield pair


@pytest.fixture(name="account")
def _account(dovecot: Dovecot) -> str:
    address = an_address("robot")
    dovecot.add_user(address)
    return address


@pytest.fixture(name="receiver")
def _receiver(dovecot: Dovecot) -> str:
    address = an_address("regnskab", "kunde.example.test")
    dovecot.add_user(address)
    return address


def exim_of(exim: Exim, login: Login | None = None, **settings: Any) -> SmtpServer:  # noqa: ANN401
    values = {
        "host": "localhost",
        "port": exim.smtp_port,
        "ca_file": exim.certificate.chain,
        **settings,
    }
    return SmtpServer(login=login, **values)


@contextmanager
def mailing(server: SmtpServer, **settings: Any) -> Iterator[SmtpMailer]:  # noqa: ANN401
    mailer = SmtpMailer(server, SetClock(), waits=wait_none(), **settings)
    try:
        yield mailer
    finally:
        mailer.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_arrives_as_it_was_written(
    exim: Exim, dovecot: Dovecot, account: str, receiver: str, security: Security
) -> None:
    port = exim.smtp_port if security == "starttls" else exim.smtps_port
    login = Login(user=account, password="secret")  # noqa: S106 - of the tests
    mail = a_mail(receiver)
    with mailing(exim_of(exim, login, port=port, security=security)) as mailer:
        assert mailer.send(mail) == Handover()
    (raw,) = dovecot.wait_for(receiver)
    read = email.message_from_bytes(raw, policy=policy.default)
    assert (read["Message-ID"], read["Subject"]) == (mail.message_id, mail.subject)
    assert read["Return-Path"] == "<robot@example.test>"
    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == mail.plain


class TokensInOrder:
    def __init__(self, *tokens: str) -> None:
        self._left = list(tokens)

    def get(self) -> str:
        return self._left[0]

    def forget(self) -> None:
        self._left.pop(0)


def test_a_token_that_was_refused_is_replaced(
    exim: Exim, dovecot: Dovecot, account: str, receiver: str
) -> None:
    tokens = TokensInOrder("out-of-date", dovecot.access_token(account))
    with mailing(exim_of(exim, Login(user=account, tokens=tokens))) as mailer:
        with pytest.raises(MailError, match="does not let the robot in: 535"):
            mailer.send(a_mail(receiver))
        assert mailer.send(a_mail(receiver)) == Handover()


def test_a_wrong_password_sends_nothing(
    exim: Exim, dovecot: Dovecot, account: str, receiver: str
) -> None:
    login = Login(user=account, password="forkert")  # noqa: S106 - of the tests
    with mailing(exim_of(exim, login)) as mailer, pytest.raises(MailError, match="535") as refused:
        mailer.send(a_mail(receiver))
    assert not refused.value.retryable
    assert "forkert" not in str(refused.value)
    assert dovecot.messages(receiver) == []


def test_another_certificate_is_not_trusted(exim: Exim, receiver: str, tmp_path: Path) -> None:
    server = exim_of(exim, ca_file=make_certificate(tmp_path).chain)
    with mailing(server) as mailer, pytest.raises(MailError, match="can't be trusted"):
        mailer.send(a_mail(receiver))


def test_a_certificate_for_another_host_is_not_trusted(
    exim: Exim, receiver: str, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path, names=("DNS:mail.elsewhere.test",))
    with faulty_smtp(certificate=certificate) as server:
        place = exim_of(exim, port=server.port, ca_file=certificate.chain)
        with mailing(place) as mailer, pytest.raises(MailError, match="can't be trusted"):
            mailer.send(a_mail(receiver))


def test_one_bad_address_of_three_costs_the_others_nothing(
    exim: Exim, dovecot: Dovecot, receiver: str
) -> None:
    other, nobody = an_address("chef", "kunde.example.test"), an_address("nobody")
    dovecot.add_user(other)
    with mailing(exim_of(exim)) as mailer:
        done = mailer.send(a_mail(receiver, nobody, other))
    assert done.taken
    assert [(one.address, one.code, one.hard) for one in done.refused] == [(nobody, "5.1.1", True)]
    assert len(dovecot.wait_for(receiver)) == len(dovecot.wait_for(other)) == 1


def test_what_must_not_be_answered_has_no_sender_on_the_envelope(
    exim: Exim, dovecot: Dovecot, receiver: str
) -> None:
    with mailing(exim_of(exim)) as mailer:
        mailer.send(a_mail(receiver, purpose=MailPurpose.CLOSING))
    (raw,) = dovecot.wait_for(receiver)
    assert email.message_from_bytes(raw)["Return-Path"] == "<>"


def test_a_copy_to_the_robots_own_mailbox_proves_that_it_was_taken(
    exim: Exim, dovecot: Dovecot, account: str, receiver: str
) -> None:
    with mailing(exim_of(exim), copy_to=account) as mailer:
        mailer.send(a_mail(receiver))
    (copy,) = dovecot.wait_for(account)
    assert email.message_from_bytes(copy)["To"] == receiver


def test_one_connection_carries_many_mails(faulty: Faulty) -> None:
    mailer, faults = faulty
    for _ in range(3):
        mailer.send(a_mail())
    assert (len(faults.taken), faults.connections) == (3, 1)


def test_a_connection_that_was_idle_is_not_trusted(fresh: FaultyServer) -> None:
    clock = SetClock()
    mailer = SmtpMailer(SmtpServer(host="127.0.0.1", port=fresh.port, security="none"), clock)
    mailer.send(a_mail())
    clock.instant += timedelta(hours=6)
    mailer.send(a_mail())
    mailer.close()
    assert fresh.faults.connections == 2


@pytest.mark.parametrize(
    ("reply", "code", "hard"),
    [
        ("550 5.1.1 User unknown", "5.1.1", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10", True),
        ("550 No such user here", "550", True),
        ("551 User not local", "551", True),
        ("552 5.2.2 Mailbox full", "5.2.2", False),
        ("550 5.7.1 Relaying denied", "5.7.1", False),
        ("550 Blocked, see our policy", "550", False),
        ("554 5.7.509 DMARC policy of reject", "5.7.509", False),
        ("550 5.1.8 Bad sender's system address", "5.1.8", False),
    ],
)
def test_a_refused_address_is_told_in_the_servers_words(
    faulty: Faulty, reply: str, code: str, hard: bool
) -> None:
    mailer, faults = faulty
    faults.receivers["a@example.test"] = reply
    done = mailer.send(a_mail())
    refused = RefusedAddress(address="a@example.test", code=code, words=reply, hard=hard)
    assert done == Handover(taken=False, refused=(refused,))
    assert not faults.taken


def test_greylisting_of_one_address_puts_the_mail_off(faulty: Faulty) -> None:
    mailer, faults = faulty
    faults.receivers["b@example.test"] = "450 4.2.0 Greylisted, try again"
    done = mailer.send(a_mail("a@example.test", "b@example.test"))
    assert not done.taken
    assert [one.address for one in done.put_off] == ["b@example.test"]
    assert not faults.taken
    del faults.receivers["b@example.test"]
    assert mailer.send(a_mail("a@example.test", "b@example.test")) == Handover()
    assert len(faults.taken) == 1


def test_without_patience_the_others_get_it(faulty: Faulty) -> None:
    mailer, faults = faulty
    faults.receivers["b@example.test"] = "450 4.2.0 Greylisted, try again"
    done = mailer.send(a_mail("a@example.test", "b@example.test"), patient=False)
    assert done.taken
    assert [(one.address, one.hard) for one in done.refused] == [("b@example.test", False)]
    assert [one.rcpt_tos for one in faults.taken] == [["a@example.test"]]


def _sender_refused(faults: Faults, reply: str) -> None:
    faults.senders.append(reply)


def _content_refused(faults: Faults, reply: str) -> None:
    faults.data.append(reply)


@pytest.mark.parametrize("refuse", [_sender_refused, _content_refused])
@pytest.mark.parametrize(
    ("reply", "error"),
    [("451 4.3.2 Later", MailTransientError), ("554 5.6.0 Never", MailError)],
)
def test_a_mail_that_is_refused_as_a_whole_was_not_handed_over(
    faulty: Faulty, refuse: Callable[[Faults, str], None], reply: str, error: type[MailError]
) -> None:
    mailer, faults = faulty
    refuse(faults, reply)
    with pytest.raises(MailError, match=reply[:3]) as refused:
        mailer.send(a_mail())
    assert type(refused.value) is error
    faults.taken.clear()
    assert mailer.send(a_mail()) == Handover()
    assert len(faults.taken) == 1


@pytest.mark.parametrize("where", ["receiver", "before"])
def test_a_line_that_breaks_before_the_message_has_handed_nothing_over(
    faulty: Faulty, where: str
) -> None:
    mailer, faults = faulty
    if where == "receiver":
        faults.receivers["a@example.test"] = "drop"
    else:
        faults.data.append("before")
    with pytest.raises(MailTransientError):
        mailer.send(a_mail())
    assert not faults.taken


@pytest.mark.parametrize("fault", ["drop", "lose"])
def test_a_line_that_breaks_after_the_message_leaves_the_outcome_unknown(
    faulty: Faulty, fault: str
) -> None:
    mailer, faults = faulty
    faults.data.append(fault)
    with pytest.raises(MailUnknownError):
        mailer.send(a_mail())
    assert len(faults.taken) == (fault == "drop")
    assert mailer.send(a_mail()) == Handover()


def test_no_answer_to_the_message_leaves_the_outcome_unknown(fresh: FaultyServer) -> None:
    fresh.faults.data.append("mute")
    with mailer_to(fresh, timeout=0.2) as (mailer, _), pytest.raises(MailUnknownError):
        mailer.send(a_mail())


def test_a_server_that_is_too_slow_has_got_nothing(fresh: FaultyServer) -> None:
    fresh.faults.slow = 0.6
    with mailer_to(fresh, timeout=0.2) as (mailer, faults):
        with pytest.raises(MailTransientError):
            mailer.send(a_mail())
        assert not faults.taken


def test_nothing_is_sent_in_the_clear(fresh: FaultyServer) -> None:
    with mailer_to(fresh, security="starttls") as (mailer, faults):
        with pytest.raises(MailError, match="no STARTTLS") as refused:
            mailer.send(a_mail())
        assert not refused.value.retryable
        assert not faults.taken


def test_a_server_without_log_in_gets_no_mail_of_one_who_must(fresh: FaultyServer) -> None:
    login = Login(user="robot", password="kodeord")  # noqa: S106 - of the tests
    with (
        mailer_to(fresh, login=login) as (mailer, _),
        pytest.raises(MailError, match="none of PLAIN, LOGIN"),
    ):
        mailer.send(a_mail())


@pytest.mark.parametrize("password", ["forkert", "blåbærgrød"])
def test_a_refused_log_in_is_not_tried_again_at_once(password: str) -> None:
    with faulty_smtp(Faults(users={"robot": "kodeord"})) as server:
        login = Login(user="robot", password=password)
        with mailer_to(server, login=login) as (mailer, faults):
            with pytest.raises(MailError) as refused:
                mailer.send(a_mail())
            assert faults.connections == 1
        assert password not in repr(refused.value)
        assert password not in repr(refused.value.__cause__)


def test_a_server_that_is_down_is_unreachable_for_now() -> None:
    with faulty_smtp() as server:
        pass
    with mailer_to(server) as (mailer, _), pytest.raises(MailTransientError, match="reached"):
        mailer.send(a_mail())
