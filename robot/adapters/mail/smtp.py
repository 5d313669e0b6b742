"""Handing mails over to a mail server by SMTP (RFC 5321), never in the clear.

What matters is when nothing was handed over for certain, and when that is not known. Until the
single dot that ends the message has been sent, nothing was. When the connection breaks between
that dot and the server's answer, nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NoReturn

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential
from tenacity.wait import wait_base

from robot.adapters.mail.access_token import Login, xoauth2
from robot.adapters.mail.message import serialised
from robot.domain.calendar import COPENHAGEN
from robot.domain.delivery import enhanced_code, nobody_has
from robot.domain.notice import Handover, MailPurpose, OutgoingMail, RefusedAddress
from robot.errors import MailError, MailTransientError, MailUnknownError
from robot.flow.ports import Clock

Security = Literal["starttls", "tls", "none"]

#: Answers to these would start a loop, so no server may send a failure back (RFC 3834 5).
_NO_ANSWER: Final = frozenset(
    {MailPurpose.CLOSING, MailPurpose.STATUS, MailPurpose.ACKNOWLEDGEMENT}
)
#: Mails on one connection; many servers close it after a hundred.
_MAILS_ON_ONE: Final = 80
#: A connection that was idle for longer is not trusted any more.
_IDLE: Final = timedelta(seconds=60)
_CONNECT_TRIES: Final = 3
_OK: Final = 250
_RECEIVER_OK: Final = frozenset({250, 251, 252})
_GO_ON: Final = 354
_FOR_GOOD: Final = 500
_END: Final = b".\r\n"
_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_WORDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server and how to get in.

    `starttls` and `tls` verify its certificate, against `ca_file` when given. `none` is for a
    server on this very machine.
    """

    host: str
    port: int
    security: Security = "starttls"
    login: Login | None = None
    ca_file: Path | None = None
    #: Seconds without an answer after which the connection counts as broken.
    timeout: float = 60


class SmtpMailer:
    """Implements the flow's Mailer port; one connection carries many mails.

    Args:
        server: Where mails are handed over.
        clock: Gives the mails their date.
        bounce_address: Where failures of delivery go; the sender when empty.
        empty_sender: Send what must not be answered under an empty envelope sender. Some relays
            refuse that.
        copy_to: Gets a copy of everything, by which an unknown outcome can be proved; none when
            empty.
        waits: Between two tries to connect.
    """

    def __init__(
        self,
        server: SmtpServer,
        clock: Clock,
        *,
        bounce_address: str = "",
        empty_sender: bool = True,
        copy_to: str = "",
        waits: wait_base | None = None,
    ) -> None:
        self._server = server
        self._clock = clock
        self._bounce_address = bounce_address
        self._empty_sender = empty_sender
        self._copy_to = copy_to
        self._waits = waits or wait_random_exponential(multiplier=0.5, max=5)
        self._session: smtplib.SMTP | None = None
        self._carried = 0
        self._used_at: datetime | None = None

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        """Hand over one mail.

        Raises:
            MailTransientError: The server can't be reached or takes nothing for now; nothing was
                handed over.
            MailError: The mail can't be written, the server refused it, or it can't be trusted;
                nothing was handed over.
            MailUnknownError: The connection broke before the server's answer to the whole mail.
        """
        content = serialised(mail, sent_at=self._clock.now().astimezone(COPENHAGEN))
        session = self._connected()
        try:
            done = self._hand_over(session, mail, content, patient=patient)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise MailTransientError(
                f"the connection to {self._place} broke before the mail was handed over",
                message_id=mail.message_id,
            ) from error
        except MailError:
            # Whatever was begun ends with the connection.
            self.close()
            raise
        except ValueError as error:
            self.close()
            raise MailError(
                "an address of the mail can't be used with SMTP",
                hint="it holds other characters than ASCII",
                message_id=mail.message_id,
            ) from error
        self._carried += 1
        self._used_at = self._clock.now()
        return done

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(OSError, smtplib.SMTPException):
                session.close()

    @property
    def _place(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    def _connected(self) -> smtplib.SMTP:
        """The connection in use when it still answers, else a new one.

        Raises:
            MailTransientError: The server can't be reached.
            MailError: It can't be trusted, or does not let the robot in.
        """
        if self._session is not None:
            with suppress(OSError, smtplib.SMTPException):
                fresh = self._used_at is not None and self._clock.now() - self._used_at < _IDLE
                if fresh and self._carried < _MAILS_ON_ONE and self._session.rset()[0] == _OK:
                    return self._session
            self.close()
        tries = Retrying(
            retry=retry_if_exception_type(MailTransientError),
            stop=stop_after_attempt(_CONNECT_TRIES),
            wait=self._waits,
            reraise=True,
        )
        self._session = tries(self._open)
        self._carried = 0
        self._used_at = self._clock.now()
        return self._session

    def _open(self) -> smtplib.SMTP:
        session: smtplib.SMTP | None = None
        try:
            session = self._reached()
            self._secure(session)
            self._log_in(session)
        except MailError:
            _drop(session)
            raise
        except ssl.SSLCertVerificationError as error:
            _drop(session)
            raise MailError(
                f"the certificate of {self._place} can't be trusted: {error.verify_message}",
                hint="check [mail] host, and ca_file when the site has its own authority",
            ) from error
        except smtplib.SMTPResponseException as error:
            _drop(session)
            _refused(f"{self._place} does not let the robot in", error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            _drop(session)
            raise MailTransientError(
                f"{self._place} can't be reached: {error}", hint="the next run tries again"
            ) from error
        return session

    def _reached(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=self._trust
            )
        return smtplib.SMTP(server.host, server.port, timeout=server.timeout)

    def _secure(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        if self._server.security != "starttls":
            return
        if not session.has_extn("starttls"):
            raise MailError(
                f"{self._place} offers no STARTTLS, so nothing was sent in the clear",
                hint="set [mail] security = tls when it takes TLS from the first byte",
            )
        session.starttls(context=self._trust)
        session.ehlo()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        ca_file = self._server.ca_file
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _log_in(self, session: smtplib.SMTP) -> None:
        login = self._server.login
        if login is None:
            return
        offered = session.esmtp_features.get("auth", "").upper().split()
        wanted = ("XOAUTH2",) if login.tokens is not None else ("PLAIN", "LOGIN")
        method = next((name for name in wanted if name in offered), None)
        if method is None:
            raise MailError(
                f"{self._place} offers none of {', '.join(wanted)} to log in with",
                hint="check [mail] auth and security",
            )
        session.user, session.password = login.user, login.password
        try:
            if login.tokens is not None:
                _by_token(session, login)
            elif method == "PLAIN":
                session.auth("PLAIN", session.auth_plain)
            else:
                session.auth("LOGIN", session.auth_login)
        except UnicodeError:
            # Not chained: it would show the password.
            raise MailError(
                "the user or password for the mail server holds other characters than ASCII"
            ) from None

    def _hand_over(
        self, session: smtplib.SMTP, mail: OutgoingMail, content: bytes, *, patient: bool
    ) -> Handover:
        options = [f"SIZE={len(content)}"] if session.has_extn("size") else []
        code, words = session.mail(self._envelope_sender(mail), options)
        if code != _OK:
            _refused(f"{self._place} takes no mail from this sender", code, words)
        taken, refused, put_off = self._receivers(session, mail)
        if put_off and patient:
            session.rset()
            return Handover(taken=False, refused=refused, put_off=put_off)
        refused = (*refused, *put_off)
        if not taken:
            session.rset()
            return Handover(taken=False, refused=refused)
        if self._copy_to:
            # Refused or not: the customer's copy is what counts.
            session.rcpt(self._copy_to)
        self._data(session, content, mail.message_id)
        return Handover(refused=refused)

    def _receivers(
        self, session: smtplib.SMTP, mail: OutgoingMail
    ) -> tuple[int, tuple[RefusedAddress, ...], tuple[RefusedAddress, ...]]:
        """How many addresses were taken, which were refused, and which are put off."""
        taken = 0
        refused: list[RefusedAddress] = []
        put_off: list[RefusedAddress] = []
        for address in mail.recipients:
            code, words = session.rcpt(address)
            if code in _RECEIVER_OK:
                taken += 1
            elif code < _FOR_GOOD:
                put_off.append(_said_of(address, code, words))
            else:
                refused.append(_said_of(address, code, words))
        return taken, tuple(refused), tuple(put_off)

    def _data(self, session: smtplib.SMTP, content: bytes, message_id: str) -> None:
        """Send the message itself, and have its answer.

        Raises:
            MailUnknownError: The connection broke after the dot that ends it.
        """
        code, words = session.docmd("DATA")
        if code != _GO_ON:
            _refused(f"{self._place} does not take the mail", code, words)
        session.send(_LEADING_DOT.sub(b"..", content))
        try:
            session.send(_END)
            code, words = session.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnknownError(
                f"{self._place} did not say whether it took the mail", message_id=message_id
            ) from error
        if code != _OK:
            _refused(f"{self._place} refused the mail", code, words)

    def _envelope_sender(self, mail: OutgoingMail) -> str:
        if self._empty_sender and mail.purpose in _NO_ANSWER:
            return ""
        return self._bounce_address or parseaddr(mail.sender)[1]


def _by_token(session: smtplib.SMTP, login: Login) -> None:
    assert login.tokens is not None  # noqa: S101 - the caller looked
    token = login.tokens.get()
    try:
        session.auth("XOAUTH2", lambda challenge=None: _answer(login.user, token, challenge))
    except smtplib.SMTPAuthenticationError:
        login.tokens.forget()
        raise


def _answer(user: str, token: str, challenge: bytes | None) -> str:
    """The token at first; to the error that some servers then explain, an empty answer."""
    return xoauth2(user, token) if challenge is None else ""


def _said_of(address: str, code: int, words: bytes) -> RefusedAddress:
    text = _text(words)
    known = enhanced_code(text) or str(code)
    hard = code >= _FOR_GOOD and nobody_has(known if "." in known else str(code), text)
    return RefusedAddress(address=address, code=known, words=f"{code} {text}", hard=hard)


def _refused(what: str, code: int, words: bytes | str) -> NoReturn:
    """A refusal of the whole mail, or of the robot: for now or for good.

    Raises:
        MailTransientError: For now.
        MailError: For good.
    """
    text = f"{what}: {code} {_text(words)}"
    if code < _FOR_GOOD:
        raise MailTransientError(text)
    raise MailError(text)


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", errors="replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:_WORDS]


def _drop(session: smtplib.SMTP | None) -> None:
    if session is not None:
        with suppress(OSError, smtplib.SMTPException):
            session.close()
