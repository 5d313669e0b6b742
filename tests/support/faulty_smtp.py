"""A mail server that goes wrong in the way a test asks for, by aiosmtpd."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.mail_servers import Certificate, free_ports


@dataclass
class Faults:
    """What the server does wrong, and what it took."""

    #: Address to the reply to RCPT; `drop` cuts the connection there.
    receivers: dict[str, str] = field(default_factory=dict)
    #: Replies to MAIL in order; afterwards it is taken.
    senders: list[str] = field(default_factory=list)
    #: What becomes of the next messages: a reply, `drop` (taken, then the line is cut), `lose`
    #: (cut without taking it), `before` (cut at the command), `mute` (taken, no answer comes).
    data: list[str] = field(default_factory=list)
    #: Seconds before each answer to MAIL.
    slow: float = 0
    users: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    taken: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        await asyncio.sleep(self.slow)
        reply = self.senders.pop(0) if self.senders else ""
        if not reply:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        reply = self.receivers.get(address, "")
        if reply == "drop":
            _cut(server)
            return "421 gone"
        if not reply:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        fault = self.data.pop(0) if self.data else ""
        if fault in {"", "drop", "mute"}:
            self.taken.append(envelope)
        if fault == "mute":
            await asyncio.sleep(1)
        if fault in {"drop", "lose"}:
            _cut(server)
        return "250 taken" if fault in {"", "drop", "lose", "mute"} else fault


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        faults: Faults = self.event_handler
        if faults.data[:1] == ["before"]:
            faults.data.pop(0)
            _cut(self)
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def __init__(self, faults: Faults, certificate: Certificate | None, port: int) -> None:
        self._faults = faults
        self._certificate = certificate
        super().__init__(faults, hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        self._faults.connections += 1
        context = None
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate.chain, self._certificate.key)
        return _Server(
            self._faults,
            hostname="mail.example.test",
            tls_context=context,
            authenticator=self._authenticate if self._faults.users else None,
            auth_require_tls=context is not None,
            auth_exclude_mechanism=None if self._faults.users else ["PLAIN", "LOGIN"],
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        del server, session, envelope, mechanism
        right = (
            isinstance(data, LoginPassword)
            and self._faults.users.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=right, handled=False)


@dataclass(frozen=True)
class FaultyServer:
    port: int
    faults: Faults


@contextmanager
def faulty_smtp(
    faults: Faults | None = None, certificate: Certificate | None = None
) -> Iterator[FaultyServer]:
    """A server on a port of its own; without a certificate it offers no STARTTLS."""
    faults = faults or Faults()
    (port,) = free_ports(1)
    controller = _Controller(faults, certificate, port)
    controller.start()
    faults.connections = 0
    try:
        yield FaultyServer(port, faults)
    finally:
        controller.stop()


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()
